"""Puts the days of a plan to the test: longer travel, visits that take what they really took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.reserve import (
    DayOutcome,
    ReserveDay,
    ReserveReport,
    Strain,
    StrainTotal,
)
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.visits import service_s
from routeplanner.domain.workday import work_day_on
from routeplanner.planning.actual_minutes import actual_minutes, with_minutes
from routeplanner.planning.timetable import lateness, without_reserve, worst_lateness
from routeplanner.travel.source import TravelMatrix

LONGER_PERCENTS = (10.0, 20.0, 30.0)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A strain, and the scenario and travel factor that stand for it."""

    strain: Strain
    scenario: Scenario
    factor: float = 1.0
    longer_s: Mapping[str, int] = field(default_factory=dict)  # of a visit, by store

    def day_longer_s(self, route: Route) -> float:
        """Seconds that a day takes longer, before anything is left out."""
        travel = sum(60 * stop.travel_minutes for stop in route.stops)
        visits = sum(self.longer_s.get(stop.store_id or "", 0) for stop in route.visits)
        return (self.factor - 1) * travel + visits


def reserve_report(
    scenario: Scenario,
    plan: Plan,
    matrix: TravelMatrix,
    visits: Sequence[DrivenVisit] = (),
    percents: Iterable[float] = LONGER_PERCENTS,
) -> ReserveReport:
    """Return which days of a plan break, by how much, and what reserve would hold them all.

    Parameters
    ----------
    scenario, plan, matrix
        The plan with what it answers; its days are driven in their order, left at the best time.
    visits
        Visits that were made; with them one more strain is that visits take their real minutes.
    percents
        By how much all travel takes longer, one strain each.

    Notes
    -----
    The reserve is there to be used: a day breaks where it does not fit into the whole day, or comes
    to a store when that no longer lets in. The reserve that is needed is that of the day which
    grows most in proportion, r = 1 - work / longer work: a day of its kind, filled to 1 - r, just
    fits when it takes longer. Waiting that longer travel would take up is not counted on.
    """
    trials = [
        _Trial(Strain(kind="travel", percent=percent), scenario, 1 + percent / 100)
        for percent in percents
    ]
    actual = actual_minutes(scenario, visits)
    if visits:
        trials.append(_of_visits(scenario, actual.by_store))
    routes = [route for route in plan.routes if route.visits]
    days = tuple(_day(scenario, route, matrix, trials) for route in routes)
    return ReserveReport(
        reserve=scenario.policy.working_day.reserve,
        totals=tuple(
            _total(trial, routes, [day.outcomes[place] for day in days])
            for place, trial in enumerate(trials)
        ),
        days=days,
        classes=actual.classes if visits else (),
        unknown_stores=actual.unknown_stores,
    )


def _of_visits(scenario: Scenario, minutes: Mapping[str, float]) -> _Trial:
    real = with_minutes(scenario, minutes)
    longer = {
        store.id: service_s(now, scenario.policy) - service_s(store, scenario.policy)
        for store, now in zip(scenario.stores, real.stores, strict=True)
        if store.id in minutes
    }
    return _Trial(Strain(kind="visits"), real, longer_s=longer)


def _day(
    scenario: Scenario, route: Route, matrix: TravelMatrix, trials: Sequence[_Trial]
) -> ReserveDay:
    rep = next(rep for rep in scenario.reps if rep.id == route.rep)
    day, travel = scenario.cycle.day(route.day), partial(matrix.seconds, rep.mode)
    workday = work_day_on(scenario.policy, rep, day, scenario.appointments, travel)
    whole_s = 0 if workday is None else without_reserve(scenario.policy, rep, workday).available
    work_s = _work_s(route)
    return ReserveDay(
        rep=route.rep,
        week=route.week,
        weekday=route.weekday,
        work_minutes=round(work_s / 60, 2),
        room_minutes=round((whole_s - work_s) / 60, 2),
        outcomes=tuple(_outcome(route, matrix, trial) for trial in trials),
    )


def _outcome(route: Route, matrix: TravelMatrix, trial: _Trial) -> DayOutcome:
    late_s = worst_lateness(trial.scenario, matrix, route, trial.factor)
    return DayOutcome(
        longer_minutes=round(trial.day_longer_s(route) / 60, 2),
        late_minutes=round(late_s / 60, 2),
        left_out=_left_out(route, matrix, trial) if late_s else (),
    )


def _left_out(route: Route, matrix: TravelMatrix, trial: _Trial) -> tuple[str, ...]:
    """The stores without which a day holds: each time the one that helps most, late ones first.

    Of visits that help alike the last of the day is left out, as a rep does who runs late.
    """
    kept = route
    while kept.visits:
        shorter = {stop.position: _without(kept, stop.position) for stop in kept.visits}
        late = {
            position: lateness(trial.scenario, matrix, rest, trial.factor)
            for position, rest in shorter.items()
        }
        best = min(late, key=lambda position: (late[position], -(position or 0)))
        kept = shorter[best]
        if not late[best]:
            break
    here = {stop.position for stop in kept.visits}
    return tuple(stop.store_id or "" for stop in route.visits if stop.position not in here)


def _without(route: Route, position: int | None) -> Route:
    stops = tuple(stop for stop in route.stops if stop.kind != "visit" or stop.position != position)
    return route.model_copy(update={"stops": stops})


def _total(trial: _Trial, routes: Sequence[Route], outcomes: Sequence[DayOutcome]) -> StrainTotal:
    longer = [trial.day_longer_s(route) for route in routes]
    growth = [1 + more / _work_s(route) for route, more in zip(routes, longer, strict=True)]
    most = max(growth, default=1.0)
    return StrainTotal(
        strain=trial.strain,
        days_broken=sum(outcome.late_minutes > 0 for outcome in outcomes),
        late_minutes=round(sum(outcome.late_minutes for outcome in outcomes), 2),
        visits_left_out=sum(len(outcome.left_out) for outcome in outcomes),
        longer_minutes=round(sum(longer) / 60, 2),
        needed_reserve=round(1 - 1 / most, 4) if most > 1 else 0.0,
    )


def _work_s(route: Route) -> int:
    """Seconds from leaving to returning without lunch."""
    left = next(stop.depart for stop in route.stops if stop.kind == "start")
    back = next(stop.arrive for stop in route.stops if stop.kind == "end")
    return back - left - sum(s.depart - s.start for s in route.stops if s.kind == "lunch")
