import pytest

from benchmarks import prices
from benchmarks.prices import main
from routeplanner.planning.what_if.prices import PriceRun

BRIEFLY = ["--only", "china", "--iterations", "3", "--seeds", "1", "--narrowest", "0"]


def test_every_price_is_what_a_comparison_shows(capsys) -> None:
    assert main(BRIEFLY) == 0
    out = capsys.readouterr().out
    assert "china: 40 stores, 1 reps, " in out
    rows = [line.strip("| ").split(" | ") for line in out.splitlines() if line.startswith("| ")]
    figures = [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0] != "---"]
    assert len(figures) > 5
    assert all(abs(float(row["costs h"]) - float(row["by `compare`"])) < 0.02 for row in figures)


def test_a_price_that_a_comparison_does_not_show_is_told(monkeypatch) -> None:
    honest = prices.price_list

    def wrong(*arguments, **options):
        run = honest(*arguments, **options)
        found = run.result.prices[0]
        hours = found.hours.model_copy(update={"of_best": found.hours.of_best + 1})
        changed = (found.model_copy(update={"hours": hours}), *run.result.prices[1:])
        result = run.result.model_copy(update={"prices": changed})
        return PriceRun(result, run.cases)

    monkeypatch.setattr(prices, "price_list", wrong)
    assert main(BRIEFLY) == 1


def test_an_unknown_territory_is_refused(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "atlantis"])
    assert ended.value.code == 2
    assert "unknown: atlantis" in capsys.readouterr().err
