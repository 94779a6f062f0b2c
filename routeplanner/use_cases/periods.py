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
        raise InputError([_fault("UNTIL_BEFORE_START", f"{last} lies before {first}", last)])
    if days > MOST_DAYS:
        message = f"{days} days are more than {MOST_DAYS}"
        raise InputError([_fault("PERIOD_TOO_LONG", message, days)])


def _fault(code: str, message: str, value: object) -> Issue:
    hint = f"ask about a period of 1 to {MOST_DAYS} days, until its last one"
    return Issue(code=code, path="until", message=message, hint=hint, value=str(value))
