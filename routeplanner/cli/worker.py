"""`routeplanner worker`: makes the plans that the service is asked for."""

import gc

import click

from routeplanner.cli.report import told_plainly
from routeplanner.cli.service import service_settings
from routeplanner.jobs.worker import run_worker
from routeplanner.logs import configure_logs
from routeplanner.storage.embedded import database_url
from routeplanner.storage.migrate import require_head


@click.command(name="worker")
@click.option(
    "--concurrency",
    type=click.IntRange(min=1),
    help="Jobs at the same time; ROUTEPLANNER_WORKER_CONCURRENCY where not given.",
)
@click.option("--ends-with-parent", is_flag=True, hidden=True)
def command(concurrency: int | None, ends_with_parent: bool) -> None:
    """Work on the jobs of the database until SIGTERM; running ones are then handed back.

    An import whose stores are being merged in is done to its end first.

    Any number of workers may run, on any machine that reaches the database.
    """
    with told_plainly():
        settings = service_settings(worker_concurrency=concurrency)
        with database_url(settings) as url:
            require_head(url)
            configure_logs(settings.log_level)
            run_worker(settings, url, ends_with_parent=ends_with_parent)
    gc.freeze()  # the interpreter would search all that is loaded before it ends
