"""How long searches may take."""

from routeplanner.domain.study import SearchOptions
from routeplanner.errors import InputError, Issue
from routeplanner.settings import Settings

USUAL_SECONDS = 10.0
"""Of each plan of a study that does not say."""

SEARCH_HINT = "ask for less; a search can be continued from its plan"
BOUND_HINT = "ask for less time"
STUDY_HINT = "ask for less time of each plan, fewer alternatives or rules, or fewer seeds"


def check_seconds(
    seconds: float | None, settings: Settings, *, path: str, hint: str = SEARCH_HINT
) -> None:
    """Refuse what would be searched for longer than the service allows.

    Raises
    ------
    InputError
        It is too long (SEARCH_TOO_LONG).
    """
    limit = settings.solve_seconds_limit
    if seconds is not None and seconds > limit:
        issue = Issue(
            code="SEARCH_TOO_LONG",
            path=path,
            message=f"{seconds:g} s is more than the {limit:g} s that a search may take",
            hint=hint,
            value=f"{seconds:g}",
        )
        raise InputError([issue])


def seconds_each(options: SearchOptions) -> float | None:
    """For how long each plan of a study is searched; none where iterations alone end it."""
    end = options.termination
    is_open = end.spent_seconds is None and end.iterations is None
    return USUAL_SECONDS if is_open else end.spent_seconds


def check_study(options: SearchOptions, n_cases: int, settings: Settings) -> None:
    """Refuse a study of so many alternatives, the scenario included, that would take too long.

    Raises
    ------
    InputError
        All its plans together take too long (SEARCH_TOO_LONG).
    """
    each = seconds_each(options)
    if each is not None:
        seconds = each * (n_cases * options.seeds + 1)
        check_seconds(seconds, settings, path="termination.spent_seconds", hint=STUDY_HINT)
