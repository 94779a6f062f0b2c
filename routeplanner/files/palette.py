"""Colors that the workbook, the map and the day sheets share: one per route, one per class.

Hues are those of Okabe and Ito (Color Universal Design, 2008), which people with the common forms
of color blindness can tell apart. A label is always written beside its color.
"""

import re
from collections.abc import Iterable, Sequence

from routeplanner.domain.plan import Plan

BLACK = "#000000"
WHITE = "#FFFFFF"
WARNING = "#C00000"  # over the day, not scheduled
QUIET = "#595959"  # rows that are no stores, notes
APPOINTMENT = "#70757A"  # days of appointments only: no route's color

# Neighboring labels get neighboring entries, so these alternate between dark and light.
_HUES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#6B4E9B")
_SHADES = (0.0, 0.45, -0.4)  # toward white (positive) or black (negative)
_CLASS_COLORS = ("#1B5E7A", "#7FB7CE", "#DCEBF2")  # one hue, dark to light: classes have an order
_PIECES = re.compile(r"\d+|\D+")
_LABEL = re.compile(r"^(.*?\d+)([a-z]*)$")


def natural_key(label: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts T2 before T10, and T1 before T1a."""
    pieces = _PIECES.findall(label)
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in pieces)


def color_of_route(label: str, labels: Iterable[str]) -> str:
    """The color of a route among all labels of its plan.

    Variants of one route (T1a, T1b) share a hue and differ in shade. Beyond 24 routes colors
    repeat.
    """
    ordered = sorted({*labels, label}, key=natural_key)
    stems = list(dict.fromkeys(_stem(other) for other in ordered))
    variants = [other for other in ordered if _stem(other) == _stem(label)]
    place, shade = stems.index(_stem(label)), variants.index(label)
    is_tight = len(stems) > len(_HUES) or any(
        sum(_stem(other) == stem for other in ordered) > len(_SHADES) for stem in stems
    )
    if is_tight:
        shade, place = divmod(ordered.index(label), len(_HUES))
    return _shaded(_HUES[place], _SHADES[shade % len(_SHADES)])


def route_colors(plan: Plan) -> dict[str, str]:
    """Label to color for every route of a plan, in natural order; a day without visits is none."""
    labels = sorted({route.template for route in plan.routes if route.visits}, key=natural_key)
    return {label: color_of_route(label, labels) for label in labels}


def weekday_colors() -> tuple[str, ...]:
    """Colors of Monday to Sunday."""
    return _HUES[:7]


def color_of_class(label: str, labels: Sequence[str]) -> str:
    """The color of a store class; dark is the best class."""
    place = labels.index(label) if label in labels else len(labels) - 1
    last = len(_CLASS_COLORS) - 1
    return _CLASS_COLORS[round(place * last / max(len(labels) - 1, 1))]


def text_on(color: str) -> str:
    """Black or white, whichever has the greater contrast on a color (WCAG 2 relative luminance)."""
    light = _luminance(color)
    return BLACK if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else WHITE


def _stem(label: str) -> str:
    match = _LABEL.match(label)
    return match[1] if match else label


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))


def _shaded(color: str, shade: float) -> str:
    target = 255 if shade > 0 else 0
    mixed = (round(c + (target - c) * abs(shade)) for c in _channels(color))
    return "#" + "".join(f"{c:02X}" for c in mixed)


def _luminance(color: str) -> float:
    parts = (c / 255 for c in _channels(color))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
