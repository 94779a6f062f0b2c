"""The route map: one HTML file with scripts, styles and data inside, usable without a network.

folium makes the Leaflet map; its default scripts and styles, which stand on other people's
servers, are replaced by the Leaflet that this package carries.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.map_data import legend_facts, map_data, stores_text, to_script_json
from routeplanner.files.pages import page_environment
from routeplanner.files.plan_facts import head_facts, verdict
from routeplanner.files.route_groups import (
    appointments_of,
    group_colors,
    rep_title,
    route_groups,
)
from routeplanner.texts import text

# Light, without a key, and served to pages opened from a disk; OpenStreetMap's own servers refuse
# pages that send no referer, and CARTO's Positron asks for a key.
DEFAULT_TILES = "Esri WorldGrayCanvas"
SCRIPTS = ("map_markers.js", "map_tiles.js", "map_draw.js", "map.js")
STYLES = ("map.css",)


class Page(Figure):
    """Our HTML document round folium's script.

    Head and body hold words of the input. They must not be children of the figure: branca renders
    what its children wrote as a template once more, so a store named `{{ … }}` would be executed.
    """

    _template = Template(
        '<!DOCTYPE html>\n<html lang="{{ this.language }}">\n<head>\n'
        "<title>{{ this.title | e }}</title>\n{{ this.head }}\n</head>\n<body>\n{{ this.body }}\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n</body>\n</html>\n"
    )

    def __init__(self, title: str, language: str, head: str, body: str) -> None:
        super().__init__(title=title, height="620px")  # the height is that in a notebook
        self.language = "zh-CN" if language == "zh" else "en"
        self.head = head
        self.body = body


class RouteMap(folium.Map):
    """folium's map, drawn into our page and without the scripts and styles that it links to."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012  # folium reads these class attributes
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.map('map', {{ this.options | tojavascript }});"
        "{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__(
            tiles=None, max_zoom=19, zoom_snap=0.5, zoom_control=False, attribution_control=False
        )
        self._id = "map"  # folium's random names would make equal plans different files


class RouteLayers(MacroElement):
    """Starts our script on the map, with street tiles to be added once one of them has loaded."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.start }}({{ this._parent.get_name() }}, "
        "{{ this.tiles.get_name() if this.tiles else 'null' }});"
        "{% endmacro %}"
    )

    def __init__(self, tiles: folium.TileLayer | None, start: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca declares no types here
        self._id = "routes"
        self.tiles = tiles
        self.start = start


def build_map(
    plan: Plan,
    scenario: Scenario,
    *,
    tiles: str | None = DEFAULT_TILES,
    tiles_attribution: str | None = None,
) -> folium.Map:
    """The map as a folium object, to be shown in a notebook or saved.

    `tiles` names a provider that folium knows or is a URL with `{x}`, `{y}`, `{z}` (then with an
    attribution); with None the map never asks for streets.
    """
    language = scenario.language
    page = Page(_title(plan, scenario), language, page_head(language), _body(plan, scenario))
    return map_in(page, "showRoutes", tiles, tiles_attribution)


def map_in(page: Page, start: str, tiles: str | None, attribution: str | None) -> folium.Map:
    """A map in our page, with the script function that draws on it."""
    route_map = RouteMap()
    page.add_child(route_map)
    layer = None
    if tiles is not None:
        layer = folium.TileLayer(tiles, attr=attribution, show=False, max_zoom=19)
        layer.options["max_native_zoom"] = 16 if tiles == DEFAULT_TILES else 19
        layer._id = "streets"
        route_map.add_child(layer)
    route_map.add_child(RouteLayers(layer, start))
    return route_map


def write_map(
    plan: Plan,
    scenario: Scenario,
    path: Path,
    *,
    tiles: str | None = DEFAULT_TILES,
    tiles_attribution: str | None = None,
) -> None:
    """Write map.html, in the scenario's language."""
    route_map = build_map(plan, scenario, tiles=tiles, tiles_attribution=tiles_attribution)
    Path(path).write_text(route_map.get_root().render(), encoding="utf-8")


def _title(plan: Plan, scenario: Scenario) -> str:
    reps = ", ".join(rep_title(rep) for rep in scenario.reps[:3])
    return f"{text('map.title', scenario.language)} · {reps}"


def page_head(
    language: str, styles: Sequence[str] = STYLES, scripts: Sequence[str] = SCRIPTS
) -> str:
    """The head of a page with a map: Leaflet, styles and scripts, all inside it."""
    page = page_environment(language).get_template("map_head.html")
    return page.render(
        leaflet_css=_asset("leaflet/leaflet.css"),
        leaflet_js=_leaflet_script(),
        leaflet_license=_asset("leaflet/LICENSE"),
        css="\n".join(_asset(name) for name in styles),
        scripts=[_asset(name) for name in scripts],
    )


def _body(plan: Plan, scenario: Scenario) -> str:
    language = scenario.language
    colors = group_colors(plan, scenario)
    place = {rep.id: index for index, rep in enumerate(scenario.reps)}
    rows = [
        {
            "rep": place[group.rep.id],
            "label": group.label,
            "color": colors[group.key],
            "facts": legend_facts(group, plan, language),
        }
        for group in route_groups(plan, scenario)
    ]
    n_missing = sum(item.served == 0 for item in plan.unserved)
    n_short = len(plan.unserved) - n_missing
    return (
        page_environment(language)
        .get_template("map_body.html")
        .render(
            plan=plan,
            scenario=scenario,
            rows=rows,
            reps=[rep_title(rep) for rep in scenario.reps],
            facts=head_facts(plan, scenario),
            verdict=verdict(plan, language),
            missing=stores_text(n_missing, language) if n_missing else "",
            has_appointments=any(appointments_of(route) for route in plan.routes),
            short=stores_text(n_short, language) if n_short else "",
            weekdays=[
                (day, WEEKDAYS.index(day), text(f"words.{day}", language))
                for day in plan.cycle.workdays
            ],
            data=to_script_json(map_data(plan, scenario)),
        )
    )


def _leaflet_script() -> str:
    """Leaflet without its last line, which names a source map that is not here."""
    lines = _asset("leaflet/leaflet.js").splitlines()
    return "\n".join(line for line in lines if not line.startswith("//# sourceMappingURL"))


@cache
def _asset(name: str) -> str:
    return files("routeplanner.files").joinpath("assets", name).read_text(encoding="utf-8")
