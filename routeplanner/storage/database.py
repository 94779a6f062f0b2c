"""The one place that opens transactions, and says there for whom: roles and row-level security."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from uuid import UUID

import psycopg
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import (
    DataError,
    DisconnectionError,
    InterfaceError,
    InternalError,
    OperationalError,
    PendingRollbackError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from routeplanner.errors import InvalidError, UnavailableError
from routeplanner.storage.embedded import driver_url
from routeplanner.storage.reading import Rows, Statement, read_together

__all__ = ["Actor", "Database", "Session"]

_SURELY_ALIVE_S = 0.5
_UNAVAILABLE = (
    OperationalError, InterfaceError, PoolTimeoutError,
    psycopg.OperationalError, psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
)  # fmt: skip
_LOST_BEFORE = "8s2b"  # SQLAlchemy's name of a connection that went away in this transaction
_Role = Literal["routeplanner_app", "routeplanner_system"]

_BEGIN = """
    SELECT set_config('role', %(role)s, true),
        set_config('routeplanner.organization_id', %(organization_id)s, true),
        set_config('routeplanner.person_id', %(person_id)s, true),
        set_config('routeplanner.request_id', %(request_id)s, true),
        set_config('routeplanner.import_id', %(import_id)s, true),
        set_config('routeplanner.key_digest', %(key_digest)s, true)
    """


@dataclass(frozen=True, slots=True)
class Actor:
    """For whom a transaction runs; row-level security and the audit trail go by it."""

    organization_id: UUID
    person_id: UUID | None = None
    request_id: str | None = None
    import_id: UUID | None = None


class Database:
    """Connections to one database; every transaction runs under a role that is no superuser."""

    def __init__(self, url: str, *, pool_size: int = 10, statement_timeout_s: float = 0) -> None:
        self.url = url
        self.engine = create_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_use_lifo=True,  # few connections that are warm, not all of them in turn
            pool_timeout=10,
            json_serializer=partial(json.dumps, separators=(",", ":")),
            hide_parameters=True,  # in messages of errors, and so in logs
            connect_args={
                "connect_timeout": 10,
                "application_name": "routeplanner",
                "options": f"-c statement_timeout={round(statement_timeout_s * 1000)}"
                " -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
            },
        )
        _ping_where_idle(self.engine)

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Session]:
        """Run a transaction that sees and writes the actor's organization alone."""
        with self._transaction("routeplanner_app", actor) as (session, _):
            yield session

    @contextmanager
    def system(self) -> Iterator[Session]:
        """Run a transaction that sees the few columns of jobs that keeping them alive needs."""
        with self._transaction("routeplanner_system", None) as (session, _):
            yield session

    @contextmanager
    def presenting(
        self, digest: bytes, request_id: str | None = None, *asked: Statement
    ) -> Iterator[tuple[Session, list[Rows]]]:
        """Run a transaction that sees no more than the key of a digest.

        Yields with it what statements answer that are sent together with its beginning. Once they
        have found the key (`presented_keys`), it sees and writes what its person may.
        """
        with self._transaction("routeplanner_app", None, digest.hex(), request_id, asked) as (
            session,
            answers,
        ):
            yield session, answers

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _transaction(
        self,
        role: _Role,
        actor: Actor | None,
        key_digest: str = "",
        request_id: str | None = None,
        asked: Sequence[Statement] = (),
    ) -> Iterator[tuple[Session, list[Rows]]]:
        with (
            _told(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            values = {
                "role": role,
                "organization_id": str(actor.organization_id) if actor else "",
                "person_id": _text(actor.person_id) if actor else "",
                "request_id": _text(actor.request_id if actor else request_id),
                "import_id": _text(actor.import_id) if actor else "",
                "key_digest": key_digest,
            }
            _, *answers = read_together(session, (_BEGIN, values), *asked)
            yield session, answers


def _ping_where_idle(engine: Engine) -> None:
    """Try connections that were not used for a while before they are used again.

    Trying each one each time, as `pool_pre_ping` does, would cost each request one way more.
    """

    def checked_in(_: object, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    def checked_out(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at < _SURELY_ALIVE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error  # the pool takes another one

    event.listen(engine, "checkin", checked_in)
    event.listen(engine, "checkout", checked_out)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the driver raises in words of the product."""
    try:
        yield
    except _UNAVAILABLE as error:
        raise UnavailableError(type(error).__name__) from error
    except (DataError, psycopg.DataError) as error:
        raise InvalidError("a value cannot be stored", code="VALUE_NOT_STORABLE") from error
    except InternalError as error:  # such as a transaction that the server has given up
        if not error.connection_invalidated:
            raise
        raise UnavailableError(type(error.orig).__name__) from error
    except PendingRollbackError as error:
        if error.code != _LOST_BEFORE:
            raise
        raise UnavailableError(type(error).__name__) from error


def think_for(session: Session, seconds: int) -> None:
    """Let a transaction that has locked nothing compute for so long between two statements."""
    session.execute(
        text("SELECT set_config('idle_in_transaction_session_timeout', :milliseconds, true)"),
        {"milliseconds": str(seconds * 1000)},
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
