"""`routeplanner remove`: takes one store out of a plan, and tells what that saves."""

from pathlib import Path
from typing import Literal

import click
from rich.text import Text

from routeplanner.cli.changed_plan import Change, change_options
from routeplanner.cli.report import console, told_plainly
from routeplanner.domain.store import store_words
from routeplanner.planning.standing.changing import broken_by_leaving, without_store
from routeplanner.planning.standing.naming import find_store
from routeplanner.planning.standing.standing import stand
from routeplanner.texts import counted


@click.command(name="remove")
@change_options
@click.option(
    "--status",
    type=click.Choice(["closed", "suspended"]),
    default="closed",
    show_default=True,
    help="What the store becomes in the scenario.",
)
def command(
    plan: Path,
    store: str,
    scenario: Path | None,
    dry_run: bool,
    force: bool,
    timezone: str | None,
    status: Literal["closed", "suspended"],
) -> None:
    """Take a STORE (id or name) out of PLAN.

    The days that it leaves are re-sequenced, all others stay as they are. The new plan, with all
    outputs and the list of changes, takes the place of PLAN, and the scenario beside it holds the
    store as closed or suspended: `insert` takes it in again.
    """
    with told_plainly():
        change = Change.of(plan, scenario, timezone, dry_run=dry_run, force=force)
        given = change.before.scenario
        standing = stand(given, change.before.matrix, change.before.plan)
        gone = find_store(given, store)
        found, answered = without_store(standing, gone.id, status)
        before, after = standing.plan.measures, found.measures
        visits = sum(standing.encoding.keys[slot].weight for slot in standing.slots_with(gone.id))
        words = counted(
            "explain.removed",
            visits,
            given.language,
            store=store_words(gone),
            visits=visits,
            travel=f"{after.travel_minutes - before.travel_minutes:+.1f}",
            km=f"{after.travel_km - before.travel_km:+.1f}",
            in_store=f"{after.in_store_minutes - before.in_store_minutes:+.1f}",
        )
        console.print(Text(words), soft_wrap=True)
        change.carry_out(found, answered, broken_by_leaving(standing, found, answered))
