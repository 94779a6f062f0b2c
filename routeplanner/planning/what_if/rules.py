"""The rules that have a price: how each is taken away, or brought in."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from routeplanner.domain.frequency import Frequency
from routeplanner.domain.prices import Rule, RuleCode, RuleKind
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.visits import frequency_of
from routeplanner.domain.what_if import Alternative, RepChange, RepKey, StoreFieldChange
from routeplanner.domain.workload import PolicyChange, PolicyValue
from routeplanner.errors import InputError
from routeplanner.planning.lever_steps import frequency_words, neighbor_frequencies, percent
from routeplanner.planning.what_if.changes import changed
from routeplanner.planning.what_if.narrow_hours import without_hours
from routeplanner.texts import counted, text

STRICT_SPACING = 1000
"""Score of a day off the ideal gap at which no travel is worth it."""

_WEEKLY = Frequency(visits=1)


def rules_of(scenario: Scenario, n_narrowest: int) -> tuple[Rule, ...]:
    """Return all rules of the list, with those that the scenario does not have.

    Parameters
    ----------
    n_narrowest
        Stores whose opening hours are priced one by one, the narrowest first.
    """
    found = [rule for make in _MAKERS for rule in make(scenario)]
    found += [
        Rule(code="opening_hours", name=name, kind="in_force", alternative=each)
        for name, each in without_hours(scenario, n_narrowest)
    ]
    if not any(rule.code == "opening_hours" for rule in found):
        found.append(_absent(scenario, "opening_hours"))
    return tuple(_possible(scenario, rule) for rule in found)


def chosen_rules(
    scenario: Scenario, n_narrowest: int, only: Sequence[RuleCode]
) -> tuple[Rule, ...]:
    """Return the rules of the list that are named; all where none is."""
    return tuple(rule for rule in rules_of(scenario, n_narrowest) if not only or rule.code in only)


def _possible(scenario: Scenario, rule: Rule) -> Rule:
    """The rule; without a price where the changed scenario cannot be planned."""
    if rule.alternative is None:
        return rule
    try:
        changed(scenario, rule.alternative)
    except InputError as error:
        why = error.issues[0].message
        return rule.model_copy(update={"kind": "not_in_force", "alternative": None, "why": why})
    return rule


def _reps(scenario: Scenario) -> Iterator[Rule]:
    name = text("prices.one_more_rep", scenario.language)
    yield _rule("reps", name, "introduced", Alternative(name=name, more_reps=1))


def _frequencies(scenario: Scenario) -> Iterator[Rule]:
    """Every class a step more and less often, and the least class weekly."""
    language, policy = scenario.language, scenario.policy
    used = {s.store_class for s in scenario.stores if s.is_planned and s.frequency is None}
    labels = [label for label in policy.classes.labels if label in used]
    for label in labels:
        others = neighbor_frequencies(scenario, label)
        is_weekly = policy.visit_rules[label].frequency == _WEEKLY
        if label == labels[-1] and not is_weekly and _WEEKLY not in others:
            others = (*others, _WEEKLY)
        for frequency in others:
            name = f"{label} {frequency_words(frequency, language)}"
            key = f"visit_rules.{label}.frequency"
            yield _rule("frequency", name, "introduced", _setting(name, {key: str(frequency)}))


def _stable_weekday(scenario: Scenario) -> Iterator[Rule]:
    """Visits on the same weekdays in every block of weeks, against any day of the cycle."""
    policy, language, weeks = scenario.policy, scenario.language, scenario.cycle.weeks
    name = text("prices.stable_weekday", language)
    if policy.calendar is not None:
        why = text("prices.calendar_gives_days", language)
        yield Rule(code="stable_weekday", name=name, kind="not_in_force", why=why)
        return
    rules = {
        f"visit_rules.{label}.frequency": str(_over(rule.frequency, weeks))
        for label, rule in policy.visit_rules.items()
    }
    stores = tuple(
        StoreFieldChange(store=s.id, key="frequency", value=str(_over(s.frequency, weeks)))
        for s in scenario.stores
        if s.frequency is not None
    )
    if all(_over(f, weeks) == f for f in _frequencies_in_use(scenario)):
        yield _absent(scenario, "stable_weekday")
        return
    alternative = _setting(name, rules).model_copy(update={"stores": stores})
    yield _rule("stable_weekday", name, "in_force", alternative)


def _spacing(scenario: Scenario) -> Iterator[Rule]:
    """Even spacing as it is priced now, and as even as can be."""
    language, weight = scenario.language, scenario.policy.objective.spacing
    has_choice = any(f.visits > 1 for f in _frequencies_in_use(scenario))
    if not has_choice or isinstance(scenario.policy.calendar, tuple):
        yield _absent(scenario, "spacing")
        return
    if weight:
        name = text("prices.spacing", language, weight=f"{weight:g}")
        yield _rule("spacing", name, "in_force", _setting(name, {"objective.spacing": 0}))
    name = text("prices.strict_spacing", language)
    strict = _setting(name, {"objective.spacing": STRICT_SPACING})
    yield _rule("spacing", name, "introduced", strict)


def _lunch(scenario: Scenario) -> Iterator[Rule]:
    yield _of_day(scenario, "lunch", ("lunch_minutes",))


def _office(scenario: Scenario) -> Iterator[Rule]:
    yield _of_day(scenario, "office", ("prepare_minutes", "summary_minutes"))


def _of_day(scenario: Scenario, code: RuleCode, keys: Sequence[RepKey]) -> Rule:
    """Minutes that come off every day, of the policy or of reps who state their own."""
    day = scenario.policy.working_day
    totals = {
        sum(_own(getattr(rep, key), getattr(day, key)) for key in keys) for rep in scenario.reps
    }
    if totals == {0}:
        return _absent(scenario, code)
    shown = "–".join(f"{n:g}" for n in sorted({min(totals), max(totals)}))
    name = text(f"prices.{code}", scenario.language, minutes=shown)
    setting = _setting(name, {f"working_day.{key}": 0 for key in keys})
    reps = tuple(RepChange(key=key) for key in keys)
    return _rule(code, name, "in_force", setting.model_copy(update={"reps": reps}))


def _in_store_limit(scenario: Scenario) -> Iterator[Rule]:
    limit = scenario.policy.working_day.in_store_limit
    if limit is None:
        yield _absent(scenario, "in_store_limit")
        return
    share = percent(limit, scenario.language)
    name = text("prices.in_store_limit", scenario.language, percent=share)
    setting = _setting(name, {"working_day.in_store_limit": None})
    yield _rule("in_store_limit", name, "in_force", setting)


def _pinned_days(scenario: Scenario) -> Iterator[Rule]:
    n = sum(bool(store.pinned_days) for store in scenario.stores if store.is_planned)
    if not n:
        yield _absent(scenario, "pinned_days")
        return
    name = counted("prices.pinned_days", n, scenario.language)
    free = Alternative(name=name, stores=(StoreFieldChange(key="pinned_days"),))
    yield _rule("pinned_days", name, "in_force", free)


def _longest_day(scenario: Scenario) -> Iterator[Rule]:
    stated = [scenario.policy.working_day.max_work_minutes]
    stated += [rep.max_work_minutes for rep in scenario.reps]
    if any(stated):
        name = text("prices.longest_day", scenario.language)
        setting = _setting(name, {"working_day.max_work_minutes": None})
        reps = (RepChange(key="max_work_minutes"),)
        yield _rule("longest_day", name, "in_force", setting.model_copy(update={"reps": reps}))


def _largest_gap(scenario: Scenario) -> Iterator[Rule]:
    rules = scenario.policy.visit_rules
    keys = [label for label, rule in rules.items() if rule.largest_gap_days is not None]
    if keys:
        name = text("prices.largest_gap", scenario.language)
        none = {f"visit_rules.{label}.largest_gap_days": None for label in keys}
        yield _rule("largest_gap", name, "in_force", _setting(name, none))


def _calendar(scenario: Scenario) -> Iterator[Rule]:
    if scenario.policy.calendar is not None:
        name = text("prices.calendar", scenario.language)
        yield _rule("calendar", name, "in_force", _setting(name, {"calendar": None}))


_MAKERS: tuple[Callable[[Scenario], Iterator[Rule]], ...] = (
    _reps,
    _frequencies,
    _stable_weekday,
    _spacing,
    _lunch,
    _in_store_limit,
    _office,
    _pinned_days,
    _longest_day,
    _largest_gap,
    _calendar,
)


def _rule(code: RuleCode, name: str, kind: RuleKind, alternative: Alternative) -> Rule:
    return Rule(code=code, name=name, kind=kind, alternative=alternative)


def _absent(scenario: Scenario, code: RuleCode) -> Rule:
    """A rule that the scenario does not have, or that nothing hangs on."""
    name = text(f"prices.no_{code}", scenario.language)
    return Rule(code=code, name=name, kind="not_in_force")


def _setting(name: str, keys: Mapping[str, PolicyValue]) -> Alternative:
    changes = tuple(PolicyChange(key=key, value=value) for key, value in keys.items())
    return Alternative(name=name, policy=changes)


def _over(frequency: Frequency, weeks: int) -> Frequency:
    """As many visits, counted over the whole cycle."""
    if frequency.is_daily or weeks % frequency.weeks:
        return frequency
    return Frequency(visits=frequency.visits * (weeks // frequency.weeks), weeks=weeks)


def _frequencies_in_use(scenario: Scenario) -> set[Frequency]:
    found = {frequency_of(s, scenario.policy) for s in scenario.stores if s.is_planned}
    return {frequency for frequency in found if not frequency.is_daily}


def _own(value: float | None, shared: float) -> float:
    return shared if value is None else value
