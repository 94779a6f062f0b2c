"""The samples are what their README says, and plans come of them."""

from collections import Counter
from pathlib import Path

import pytest

from routeplanner.domain.scenario import Scenario
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import make_plan
from routeplanner.planning.scenario import build_scenario
from routeplanner.planning.workload import workload
from routeplanner.travel.coordinates import to_wgs84
from routeplanner.travel.source import travel_matrix

SAMPLES = Path(__file__).parent.parent / "data" / "samples"


def berlin(policy: str = "five-day") -> Scenario:
    folder = SAMPLES / "berlin"
    return build_scenario(
        read_inputs(folder / "stores.csv", reps=folder / "reps.csv", policy=policy)
    )


def china() -> Scenario:
    folder = SAMPLES / "china"
    draft = read_inputs(
        folder / "门店.csv",
        reps=folder / "业务员.csv",
        policy="handbook-example",
        coordinates="gcj02",
    )
    return build_scenario(draft)


def classes(scenario: Scenario) -> dict[str | None, int]:
    return dict(Counter(store.store_class for store in scenario.stores))


def filled(scenario: Scenario) -> float:
    (rep,) = workload(scenario, travel_matrix(scenario)).reps
    return (rep.in_store_hours + rep.travel_hours) / rep.available_hours


def test_berlin_is_the_territory_that_the_readme_describes():
    scenario = berlin()
    assert len(scenario.stores) == 150
    assert classes(scenario) == {"A": 16, "B": 48, "C": 86}
    assert scenario.language == "en"
    assert not scenario.warnings
    assert sum(store.opening_hours is None for store in scenario.stores) < 15
    assert {"district", "neighborhood"} <= set(scenario.stores[0].extra)
    sales = sorted((store.sales or 0 for store in scenario.stores), reverse=True)
    assert sum(sales[:45]) / sum(sales) == pytest.approx(0.7, abs=0.02)


def test_berlin_fits_five_days_and_not_the_handbook():
    assert 0.6 < filled(berlin()) < 0.8
    assert 1.8 < filled(berlin("handbook")) < 2.6


def test_the_chinese_city_is_the_one_that_the_readme_describes():
    scenario = china()
    assert classes(scenario) == {"A": 5, "B": 13, "C": 22}
    assert scenario.language == "zh"
    assert not scenario.warnings
    mall = [store for store in scenario.stores if store.site]
    assert len(mall) == 6
    assert len({(store.lat, store.lon) for store in mall}) == 1
    assert {store.store_class for store in mall} == {"A", "B", "C"}
    matrix = travel_matrix(scenario)
    assert matrix.seconds("car", mall[0].id, mall[1].id) == 120
    for store in scenario.stores:
        assert store.given_lat is not None
        assert store.given_lon is not None
        assert (store.lat, store.lon) == pytest.approx(
            to_wgs84(store.given_lat, store.given_lon, "gcj02"), abs=1e-9
        )
        assert store.id.startswith("00")
        assert store.extra["供货渠道"] in ("直供", "经销商")


@pytest.mark.parametrize("sample", [berlin, china])
def test_everything_is_scheduled_and_clean(sample):
    scenario = sample()
    matrix = travel_matrix(scenario)
    plan = make_plan(scenario, iterations=3, seed=1, matrix=matrix)
    assert plan.is_complete
    assert check_plan(scenario, plan, matrix) == ()


def test_licenses_are_beside_the_data():
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert "OpenStreetMap" in readme
    assert "Open Database License" in readme
    assert "Sales are invented" in readme


def test_berlin_under_the_handbook_falls_short_in_the_stated_order() -> None:
    """Every store has a visit; beyond the first, B only where no A fits."""
    scenario = berlin("handbook")
    plan = make_plan(scenario, iterations=3000)
    assert not plan.is_complete
    assert all(item.served >= 1 for item in plan.unserved)
    found = plan.measures.by_class
    assert found["C"].scheduled == found["C"].required
    assert found["B"].scheduled <= found["B"].stores + 2
    assert found["A"].scheduled >= 2 * found["A"].stores
    assert check_plan(scenario, plan, travel_matrix(scenario)) == ()
