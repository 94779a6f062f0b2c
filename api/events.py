"""Event streams of plans: one connection of the process listens, and fans out to all of them."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

import structlog

from routeplanner.storage.listening import CHANNEL, listen
from routeplanner.use_cases.plan_events import Event

_BACKLOG = 1000  # events that a stream may lag behind before it is ended
_AGAIN_S = 2.0

log = structlog.get_logger(__name__)


Subscription = asyncio.Queue[Event | None]
"""Events to come; none: the stream is over."""

_Key = tuple[UUID, UUID]  # organization and plan


class Hub:
    """Hands what the database tells to the streams that wait for it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._streams: dict[_Key, set[Subscription]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End listening and all streams."""
        self._end_all()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @contextlib.contextmanager
    def subscribed(self, organization_id: UUID, plan_id: UUID) -> Iterator[Subscription]:
        """A queue of the events of one plan of one organization."""
        queue: Subscription = asyncio.Queue(_BACKLOG)
        key = (organization_id, plan_id)
        self._streams[key].add(queue)
        try:
            yield queue
        finally:
            self._streams[key].discard(queue)
            if not self._streams[key]:
                del self._streams[key]

    async def _run(self) -> None:
        while True:
            try:
                async for payload in listen(self._url):
                    if payload is None:
                        # Streams that have read the past already may lack what was told since.
                        self._end_all()
                    else:
                        self._tell(payload)
            except asyncio.CancelledError:
                raise
            except OSError as error:
                log.warning("not listening", channel=CHANNEL, reason=type(error).__name__)
            # Clients come back with Last-Event-ID and miss nothing.
            self._end_all()
            await asyncio.sleep(_AGAIN_S)

    def _tell(self, payload: str) -> None:
        told = json.loads(payload)
        key = (UUID(told["organization_id"]), UUID(told["plan_id"]))
        event = Event(told["id"], told["event"], told["data"])
        for queue in tuple(self._streams.get(key, ())):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._end(queue)

    def _end_all(self) -> None:
        for queues in self._streams.values():
            for queue in queues:
                self._end(queue)

    @staticmethod
    def _end(queue: Subscription) -> None:
        while queue.full():
            queue.get_nowait()
        queue.put_nowait(None)
