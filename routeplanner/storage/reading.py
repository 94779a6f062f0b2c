"""Reads that many requests make: plain rows straight from the driver, several on one way."""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session

_DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]

Statement = tuple[str, Sequence[Any] | Mapping[str, Any]]
"""SQL as the driver takes it, and its parameters."""

Rows = list[tuple[Any, ...]]


class Question:
    """A query that is put into SQL once."""

    def __init__(self, query: Select[Any]) -> None:
        compiled = query.compile(dialect=_DIALECT)
        self._sql, self._values = str(compiled), dict(compiled.params)
        self._row = _row_type(query.selected_columns.keys())

    def with_values(self, **values: Any) -> Statement:
        """The statement that asks it."""
        return self._sql, self._values | values

    def named(self, rows: Rows) -> list[Any]:
        """Rows that answer it, with their columns by name."""
        return [self._row._make(row) for row in rows]


def _row_type(names: Sequence[str]) -> Any:
    return namedtuple("Row", names)


def read(session: Session, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> Rows:
    """The rows of a statement."""
    return _driver(session).execute(sql, values).fetchall()


def read_together(session: Session, *statements: Statement) -> list[Rows]:
    """The rows of each statement; they are sent, and answered, together."""
    driver = _driver(session)
    with driver.pipeline():
        cursors = [driver.execute(sql, values) for sql, values in statements]
    return [cursor.fetchall() for cursor in cursors]


def _driver(session: Session) -> Connection[tuple[Any, ...]]:
    found: Any = session.connection().connection.driver_connection
    connection: Connection[tuple[Any, ...]] = found
    return connection
