"""The figures of a plan, from its routes, its scenario and the travel times."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from statistics import fmean, pstdev

from routeplanner.domain.measures import ClassMeasures, DayMeasures, Measures, RepMeasures
from routeplanner.domain.plan import Route, Stop
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.visits import required_visits
from routeplanner.domain.workday import WorkDay, work_day, work_day_on
from routeplanner.planning.patterns import gaps
from routeplanner.planning.timetable import lateness
from routeplanner.travel.source import TravelMatrix

LONGER_TRAVEL = 1.2
"""How much longer travel takes in the test of how many days break."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A driven day in seconds and meters."""

    route: Route
    workday: WorkDay | None  # none on a day off, which only an edited plan drives
    in_store_s: int
    travel_s: float
    travel_km: float
    waiting_s: int
    work_s: int

    @property
    def available_s(self) -> int:
        return self.workday.available if self.workday is not None else 0

    @property
    def shift_s(self) -> int:
        """Working hours without lunch, office time included."""
        day = self.workday
        return day.end - day.start - day.lunch if day is not None else 0

    @property
    def back_s(self) -> int:
        """When the rep returns; seconds since midnight."""
        return next(stop.arrive for stop in self.route.stops if stop.kind == "end")

    @property
    def filled(self) -> float:
        return _share(self.work_s, self.available_s)


def measure(scenario: Scenario, routes: tuple[Route, ...], matrix: TravelMatrix) -> Measures:
    """Return all figures of the routes of one cycle.

    Parameters
    ----------
    scenario
        Stores with their required visits, reps with their working days.
    routes
        The driven days.
    matrix
        Travel times, for the ways to appointments and to see how many days break where travel
        takes 20 % longer.

    Notes
    -----
    A store's ideal gap is the cycle's calendar days divided by its visits, round the ring. Its most
    frequent weekdays are as many as it has visits a week, rounded up.
    """
    days = [day_figures(scenario, route, matrix) for route in routes]
    filled = [day.filled for day in days]
    visits = _visits_by_store(routes)
    off = _days_off_ideal_gap(scenario, visits)
    late = (lateness(scenario, matrix, route, LONGER_TRAVEL) for route in routes)
    return Measures(
        routes=len(routes),
        distinct_routes=len({(route.rep, route.template) for route in routes}),
        **_totals(days),
        in_store_share=_in_store_share(days),
        filled_mean=round(fmean(filled), 4) if filled else 0,
        filled_max=round(max(filled, default=0), 4),
        filled_min=round(min(filled, default=0), 4),
        work_spread_minutes=_minutes(pstdev(day.work_s for day in days)) if days else 0,
        by_class=_by_class(scenario, visits),
        by_rep=tuple(_by_rep(scenario, rep, days) for rep in scenario.reps),
        by_day=tuple(_day_measures(scenario, day) for day in days),
        days_off_ideal_gap_mean=round(fmean(off), 3) if off else 0,
        days_off_ideal_gap_max=round(max(off, default=0), 3),
        same_weekday_share=_same_weekday_share(scenario, visits),
        same_order_share=_same_order_share(routes),
        arrival_spread_minutes=_arrival_spread_minutes(visits),
        days_broken_at_120_percent_travel=sum(seconds > 0 for seconds in late),
    )


_Visits = dict[str, list[tuple[Route, Stop]]]


def _visits_by_store(routes: Iterable[Route]) -> _Visits:
    visits: _Visits = defaultdict(list)
    for route in routes:
        for stop in route.visits:
            visits[stop.store_id or ""].append((route, stop))
    return visits


def day_figures(scenario: Scenario, route: Route, matrix: TravelMatrix) -> DayFigures:
    """Return the figures of one driven day, of which all measures are made."""
    rep = next(rep for rep in scenario.reps if rep.id == route.rep)
    day, travel = scenario.cycle.day(route.day), partial(matrix.seconds, rep.mode)
    workday = work_day_on(scenario.policy, rep, day, scenario.appointments, travel)
    stops = route.stops
    left = next(stop.depart for stop in stops if stop.kind == "start")
    back = next(stop.arrive for stop in stops if stop.kind == "end")
    lunch = sum(stop.depart - stop.start for stop in stops if stop.kind == "lunch")
    if workday is not None:
        lunch = min(lunch, workday.lunch)
    return DayFigures(
        route=route,
        workday=workday,
        in_store_s=sum(stop.depart - stop.start for stop in route.visits),
        travel_s=sum(stop.travel_minutes for stop in stops) * 60,
        travel_km=sum(stop.travel_km for stop in stops),
        waiting_s=sum(stop.start - stop.arrive for stop in stops),
        work_s=back - left - lunch,
    )


def _totals(days: Sequence[DayFigures]) -> dict[str, float]:
    return {
        "in_store_minutes": _minutes(sum(day.in_store_s for day in days)),
        "travel_minutes": _minutes(sum(day.travel_s for day in days)),
        "travel_km": round(sum(day.travel_km for day in days), 3),
        "waiting_minutes": _minutes(sum(day.waiting_s for day in days)),
    }


def _in_store_share(days: Sequence[DayFigures]) -> float:
    return round(_share(sum(d.in_store_s for d in days), sum(d.shift_s for d in days)), 4)


def _day_measures(scenario: Scenario, day: DayFigures) -> DayMeasures:
    route = day.route
    class_of = {store.id: store.store_class or "" for store in scenario.stores}
    by_class = Counter(class_of.get(stop.store_id or "", "") for stop in route.visits)
    return DayMeasures(
        rep=route.rep,
        day=route.day,
        week=route.week,
        weekday=route.weekday,
        template=route.template,
        visits=len(route.visits),
        visits_by_class={label: by_class[label] for label in scenario.policy.classes.labels},
        **_totals([day]),
        work_minutes=_minutes(day.work_s),
        available_minutes=_minutes(day.available_s),
        filled=round(day.filled, 4),
        in_store_share=_in_store_share([day]),
    )


def _by_rep(scenario: Scenario, rep: Rep, days: Sequence[DayFigures]) -> RepMeasures:
    own = [day for day in days if day.route.rep == rep.id]
    workdays = [work_day(scenario.policy, rep, day.weekday) for day in scenario.cycle.days()]
    available = sum(day.available for day in workdays if day is not None)
    return RepMeasures(
        rep=rep.id,
        stores=len({stop.store_id for day in own for stop in day.route.visits}),
        routes=len(own),
        **_totals(own),
        available_minutes=_minutes(available),
        free_minutes=_minutes(available - sum(day.work_s for day in own)),
        in_store_share=_in_store_share(own),
    )


def _by_class(scenario: Scenario, visits: _Visits) -> dict[str, ClassMeasures]:
    rows = {label: [0] * 5 for label in scenario.policy.classes.labels}
    for store in scenario.stores:
        if not store.is_planned or store.store_class not in rows:
            continue
        required = required_visits(store, scenario.policy, scenario.cycle, scenario.reps)
        n = len(visits.get(store.id, ()))
        figures = (1, required, n, n >= required, n == 0)
        rows[store.store_class] = [
            total + figure for total, figure in zip(rows[store.store_class], figures, strict=True)
        ]
    return {
        label: ClassMeasures(
            stores=row[0],
            required=row[1],
            scheduled=row[2],
            stores_reached=row[3],
            stores_without_visit=row[4],
        )
        for label, row in rows.items()
    }


def _days_off_ideal_gap(scenario: Scenario, visits: _Visits) -> list[float]:
    """Per visit of a store with two or more: calendar days between its gap and the ideal one."""
    cycle, off = scenario.cycle, []
    for calls in visits.values():
        if len(calls) > 1:
            dates = [cycle.calendar_day(route.day) for route, _ in calls]
            ideal = cycle.n_calendar_days / len(dates)
            off += [abs(gap - ideal) for gap in gaps(dates, cycle.n_calendar_days)]
    return off


def _same_weekday_share(scenario: Scenario, visits: _Visits) -> float:
    """The share of visits on their store's most frequent weekdays; 1 where none is repeated."""
    kept = total = 0
    for calls in visits.values():
        if len(calls) > 1:
            per_week = -(-len(calls) // scenario.cycle.weeks)
            weekdays = Counter(route.weekday for route, _ in calls)
            kept += sum(n for _, n in weekdays.most_common(per_week))
            total += len(calls)
    return round(kept / total, 4) if total else 1.0


def _same_order_share(routes: Iterable[Route]) -> float:
    """The share of pairs of stores meeting on several days that always come in one order."""
    meetings: Counter[tuple[str, str, str]] = Counter()
    for route in routes:
        ids = list(dict.fromkeys(stop.store_id or "" for stop in route.visits))
        meetings.update((route.rep, before, after) for before, after in combinations(ids, 2))
    pairs = {(rep, *sorted(stores)) for rep, *stores in meetings}
    kept = total = 0
    for rep, first, second in pairs:
        n_there, n_back = meetings[rep, first, second], meetings[rep, second, first]
        if n_there + n_back > 1:
            total += 1
            kept += not (n_there and n_back)
    return round(kept / total, 4) if total else 1.0


def _arrival_spread_minutes(visits: _Visits) -> float:
    """The mean over stores with two or more visits of the arrival's standard deviation."""
    spreads = [pstdev(stop.arrive for _, stop in calls) for calls in visits.values() if calls[1:]]
    return _minutes(fmean(spreads)) if spreads else 0


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 2)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
