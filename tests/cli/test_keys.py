"""`routeplanner keys` and `migrate` against a real database."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main
from routeplanner.storage.database import Database
from routeplanner.storage.migrate import head
from routeplanner.use_cases.access import authenticate

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str) -> Run:
    def invoke(*arguments: str) -> Result:
        environment = {"ROUTEPLANNER_DATABASE_URL": database_url}
        return CliRunner().invoke(main, list(arguments), env=environment)

    return invoke


def test_keys_are_made_listed_and_revoked(run: Run, database: Database) -> None:
    name = f"organization {uuid4().hex}"
    made = run("keys", "create", "--new-organization", "--organization", name)
    admin = made.output.strip()
    assert authenticate(database, admin).role == "admin"

    more = run("keys", "create", "--organization", name, "--person", "eva", "--scope", "read")
    caller = authenticate(database, more.output.strip())
    assert (caller.role, caller.scopes) == ("planner", {"read"})

    listed = run("keys", "list", "--organization", name).output
    assert str(caller.key_id) in listed
    assert more.output.strip() not in listed
    assert run("keys", "revoke", "--organization", name, str(caller.key_id)).exit_code == 0
    assert run("keys", "revoke", "--organization", name, str(uuid4())).exit_code == 2


def test_an_unknown_organization_is_told(run: Run) -> None:
    for arguments in (("create",), ("list",), ("revoke", str(uuid4()))):
        refused = run("keys", arguments[0], "--organization", "nobody", *arguments[1:])
        assert refused.exit_code == 2


def test_migrate_tells_the_version(run: Run) -> None:
    assert run("migrate").output.strip() == f"{head()}, as before"
