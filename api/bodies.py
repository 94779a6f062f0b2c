r"""Bodies of requests: text that can be neither kept nor answered is refused, whatever they are of.

JSON may write half of a character (`\ud800` alone), which no database and no answer can hold.
"""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from routeplanner.domain.field_issues import shown_path
from routeplanner.errors import InvalidError, Issue
from routeplanner.texts import text

_JSON = re.compile(r"\s*application/(?:[^/;]*\+)?json\s*(?:;|$)", re.IGNORECASE)
# A half as an escape, as bytes of UTF-8, or any that UTF-16 and UTF-32 may have.
_MAY_HOLD_HALVES = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]|\x00")
_HALF = re.compile("[\ud800-\udfff]")
_MOST_SHOWN = 80

_Path = tuple[int | str, ...]


async def storable_body(request: Request) -> None:
    """Refuse JSON that holds half a character, before anything is made of it."""
    if not _JSON.match(request.headers.get("content-type", "")):
        return
    # Read and parsed already; both are kept by the request.
    if _MAY_HOLD_HALVES.search(await request.body()):
        await run_in_threadpool(_refuse_halves, await request.json())


def _refuse_halves(body: Any) -> None:
    for path, words in _texts(body):
        if _HALF.search(words):
            issue = _issue(_plain(shown_path(path)) or "body", _plain(words)[:_MOST_SHOWN])
            raise InvalidError("1 issue(s) were found", issues=[issue])


def _texts(body: Any) -> Iterator[tuple[_Path, str]]:
    """Every text of a body, keys among them; not by recursion, since bodies may be deep."""
    left: list[tuple[_Path, Any]] = [((), body)]
    while left:
        path, value = left.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, list):
            left += (((*path, place), entry) for place, entry in enumerate(value))
        elif isinstance(value, dict):
            for key, entry in value.items():
                yield (*path, key), key
                left.append(((*path, key), entry))


def _plain(words: str) -> str:
    """Text with halves of characters as JSON writes them."""
    return words.encode("utf-8", "backslashreplace").decode()


def _issue(path: str, value: str) -> Issue:
    return Issue(
        code="NOT_UNICODE",
        path=path,
        message=text("fields.NOT_UNICODE", "en", name=path, value=value),
        hint=text("fields.NOT_UNICODE_HINT", "en"),
        value=value,
    )
