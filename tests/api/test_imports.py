"""Imports of store lists, from the file to the stores and back."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from routeplanner.jobs.work import Work
from routeplanner.storage import store_import
from routeplanner.storage.database import Actor, Session
from routeplanner.storage.tables import ImportRow, StoreRow
from tests.service import Tenant, run_job, store

HEADER = "id,name,lat,lon,sales,rep,account,phone\n"


def lines(numbers: range, name: str = "Store", rep: str = "R1") -> str:
    return HEADER + "".join(
        f"S{n:03d},{name} {n},{52.4 + n / 1000},13.4,{1000 - n},{rep},Chain,030-{n}\n"
        for n in numbers
    )


def imported(tenant: Tenant, work: Work, content: str, query: str = "") -> Any:
    asked = tenant.call("POST", f"/v1/stores:import?{query}", content=content.encode())
    assert asked.status_code == 202, asked.text
    run_job(tenant, work, "imports", asked.json()["id"])
    return tenant.get(asked.headers["location"]).json()


def names(tenant: Tenant) -> dict[str, str]:
    found = tenant.get("/v1/stores?is_active=true&limit=500").json()["items"]
    return {item["external_id"]: item["name"] for item in found}


def test_a_list_becomes_stores(tenant: Tenant, work: Work) -> None:
    done = imported(tenant, work, lines(range(3)))
    assert done["status"] == "done"
    assert done["counts"] == {
        "rows": 3,
        "created": 3,
        "updated": 0,
        "unchanged": 0,
        "deactivated": 0,
        "faulty": 0,
        "accounts_created": 1,
        "issues": 0,
        "issues_kept": 0,
    }
    found = tenant.get("/v1/stores/by-external-id/S001").json()
    assert (found["rep"], found["account"], found["phone"]) == ("R1", "Chain", "030-1")
    assert found["sales"] == 999


def test_faulty_rows_are_told_and_the_others_written(tenant: Tenant, work: Work) -> None:
    content = lines(range(2)) + "S002,x,95,13,1,R1,,\nS003,x,52,13,1,R9,,\nS000,x,52,13,1,R1,,\n"
    done = imported(tenant, work, content)
    assert (done["counts"]["created"], done["counts"]["faulty"]) == (2, 3)
    issues = tenant.get(f"/v1/imports/{done['id']}/issues").json()["items"]
    assert [(issue["row"], issue["code"]) for issue in issues] == [
        (4, "COORDINATES_OUT_OF_RANGE"),
        (5, "UNKNOWN_REP"),
        (6, "DUPLICATE_ID"),
    ]
    assert set(names(tenant)) == {"S000", "S001"}


def test_of_very_many_issues_errors_are_kept_first_and_all_are_counted(
    tenant: Tenant, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative sales are a warning in rows 2 to 5; rows 6 to 8 name no rep."""
    monkeypatch.setattr(store_import, "MOST_ISSUES", 5)
    head = "id,name,lat,lon,rep,sales\n"
    doubtful = "".join(f"S{n},x,52,13,R1,-1\n" for n in range(4))
    faulty = "".join(f"S{n},x,52,13,R9,1\n" for n in range(4, 7))
    done = imported(tenant, work, head + doubtful + faulty)
    assert (done["counts"]["issues"], done["counts"]["issues_kept"]) == (7, 5)
    issues = tenant.get(f"/v1/imports/{done['id']}/issues").json()["items"]
    assert [(issue["row"], issue["severity"]) for issue in issues] == [
        (2, "warning"), (3, "warning"), (6, "error"), (7, "error"), (8, "error"),
    ]  # fmt: skip


def test_an_id_that_is_there_twice_is_told_with_both_rows(tenant: Tenant, work: Work) -> None:
    head = "id,name,lat,lon\n"
    rows = ("S1,one,52,13", "S2,far,95,13", "S1,two,52,13", "S2,near,52,13", "S1,far,95,13")
    done = imported(tenant, work, head + "".join(f"{row}\n" for row in rows))
    assert (done["counts"]["created"], done["counts"]["faulty"]) == (1, 4)
    assert names(tenant) == {"S1": "one"}
    issues = tenant.get(f"/v1/imports/{done['id']}/issues").json()["items"]
    told = {(issue["row"], issue["message"]) for issue in issues if issue["code"] == "DUPLICATE_ID"}
    assert told == {
        (4, "id 'S1' stands in row 2 already"),
        (5, "id 'S2' stands in row 3 already"),
        (6, "id 'S1' stands in row 2 already"),
    }


@pytest.mark.parametrize(
    ("content", "query", "code", "message", "hint"),
    [
        (
            "id,lat,place\nS1,52,x\n", "", "MISSING_COLUMN", "no column 'lon'",
            "add the column, or name the one that holds it in the address: "
            "column=THEIR HEADER=lon",
        ),
        (
            "id,lat,place\nS1,52,13\n", "column=place=longitude", "UNKNOWN_FIELD",
            "column=place=longitude names no field", "did you mean 'lon'?",
        ),
        (
            "id,lat,lon\nS1,52,13\n", "column=place=lon", "UNKNOWN_HEADER",
            "the address names the header 'place', which is not in stores.csv", "write the header",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_has_its_issues_like_any_other(
    tenant: Tenant, work: Work, content: str, query: str, code: str, message: str, hint: str
) -> None:
    failed = imported(tenant, work, content, query)
    issues = tenant.get(f"/v1/imports/{failed['id']}/issues").json()["items"]
    assert failed["status"] == "failed"
    assert issues == failed["failure"]["issues"]
    [found] = [issue for issue in issues if issue["code"] == code]
    assert message in found["message"]
    assert found["hint"].startswith(hint)


def test_a_hint_names_no_option_of_the_command_line(tenant: Tenant, work: Work) -> None:
    content = "id,lat,lon,sales,sales\nS1,,13,1,2\nS2,north,13,1,2\nS3,95,13,1,2\n"
    for given in (content, content.replace("sales,sales", "sales,note"), "nothing\nof use\n"):
        done = imported(tenant, work, given)
        issues = tenant.get(f"/v1/imports/{done['id']}/issues").json()["items"]
        assert issues
        for issue in issues:
            assert "--" not in issue["message"] + issue["hint"]


def test_columns_that_a_list_lacks_keep_their_values(tenant: Tenant, work: Work) -> None:
    tenant.post("/v1/stores", store(1, tags=["kept"], opening_hours="Mo-Fr 09:00-18:00"))
    done = imported(tenant, work, "id,lat,lon,phone\nS001,52,13,030\n")
    assert done["counts"]["updated"] == 1
    found = tenant.get("/v1/stores/by-external-id/S001").json()
    assert (found["name"], found["rep"], found["tags"]) == ("Store 1", "R1", ["kept"])
    assert (found["phone"], found["opening_hours"]) == ("030", "Mo-Fr 09:00-18:00")
    emptied = imported(tenant, work, "id,lat,lon,phone\nS001,52,13,\n")
    assert emptied["counts"]["updated"] == 1
    assert tenant.get("/v1/stores/by-external-id/S001").json()["phone"] is None


@pytest.mark.parametrize(
    ("mode", "created", "updated", "faulty"),
    [("create", 1, 0, 1), ("update", 0, 1, 1), ("upsert", 1, 1, 0)],
)
def test_modes(
    tenant: Tenant, work: Work, mode: str, created: int, updated: int, faulty: int
) -> None:
    imported(tenant, work, lines(range(1)))
    done = imported(tenant, work, lines(range(2), name="New"), f"mode={mode}")
    counts = done["counts"]
    assert (counts["created"], counts["updated"], counts["faulty"]) == (created, updated, faulty)


def test_a_list_that_was_imported_changes_nothing(tenant: Tenant, work: Work) -> None:
    imported(tenant, work, lines(range(3)))
    assert imported(tenant, work, lines(range(3)))["counts"]["unchanged"] == 3


def test_a_sync_takes_out_few_stores_by_itself_and_many_when_confirmed(
    tenant: Tenant, work: Work
) -> None:
    imported(tenant, work, lines(range(20)))
    few = imported(tenant, work, lines(range(18)), "mode=sync")
    assert (few["status"], few["counts"]["deactivated"]) == ("done", 2)
    many = imported(tenant, work, lines(range(10)), "mode=sync")
    assert many["status"] == "unconfirmed"
    assert many["to_deactivate"] == [f"S{n:03d}" for n in range(10, 18)]
    assert len(names(tenant)) == 18
    assert tenant.post(f"/v1/imports/{many['id']}:confirm").status_code == 200
    run_job(tenant, work, "imports", many["id"])
    assert len(names(tenant)) == 10
    assert tenant.post(f"/v1/imports/{many['id']}:confirm").status_code == 409


def test_a_confirmation_holds_for_the_stores_that_were_listed(tenant: Tenant, work: Work) -> None:
    imported(tenant, work, lines(range(20)))
    asked = imported(tenant, work, lines(range(11)), "mode=sync")
    assert asked["to_deactivate"] == [f"S{n:03d}" for n in range(11, 20)]
    imported(tenant, work, lines(range(20, 60)))  # meanwhile
    tenant.delete(f"/v1/stores/{tenant.get('/v1/stores/by-external-id/S019').json()['id']}")
    assert tenant.post(f"/v1/imports/{asked['id']}:confirm").status_code == 200
    run_job(tenant, work, "imports", asked["id"])
    done = tenant.get(f"/v1/imports/{asked['id']}").json()
    assert (done["status"], done["counts"]["deactivated"]) == ("done", 8)
    assert set(names(tenant)) == {f"S{n:03d}" for n in (*range(11), *range(20, 60))}


def file_of(tenant: Tenant, work: Work, import_id: str) -> bytes | None:
    with work.database.transaction(Actor(tenant.id)) as session:
        return session.get_one(ImportRow, UUID(import_id)).file


def test_an_import_that_waits_can_be_discarded_with_its_file(tenant: Tenant, work: Work) -> None:
    content = lines(range(2)).encode()
    queued = tenant.call("POST", "/v1/stores:import", content=content).json()
    assert file_of(tenant, work, queued["id"]) == content
    discarded = tenant.delete(f"/v1/imports/{queued['id']}", role="planner")
    assert discarded.status_code == 200
    assert (discarded.json()["status"], discarded.json()["failure"]["code"]) == (
        "failed",
        "IMPORT_DISCARDED",
    )
    assert file_of(tenant, work, queued["id"]) is None
    run_job(tenant, work, "imports", queued["id"])
    assert names(tenant) == {}

    done = imported(tenant, work, lines(range(20)))
    assert tenant.delete(f"/v1/imports/{done['id']}").status_code == 409
    many = imported(tenant, work, lines(range(10)), "mode=sync")
    assert tenant.delete(f"/v1/imports/{many['id']}").json()["to_deactivate"] is None
    assert file_of(tenant, work, many["id"]) is None
    assert tenant.post(f"/v1/imports/{many['id']}:confirm").status_code == 409
    assert len(names(tenant)) == 20


def test_a_sync_spares_stores_whose_row_is_faulty(tenant: Tenant, work: Work) -> None:
    imported(tenant, work, lines(range(20)))
    faulty = lines(range(19)) + "S019,x,95,13,1,R1,,\n"
    assert imported(tenant, work, faulty, "mode=sync")["counts"]["deactivated"] == 0
    assert "S019" in names(tenant)


def test_an_import_is_undone_as_a_whole(tenant: Tenant, work: Work) -> None:
    imported(tenant, work, lines(range(3)))
    second = imported(tenant, work, lines(range(1, 5), name="New"), "mode=upsert")
    assert names(tenant)["S001"] == "New 1"
    undone = tenant.post(f"/v1/imports/{second['id']}:undo")
    assert (undone.status_code, undone.json()["status"]) == (200, "undone")
    assert names(tenant) == {f"S{n:03d}": f"Store {n}" for n in range(3)}
    assert tenant.post(f"/v1/imports/{second['id']}:undo").status_code == 409


def active_accounts(tenant: Tenant) -> set[str]:
    found = tenant.get("/v1/accounts?is_active=true").json()["items"]
    return {item["external_id"] for item in found}


def test_an_undo_takes_accounts_out_of_use_that_nothing_else_uses(
    tenant: Tenant, work: Work
) -> None:
    named = ("Kept", "Used", "Renamed", "Unused")
    tenant.post("/v1/accounts", {"external_id": "Kept", "name": "Kept"})
    content = "id,lat,lon,rep,account\n" + "".join(f"{name},52,13,R1,{name}\n" for name in named)
    done = imported(tenant, work, content)
    assert done["counts"]["accounts_created"] == 3
    tenant.post("/v1/stores", store(1, account="Used"))
    tenant.put("/v1/accounts/by-external-id/Renamed", {"external_id": "Renamed", "name": "By hand"})
    undo = f"/v1/imports/{done['id']}:undo"
    assert tenant.post(undo).status_code == 200
    assert active_accounts(tenant) == {"Kept", "Used", "Renamed"}

    again = imported(tenant, work, content)
    assert again["counts"]["accounts_created"] == 0
    assert active_accounts(tenant) == set(named)
    assert tenant.post(f"/v1/imports/{again['id']}:undo").status_code == 200
    assert active_accounts(tenant) == {"Kept", "Used", "Renamed"}


def test_of_two_undos_at_once_one_is_done(tenant: Tenant, work: Work) -> None:
    done = imported(tenant, work, lines(range(2)))
    undo = f"/v1/imports/{done['id']}:undo"
    with ThreadPoolExecutor(2) as pool:
        with held(work, tenant, ImportRow, 2):
            asked = [pool.submit(tenant.post, undo) for _ in range(2)]
        assert sorted(answer.result(60).status_code for answer in asked) == [200, 409]
    found = tenant.get("/v1/stores/by-external-id/S001").json()
    assert (found["is_active"], found["version"]) == (False, 2)


def test_an_undo_sees_a_change_that_is_being_written(tenant: Tenant, work: Work) -> None:
    done = imported(tenant, work, lines(range(1)))
    undo = f"/v1/imports/{done['id']}:undo"
    with ThreadPoolExecutor(1) as pool:
        with held(work, tenant, StoreRow, 1) as session:
            asked = pool.submit(tenant.post, undo)
            session.execute(update(StoreRow).values(name="just now", version=2))
        assert asked.result(60).json()["code"] == "CHANGED_SINCE"
    assert names(tenant) == {"S000": "just now"}


@contextmanager
def held(work: Work, tenant: Tenant, table: Any, n_waiting: int) -> Iterator[Session]:
    """Hold the rows of a table until so many others wait for them."""
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE NOT granted AND datname = current_database()"
    )
    with work.database.transaction(Actor(tenant.id)) as session:
        session.execute(select(table).with_for_update())
        yield session
        for _ in range(600):
            # Else those who connected since the first look would never be seen.
            session.execute(text("SELECT pg_stat_clear_snapshot()"))
            if session.scalar(waiting) == n_waiting:
                return
            time.sleep(0.1)
        raise AssertionError("nobody waits")


def test_an_undo_does_not_lose_later_changes(tenant: Tenant, work: Work) -> None:
    done = imported(tenant, work, lines(range(2)))
    tenant.put("/v1/stores/by-external-id/S001", store(1, name="by hand"))
    refused = tenant.post(f"/v1/imports/{done['id']}:undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "CHANGED_SINCE")
    assert names(tenant)["S001"] == "by hand"


def test_the_audit_trail_names_the_import_and_its_person(tenant: Tenant, work: Work) -> None:
    asked = tenant.call(
        "POST", "/v1/stores:import", content=lines(range(1)).encode(), role="planner"
    )
    run_job(tenant, work, "imports", asked.json()["id"])
    change = tenant.get("/v1/audit?entity=stores").json()["items"][0]
    assert change["import_id"] == asked.json()["id"]
    assert UUID(change["person_id"]) == tenant.people["planner"]


def test_a_file_that_is_no_table_fails_with_its_issues(tenant: Tenant, work: Work) -> None:
    failed = imported(tenant, work, "nothing\nof use\n")
    assert failed["status"] == "failed"
    assert failed["failure"]["code"] == "NO_HEADER"
