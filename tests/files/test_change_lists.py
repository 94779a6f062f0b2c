"""The change list as CSV and as an update of the calendar."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from routeplanner.domain.keeping import Keeping, Kept
from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_changes import change_list
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError
from routeplanner.files.csv_tables import STORE_CHANGE_COLUMNS, write_changes
from routeplanner.files.exports import ExportOptions, export
from routeplanner.files.exports.ics_changes import write_changes_ics
from routeplanner.files.kept_text import kept_words
from routeplanner.files.outputs import write_outputs
from tests.planning.small_plans import ORDERS, small_plan, small_scenario, with_store

NOW = {key: order for key, order in ORDERS.items() if key not in {("R2", 1), ("R1", 7)}} | {
    ("R1", 6): ("A1", "B2"),
    ("R1", 1): ("X1",),
}


def changed() -> tuple[Plan, Scenario, Plan, Scenario]:
    """A1 and B2 move from Wednesday to Tuesday of week 2, C1 is gone from the list, X1 is new."""
    before = small_scenario()
    before = with_store(
        before, "C1", name="Kiosk", phone="030 1", extra={"Supervisor": "Mr Lead", "联系人": "Li"}
    )
    previous = small_plan(before, labels=dict.fromkeys(ORDERS, "T1"))
    opened = with_store(before, "X1", status="open")
    rest = tuple(store for store in opened.stores if store.id != "C1")
    after = opened.model_copy(update={"stores": rest})
    plan = small_plan(after, NOW, dict.fromkeys(NOW, "T1")).model_copy(update={"version": 2})
    return plan, after, previous, before


def events(path: Path) -> dict[str, Event]:
    calendar = Calendar.from_ical(path.read_bytes())
    return {str(e["uid"]): e for e in calendar.walk("VEVENT") if isinstance(e, Event)}


def test_the_list_names_what_was_what_is_and_whom_to_tell(tmp_path: Path) -> None:
    write_changes(change_list(*changed()), tmp_path / "changes.csv")
    with (tmp_path / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["store_id"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["A1", "B2", "X1", "C1"]
    assert tuple(rows["A1"]) == STORE_CHANGE_COLUMNS
    assert rows["A1"]["change"] == "days"
    assert rows["A1"]["was"].split("; ")[3].startswith("w2-wed ")
    assert rows["A1"]["is"].split("; ")[3].startswith("w2-tue ")
    assert rows["A1"]["tell"] == "rep, store"
    assert (rows["X1"]["change"], rows["X1"]["was"], rows["X1"]["reps"]) == ("new", "", "R1")
    gone = rows["C1"]
    assert (gone["store_name"], gone["class"], gone["change"]) == ("Kiosk", "C", "dropped")
    assert gone["is"] == ""
    assert gone["tell"] == "rep, store, supervisor"
    assert (gone["contact"], gone["supervisor"]) == ("Li, 030 1", "Mr Lead")
    assert gone["reps"] == "R2"


def test_the_update_holds_days_that_differ_and_cancels_those_that_are_gone(tmp_path: Path) -> None:
    plan, after, previous, _ = changed()
    options = ExportOptions(
        timezone="Europe/Berlin", start_date=date(2026, 3, 2), previous=previous
    )
    path = tmp_path / "changes.ics"
    write_changes_ics(plan, after, path, options)
    told = events(path)
    status = {(e.start.date(), str(e["status"])) for e in told.values()}
    assert status == {
        (date(2026, 3, 3), "CONFIRMED"),
        (date(2026, 3, 3), "CANCELLED"),
        (date(2026, 3, 10), "CONFIRMED"),
        (date(2026, 3, 11), "CANCELLED"),
    }
    assert {int(e["sequence"]) for e in told.values()} == {2}
    before = small_scenario()
    nothing = replace(options, previous=small_plan(before, {}))
    write_changes_ics(previous, before, tmp_path / "first.ics", nothing)
    first = events(tmp_path / "first.ics")
    canceled = {uid for uid, event in told.items() if event["status"] == "CANCELLED"}
    assert canceled <= set(first)
    write_changes_ics(plan, after, path, replace(options, previous=plan))
    assert events(path) == {}


@pytest.mark.parametrize("per_visit", [False, True])
def test_the_update_turns_the_calendar_before_into_that_of_now(
    tmp_path: Path, per_visit: bool
) -> None:
    plan, after, previous, before = changed()

    def written(name: str, of: Plan, world: Scenario, against: Plan | None) -> dict[str, Event]:
        path = tmp_path / f"{name}.ics"
        dates = {"timezone": "Europe/Berlin", "start_date": date(2026, 3, 2)}
        export(of, world, name, path, per_visit=per_visit, previous=against, **dates)  # type: ignore[arg-type]
        return events(path)

    earlier = written("ics", previous, before, None)
    now = written("ics", plan, after, None)
    update = written("changes_ics", plan, after, previous)
    gone = {uid for uid, event in update.items() if event["status"] == "CANCELLED"}
    assert gone == earlier.keys() - now.keys()
    assert 0 < len(update) < len(earlier)
    told = {uid: event for uid, event in (earlier | update).items() if uid not in gone}
    assert {uid: (e["summary"], e.start, e.end) for uid, e in told.items()} == {
        uid: (e["summary"], e.start, e.end) for uid, e in now.items()
    }


def test_all_days_come_where_the_cycle_is_another_one(tmp_path: Path) -> None:
    """A calendar that holds the earlier plan would repeat days that stay on the earlier dates."""
    plan, after, previous, _ = changed()
    previous = previous.model_copy(update={"start_date": date(2026, 3, 2), "version": 4})
    path = tmp_path / "changes.ics"
    n_days = len(plan.routes)
    longer = previous.cycle.model_copy(update={"weeks": 4})
    for start, earlier, n_told in (
        (date(2026, 3, 2), previous, 2),
        (date(2026, 3, 16), previous, 2),
        (date(2026, 3, 9), previous, n_days),
        (date(2026, 3, 2), previous.model_copy(update={"cycle": longer}), n_days),
    ):
        options = ExportOptions(timezone="Europe/Berlin", start_date=start, previous=earlier)
        write_changes_ics(plan, after, path, options)
        told = [e for e in events(path).values() if e["status"] == "CONFIRMED"]
        assert len(told) == n_told
        assert {int(e["sequence"]) for e in told} == {5}


def test_a_list_of_changes_needs_the_plan_before(tmp_path: Path) -> None:
    plan, after, previous, before = changed()
    for name in ("changes", "changes_ics"):
        with pytest.raises(InputError) as told:
            export(plan, after, name, tmp_path / name)
        assert [issue.code for issue in told.value.issues] == ["NO_EARLIER_PLAN"]
    export(plan, after, "changes", tmp_path / "c.csv", previous=previous, previous_scenario=before)
    write_changes(change_list(*changed()), tmp_path / "list.csv")
    assert (tmp_path / "c.csv").read_bytes() == (tmp_path / "list.csv").read_bytes()


def test_outputs_have_the_lists_where_there_was_a_plan_before(tmp_path: Path) -> None:
    plan, after, previous, before = changed()
    write_outputs(plan, after, tmp_path / "alone")
    assert not (tmp_path / "alone" / "changes.csv").exists()
    write_outputs(plan, after, tmp_path / "dateless", previous, before, "Europe/Berlin")
    assert (tmp_path / "dateless" / "changes.csv").exists()
    assert not (tmp_path / "dateless" / "changes.ics").exists()
    dated = plan.model_copy(update={"start_date": date(2026, 3, 2)})
    placed = write_outputs(dated, after, tmp_path / "dated", previous, before, "Europe/Berlin")
    assert tmp_path / "dated" / "changes.ics" in placed.paths


def test_what_was_kept_is_one_sentence() -> None:
    plan = small_plan(small_scenario())
    assert kept_words(plan, "en") == ""
    kept = Kept(
        previous_id="7f3a", previous_version=1, keeping=Keeping(max_changes=5, freeze_weeks=2),
        remaining=142, changed=3, changed_rep=1, new=4, gone=2, reclassed=0, rep_gone=0,
    )  # fmt: skip
    words = kept_words(plan.model_copy(update={"kept": kept}), "en")
    assert words == (
        "Against plan 7f3a · v1: 3 of 142 stores that remain change their day or rep "
        "(1 of them with another rep, allowed: 5); 4 new, 2 gone, weeks 1–2 frozen."
    )
    assert "允许5家" in kept_words(plan.model_copy(update={"kept": kept}), "zh")


def test_a_store_that_is_closed_is_told_with_the_class_it_was_visited_as() -> None:
    before = small_scenario()
    after = with_store(before, "B1", status="closed", **{"class": "C"})
    later = small_plan(
        after, {key: tuple(s for s in ids if s != "B1") for key, ids in ORDERS.items()}
    )
    (row,) = change_list(later, after, small_plan(before), before)
    assert (row.store_id, row.change, row.store_class) == ("B1", "dropped", "B")
