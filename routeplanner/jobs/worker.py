"""The worker process: runs jobs, looks after those of dead peers, hands its own back at the end."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import structlog
from procrastinate import App, JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from routeplanner.errors import UnavailableError
from routeplanner.jobs.importing import import_stores
from routeplanner.jobs.lease import JobId, Lease
from routeplanner.jobs.missed import MISSED_CRON, find_missed_visits
from routeplanner.jobs.queue import JobKind, queue_app
from routeplanner.jobs.recent_counts import COUNT_CRON, count_recent_weeks
from routeplanner.jobs.reconciler import reconcile
from routeplanner.jobs.solving import solve
from routeplanner.jobs.work import Runner, Work, run
from routeplanner.settings import Settings
from routeplanner.storage.cleaning import forget_answers, forget_progress
from routeplanner.storage.database import Database

GRACE_S = 6.0
"""Seconds that running jobs have to hand themselves back."""

HEARTBEAT_S, SILENT_S = 5.0, 20.0
_FORGET_EVERY = 120  # rounds of the reconciler

MISSED_TASK, COUNT_TASK = "find_missed_visits", "count_recent_weeks"

PROGRESS_KEPT = timedelta(days=1)
"""For streams that come late; the other events of a plan stay."""


def _study(work: Work, lease: Lease) -> None:
    # Linear solvers and compiled bounds take seconds to load; a worker should be up before.
    from routeplanner.jobs.studying import study  # noqa: PLC0415

    study(work, lease)


RUNNERS: dict[JobKind, Runner] = {"plans": solve, "studies": _study, "imports": import_stores}

log = structlog.get_logger(__name__)


def add_tasks(app: App) -> None:
    """Register one task for each kind of job, and those that come back by the clock."""
    for kind, runner in RUNNERS.items():
        _add_task(app, kind, runner)

    _add_periodic(app, MISSED_TASK, MISSED_CRON, find_missed_visits)
    _add_periodic(app, COUNT_TASK, COUNT_CRON, count_recent_weeks)


def _add_periodic(app: App, name: str, cron: str, do: Callable[[Work], int]) -> None:
    @app.periodic(cron=cron)
    @app.task(name=name, queueing_lock=name, priority=1, pass_context=True)
    def run_at_times(context: JobContext, timestamp: int) -> None:
        work: Work = context.additional_context["work"]
        try:
            do(work)
        except UnavailableError:
            log.warning("the database is away", task=name)


def _add_task(app: App, kind: JobKind, runner: Runner) -> None:
    @app.task(name=f"run_{kind}", pass_context=True)
    def run_job(context: JobContext, organization_id: str, job_id: str) -> None:
        work: Work = context.additional_context["work"]
        run(work, JobId(kind, UUID(organization_id), UUID(job_id)), runner)


def run_worker(settings: Settings, url: str, *, ends_with_parent: bool = False) -> None:
    """Work until a signal ends it; `ends_with_parent`: or until standard input is closed."""
    asyncio.run(_run(settings, url, ends_with_parent=ends_with_parent))


async def _run(settings: Settings, url: str, *, ends_with_parent: bool) -> None:
    concurrency = settings.worker_concurrency
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(concurrency + 4))
    # Every job holds a connection for its lease and at times one for itself.
    database = Database(url, pool_size=2 * concurrency + 2)
    work = Work(database, settings)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if ends_with_parent:
        # The parent holds the other end; it closes however the parent ends.
        loop.add_reader(sys.stdin, _read_parent, stop)
    app = queue_app(url, pool_size=concurrency + 3)
    add_tasks(app)
    try:
        async with app.open_async():
            await _work(app, work, stop)
    finally:
        database.dispose()


async def _work(app: App, work: Work, stop: asyncio.Event) -> None:
    worker = asyncio.create_task(
        app.run_worker_async(
            concurrency=work.settings.worker_concurrency,
            install_signal_handlers=False,
            additional_context={"work": work},
            delete_jobs="always",
            fetch_job_polling_interval=2.0,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=SILENT_S,
            shutdown_graceful_timeout=GRACE_S,
        )
    )
    stopping = asyncio.create_task(stop.wait())
    looking = asyncio.create_task(_look_after(app, work))
    log.info("worker started", concurrency=work.settings.worker_concurrency)
    await asyncio.wait((worker, stopping, looking), return_when=asyncio.FIRST_COMPLETED)
    work.is_stopping.set()
    looking.cancel()
    stopping.cancel()
    worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker
    if looking.done() and not looking.cancelled():
        looking.result()
    log.info("worker stopped")


async def _look_after(app: App, work: Work) -> None:
    """Reconcile every few seconds, in every worker: one of them is enough."""
    rounds = 0
    while True:
        await asyncio.sleep(work.settings.reconcile_s)
        try:
            await asyncio.to_thread(reconcile, work.database, work.settings)
            await _remove_stalled(app)
            if rounds % _FORGET_EVERY == 0:
                await asyncio.to_thread(_forget, work)
        except (UnavailableError, ConnectorException):
            log.warning("cannot look after jobs: the database is away")
        rounds += 1


async def _remove_stalled(app: App) -> None:
    """Remove queue entries of dead workers: their rows have been enqueued anew, or have ended."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_S):
        with contextlib.suppress(ConnectorException):  # a peer has removed it just now
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)


def _forget(work: Work) -> None:
    forget_answers(work.database, timedelta(hours=work.settings.idempotency_hours))
    forget_progress(work.database, PROGRESS_KEPT)


def _read_parent(stop: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        stop.set()
