"""`routeplanner prices`: every price is the difference of two plans that it wrote."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.domain.plan import Plan
from routeplanner.domain.prices import PriceList
from routeplanner.files.plan_json import read_plan, write_plan, write_scenario
from tests.planning.small_plans import small_plan, small_scenario


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def hours(plan: Plan) -> float:
    """Leaving to returning without lunch, and the minutes in store of what is missing."""
    work = sum(day.work_minutes for day in plan.measures.by_day)
    return (work + sum(item.missing_minutes for item in plan.unserved)) / 60


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("prices")
    scenario = small_scenario()
    write_scenario(scenario, folder / "scenario.json")
    write_plan(small_plan(scenario), folder / "plan.json")
    result = run(
        "prices", folder, "--iterations", 10, "--seeds", 2, "--out", folder / "out", "--only",
        "reps frequency lunch office in_store_limit stable_weekday spacing",
    )  # fmt: skip
    return folder / "out", result


def test_each_price_is_the_difference_of_two_plans_that_check_clean(
    priced: tuple[Path, Result],
) -> None:
    out, result = priced
    assert result.exit_code == 0, result.output
    found = PriceList.model_validate_json((out / "prices.json").read_text(encoding="utf-8"))
    assert found.folder is not None
    share = 1 / found.base.best.weeks if found.per == "week" else 1
    base = hours(read_plan(out / found.folder / "plan.json")) * share
    prices = [price for price in found.prices if price.hours is not None]
    assert len(prices) >= 8
    for price in prices:
        assert price.folder is not None
        assert price.hours is not None
        plan = read_plan(out / price.folder / "plan.json")
        other = hours(plan) / (plan.cycle.weeks if found.per == "week" else 1)
        cost = other - base if price.rule.kind == "introduced" else base - other
        assert price.hours.of_best == pytest.approx(cost, abs=1e-6), price.rule.name
        assert price.hours.low <= price.hours.of_best <= price.hours.high
        assert run("check", out / price.folder, out / price.folder).exit_code == 0


def test_lunch_and_office_take_of_the_hours_there(priced: tuple[Path, Result]) -> None:
    """Two reps on ten days each: an hour and 45 minutes a day, less a tenth of reserve."""
    found = PriceList.model_validate_json((priced[0] / "prices.json").read_text(encoding="utf-8"))
    scale = 1 / found.base.best.weeks if found.per == "week" else 1
    there = {
        p.rule.code: p.available_hours for p in found.prices if p.rule.code in ("lunch", "office")
    }
    assert there["lunch"] == pytest.approx(-20 * 0.9 * scale)
    assert there["office"] == pytest.approx(-20 * 0.75 * 0.9 * scale)


def test_the_list_says_what_is_not_in_force_and_what_chance_could_be(
    priced: tuple[Path, Result],
) -> None:
    assert "A limit of minutes in store" in priced[1].stdout
    assert "not in force" in priced[1].stdout
    assert "not distinguishable from 0" in priced[1].stdout


def test_an_unknown_rule_is_refused(priced: tuple[Path, Result]) -> None:
    result = run("prices", priced[0] / "0-base", "--only", "tea")
    assert result.exit_code == 2
    assert "tea: no rule of that name" in result.stderr
