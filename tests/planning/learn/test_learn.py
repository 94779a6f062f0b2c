"""Planted minutes, speeds and outliers are found again in visits that were made."""

import random

import pytest

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.learned import Learned
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.learn import learn
from routeplanner.travel.source import travel_matrix
from tests.driven import driven
from tests.planning.small_plans import small_scenario
from tests.territories import policy, rep, scenario, store, stores

PLANTED = {"A": 40.0, "B": 15.0, "C": 7.0}  # planned are 30, 15, 10


def territory(seed: int = 0) -> Scenario:
    return scenario(stores({"A": 4, "B": 6, "C": 10}, seed=seed, spread=0.06))


def learned(given: Scenario, visits: list[DrivenVisit]) -> Learned:
    return learn(given, visits, travel_matrix(given))


def left_out(found: Learned) -> dict[tuple[str, str], int]:
    return {(row.kind, row.reason): row.n for row in found.left_out}


@pytest.mark.parametrize("seed", range(4))
def test_planted_minutes_and_travel_are_found_in_spite_of_outliers(seed: int) -> None:
    given = territory(seed)
    visits = driven(given, PLANTED, kmh=12, park_minutes=6, outliers=0.04, days=60, seed=seed)
    found = learned(given, visits)
    rows = {row.store_class: row for row in found.classes}
    assert rows["A"].proposed_minutes == pytest.approx(40, abs=3)
    assert (rows["B"].verdict, rows["B"].proposed_minutes) in [("agrees", None), ("differs", 16)]
    assert rows["C"].proposed_minutes == pytest.approx(7, abs=0.5)
    (car,) = found.travel
    assert car.is_separated
    assert car.proposed_kmh == pytest.approx(12, abs=1.5)
    assert car.proposed_park_minutes == pytest.approx(6, abs=1.5)
    paths = {change.path: change for change in found.changes}
    assert paths["visit_rules", "A", "service_minutes"].now == 30
    assert paths["travel", "speed_kmh", "car"].n == found.n_ways
    # Every planted outlier of a visit lasts ten times as long as usual, each stop 90 minutes.
    assert left_out(found)["visit", "far_longer"] > 0
    assert left_out(found)["way", "stop"] > 0
    assert found.n_visits + sum(r.n for r in found.left_out if r.kind == "visit") == len(visits)
    n_ways = sum(visit.travel_minutes is not None for visit in visits)
    assert found.n_ways + sum(r.n for r in found.left_out if r.kind == "way") == n_ways


def test_what_is_as_planned_stays() -> None:
    given = territory()
    planned = {"A": 30.0, "B": 15.0, "C": 10.0}
    found = learned(given, driven(given, planned, kmh=18, park_minutes=3, noise=0.01))
    assert {row.verdict for row in found.classes} == {"agrees"}
    assert found.travel[0].verdict == "agrees"
    assert found.changes == ()
    assert [store.store_id for store in found.stores if store.verdict == "differs"] == []
    assert found.left_out == ()


def test_a_store_that_differs_gets_minutes_of_its_own() -> None:
    given = territory()
    visits = driven(given, PLANTED, own={"C03": 30.0}, kmh=18, park_minutes=3, noise=0.1)
    found = learned(given, visits)
    (other,) = [store for store in found.stores if store.verdict == "differs"]
    assert other.store_id == "C03"
    n, median = other.minutes.n, other.minutes.median
    assert other.usual_minutes == 7
    assert other.proposed_minutes == round((n * median + 2 * 7) / (n + 2))


def visit(store_id: str, minutes: float, **more: object) -> DrivenVisit:
    return DrivenVisit.model_validate(
        {"store_id": store_id, "minutes_in_store": minutes, "row": 0} | more
    )


def test_few_visits_propose_nothing() -> None:
    """Four visits of a store, nine of a class and nineteen ways are one short each."""
    given = small_scenario()
    visits = [visit("B1", 90) for _ in range(4)] + [visit("B2", 90) for _ in range(4)]
    visits += [visit("B2", 90)]
    found = learned(given, visits)
    (b,) = [row for row in found.classes if row.store_class == "B"]
    assert (b.verdict, b.proposed_minutes, b.stores) == ("too_few", None, 2)
    verdicts = {store.store_id: store.verdict for store in found.stores}
    assert verdicts == {"B1": "too_few", "B2": "differs"}  # five visits of B2
    # (5 * 90 + 2 * 45) / 7 = 77.1
    assert [store.proposed_minutes for store in found.stores] == [None, 77]
    (b,) = [r for r in learned(given, [*visits, visit("B1", 90)]).classes if r.store_class == "B"]
    assert b.proposed_minutes == 90


def way(minutes: float, came: int = 15 * 3600, store: str = "B1", **more: object) -> DrivenVisit:
    given = {"rep": "R1", "started": came, "travel_minutes": minutes, "before_store_id": "A1"}
    return visit(store, 45, **(given | more))


def test_a_matrix_of_the_users_own_is_told_a_factor() -> None:
    """Ten minutes everywhere that take fifteen."""
    found = learned(small_scenario(), [way(15)] * 19)
    assert found.travel[0].verdict == "too_few"
    found = learned(small_scenario(), [way(15)] * 20)
    assert found.is_matrix_given
    assert (found.travel[0].factor.median, found.travel[0].verdict) == (1.5, "differs")
    assert found.changes == ()


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (way(45, came=12 * 3600 + 1800), "lunch"),  # 35 minutes above ten, of 60 of lunch
        (way(60), "stop"),
        (way(200), "break"),
        (way(2), "too_fast"),  # five kilometers
        (way(10, before_store_id="B1"), "same_store"),
        (way(10, before_store_id="Z9"), "unknown_store"),
    ],
)
def test_ways_that_say_nothing_are_counted_by_their_reason(odd: DrivenVisit, reason: str) -> None:
    found = learned(small_scenario(), [*[way(11)] * 20, odd])
    assert left_out(found) == {("way", reason): 1}
    assert found.n_ways == 20


def test_visits_that_say_nothing_are_counted_by_their_reason() -> None:
    usual = [visit("B1", 45) for _ in range(10)]
    odd = [visit("Z9", 45), visit("X1", 45), visit("B1", 0.5), visit("B1", 300)]
    found = learned(small_scenario(), usual + odd)
    assert {reason for _, reason in left_out(found)} == {
        "unknown_store",
        "not_planned",
        "no_time",
        "far_longer",
    }
    assert (found.n_visits, found.unknown_stores) == (10, ("Z9",))


def test_a_rep_without_a_known_way_of_travel() -> None:
    given = scenario(stores({"C": 4}), reps=[rep("R1"), rep("R2", mode="walk")])
    found = learned(given, [way(10, store="C01", before_store_id="C02", rep="Somebody")])
    assert left_out(found) == {("way", "unknown_rep"): 1}


def test_classes_are_told_apart_with_all_their_stores() -> None:
    """A store that states its minutes counts too; a class without visits has no row."""
    given = scenario(
        [
            store("A1", "A", service_minutes=50),
            store("A2", "A", lon=13.45),
            store("B1", "B", lon=13.5),
        ]
    )
    planned = travel_matrix(given).seconds("car", "A2", "B1") / 60
    visits = [
        *(visit("A1", 100) for _ in range(3)),  # twice its own 50
        *(visit("A2", 30) for _ in range(1)),  # as its class
        way(2 * planned, store="B1", before_store_id="A2", minutes_in_store=15),
        way(3 * planned, store="A2", before_store_id="B1", minutes_in_store=60),
    ]
    groups = {g.name: g for g in learned(given, visits).groups if g.kind == "class"}
    found = {
        name: [(each.n, round(each.median, 2)) if each else None for each in (g.visits, g.ways)]
        for name, g in groups.items()
    }
    assert found == {"A": [(5, 2), (1, 3)], "B": [(1, 1), (1, 2)]}


def test_hours_and_reps_are_told_apart() -> None:
    visits = [way(10, came=9 * 3600 + 1800)] * 3 + [way(20, came=17 * 3600, rep="R2")] * 3
    found = learned(small_scenario(), visits)
    factors = {(g.kind, g.name): g.ways.median for g in found.groups if g.ways is not None}
    # Left at 9:20 and at 16:40.
    assert factors == {
        ("all", ""): 1.5,
        ("class", "B"): 1.5,
        ("rep", "R1"): 1,
        ("rep", "R2"): 2,
        ("hour", "09"): 1,
        ("hour", "16"): 2,
    }


def test_speed_and_parking_that_cannot_be_told_apart_are_both_stretched() -> None:
    """Two stores, so one distance: all that is known is the factor."""
    given = scenario(stores({"C": 2}, spread=0.05), policy())
    planned = travel_matrix(given).seconds("car", "C02", "C01") / 60
    visits = [way(1.5 * planned, store="C01", before_store_id="C02") for _ in range(30)]
    (car,) = learned(given, visits).travel
    assert not car.is_separated
    assert (car.proposed_kmh, car.proposed_park_minutes) == (12, 4.5)


def test_a_second_mode_learns_its_speed_beside_the_parking_of_the_first() -> None:
    given = scenario(
        stores({"C": 20}, seed=3, spread=0.05), reps=[rep("R1"), rep("R2", mode="walk")]
    )
    one = driven(given, {"C": 10.0}, kmh=12, park_minutes=5, noise=0.05)
    car = [visit for visit in one if visit.rep == "R1"]
    walk = driven(given, {"C": 10.0}, kmh=4, park_minutes=5, noise=0.05, days=10)
    found = learned(given, car + [visit for visit in walk if visit.rep == "R2"])
    speeds = {row.mode: row.proposed_kmh for row in found.travel}
    assert speeds["car"] == pytest.approx(12, abs=0.5)
    assert speeds["walk"] == pytest.approx(4, abs=0.15)
    assert found.travel[0].mode == "car"


def test_order_of_visits_does_not_matter() -> None:
    given = territory()
    visits = driven(given, PLANTED, kmh=15, park_minutes=5, outliers=0.05, days=12)
    mixed = random.Random(0).sample(visits, len(visits))
    assert learned(given, mixed).changes == learned(given, visits).changes
