"""Estimated travel: distances against the geodesic, speeds, parking, sites."""

from dataclasses import replace

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import assume, given
from hypothesis import strategies as st

from routeplanner.domain.policy import TravelRules
from routeplanner.errors import InputError
from routeplanner.travel.estimated import EstimatedTravel
from routeplanner.travel.matrix import Place
from routeplanner.travel.sites import sites_of

METER = 1 / 110_852  # degrees of latitude at 30 degrees north
CROW = TravelRules(detour=1, same_site_meters=0)

positions = st.tuples(st.floats(-80, 80), st.floats(-180, 180))


def row(*meters_north: float, site: str | None = None) -> tuple[Place, ...]:
    """Places on a line to the north."""
    return tuple(
        Place(f"S{i}", 30 + north * METER, 120, site) for i, north in enumerate(meters_north)
    )


@given(positions, st.tuples(st.floats(-2, 2), st.floats(-2, 2)))
def test_distance_is_the_geodesic_within_a_territory(start, offset):
    end = (start[0] + offset[0], max(-180, min(180, start[1] + offset[1])))
    matrix = EstimatedTravel(CROW).matrix((Place("a", *start), Place("b", *end)), ("car",))
    assert matrix.meters("a", "b") == pytest.approx(geodesic(start, end).m, rel=1e-4, abs=1)


@given(positions, st.tuples(st.floats(-10, 10), st.floats(-10, 10)))
def test_distance_is_near_the_geodesic_beyond_it(start, offset):
    end = (start[0] + offset[0], max(-180, min(180, start[1] + offset[1])))
    matrix = EstimatedTravel(CROW).matrix((Place("a", *start), Place("b", *end)), ("car",))
    assert matrix.meters("a", "b") == pytest.approx(geodesic(start, end).m, rel=0.005, abs=1)


def test_places_on_both_sides_of_the_date_line_and_of_the_earth():
    places = (Place("west", 0, 179.95), Place("east", 0, -179.95), Place("far", 0, -0.05))
    matrix = EstimatedTravel(CROW).matrix(places, ("car",))
    assert matrix.meters("west", "east") == pytest.approx(11_132, abs=1)
    assert matrix.meters("west", "far") == pytest.approx(20_004_000, rel=0.005)


def test_speed_detour_and_parking():
    rules = TravelRules(speed_kmh={"car": 18, "walk": 4.5}, detour=1.3, park_minutes=3)
    matrix = EstimatedTravel(rules).matrix(row(0, 1000), ("car", "walk"))
    assert matrix.meters("S0", "S1") == 1300
    assert matrix.seconds("car", "S0", "S1") == 1300 / 5 + 180
    assert matrix.seconds("walk", "S0", "S1") == 1300 / 1.25 + 180
    assert matrix.seconds("car", "S0", "S0") == matrix.meters("S0", "S0") == 0


def test_nobody_parks_at_a_base():
    store, base = row(0, 1000)
    matrix = EstimatedTravel(TravelRules()).matrix((store, replace(base, is_base=True)), ("car",))
    assert matrix.seconds("car", "S0", "S1") == 260
    assert matrix.seconds("car", "S1", "S0") == 260 + 180


def test_within_a_site_two_minutes_on_foot_and_the_true_distance():
    places = (*row(0, 20, 60, site="Mall"), Place("other", 30 + 1060 * METER, 120))
    matrix = EstimatedTravel(TravelRules()).matrix(places, ("car", "e-bike"))
    for mode in matrix.modes:
        assert matrix.seconds(mode, "S0", "S2") == matrix.seconds(mode, "S2", "S1") == 120
    assert matrix.meters("S0", "S2") == 60
    assert matrix.seconds("car", "S2", "other") == 260 + 180  # parking once, on entering


@pytest.mark.parametrize(("apart", "seconds"), [(49.9, 120), (50.1, round(50.1 * 1.3 / 5 + 180))])
def test_near_stores_are_one_site_up_to_its_limit(apart, seconds):
    matrix = EstimatedTravel(TravelRules()).matrix(row(0, apart), ("car",))
    assert matrix.seconds("car", "S0", "S1") == seconds


def test_a_long_chain_of_near_stores_is_walked():
    matrix = EstimatedTravel(TravelRules()).matrix(row(*range(0, 240, 40)), ("car",))
    assert matrix.seconds("car", "S0", "S1") == 120
    assert matrix.meters("S0", "S5") == 200
    assert matrix.seconds("car", "S0", "S5") == 208  # 200 m x 1.3 at 4.5 km/h
    assert matrix.seconds("car", "S5", "S0") == 208


def test_sites_by_name_and_by_nearness():
    named = (Place("a", 30, 120, "X"), Place("b", 30.5, 120, "X"), Place("c", 30, 120, "Y"))
    near = (Place("d", 30, 120), Place("e", 30 + 40 * METER, 120), Place("f", 31, 120))
    assert sites_of((*named, *near), 50) == ((0, 1), (2,), (3, 4), (5,))


def test_sites_at_the_edges_of_grid_cells():
    corners = [(30 + north * METER, 120 + east * METER) for north in (0, 49) for east in (0, 49)]
    places = tuple(Place(str(i), lat, lon) for i, (lat, lon) in enumerate(corners))
    assert sites_of(places, 50) == ((0, 1, 2, 3),)
    assert sites_of(places, 48) == ((0, 1), (2, 3))  # a degree of longitude is shorter there


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=1, max_size=25))
def test_sites_are_the_chains_that_comparing_all_pairs_finds(offsets):
    places = [Place(str(i), 30 + n * METER, 120 + e * METER) for i, (n, e) in enumerate(offsets)]
    crow = EstimatedTravel(CROW).matrix(tuple(places), ("car",))
    assume(not np.any((crow.travel_m >= 49) & (crow.travel_m <= 51)))
    group_of = list(range(len(places)))
    for a, b in np.argwhere(crow.travel_m <= 50):
        group_of = [group_of[a] if group == group_of[b] else group for group in group_of]
    sites = sites_of(places, 50)
    assert sorted(i for site in sites for i in site) == list(range(len(places)))
    assert len(sites) == len(set(group_of))
    assert all(len({group_of[i] for i in site}) == 1 for site in sites)


def test_stores_see_the_same_both_ways_in_whole_seconds():
    rng = np.random.default_rng(1)
    places = tuple(
        Place(str(i), *position) for i, position in enumerate(rng.uniform(30, 30.05, (300, 2)))
    )
    matrix = EstimatedTravel(TravelRules()).matrix(places, ("car",))
    assert matrix.travel_s.dtype == matrix.travel_m.dtype == np.int64
    assert np.array_equal(matrix.travel_s[0], matrix.travel_s[0].T)
    assert np.array_equal(matrix.travel_m, matrix.travel_m.T)
    assert not np.any(np.diagonal(matrix.travel_s[0]))


def test_the_sentence_names_what_was_assumed():
    one = EstimatedTravel(TravelRules()).matrix(row(0, 9), ("car",))
    assert one.source == "straight line × 1.3 at 18 km/h + 3 min to park and enter (estimated)"
    two = EstimatedTravel(TravelRules()).matrix(row(0, 9), ("car", "walk"))
    assert "18 km/h by car, 4.5 km/h on foot" in two.source
    chinese = EstimatedTravel(TravelRules(), "zh").matrix(row(0, 9), ("e-bike",))
    assert "时速 15 公里" in chinese.source


@pytest.mark.parametrize("speeds", [{"car": 18}, {"car": 18, "e-bike": 0}])
def test_a_mode_without_speed_is_an_issue(speeds):
    with pytest.raises(InputError) as caught:
        EstimatedTravel(TravelRules(speed_kmh=speeds)).matrix(row(0, 9), ("car", "e-bike"))
    assert [issue.code for issue in caught.value.issues] == ["NO_SPEED"]
    assert caught.value.issues[0].path == "policy.travel.speed_kmh.e-bike"


def test_a_matrix_of_many_places_is_half_as_wide_and_says_the_same(
    monkeypatch: pytest.MonkeyPatch,
):
    places = tuple(Place(f"s{i}", 52.5 + i / 100, 13.4) for i in range(4))
    usual = EstimatedTravel(TravelRules()).matrix(places, ("car",))
    monkeypatch.setattr("routeplanner.travel.matrix.MANY_PLACES", 3)
    half = EstimatedTravel(TravelRules()).matrix(places, ("car",))
    assert (usual.travel_s.dtype, half.travel_s.dtype) == (np.int64, np.int32)
    assert half.content_hash() == usual.content_hash()
