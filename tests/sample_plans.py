"""A hand-built territory for tests: `sample_scenario()` and `sample_plan(scenario)`.

Rep R01 has ten stores on the handbook's calendar (A on T1, B on T2, C on T3 or T4), R02 five, if
asked for. One C store is not scheduled, one store is closed for good, Monday has an appointment,
Tuesday a late lunch; two stores share a site, one carries an unknown column, and one name begins
with an equals sign. Figures are summed from the stops, so totals agree with the days.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import asin, cos, radians, sin, sqrt
from statistics import mean, pstdev
from typing import Any

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import WEEKDAYS, Weekday, WeeklyHours
from routeplanner.domain.measures import ClassMeasures, DayMeasures, Measures, RepMeasures
from routeplanner.domain.plan import Plan, Provenance, Route, Stop, Unserved
from routeplanner.domain.policy import Policy, RouteTemplate, VisitRule, WorkingDay
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import PinnedDay, Store
from routeplanner.domain.visits import required_visits, service_s
from routeplanner.domain.workday import work_day
from routeplanner.errors import Issue, Severity

WORKDAYS: tuple[Weekday, ...] = WEEKDAYS[:6]
CALENDAR = (("T1", "T2", "T1", "T2", "T1", "T3"), ("T1", "T2", "T1", "T2", "T1", "T4"))
SERVED = {
    "T1": ("S01", "S02"),
    "T2": ("S03", "S04", "S05"),
    "T3": ("S06", "S07"),
    "T4": ("S08", "S09"),
}
SERVED_R02 = {"T1": ("S11",), "T2": ("S12", "S13"), "T3": ("S14",), "T4": ("S15",)}
UNSERVED_ID = "S10"
CLOSED_ID = "S16"
INJECTED_NAME = '=HYPERLINK("http://bad.example","Kiosk")'

_NAMES_EN = ("Phone House", "Central Mall", "Station Kiosk", "Park Corner", "River Mobile")
_NAMES_ZH = ("城西手机城", "中心商场旗舰店", "车站通讯", "公园路口店", "江畔数码")
_CENTER = (30.2741, 120.1551)
_SALES = (900, 700, 300, 280, 250, 90, 80, 70, 60, 50, 400, 200, 150, 60, 40, 20)


def sample_policy() -> Policy:
    """The handbook's example: A 3/week, B 2/week, C 1/2weeks on a calendar of four routes."""
    return Policy(
        name="handbook-example",
        visit_rules={
            "A": VisitRule(frequency=Frequency(visits=3), service_minutes=30),
            "B": VisitRule(frequency=Frequency(visits=2), service_minutes=15),
            "C": VisitRule(frequency=Frequency(visits=1, weeks=2), service_minutes=10),
        },
        calendar=CALENDAR,
        cycle_weeks=2,
        routes={
            "T1": RouteTemplate(classes=("A",)),
            "T2": RouteTemplate(classes=("B",)),
            "T3": RouteTemplate(classes=("C",)),
            "T4": RouteTemplate(classes=("C",)),
        },
        working_day=WorkingDay(in_store_target=0.6),
    )


def sample_scenario(language: str = "en", n_reps: int = 1, coordinates: str = "wgs84") -> Scenario:
    """Eleven stores of one rep, or sixteen of two."""
    names = _NAMES_ZH if language == "zh" else _NAMES_EN
    n_stores = 11 if n_reps == 1 else 16
    ids = [*(f"S{i:02d}" for i in range(1, n_stores)), CLOSED_ID]
    is_given = coordinates != "wgs84"
    reps = [_rep("R01", "王芳" if language == "zh" else "Anna Weber", 0.0, is_given)]
    if n_reps == 2:
        reps.append(_rep("R02", "李强" if language == "zh" else "Ben Otto", 0.05, is_given))
    return Scenario.model_validate(
        {
            "stores": tuple(_store(id_, names, is_given, language) for id_ in ids),
            "reps": tuple(reps),
            "appointments": (
                Appointment(
                    rep="R01",
                    weekday="mon",
                    start=10 * 3600 + 1800,
                    end=11 * 3600 + 1800,
                    title="区域对接" if language == "zh" else "Team meeting",
                ),
            ),
            "policy": sample_policy(),
            "cycle": Cycle(weeks=2, workdays=WORKDAYS),
            "coordinates": coordinates,
            "language": language,
            "start_date": date(2026, 3, 2),
            "warnings": (_warning(),),
        }
    )


def _warning() -> Issue:
    return Issue(
        code="NEGATIVE_SALES",
        path="stores.csv:9:sales",
        message="store S16 sells -20; returns count as 0",
        hint="check the figure",
        severity=Severity.WARNING,
        file="stores.csv",
        row=9,
        column="sales",
        value="-20",
    )


def _rep(rep_id: str, name: str, shift: float, is_given: bool) -> Rep:
    lat, lon = _CENTER[0] + shift, _CENTER[1] + shift
    given = {"given_lat": lat - 0.002, "given_lon": lon + 0.0047} if is_given else {}
    hours = WeeklyHours.model_validate("Mo-Fr 08:30-17:30; Sa 08:30-12:30")
    return Rep(id=rep_id, name=name, base_lat=lat, base_lon=lon, hours=hours, **given)


def _store(store_id: str, names: tuple[str, ...], is_given: bool, language: str) -> Store:
    number = int(store_id[1:])
    is_second = number > 10
    lat = _CENTER[0] + (0.05 if is_second else 0.0) + 0.006 * ((number * 7) % 5 - 1.5)
    lon = _CENTER[1] + (0.05 if is_second else 0.0) + 0.007 * ((number * 3) % 7 - 3)
    fields: dict[str, Any] = {
        "id": store_id,
        "name": f"{names[number % 5]} {number}",
        "lat": lat,
        "lon": lon,
        "sales": float(_SALES[number - 1]),
        "class": _class_of(number),
        "class_source": "sales",
        "rep": "R02" if 11 <= number <= 15 else "R01",
        "address": f"文三路{number}号" if language == "zh" else f"{number} Main Street",
        "phone": f"+86 571 8800 {number:04d}",
    }
    if is_given:
        fields |= {"given_lat": lat - 0.002, "given_lon": lon + 0.0047}
    return Store.model_validate(fields | _special(number))


def _class_of(number: int) -> str:
    if number in (1, 2, 11):
        return "A"
    return "B" if number in (3, 4, 5, 12, 13) else "C"


def _special(number: int) -> dict[str, Any]:
    """What single stores have beyond the ordinary."""
    return {
        3: {"opening_hours": "Mo-Sa 11:00-20:00"},
        4: {"opening_hours": "Mo-Sa 09:00-12:00,13:00-20:00"},
        5: {"name": INJECTED_NAME, "note": "ask for Ms Li", "class_source": "given"},
        6: {"site": "mall", "extra": {"contact": "Ms Zhao", "Region": "-West"}},
        7: {"site": "mall", "closed_days": ("tue",)},
        8: {"pinned_days": (PinnedDay(weekday="sat", week=2),), "service_minutes": 20},
        10: {"opening_hours": "Tu 10:00-11:00"},
        16: {"status": "closed", "sales": -20.0, "class_source": "no_sales"},
    }.get(number, {})


def sample_plan(scenario: Scenario) -> Plan:
    """Every day of the calendar driven, S10 not scheduled; day figures add up to the totals."""
    routes = tuple(
        _route(scenario, rep, day, label, SERVED if rep.id == "R01" else SERVED_R02)
        for rep in scenario.reps
        for day, label in enumerate(label for row in CALENDAR for label in row)
    )
    scheduled = sum(len(route.visits) for route in routes)
    return Plan(
        id="7f3a",
        cycle=scenario.cycle,
        start_date=scenario.start_date,
        calendar=CALENDAR,
        routes=routes,
        unserved=(_unserved(),),
        required_visits=scheduled + 1,
        scheduled_visits=scheduled,
        score={"travel": 812.5, "waiting": 3.2, "spacing": 20.0, "missing": 96.0},
        measures=_measures(scenario, routes),
        provenance=Provenance(
            scenario_hash=scenario.content_hash(),
            matrix_hash="0" * 64,
            travel_source="直线距离 × 1.3,时速 18 km/h,每店停车进门 3 分钟(估算)"
            if scenario.language == "zh"
            else "straight line × 1.3 at 18 km/h + 3 min to park and enter (estimated)",
            method="ortools",
            seed=0,
            iterations=1200,
            version="0.1.0",
            created_at=datetime(2026, 2, 20, 9, 30, tzinfo=UTC),
        ),
    )


def _unserved() -> Unserved:
    return Unserved.model_validate(
        {
            "store_id": UNSERVED_ID,
            "class": "C",
            "required": 1,
            "served": 0,
            "code": "CLOSED_ON_TEMPLATE_DAYS",
            "message": f"store {UNSERVED_ID} opens on Tuesday only, T3 and T4 are Saturdays",
            "hint": "let route T2 serve class C, or correct the opening hours",
            "missing_minutes": 10,
        }
    )


@dataclass
class _Clock:
    """A rep on the way: the time, the place, and the rows so far."""

    now: int
    place: tuple[float, float]
    stops: list[Stop] = field(default_factory=list)

    def go(self, place: tuple[float, float]) -> dict[str, Any]:
        km = 1.3 * _km(self.place, place)
        seconds = round(km / 18 * 3600) + (180 if km else 0)
        self.now += seconds
        self.place = place
        return {
            "arrive": self.now,
            "travel_minutes": round(seconds / 60, 2),
            "travel_km": round(km, 3),
        }

    def stay(self, kind: str, seconds: int, not_before: int = 0, **fields: Any) -> None:
        start = max(self.now, not_before)
        fields = {"arrive": self.now, **fields}
        self.now = start + seconds
        self.stops.append(
            Stop.model_validate({"kind": kind, "start": start, "depart": self.now} | fields)
        )


def _route(
    scenario: Scenario, rep: Rep, day: int, label: str, served: dict[str, tuple[str, ...]]
) -> Route:
    _, week, weekday = scenario.cycle.day(day)
    hours = work_day(scenario.policy, rep, weekday)
    assert hours is not None
    base = (rep.base_lat, rep.base_lon)
    clock = _Clock(hours.start, base)
    clock.stay("office", hours.prepare)
    late = 10 * 3600 + 2400 if label == "T2" else 0  # T2 leaves late: its first store opens at 11
    clock.now = max(clock.now, late)
    clock.stay("start", 0)
    by_id = {store.id: store for store in scenario.stores}
    for position, store_id in enumerate(served[label], start=1):
        store = by_id[store_id]
        travel = clock.go((store.lat, store.lon))
        opens = store.opening_hours.on(WEEKDAYS.index(weekday))[0][0] if store.opening_hours else 0
        seconds = service_s(store, scenario.policy)
        clock.stay("visit", seconds, opens, store_id=store_id, position=position, **travel)
        if label == "T2" and position == 1:
            clock.stay("lunch", hours.lunch, hours.lunch_lo)
    for meeting in scenario.appointments:
        if (meeting.rep, meeting.weekday) == (rep.id, weekday):
            travel = clock.go(base)
            length = meeting.end - meeting.start
            clock.stay("appointment", length, meeting.start, title=meeting.title, **travel)
    travel = clock.go(base)
    clock.stay("end", 0, **travel)
    clock.stay("office", hours.summary)
    return Route(
        rep=rep.id, day=day, week=week, weekday=weekday, template=label, stops=tuple(clock.stops)
    )


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 12742.0 * asin(sqrt(h))


def _measures(scenario: Scenario, routes: tuple[Route, ...]) -> Measures:
    days = tuple(_day(scenario, route) for route in routes)
    reps = tuple(_rep_sum(scenario, rep, days) for rep in scenario.reps)
    filled = [day.filled for day in days]
    return Measures(
        routes=len(days),
        distinct_routes=len({day.template for day in days}),
        in_store_minutes=sum(day.in_store_minutes for day in days),
        travel_minutes=sum(day.travel_minutes for day in days),
        travel_km=sum(day.travel_km for day in days),
        waiting_minutes=sum(day.waiting_minutes for day in days),
        in_store_share=mean(day.in_store_share for day in days),
        filled_mean=mean(filled),
        filled_max=max(filled),
        filled_min=min(filled),
        work_spread_minutes=pstdev(day.work_minutes for day in days),
        by_class=_by_class(scenario, routes),
        by_rep=reps,
        by_day=days,
        days_off_ideal_gap_mean=0.4,
        days_off_ideal_gap_max=1.5,
        same_weekday_share=1.0,
        same_order_share=1.0,
        arrival_spread_minutes=4.0,
        days_broken_at_120_percent_travel=0,
    )


def _day(scenario: Scenario, route: Route) -> DayMeasures:
    rep = next(rep for rep in scenario.reps if rep.id == route.rep)
    hours = work_day(scenario.policy, rep, route.weekday)
    assert hours is not None
    class_of = {store.id: store.store_class or "" for store in scenario.stores}
    counts: dict[str, int] = {}
    for visit in route.visits:
        counts[class_of[visit.store_id or ""]] = counts.get(class_of[visit.store_id or ""], 0) + 1
    lunch = sum(stop.depart - stop.start for stop in route.stops if stop.kind == "lunch")
    driven = [stop for stop in route.stops if stop.kind not in ("office", "lunch")]
    work = driven[-1].depart - driven[0].arrive - lunch
    service = sum(stop.depart - stop.start for stop in route.visits)
    return DayMeasures(
        rep=route.rep,
        day=route.day,
        week=route.week,
        weekday=route.weekday,
        template=route.template,
        visits=len(route.visits),
        visits_by_class=counts,
        in_store_minutes=service / 60,
        travel_minutes=round(sum(stop.travel_minutes for stop in route.stops), 2),
        travel_km=round(sum(stop.travel_km for stop in route.stops), 3),
        waiting_minutes=sum(stop.start - stop.arrive for stop in driven) / 60,
        work_minutes=work / 60,
        available_minutes=hours.available / 60,
        filled=work / hours.available,
        in_store_share=service / (hours.shift_hi - hours.shift_lo - hours.lunch),
    )


def _rep_sum(scenario: Scenario, rep: Rep, days: tuple[DayMeasures, ...]) -> RepMeasures:
    own = [day for day in days if day.rep == rep.id]
    hours = [work_day(scenario.policy, rep, day.weekday) for day in scenario.cycle.days()]
    available = sum(day.available for day in hours if day is not None) / 60
    return RepMeasures(
        rep=rep.id,
        stores=sum(store.rep == rep.id and store.is_planned for store in scenario.stores),
        routes=len(own),
        in_store_minutes=sum(day.in_store_minutes for day in own),
        travel_minutes=sum(day.travel_minutes for day in own),
        travel_km=sum(day.travel_km for day in own),
        waiting_minutes=sum(day.waiting_minutes for day in own),
        available_minutes=available,
        free_minutes=available - sum(day.work_minutes for day in own),
        in_store_share=mean(day.in_store_share for day in own),
    )


def _by_class(scenario: Scenario, routes: tuple[Route, ...]) -> dict[str, ClassMeasures]:
    visits: dict[str, int] = {}
    for route in routes:
        for stop in route.visits:
            visits[stop.store_id or ""] = visits.get(stop.store_id or "", 0) + 1
    found: dict[str, ClassMeasures] = {}
    for label in scenario.policy.classes.labels:
        stores = [s for s in scenario.stores if s.store_class == label and s.is_planned]
        required = {
            s.id: required_visits(s, scenario.policy, scenario.cycle, scenario.reps) for s in stores
        }
        found[label] = ClassMeasures(
            stores=len(stores),
            required=sum(required.values()),
            scheduled=sum(visits.get(s.id, 0) for s in stores),
            stores_reached=sum(visits.get(s.id, 0) >= required[s.id] for s in stores),
            stores_without_visit=sum(s.id not in visits for s in stores),
        )
    return found
