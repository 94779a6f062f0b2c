"""`routeplanner explain`: why a store is on its days, what others cost, what fills a day."""

from pathlib import Path

import click

from routeplanner.cli.explain_report import print_day, print_store
from routeplanner.cli.plan_days import day_named
from routeplanner.cli.plan_files import open_plan
from routeplanner.cli.report import errors, told_plainly
from routeplanner.planning.standing.explaining import explain_day, explain_store
from routeplanner.planning.standing.naming import day_off, find_rep, find_store
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.texts import text


@click.command(name="explain")
@click.argument("plan", type=click.Path(path_type=Path))
@click.argument("store", required=False)
@click.option("--day", metavar="DAY", help="Tell what fills a day, such as w1-tue, instead.")
@click.option("--rep", help="The rep of the day, where there are several.")
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="scenario.json of the plan; the one beside PLAN where not given.",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Choices, or stores of a day, that are shown.",
)
def command(
    plan: Path,
    store: str | None,
    day: str | None,
    rep: str | None,
    scenario: Path | None,
    most: int,
) -> None:
    """Tell why a STORE (id or name) is on its days in PLAN, and what other days would cost.

    PLAN is a folder that `plan` wrote, a plan.json or an edited routes.csv. Every choice of days
    that the store is allowed is listed with its extra minutes and kilometers per cycle and what it
    would break, best first; also which rule excludes the other days, and for a store that is not
    scheduled what would get it in. With --day: what fills a day and which stores cost most there.
    """
    if store is None and day is None:
        raise click.UsageError("name a STORE, or a day with --day w1-tue")
    if store is not None and day is not None:
        raise click.UsageError("name one of the two: a STORE, or a day with --day")
    with told_plainly():
        opened = open_plan(plan, scenario)
        standing = stand(opened.scenario, opened.matrix, opened.plan)
        language = opened.scenario.language
        if store is not None:
            wanted = find_store(opened.scenario, store)
            with errors.status(text("explain.computing", language)):
                found = explain_store(standing, wanted.id)
            print_store(standing.scenario, found, most)
            return
        _explain_day(standing, day or "", rep, most)


def _explain_day(standing: Standing, word: str, rep: str | None, most: int) -> None:
    scenario = standing.scenario
    day = day_named(scenario, word)
    reps = scenario.reps if rep is None else (find_rep(scenario, rep),)
    with errors.status(text("explain.computing", scenario.language)):
        found = [explain_day(standing, one.id, day) for one in reps]
    told = [one for one in found if one is not None]
    if not told:
        raise day_off(scenario, reps[0].id, standing.facts.when(day))
    for one in told:
        print_day(scenario, one, most)
