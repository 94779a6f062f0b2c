"""Publishing twice, after another plan, and beside visits that were already made."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from routeplanner.domain.dated import CycleDates, DatedPlan, LostDayRule
from routeplanner.domain.visit import Visit, VisitEvent
from routeplanner.domain.work_calendar import CalendarDay, WorkCalendar
from routeplanner.operations.laying import lay_cycle
from routeplanner.operations.publication import (
    Publication,
    publish,
    publish_visits,
    without_taken,
)
from routeplanner.operations.visits import merge_events, with_event
from routeplanner.travel.source import travel_matrix
from tests.operations.two_reps import plan_of, two_reps

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 2, 27, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def laid(start: date, until: date, first_week: int = 1) -> DatedPlan:
    scenario = two_reps()
    dates = CycleDates(start, until, first_week)
    return lay_cycle(plan_of(scenario), scenario, travel_matrix(scenario), dates)


def published(known: dict[str, Visit], dated: DatedPlan, plan_id: str) -> dict[str, Visit]:
    result = publish_visits(dated, plan_id, ("R1", "R2"), known.values(), NOW)
    return known | {visit.id: visit for visit in (*result.planned, *result.canceled)}


def test_a_publication_plans_every_dated_visit() -> None:
    dated = laid(MONDAY, MONDAY + timedelta(days=13))
    visits = published({}, dated, "p1")
    assert len(visits) == len(dated.visits)
    first = next(v for v in visits.values() if v.store_id == "A1" and v.date == MONDAY)
    assert (first.status, first.position, first.planned_minutes) == ("planned", 1, 60)


def test_publishing_twice_changes_nothing() -> None:
    dated = laid(MONDAY, MONDAY + timedelta(days=13))
    once = published({}, dated, "p1")
    result = publish_visits(dated, "p1", ("R1", "R2"), once.values(), NOW)
    assert (result.planned, result.canceled) == ((), ())


def test_a_newer_plan_supersedes_from_its_start_on() -> None:
    old = published({}, laid(MONDAY, MONDAY + timedelta(days=13)), "p1")
    both = published(old, laid(MONDAY + timedelta(days=7), MONDAY + timedelta(days=13), 2), "p2")
    second = MONDAY + timedelta(days=7)
    statuses = Counter((v.plan_id, v.status, v.date >= second) for v in both.values())
    assert statuses == {
        ("p1", "planned", False): 11,
        ("p1", "canceled", True): 11,
        ("p2", "planned", True): 11,
    }


def test_a_superseded_plan_can_be_published_again() -> None:
    dated = laid(MONDAY, MONDAY + timedelta(days=6))
    visits = published({}, dated, "p1")
    visits = published(visits, dated, "p2")
    visits = published(visits, dated, "p1")
    assert Counter((v.plan_id, v.status) for v in visits.values()) == {
        ("p1", "planned"): 11,
        ("p2", "canceled"): 11,
    }


def test_a_visit_canceled_by_a_person_stays_canceled() -> None:
    dated = laid(MONDAY, MONDAY)
    (first, *_), known = dated.visits, published({}, dated, "p1")
    key = next(v.id for v in known.values() if v.store_id == first.store_id)
    known[key] = with_event(known[key], VisitEvent("c1", key, "cancel", NOW), {})
    assert published(known, dated, "p1")[key].status == "canceled"


def test_visits_that_were_begun_or_decided_on_stay_and_are_not_doubled() -> None:
    dated = laid(MONDAY, MONDAY + timedelta(days=6))
    known = published({}, dated, "p1")
    monday = next(v for v in known.values() if v.store_id == "A1" and v.date == MONDAY)
    tuesday = next(v for v in known.values() if v.store_id == "B1")
    nine = datetime(2026, 3, 2, 9, tzinfo=BERLIN)
    events = [
        VisitEvent("e1", monday.id, "check_in", nine, at=nine),
        VisitEvent("e2", tuesday.id, "skip", nine, reason="closed"),
    ]
    known |= merge_events(known, events, BERLIN, {}).visits
    after = published(known, dated, "p2")
    assert after[monday.id].status == "started"
    assert after[tuesday.id].status == "skipped"
    live = Counter((v.store_id, v.date) for v in after.values() if v.status != "canceled")
    assert max(live.values()) == 1


def test_visits_whose_store_has_another_one_on_the_date_are_listed() -> None:
    """A1 was opened ad hoc by R2 on Monday, B1's visit of the same plan skipped by hand before."""
    dated = laid(MONDAY, MONDAY + timedelta(days=6))
    known = published({}, dated, "p1")
    tuesday = next(v for v in known.values() if v.store_id == "B1")
    skip = VisitEvent("e2", tuesday.id, "skip", NOW, reason="closed")
    known |= merge_events(known, [skip], BERLIN, {}).visits
    del known[next(v.id for v in known.values() if v.store_id == "A1" and v.date == MONDAY)]
    known["ad hoc"] = Visit("ad hoc", "R2", "A1", "A", MONDAY, origin="ad_hoc")
    result = publish_visits(dated, "p1", ("R1", "R2"), known.values(), NOW)
    assert result.taken == {("R1", "A1", MONDAY), ("R1", "B1", tuesday.date)}

    left = without_taken(dated, result.taken)
    assert [(c.store_id, c.from_date, c.to_date, c.cause, c.obstacle) for c in left.changes] == [
        ("A1", MONDAY, None, "taken", "taken"),
        ("B1", tuesday.date, None, "taken", "taken"),
    ]
    assert len(left.visits) == len(dated.visits) - 2
    reached = {f.store_id: (f.required, f.reached) for f in left.frequencies}
    assert (reached["A1"], reached["B1"], reached["B2"]) == ((3, 2), (1, 0), (1, 1))
    assert not any(r.date == MONDAY and r.route.rep == "R1" for r in left.routes)
    assert without_taken(left, result.taken) == left


def test_a_shifted_visit_whose_new_date_is_taken_is_skipped() -> None:
    off = CalendarDay(MONDAY + timedelta(days=1), is_worked=False, cause="holiday", name="Fair")
    dates, scenario = CycleDates(MONDAY, MONDAY + timedelta(days=6)), two_reps()
    dated = lay_cycle(
        plan_of(scenario), scenario, travel_matrix(scenario), dates,
        WorkCalendar().overlaid([off]), rules={"B": LostDayRule("push_back")},
    )  # fmt: skip
    wednesday = MONDAY + timedelta(days=2)
    known = [Visit("ad hoc", "R2", "B1", "B", wednesday, origin="ad_hoc")]
    result = publish_visits(dated, "p1", ("R1", "R2"), known, NOW)
    left = without_taken(dated, result.taken)
    changes = {c.store_id: (c.to_date, c.cause, c.changed_by, c.obstacle) for c in left.changes}
    assert changes == {
        "B1": (None, "holiday", "push_back", "taken"),
        "B3": (wednesday, "holiday", "push_back", None),
    }
    driven = [r.route.visits for r in left.routes if r.date == wednesday]
    assert {stop.store_id for visits in driven for stop in visits} == {"A1", "A2", "B3"}


def test_only_the_reps_that_are_published_change() -> None:
    dated = laid(MONDAY, MONDAY + timedelta(days=6))
    known = published({}, dated, "p1")
    result = publish_visits(dated, "p2", ("R2",), known.values(), NOW)
    assert {v.rep for v in (*result.planned, *result.canceled)} == {"R2"}


def test_a_day_that_is_laid_anew_is_timed_anew() -> None:
    dated = laid(MONDAY, MONDAY)
    known = published({}, dated, "p1")
    later = replace(dated, visits=tuple(replace(v, start=v.start + 600) for v in dated.visits))
    result = publish_visits(later, "p1", ("R1", "R2"), known.values(), NOW)
    assert len(result.planned) == len(known)
    assert {v.id for v in result.planned} == known.keys()


days = st.integers(0, 60).map(lambda n: MONDAY + timedelta(days=n))
publications = st.builds(
    lambda rep, start, n: Publication("p", rep, start, start + timedelta(days=n)),
    st.sampled_from(("R1", "R2")),
    days,
    st.integers(0, 40),
)


@given(st.lists(publications, max_size=6))
def test_no_rep_ever_has_two_plans_on_a_day(items: list[Publication]) -> None:
    current: tuple[Publication, ...] = ()
    for n, item in enumerate(items):
        new = replace(item, plan_id=f"p{n}")
        current = publish(current, [new])
        assert new in current
    driven = Counter(
        (p.rep, p.start_date + timedelta(days=n))
        for p in current
        for n in range((p.until - p.start_date).days + 1)
    )
    assert max(driven.values(), default=1) == 1
