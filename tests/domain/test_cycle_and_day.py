from datetime import date

import pytest

from routeplanner.domain.calendar_dates import is_cycle_start, nearest_starts
from routeplanner.domain.cycle import Cycle
from routeplanner.domain.day_words import days_text
from routeplanner.domain.hours import WEEKDAYS, format_clock, parse_clock
from routeplanner.domain.visits import required_visits, visit_intervals
from routeplanner.domain.workday import work_day
from tests.territories import policy, rep, store

HOUR = 3600


def test_days_of_a_cycle() -> None:
    cycle = Cycle(weeks=2, workdays=WEEKDAYS[:5])
    assert cycle.n_days == 10
    assert cycle.day(5) == (5, 2, "mon")
    assert cycle.index(2, "fri") == 9
    assert cycle.calendar_day(9) == 11
    with pytest.raises(ValueError, match="w1-sat"):
        cycle.index(1, "sat")


def test_minutes_to_plan_of_the_default_day() -> None:
    day = work_day(policy(), rep(), "mon")
    assert day is not None
    assert day.available == 391.5 * 60
    assert (day.shift_lo, day.shift_hi) == (8.75 * HOUR, 17 * HOUR)


@pytest.mark.parametrize(("hours", "lunch"), [("Mo 08:30-14:29", 0), ("Mo 08:30-14:30", HOUR)])
def test_a_day_under_six_hours_has_no_lunch(hours: str, lunch: int) -> None:
    day = work_day(policy(), rep(hours=hours), "mon")
    assert day is not None
    assert day.lunch == lunch


def test_own_hours_and_limits_win() -> None:
    own = rep(hours="Mo 10:30-18:00", max_work_minutes=120, prepare_minutes=0)
    day = work_day(policy(), own, "mon")
    assert day is not None
    assert (day.shift_lo, day.available) == (10.5 * HOUR, 120 * 60)
    assert work_day(policy(), own, "tue") is None
    assert work_day(policy(), rep(hours="Mo-Su 09:00-17:00"), "sun") is None


def test_daily_counts_days_on_which_a_whole_visit_fits() -> None:
    cycle = Cycle(weeks=2, workdays=WEEKDAYS[:6])
    place = store("S1", frequency="daily", opening_hours="Mo-Fr 09:00-18:00; Sa 09:00-09:05")
    assert required_visits(place, policy(), cycle, (rep(),)) == 10
    assert required_visits(place, policy(), cycle, (rep(hours="Mo-We 08:30-17:30"),)) == 6


def test_hours_of_visits_are_open_minus_avoided_within_wanted() -> None:
    place = store(
        "S1",
        opening_hours="Mo 09:00-18:00",
        visit_hours="Mo 10:00-16:00",
        avoid_hours="Mo 12:00-13:00",
        closed_days=["tue"],
    )
    assert visit_intervals(place, "mon") == ((10 * HOUR, 12 * HOUR), (13 * HOUR, 16 * HOUR))
    assert visit_intervals(place, "tue") == ()
    assert visit_intervals(store("S2"), "mon") == ((0, 24 * HOUR),)


@pytest.mark.parametrize("seconds", [0, 30_600, 30_661, 86_400])
def test_clock_round_trip(seconds: int) -> None:
    assert parse_clock(format_clock(seconds)) == seconds


@pytest.mark.parametrize("text", ["24:01", "8", "08:60", "25:00", "noon", "-1:00"])
def test_no_time_of_day(text: str) -> None:
    with pytest.raises(ValueError, match=text.replace("-", ".")):
        parse_clock(text)


def test_a_cycle_starts_on_a_monday() -> None:
    assert is_cycle_start(date(2026, 3, 2))
    assert not is_cycle_start(date(2026, 3, 3))
    assert nearest_starts(date(2026, 3, 4)) == (date(2026, 3, 2), date(2026, 3, 9))


def test_a_day_that_is_named_twice_is_told_once() -> None:
    cycle = Cycle(weeks=2, workdays=("mon", "tue"))
    assert days_text([cycle.day(2), cycle.day(2)], cycle, "en") == "Mon (week 2)"
