"""The small map on a day sheet: a route's stops and straight lines, scaled into a box."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from routeplanner.domain.plan import Route
from routeplanner.domain.scenario import Scenario
from routeplanner.files.route_groups import Position, located_stops

WIDTH, HEIGHT, MARGIN = 240, 170, 16


@dataclass(frozen=True, slots=True)
class SketchPoint:
    """A stop in the box; `number` of a visit, none for the start and end place."""

    x: float
    y: float
    kind: str
    number: int | None


def sketch_points(route: Route, scenario: Scenario) -> list[SketchPoint]:
    """The located stops of a route, north up, distances true to each other."""
    located = list(located_stops(route, scenario))
    places = _scaled([position for _, position in located])
    return [
        SketchPoint(x, y, stop.kind, stop.position)
        for (stop, _), (x, y) in zip(located, places, strict=True)
    ]


def _scaled(positions: Sequence[Position]) -> list[tuple[float, float]]:
    if not positions:
        return []
    south, north = min(lat for lat, _ in positions), max(lat for lat, _ in positions)
    west, east = min(lon for _, lon in positions), max(lon for _, lon in positions)
    narrowed = cos(radians((south + north) / 2))
    width, height = (east - west) * narrowed, north - south
    scale = min(
        (WIDTH - 2 * MARGIN) / width if width else float("inf"),
        (HEIGHT - 2 * MARGIN) / height if height else float("inf"),
    )
    if scale == float("inf"):
        scale = 0.0
    return [
        (
            round(WIDTH / 2 + ((lon - west) * narrowed - width / 2) * scale, 1),
            round(HEIGHT / 2 - ((lat - south) - height / 2) * scale, 1),
        )
        for lat, lon in positions
    ]
