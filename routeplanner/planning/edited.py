"""A plan from the rows of a routes.csv that a planner has edited: order in, times recomputed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routeplanner import __version__
from routeplanner.domain.edited import RouteRow
from routeplanner.domain.hours import format_clock
from routeplanner.domain.plan import Plan, Provenance, Route, Unserved
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.domain.visits import required_visits
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.measures import measure
from routeplanner.planning.timetable import time_day
from routeplanner.travel.source import TravelMatrix

TIMES_DIFFER_S = 60
"""A stated arrival that is further from the recomputed one is reported."""

_Days = dict[tuple[str, int], list[RouteRow]]


def plan_from_rows(
    scenario: Scenario,
    rows: Sequence[RouteRow],
    matrix: TravelMatrix,
    earlier: Plan | None = None,
) -> tuple[Plan, tuple[Violation, ...]]:
    """Return the plan that edited rows describe, and what is wrong with the rows themselves.

    Parameters
    ----------
    scenario, matrix
        What the plan should answer, and its travel times.
    rows
        Rep, week, weekday, store and position are the plan; stated arrivals are compared.
    earlier
        The plan that was edited, where it is known: stores that fell short there and still do stay
        listed, and its route calendar holds.

    Returns
    -------
    tuple
        The plan, every day timed on its own hours, and violations of rows that can stand in no
        plan (unknown or closed stores, unknown reps or days), of positions that are there twice,
        and of stated times. The plan itself is left to `check_plan`.
    """
    facts = Facts(scenario, matrix)
    days, violations = _sort_into_days(facts, rows)
    _add_appointment_days(facts, days)
    labels = _Labels.of(scenario, earlier)
    routes = []
    for (rep_id, day), visits in sorted(days.items(), key=lambda item: _rep_order(facts, item[0])):
        violations += _repeated_positions(facts, rep_id, day, visits)
        visits.sort(key=lambda row: (row.position, row.row))
        store_ids = [row.store_id for row in visits]
        label = labels.label(day, rep_id, visits)
        route, _ = time_day(scenario, matrix, facts.reps[rep_id], day, label, store_ids)
        violations += _differing_times(facts, route, visits)
        routes.append(route)
    plan = _assemble(scenario, tuple(routes), matrix, earlier)
    return plan, tuple(violations)


def _sort_into_days(facts: Facts, rows: Sequence[RouteRow]) -> tuple[_Days, list[Violation]]:
    cycle = facts.scenario.cycle
    days: _Days = defaultdict(list)
    violations = []
    for row in rows:
        if row.rep not in facts.reps:
            code = Code.UNKNOWN_REP
        elif not 1 <= row.week <= cycle.weeks:
            code = Code.DAY_WRONG
        elif row.weekday not in cycle.workdays:
            code = Code.NOT_A_WORKDAY
        elif row.store_id not in facts.stores:
            code = Code.UNKNOWN_STORE
        elif not facts.stores[row.store_id].is_planned:
            code = Code.CLOSED_STORE_VISITED
        else:
            days[row.rep, cycle.index(row.week, row.weekday)].append(row)
            continue
        violations.append(_broken_row(facts, code, row))
    return days, violations


def _broken_row(facts: Facts, code: Code, row: RouteRow) -> Violation:
    day = f"w{row.week}-{row.weekday}"
    return facts.broken(code, "row", rep=row.rep, store_id=row.store_id, row=row.row, stated=day)


def _add_appointment_days(facts: Facts, days: _Days) -> None:
    """A day with an appointment alone stands in no row, but is driven."""
    for rep in facts.scenario.reps:
        for day in facts.scenario.cycle.days():
            works = facts.shift(rep.id, day.weekday) is not None
            if works and facts.appointments_on(rep.id, day):
                days.setdefault((rep.id, day.day), [])


def _rep_order(facts: Facts, key: tuple[str, int]) -> tuple[int, int]:
    return list(facts.reps).index(key[0]), key[1]


@dataclass(frozen=True, slots=True)
class _Labels:
    """Names of routes: the calendar's, else as stated, else equal routes share one."""

    calendar: tuple[tuple[str, ...], ...] | None
    given: dict[tuple[str, ...], str]

    @classmethod
    def of(cls, scenario: Scenario, earlier: Plan | None) -> "_Labels":
        return cls(_calendar(scenario, earlier), {})

    def label(self, day: int, rep_id: str, visits: Sequence[RouteRow]) -> str:
        if self.calendar is not None:
            labels = [label for row in self.calendar for label in row]
            return labels[day % len(labels)]
        stated = {row.template for row in visits}
        if len(stated) == 1 and "" not in stated:
            return stated.pop()
        route = (rep_id, *(row.store_id for row in visits))
        return self.given.setdefault(route, f"T{len(self.given) + 1}")


def _calendar(scenario: Scenario, earlier: Plan | None) -> tuple[tuple[str, ...], ...] | None:
    if isinstance(scenario.policy.calendar, tuple):
        return scenario.policy.calendar
    return earlier.calendar if earlier is not None else None


def _repeated_positions(
    facts: Facts, rep_id: str, day: int, visits: Sequence[RouteRow]
) -> Iterator[Violation]:
    positions = Counter(row.position for row in visits)
    if any(n > 1 for n in positions.values()):
        stated = ", ".join(f"{row.position:g}" for row in visits)
        yield facts.broken(Code.ORDER_WRONG, "row", rep=rep_id, day=day, stated=stated)


def _differing_times(facts: Facts, route: Route, visits: Sequence[RouteRow]) -> Iterator[Violation]:
    for row, stop in zip(visits, route.visits, strict=True):
        if row.arrive is not None and abs(row.arrive - stop.arrive) > TIMES_DIFFER_S:
            yield facts.broken(
                Code.TIMES_DIFFER,
                route=route,
                store_id=row.store_id,
                stated=format_clock(row.arrive),
                due=format_clock(stop.arrive),
            )


def _assemble(
    scenario: Scenario, routes: tuple[Route, ...], matrix: TravelMatrix, earlier: Plan | None
) -> Plan:
    visits = Counter(stop.store_id for route in routes for stop in route.visits)
    required = {
        store.id: required_visits(store, scenario.policy, scenario.cycle, scenario.reps)
        for store in scenario.stores
        if store.is_planned
    }
    return Plan(
        id="edited" if earlier is None else earlier.id,
        version=1 if earlier is None else earlier.version + 1,
        cycle=scenario.cycle,
        start_date=scenario.start_date,
        calendar=_calendar(scenario, earlier),
        routes=routes,
        unserved=tuple(_still_short(earlier, required, visits)),
        required_visits=sum(required.values()),
        scheduled_visits=visits.total(),
        measures=measure(scenario, routes, matrix),
        provenance=Provenance(
            scenario_hash=scenario.content_hash(),
            matrix_hash=matrix.content_hash(),
            travel_source=matrix.source,
            method="edited",
            seed=0,
            iterations=0,
            version=__version__,
        ),
    )


def _still_short(
    earlier: Plan | None, required: dict[str, int], visits: Counter[str | None]
) -> Iterator[Unserved]:
    for row in earlier.unserved if earlier is not None else ():
        due, n = required.get(row.store_id, 0), visits[row.store_id]
        # A store that lost a further visit to the edit is no longer as listed.
        if row.served <= n < due:
            yield row.model_copy(update={"required": due, "served": n})
