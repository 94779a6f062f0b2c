"""GeoJSON (RFC 7946): stores and bases as points, routes as lines; longitude before latitude."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from routeplanner.domain.hours import format_clock
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.files.exports import ExportOptions
from routeplanner.files.route_groups import (
    Position,
    appointments_text,
    group_colors,
    located_stops,
    route_groups,
    store_title,
    travel_km,
    work_minutes,
)

Feature = dict[str, Any]


def write_geojson(plan: Plan, scenario: Scenario, path: Path, _options: ExportOptions) -> None:
    """Write stores, bases and routes as one feature collection; keys are English."""
    features = [*_stores(plan, scenario), *_bases(scenario), *_routes(plan, scenario)]
    collection = {"type": "FeatureCollection", "features": features}
    Path(path).write_text(json.dumps(collection, ensure_ascii=False, indent=1), encoding="utf-8")


def _stores(plan: Plan, scenario: Scenario) -> Iterator[Feature]:
    visits: dict[str, list[dict[str, Any]]] = {}
    for route in plan.routes:
        for stop in route.visits:
            visits.setdefault(stop.store_id or "", []).append(
                {
                    "rep": route.rep,
                    "week": route.week,
                    "weekday": route.weekday,
                    "template": route.template,
                    "position": stop.position,
                    "arrive": format_clock(stop.arrive),
                    "start": format_clock(stop.start),
                    "depart": format_clock(stop.depart),
                }
            )
    unserved = {item.store_id: item.required - item.served for item in plan.unserved}
    for store in scenario.stores:
        if store.is_planned:
            found = visits.get(store.id, [])
            yield _store(store, scenario, found, unserved.get(store.id, 0))


def _store(
    store: Store, scenario: Scenario, visits: list[dict[str, Any]], n_missing: int
) -> Feature:
    properties: dict[str, Any] = {
        "kind": "store",
        "id": store.id,
        "name": store_title(store),
        "class": store.store_class,
        "address": store.address,
        "phone": store.phone,
        "scheduled": len(visits),
        "not_scheduled": n_missing,
        "visits": visits,
    }
    if store.given_lat is not None and store.given_lon is not None:
        properties["coordinates"] = scenario.coordinates
        properties["given_lat"] = store.given_lat
        properties["given_lon"] = store.given_lon
    return _feature("Point", _lon_lat((store.lat, store.lon)), properties)


def _bases(scenario: Scenario) -> Iterator[Feature]:
    for rep in scenario.reps:
        properties = {"kind": "base", "rep": rep.id, "name": rep.name}
        yield _feature("Point", _lon_lat((rep.base_lat, rep.base_lon)), properties)


def _routes(plan: Plan, scenario: Scenario) -> Iterator[Feature]:
    """One line for the days of a route with the same stops; the figures are the first day's."""
    colors = group_colors(plan, scenario)
    for group in route_groups(plan, scenario):
        for days in group.variants:
            line = [_lon_lat(position) for _, position in located_stops(days[0], scenario)]
            properties = {
                "kind": "route",
                "rep": group.rep.id,
                "template": group.label if group.is_route else None,
                "appointments": appointments_text(days[0], scenario.language) or None,
                "days": [{"week": day.week, "weekday": day.weekday} for day in days],
                "store_ids": [stop.store_id for stop in days[0].visits],
                "work_minutes": round(work_minutes(days[0]), 1),
                "travel_km": round(travel_km(days[0]), 3),
                "travel_source": plan.provenance.travel_source,
                "stroke": colors[group.key],
            }
            # A line has two positions at least; a day that starts and ends at its store has one.
            yield _feature("LineString", line if len(line) > 1 else line * 2, properties)


def _lon_lat(position: Position) -> list[float]:
    return [round(position[1], 7), round(position[0], 7)]


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> Feature:
    kept = {key: value for key, value in properties.items() if value is not None}
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": kept}
