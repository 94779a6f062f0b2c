"""What the map's script draws, as plain lists: stores, routes with their lines, texts.

`map.py` embeds it in the page as JSON; the script puts every word into the page as text.
"""

import json
from typing import Any

from routeplanner.domain.day_words import days_text
from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.plan import Plan, Route, Unserved
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import frequency_of
from routeplanner.files.palette import text_on
from routeplanner.files.route_groups import (
    Position,
    RouteGroup,
    appointment_title,
    appointments_of,
    duration_text,
    frequency_text,
    group_colors,
    located_stops,
    range_text,
    rep_title,
    route_groups,
    span_text,
    store_title,
    travel_km,
    work_minutes,
)
from routeplanner.texts import text
from routeplanner.travel.matrix import Place
from routeplanner.travel.sites import sites_of

Json = dict[str, Any]
_TEXTS = (
    "address", "building", "close", "fewer_visits",
    "frequency", "in_building", "no_route", "not_scheduled", "note", "nothing_on", "opening",
    "phone", "shown", "start", "start_end", "store_id", "stores_many", "stores_one",
    "visit_number", "whole_cycle", "zoom_in", "zoom_out",
)  # fmt: skip
_BLANKS = {name: f"{{{name}}}" for name in ("n", "routes", "served", "required")}


def map_data(plan: Plan, scenario: Scenario) -> Json:
    """Everything that the map's script needs; positions in WGS84, rounded to 0.1 m."""
    language = scenario.language
    groups = route_groups(plan, scenario)
    colors = group_colors(plan, scenario)
    place = {rep.id: index for index, rep in enumerate(scenario.reps)}
    missing = {item.store_id: item for item in plan.unserved}
    stores = {store.id: index for index, store in enumerate(_planned(scenario))}
    return {
        "texts": {name: text(f"map.{name}", language, **_BLANKS) for name in _TEXTS},
        "classes": [
            {"label": label, "title": text("map.class", language, **{"class": label})}
            for label in scenario.policy.classes.labels
        ],
        "weeks": [text("words.week", language, n=n + 1) for n in range(plan.cycle.weeks)],
        "days": [[day.week - 1, WEEKDAYS.index(day.weekday)] for day in plan.cycle.days()],
        "weekdays": [text(f"words.{day}", language) for day in WEEKDAYS],
        "reps": [
            {"title": rep_title(rep), "at": _rounded((rep.base_lat, rep.base_lon))}
            for rep in scenario.reps
        ],
        "stores": [
            _store_data(store, missing.get(store.id), scenario, place)
            for store in _planned(scenario)
        ],
        "buildings": _buildings(scenario),
        "routes": [
            _group_data(group, plan, scenario, colors[group.key], place[group.rep.id], stores)
            for group in groups
        ],
    }


def to_script_json(data: Json) -> str:
    """JSON that no store name can break out of when it stands inside a script element."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        plain = plain.replace(character, f"\\u{ord(character):04x}")
    return plain


def legend_facts(group: RouteGroup, plan: Plan, language: str) -> tuple[str, ...]:
    """Days, stores, time and way of a route, as its legend row says them."""
    if not group.is_route:
        return _appointment_facts(group, plan, language)
    n_stores = len(group.store_ids)
    minutes = sorted(work_minutes(route) for route in group.routes)
    lengths = sorted(travel_km(route) for route in group.routes)
    return (
        days_text(group.routes, plan.cycle, language),
        stores_text(n_stores, language),
        range_text(duration_text(value, language) for value in minutes),
        text("map.km", language, km=range_text(f"{value:.0f}" for value in lengths)),
    )


def _appointment_facts(group: RouteGroup, plan: Plan, language: str) -> tuple[str, ...]:
    """Days and times of appointments, and the way where there is one."""
    stops = (stop for route in group.routes for stop in appointments_of(route))
    facts = (
        days_text(group.routes, plan.cycle, language),
        ", ".join(sorted({span_text(stop) for stop in stops})),
    )
    km = max(travel_km(route) for route in group.routes)
    return (*facts, text("map.km", language, km=f"{km:.0f}")) if km else facts


def stores_text(n: int, language: str) -> str:
    """A number of stores in words."""
    return text("map.stores_one" if n == 1 else "map.stores_many", language, n=n)


def _planned(scenario: Scenario) -> list[Store]:
    return [store for store in scenario.stores if store.is_planned]


def _store_data(
    store: Store, missing: Unserved | None, scenario: Scenario, place: dict[str, int]
) -> Json:
    frequency = frequency_of(store, scenario.policy)
    known: Json = {
        "id": store.id,
        "name": store_title(store),
        "class": store.store_class,
        "at": _rounded((store.lat, store.lon)),
        "rep": None if store.rep is None else place[store.rep],
        "frequency": frequency_text(frequency, scenario.language),
        "address": store.address,
        "phone": store.phone,
        "opening": None if store.opening_hours is None else store.opening_hours.to_osm(),
        "note": store.note,
        "missing": None
        if missing is None
        else {
            "served": missing.served,
            "required": missing.required,
            "message": missing.message,
            "hint": missing.hint,
        },
    }
    return {key: value for key, value in known.items() if value is not None and value != ""}


def _buildings(scenario: Scenario) -> list[list[int]]:
    places = [Place(store.id, store.lat, store.lon, store.site) for store in _planned(scenario)]
    meters = scenario.policy.travel.same_site_meters
    return [list(site) for site in sites_of(places, meters) if len(site) > 1]


def _group_data(
    group: RouteGroup, plan: Plan, scenario: Scenario, color: str, rep: int, stores: dict[str, int]
) -> Json:
    return {
        "rep": rep,
        "label": group.label,
        "isRoute": group.is_route,
        "color": color,
        "ink": text_on(color),
        "variants": [_variant_data(days, plan, scenario, stores) for days in group.variants],
    }


def _variant_data(
    days: tuple[Route, ...], plan: Plan, scenario: Scenario, stores: dict[str, int]
) -> Json:
    located = list(located_stops(days[0], scenario))
    return {
        "days": [route.day for route in days],
        "path": [_rounded(at) for _, at in located],
        "visits": [
            {"store": stores[stop.store_id or ""], "times": times}
            for stop, times in zip(days[0].visits, _visit_times(days, plan, scenario), strict=True)
        ],
        "appointments": [
            {
                "title": appointment_title(stop, scenario.language),
                "at": _rounded(at),
                "time": span_text(stop),
            }
            for stop, at in located
            if stop.kind == "appointment"
        ],
    }


def _visit_times(
    days: tuple[Route, ...], plan: Plan, scenario: Scenario
) -> list[list[tuple[str, str]]]:
    """For each visit, (days, from–to), the days of equal times together."""
    found = []
    for index in range(len(days[0].visits)):
        routes_of: dict[str, list[Route]] = {}
        for route in days:
            routes_of.setdefault(span_text(route.visits[index]), []).append(route)
        found.append(
            [
                (days_text(routes, plan.cycle, scenario.language), span)
                for span, routes in routes_of.items()
            ]
        )
    return found


def _rounded(position: Position) -> list[float]:
    return [round(position[0], 6), round(position[1], 6)]
