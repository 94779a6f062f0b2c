"""`routeplanner compare`: plans and lists of visits by hand side by side."""

from itertools import count
from pathlib import Path

import click

from routeplanner.cli.compare_report import print_comparison
from routeplanner.cli.compared_plans import open_compared
from routeplanner.cli.report import console, print_placed, told_plainly
from routeplanner.files.comparison import NAMES, write_comparison
from routeplanner.planning.compare import compare_plans
from routeplanner.texts import text

_MOST_PLANS = 6


@click.command(name="compare")
@click.argument("plans", nargs=-1, type=click.Path(path_type=Path), required=True)
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="scenario.json of lists by hand; that beside the first plan where not given.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of compare.xlsx, compare.csv and difference.html; a new one where not given.",
)
def command(plans: tuple[Path, ...], scenario: Path | None, out: Path | None) -> None:
    """Set two to six PLANS side by side; differences are counted from the first.

    A plan is the folder that `plan` wrote, its plan.json, or a table of visits: an edited
    routes.csv, or a list of how you drive today with rep, day (Mon, or w1-mon in a cycle of several
    weeks) and store, the order in a column or that of the rows.
    """
    if not 2 <= len(plans) <= _MOST_PLANS:
        raise click.UsageError(f"compare takes two to {_MOST_PLANS} plans")
    with told_plainly():
        judged = open_compared(plans, scenario)
        comparison = compare_plans(judged)
    language = judged[0].scenario.language
    print_comparison(comparison, language)
    folder = out or _new_folder()
    with told_plainly():
        files = [(plan.name, plan.plan, plan.scenario) for plan in judged]
        placed = write_comparison(comparison, files, folder, language)
    console.print(f"\n[bold]{text('cli.written', language)} {folder}[/]", soft_wrap=True)
    for name in NAMES:
        console.print(f"  {folder / name}", soft_wrap=True, markup=False)
    print_placed(placed, language)


def _new_folder() -> Path:
    names = (Path("compare" if n == 1 else f"compare-{n}") for n in count(1))
    return next(path for path in names if not path.exists())
