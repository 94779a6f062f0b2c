"""Public holidays and make-up working days of a country, from the package `holidays`."""

from collections.abc import Iterator
from datetime import date, datetime
from difflib import get_close_matches

import holidays
from holidays.registry import COUNTRIES

from routeplanner.domain.scenario import Language
from routeplanner.domain.work_calendar import CalendarDay, WorkCalendar
from routeplanner.errors import InputError, Issue
from routeplanner.texts import text

_LANGUAGES: dict[str, str] = {"en": "en_US", "zh": "zh_CN"}


def public_calendar(
    country: str,
    first: date,
    last: date,
    subdivision: str | None = None,
    language: Language = "en",
) -> WorkCalendar:
    """Return the holidays and make-up days of a country for the years of two dates.

    Parameters
    ----------
    country, subdivision
        ISO 3166 codes, such as `CN`, or `DE` and `BE`.
    first, last
        Whole years are read, and one on each side: a make-up day may lie in another year than the
        day off that it replaces.

    Raises
    ------
    InputError
        The package knows no such country or subdivision (UNKNOWN_COUNTRY).
    """
    found = _country(country, first, last, subdivision, language)
    pattern = _substituted_pattern(found)
    names = {
        day: "; ".join(_plain_name(name, pattern, language) for name in found.get_list(day))
        for day in found
    }
    calendar = WorkCalendar().overlaid(
        CalendarDay(day, is_worked=False, cause="holiday", name=name) for day, name in names.items()
    )
    years = range(first.year - 1, last.year + 2)
    replaced = dict(_substituted(found))
    return calendar.overlaid(
        CalendarDay(
            day,
            is_worked=True,
            cause="make_up",
            name=text("calendar.make_up_day", language),
            replaces=replaced.get(day),
        )
        for day in sorted(found.weekend_workdays)
        if day.year in years
    )


def years_without_make_up_days(country: str, first: date, last: date) -> tuple[int, ...]:
    """Return the years of two dates whose make-up days a country seems not to have set yet.

    China announces them each November for the next year; until then the package gives the
    holidays of the law alone.
    """
    found = _country(country, first, last, None, "en")
    known = {day.year for day in found.weekend_workdays}
    return tuple(
        year for year in range(first.year, last.year + 1) if year not in known and year - 1 in known
    )


def _country(
    country: str, first: date, last: date, subdivision: str | None, language: Language
) -> holidays.HolidayBase:
    years = range(first.year - 1, last.year + 2)
    try:
        return holidays.country_holidays(
            country.upper(), subdiv=subdivision, years=years, language=_LANGUAGES[language]
        )
    except NotImplementedError as error:
        named = "-".join(part for part in (country, subdivision) if part)
        issue = Issue(
            code="UNKNOWN_COUNTRY",
            path="country",
            message=text("calendar.unknown_country", language, country=named),
            hint=_known(country.upper(), subdivision, language),
            value=named,
        )
        raise InputError([issue]) from error


def _known(country: str, subdivision: str | None, language: Language) -> str:
    """Which codes there are: of the country's states, or of countries like the one named."""
    supported = holidays.list_supported_countries()
    if subdivision and country in supported:
        states = ", ".join(supported[country])
        key = "calendar.known_states_hint" if states else "calendar.no_states_hint"
        return text(key, language, country=country, states=states)
    code_of = {name: codes[1] for name, codes in COUNTRIES.items()}
    alike = [code_of[name] for name in get_close_matches(_as_name(country), code_of, cutoff=0.8)]
    if not alike:
        alike = sorted(code for code in code_of.values() if code.startswith(country[:1]))
    hint = text("calendar.unknown_country_hint", language)
    more = text("calendar.like_countries_hint", language, codes=", ".join(alike))
    return f"{hint} {more}" if alike else hint


def _as_name(country: str) -> str:
    return country.lower().replace(" ", "_")


def _substituted(found: holidays.HolidayBase) -> Iterator[tuple[date, date]]:
    """Make-up days with the day off that each replaces.

    The package says it in the day off's name alone, by a label of its own, which is read back.
    """
    pattern = _substituted_pattern(found)
    for day in found:
        for name in found.get_list(day):
            made_up = _made_up_on(name, pattern)
            if made_up is not None:
                yield made_up, day


def _substituted_pattern(found: holidays.HolidayBase) -> str | None:
    """How a country's days off name their make-up day, as `strptime` reads it."""
    label = getattr(found, "substituted_label", None)
    if label is None:
        return None
    pattern: str = found.tr(label) % found.tr(getattr(found, "substituted_date_format", "%Y-%m-%d"))
    return pattern


def _made_up_on(name: str, pattern: str | None) -> date | None:
    try:
        return datetime.strptime(name, pattern).date() if pattern else None
    except ValueError:
        return None


def _plain_name(name: str, pattern: str | None, language: Language) -> str:
    """The name of a day off; dates in it are written as everywhere else."""
    made_up = _made_up_on(name, pattern)
    return name if made_up is None else text("calendar.substituted", language, day=made_up)
