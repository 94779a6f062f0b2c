"""What endpoints stand on: who calls, the one transaction, answers that can be given again."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel

from api.errors import SEND_A_KEY, RateLimitedError, ReplayedError
from routeplanner.errors import InvalidError, UnauthenticatedError, UnavailableError
from routeplanner.settings import Settings
from routeplanner.storage.database import Database, Session
from routeplanner.use_cases import idempotency
from routeplanner.use_cases.access import (
    Caller,
    Presented,
    authenticate,
    digest_of,
    note_use,
    presenting,
)
from routeplanner.use_cases.pages import MOST, Page
from routeplanner.use_cases.stored_json import StoredJson

Record = TypeVar("Record", bound=BaseModel)

_bearer = HTTPBearer(auto_error=False, description="A key of the form `rp_…`.")


@dataclass(frozen=True, slots=True)
class Service:
    """What an app holds for all its requests."""

    settings: Settings
    database: Database
    limiter: "RateLimiter"


class RateLimiter:
    """So many requests a key and minute, counted in this process."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._item = RateLimitItemPerMinute(per_minute)

    def check(self, key: str) -> None:
        """Count a request; RateLimitedError where it is one too many."""
        if not self._limiter.hit(self._item, key):
            stats = self._limiter.get_window_stats(self._item, key)
            wait = stats.reset_time - datetime.now(UTC).timestamp()
            raise RateLimitedError(max(1, round(wait)))


def service_of(request: Request) -> Service:
    """The service that an app was made with."""
    service: Service = request.app.state.service
    return service


_Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


def known_caller(request: Request, credentials: _Credentials) -> Caller:
    """Who holds the key of the request, for requests that hold no transaction."""
    service = service_of(request)
    return _admitted(request, authenticate(service.database, _token_of(credentials)))


async def key_digest(credentials: _Credentials) -> bytes:
    """By what the key of a request is known, for those that present it again."""
    return digest_of(_token_of(credentials))


def _token_of(credentials: HTTPAuthorizationCredentials | None) -> str:
    if credentials is None:
        raise UnauthenticatedError(SEND_A_KEY)
    return credentials.credentials


def _admitted(request: Request, caller: Caller) -> Caller:
    """The caller, known to the log of the request and counted."""
    request.state.organization_id = str(caller.organization_id)
    request.state.key_id = str(caller.key_id)
    service_of(request).limiter.check(str(caller.key_id))
    return caller


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that takes its time and holds no connection to the database meanwhile."""

    response: Callable[[], Response]  # computes it


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a known caller, in its one transaction."""

    session: Session
    caller: Caller
    request: Request
    idempotency_key: str | None = None

    @property
    def request_id(self) -> str:
        """The id of the request, as logs and the audit trail have it."""
        return str(self.request.state.request_id)

    @property
    def settings(self) -> Settings:
        """The settings of the service."""
        return service_of(self.request).settings

    def answer_later(self, compute: Callable[[], BaseModel]) -> "Later":
        """Answer with what is computed once all is read, when the transaction has ended."""
        return Later(lambda: Response(json_bytes(compute()), media_type="application/json"))

    def answer(
        self,
        content: BaseModel | Any,
        status: int = 200,
        *,
        location: str | None = None,
        version: int | None = None,
        kept: BaseModel | None = None,
    ) -> Response:
        """Answer with a model as JSON; kept with the request's idempotency key, where it has one.

        `kept` stands in for what must not be kept, such as a new key.
        """
        headers = {} if location is None else {"Location": location}
        if version is not None:
            headers["ETag"] = f'"{version}"'
        body = json_bytes(content)
        if self.idempotency_key is not None:
            again = body if kept is None else json_bytes(kept)
            answer = idempotency.Answer(status, headers, again)
            idempotency.keep(self.session, self.caller, self.idempotency_key, answer)
        return Response(body, status, headers, media_type="application/json")


def json_bytes(content: Any) -> bytes:
    """A model, a page of models, or what is stored, as JSON."""
    if isinstance(content, Page):
        items = b",".join(json_bytes(item) for item in content.items)
        following = "null" if content.next is None else f'"{content.next}"'
        return b'{"items":[' + items + b'],"next":' + following.encode() + b"}"
    if isinstance(content, BaseModel):
        return content.model_dump_json(by_alias=True).encode()
    if isinstance(content, StoredJson):
        return content.text.encode()
    raise TypeError(type(content))


_SentKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key gives the same answer for 24 hours.",
    ),
]


@dataclass(frozen=True, slots=True)
class Entry:
    """A request with a key, before anything is asked of the database: see `api.routing`."""

    request: Request
    token: str
    right: str  # that the call needs
    idempotency_key: str | None = None

    @contextmanager
    def opened(self) -> Iterator[Call]:
        """Run a call in its transaction, which is the one that the key is presented in."""
        request, digest = self.request, digest_of(self.token)
        database = service_of(request).database
        presented: Presented | None = None
        try:
            with presenting(database, digest, request.state.request_id) as (session, presented):
                caller = _admitted(request, presented.caller)
                caller.require(self.right)
                call = Call(session, caller, request, self.idempotency_key)
                if self.idempotency_key is not None:
                    _replay(call, self.idempotency_key)
                yield call
        finally:
            if presented is not None:
                with suppress(UnavailableError):
                    note_use(database, presented)


# Coroutines cost no thread; the endpoint's own thread opens the call.
def _entry(right: str) -> Callable[..., Any]:
    """Entries of calls that need a right."""

    async def entered(request: Request, credentials: _Credentials) -> Entry:
        request.state.entry = entry = Entry(request, _token_of(credentials), right)
        return entry

    return entered


def _creating(right: str) -> Callable[..., Any]:
    """Entries of calls that take an idempotency key too."""

    async def entered(
        request: Request, credentials: _Credentials, idempotency_key: _SentKey = None
    ) -> Entry:
        entry = Entry(request, _token_of(credentials), right, idempotency_key)
        request.state.entry = entry
        return entry

    return entered


def _replay(call: Call, key: str) -> None:
    """Answer as before where the key was used before."""
    kept_for = timedelta(hours=call.settings.idempotency_hours)
    kept = idempotency.begin(call.session, call.caller, key, _fingerprint(call.request), kept_for)
    if kept is not None:
        headers = kept.headers | {"Idempotency-Replayed": "true"}
        answer = Response(kept.body, kept.status_code, headers, media_type="application/json")
        raise ReplayedError(answer)


def _fingerprint(request: Request) -> bytes:
    asked = f"{request.method} {request.url.path}?{request.url.query}".encode()
    body: bytes = request.state.body_digest.digest()
    return hashlib.sha256(asked + body).digest()


# What endpoints are handed: an entry that `api.routing` has opened.
Reading = Annotated[Call, Depends(_entry("read"))]
Editing = Annotated[Call, Depends(_entry("edit"))]
Reviewing = Annotated[Call, Depends(_entry("review"))]
Managing = Annotated[Call, Depends(_entry("manage"))]
Creating = Annotated[Call, Depends(_creating("edit"))]
Reporting = Annotated[Call, Depends(_creating("report"))]
CreatingAsReviewer = Annotated[Call, Depends(_creating("review"))]
CreatingAsManager = Annotated[Call, Depends(_creating("manage"))]


async def expected_version(
    if_match: Annotated[
        str | None, Header(description='The `ETag` of what is to be changed, such as `"3"`.')
    ] = None,
) -> int | None:
    """The version that a caller has read; none where any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    plain = if_match.strip().removeprefix("W/").strip('"')
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        raise InvalidError('If-Match is to be an ETag such as "3"', code="BAD_IF_MATCH")
    return int(plain)


Version = Annotated[int | None, Depends(expected_version)]
Cursor = Annotated[str | None, Query(max_length=100, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Items of a page.")]


class Items(BaseModel, Generic[Record]):
    """A page: some items, and the cursor of those that follow."""

    items: list[Record]
    next: str | None


def location(resource: str, id_: UUID) -> str:
    """The address of a record."""
    return f"/v1/{resource}/{id_}"
