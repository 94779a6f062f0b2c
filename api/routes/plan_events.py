"""The one asynchronous endpoint: what happens to a plan, as server-sent events."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Path, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.dependencies import key_digest, known_caller, service_of
from api.documentation import READS
from api.errors import RateLimitedError
from api.events import Hub, Subscription
from api.routing import new_router
from routeplanner.errors import InvalidError, Refusal, UnavailableError
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.plan_events import Event, data_for, events_after, still_sees
from routeplanner.use_cases.plan_records import ENDED

router = new_router("/v1", tags=["plans"])

CHECK_EVERY_S = 15.0
"""Seconds until a stream ends whose key was revoked, or whose caller no longer sees the plan."""

_RETRY_MS = 2000


class StreamCount:
    """How many streams each key has open in this process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[UUID] = Counter()

    @contextmanager
    def counted(self, key_id: UUID) -> Iterator[None]:
        """Hold one of the key's streams; RateLimitedError where it has no more."""
        if self._open[key_id] >= self._most:
            raise RateLimitedError(5)
        self._open[key_id] += 1
        try:
            yield
        finally:
            self._open[key_id] -= 1


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream that may begin: the caller sees the plan and has streams left."""

    plan_id: UUID
    caller: Caller
    digest: bytes  # of the key
    last_id: int


async def _stream(
    request: Request,
    id: Annotated[UUID, Path()],  # noqa: A002
    caller: Annotated[Caller, Depends(known_caller)],
    digest: Annotated[bytes, Depends(key_digest)],
    last_event_id: Annotated[
        str | None, Header(description="The last event that was received.", max_length=20)
    ] = None,
) -> AsyncIterator[Stream]:
    """Refuse before the stream begins; afterwards there is no telling."""
    caller.require("read")
    plain = (last_event_id or "0").strip()
    if not plain.isascii() or not plain.isdigit():
        raise InvalidError("Last-Event-ID is none that was sent", code="BAD_LAST_EVENT_ID")
    stream = Stream(id, caller, digest, min(int(plain), 2**62))
    count: StreamCount = request.app.state.streams
    with count.counted(caller.key_id):
        await run_in_threadpool(_past, request, stream, 2**62)
        yield stream


@router.get(
    "/plans/{id}/events",
    response_class=EventSourceResponse,
    responses=READS,
)
async def watch_plan(
    request: Request, stream: Annotated[Stream, Depends(_stream)]
) -> AsyncIterator[ServerSentEvent]:
    """Follow a plan until it has ended: queued, solving, progress, solved, canceled, failed."""
    hub: Hub = request.app.state.hub
    last = stream.last_id
    with hub.subscribed(stream.caller.organization_id, stream.plan_id) as queue:
        for past in await run_in_threadpool(_past, request, stream, last):
            last = past.id
            yield _sent(stream.caller, past)
            if past.event in ENDED:
                return
        async for current, event in _live(request, stream, queue):
            if event.id > last:
                last = event.id
                yield _sent(current.caller, event)
                if event.event in ENDED:
                    return


async def _live(
    request: Request, stream: Stream, queue: Subscription
) -> AsyncIterator[tuple[Stream, Event]]:
    """What is told of the plan, until the queue ends or the caller may no longer follow it."""
    now = asyncio.get_running_loop().time
    check_at = now() + CHECK_EVERY_S
    while True:
        if now() >= check_at:
            try:
                stream = await run_in_threadpool(_again, request, stream)
            except Refusal:
                return
            check_at = now() + CHECK_EVERY_S
        try:
            async with asyncio.timeout_at(check_at):
                event = await queue.get()
        except TimeoutError:
            continue
        if event is None:
            return
        yield stream, event


def _again(request: Request, stream: Stream) -> Stream:
    """The stream of whoever holds its key by now."""
    try:
        caller = still_sees(service_of(request).database, stream.digest, stream.plan_id)
        return replace(stream, caller=caller)
    except UnavailableError:  # asked again the next time
        return stream


def _past(request: Request, stream: Stream, last_id: int) -> list[Event]:
    database = service_of(request).database
    with database.transaction(stream.caller.actor(request.state.request_id)) as session:
        return events_after(session, stream.caller, stream.plan_id, last_id)


def _sent(caller: Caller, event: Event) -> ServerSentEvent:
    data = data_for(caller, event.data)
    return ServerSentEvent(data=data, event=event.event, id=str(event.id), retry=_RETRY_MS)
