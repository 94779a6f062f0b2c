"""What the commands that make many plans share: their options, their input, their progress."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from routeplanner.cli.inputs import read_scenario_from
from routeplanner.cli.plan_files import scenario_of
from routeplanner.cli.searching import MOST_THREADS, usual_threads
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.plan_json import earlier_plan
from routeplanner.planning.what_if.run import DEFAULT_SEEDS, Effort, Trial
from routeplanner.texts import text


def search_options(
    seconds: float, seeds: int = DEFAULT_SEEDS
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options of the searches, which reach the command as its `effort`.

    Parameters
    ----------
    seconds, seeds
        There are by default.
    """
    options = (
        click.option(
            "--seconds",
            type=click.FloatRange(min=0.1),
            default=seconds,
            show_default=True,
            help="How long to search for each plan.",
        ),
        click.option(
            "--iterations",
            type=click.IntRange(min=1),
            help="Search so many steps for each instead: the run then repeats exactly.",
        ),
        click.option(
            "--seeds",
            type=click.IntRange(min=1),
            default=seeds,
            show_default=True,
            help="Plans of each, by chance different.",
        ),
        click.option("--seed", type=int, default=0, show_default=True, help="The first seed."),
        click.option(
            "--threads",
            type=click.IntRange(min=1, max=MOST_THREADS),
            help="Of a search; without this one a processor, 4 at most, and 1 with --iterations.",
        ),
    )

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        found: Callable[..., Any] = _with_effort(command)
        for option in reversed(options):
            found = option(found)
        return found

    return add


def _with_effort(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the effort that the options of the searches ask for."""

    @wraps(command)
    def run(
        *,
        seconds: float,
        iterations: int | None,
        seeds: int,
        seed: int,
        threads: int | None,
        **options: Any,
    ) -> Any:
        effort = Effort(
            seconds=None if iterations else seconds,
            iterations=iterations,
            seeds=tuple(range(seed, seed + seeds)),
            threads=threads or usual_threads(iterations),
        )
        return command(effort=effort, **options)

    return run


@dataclass(frozen=True, slots=True)
class OpenedScenario:
    """A scenario, with the plan that lies beside it."""

    scenario: Scenario
    plan: Plan | None


def open_scenario(path: Path, skip_bad_rows: bool, options: Mapping[str, Any]) -> OpenedScenario:
    """Read a scenario.json, a plan.json or its folder, else a list of stores with its options.

    Raises
    ------
    InputError
        With every issue of the files.
    """
    if not (path.is_dir() or path.suffix.lower() == ".json"):
        return OpenedScenario(
            read_scenario_from(path, skip_bad_rows=skip_bad_rows, **options), None
        )
    _refuse_list_options()
    folder = path if path.is_dir() else path.parent
    is_plan = path.is_dir() or path.name == "plan.json"
    scenario = scenario_of(folder / "scenario.json" if is_plan else path)
    return OpenedScenario(scenario, earlier_plan(folder, scenario))


def _refuse_list_options() -> None:
    """Options of a store list would be without effect where the scenario is there already."""
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        is_given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if is_given and name in _LIST_OPTIONS:
            raise click.BadParameter(
                "goes with a list of stores; the scenario has its own", param_hint=parameter.opts[0]
            )


_LIST_OPTIONS = {
    "reps", "policy", "travel", "appointments", "coordinates", "language", "columns", "sheet",
    "skip_bad_rows",
}  # fmt: skip


def plan_by_plan(show: Callable[[float, str], None], language: str) -> Callable[[Trial], None]:
    """Show how far all plans are, with the name of the one being made."""

    def told(trial: Trial) -> None:
        show(trial.share, trial.name or text("whatif.as_it_is", language))

    return told
