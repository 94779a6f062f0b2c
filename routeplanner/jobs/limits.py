"""How long searches may take."""

from routeplanner.errors import InputError, Issue
from routeplanner.settings import Settings

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
