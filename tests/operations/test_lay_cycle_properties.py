"""Whatever the calendar and the rules: nothing is lost, nothing is double, every day keeps its
limits."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from routeplanner.domain.dated import CycleDates, DatedPlan, LostDayRule
from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.plan import Plan
from routeplanner.domain.work_calendar import Absence, CalendarDay, WorkCalendar
from routeplanner.operations.laying import lay_cycle
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.checker.hours import check_visits, check_working_day
from routeplanner.travel.source import travel_matrix
from tests.operations.two_reps import STORES, WORKDAYS, plan_of, two_reps, with_working_day

MONDAY = date(2026, 8, 31)
REPS = ("R1", "R2")
SCENARIO = with_working_day(two_reps(), max_work_minutes=140.0)  # two or three visits a day
MATRIX = travel_matrix(SCENARIO)

days = st.integers(0, 55).map(lambda n: MONDAY + timedelta(days=n))
rules = st.builds(
    LostDayRule,
    action=st.sampled_from(("skip", "pull_forward", "push_back", "squeeze")),
    furthest_days=st.integers(0, 16),
    least_gap_days=st.integers(1, 3),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    orders = {}
    for rep in REPS:
        own = [store for store, owner in STORES.items() if owner == rep]
        for day in range(10):
            ids = draw(st.lists(st.sampled_from(own), unique=True, max_size=2))
            if ids:
                orders[rep, day] = tuple(ids)
    return plan_of(SCENARIO, orders)


@st.composite
def periods(draw: st.DrawFn) -> CycleDates:
    start = draw(days)
    until = start + timedelta(days=draw(st.integers(0, 40)))
    pause = draw(st.sampled_from(("run_on", "pause")))
    return CycleDates(start, until, draw(st.integers(1, 2)), pause)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    off = draw(st.sets(days, max_size=12))
    if draw(st.booleans()):  # a week that is lost as a whole
        first = draw(st.integers(0, 7)) * 7
        off |= {MONDAY + timedelta(days=first + n) for n in range(7)}
    calendar = WorkCalendar().overlaid(
        CalendarDay(day, is_worked=False, cause="holiday") for day in sorted(off)
    )
    replaced = draw(st.lists(st.sampled_from(sorted(off)), max_size=2)) if off else []
    made_up = [draw(days.filter(lambda day: day.weekday() >= 5)) for _ in replaced]
    return calendar.overlaid(
        CalendarDay(day, is_worked=True, cause="make_up", replaces=other)
        for day, other in zip(made_up, replaced, strict=True)
    )


@st.composite
def absences(draw: st.DrawFn) -> list[Absence]:
    found = draw(st.lists(st.tuples(st.sampled_from(REPS), days, st.integers(0, 15)), max_size=2))
    return [Absence(rep, day, day + timedelta(days=n)) for rep, day, n in found]


def due_visits(plan: Plan, dates: CycleDates) -> Counter[tuple[str, str, date]]:
    """The unbroken cycle in the period, laid here a second time, day by day."""
    found: Counter[tuple[str, str, date]] = Counter()
    first = dates.start_date - timedelta(days=dates.start_date.weekday())
    day = dates.start_date
    while day <= dates.until:
        week = ((day - first).days // 7 + dates.first_week - 1) % plan.cycle.weeks + 1
        for route in plan.routes:
            if route.week == week and route.weekday == WEEKDAYS[day.weekday()]:
                found.update((route.rep, stop.store_id or "", day) for stop in route.visits)
        day += timedelta(days=1)
    return found


def laid(
    plan: Plan,
    dates: CycleDates,
    calendar: WorkCalendar,
    away: list[Absence],
    by_class: tuple[LostDayRule, ...],
) -> DatedPlan:
    return lay_cycle(
        plan,
        SCENARIO,
        MATRIX,
        dates,
        calendar,
        absences=away,
        rules=dict(zip("ABC", by_class, strict=True)),
    )


cases = given(
    plan=plans(),
    dates=periods(),
    calendar=calendars(),
    away=absences(),
    by_class=st.tuples(rules, rules, rules),
)


@settings(max_examples=150, deadline=None)
@cases
def test_every_visit_of_the_cycle_is_kept_shifted_or_skipped_once(
    plan: Plan,
    dates: CycleDates,
    calendar: WorkCalendar,
    away: list[Absence],
    by_class: tuple[LostDayRule, ...],
) -> None:
    dated = laid(plan, dates, calendar, away, by_class)
    kept = Counter((v.rep, v.store_id, v.date) for v in dated.visits if v.date == v.due)
    changed = Counter((c.rep, c.store_id, c.from_date) for c in dated.changes)
    due = due_visits(plan, dates)
    accounted = kept + changed
    assert {key: n for key, n in accounted.items() if dates.holds(key[2])} == dict(due)
    assert max(accounted.values(), default=1) == 1
    arrived = Counter((v.rep, v.store_id, v.due, v.date) for v in dated.visits if v.date != v.due)
    shifted = Counter(
        (c.rep, c.store_id, c.from_date, c.to_date)
        for c in dated.changes
        if c.to_date is not None and dates.holds(c.to_date)
    )
    assert arrived == shifted


@settings(max_examples=150, deadline=None)
@cases
def test_no_store_and_no_rep_is_booked_twice_a_day_and_every_day_keeps_its_limits(
    plan: Plan,
    dates: CycleDates,
    calendar: WorkCalendar,
    away: list[Absence],
    by_class: tuple[LostDayRule, ...],
) -> None:
    dated = laid(plan, dates, calendar, away, by_class)
    assert max(Counter((v.store_id, v.date) for v in dated.visits).values(), default=1) == 1
    assert max(Counter((d.route.rep, d.date) for d in dated.routes).values(), default=1) == 1
    facts, planned = Facts(SCENARIO, MATRIX), set(plan.routes)
    absent = {(a.rep, day.date) for a in away for day in a.days()}
    for item in dated.routes:
        assert dates.holds(item.date)
        assert (item.route.rep, item.date) not in absent
        assert calendar.day_off(item.date) is None
        assert WEEKDAYS[item.date.weekday()] in WORKDAYS or calendar.days[item.date].replaces
        if item.route not in planned:
            assert not [*check_visits(facts, item.route), *check_working_day(facts, item.route)]
    by_day = {(d.route.rep, d.date): d.route for d in dated.routes}
    for (rep, day), route in by_day.items():
        visits = [v for v in dated.visits if (v.rep, v.date) == (rep, day)]
        assert [v.store_id for v in visits] == [stop.store_id for stop in route.visits]
    required = Counter(store for (_, store, _), n in due_visits(plan, dates).items())
    reached = Counter(v.store_id for v in dated.visits)
    assert {f.store_id: (f.required, f.reached) for f in dated.frequencies} == {
        store: (required[store], reached[store]) for store in required | reached
    }


@settings(max_examples=60, deadline=None)
@given(plan=plans(), start=days, first=st.integers(0, 20), second=st.integers(1, 20))
def test_two_periods_in_a_row_are_the_period_of_both(
    plan: Plan, start: date, first: int, second: int
) -> None:
    """Without lost days a cycle may be published in parts, each beginning with the right week."""
    middle = start + timedelta(days=first)
    until = middle + timedelta(days=second)
    weeks = (
        (middle - timedelta(days=middle.weekday())) - (start - timedelta(days=start.weekday()))
    ).days // 7
    whole = laid(plan, CycleDates(start, until), WorkCalendar(), [], (LostDayRule(),) * 3)
    parts = [
        CycleDates(start, middle - timedelta(days=1)) if first else None,
        CycleDates(middle, until, weeks % 2 + 1),
    ]
    visits = [
        visit
        for part in parts
        if part is not None
        for visit in laid(plan, part, WorkCalendar(), [], (LostDayRule(),) * 3).visits
    ]
    key = lambda v: (v.rep, v.date, v.position)  # noqa: E731
    assert sorted(visits, key=key) == sorted(whole.visits, key=key)
