"""Key-set paging: a cursor names the last row of a page, so that later pages cost no more."""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_

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
    day: Any,
    id_: Any,
    shown: Callable[[list[_Row]], Sequence[_T]],
    *,
    cursor: str | None,
    limit: int,
) -> Page[_T]:
    """Return a page of a query in the order of a date and, on the same date, of an id."""
    if cursor is not None:
        query = query.where(tuple_(day, id_) > tuple_(*_decode_day(cursor)))
    rows = list(session.scalars(query.order_by(day, id_).limit(limit + 1)))
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        last = rows[-1]
        following = _encode(f"{getattr(last, day.key)}/{getattr(last, id_.key)}")
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
