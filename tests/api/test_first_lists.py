"""The lists that a new organization begins with."""

from pathlib import Path

import pytest

from routeplanner.errors import InputError
from routeplanner.storage.database import Database
from routeplanner.use_cases.first_lists import read_lists, write_lists
from tests.service import Tenant


def test_lists_become_reps_and_stores_of_the_only_rep(
    tenant: Tenant, database: Database, tmp_path: Path
) -> None:
    stores, reps = tmp_path / "stores.csv", tmp_path / "reps.csv"
    stores.write_text(
        "id,name,lat,lon,sales,account,opening_hours,phone\n"
        "A1,Corner,52.5,13.4,90,Chain,Mo-Fr 09:00-18:00,030-1\nA2,Market,52.6,13.5,80,,,\n"
    )
    reps.write_text("id,name,base_lat,base_lon\nR7,Jana,52.4,13.3\n")
    lists = read_lists(stores, reps)
    assert (len(lists.stores), len(lists.reps)) == (2, 1)
    write_lists(database, tenant.id, lists)
    found = tenant.get("/v1/stores/by-external-id/A1").json()
    assert (found["rep"], found["account"], found["sales"]) == ("R7", "Chain", 90)
    assert tenant.get("/v1/stores/by-external-id/A2").json()["account"] is None
    accounts = tenant.get("/v1/accounts").json()["items"]
    assert [(account["external_id"], account["name"]) for account in accounts] == [
        ("Chain", "Chain")
    ]
    assert found["position"] == {"lat": 52.5, "lon": 13.4}
    assert (found["opening_hours"], found["phone"]) == ("Mo-Fr 09:00-18:00", "030-1")
    assert tenant.get("/v1/reps/by-external-id/R7").json()["name"] == "Jana"


def test_lists_that_cannot_be_stored_are_refused_before(tmp_path: Path) -> None:
    stores, reps = tmp_path / "stores.csv", tmp_path / "reps.csv"
    stores.write_text(f"id,name,lat,lon\nA1,{'x' * 201},52.5,13.4\n")
    reps.write_text("id,name,base_lat,base_lon\nR7,Jana,52.4,13.3\n")
    with pytest.raises(InputError, match="name"):
        read_lists(stores, reps)
