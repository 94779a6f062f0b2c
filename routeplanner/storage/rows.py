"""Writes many rows as one statement: they travel as one JSON document."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Table, func, literal, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

ROWS_AT_ONCE = 5000
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_rows(
    session: Session,
    table: Any,
    rows: Iterable[dict[str, Any]],
    *,
    replaces: Sequence[str] = (),
    adds_one_to: Sequence[str] = (),
) -> int:
    """Insert rows that have the same keys; returns how many were inserted.

    A row that is there already stays as it is, or has the columns of `replaces` overwritten
    and those of `adds_one_to` counted up.
    """
    chosen: Table = table.__table__
    n, left = 0, iter(rows)
    while part := list(islice(left, ROWS_AT_ONCE)):
        query = text(_insert(chosen, list(part[0]), replaces, adds_one_to))
        result = session.execute(query, {"rows": json.dumps(part, default=str)})
        n += len(result.all())
    return n


def one_of(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column has one of many values, which travel as one parameter.

    As a set of rows, so that each is looked up by the key: a comparison with all of an array goes
    through a whole index again and again where the table's statistics are not there yet.
    """
    found: ColumnElement[bool] = column.in_(
        select(func.unnest(literal(list(values), ARRAY(column.type))))
    )
    return found


def _insert(
    table: Table, names: Sequence[str], replaces: Sequence[str], adds_one_to: Sequence[str]
) -> str:
    """The statement; every name in it is one of a column of the table."""
    columns = ", ".join(table.c[name].name for name in names)
    typed = ", ".join(f"{name} {table.c[name].type.compile(dialect=_DIALECT)}" for name in names)
    key = ", ".join(column.name for column in table.primary_key.columns)
    changes = [f"{table.c[name].name} = EXCLUDED.{name}" for name in replaces]
    changes += [f"{name} = {table.name}.{table.c[name].name} + 1" for name in adds_one_to]
    conflict = f"DO UPDATE SET {', '.join(changes)}" if changes else "DO NOTHING"
    return (
        f"INSERT INTO {table.name} ({columns})"  # noqa: S608
        f" SELECT {columns} FROM json_to_recordset(CAST(:rows AS json)) AS r ({typed})"
        f" ON CONFLICT ({key}) {conflict} RETURNING 1"
    )
