"""`routeplanner prices`: what each rule costs, as the difference of two solved plans."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import click

from routeplanner.cli.inputs import input_options
from routeplanner.cli.many_plans import open_scenario, plan_by_plan, search_options
from routeplanner.cli.prices_report import print_prices
from routeplanner.cli.report import print_warnings, told_plainly
from routeplanner.cli.searching import end_canceled, searching
from routeplanner.cli.whatif_report import announce
from routeplanner.domain.prices import PriceList, RuleCode
from routeplanner.domain.scenario import Scenario
from routeplanner.files.solved_plans import folder_names, write_solved
from routeplanner.planning.what_if.prices import PriceRun, price_list
from routeplanner.planning.what_if.rules import chosen_rules
from routeplanner.planning.what_if.run import Effort
from routeplanner.texts import text

_NARROWEST = 3


@click.command(name="prices")
@input_options
@click.option(
    "--only",
    default="",
    metavar="RULE …",
    help=f"Rules to price, apart by spaces: {', '.join(get_args(RuleCode))}. All without it.",
)
@click.option(
    "--narrowest",
    type=click.IntRange(min=0),
    default=_NARROWEST,
    show_default=True,
    help="Stores whose opening hours are priced one by one; then those of all together.",
)
@search_options(seconds=10)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write every plan into a folder of its own, and all figures as prices.json.",
)
def command(
    stores: Path,
    only: str,
    narrowest: int,
    effort: Effort,
    out: Path | None,
    skip_bad_rows: bool,
    **options: Any,
) -> None:
    """Measure what each rule costs in hours, by solving with it and without it.

    STORES is a folder that `plan` wrote, its plan.json or scenario.json, or a list of stores as
    `plan` takes it. Every plan is searched for from the same start and for the same time.
    """
    with told_plainly():
        opened = open_scenario(stores, skip_bad_rows, options)
        scenario = opened.scenario
        rules = chosen_rules(scenario, narrowest, _codes(only.split(), scenario))
    print_warnings(scenario.warnings)
    n_cases = 1 + sum(rule.alternative is not None for rule in rules)
    announce(n_cases, effort, scenario.language, is_start_given=opened.plan is not None)
    with searching(scenario.language) as search:
        progress = plan_by_plan(search.show, scenario.language)
        run = price_list(
            scenario, rules, effort,
            start=opened.plan, progress=progress, is_canceled=search.is_canceled,
        )  # fmt: skip
    if run is None:
        end_canceled(scenario.language)
    result = run.result if out is None else _write(run, out, scenario.language)
    print_prices(result, scenario.language, out)


def _codes(only: Sequence[str], scenario: Scenario) -> list[RuleCode]:
    known = {code: code for code in get_args(RuleCode)}
    unknown = [code for code in only if code not in known]
    if unknown:
        words = text("prices.nothing_left", scenario.language, possible=", ".join(known))
        raise click.BadParameter(f"{unknown[0]}: {words}", param_hint="--only")
    return [known[code] for code in only]


def _write(run: PriceRun, out: Path, language: str) -> PriceList:
    """Write the plans; the list then names the folder of each."""
    names = folder_names([case.alternative.name or "base" for case in run.cases])
    own = iter(names[1:])
    prices = tuple(
        price.model_copy(update={"folder": next(own)}) if price.solved else price
        for price in run.result.prices
    )
    result = run.result.model_copy(update={"prices": prices, "folder": names[0]})
    plans = {name: (c.scenario, c.plan) for name, c in zip(names, run.cases, strict=True)}
    with told_plainly():
        write_solved(out, plans, result, "prices.json", language)
    return result
