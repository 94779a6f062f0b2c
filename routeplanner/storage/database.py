"""The one place that opens transactions, and says there for whom: roles and row-level security."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal
from uuid import UUID

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from routeplanner.errors import InvalidError, UnavailableError
from routeplanner.storage.embedded import driver_url

__all__ = ["Actor", "Database", "Session"]

_Role = Literal["routeplanner_app", "routeplanner_system"]

_BEGIN = text(
    """
    SELECT set_config('role', :role, true),
        set_config('routeplanner.organization_id', :organization_id, true),
        set_config('routeplanner.person_id', :person_id, true),
        set_config('routeplanner.request_id', :request_id, true),
        set_config('routeplanner.import_id', :import_id, true),
        set_config('routeplanner.key_digest', :key_digest, true)
    """
)


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
            pool_timeout=10,
            pool_pre_ping=True,
            json_serializer=partial(json.dumps, separators=(",", ":")),
            hide_parameters=True,  # in messages of errors, and so in logs
            connect_args={
                "connect_timeout": 10,
                "application_name": "routeplanner",
                "options": f"-c statement_timeout={round(statement_timeout_s * 1000)}"
                " -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
            },
        )

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Session]:
        """Run a transaction that sees and writes the actor's organization alone."""
        with self._transaction("routeplanner_app", actor) as session:
            yield session

    @contextmanager
    def system(self) -> Iterator[Session]:
        """Run a transaction that sees the few columns of jobs that keeping them alive needs."""
        with self._transaction("routeplanner_system", None) as session:
            yield session

    @contextmanager
    def presenting(self, digest: bytes) -> Iterator[Session]:
        """Run a transaction that sees no more than the key of a digest."""
        with self._transaction("routeplanner_app", None, digest.hex()) as session:
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _transaction(
        self, role: _Role, actor: Actor | None, key_digest: str = ""
    ) -> Iterator[Session]:
        with (
            _told(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            values = {
                "role": role,
                "organization_id": str(actor.organization_id) if actor else "",
                "person_id": _text(actor.person_id) if actor else "",
                "request_id": _text(actor.request_id) if actor else "",
                "import_id": _text(actor.import_id) if actor else "",
                "key_digest": key_digest,
            }
            session.execute(_BEGIN, values)
            yield session


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the driver raises in words of the product."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise UnavailableError(type(error).__name__) from error
    except DataError as error:
        raise InvalidError("a value cannot be stored", code="VALUE_NOT_STORABLE") from error


def _text(value: object) -> str:
    return "" if value is None else str(value)
