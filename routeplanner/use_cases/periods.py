"""Periods that callers ask about: from one date to another, the last day included."""

from datetime import date

from routeplanner.errors import InputError, Issue

MOST_DAYS = 366


def check_period(first: date, last: date) -> None:
    """Refuse a period that nothing can be told of.

    Raises
    ------
    InputError
        It ends before it begins (UNTIL_BEFORE_START) or is too long (PERIOD_TOO_LONG).
    """
    days = (last - first).days + 1
    if days < 1:
        raise InputError([_fault("UNTIL_BEFORE_START", "the period ends before it begins", days)])
    if days > MOST_DAYS:
        raise InputError(
            [_fault("PERIOD_TOO_LONG", f"{days} days are more than {MOST_DAYS}", days)]
        )


def _fault(code: str, message: str, days: int) -> Issue:
    return Issue(
        code=code, path="until", message=message, hint="choose another period", value=str(days)
    )
