"""What goes wrong with connections is told in words of the product."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from routeplanner.errors import UnavailableError
from routeplanner.storage.database import Actor, Database, Session
from routeplanner.storage.ids import new_id
from routeplanner.storage.reading import read, read_together
from tests.service import Tenant


def nothing_more(_: Session) -> None:
    """The commit is the next thing that is asked of the connection."""


def twice(session: Session) -> None:
    with suppress(SQLAlchemyError):
        session.execute(text("SELECT 1"))
    session.execute(text("SELECT 1"))


def give_up(database: Database, then: Callable[[Session], object]) -> None:
    """Think for so long in a transaction that the server ends it, then go on."""
    with database.transaction(Actor(new_id())) as session:
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 20"))
        time.sleep(0.3)
        then(session)


@pytest.mark.parametrize(
    "then",
    [
        nothing_more,
        twice,
        lambda session: session.execute(text("SELECT 1")),
        lambda session: read(session, "SELECT 1", ()),
        lambda session: read_together(session, ("SELECT 1", ()), ("SELECT 2", ())),
    ],
)
def test_a_transaction_that_the_server_gave_up_is_told_as_unavailable(
    database: Database, then: Callable[[Session], object]
) -> None:
    with pytest.raises(UnavailableError):
        give_up(database, then)
    with database.transaction(Actor(new_id())) as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_whoever_called_is_asked_to_come_back(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(session: Session, *_: object, **__: object) -> None:
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 20"))
        time.sleep(0.3)
        session.execute(text("SELECT 1"))

    monkeypatch.setattr("routeplanner.use_cases.kpis.scope_of", too_late)
    answer = tenant.get("/v1/kpis?from_date=2026-03-02&until=2026-03-08")
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) > 0
