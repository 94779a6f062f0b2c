"""Driven days grouped for readers: one entry per rep and route label, and words for days and times.

The map, the day sheets and the exports read a plan through this module.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import format_clock
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.files.palette import APPOINTMENT, natural_key, route_colors
from routeplanner.texts import text

Position = tuple[float, float]  # WGS84 latitude, longitude
GroupKey = tuple[str, bool, str]  # rep, whether it is a route, label


@dataclass(frozen=True, slots=True)
class RouteGroup:
    """All driven days of one rep's route label; `variants` holds the days with the same stops.

    Days on which the rep has appointments and visits no store are no route (`is_route` is false);
    their label is the title of the appointments.
    """

    rep: Rep
    label: str
    variants: tuple[tuple[Route, ...], ...]
    is_route: bool = True

    @property
    def key(self) -> GroupKey:
        """What tells the group from all others of its plan; `group_key` finds it for a day."""
        return self.rep.id, self.is_route, self.label

    @property
    def routes(self) -> tuple[Route, ...]:
        """The driven days in order of the cycle."""
        days = (route for variant in self.variants for route in variant)
        return tuple(sorted(days, key=lambda route: route.day))

    @property
    def store_ids(self) -> tuple[str, ...]:
        """Every store that is visited on some day of the route, in order of first mention."""
        visits = (stop.store_id or "" for route in self.routes for stop in route.visits)
        return tuple(dict.fromkeys(visits))


def route_groups(plan: Plan, scenario: Scenario) -> tuple[RouteGroup, ...]:
    """The routes of a plan by rep (in the scenario's order) and label (T2 before T10).

    Days of appointments only follow the routes of their rep.
    """
    found: dict[GroupKey, dict[tuple[object, ...], list[Route]]] = {}
    for route in sorted(plan.routes, key=lambda route: route.day):
        variants = found.setdefault(group_key(route, scenario.language), {})
        variants.setdefault(_sequence(route), []).append(route)
    place = {rep.id: index for index, rep in enumerate(scenario.reps)}
    keys = sorted(found, key=lambda key: (place[key[0]], not key[1], natural_key(key[2])))
    return tuple(
        RouteGroup(
            rep=scenario.reps[place[rep]],
            label=label,
            variants=tuple(tuple(days) for days in found[rep, is_route, label].values()),
            is_route=is_route,
        )
        for rep, is_route, label in keys
    )


def group_key(route: Route, language: str) -> GroupKey:
    """The key of the group that a driven day belongs to."""
    return route.rep, not is_appointments_only(route), day_title(route, language)


def group_colors(plan: Plan, scenario: Scenario) -> dict[GroupKey, str]:
    """The color of every group: a route's own, and one for all days of appointments only."""
    colors = route_colors(plan)
    return {
        group_key(route, scenario.language): APPOINTMENT
        if is_appointments_only(route)
        else colors[route.template]
        for route in plan.routes
    }


def appointments_of(route: Route) -> tuple[Stop, ...]:
    """The appointments of a driven day in order."""
    return tuple(stop for stop in route.stops if stop.kind == "appointment")


def is_appointments_only(route: Route) -> bool:
    """Whether the rep has appointments on a day and visits no store."""
    return not route.visits and bool(appointments_of(route))


def day_title(route: Route, language: str) -> str:
    """The label of the route, or the titles of the appointments on a day that has nothing else."""
    if not is_appointments_only(route):
        return route.template
    titles = (appointment_title(stop, language) for stop in appointments_of(route))
    return _listed(dict.fromkeys(titles), language)


def appointments_text(route: Route, language: str) -> str:
    """`Monday meeting 08:30–10:00` for each appointment of a day; empty without one."""
    stops = appointments_of(route)
    spans = (f"{appointment_title(stop, language)} {span_text(stop)}" for stop in stops)
    return _listed(spans, language)


def appointment_title(stop: Stop, language: str) -> str:
    """The title of an appointment, or the word for one."""
    return stop.title or text("map.appointment", language)


def _listed(parts: Iterable[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(parts)


def _sequence(route: Route) -> tuple[object, ...]:
    return tuple((stop.kind, stop.store_id, stop.title) for stop in route.stops)


def located_stops(route: Route, scenario: Scenario) -> Iterator[tuple[Stop, Position]]:
    """The stops with a place of their own, in order; lunch and office are where the rep is."""
    stores = {store.id: store for store in scenario.stores}
    rep = next(rep for rep in scenario.reps if rep.id == route.rep)
    base = (rep.base_lat, rep.base_lon)
    for stop in route.stops:
        if stop.kind == "visit" and stop.store_id is not None:
            yield stop, (stores[stop.store_id].lat, stores[stop.store_id].lon)
        elif stop.kind == "appointment":
            yield stop, _appointment_place(route, stop, scenario) or base
        elif (stop.kind == "start" and rep.start_at == "base") or (
            stop.kind == "end" and rep.end_at == "base"
        ):
            yield stop, base


def _appointment_place(route: Route, stop: Stop, scenario: Scenario) -> Position | None:
    for item in scenario.appointments:
        if _is_of(item, route) and (item.start, item.title) == (stop.start, stop.title):
            return None if item.lat is None or item.lon is None else (item.lat, item.lon)
    return None


def _is_of(item: Appointment, route: Route) -> bool:
    is_week = not item.weeks or route.week in item.weeks
    return (item.rep, item.weekday) == (route.rep, route.weekday) and is_week


def work_minutes(route: Route) -> float:
    """Minutes from leaving to returning without lunch."""
    kinds = [stop.kind for stop in route.stops]
    driven = route.stops[kinds.index("start") : kinds.index("end") + 1]
    lunch = sum(stop.depart - stop.start for stop in driven if stop.kind == "lunch")
    return (driven[-1].arrive - driven[0].depart - lunch) / 60


def service_minutes(route: Route) -> float:
    """Minutes in stores."""
    return sum(stop.depart - stop.start for stop in route.visits) / 60


def travel_km(route: Route) -> float:
    """Kilometers of a driven day."""
    return sum(stop.travel_km for stop in route.stops)


def rep_title(rep: Rep) -> str:
    """The rep's id with the name, where there is one."""
    return f"{rep.id} {rep.name}".strip() if rep.name != rep.id else rep.id


def store_title(store: Store) -> str:
    """The store's name, or its id where it has none."""
    return store.name or store.id


def duration_text(minutes: float, language: str) -> str:
    """`3 h 20`, or `45 min` below an hour."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return text("map.minutes", language, minutes=rest)
    return text("map.hours_minutes", language, hours=hours, minutes=f"{rest:02d}")


def frequency_text(frequency: Frequency, language: str) -> str:
    """A visit frequency in words."""
    if frequency.is_daily:
        return text("map.daily", language)
    if frequency.weeks == 1:
        return text("map.per_week", language, visits=frequency.visits)
    if frequency.visits == 1:
        return text("map.every_weeks", language, weeks=frequency.weeks)
    return text("map.per_weeks", language, visits=frequency.visits, weeks=frequency.weeks)


def clock_text(seconds: int) -> str:
    """Hours and minutes; seconds are for machines."""
    return format_clock(seconds // 60 * 60)


def shown_minutes(earlier: int, later: int) -> int:
    """Minutes between two times as `clock_text` shows them, so that a reader's sum comes out."""
    return later // 60 - earlier // 60


def span_text(stop: Stop) -> str:
    """From when to when a stop is served."""
    return f"{clock_text(stop.start)}–{clock_text(stop.depart)}"


def range_text(values: Iterable[str]) -> str:
    """One text where all agree, else the first and the last of the sorted ones."""
    distinct = list(dict.fromkeys(values))
    return distinct[0] if len(distinct) == 1 else f"{distinct[0]}–{distinct[-1]}"
