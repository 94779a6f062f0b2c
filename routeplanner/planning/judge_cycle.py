"""Finds the length of the cycle and judges every frequency and fixed day against it."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import lcm

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.policy import MAX_CYCLE_WEEKS, Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.visits import class_of, frequency_of, required_visits, visit_intervals
from routeplanner.planning.judge_stores import Judged, exceeds


def judge_cycle(
    rows: Sequence[Judged], reps: Sequence[Rep], draft: Draft, findings: Findings
) -> Cycle | None:
    """Return the cycle of classified stores; none where frequencies cannot repeat together."""
    policy = draft.policy
    planned = [row for row in rows if row.store.is_planned]
    weeks = given_weeks(policy)
    if weeks is None:
        weeks = _common_weeks(planned, draft, findings)
    else:
        _judge_division(planned, weeks, draft, findings)
    if weeks is None:
        return None
    cycle = Cycle(weeks=weeks, workdays=policy.workdays)
    for row in planned:
        _judge_days(row, policy, cycle, findings)
    if isinstance(policy.calendar, tuple):
        _judge_calendar(planned, reps, cycle, draft, findings)
    return cycle


def judge_faulty(rows: Sequence[Judged], draft: Draft, findings: Findings) -> None:
    """Judges what rows with other faults want against the cycle, where the policy states it."""
    weeks = given_weeks(draft.policy)
    if weeks is None or not draft.is_policy_sound:
        return
    _judge_division([row for row in rows if row.store.frequency], weeks, draft, findings)
    for row in rows:
        _judge_pins(row, weeks, findings)


def given_weeks(policy: Policy) -> int | None:
    """Return the weeks of the cycle that the policy states, by itself or by its calendar."""
    if policy.cycle_weeks is None and isinstance(policy.calendar, tuple):
        return len(policy.calendar)
    return policy.cycle_weeks


def rule_origin(draft: Draft, label: str, key: str = "frequency") -> tuple[Origin, str]:
    """Return where a class rule stands: `policy.toml:visit_rules.A.frequency`."""
    return Origin(draft.policy_origin.file), f"visit_rules.{label}.{key}"


def judge_rules(draft: Draft, findings: Findings) -> None:
    """Notes class rules that no week can hold, whatever the stores are."""
    policy = draft.policy
    for label, rule in policy.visit_rules.items():
        if exceeds(rule.frequency, len(policy.workdays)):
            origin, key = rule_origin(draft, label)
            findings.error(
                "FREQUENCY_EXCEEDS_WORKDAYS",
                origin,
                key,
                value=rule.frequency,
                frequency=rule.frequency,
                n_workdays=len(policy.workdays),
            )
        least = _least_largest_gap(rule.frequency, policy)
        if rule.largest_gap_days is not None and rule.largest_gap_days < least:
            origin, key = rule_origin(draft, label, "largest_gap_days")
            findings.error(
                "LARGEST_GAP_TOO_SMALL",
                origin,
                key,
                value=rule.largest_gap_days,
                frequency=rule.frequency,
                least=least,
            )


def _least_largest_gap(frequency: Frequency, policy: Policy) -> int:
    """Calendar days that some gap must have: visits spread evenly, never on days off."""
    days = [WEEKDAYS.index(day) for day in policy.workdays]
    over_days_off = max((b - a) % 7 or 7 for a, b in zip(days, [*days[1:], days[0]], strict=True))
    if frequency.is_daily:
        return over_days_off
    return -(-7 * frequency.weeks // frequency.visits)


def _common_weeks(planned: Sequence[Judged], draft: Draft, findings: Findings) -> int | None:
    """The least common multiple of all weeks in use; each frequency that breaks it is noted.

    The frequencies that most stores want stand; of the rest those are told that do not fit them.
    """
    policy = draft.policy
    n_stores = Counter(frequency_of(row.store, policy) for row in planned)
    weeks, kept = 1, list[Frequency]()
    clashing: dict[Frequency, int] = {}
    for frequency, _ in sorted(n_stores.items(), key=lambda item: (-item[1], str(item[0]))):
        together = lcm(weeks, frequency.weeks)
        if together > MAX_CYCLE_WEEKS:
            clashing[frequency] = together
        else:
            weeks = together
            kept.append(frequency)
    others = ", ".join(str(f) for f in kept if f.weeks > 1) or ", ".join(map(str, kept)) or "1/week"
    told: set[str] = set()
    for row in planned:
        frequency = frequency_of(row.store, policy)
        if frequency not in clashing:
            continue
        place = _place_of_frequency(row, draft)
        if place[0] is row.origin or place[1] not in told:
            told.add(place[1])
            findings.error(
                "CYCLE_TOO_LONG",
                *place,
                value=frequency,
                frequency=frequency,
                others=others,
                weeks=clashing[frequency],
                limit=MAX_CYCLE_WEEKS,
            )
    return None if clashing else weeks


def _place_of_frequency(row: Judged, draft: Draft) -> tuple[Origin, str]:
    if row.store.frequency is not None:
        return row.origin, "frequency"
    return rule_origin(draft, class_of(row.store))


def _judge_division(
    planned: Sequence[Judged], weeks: int, draft: Draft, findings: Findings
) -> None:
    told: set[str] = set()
    for row in planned:
        frequency = frequency_of(row.store, draft.policy)
        if weeks % frequency.weeks == 0:
            continue
        origin, key = _place_of_frequency(row, draft)
        if origin is row.origin or key not in told:
            told.add(key)
            findings.error(
                "FREQUENCY_NOT_IN_CYCLE",
                origin,
                key,
                value=frequency,
                frequency=frequency,
                weeks=weeks,
            )


def _judge_days(row: Judged, policy: Policy, cycle: Cycle, findings: Findings) -> None:
    """Notes fixed days outside the cycle or on closed days, and stores closed too often."""
    store, origin = row.store, row.origin
    _judge_pins(row, cycle.weeks, findings)
    has_hours = store.opening_hours or store.visit_hours or store.avoid_hours
    if not (has_hours or store.closed_days):
        return
    open_days = [day for day in cycle.workdays if visit_intervals(store, day)]
    column = "opening_hours" if store.opening_hours else "closed_days"
    if not open_days:
        findings.warn("CLOSED_EVERY_DAY", origin, column, id=store.id)
        return
    for pin in store.pinned_days:
        if pin.weekday in cycle.workdays and pin.weekday not in open_days:
            findings.warn(
                "PINNED_ON_CLOSED_DAY", origin, "pinned_days", day=pin.weekday, id=store.id
            )
    frequency = frequency_of(store, policy)
    if not frequency.is_daily and frequency.visits > len(open_days) * frequency.weeks:
        findings.warn(
            "FREQUENCY_EXCEEDS_OPEN_DAYS",
            origin,
            column,
            frequency=frequency,
            id=store.id,
            n_days=len(open_days),
        )


def _judge_pins(row: Judged, weeks: int, findings: Findings) -> None:
    for pin in row.store.pinned_days:
        if pin.week is not None and pin.week > weeks:
            findings.error(
                "PINNED_WEEK_OUTSIDE_CYCLE",
                row.origin,
                "pinned_days",
                day=f"w{pin.week}-{pin.weekday}",
                week=pin.week,
                weeks=weeks,
            )


def _judge_calendar(
    planned: Sequence[Judged],
    reps: Sequence[Rep],
    cycle: Cycle,
    draft: Draft,
    findings: Findings,
) -> None:
    """Notes frequencies that no choice of the routes open to a class adds up to."""
    policy = draft.policy
    weights = Counter(label for week in policy.calendar or () for label in week)
    told: set[str] = set()
    for row in planned:
        label, frequency = class_of(row.store), frequency_of(row.store, policy)
        if cycle.weeks % frequency.weeks:
            continue  # noted already
        wanted = required_visits(row.store, policy, cycle, tuple(reps))
        routes = {
            name: weight
            for name, weight in weights.items()
            if name not in policy.routes
            or not policy.routes[name].classes
            or label in policy.routes[name].classes
        }
        if wanted in _sums(tuple(sorted(routes.values()))) or not wanted:
            continue
        origin, key = _place_of_frequency(row, draft)
        if origin is row.origin or key not in told:
            told.add(key)
            findings.error(
                "FREQUENCY_NOT_IN_CALENDAR",
                origin,
                key,
                value=frequency,
                frequency=frequency,
                visits=wanted,
                weeks=cycle.weeks,
                label=label,
                routes=", ".join(f"{name} × {weight}" for name, weight in routes.items()) or "–",
            )


@lru_cache(maxsize=1024)
def _sums(weights: tuple[int, ...]) -> frozenset[int]:
    sums = {0}
    for weight in weights:
        sums |= {total + weight for total in sums}
    return frozenset(sums)
