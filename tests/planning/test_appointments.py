"""Appointments that take office time or lunch: kept, checked, and refused where they cannot be."""

from datetime import UTC, datetime

import pytest

from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Origin
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.workday import WorkDay, work_day, work_day_on
from routeplanner.errors import InputError, Issue, Severity
from routeplanner.planning.checker import check_plan
from routeplanner.planning.plan import make_plan
from routeplanner.planning.scenario import build_scenario
from routeplanner.travel.source import travel_matrix
from tests.planning.small_plans import matrix_of, restated, small_plan, small_scenario
from tests.territories import LAT, LON, policy, rep, stores

CALENDAR = (("T1", "T2", "T1", "T2", "T1", "T3"), ("T1", "T2", "T1", "T2", "T1", "T4"))
ROUTES = {"T1": {"classes": ["A"]}, "T2": {"classes": ["B"]}}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AWAY = {"lat": LAT, "lon": LON + 0.02}  # 1.4 km: 6 minutes there, parking at the end 3 more
FAR = {"lat": LAT + 0.1, "lon": LON}

MEETING = {"weekday": "mon", "start": "08:30", "end": "09:30", "title": "Meeting"}
OFFICE = {"weekday": "fri", "start": "16:00", "end": "17:30", "title": "Office"}
AT_NOON = {"weekday": "wed", "start": "12:00", "end": "13:00", "title": "Noon"}


def appointment(fields: dict[str, object], **changes: object) -> Appointment:
    return Appointment.model_validate({"rep": "R01"} | fields | changes)


def minutes(text: str) -> int:
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


# The day of an appointment


def day_of(*fields: dict[str, object], way: int = 20, **changes: object) -> WorkDay:
    """Week 1's Monday with appointments on it; `way` minutes between any two places."""
    given = rep(**changes)
    place = small_scenario().cycle.day(0)
    meetings = [appointment(item, weekday="mon") for item in fields]

    def travel(a: str, b: str) -> int:
        return 0 if a == b else way * 60

    found = work_day_on(policy(), given, place, meetings, travel)
    assert found is not None
    return found


def meets(start: str, end: str, **place: float) -> dict[str, object]:
    return {"start": start, "end": end} | place


@pytest.mark.parametrize(
    ("fields", "prepare", "summary"),
    [
        (meets("08:30", "09:30"), 0, 30),
        (meets("08:40", "09:30"), 10, 30),
        (meets("08:45", "09:30"), 15, 30),
        (meets("16:00", "17:00"), 15, 30),
        (meets("16:00", "17:01"), 15, 29),
        (meets("16:00", "17:30"), 15, 0),
        (meets("09:00", "10:00", **AWAY), 10, 30),  # leaves at 08:40
        (meets("09:05", "10:00", **AWAY), 15, 30),
        (meets("16:00", "17:00", **AWAY), 15, 10),  # is back at 17:20
        (meets("16:00", "17:20", **AWAY), 15, 0),
    ],
)
def test_office_time_that_an_appointment_overlaps_is_swallowed(
    fields: dict[str, object], prepare: int, summary: int
) -> None:
    found = day_of(fields)
    assert (found.prepare, found.summary) == (prepare * 60, summary * 60)
    usual = work_day(policy(), rep(), "mon")
    assert usual is not None
    assert found.available == usual.available


@pytest.mark.parametrize(
    ("fields", "has_lunch"),
    [
        ([meets("12:00", "13:00")], False),
        ([meets("12:30", "13:30")], True),  # eats before leaving
        ([meets("12:29", "13:30")], False),
        ([meets("11:00", "12:30")], True),  # eats there, after it
        ([meets("11:00", "12:31")], False),
        ([meets("12:30", "13:30", **AWAY)], False),  # leaves at 12:10
        ([meets("12:50", "13:30", **AWAY)], True),
        ([meets("11:00", "12:30", **AWAY)], True),
        ([meets("10:00", "11:45"), meets("12:45", "14:00")], True),
        ([meets("10:00", "11:46"), meets("12:45", "14:00")], False),
        ([meets("10:00", "11:45"), meets("12:45", "14:00", **AWAY)], False),
    ],
)
def test_lunch_without_room_counts_as_taken(
    fields: list[dict[str, object]], has_lunch: bool
) -> None:
    assert bool(day_of(*fields).lunch) is has_lunch


def test_who_starts_and_ends_at_a_store_has_no_way_to_an_appointment() -> None:
    fields = meets("08:35", "17:10", **AWAY)
    found = day_of(fields, start_at="store", end_at="store")
    assert (found.prepare, found.summary) == (5 * 60, 20 * 60)


# Plans


def planned(meetings: list[Appointment], rules: Policy, reps: list[Rep] | None = None) -> Plan:
    scenario = built(meetings, rules, reps)
    matrix = travel_matrix(scenario)
    plan = make_plan(scenario, iterations=15, created_at=NOON, matrix=matrix)
    assert check_plan(scenario, plan, matrix) == ()
    return plan


def built(
    meetings: list[Appointment], rules: Policy | None = None, reps: list[Rep] | None = None
) -> Scenario:
    places = stores({"A": 3, "B": 5, "C": 6})
    reps = reps or [rep()]
    draft = Draft(
        stores=places,
        policy=rules or policy(),
        reps=tuple(reps),
        appointments=tuple(meetings),
        store_origins=tuple(Origin("stores.csv", row) for row in range(2, len(places) + 2)),
        rep_origins=tuple(Origin("reps.csv", row) for row in range(2, len(reps) + 2)),
        appointment_origins=tuple(
            Origin("appointments.csv", row) for row in range(2, len(meetings) + 2)
        ),
        has_reps_file=True,
    )
    return build_scenario(draft)


def held(plan: Plan) -> set[tuple[str, str, int, int]]:
    return {
        (route.weekday, stop.title, stop.start // 60, stop.depart // 60)
        for route in plan.routes
        for stop in route.stops
        if stop.kind == "appointment"
    }


def kinds(route: Route) -> list[str]:
    return [stop.kind for stop in route.stops]


SETS = {
    "morning meeting": [MEETING],
    "late office": [OFFICE],
    "noon": [AT_NOON],
    "short noon": [AT_NOON | {"start": "12:15", "end": "12:45"}],
    "away in the morning": [MEETING | AWAY | {"start": "08:45"}],
    "away at noon": [AT_NOON | AWAY],
    "away in the evening": [OFFICE | AWAY | {"end": "17:15"}],
    "all of the handbook's week": [MEETING, OFFICE, AT_NOON],
    "one time on three days": [MEETING | {"weekday": day} for day in ("mon", "wed", "fri")],
    "overlapping at the base": [MEETING, MEETING | {"weekday": "wed", "start": "09:00"}],
    "just before one's lunch ends": [
        AT_NOON | {"weekday": "mon", "start": "12:15", "end": "13:15"},
        AT_NOON | {"start": "12:30", "end": "13:30"},
    ],
}


@pytest.mark.parametrize("calendar", [None, CALENDAR], ids=["free", "calendar"])
@pytest.mark.parametrize("meetings", SETS.values(), ids=list(SETS))
def test_appointments_are_kept(
    meetings: list[dict[str, object]], calendar: tuple[tuple[str, ...], ...] | None
) -> None:
    rules = policy(calendar=calendar, routes=ROUTES) if calendar else policy()
    plan = planned([appointment(fields) for fields in meetings], rules)
    assert plan.is_complete
    assert held(plan) == {
        (
            str(item["weekday"]),
            str(item["title"]),
            minutes(str(item["start"])),
            minutes(str(item["end"])),
        )
        for item in meetings
    }


def test_each_day_of_a_route_keeps_its_own_hours() -> None:
    meetings = [appointment(fields) for fields in (MEETING, OFFICE)]
    plan = planned(meetings, policy(calendar=CALENDAR, routes=ROUTES))
    by_weekday = {route.weekday: route for route in plan.routes if route.template == "T1"}
    assert kinds(by_weekday["mon"])[:3] == ["start", "appointment", "visit"]
    assert kinds(by_weekday["wed"])[:3] == ["office", "start", "visit"]
    assert kinds(by_weekday["fri"])[-2:] == ["appointment", "end"]
    assert kinds(by_weekday["wed"])[-2:] == ["end", "office"]


def test_a_route_on_weekdays_whose_hours_differ() -> None:
    late_monday = rep(hours="Mo 10:30-18:00; Tu-Sa 08:30-17:30")
    meetings = [
        appointment(MEETING, weekday="wed"),
        appointment(OFFICE, weekday="mon", start="17:30", end="18:00"),
    ]
    plan = planned(meetings, policy(calendar=CALENDAR, routes=ROUTES), [late_monday])
    assert {weekday for weekday, *_ in held(plan)} == {"mon", "wed"}


# The checker, by its own derivation


def with_meeting(start: str, end: str) -> Scenario:
    meeting = {"rep": "R1", "weekday": "mon", "start": start, "end": end, "title": "Meeting"}
    return small_scenario(appointments=[meeting])


def codes_against(scenario: Scenario, other: Scenario) -> set[str]:
    """What the check finds in the plan of one scenario where another is asked for."""
    plan = restated(other, small_plan(scenario))
    return {violation.code for violation in check_plan(other, plan, matrix_of(other))}


def test_leaving_early_needs_the_appointment() -> None:
    early = with_meeting("08:30", "09:30")
    assert codes_against(early, early) == set()
    later = with_meeting("08:45", "09:30")
    assert codes_against(early, later) == {"APPOINTMENT_MOVED", "OUTSIDE_WORKING_HOURS"}


def test_lunch_is_due_where_the_appointment_leaves_room() -> None:
    over_noon = with_meeting("12:00", "13:00")
    assert codes_against(over_noon, over_noon) == set()
    with_room = with_meeting("12:30", "13:00")
    assert "LUNCH_MISSING" in codes_against(over_noon, with_room)


# What cannot be kept


def faults(
    meetings: list[dict[str, object]], rules: Policy | None = None, **changes: object
) -> list[Issue]:
    try:
        scenario = built([appointment(fields) for fields in meetings], rules, [rep(**changes)])
    except InputError as error:
        return [issue for issue in error.issues if issue.severity is Severity.ERROR]
    assert scenario.warnings == ()
    return []


ON_ROUTES = policy(calendar=CALENDAR, routes=ROUTES)
CANNOT = {
    "too far at the start": ([MEETING | AWAY], None, 2, "start", "way from the base takes"),
    "too far at the end": ([OFFICE | AWAY], None, 2, "end", "way to the base takes"),
    "too far apart": (
        [MEETING, MEETING | AWAY | {"start": "09:31", "end": "10:00"}],
        None,
        3,
        "start",
        "appointment of row 2 ends at 09:30",
    ),
    "too long a day": (
        [MEETING | {"end": "17:30"}],
        policy(working_day={"max_work_minutes": 480}),
        2,
        "end",
        "9 h 00",
    ),
    "far away at noon": ([AT_NOON | FAR | {"end": "17:00"}], None, 2, "end", "way to the base"),
    "clash on a route": (
        [MEETING, MEETING | AWAY | {"weekday": "wed", "start": "09:15", "end": "10:00"}],
        ON_ROUTES,
        3,
        "start",
        "route T1",
    ),
    "no lunch on a route": (
        [
            AT_NOON | {"weekday": "mon", "start": "11:15", "end": "12:15"},
            AT_NOON | AWAY | {"start": "12:25", "end": "12:50"},
            AT_NOON | {"weekday": "fri", "start": "13:05", "end": "13:45"},
        ],
        ON_ROUTES,
        3,
        "start",
        "no room for lunch",
    ),
}


@pytest.mark.parametrize(
    ("meetings", "rules", "row", "column", "why"), CANNOT.values(), ids=list(CANNOT)
)
def test_what_cannot_be_kept_is_refused(
    meetings: list[dict[str, object]], rules: Policy | None, row: int, column: str, why: str
) -> None:
    (issue,) = faults(meetings, rules)
    assert (issue.code, issue.file, issue.row, issue.column) == (
        "APPOINTMENT_CANNOT_BE_KEPT",
        "appointments.csv",
        row,
        column,
    )
    assert why in issue.message
    assert issue.hint.startswith("what helps: ")


def test_a_clash_of_two_days_is_none_without_a_route() -> None:
    assert faults(CANNOT["clash on a route"][0]) == []


@pytest.mark.parametrize(("end", "is_kept"), [("15:55", True), ("15:56", False)])
def test_a_stated_longest_work_bounds_a_day_of_appointments(end: str, is_kept: bool) -> None:
    # 445 minutes from 08:30.
    meetings = [MEETING, OFFICE | {"weekday": "mon", "start": "14:00", "end": end}]
    late = [] if is_kept else ["APPOINTMENT_CANNOT_BE_KEPT"]
    assert [issue.code for issue in faults(meetings, lunch_minutes=0, max_work_minutes=445)] == late


def test_a_whole_days_training_needs_no_reserve() -> None:
    training = appointment(MEETING | {"end": "17:30", "title": "Training"})
    plan = planned([training], policy())
    assert plan.is_complete
    assert held(plan) == {("mon", "Training", 510, 1050)}
    assert {route.weekday for route in plan.routes if route.visits}.isdisjoint({"mon"})


def test_a_row_is_told_once_and_another_fault_of_it_wins() -> None:
    assert len(faults([MEETING | AWAY | {"weekday": day} for day in ("mon", "tue")])) == 2
    (issue,) = faults([MEETING | AWAY | {"start": "08:00"}])
    assert issue.code == "APPOINTMENT_OUTSIDE_HOURS"
