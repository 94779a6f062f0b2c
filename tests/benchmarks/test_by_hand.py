"""Routes by hand: every required visit once, sectors of about equal work, readable as a list."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.by_hand import by_hand, main, write_by_hand
from routeplanner.domain.visits import required_visits
from routeplanner.files.routes_csv_in import read_route_rows
from routeplanner.planning.checker import check_plan
from routeplanner.planning.edited import plan_from_rows
from routeplanner.travel.source import travel_matrix
from tests.territories import policy, rep, scenario, store, stores

FIVE_DAYS = policy(
    workdays=["mon", "tue", "wed", "thu", "fri"],
    visit_rules={
        "A": {"frequency": "1/week", "service_minutes": 20},
        "B": {"frequency": "1/2weeks", "service_minutes": 15},
        "C": {"frequency": "1/4weeks", "service_minutes": 10},
    },
)


def test_a_list_that_reads_back_as_a_plan_without_broken_rules(tmp_path: Path) -> None:
    given = scenario(stores({"A": 5, "B": 15, "C": 40}, seed=3), FIVE_DAYS, weeks=4)
    n = write_by_hand(given, tmp_path / "today.csv")
    rows = read_route_rows(tmp_path / "today.csv", "en", 4)
    assert len(rows) == n == 5 * 4 + 15 * 2 + 40
    matrix = travel_matrix(given)
    plan = plan_from_rows(given, rows, matrix).plan
    assert check_plan(given, plan, matrix) == ()
    # A store keeps its weekday, and no weekday has a much larger share of the work.
    assert plan.measures.same_weekday_share == 1
    work = Counter({day.weekday: 0.0 for day in plan.measures.by_day})
    for day in plan.measures.by_day:
        work[day.weekday] += day.work_minutes
    assert max(work.values()) < 1.25 * min(work.values())


@pytest.mark.parametrize(
    "frequency", ["daily", "3/week", "2/week", "1/3weeks", "2/4weeks", "3/2weeks"]
)
def test_every_frequency_gets_its_visits(frequency: str) -> None:
    places = [
        store(f"S{n}", "C", frequency=frequency, lat=52.5 + n / 100, lon=13.3 + n / 60)
        for n in range(7)
    ]
    given = scenario(places, FIVE_DAYS, weeks=12)
    visits = Counter(item.id for own in by_hand(given).values() for item in own)
    due = required_visits(places[0], given.policy, given.cycle, given.reps)
    assert set(visits.values()) == {due}
    assert all(len({item.id for item in own}) == len(own) for own in by_hand(given).values())


def test_a_closed_weekday_moves_the_store_to_the_next() -> None:
    places = [store("S1", "A", closed_days=["mon", "tue"])]
    given = scenario(places, FIVE_DAYS, [rep()], weeks=4)
    assert {weekday for _, _, weekday in by_hand(given)} == {"wed"}


def test_the_command_tells_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "today.csv"
    assert main([str(tmp_path / "none.csv"), "--out", str(out)]) == 2
    assert "none.csv" in capsys.readouterr().err
    assert not out.exists()
