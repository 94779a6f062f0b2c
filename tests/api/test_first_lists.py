"""The lists that a new organization begins with."""

from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from routeplanner.domain.master_data import OrganizationFields, Position, StoreFields
from routeplanner.errors import InputError
from routeplanner.storage.database import Actor, Database
from routeplanner.use_cases.access import command_line_caller
from routeplanner.use_cases.first_lists import FirstLists, read_lists, write_lists
from routeplanner.use_cases.first_start import found_organization
from routeplanner.use_cases.people import organization_id_of
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
    with database.transaction(Actor(tenant.id)) as session:
        write_lists(session, command_line_caller(tenant.id), lists)
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


def test_an_organization_is_not_there_without_the_lists_that_it_begins_with(
    database: Database,
) -> None:
    """So a start that was broken off is followed by another first one."""
    fields = OrganizationFields(name=f"organization {uuid4().hex}", time_zone="UTC")
    nobodys = StoreFields(external_id="A1", position=Position(lat=52.5, lon=13.4), rep="R9")
    lists = FirstLists(reps=(), stores=(nobodys,))
    with pytest.raises(InputError, match="R9"):
        found_organization(database, fields, partial(write_lists, lists=lists))
    assert organization_id_of(database, fields.name) is None
