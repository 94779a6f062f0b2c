"""The output folder: complete, repeatable, and whole after a failure."""

import os
from pathlib import Path

import pytest

from routeplanner.errors import InputError
from routeplanner.files import outputs
from routeplanner.files.outputs import write_outputs
from routeplanner.files.plan_json import read_plan
from tests.sample_plans import sample_plan, sample_scenario

FILES = {"scenario.json", "plan.json", "routes.csv", "unserved.csv", "plan.xlsx", "map.html"}


def _content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_output_is_written_and_named(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    plan = sample_plan(scenario)
    folder = tmp_path / "new" / "out"
    written = write_outputs(plan, scenario, folder)
    assert {path.name for path in folder.iterdir()} == FILES | {"days"}
    assert set(written) == {path for path in folder.rglob("*") if path.is_file()}
    assert any((folder / "days").glob("*.html"))
    assert read_plan(folder / "plan.json") == plan


def test_a_second_run_replaces_the_first_and_leaves_other_files(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    write_outputs(sample_plan(scenario), scenario, tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    stale = tmp_path / "days" / "R09-T9.html"
    stale.write_text("old", encoding="utf-8")
    one = sample_scenario(n_reps=1)
    write_outputs(sample_plan(one), one, tmp_path)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not stale.exists()
    assert not list((tmp_path / "days").glob("R02*"))
    assert {path.name for path in tmp_path.iterdir()} == FILES | {"days", "notes.txt"}


def test_the_same_plan_gives_the_same_workbook(tmp_path: Path) -> None:
    scenario = sample_scenario("zh", 2, "gcj02")
    plan = sample_plan(scenario)
    write_outputs(plan, scenario, tmp_path / "a")
    write_outputs(plan, scenario, tmp_path / "b")
    assert _content(tmp_path / "a") == _content(tmp_path / "b")


def test_a_failure_while_writing_leaves_the_earlier_output_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = sample_scenario()
    write_outputs(sample_plan(scenario), scenario, tmp_path)
    before = _content(tmp_path)

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device", "map.html")

    monkeypatch.setattr(outputs, "write_map", full_disk)
    with pytest.raises(InputError) as caught:
        write_outputs(sample_plan(scenario), scenario, tmp_path)
    assert caught.value.issues[0].code == "UNWRITABLE_OUTPUT"
    assert _content(tmp_path) == before


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyError(0)])
def test_a_failure_leaves_no_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(outputs, "write_workbook", fail)
    scenario = sample_scenario()
    kept = tmp_path / "kept"
    kept.mkdir()
    with pytest.raises((InputError, KeyError)):
        write_outputs(sample_plan(scenario), scenario, kept / "new" / "out")
    assert list(kept.iterdir()) == []
    with pytest.raises((InputError, KeyError)):
        write_outputs(sample_plan(scenario), scenario, kept)
    assert kept.is_dir()


@pytest.mark.parametrize("fails_on", ["plan.xlsx", "map.html", "routes.csv"])
def test_a_file_held_open_leaves_the_earlier_output_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_on: str
) -> None:
    scenario = sample_scenario()
    write_outputs(sample_plan(scenario), scenario, tmp_path)
    before = _content(tmp_path)
    replace = os.replace

    def locked(source: Path, target: Path) -> None:
        if Path(target) == tmp_path / fails_on and ".writing-" in str(source):
            is_new = "earlier-" not in str(source)
            if is_new:
                raise PermissionError(13, "Permission denied", str(target))
        replace(source, target)

    monkeypatch.setattr(outputs.os, "replace", locked)
    other = sample_scenario("zh", 2)
    with pytest.raises(InputError) as caught:
        write_outputs(sample_plan(other), other, tmp_path)
    (issue,) = caught.value.issues
    assert fails_on in issue.message
    assert issue.hint
    assert _content(tmp_path) == before


def test_a_file_that_cannot_be_moved_leaves_no_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def locked(source: Path, target: Path) -> None:
        if Path(target).name == "unserved.csv":
            raise PermissionError(13, "Permission denied", str(target))
        replace(source, target)

    monkeypatch.setattr(outputs.os, "replace", locked)
    scenario = sample_scenario()
    with pytest.raises(InputError):
        write_outputs(sample_plan(scenario), scenario, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_folder_that_is_a_file_is_told_plainly(tmp_path: Path, language: str) -> None:
    target = tmp_path / "out"
    target.write_text("a file", encoding="utf-8")
    scenario = sample_scenario(language)
    with pytest.raises(InputError) as caught:
        write_outputs(sample_plan(scenario), scenario, target)
    (issue,) = caught.value.issues
    assert issue.code == "UNWRITABLE_OUTPUT"
    assert str(target) in issue.message
    assert "--out" in issue.hint
