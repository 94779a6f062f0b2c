"""What the commands that make many plans share: their options, their input, their progress."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from routeplanner.cli.inputs import read_scenario_from
from routeplanner.cli.plan import MOST_THREADS, usual_threads
from routeplanner.cli.plan_files import scenario_of
from routeplanner.cli.report import errors
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.files.plan_json import earlier_plan
from routeplanner.planning.what_if.run import DEFAULT_SEEDS, Effort, Trial
from routeplanner.texts import text

_Command = TypeVar("_Command", bound=Callable[..., Any])


def search_options(seconds: float, seeds: int = DEFAULT_SEEDS) -> Callable[[_Command], _Command]:
    """Add the options of the searches, with the seconds and seeds that there are by default."""
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

    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def effort_of(
    seconds: float, iterations: int | None, seeds: int, seed: int, threads: int | None
) -> Effort:
    """The effort that the options of the searches ask for."""
    return Effort(
        seconds=None if iterations else seconds,
        iterations=iterations,
        seeds=tuple(range(seed, seed + seeds)),
        threads=threads or usual_threads(iterations),
    )


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


@contextmanager
def plans_progress(language: str) -> Iterator[Callable[[Trial], None]]:
    """A bar over all plans, with the name of the one being made."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
    )
    with bar:
        task = bar.add_task(text("cli.first_plan", language), total=1.0)

        def show(trial: Trial) -> None:
            name = trial.name or text("whatif.as_it_is", language)
            bar.update(task, completed=trial.share, description=name)

        yield show
