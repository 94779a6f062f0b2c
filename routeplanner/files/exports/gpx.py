"""GPX 1.1 for navigation devices: stores as waypoints, one route per label and set of stops."""

from pathlib import Path

from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXWaypoint

from routeplanner.domain.day_words import days_text
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.files.exports import ExportOptions
from routeplanner.files.exports.plain import plain
from routeplanner.files.route_groups import (
    appointment_title,
    located_stops,
    rep_title,
    route_groups,
    span_text,
    store_title,
)
from routeplanner.texts import text


def write_gpx(plan: Plan, scenario: Scenario, path: Path, _options: ExportOptions) -> None:
    """Write every planned store and every route."""
    gpx = GPX()
    gpx.creator = "routeplanner"
    gpx.name = plain(f"{text('map.title', scenario.language)} {plan.id}")
    gpx.description = plain(plan.provenance.travel_source)
    for store in scenario.stores:
        if store.is_planned:
            gpx.waypoints.append(
                GPXWaypoint(
                    store.lat,
                    store.lon,
                    name=plain(store_title(store)),
                    description=plain(_about(store)),
                    type=plain(store.store_class or ""),
                )
            )
    for group in route_groups(plan, scenario):
        for days in group.variants:
            named = days_text(days, plan.cycle, scenario.language)
            name = plain(f"{rep_title(group.rep)} {group.label} {named}")
            gpx.routes.append(_route(name, days[0], scenario))
    Path(path).write_text(gpx.to_xml(), encoding="utf-8")


def _route(name: str, route: Route, scenario: Scenario) -> GPXRoute:
    stores = {store.id: store for store in scenario.stores}
    found = GPXRoute(name=name)
    for stop, (lat, lon) in located_stops(route, scenario):
        store = stores.get(stop.store_id or "")
        words = _words(stop, store, scenario.language)
        found.points.append(GPXRoutePoint(lat, lon, name=plain(words), comment=span_text(stop)))
    return found


def _words(stop: Stop, store: Store | None, language: str) -> str:
    if store is not None:
        return f"{stop.position} {store_title(store)}"
    if stop.kind == "appointment":
        return appointment_title(stop, language)
    return text(f"map.{stop.kind}", language)


def _about(store: Store) -> str:
    return " · ".join(part for part in (store.id, store.address, store.phone) if part)
