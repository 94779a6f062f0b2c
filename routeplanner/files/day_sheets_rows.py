"""What stands on a day sheet: the head and the timeline rows of the days with the same stops."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from routeplanner.domain.day_words import days_text, weeks_text
from routeplanner.domain.hours import Weekday
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import visit_intervals
from routeplanner.files.day_sheets_navigation import navigation_links
from routeplanner.files.day_sheets_sketch import SketchPoint, sketch_points
from routeplanner.files.map_data import stores_text
from routeplanner.files.route_groups import (
    RouteGroup,
    appointment_title,
    clock_text,
    duration_text,
    range_text,
    service_minutes,
    shown_minutes,
    store_title,
    travel_km,
)
from routeplanner.texts import text

LEAST_WAIT_S = 60  # shorter waiting is not worth a word


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the timeline; `times` are (time, days), days empty where all days agree."""

    kind: str
    times: list[tuple[str, str]]
    words: str
    minutes: int
    store: Store | None = None
    number: int | None = None
    details: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed sheet: the days of a route that have the same stops."""

    days: str
    facts: list[str]
    rows: list[SheetRow]
    points: list[SketchPoint]


def sheets_of(
    group: RouteGroup, plan: Plan, scenario: Scenario, navigation: Sequence[str]
) -> list[Sheet]:
    """The sheets of one route."""
    return [_sheet(group, days, plan, scenario, navigation) for days in group.variants]


def _sheet(
    group: RouteGroup,
    days: tuple[Route, ...],
    plan: Plan,
    scenario: Scenario,
    navigation: Sequence[str],
) -> Sheet:
    stores = {store.id: store for store in scenario.stores}
    rows = []
    for index, stop in enumerate(days[0].stops):
        store = None if stop.store_id is None else stores[stop.store_id]
        rows.append(
            SheetRow(
                kind=stop.kind,
                times=_times(days, index, plan, scenario.language),
                words=_words(stop, store, group, scenario.language),
                minutes=shown_minutes(stop.start, stop.depart),
                store=store,
                number=stop.position,
                details=[] if store is None else _details(days, index, store, scenario),
                links=[]
                if store is None
                else navigation_links(store, group.rep.mode, navigation, scenario.language),
            )
        )
    is_one_weekday = len({route.weekday for route in days}) == 1
    named = days_text(days, plan.cycle, scenario.language, is_long=is_one_weekday)
    if not is_one_weekday and "(" not in named:
        named = f"{named} · {weeks_text(range(1, plan.cycle.weeks + 1), scenario.language)}"
    return Sheet(
        days=named,
        facts=_facts(group, days, scenario.language),
        rows=rows,
        points=sketch_points(days[0], scenario),
    )


def _facts(group: RouteGroup, days: Sequence[Route], language: str) -> list[str]:
    def span(of: Callable[[Route], float], word: Callable[[float], str]) -> str:
        return range_text(word(value) for value in sorted(map(of, days)))

    leaving = span(lambda route: _of_kind(route, "start").depart, lambda s: clock_text(int(s)))
    back = span(lambda route: _of_kind(route, "end").arrive, lambda s: clock_text(int(s)))
    km = span(travel_km, lambda value: f"{value:.0f}")
    last = "back" if group.rep.end_at == "base" else "end"
    ends = [
        f"{text('day_sheet.start', language)} {leaving}",
        f"{text(f'day_sheet.{last}', language)} {back}",
    ]
    way = text("map.km", language, km=km)
    if not group.is_route:
        return [*ends, way] if any(map(travel_km, days)) else ends
    minutes = span(service_minutes, lambda value: f"{value:.0f}")
    in_store = text("day_sheet.in_store", language, minutes=minutes)
    return [*ends, stores_text(len(days[0].visits), language), in_store, way]


def _of_kind(route: Route, kind: str) -> Stop:
    return next(stop for stop in route.stops if stop.kind == kind)


def _times(days: Sequence[Route], index: int, plan: Plan, language: str) -> list[tuple[str, str]]:
    routes_of: dict[str, list[Route]] = {}
    for route in days:
        routes_of.setdefault(clock_text(route.stops[index].start), []).append(route)
    if len(routes_of) == 1:
        return [(time, "") for time in routes_of]
    return [(time, days_text(routes, plan.cycle, language)) for time, routes in routes_of.items()]


def _words(stop: Stop, store: Store | None, group: RouteGroup, language: str) -> str:
    if store is not None:
        return store_title(store)
    if stop.kind == "appointment":
        duration = duration_text((stop.depart - stop.start) / 60, language)
        title = appointment_title(stop, language)
        return text("day_sheet.row_appointment", language, title=title, duration=duration)
    key = f"day_sheet.row_{stop.kind}"
    ends = {"start": group.rep.start_at, "end": group.rep.end_at}
    if ends.get(stop.kind) == "store":
        key += "_store"
    return text(key, language, minutes=shown_minutes(stop.start, stop.depart))


def _details(days: Sequence[Route], index: int, store: Store, scenario: Scenario) -> list[str]:
    """Small print of a visit: arrival where the rep waits, the way there, opening hours, note."""
    language = scenario.language
    found = []
    here = [route.stops[index] for route in days]
    is_waiting = any(each.start - each.arrive >= LEAST_WAIT_S for each in here)
    if is_waiting:
        times = range_text(sorted(clock_text(each.arrive) for each in here))
        found.append(text("day_sheet.arrive", language, time=times))
    ways = [
        shown_minutes(route.stops[index - 1].depart, each.arrive if is_waiting else each.start)
        for route, each in zip(days, here, strict=True)
    ]
    minutes = range_text(map(str, sorted(ways)))
    words = text("day_sheet.from_last", language, minutes=minutes, km=f"{here[0].travel_km:.1f}")
    found.append(words)
    hours = _hours_text([route.weekday for route in days], store)
    if hours:
        found.append(text("day_sheet.open", language, hours=hours))
    if store.note:
        found.append(store.note)
    return found


def _hours_text(weekdays: Sequence[Weekday], store: Store) -> str:
    """Hours of the sheet's weekdays where they agree, else the whole week's."""
    if store.opening_hours is None:
        return ""
    of_days = {visit_intervals(store, weekday) for weekday in weekdays}
    if len(of_days) > 1:
        return store.opening_hours.to_osm()
    return ", ".join(f"{clock_text(lo)}–{clock_text(hi)}" for lo, hi in of_days.pop())
