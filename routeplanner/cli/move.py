"""`routeplanner move`: puts one store of a plan on other days, and tells what that costs."""

from pathlib import Path

import click

from routeplanner.cli.changed_plan import Change, change_options
from routeplanner.cli.explain_report import print_choices
from routeplanner.cli.plan_days import slots_named
from routeplanner.cli.report import told_plainly
from routeplanner.domain.store import Store, store_words
from routeplanner.planning.standing.changing import reps_to_visit, slots_to_move_to
from routeplanner.planning.standing.forcing import choice_in, forced
from routeplanner.planning.standing.naming import find_rep, find_store
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.texts import text


@click.command(name="move")
@change_options
@click.argument("days", nargs=-1, required=True, metavar="DAY...")
@click.option("--rep", help="Who visits it then; the rep who does now where not given.")
def command(
    plan: Path,
    store: str,
    scenario: Path | None,
    dry_run: bool,
    force: bool,
    timezone: str | None,
    days: tuple[str, ...],
    rep: str | None,
) -> None:
    """Move a STORE (id or name) of PLAN to each DAY, such as w1-tue w3-tue.

    The days that it leaves and joins are re-sequenced, all others stay as they are. Fewer days than
    the store has visits stand for the best choice that holds them: w1-tue for every Tuesday of a
    weekly store. Under a route calendar a route such as T2 may be named. The new plan, with all
    outputs and the list of changes, takes the place of PLAN. Exit code 1: it would break rules,
    and nothing was written.
    """
    with told_plainly():
        change = Change.of(plan, scenario, timezone, dry_run=dry_run, force=force)
        given = change.before.scenario
        standing = stand(given, change.before.matrix, change.before.plan)
        moved = find_store(given, store)
        owner = find_rep(given, rep).id if rep else _rep_of(standing, moved)
        slots = slots_to_move_to(standing, moved.id, slots_named(standing, owner, days))
        found = forced(standing, moved.id, slots)
        choice = choice_in(standing, found, moved.id, slots)
        title = text("explain.moved", given.language, store=store_words(moved))
        print_choices(given, [choice], 1, title)
        change.carry_out(found, given, choice.broken)


def _rep_of(standing: Standing, store: Store) -> str:
    """The rep who visits a store, else the one who may."""
    reps = sorted(reps_to_visit(standing, store.id))
    if len(reps) > 1:
        language = standing.scenario.language
        named = text("hours.and", language).join(reps)
        words = text("explain.which_rep", language, store=store_words(store), reps=named)
        raise click.UsageError(words)
    return reps[0]
