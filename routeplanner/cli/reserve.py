"""`routeplanner reserve`: which days break when travel or visits take longer than planned."""

from pathlib import Path

import click

from routeplanner.cli.driven_visits import visits_of
from routeplanner.cli.plan_files import open_plan
from routeplanner.cli.report import told_plainly
from routeplanner.cli.reserve_report import print_reserve
from routeplanner.planning.reserve import LONGER_PERCENTS, reserve_report


@click.command(name="reserve")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--visits",
    type=click.Path(path_type=Path),
    help="Visits that were made: store with start and end or minutes, by rep and date.",
)
@click.option(
    "--longer",
    "percents",
    type=click.FloatRange(min=0, max=1000, min_open=True),
    multiple=True,
    default=LONGER_PERCENTS,
    help="Travel takes so many percent longer; may be repeated. 10, 20 and 30 where not given.",
)
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="scenario.json of the plan; the one beside PLAN where not given.",
)
def command(
    plan: Path, visits: Path | None, percents: tuple[float, ...], scenario: Path | None
) -> None:
    """Tell which days of PLAN break when travel or visits take longer, and the reserve they need.

    PLAN is plan.json or its folder, or an edited routes.csv. Each day keeps its order and leaves at
    the best time; its reserve may be used up.
    """
    with told_plainly():
        opened = open_plan(plan, scenario)
        given = opened.scenario
        made = () if visits is None else visits_of(visits, given)
        found = reserve_report(given, opened.plan, opened.matrix, made, percents)
    print_reserve(found, given)
