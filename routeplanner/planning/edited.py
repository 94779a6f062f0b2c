"""A plan from the rows of a routes.csv that a planner has edited: order in, times recomputed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routeplanner import __version__
from routeplanner.domain.edited import NewTime, RouteRow
from routeplanner.domain.plan import Plan, Provenance, Route, Unserved
from routeplanner.domain.policy import CalendarRows
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.violation import Violation
from routeplanner.domain.visits import required_visits, service_s
from routeplanner.planning.checker import check_plan
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.edited_labels import edited_labels
from routeplanner.planning.edited_rows import DayRows, rows_by_day
from routeplanner.planning.measures import measure
from routeplanner.planning.timetable import time_day
from routeplanner.travel.source import TravelMatrix

TIMES_DIFFER_S = 60
"""A stated arrival that is further from the recomputed one is reported."""


@dataclass(frozen=True, slots=True)
class EditedPlan:
    """What edited rows make: a plan, what is wrong with the rows, and times that have changed."""

    plan: Plan
    faults: tuple[Violation, ...]  # of rows; the plan itself is left to check_plan
    new_times: tuple[NewTime, ...]  # what an edit brings with it, no fault


def plan_from_rows(
    scenario: Scenario,
    rows: Sequence[RouteRow],
    matrix: TravelMatrix,
    earlier: Plan | None = None,
) -> EditedPlan:
    """Return the plan that edited rows describe.

    Parameters
    ----------
    scenario, matrix
        What the plan should answer, and its travel times.
    rows
        Rep, week, weekday, store and position are the plan; stated arrivals are compared.
    earlier
        The plan that was edited, where it is known: stores that fell short there and still do stay
        listed, its route calendar holds, so does its start date where the scenario has none, and
        the version is the next one.

    Returns
    -------
    EditedPlan
        The plan, every day timed on its own hours; faults of rows that can stand in no plan
        (unknown or closed stores, unknown reps or days) and of positions that are there twice;
        arrivals more than a minute from those of the file.
    """
    facts = Facts(scenario, matrix)
    days, faults = rows_by_day(facts, rows)
    _add_appointment_days(facts, days)
    for (rep_id, day), visits in days.items():
        faults += _repeated_positions(facts, rep_id, day, visits)
        visits.sort(key=lambda row: (row.position, row.row))
    labels = edited_labels(scenario, days, _calendar(scenario, earlier))
    routes: list[Route] = []
    new_times: list[NewTime] = []
    for key, visits in sorted(days.items(), key=lambda item: _rep_order(facts, item[0])):
        rep, day = facts.reps[key[0]], key[1]
        store_ids = [row.store_id for row in visits]
        route, _ = time_day(scenario, matrix, rep, day, labels[key], store_ids)
        new_times += _differing_times(route, visits)
        routes.append(route)
    plan = _assemble(scenario, tuple(routes), matrix, earlier)
    return EditedPlan(plan, tuple(faults), tuple(new_times))


def check_edited(
    scenario: Scenario, edited: EditedPlan, matrix: TravelMatrix
) -> tuple[Violation, ...]:
    """Return what is wrong with edited rows and with the plan that they make.

    Where many rows name unknown ids, the visits that are missing for it are not told again.
    """
    found = check_plan(scenario, edited.plan, matrix)
    unknown = {Code.UNKNOWN_STORE, Code.UNKNOWN_REP}
    if any(v.code in unknown and v.rep is None and v.store_id is None for v in edited.faults):
        found = tuple(v for v in found if v.code != Code.FREQUENCY_SHORT)
    return (*edited.faults, *found)


def _add_appointment_days(facts: Facts, days: DayRows) -> None:
    """A day with an appointment alone stands in no row, but is driven."""
    for rep in facts.scenario.reps:
        for day in facts.scenario.cycle.days():
            works = facts.shift(rep.id, day.weekday) is not None
            if works and facts.appointments_on(rep.id, day):
                days.setdefault((rep.id, day.day), [])


def _rep_order(facts: Facts, key: tuple[str, int]) -> tuple[int, int]:
    return list(facts.reps).index(key[0]), key[1]


def _calendar(scenario: Scenario, earlier: Plan | None) -> CalendarRows | None:
    if scenario.policy.calendar == "auto":
        return earlier.calendar if earlier is not None else None
    return scenario.policy.calendar


def _repeated_positions(
    facts: Facts, rep_id: str, day: int, visits: Sequence[RouteRow]
) -> Iterator[Violation]:
    positions = Counter(row.position for row in visits)
    if any(n > 1 for n in positions.values()):
        stated = ", ".join(f"{row.position:g}" for row in visits)
        yield facts.broken(Code.ORDER_WRONG, "row", rep=rep_id, day=day, stated=stated)


def _differing_times(route: Route, visits: Sequence[RouteRow]) -> Iterator[NewTime]:
    for row, stop in zip(visits, route.visits, strict=True):
        if row.arrive is not None and abs(row.arrive - stop.arrive) > TIMES_DIFFER_S:
            yield NewTime(
                row=row.row, store_id=row.store_id, stated=row.arrive, computed=stop.arrive
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
        start_date=scenario.start_date or (earlier.start_date if earlier else None),
        calendar=_calendar(scenario, earlier),
        routes=routes,
        unserved=tuple(_still_short(scenario, earlier, required, visits)),
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
    scenario: Scenario,
    earlier: Plan | None,
    required: dict[str, int],
    visits: Counter[str | None],
) -> Iterator[Unserved]:
    stores = {store.id: store for store in scenario.stores}
    for row in earlier.unserved if earlier is not None else ():
        due, n = required.get(row.store_id, 0), visits[row.store_id]
        # A store that lost a further visit to the edit is no longer as listed.
        if row.served <= n < due:
            store = stores[row.store_id]
            minutes = (due - n) * service_s(store, scenario.policy) / 60
            changes = {"required": due, "served": n, "missing_minutes": minutes}
            yield row.model_copy(update=changes | {"store_class": store.store_class or ""})
