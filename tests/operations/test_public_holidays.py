"""Holidays and make-up days of countries, against their governments' lists."""

from datetime import date

import pytest

from routeplanner.errors import InputError
from routeplanner.operations.public_holidays import public_calendar, years_without_make_up_days


def test_chinas_make_up_days_of_2026_name_the_days_off_that_they_replace() -> None:
    calendar = public_calendar("CN", date(2026, 1, 1), date(2026, 12, 31))
    made_up = {
        (day.date.month, day.date.day): (day.replaces.month, day.replaces.day)
        for day in calendar.days.values()
        if day.replaces is not None and day.date.year == 2026
    }
    assert made_up == {
        (1, 4): (1, 2),
        (2, 14): (2, 20),
        (2, 28): (2, 23),
        (5, 9): (5, 5),
        (9, 20): (10, 6),
        (10, 10): (10, 7),
    }
    assert all(day.is_worked for day in calendar.days.values() if day.replaces)


def test_golden_week_is_off_and_named_in_both_languages() -> None:
    first, last = date(2026, 9, 28), date(2026, 10, 11)
    english = public_calendar("CN", first, last)
    off = [n for n in range(1, 12) if english.day_off(date(2026, 10, n))]
    assert off == [1, 2, 3, 5, 6, 7]  # Sunday the fourth is off by its weekday
    assert english.days[date(2026, 10, 1)].name == "National Day"
    chinese = public_calendar("CN", first, last, language="zh")
    assert chinese.days[date(2026, 10, 1)].name == "国庆节"
    assert chinese.days[date(2026, 10, 10)].replaces == date(2026, 10, 7)
    assert english.days[date(2026, 10, 6)].name == "day off, worked on 2026-09-20 instead"
    assert chinese.days[date(2026, 10, 6)].name == "调休（2026-09-20 上班）"


def test_subdivisions_have_their_own_days() -> None:
    day = date(2026, 3, 8)  # International Women's Day, a holiday in Berlin alone of the states
    assert public_calendar("DE", day, day, "BE").day_off(day) is not None
    assert public_calendar("DE", day, day, "BY").day_off(day) is None


def test_a_year_without_make_up_days_after_one_with_some_is_told() -> None:
    assert years_without_make_up_days("CN", date(2025, 1, 1), date(2026, 12, 31)) == ()
    assert years_without_make_up_days("HU", date(2016, 1, 1), date(2017, 12, 31)) == (2017,)
    assert years_without_make_up_days("DE", date(2026, 1, 1), date(2027, 12, 31)) == ()


@pytest.mark.parametrize(("country", "subdivision"), [("XX", None), ("DE", "ZZ")])
def test_an_unknown_country_is_told(country: str, subdivision: str | None) -> None:
    day = date(2026, 1, 1)
    with pytest.raises(InputError) as caught:
        public_calendar(country, day, day, subdivision)
    assert caught.value.issues[0].code == "UNKNOWN_COUNTRY"
