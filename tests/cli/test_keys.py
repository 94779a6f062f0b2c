"""`routeplanner keys`, `migrate` and how `worker` begins, against a real database."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr, ValidationError
from sqlalchemy.engine import make_url

from routeplanner.cli import keys, main
from routeplanner.settings import Settings
from routeplanner.storage.database import Database
from routeplanner.storage.migrate import head
from routeplanner.use_cases.access import authenticate
from routeplanner.use_cases.people import list_keys

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


def test_every_key_is_listed_however_many_there_are(
    run: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"organization {uuid4().hex}"
    run("keys", "create", "--new-organization", "--organization", name)
    for number in range(4):
        run("keys", "create", "--organization", name, "--name", f"key number {number}")
    monkeypatch.setattr(keys, "list_keys", partial(list_keys, limit=2))
    listed = run("keys", "list", "--organization", name).output
    assert [f"key number {number}" in listed for number in range(4)] == [True] * 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--new-organization", "--time-zone", "Berlin"), "--time-zone"),
        (("--new-organization", "--organization", "a" * 201), "--organization"),
        (("--person", ""), "--person"),
        (("--new-organization",), "organization"),
    ],
)
def test_what_no_key_can_be_made_of_is_told_without_a_trace(
    run: Run, arguments: tuple[str, ...], told: str
) -> None:
    run("keys", "create", "--new-organization")
    refused = run("keys", "create", *arguments)
    assert isinstance(refused.exception, SystemExit), refused.exception
    assert refused.exit_code == 2
    assert told in refused.output


COMMANDS = (("keys", "list"), ("migrate",), ("worker",))
PLACE = "ROUTEPLANNER_DATABASE_URL"


def told(command: tuple[str, ...], **environment: str) -> str:
    """What a command says that ends at once, without a trace."""
    refused = CliRunner().invoke(main, list(command), env=environment)
    assert isinstance(refused.exception, SystemExit), refused.exception
    assert refused.exit_code == 2
    return refused.output


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_that_is_away_and_a_setting_that_is_wrong_are_told(
    command: tuple[str, ...],
) -> None:
    assert "cannot be reached" in told(command, **{PLACE: "postgresql://127.0.0.1:1/none"})
    assert "ROUTEPLANNER_POOL_SIZE" in told(command, ROUTEPLANNER_POOL_SIZE="many")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "url",
    [
        "",
        "secret",
        "host=127.0.0.1 password=secret",
        "postgresql://user:secret@host:port/database",
        "postgresql://user:secret@host/database?ssl=yes",
        "mysql://user:secret@host/database",
    ],
)
def test_what_is_no_address_of_a_database_is_told_without_its_password(
    command: tuple[str, ...], url: str
) -> None:
    words = told(command, **{PLACE: url})
    assert PLACE in words
    assert "postgresql://user:password@host/database" in words
    assert "secret" not in words
    with pytest.raises(ValidationError) as fault:
        Settings(database_url=SecretStr(url))
    assert "secret" not in str(fault.value)


def test_a_worker_needs_a_database_of_its_version(database_url: str) -> None:
    empty = make_url(database_url).set(database="postgres").render_as_string(hide_password=False)
    assert "`routeplanner migrate`" in told(("worker",), **{PLACE: empty})


def test_an_unknown_organization_is_told(run: Run) -> None:
    for arguments in (("create",), ("list",), ("revoke", str(uuid4()))):
        refused = run("keys", arguments[0], "--organization", "nobody", *arguments[1:])
        assert refused.exit_code == 2


def test_migrate_tells_the_version(run: Run) -> None:
    assert run("migrate").output.strip() == f"{head()}, as before"
