"""Choices of days, and ways to get a store in, as people say them."""

from routeplanner.domain.day_words import days_text
from routeplanner.domain.explained import DayChoice, WayIn
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.standing.standing import Standing
from routeplanner.texts import text


def way_in(
    standing: Standing,
    code: str,
    choice: DayChoice,
    minutes: float | None = None,
    wording: str = "",
    **values: str,
) -> WayIn:
    """Return a way to get a store in, in words: those of its code, or a wording of their own."""
    scenario = standing.scenario
    message = text(
        f"explain.way_{wording or code}",
        scenario.language,
        days=choice_words(scenario, choice),
        minutes="" if minutes is None else f"{minutes:g}",
        work=f"{choice.extra.work_minutes:+.0f}",
        km=f"{choice.extra.travel_km:+.1f}",
        **values,
    )
    return WayIn.model_validate(
        {"code": code, "message": message, "choice": choice, "minutes": minutes}
    )


def choice_words(scenario: Scenario, choice: DayChoice) -> str:
    """The days of a choice, with its routes, and its rep where there are several."""
    days = days_text(map(scenario.cycle.day, choice.days), scenario.cycle, scenario.language)
    rep = choice.rep if len(scenario.reps) > 1 else ""
    return " · ".join(part for part in (rep, " ".join(choice.routes), days) if part)
