"""Files that were there before: what a person changed is kept, what is out of date goes."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main, searching
from routeplanner.cli import plan as plan_command
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.plan import make_plan

STORES = "id,name,lat,lon,sales\n1,One,52.50,13.40,10\n2,Two,52.51,13.41,20\n"
OTHERS = STORES.replace("\n1,", "\n8,").replace("\n2,", "\n9,")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def planned(folder: Path, stores: str = STORES) -> Result:
    """A plan of two stores in `out`, by the method that needs nothing compiled."""
    listed = folder / "stores.csv"
    listed.write_text(stores, encoding="utf-8")
    options = ("--policy", "five-day", "--method", "insertion", "--iterations", "2")
    result = run("plan", listed, *options, "--out", folder / "out")
    assert result.exit_code == 0, result.output
    return result


def test_an_edited_file_stays_under_another_name_and_old_exports_go(tmp_path: Path) -> None:
    first = planned(tmp_path)
    assert "in place of" not in first.output
    out = tmp_path / "out"
    calendar = ("--start", "2026-03-02", "--timezone", "Europe/Berlin")
    assert run("export", out, "--format", "ics", *calendar).exit_code == 0
    assert run("export", out, "--format", "gpx").exit_code == 0
    edited = (out / "routes.csv").read_text(encoding="utf-8-sig") + "\n"
    (out / "routes.csv").write_text(edited, encoding="utf-8")
    again = planned(tmp_path)
    assert "version 2, in place of version 1" in again.stdout
    kept = out / "routes.edited-1.csv"
    assert f"routes.csv had been changed by hand: kept as {kept}" in again.stderr
    assert kept.read_text(encoding="utf-8") == edited
    assert "Removed, as of the earlier plan: plan.gpx, plan.ics" in again.stderr
    assert not (out / "plan.ics").exists()
    third = planned(tmp_path)
    assert "by hand" not in third.output
    assert kept.exists()


def test_a_plan_of_other_stores_is_told_from_a_next_version(tmp_path: Path) -> None:
    planned(tmp_path)
    assert "in place of a plan of other stores" in planned(tmp_path, OTHERS).stdout


def test_an_export_keeps_what_was_changed_by_hand(tmp_path: Path) -> None:
    planned(tmp_path)
    out = tmp_path / "out"
    (out / "routes.csv").write_text("mine", encoding="utf-8")
    result = run("export", out / "plan.json", "--format", "csv")
    assert result.exit_code == 0, result.output
    assert "routes.edited-1.csv" in result.stderr
    assert (out / "routes.edited-1.csv").read_text(encoding="utf-8") == "mine"
    assert run("export", out / "plan.json", "--format", "csv").stderr == ""


def test_a_calendar_in_the_folder_goes_with_its_plan(tmp_path: Path) -> None:
    planned(tmp_path)
    out = tmp_path / "out"
    period = ("--start", "2026-03-02", "--until", "2026-03-13", "--country", "DE", "--out", out)
    assert run("calendar", out, *period, "--timezone", "Europe/Berlin").exit_code == 0
    assert (out / "days.ics").exists()
    without = run("calendar", out, *period)
    assert without.exit_code == 0, without.output
    assert not (out / "days.ics").exists()  # it would be of other dates
    assert (out / "visits.csv").exists()
    assert "visits.csv" in planned(tmp_path).stderr
    assert not (out / "visits.csv").exists()


def test_an_interrupted_search_without_a_plan_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(tmp_path)
    before = (tmp_path / "out" / "plan.json").read_bytes()
    monkeypatch.setattr(searching, "interruptible", lambda _: nullcontext(lambda: True))
    options = ("--method", "insertion", "--out", tmp_path / "out")
    result = run("plan", tmp_path / "stores.csv", *options)
    assert result.exit_code == 130
    assert "nothing was written" in result.stderr
    assert (tmp_path / "out" / "plan.json").read_bytes() == before


@pytest.mark.parametrize(
    ("steps", "words"),
    [(0, "this is a first guess"), (7, "this is the best plan found until then")],
)
def test_an_interrupted_search_says_how_far_it_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int, words: str
) -> None:
    def found(scenario: Scenario, **_: object) -> Plan:
        plan = make_plan(scenario, method="insertion", iterations=1)
        provenance = plan.provenance.model_copy(update={"iterations": steps})
        return plan.model_copy(update={"provenance": provenance})

    monkeypatch.setattr(plan_command, "make_plan", found)
    monkeypatch.setattr(searching, "interruptible", lambda _: nullcontext(lambda: True))
    result = planned(tmp_path)
    assert result.exit_code == 0, result.output
    assert words in " ".join(result.stderr.split())


@pytest.mark.parametrize("name", ["stores.csv", "before.csv"])
def test_the_ranking_does_not_overwrite_a_list(tmp_path: Path, name: str) -> None:
    for each in ("stores.csv", "before.csv"):
        (tmp_path / each).write_text(STORES, encoding="utf-8")
    lists = (tmp_path / "stores.csv", "--before", tmp_path / "before.csv")
    result = run("classify", *lists, "--out", tmp_path / name)
    assert result.exit_code == 2
    assert "overwrite" in result.stderr
    assert (tmp_path / name).read_text(encoding="utf-8") == STORES


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    planned(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    target = tmp_path / "file" / "target"
    made = tmp_path / "out" / "plan.json"
    for arguments in (
        ("export", made, "--format", "gpx", "--out", target),
        ("classify", tmp_path / "stores.csv", "--out", target),
        ("calendar", made, "--start", "2026-03-02", "--until", "2026-03-13", "--out", target),
    ):
        result = run(*arguments)
        assert result.exit_code == 2, result.output
        assert "UNWRITABLE_OUTPUT" in result.stderr
    new = tmp_path / "new" / "x.gpx"
    assert run("export", made, "--format", "gpx", "--out", new).exit_code == 0
