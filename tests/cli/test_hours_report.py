"""What the command line prints of hours and levers, and of a plan that falls short."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from routeplanner.cli import main
from routeplanner.cli.hours_report import hours_table, levers_table, preset_of
from routeplanner.cli.plan_report import headline, under_half
from routeplanner.domain.plan import Plan, Unserved
from routeplanner.files.policy import PRESETS, load_policy
from routeplanner.planning.levers import levers
from routeplanner.planning.plan import make_plan
from routeplanner.planning.workload import workload
from routeplanner.travel.source import travel_matrix
from tests.territories import policy, scenario, stores

BERLIN = Path(__file__).parents[2] / "data" / "samples" / "berlin"


def hours_of(tmp_path: Path, *lines: str) -> str:
    """What `hours` prints of the Berlin sample under a policy of some lines."""
    path = tmp_path / "policy.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    names = ["hours", str(BERLIN / "stores.csv"), "--reps", str(BERLIN / "reps.csv")]
    result = CliRunner().invoke(main, [*names, "--policy", str(path)])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_block_under_the_table_is_a_policy_that_fits(tmp_path: Path) -> None:
    names = ["hours", str(BERLIN / "stores.csv"), "--reps", str(BERLIN / "reps.csv")]
    told = CliRunner().invoke(main, [*names, "--policy", "handbook"]).output
    assert told.startswith("Policy handbook: ")
    lines = told.splitlines()
    first = lines.index('extends = "handbook"')
    block = lines[first : lines.index("", first)]
    assert "It fits" in hours_of(tmp_path, *block)


def test_a_policy_of_ones_own_is_not_called_a_preset(tmp_path: Path) -> None:
    told = hours_of(tmp_path, 'extends = "handbook"', "visit_rules.A.service_minutes = 45")
    assert told.startswith("Your policy: ")
    assert "into your policy file" in told
    assert "extends" not in told


@pytest.mark.parametrize("name", PRESETS)
def test_only_an_unchanged_preset_is_one(name: str) -> None:
    rules = load_policy(name)
    assert preset_of(rules) == name
    assert preset_of(rules.model_copy(update={"cycle_weeks": 8})) is None


def test_rows_are_days_without_a_calendar_and_routes_with_one() -> None:
    places = stores({"A": 2, "B": 4, "C": 6})
    free = scenario(places)
    heads = [str(c.header) for c in hours_table(workload(free, travel_matrix(free)), "en").columns]
    assert heads[1] == "Day"
    rules = policy(calendar=[["T1", "T2", "T1", "T2", "T1", "T3"]] * 2)
    given = scenario(places, rules)
    found = workload(given, travel_matrix(given))
    assert [str(c.header) for c in hours_table(found, "en").columns][1] == "Route"


def test_a_limit_in_store_has_its_column() -> None:
    given = scenario(stores({"A": 2}), policy(working_day={"in_store_limit": 0.5}))
    table = hours_table(workload(given, travel_matrix(given)), "en")
    assert "At most in store h" in [str(column.header) for column in table.columns]


def test_a_column_of_marks_is_there_where_a_change_fits() -> None:
    for n, n_columns in ((30, 4), (20, 5)):
        given = scenario(stores({"A": n, "B": 10}))
        matrix = travel_matrix(given)
        found = levers(given, matrix, workload(given, matrix))
        singles = [lever for lever in found if lever.kind not in ("combination", "reps")]
        assert any(lever.fits for lever in singles) == (n_columns == 5)
        assert len(levers_table(found, "en").columns) == n_columns


def test_fewer_reps_who_have_the_hours_are_told_not_to_have_the_days() -> None:
    told = (
        CliRunner()
        .invoke(main, ["hours", str(BERLIN / "stores.csv"), "--reps", str(BERLIN / "reps.csv")])
        .output
    )
    assert re.search(r"Or 4 reps → \d+ % of their hours. 3 have the hours too \(\d+ %\)", told)


def test_hours_under_a_calendar_to_be_found_say_what_plan_does_with_it(tmp_path: Path) -> None:
    rules = ('extends = "handbook-example"', 'calendar = "auto"')
    assert "plan solves each of them" in hours_of(tmp_path, *rules, "templates = 4")
    assert "plan refuses this policy" in hours_of(tmp_path, *rules, "templates = 3")


def test_every_row_of_levers_holds_its_line() -> None:
    given = scenario(stores({"A": 20, "B": 10}))
    matrix = travel_matrix(given)
    found = levers(given, matrix, workload(given, matrix))
    table = levers_table(found, "zh")
    assert table.row_count > 3
    assert all(" = " in str(cell) for cell in table.columns[3].cells)


@pytest.mark.parametrize(
    ("served", "words"),
    [
        ((1, 1), "visits scheduled."),
        ((0, 1), "scheduled. 1 store has no visit at all."),
        ((0, 0), "scheduled. 2 stores have no visit at all."),
    ],
)
def test_stores_without_any_visit_are_counted_in_words(served: tuple[int, ...], words: str) -> None:
    given = scenario(stores({"C": 3}))
    plan: Plan = make_plan(given, iterations=3)
    missing = tuple(
        Unserved(
            store_id=f"C{i:02}", store_class="C", required=2, served=n, code="DAY_FULL",
            message="", hint="", missing_minutes=10,
        )
        for i, n in enumerate(served, start=1)
    )  # fmt: skip
    short = plan.model_copy(update={"unserved": missing})
    assert headline(short, given).endswith(words)


def test_stores_with_fewer_than_half_of_their_visits_are_named() -> None:
    world = scenario(stores({"A": 1, "C": 8}))
    plan = make_plan(world, method="insertion", iterations=1)
    common = {"code": "DAY_FULL", "message": "", "hint": "", "missing_minutes": 10, "required": 12}
    found = [("A01", "A", 1), ("C01", "C", 6), *((f"C0{n}", "C", 0) for n in range(2, 8))]
    rows = tuple(
        Unserved.model_validate(common | {"store_id": store, "class": label, "served": served})
        for store, label, served in found
    )
    told = under_half(plan.model_copy(update={"unserved": rows}), world)
    assert told.startswith(
        "With fewer than half of their visits: Store A01 (A01) 1 of 12, Store C02 (C02) 0 of 12, "
    )
    assert "C01" not in told  # half of them are no fewer
    assert told.endswith("C05 (C05) 0 of 12 and 2 more")
    assert under_half(plan.model_copy(update={"unserved": ()}), world) == ""
