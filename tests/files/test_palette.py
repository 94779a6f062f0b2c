"""The shared palette: distinct, legible, and stable."""

import pytest

from routeplanner.files.palette import (
    BLACK,
    WHITE,
    color_of_class,
    color_of_route,
    natural_key,
    route_colors,
    text_on,
)
from tests.sample_plans import sample_plan, sample_scenario


def _contrast(first: str, second: str) -> float:
    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("n_routes", [1, 4, 8, 9, 24])
def test_up_to_24_routes_have_a_color_of_their_own(n_routes: int) -> None:
    labels = [f"T{i}" for i in range(1, n_routes + 1)]
    assert len({color_of_route(label, labels) for label in labels}) == n_routes


def test_more_routes_than_colors_still_have_one() -> None:
    labels = [f"T{i}" for i in range(1, 61)]
    assert all(color_of_route(label, labels).startswith("#") for label in labels)


def test_variants_share_the_hue_of_their_route() -> None:
    labels = ["T1a", "T1b", "T2"]
    colors = {label: color_of_route(label, labels) for label in labels}
    assert len(set(colors.values())) == 3
    assert colors["T1a"] == color_of_route("T1", ["T1", "T2"])


def test_order_and_repetition_of_labels_do_not_matter() -> None:
    assert color_of_route("T2", ["T10", "T2", "T1"]) == color_of_route(
        "T2", ["T1", "T2", "T2", "T10"]
    )


def test_text_reads_on_every_color() -> None:
    labels = [f"T{i}" for i in range(1, 25)]
    colors = [color_of_route(label, labels) for label in labels]
    colors += [color_of_class(label, ("A", "B", "C")) for label in "ABC"]
    for color in colors:
        assert text_on(color) in (BLACK, WHITE)
        assert _contrast(color, text_on(color)) >= 4.5


def test_classes_go_from_dark_to_light() -> None:
    dark, *_, light = (color_of_class(label, ("A", "B", "C", "D")) for label in "ABCD")
    assert _contrast(dark, WHITE) > _contrast(light, WHITE)


def test_labels_sort_as_people_count() -> None:
    assert sorted(["T10", "T2", "T1b", "T1", "T1a"], key=natural_key) == [
        "T1",
        "T1a",
        "T1b",
        "T2",
        "T10",
    ]


def test_a_plan_has_a_color_for_each_of_its_routes() -> None:
    colors = route_colors(sample_plan(sample_scenario(n_reps=2)))
    assert list(colors) == ["T1", "T2", "T3", "T4"]
