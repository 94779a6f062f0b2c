"""China's Golden Week of 2026 by hand: make-up days, and a rep who is two weeks ill.

Period: Monday 14 September to Friday 30 October, seven weeks, in turn week 1 and 2 of the cycle
(14 Sep: 1, 21: 2, 28: 1, 5 Oct: 2, 12: 1, 19: 2, 26: 1). By the notice of the State Council
(published November 2025) these days off touch it:

    Fri 25 Sep  Mid-Autumn               Mon 5 Oct  National Day
    Thu  1 Oct  National Day             Tue 6 Oct  for which Sun 20 Sep is worked
    Fri  2 Oct  National Day             Wed 7 Oct  for which Sat 10 Oct is worked

R2 is ill from Monday 12 to Friday 23 October. Routes stand in `two_reps`.

What the make-up days save, under every rule:

    R1  B1, C2 Tue 6 Oct → Sun 20 Sep     A1 Wed 7 Oct → Sat 10 Oct
    R2  B3     Tue 6 Oct → Sun 20 Sep     A2 Wed 7 Oct → Sat 10 Oct

What is lost:

    R1  A1: 25 Sep, 2 Oct, 5 Oct       B2: 1 Oct            C1: 1 Oct
    R2  A2: 25 Sep, 2 Oct, 5 Oct; ill: 12, 14, 16, 19, 21, 23 Oct
        B3: ill: 13, 20 Oct            C3: 1 Oct; ill: 15 Oct            C4: 5 Oct; ill: 19 Oct

A lost visit may move seven days at most, never to or past another visit of its store. So:

pull forward, the nearest working day before:
    A 25 Sep → Thu 24. A 2 Oct: none is left after Wed 30 Sep, the store's own day; 5 Oct: the same.
    A2 12 Oct: none after Sat 10, on which it is made up; 14 and 16: the same; 19, 21 and 23: seven
    days back lie within the illness. B2 1 Oct → Wed 30 Sep. B3 13 Oct → Sat 10; 20 Oct: none.
    C1, C3 1 Oct → Wed 30 Sep. C4 5 Oct → Wed 30 Sep. C3 15 Oct → Sat 10. C4 19 Oct: none.
push back, the nearest working day after:
    A 25 Sep: Monday 28 is its own. A 2 Oct → Thu 8. A 5 Oct: none before Thu 8, which it now has.
    A2 12 to 16 Oct: seven days on lie within the illness; 19 to 23: Monday 26 is its own.
    B2 1 Oct: Thu 8 is its own. B3 13: none within seven days; 20 → Mon 26 Oct.
    C1, C3 1 Oct → Thu 8. C4 5 Oct → Thu 8. C3 15: none. C4 19 → Mon 26.
squeeze, the same calendar week, the emptiest day first (Mon, Wed: A, 80 minutes; Tue: B, 65):
    A 25 Sep → Thu 24. A 2 Oct: Thu and Fri are off, Wed is its own. A 5 Oct → Thu 8 (Fri its own).
    B2 1 Oct → Tue 29 Sep. C1 1 Oct → Mon 28 Sep, as Tue has B2 by now. C3 1 Oct → Tue 29 Sep.
    C4 5 Oct → Thu 8 (A2 has come there from Monday, so Thu, Fri and Sat are equal). Ill: nothing.
"""

from datetime import date

import pytest

from routeplanner.domain.dated import CycleDates, DatedPlan, LostDayAction, LostDayRule
from routeplanner.domain.work_calendar import Absence
from routeplanner.operations.laying import lay_cycle
from routeplanner.operations.public_holidays import public_calendar
from routeplanner.travel.source import travel_matrix
from tests.operations.two_reps import plan_of, two_reps

DATES = CycleDates(date(2026, 9, 14), date(2026, 10, 30))
ILL = Absence("R2", date(2026, 10, 12), date(2026, 10, 23), "ill")

MADE_UP = [
    ("R1", "B1", "10-06", "09-20"), ("R1", "C2", "10-06", "09-20"),
    ("R1", "A1", "10-07", "10-10"), ("R2", "B3", "10-06", "09-20"),
    ("R2", "A2", "10-07", "10-10"),
]  # fmt: skip
LOST = [
    ("R1", "A1", "09-25"), ("R1", "A1", "10-02"), ("R1", "A1", "10-05"), ("R1", "B2", "10-01"),
    ("R1", "C1", "10-01"),
    ("R2", "A2", "09-25"), ("R2", "A2", "10-02"), ("R2", "A2", "10-05"), ("R2", "A2", "10-12"),
    ("R2", "A2", "10-14"), ("R2", "A2", "10-16"), ("R2", "A2", "10-19"), ("R2", "A2", "10-21"),
    ("R2", "A2", "10-23"), ("R2", "B3", "10-13"), ("R2", "B3", "10-20"), ("R2", "C3", "10-01"),
    ("R2", "C3", "10-15"), ("R2", "C4", "10-05"), ("R2", "C4", "10-19"),
]  # fmt: skip
FOUND: dict[LostDayAction, dict[tuple[str, str], str]] = {
    "skip": {},
    "pull_forward": {
        ("A1", "09-25"): "09-24", ("B2", "10-01"): "09-30", ("C1", "10-01"): "09-30",
        ("A2", "09-25"): "09-24", ("B3", "10-13"): "10-10", ("C3", "10-01"): "09-30",
        ("C3", "10-15"): "10-10", ("C4", "10-05"): "09-30",
    },
    "push_back": {
        ("A1", "10-02"): "10-08", ("C1", "10-01"): "10-08",
        ("A2", "10-02"): "10-08", ("B3", "10-20"): "10-26", ("C3", "10-01"): "10-08",
        ("C4", "10-05"): "10-08", ("C4", "10-19"): "10-26",
    },
    "squeeze": {
        ("A1", "09-25"): "09-24", ("A1", "10-05"): "10-08", ("B2", "10-01"): "09-29",
        ("C1", "10-01"): "09-28",
        ("A2", "09-25"): "09-24", ("A2", "10-05"): "10-08", ("C3", "10-01"): "09-29",
        ("C4", "10-05"): "10-08",
    },
}  # fmt: skip

REQUIRED = {"A1": 21, "A2": 21, "B1": 7, "B2": 7, "B3": 7, "C1": 4, "C2": 3, "C3": 4, "C4": 3}
REACHED: dict[LostDayAction, dict[str, int]] = {
    "skip": {"A1": 18, "A2": 12, "B1": 7, "B2": 6, "B3": 5, "C1": 3, "C2": 3, "C3": 2, "C4": 1},
    "pull_forward": {
        "A1": 19, "A2": 13, "B1": 7, "B2": 7, "B3": 6, "C1": 4, "C2": 3, "C3": 4, "C4": 2,
    },
    "push_back": {
        "A1": 19, "A2": 13, "B1": 7, "B2": 6, "B3": 6, "C1": 4, "C2": 3, "C3": 3, "C4": 3,
    },
    "squeeze": {
        "A1": 20, "A2": 14, "B1": 7, "B2": 7, "B3": 5, "C1": 4, "C2": 3, "C3": 3, "C4": 2,
    },
}  # fmt: skip


def laid(action: LostDayAction) -> DatedPlan:
    scenario = two_reps()
    return lay_cycle(
        plan_of(scenario),
        scenario,
        travel_matrix(scenario),
        DATES,
        public_calendar("CN", DATES.start_date, DATES.until),
        absences=[ILL],
        rules=dict.fromkeys("ABC", LostDayRule(action)),
    )


def short(day: date | None) -> str | None:
    return None if day is None else f"{day:%m-%d}"


@pytest.mark.parametrize("action", list(FOUND))
def test_every_shifted_or_skipped_visit_is_the_one_counted_by_hand(action: LostDayAction) -> None:
    listed = {
        (change.rep, change.store_id, short(change.from_date), short(change.to_date))
        for change in laid(action).changes
    }
    by_hand = {(r, s, day, FOUND[action].get((s, day))) for r, s, day in LOST} | set(MADE_UP)
    assert listed == by_hand
    assert len(laid(action).changes) == len(LOST) + len(MADE_UP)


@pytest.mark.parametrize("action", list(FOUND))
def test_the_frequency_still_reached_is_the_one_counted_by_hand(action: LostDayAction) -> None:
    dated = laid(action)
    assert {f.store_id: f.required for f in dated.frequencies} == REQUIRED
    assert {f.store_id: f.reached for f in dated.frequencies} == REACHED[action]
    assert len(dated.visits) == sum(REACHED[action].values())


def test_causes_and_obstacles_are_told() -> None:
    changes = {(c.store_id, short(c.from_date)): c for c in laid("push_back").changes}
    assert changes["A1", "10-07"].changed_by == "make_up"
    assert changes["A1", "10-07"].cause == "holiday"
    assert changes["A1", "10-02"].cause_name == "National Day"
    assert changes["B3", "10-20"].cause == "absence"
    assert changes["B3", "10-20"].cause_name == "ill"
    assert changes["B3", "10-13"].obstacle == "no_day"
    assert {c.obstacle for c in laid("skip").changes} == {None}


def test_a_make_up_day_drives_the_route_of_the_day_that_it_replaces() -> None:
    dated = laid("skip")
    sunday = next(d for d in dated.routes if d.date == date(2026, 9, 20) and d.route.rep == "R1")
    assert [stop.store_id for stop in sunday.route.visits] == ["B1", "C2"]
    assert (sunday.route.weekday, sunday.route.week) == ("tue", 2)
    on_it = [v for v in dated.visits if v.date == date(2026, 9, 20) and v.rep == "R1"]
    assert [(v.position, v.store_id, v.due) for v in on_it] == [
        (1, "B1", date(2026, 10, 6)),
        (2, "C2", date(2026, 10, 6)),
    ]


def test_a_squeezed_day_is_timed_anew() -> None:
    """Monday 28 September: out at 08:45, then A1 and C1, ten minutes from place to place."""
    day = [v for v in laid("squeeze").visits if v.date == date(2026, 9, 28) and v.rep == "R1"]
    assert {v.store_id for v in day} == {"A1", "C1"}
    assert [v.position for v in day] == [1, 2]
    assert day[0].start == 8 * 3600 + 55 * 60
    assert day[1].start == day[0].depart + 600
