"""`routeplanner insert`: gives one store its visits in a plan, at the least cost."""

import sys
from pathlib import Path

import click
from rich.text import Text

from routeplanner.cli.changed_plan import Change, change_options
from routeplanner.cli.explain_report import print_choices
from routeplanner.cli.report import EXIT_FOUND, console, errors, told_plainly
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store, store_words
from routeplanner.files.added_store import read_added_store
from routeplanner.planning.standing.changing import choices_to_join
from routeplanner.planning.standing.excluded import excluded_days
from routeplanner.planning.standing.forcing import forced, what_breaks
from routeplanner.planning.standing.joining import scenario_with
from routeplanner.planning.standing.naming import find_store
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.texts import counted, text
from routeplanner.travel.source import travel_matrix

_SHOWN = 5


@click.command(name="insert")
@change_options
@click.option(
    "--stores",
    type=click.Path(path_type=Path),
    help="Store list (CSV or XLSX) with the row of a new store.",
)
@click.option(
    "--travel",
    type=click.Path(path_type=Path),
    help="Travel matrix with the new store, where the plan's was given too.",
)
@click.option(
    "--choice",
    "number",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Which of the choices shown is taken.",
)
def command(
    plan: Path,
    store: str,
    scenario: Path | None,
    dry_run: bool,
    force: bool,
    timezone: str | None,
    stores: Path | None,
    travel: Path | None,
    number: int,
) -> None:
    """Give a STORE (id or name) its visits in PLAN, on the days that cost least.

    STORE is one that is not (fully) scheduled, was closed or suspended, or a new one of the list
    given with --stores; all other stores keep their class. The five cheapest choices of days are
    shown. The days that the store joins are re-sequenced, all others stay as they are; the new
    plan, with all outputs and the list of changes, takes the place of PLAN. Exit code 1: it would
    break rules, and nothing was written.
    """
    with told_plainly():
        change = Change.of(plan, scenario, timezone, dry_run=dry_run, force=force)
        given, wanted = _with_store(change.before.scenario, store, stores, travel)
        standing = stand(given, travel_matrix(given), change.before.plan)
        ranked = choices_to_join(standing, wanted)
        if not ranked:
            _tell_excluded(standing, wanted)
        shown = [choice for choice, _ in ranked]
        title = text("explain.inserted", given.language, store=store_words(wanted))
        print_choices(given, shown, max(_SHOWN, number), title)
        if number > len(ranked):
            raise _no_such_choice(number, len(ranked), given.language)
        _, slots = ranked[number - 1]
        taken = {"number": number, "n": len(ranked)}
        console.print(text("explain.taken", given.language, **taken), markup=False)
        found = forced(standing, wanted.id, slots)
        change.carry_out(found, given, what_breaks(standing, found))


def _no_such_choice(number: int, n: int, language: str) -> click.BadParameter:
    words = counted("explain.no_such_choice", n, language, number=number)
    return click.BadParameter(words, param_hint="--choice")


def _with_store(
    scenario: Scenario, store: str, stores: Path | None, travel: Path | None
) -> tuple[Scenario, Store]:
    """The scenario that holds the store as one to be visited; says what was assumed of it."""
    if stores is not None:
        added = read_added_store(stores, store, travel, scenario)
        given = scenario_with(scenario, added.store, added.origin, added.matrix)
        wanted = next(one for one in given.stores if one.id == added.store.id)
        words = text(
            f"explain.class_{wanted.class_source}",
            scenario.language,
            store=store_words(wanted),
            label=wanted.store_class,
        )
        console.print(Text(words), soft_wrap=True)
        return given, wanted
    wanted = find_store(scenario, store, is_any=True)
    if wanted.is_planned:
        return scenario, wanted
    given = scenario_with(scenario, wanted.model_copy(update={"status": "open"}))
    status = text(f"workbook.status_{wanted.status}", scenario.language)
    words = text("explain.reopened", scenario.language, store=store_words(wanted), status=status)
    console.print(Text(words), soft_wrap=True)
    return given, next(one for one in given.stores if one.id == wanted.id)


def _tell_excluded(standing: Standing, store: Store) -> None:
    """Say which rules leave no choice, and exit."""
    language = standing.scenario.language
    key = "no_more_visits" if standing.slots_with(store.id) else "no_choice"
    errors.print(Text(text(f"explain.{key}", language, store=store_words(store)), style="bold red"))
    for rule in excluded_days(standing, store.id):
        errors.print(Text(f"  {rule.message}"), soft_wrap=True)
    sys.exit(EXIT_FOUND)
