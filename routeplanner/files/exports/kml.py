"""KML for Google Earth and map viewers: a folder per rep with its routes, and the stores."""

from html import escape
from pathlib import Path

import simplekml

from routeplanner.domain.day_words import days_text
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.files.exports import ExportOptions
from routeplanner.files.exports.plain import plain
from routeplanner.files.map_data import legend_facts
from routeplanner.files.route_groups import (
    Position,
    RouteGroup,
    group_colors,
    located_stops,
    rep_title,
    route_groups,
    store_title,
)
from routeplanner.texts import text

LINE_WIDTH = 4


def write_kml(plan: Plan, scenario: Scenario, path: Path, _options: ExportOptions) -> None:
    """Write stores and routes; descriptions are escaped because viewers read them as HTML."""
    simplekml.Kml.resetidcounter()  # counted per process: equal plans would give different files
    kml = simplekml.Kml(name=plain(f"{text('map.title', scenario.language)} {plan.id}"))
    kml.document.description = escape(plain(plan.provenance.travel_source))
    stores = kml.newfolder(name=text("export.store_layer", scenario.language))
    for store in scenario.stores:
        if store.is_planned:
            point = stores.newpoint(name=plain(store_title(store)), coords=[_lon_lat(store)])
            point.description = escape(plain(_about(store)))
    colors = group_colors(plan, scenario)
    groups = route_groups(plan, scenario)
    for rep in scenario.reps:
        folder = kml.newfolder(name=plain(rep_title(rep)))
        base = folder.newpoint(name=text("map.start_end", scenario.language))
        base.coords = [(rep.base_lon, rep.base_lat)]
        for group in groups:
            if group.rep.id == rep.id:
                _add_lines(folder, group, plan, scenario, colors[group.key])
    Path(path).write_text(kml.kml(), encoding="utf-8")


def _add_lines(
    folder: simplekml.Folder, group: RouteGroup, plan: Plan, scenario: Scenario, color: str
) -> None:
    for days in group.variants:
        named = days_text(days, plan.cycle, scenario.language)
        line = folder.newlinestring(name=plain(f"{group.label} {named}"))
        line.coords = [_reversed(position) for _, position in located_stops(days[0], scenario)]
        line.description = escape(" · ".join(legend_facts(group, plan, scenario.language)))
        line.style.linestyle.color = _aabbggrr(color)
        line.style.linestyle.width = LINE_WIDTH


def _about(store: Store) -> str:
    parts = (store.id, store.store_class, store.address, store.phone)
    return " · ".join(part for part in parts if part)


def _lon_lat(store: Store) -> tuple[float, float]:
    return _reversed((store.lat, store.lon))


def _reversed(position: Position) -> tuple[float, float]:
    return round(position[1], 7), round(position[0], 7)


def _aabbggrr(color: str) -> str:
    """KML writes colors back to front, opacity first."""
    return f"ff{color[5:7]}{color[3:5]}{color[1:3]}".lower()
