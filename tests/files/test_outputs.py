"""The output folder: complete, repeatable, and whole after a failure."""

import os
from pathlib import Path

import pytest

from routeplanner.errors import InputError
from routeplanner.files import outputs, placing
from routeplanner.files.outputs import write_outputs
from routeplanner.files.placing import RECORD
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
    assert {path.name for path in folder.iterdir()} == FILES | {"days", RECORD}
    files = {path for path in folder.rglob("*") if path.is_file()}
    assert set(written.paths) == files - {folder / RECORD}
    assert (written.kept, written.removed) == ({}, [])
    assert any((folder / "days").glob("*.html"))
    assert read_plan(folder / "plan.json") == plan


def test_a_second_run_replaces_the_first_and_leaves_other_files(tmp_path: Path) -> None:
    scenario = sample_scenario(n_reps=2)
    write_outputs(sample_plan(scenario), scenario, tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    one = sample_scenario(n_reps=1)
    written = write_outputs(sample_plan(one), one, tmp_path)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    stale = {tmp_path / "days" / f"R02-T{n}.html" for n in range(1, 5)}
    assert set(written.removed) == stale
    assert not any(path.exists() for path in stale)
    assert written.kept == {}
    assert {path.name for path in tmp_path.iterdir()} == FILES | {"days", "notes.txt", RECORD}


@pytest.mark.parametrize("name", ["routes.csv", "plan.xlsx", "days/R01-T1.html"])
def test_what_was_changed_by_hand_is_kept_under_another_name(tmp_path: Path, name: str) -> None:
    scenario = sample_scenario()
    write_outputs(sample_plan(scenario), scenario, tmp_path)
    path = tmp_path / name
    as_written = path.read_bytes()
    for n in (1, 2):
        path.write_bytes(b"mine %d" % n)
        written = write_outputs(sample_plan(scenario), scenario, tmp_path)
        kept = path.with_name(f"{path.stem}.edited-{n}{path.suffix}")
        assert written.kept == {path: kept}
        assert kept.read_bytes() == b"mine %d" % n
        assert path.read_bytes() == as_written


def test_what_was_changed_by_hand_and_has_no_successor_is_kept_too(tmp_path: Path) -> None:
    scenario, one = sample_scenario(n_reps=2), sample_scenario(n_reps=1)
    write_outputs(sample_plan(scenario), scenario, tmp_path)
    path = tmp_path / "days" / "R02-T1.html"
    path.write_text("mine", encoding="utf-8")
    written = write_outputs(sample_plan(one), one, tmp_path)
    assert written.kept == {path: path.with_name("R02-T1.edited-1.html")}
    assert path not in written.removed
    assert not path.exists()
    assert path.with_name("R02-T1.edited-1.html").read_text(encoding="utf-8") == "mine"


def test_a_file_without_a_record_is_taken_for_somebodys_own(tmp_path: Path) -> None:
    (tmp_path / "routes.csv").write_text("mine", encoding="utf-8")
    scenario = sample_scenario()
    written = write_outputs(sample_plan(scenario), scenario, tmp_path)
    assert written.kept == {tmp_path / "routes.csv": tmp_path / "routes.edited-1.csv"}


def test_a_file_saved_again_as_it_will_be_is_not_kept(tmp_path: Path) -> None:
    scenario = sample_scenario()
    write_outputs(sample_plan(scenario), scenario, tmp_path)
    (tmp_path / RECORD).write_text("no JSON", encoding="utf-8")
    assert write_outputs(sample_plan(scenario), scenario, tmp_path).kept == {}


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

    monkeypatch.setattr(placing.os, "replace", locked)
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

    monkeypatch.setattr(placing.os, "replace", locked)
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
