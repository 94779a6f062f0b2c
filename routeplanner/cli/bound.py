"""`routeplanner bound`: how good a plan is, against what no plan can be better than."""

from math import ceil, floor
from pathlib import Path

import click
from rich.text import Text

from routeplanner.cli.plan_files import open_plan
from routeplanner.cli.report import console, errors, told_plainly
from routeplanner.cli.searching import searching
from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_bound import DEFAULT_SECONDS, PlanBound
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.bound import bound_of
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix

_FAR_PERCENT = 15


@click.command(name="bound")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="scenario.json of the plan; the one beside PLAN where not given.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=DEFAULT_SECONDS,
    show_default=True,
    help="How long to try.",
)
def command(plan: Path, scenario: Path | None, seconds: float) -> None:
    """Tell how much better than PLAN any plan could be, for small territories.

    PLAN is plan.json or its folder, or an edited routes.csv. Where nothing is proved within the
    time, or the territory is too large, that is said.
    """
    with told_plainly():
        opened = open_plan(plan, scenario)
    print_bound(opened.scenario, opened.plan, opened.matrix, seconds, "--seconds")


def print_bound(
    scenario: Scenario, plan: Plan, matrix: TravelMatrix, seconds: float, option: str
) -> None:
    """Prove under a bar how good a plan is, and print it; Ctrl-C ends the proof.

    `option` is that by which more time is given.
    """
    language = scenario.language
    words = text("bound.searching", language)
    with searching(language, "bound.searching") as search:
        found = bound_of(
            scenario,
            plan,
            seconds=seconds,
            matrix=matrix,
            progress=lambda share: search.show(share, words),
            is_canceled=search.is_canceled,
        )
        was_canceled = search.is_canceled()
    if was_canceled:
        errors.print(text("bound.canceled", language), style="yellow")
    for line in bound_lines(found, language, option):
        console.print(Text(line), soft_wrap=True)


def bound_lines(found: PlanBound, language: str, option: str = "--seconds") -> list[str]:
    """Say a plan's score, what was proved, and what the proof leaves out.

    `option` is that by which more time is given.
    """

    def say(key: str, **values: object) -> str:
        return text(f"bound.{key}", language, **values)

    lines = [say("score", score=f"{found.score:,.1f}")]
    if found.missing_visits:
        key = "missing_one" if found.missing_visits == 1 else "missing"
        lines.append(say(key, n=found.missing_visits))
    if found.no_bound == "too_large":
        return [*lines, say("too_large", stores=found.stores, most=found.most_stores)]
    if found.least_score is None:
        return [*lines, say("out_of_time", seconds=f"{found.seconds:.0f}", option=option)]
    lines.append(say("least", stores=found.stores, least=_rounded_down(found.least_score)))
    lines += _gap_lines(found, language)
    if found.has_other_calendars:
        lines.append(say("one_calendar"))
    if found.most_choices is not None:
        lines.append(say("most_choices", most=found.most_choices))
    if not found.is_best:
        lines.append(say("is_final") if found.is_final else say("more_time", option=option))
    return lines


def _gap_lines(found: PlanBound, language: str) -> list[str]:
    if found.is_best:
        return [text("bound.best", language)]
    if found.gap_minutes is None:
        return [text("bound.breaks_rules", language)]
    minutes = _rounded_up(found.gap_minutes)
    if found.gap_percent is None:
        lines = [text("bound.gap_minutes", language, minutes=minutes)]
    else:
        percent = _rounded_up(found.gap_percent)
        lines = [text("bound.gap", language, minutes=minutes, percent=percent)]
    key = "not_far" if _is_far_from_done(found) else "gap_is_two"
    lines.append(text(f"bound.{key}", language, seconds=f"{found.seconds:.0f}"))
    if found.left_out:
        names = [text(f"bound.left_out_{name}", language) for name in found.left_out]
        what = text("bound.and", language).join(names)
        lines.append(text("bound.left_out", language, what=what))
    return lines


def _is_far_from_done(found: PlanBound) -> bool:
    """Whether the gap is so large that it must be the proof's, which ran out of time."""
    return not found.is_final and (found.gap_percent is None or found.gap_percent > _FAR_PERCENT)


def _rounded_down(value: float) -> str:
    """Return what is proved with one decimal: never more than is proved."""
    return f"{floor(10 * value) / 10:,.1f}"


def _rounded_up(value: float) -> str:
    return f"{ceil(10 * value) / 10:,.1f}"
