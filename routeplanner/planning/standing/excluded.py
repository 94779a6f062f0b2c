"""Which rule keeps a store off a day: every working day that no choice of days holds, by reason."""

from collections import defaultdict
from collections.abc import Iterator

from routeplanner.domain.day_words import days_text
from routeplanner.domain.explained import ExcludedDays
from routeplanner.domain.rep import Rep
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of, frequency_of
from routeplanner.planning.choices import StoreChoices
from routeplanner.planning.lever_steps import frequency_words
from routeplanner.planning.standing.standing import Standing
from routeplanner.texts import text


def excluded_days(standing: Standing, store_id: str) -> tuple[ExcludedDays, ...]:
    """Return the days on which a store cannot be visited, by rule and reps, in words.

    Days that are excluded for all reps alike come first; others name the reps whom they are about.
    """
    reps, rules = standing.scenario.reps, _Rules(standing, store_id)
    reps_of: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, rep in enumerate(reps):
        for day, code in rules.of_rep(rep):
            reps_of[code, day].append(place)
    days_of: dict[tuple[str, tuple[int, ...]], list[int]] = defaultdict(list)
    for (code, day), places in reps_of.items():
        days_of[code, tuple(places)].append(day)
    rows = sorted(days_of.items(), key=lambda row: (-len(row[0][1]), row[0][1], min(row[1])))
    return tuple(
        _told(standing, store_id, tuple(reps[i].id for i in places), code, sorted(days))
        for (code, places), days in rows
    )


class _Rules:
    """The rules of one store under one plan."""

    def __init__(self, standing: Standing, store_id: str) -> None:
        self.standing, self.encoding = standing, standing.encoding
        self.store: Store = standing.stores[store_id]
        self.found: StoreChoices = standing.choices_of(store_id)
        self.used = {slot for choice in self.found.choices for slot, _, _ in choice.entries}

    def of_rep(self, rep: Rep) -> Iterator[tuple[int, str]]:
        """Each working day of the cycle on which the rep cannot visit the store, with the rule."""
        slot_of = {
            day.day: slot
            for slot, key in enumerate(self.encoding.keys)
            if key.rep.id == rep.id
            for day in key.days
        }
        for day in range(self.standing.scenario.cycle.n_days):
            if self.store.rep not in (None, rep.id):
                yield day, "OTHER_REP"
            elif day not in slot_of:
                yield day, "DAY_OFF"
            elif slot_of[day] not in self.used:
                slot = slot_of[day]
                yield day, self.found.closed_slots.get(slot) or self._never_chosen(slot)

    def _never_chosen(self, slot: int) -> str:
        """Why no choice of days holds a slot on which the store could be visited."""
        if self.store.pinned_days:
            return "PINNED_DAYS"
        if self.encoding.calendar is not None:
            code = None if self._adds_up(slot) else "ROUTES_DO_NOT_ADD_UP"
        else:
            code = None if self._is_repeated(slot) else "NOT_REPEATED"
        if code is not None:
            return code
        rule = self.standing.scenario.policy.visit_rules[class_of(self.store)]
        return "LESS_EVEN" if rule.largest_gap_days is None else "GAP_TOO_LARGE"

    def _adds_up(self, slot: int) -> bool:
        """Whether the slot and others of the rep make as many visits as the store can have."""
        keys, target = self.encoding.keys, max((c.weight for c in self.found.choices), default=0)
        sums = {keys[slot].weight}
        for other, key in enumerate(keys):
            if other != slot and key.rep == keys[slot].rep and other not in self.found.closed_slots:
                sums |= {n + key.weight for n in sums}
        return target in sums

    def _is_repeated(self, slot: int) -> bool:
        """Whether the store can be visited on that day of every block of its frequency."""
        frequency = frequency_of(self.store, self.standing.scenario.policy)
        cycle, key = self.standing.scenario.cycle, self.encoding.keys[slot]
        block = len(cycle.workdays) * (1 if frequency.is_daily else frequency.weeks)
        open_days = {
            day.day
            for other, k in enumerate(self.encoding.keys)
            if k.rep == key.rep and other not in self.found.closed_slots
            for day in k.days
        }
        return set(range(key.days[0].day % block, cycle.n_days, block)) <= open_days


def _told(
    standing: Standing, store_id: str, reps: tuple[str, ...], code: str, days: list[int]
) -> ExcludedDays:
    scenario, store = standing.scenario, standing.stores[store_id]
    rule = scenario.policy.visit_rules[class_of(store)]
    named = text("hours.and", scenario.language).join(reps)
    when = days_text(map(scenario.cycle.day, days), scenario.cycle, scenario.language)
    message = text(
        f"explain.excluded_{code}",
        scenario.language,
        reps=named,
        days=when if len(reps) == len(scenario.reps) else f"{named} · {when}",
        own=store.rep or "",
        label=class_of(store),
        gap=rule.largest_gap_days or "",
        frequency=frequency_words(frequency_of(store, scenario.policy), scenario.language),
    )
    return ExcludedDays(code=code, message=message, reps=reps, days=tuple(days))
