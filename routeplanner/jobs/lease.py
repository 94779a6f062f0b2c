"""A worker's hold on a job: taken by one attempt, kept alive, and lost to whoever takes it over.

Every write of a worker is conditional on its own attempt, so a worker that was frozen or cut off
changes nothing when it comes back.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import structlog
from sqlalchemy import func, literal_column, select, update

from routeplanner.errors import UnavailableError
from routeplanner.jobs.kinds import KINDS, JobRow
from routeplanner.jobs.queue import JobKind, enqueue
from routeplanner.storage.database import Actor, Database, Session
from routeplanner.storage.tables import Base, PlanEvent

BEAT_S = 1.0
_LONGEST_MESSAGE = 500

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JobId:
    """Which job."""

    kind: JobKind
    organization_id: UUID
    id: UUID


def claim(session: Session, job: JobId, lease_s: float) -> int | None:
    """Take a job that waits; returns the attempt, or none where there is nothing to take."""
    table, running = KINDS[job.kind].table, KINDS[job.kind].running
    attempt: int | None = session.scalar(
        update(table)
        .where(table.id == job.id, table.status == "queued")
        .values(
            {
                "status": running,
                "attempt": table.attempt + 1,
                "lease_until": func.now() + timedelta(seconds=lease_s),
                f"{running}_at": func.now(),
            }
        )
        .returning(table.attempt)
    )
    if attempt is not None:
        tell(session, job, running, {"attempt": attempt})
    return attempt


def tell(session: Session, job: JobId, event: str, data: dict[str, Any]) -> None:
    """Tell the event stream of a plan; other jobs have none."""
    if job.kind == "plans":
        session.add(
            PlanEvent(organization_id=job.organization_id, plan_id=job.id, event=event, data=data)
        )
        session.flush()


def hand_back(
    session: Session, job: JobId, attempt: int, columns: dict[str, Any] | None = None
) -> bool:
    """Let another worker take a job that this one cannot finish; it counts as no failure."""
    table = KINDS[job.kind].table
    changed = session.scalar(
        _own(job, attempt)
        .values(
            {"status": "queued", "lease_until": None, "queued_at": func.now(), **(columns or {})}
        )
        .returning(table.id)
    )
    if changed is None:
        return False
    enqueue(session, job.kind, job.organization_id, job.id)
    tell(session, job, "queued", {"reason": "handed back"})
    return True


def take_from_dead(session: Session, job: JobId, attempt: int, max_attempts: int) -> bool:
    """End an attempt that shows no sign of life: another one follows, or the job has failed.

    Tells whether it did: an import whose stores are being written is left alone.
    """
    table, running = KINDS[job.kind].table, KINDS[job.kind].running
    row: Any = session.scalar(
        select(table)
        .where(table.id == job.id, table.attempt == attempt, table.status == running)
        .where(table.lease_until < func.now())
        .with_for_update(skip_locked=True)
    )
    if row is not None:
        end_attempt(session, job, row, "the worker showed no sign of life", max_attempts)
    return row is not None


def end_attempt(session: Session, job: JobId, row: JobRow, reason: str, max_attempts: int) -> None:
    """Count a failed attempt; the job is queued again, or has failed with the reason."""
    row.failed_attempts += 1
    row.attempt += 1  # whoever still works on it has lost it
    row.lease_until = None
    if row.failed_attempts < max_attempts:
        row.status = "queued"
        session.flush()
        enqueue(session, job.kind, job.organization_id, job.id)
        tell(session, job, "queued", {"reason": reason})
        return
    failure = {
        "code": "ATTEMPTS_USED_UP",
        "message": f"{row.failed_attempts} attempts failed; the last one: {reason}",
        "issues": [],
    }
    row.status, row.failure = "failed", failure
    for name, value in KINDS[job.kind].when_failed.items():
        setattr(row, name, value)
    session.flush()
    tell(session, job, "failed", short_failure(failure))


def short_failure(failure: dict[str, Any]) -> dict[str, Any]:
    """What an event tells of a failure: notifications are short, the row has all of it."""
    return {"code": failure["code"], "message": failure["message"][:_LONGEST_MESSAGE]}


@dataclass
class Lease:
    """Keeps an attempt alive from a thread of its own, and learns there what others want."""

    database: Database
    job: JobId
    attempt: int
    lease_s: float
    is_lost: threading.Event = field(default_factory=threading.Event)
    is_canceled: threading.Event = field(default_factory=threading.Event)
    leaves_with: threading.Event | None = None  # once set, the job is handed back as it is
    _ended: threading.Event = field(default_factory=threading.Event)
    _news: dict[str, Any] | None = None  # columns to write with the next beat
    _event: dict[str, Any] | None = None
    _noting: threading.Lock = field(default_factory=threading.Lock)  # held for news and event

    def __enter__(self) -> Self:
        """Begin to beat."""
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End beating."""
        self._ended.set()
        self._thread.join()

    @property
    def actor(self) -> Actor:
        """For whom the job runs."""
        return Actor(self.job.organization_id)

    def note(self, columns: dict[str, Any], event: dict[str, Any]) -> None:
        """Have columns written, and an event told, with the next beat."""
        with self._noting:
            self._news = (self._news or {}) | columns
            self._event = event

    def finish(
        self, values: dict[str, Any], event: str, data: dict[str, Any], rows: Sequence[Base] = ()
    ) -> bool:
        """Write the outcome, where the attempt still holds the job; tells whether it did.

        What was noted last and not written yet is written with it; `rows` are what is added.
        """
        with self._noting:
            last, self._news = (self._news or {}) | values, None
        return self.last_write(lambda session: self._finish(session, last, event, data, rows))

    def last_write(self, write: Callable[[Session], bool]) -> bool:
        """Write, and again while the database is away for no longer than the lease."""
        until = time.monotonic() + self.lease_s
        while True:
            try:
                with self.database.transaction(self.actor) as session:
                    return write(session)
            except UnavailableError:
                if time.monotonic() > until:
                    raise
                time.sleep(BEAT_S)

    def _finish(
        self,
        session: Session,
        values: dict[str, Any],
        event: str,
        data: dict[str, Any],
        rows: Sequence[Base],
    ) -> bool:
        table = KINDS[self.job.kind].table
        written = session.scalar(
            _own(self.job, self.attempt).values({"lease_until": None, **values}).returning(table.id)
        )
        if written is None:
            self.is_lost.set()
            return False
        for _, alike in groupby(rows, key=type):  # rows of one table may name those of one before
            session.add_all(alike)
            session.flush()
        tell(session, self.job, event, data)
        return True

    def _keep(self) -> None:
        while not self._ended.wait(BEAT_S) and not self.is_lost.is_set():
            try:
                self._beat()
            except UnavailableError:
                log.warning("no beat: the database is away", job_id=str(self.job.id))
            except Exception:
                # The outermost edge of this thread: without beats the job is another worker's.
                log.exception("beating has ended", job_id=str(self.job.id))
                self.is_lost.set()

    def _beat(self) -> None:
        if self.leaves_with is not None and self.leaves_with.is_set():
            with self.database.transaction(self.actor) as session:
                hand_back(session, self.job, self.attempt)
            self.is_lost.set()
            return
        with self._noting:
            news, self._news = self._news or {}, None
            event, self._event = self._event, None
        try:
            self._write(news, event)
        except UnavailableError:
            with self._noting:  # what came meanwhile is newer
                self._news = news | (self._news or {})
                self._event = self._event or event
            raise

    def _write(self, news: dict[str, Any], event: dict[str, Any] | None) -> None:
        kind = KINDS[self.job.kind]
        cancel: Any = literal_column("cancel_requested_at" if kind.can_be_stopped else "NULL")
        with self.database.transaction(self.actor) as session:
            found = session.execute(
                _own(self.job, self.attempt)
                .values(
                    {
                        "lease_until": func.now() + timedelta(seconds=self.lease_s),
                        **news,
                    }
                )
                .returning(cancel)
            ).first()
            if found is not None and event is not None:
                tell(session, self.job, "progress", event)
        if found is None:
            self.is_lost.set()
        elif found[0] is not None:
            self.is_canceled.set()


def _own(job: JobId, attempt: int) -> Any:
    table, running = KINDS[job.kind].table, KINDS[job.kind].running
    return update(table).where(
        table.id == job.id, table.attempt == attempt, table.status == running
    )
