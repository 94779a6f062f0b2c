"""From a draft to a scenario: cycle, classes, assumed reps, positions, matrix."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from routeplanner.domain.draft import Draft, DraftMatrix
from routeplanner.domain.findings import Origin
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.store import Store
from routeplanner.errors import InputError
from routeplanner.planning.assumed_reps import most_central
from routeplanner.planning.judge_places import positions
from routeplanner.planning.scenario import build_scenario
from routeplanner.travel.source import travel_matrix

RULES = {
    "A": {"frequency": "1/week", "service_minutes": 20},
    "B": {"frequency": "1/2weeks", "service_minutes": 15},
    "C": {"frequency": "1/3weeks", "service_minutes": 10},
}


def policy(**changes: object) -> Policy:
    return Policy.model_validate({"visit_rules": RULES} | changes)


def store(store_id: str, lat: float = 52.5, lon: float = 13.4, **fields: object) -> Store:
    return Store.model_validate({"id": store_id, "name": "", "lat": lat, "lon": lon} | fields)


def draft(stores: Sequence[Store], **fields: object) -> Draft:
    headers = {name: name for name in ("id", "name", "lat", "lon", "sales", "frequency")}
    origins = tuple(Origin("s.csv", row, headers) for row, _ in enumerate(stores, start=2))
    made = Draft(stores=tuple(stores), policy=policy(), store_origins=origins)
    return replace(made, **fields)


def line(n: int = 5, **fields: object) -> list[Store]:
    return [store(f"S{k}", 52.5 + k / 100, sales=100 - k, **fields) for k in range(n)]


def codes(found: Draft) -> list[tuple[str, int | None]]:
    try:
        return [(i.code, i.row) for i in build_scenario(found).warnings]
    except InputError as error:
        return [(i.code, i.row) for i in error.issues]


def test_cycle_is_the_least_common_multiple_of_frequencies_in_use() -> None:
    stores = [store("S1", sales=100), store("S2", 52.6, sales=1, frequency="1/4weeks")]
    scenario = build_scenario(draft(stores))
    assert [s.store_class for s in scenario.stores] == ["A", "C"]
    assert scenario.cycle.weeks == 4  # 1/3weeks of class C is not used


def test_cycle_of_twelve_weeks_is_the_longest() -> None:
    base = [store("S1", sales=9, frequency="1/3weeks")]
    assert build_scenario(draft([*base, store("S2", 52.6, frequency="1/4weeks")])).cycle.weeks == 12
    assert ("CYCLE_TOO_LONG", 3) in codes(draft([*base, store("S2", 52.6, frequency="1/5weeks")]))
    assert ("CYCLE_TOO_LONG", 2) in codes(draft([store("S1", frequency="1/13weeks")]))


def test_given_cycle_wins() -> None:
    found = draft(line(), policy=policy(cycle_weeks=6))
    assert build_scenario(found).cycle.weeks == 6
    with pytest.raises(InputError, match="1/3weeks"):
        build_scenario(draft(line(), policy=policy(cycle_weeks=4)))


def test_no_reps_gives_one_at_the_most_central_store() -> None:
    scenario = build_scenario(draft(line()))
    (rep,) = scenario.reps
    assert (rep.id, rep.base_lat, rep.is_assumed) == ("R01", 52.52, True)
    assert "ASSUMED_REP" in [w.code for w in scenario.warnings]


def test_named_reps_are_assumed_at_the_center_of_their_own_area() -> None:
    west = [store(f"W{k}", 52.5, 13.0 + k / 100, rep="W", sales=5) for k in range(3)]
    east = [store(f"E{k}", 52.5, 14.0 + k / 100, rep="E", sales=5) for k in range(3)]
    scenario = build_scenario(draft([*west, *east]))
    assert [(rep.id, rep.base_lon) for rep in scenario.reps] == [("E", 14.01), ("W", 13.01)]


@pytest.mark.parametrize("n", [50, 3000])
def test_most_central_store_has_the_least_sum_of_distances(n: int) -> None:
    random = np.random.default_rng(1)
    stores = [store(str(k), *random.normal((52.5, 13.4), (0.1, 0.3))) for k in range(n)]
    points = positions(stores)
    sums = [np.linalg.norm(points - point, axis=1).sum() for point in points]
    assert most_central(points) == int(np.argmin(sums))


def test_exchanged_position_is_put_right_and_told() -> None:
    stores = [*line(), store("X", 13.41, 52.55, sales=1)]
    scenario = build_scenario(draft(stores))
    assert (scenario.stores[-1].lat, scenario.stores[-1].lon) == (52.55, 13.41)
    assert ("LAT_LON_SWAPPED", 7) in [(w.code, w.row) for w in scenario.warnings]


def test_all_positions_exchanged_are_found_by_the_base() -> None:
    stores = [store(f"S{k}", 13.4, 52.5 + k / 100, sales=9) for k in range(4)]
    rep = Rep(id="R1", base_lat=52.5, base_lon=13.4)
    found = draft(stores, reps=(rep,), rep_origins=(Origin("r.csv", 2),), has_reps_file=True)
    assert {s.lon for s in build_scenario(found).stores} == {13.4}


@pytest.mark.parametrize(("lat", "is_far"), [(54.28, False), (54.4, True)])
def test_far_is_more_than_200_km_from_all_others(lat: float, is_far: bool) -> None:
    found = codes(draft([store("S1", 52.5), store("S2", 52.5, 13.5), store("S3", lat)]))
    assert (("FAR_FROM_ALL", 4) in found) == is_far


@pytest.mark.parametrize(
    ("name", "meters", "is_told"),
    [
        ("Sun Pharmacy", 0, True),
        ("SUN-Pharmacy", 40, True),
        ("Sun Pharmacy", 60, False),
        ("Sun Pharmacy 2", 0, False),
        ("Moon Bakery", 0, False),
    ],
)
def test_same_place_and_like_name(name: str, meters: float, is_told: bool) -> None:
    first = store("S1", 52.5, 13.4, name="Sun Pharmacy")
    second = store("S2", 52.5 + meters / 111_300, 13.4, name=name)
    assert (("LIKELY_DUPLICATE", 3) in codes(draft([first, second]))) == is_told


def test_ten_thousand_stores_at_one_place_are_judged() -> None:
    stores = [store(f"S{k}", name=f"Kiosk {k % 500}") for k in range(10_000)]
    assert ("LIKELY_DUPLICATE", 502) in codes(draft(stores))


def given(ids: list[str]) -> DraftMatrix:
    n = len(ids)
    minutes = np.arange(n * n, dtype=float).reshape(n, n)
    np.fill_diagonal(minutes, 0)
    return DraftMatrix(Origin("m.csv"), tuple(ids), minutes, minutes / 2)


def test_matrix_is_cut_to_the_places_and_an_assumed_base_takes_its_stores_travel() -> None:
    stores = line(3)
    scenario = build_scenario(draft(stores, matrix=given(["S9", "S2", "S1", "S0"])))
    matrix = travel_matrix(scenario)
    assert set(matrix.ids) == {"S0", "S1", "S2", "rep:R01"}
    assert matrix.seconds("car", "S0", "S1") == 14 * 60  # row 3, column 2 of four
    assert matrix.seconds("car", "S1", "S0") == 11 * 60
    assert matrix.seconds("car", "rep:R01", "S0") == matrix.seconds("car", "S1", "S0")


def test_missing_pair_is_named() -> None:
    matrix = given(["S0", "S1", "rep:R01"])
    matrix.minutes[0, 1] = np.nan
    with pytest.raises(InputError, match="from S0 to S1"):
        build_scenario(draft(line(2), matrix=matrix))


def test_closed_stores_are_kept_and_need_no_matrix() -> None:
    stores = [*line(2), store("Z", 52.6, status="closed")]
    scenario = build_scenario(draft(stores, matrix=given(["S0", "S1", "rep:R01"])))
    assert [s.id for s in scenario.stores] == ["S0", "S1", "Z"]


def test_a_class_near_its_line_is_no_contradiction() -> None:
    # 43 % and 45 % of sales stand before the second store: the margin of the 40 % line is 4 points
    for first, is_told in ((43, False), (45, True)):
        stores = [
            store("S1", 52.5, sales=first),
            store("S2", 52.6, sales=40, **{"class": "A"}),
            store("S3", 52.7, sales=60 - first),
        ]
        found = codes(draft(stores))
        assert (("CLASS_CONTRADICTS_SALES", 3) in found) == is_told


def test_same_draft_same_hash() -> None:
    assert (
        build_scenario(draft(line())).content_hash() == build_scenario(draft(line())).content_hash()
    )
