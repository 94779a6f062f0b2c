"""The matrix of a scenario: places, given travel, its hash."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import Policy, VisitRule
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import GivenMatrix, Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import InputError
from routeplanner.files.what_if_sets import read_sets
from routeplanner.planning.what_if.changes import changed
from routeplanner.travel.source import is_travel_alike, travel_matrix
from tests import territories

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat")
RULE = VisitRule(frequency="1/week", service_minutes=10)
IDS = ("S1", "S2", "rep:R1")
MINUTES = ((0, 5, 7.5), (6, 0, 2), (8, 3, 0))
KM = ((0, 1.2345, 2), (1.5, 0, 0.4), (2.1, 0.4, 0))


def scenario(**changes: Any) -> Scenario:
    content = {
        "stores": [
            Store(id="S1", lat=30.0, lon=120.0),
            Store(id="S2", lat=30.01, lon=120.0),
        ],
        "reps": [Rep(id="R1", base_lat=30.0, base_lon=120.01)],
        "policy": Policy(visit_rules={"A": RULE, "B": RULE, "C": RULE}),
        "cycle": Cycle(weeks=1, workdays=WEEK),
    }
    return Scenario.model_validate(content | changes)


def given_matrix(**changes: Any) -> GivenMatrix:
    content = {"source": "travel.csv", "ids": IDS, "minutes": MINUTES, "km": KM}
    return GivenMatrix.model_validate(content | changes)


def test_places_are_stores_bases_and_placed_appointments():
    appointments = [
        Appointment(rep="R1", weekday="mon", start="09:00", end="10:00"),
        Appointment(rep="R1", weekday="fri", start="09:00", end="10:00", lat=30.02, lon=120.0),
    ]
    matrix = travel_matrix(scenario(appointments=appointments))
    assert matrix.ids == ("S1", "S2", "rep:R1", "appointment:1")
    assert matrix.modes == ("car",)
    assert matrix.index()["rep:R1"] == 2
    into, out = (matrix.seconds("car", *ends) for ends in (IDS[::2], IDS[::-2]))
    assert out - into == 180  # parking at the store, none at the base
    assert matrix.seconds("car", "S1", "appointment:1") > 180


def test_one_row_of_times_for_every_mode_in_use():
    reps = [
        Rep(id="R1", base_lat=30.0, base_lon=120.01, mode="walk"),
        Rep(id="R2", base_lat=30.0, base_lon=120.02),
        Rep(id="R3", base_lat=30.0, base_lon=120.03, mode="walk"),
    ]
    matrix = travel_matrix(scenario(reps=reps))
    assert matrix.modes == ("car", "walk")
    assert matrix.travel_s.shape == (2, 5, 5)
    assert matrix.seconds("walk", "S1", "S2") > matrix.seconds("car", "S1", "S2")


def test_given_travel_is_taken_as_it_is():
    matrix = travel_matrix(scenario(matrix=given_matrix()))
    assert matrix.seconds("car", "S1", "S2") == 300
    assert matrix.seconds("car", "S2", "S1") == 360
    assert matrix.seconds("car", "S1", "rep:R1") == 450
    assert matrix.meters("S1", "S2") == 1234
    assert matrix.source == "travel.csv (given)"


def test_given_places_in_another_order_and_too_many():
    order = [2, 0, 1]
    wider = given_matrix(
        ids=("rep:R1", "S1", "S2", "elsewhere"),
        minutes=[[*(MINUTES[a][b] for b in order), 99] for a in order] + [[99] * 4],
        km=[[*(KM[a][b] for b in order), 99] for a in order] + [[99] * 4],
    )
    matrix = travel_matrix(scenario(matrix=wider))
    assert matrix.ids == IDS
    assert matrix.content_hash() == travel_matrix(scenario(matrix=given_matrix())).content_hash()


def test_every_missing_place_is_named():
    stores = [Store(id=f"S{i}", lat=30, lon=120 + i / 100) for i in range(1, 5)]
    with pytest.raises(InputError) as caught:
        travel_matrix(scenario(stores=stores, matrix=given_matrix()))
    assert [issue.code for issue in caught.value.issues] == ["UNKNOWN_TRAVEL_PLACE"] * 2
    assert ["'S3'" in caught.value.issues[0].message, "'S4'" in caught.value.issues[1].message]


def test_a_closed_store_may_be_missing():
    stores = [
        Store(id="S1", lat=30, lon=120),
        Store(id="S2", lat=30, lon=120.01),
        Store(id="S3", lat=30, lon=120.02, status="closed"),
    ]
    assert travel_matrix(scenario(stores=stores, matrix=given_matrix())).ids == IDS


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_times_that_are_no_numbers_are_refused(bad):
    with pytest.raises(ValidationError, match="finite number"):
        given_matrix(minutes=((0, bad, 7), (6, 0, 4), (8, 3, 0)))


def test_negative_times_are_issues():
    minutes = ((0, -1, 7), (6, 0, -1), (8, 3, 0))
    with pytest.raises(InputError) as caught:
        travel_matrix(scenario(matrix=given_matrix(minutes=minutes)))
    assert [issue.code for issue in caught.value.issues] == ["BAD_TRAVEL_TIME"] * 2


def test_hash_is_stable_and_sees_every_change():
    plain = travel_matrix(scenario())
    assert plain.content_hash() == travel_matrix(scenario(language="zh")).content_hash()
    moved = [Store(id="S1", lat=30.0, lon=120.0), Store(id="S2", lat=30.011, lon=120.0)]
    renamed = [Store(id="S1", lat=30.0, lon=120.0), Store(id="S9", lat=30.01, lon=120.0)]
    hashes = {travel_matrix(scenario(stores=stores)).content_hash() for stores in (moved, renamed)}
    assert len(hashes | {plain.content_hash()}) == 3


def test_the_matrix_cannot_be_changed():
    matrix = travel_matrix(scenario())
    with pytest.raises(ValueError, match="read-only"):
        matrix.travel_s[0, 0, 1] = 1
    assert np.all(matrix.travel_s >= 0)


def test_one_matrix_serves_scenarios_that_differ_in_other_things() -> None:
    given = territories.scenario(territories.stores({"A": 2, "B": 2}))

    def is_alike(words: str) -> bool:
        (alternative,) = read_sets([words], given)
        return is_travel_alike(given, changed(given, alternative))

    assert is_alike("A.frequency=2/week hours=08:00-19:00 stores.minutes=9")
    assert not is_alike("travel.park_minutes=9")
    assert not is_alike("reps=+1")
