"""`routeplanner learn`: minutes in store and travel as visits that were made say."""

from pathlib import Path

import click

from routeplanner.cli.driven_visits import visits_of
from routeplanner.cli.learn_report import print_learned, print_next
from routeplanner.cli.plan_files import plan_in, scenario_in, scenario_of
from routeplanner.cli.report import print_placed, print_written, told_plainly
from routeplanner.files.learned import write_learned
from routeplanner.planning.learn import learn
from routeplanner.travel.source import travel_matrix


@click.command(name="learn")
@click.argument("visits", type=click.Path(path_type=Path))
@click.option(
    "--plan",
    type=click.Path(path_type=Path),
    help="The plan that was driven: its folder or a file in it; its scenario lies beside it.",
)
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="Instead of a plan: scenario.json or its folder.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write learned.toml, a policy with the changes; learned-stores.csv; and "
    "learned-groups.csv, by class, rep and hour.",
)
def command(visits: Path, plan: Path | None, scenario: Path | None, out: Path | None) -> None:
    """Learn from VISITS how long visits and ways take, and propose other values for the policy.

    VISITS is a list of visits that were made: store with start and end or minutes, by rep and date.
    Nothing is changed: what is proposed is written apart, to be agreed to.
    """
    if (plan is None) == (scenario is None):
        raise click.UsageError("give either --plan or --scenario")
    with told_plainly():
        path = None if plan is None else _beside(plan)
        given = scenario_of(path or scenario_in(scenario or Path()))
        made = visits_of(visits, given)
        found = learn(given, made, travel_matrix(given))
        placed = None if out is None else write_learned(found, given, out)
    print_learned(found, given)
    print_next(found, given.language, out)
    if out is not None and placed is not None:
        print_written(out, (path.name for path in placed.paths), given.language)
        print_placed(placed, given.language)


def _beside(plan: Path) -> Path:
    """The scenario of a plan's folder, or of that of a file in it."""
    return scenario_in(plan) if plan.is_dir() else plan_in(plan).with_name("scenario.json")
