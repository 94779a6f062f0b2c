"""Key-set paging: a cursor names the last row of a page, so that later pages cost no more."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Select, func, literal, select, true, tuple_
from sqlalchemy.orm import aliased

from routeplanner.errors import InvalidError
from routeplanner.storage.database import Session

MOST = 500

_T = TypeVar("_T")
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """Some of the items, and the cursor of those that follow."""

    items: Sequence[_T]
    next: str | None


def page_of(
    session: Session,
    query: Select[_Row],
    column: Any,
    shown: Callable[[list[_Row]], Sequence[_T]],
    *,
    cursor: str | None,
    limit: int,
    is_newest_first: bool = False,
) -> Page[_T]:
    """Return a page of a query in the order of a unique column: a UUID or a number."""
    if cursor is not None:
        last = _decode(cursor, column.type.python_type)
        query = query.where(column < last if is_newest_first else column > last)
    query = query.order_by(column.desc() if is_newest_first else column).limit(limit + 1)
    rows = list(session.scalars(query))
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = _encode(getattr(rows[-1], column.key))
    return Page(shown(rows), following)


def page_by_day(
    session: Session,
    query: Select[_Row],
    table: Any,
    shown: Callable[[list[_Row]], Sequence[_T]],
    *,
    cursor: str | None,
    limit: int,
    owner: Any = None,
    owners: Iterable[UUID] = (),
) -> Page[_T]:
    """Return a page of rows of a table in the order of their dates, on the same date of their ids.

    Where a column `owner` is named, rows of `owners` alone: the first ones of each, put together,
    so that many rows of others cost nothing.
    """
    if cursor is not None:
        query = query.where(tuple_(table.date, table.id) > tuple_(*_decode_day(cursor)))
    if owner is not None:
        own = select(func.unnest(literal(list(owners), ARRAY(owner.type))).label("id")).subquery()
        first = query.where(owner == own.c.id).order_by(table.date, table.id).limit(limit + 1)
        table = aliased(table, first.lateral())
        query = select(table).select_from(own).join(table, true())
    rows: list[Any] = list(session.scalars(query.order_by(table.date, table.id).limit(limit + 1)))
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = _encode(f"{rows[-1].date}/{rows[-1].id}")
    return Page(shown(rows), following)


def page_of_list(
    items: Sequence[_T], place: Callable[[_T], str], *, cursor: str | None, limit: int
) -> Page[_T]:
    """Return a page of a list that was made anew, in the order of a text that names each item."""
    first = 0
    if cursor is not None:
        with _judged():
            first = bisect_right(items, _plain(cursor), key=place)
    chosen = items[first : first + limit]
    has_more = first + limit < len(items)
    return Page(chosen, _encode(place(chosen[-1])) if has_more else None)


def _encode(value: object) -> str:
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def _decode(cursor: str, kind: type) -> UUID | int:
    with _judged():
        return UUID(_plain(cursor)) if kind is UUID else int(_plain(cursor))


def _decode_day(cursor: str) -> tuple[date, UUID]:
    with _judged():
        day, _, id_ = _plain(cursor).partition("/")
        return date.fromisoformat(day), UUID(id_)


def _plain(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


@contextmanager
def _judged() -> Iterator[None]:
    try:
        yield
    except (binascii.Error, ValueError) as error:
        raise InvalidError("the cursor is none that the service gave", code="BAD_CURSOR") from error
