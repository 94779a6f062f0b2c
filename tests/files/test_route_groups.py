from routeplanner.domain.cycle import Cycle
from routeplanner.domain.day_words import days_text
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.files.route_groups import (
    appointments_text,
    day_title,
    duration_text,
    frequency_text,
    located_stops,
    range_text,
    route_groups,
    work_minutes,
)
from tests.files.meetings import with_meeting_days
from tests.sample_plans import sample_plan, sample_scenario

CYCLE = Cycle(weeks=4, workdays=("mon", "tue", "wed", "thu", "fri"))


def _driven(*days: tuple[int, str]) -> list[Route]:
    return [
        Route(
            rep="R01",
            day=CYCLE.index(week, weekday),
            week=week,
            weekday=weekday,
            template="T1",
            stops=(),
        )
        for week, weekday in days
    ]


def test_days_of_every_week_name_no_weeks() -> None:
    routes = _driven(*((week, day) for week in range(1, 5) for day in ("wed", "mon")))
    assert days_text(routes, CYCLE, "en") == "Mon Wed"
    assert days_text(routes, CYCLE, "zh") == "周一 周三"


def test_days_of_some_weeks_name_them() -> None:
    routes = _driven((1, "mon"), (3, "mon"), (2, "fri"))
    assert days_text(routes, CYCLE, "en") == "Mon (weeks 1, 3), Fri (week 2)"


def test_one_weekday_is_written_out_on_a_day_sheet() -> None:
    routes = _driven((1, "tue"), (2, "tue"))
    assert days_text(routes, CYCLE, "en", is_long=True) == "Tuesday · weeks 1, 2"


def test_durations_and_ranges() -> None:
    assert duration_text(200, "en") == "3 h 20"
    assert duration_text(59.6, "en") == "1 h 00"
    assert duration_text(45, "en") == "45 min"
    assert duration_text(207, "zh") == "3小时27分"
    assert duration_text(45, "zh") == "45分钟"
    assert range_text(["3 h 20", "3 h 20"]) == "3 h 20"
    assert range_text(["3 h 10", "3 h 20", "3 h 40"]) == "3 h 10–3 h 40"


def test_frequencies_in_words() -> None:
    assert frequency_text(Frequency.model_validate("daily"), "en") == "daily"
    assert frequency_text(Frequency.model_validate("3/week"), "en") == "3 a week"
    assert frequency_text(Frequency.model_validate("1/2weeks"), "zh") == "每 2 周 1 次"
    assert frequency_text(Frequency.model_validate("3/4weeks"), "en") == "3 in 4 weeks"


def test_a_group_is_one_rep_and_label_with_days_of_equal_stops_together() -> None:
    scenario = sample_scenario(n_reps=2)
    groups = route_groups(sample_plan(scenario), scenario)
    assert [(group.rep.id, group.label) for group in groups] == [
        (rep, label) for rep in ("R01", "R02") for label in ("T1", "T2", "T3", "T4")
    ]
    # Monday has an appointment that the other days of T1 lack.
    assert [[day.weekday for day in days] for days in groups[0].variants] == [
        ["mon", "mon"],
        ["wed", "fri", "wed", "fri"],
    ]
    assert groups[0].store_ids == ("S01", "S02")
    assert len(groups[0].routes) == 6


def test_labels_are_in_natural_order() -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    routes = [r.model_copy(update={"template": f"T{r.day + 1}"}) for r in plan.routes]
    renamed = plan.model_copy(update={"routes": tuple(reversed(routes))})
    labels = [group.label for group in route_groups(renamed, scenario)]
    assert labels == [f"T{n}" for n in range(1, 13)]


def test_a_day_of_appointments_only_goes_by_their_title_and_is_no_route() -> None:
    scenario = sample_scenario(n_reps=2)
    plan = with_meeting_days(sample_plan(scenario), 0)
    meeting, tuesday, second = plan.routes[0], plan.routes[1], plan.routes[6]
    assert day_title(meeting, "en") == "Team meeting"
    assert appointments_text(meeting, "en") == "Team meeting 10:30–11:30"
    assert day_title(tuesday, "en") == "T2"
    assert appointments_text(tuesday, "en") == ""
    assert day_title(second, "en") == "T1"
    groups = [group for group in route_groups(plan, scenario) if group.rep.id == "R01"]
    assert [group.label for group in groups] == ["T1", "T2", "T3", "T4", "Team meeting"]
    assert [group.is_route for group in groups] == [True] * 4 + [False]
    assert [route.day for route in groups[-1].routes] == [0]
    assert 0 not in {route.day for route in groups[0].routes}


def test_an_appointment_without_a_title_is_called_one() -> None:
    plan = with_meeting_days(sample_plan(sample_scenario()), 0)
    stops = tuple(stop.model_copy(update={"title": ""}) for stop in plan.routes[0].stops)
    meeting = plan.routes[0].model_copy(update={"stops": stops})
    assert day_title(meeting, "en") == "Appointment"
    assert appointments_text(meeting, "zh") == "固定安排 10:30–11:30"


def test_an_appointment_called_like_a_route_is_a_group_of_its_own() -> None:
    scenario = sample_scenario()
    plan = with_meeting_days(sample_plan(scenario), 0)
    stops = tuple(
        stop.model_copy(update={"title": "T1"}) if stop.title else stop
        for stop in plan.routes[0].stops
    )
    routes = (plan.routes[0].model_copy(update={"stops": stops}), *plan.routes[1:])
    groups = route_groups(plan.model_copy(update={"routes": routes}), scenario)
    assert [(g.label, g.is_route) for g in groups if g.label == "T1"] == [
        ("T1", True),
        ("T1", False),
    ]
    assert len({group.key for group in groups}) == len(groups)


def _stop(kind: str, start: int, end: int, **fields: object) -> Stop:
    times = {"arrive": start, "start": start, "depart": end}
    return Stop.model_validate({"kind": kind, **times, **fields})


def test_work_is_leaving_to_returning_without_lunch_on_the_way() -> None:
    stops = (
        _stop("office", 8 * 3600, 9 * 3600),
        _stop("start", 9 * 3600, 9 * 3600),
        _stop("visit", 10 * 3600, 11 * 3600, store_id="S01", position=1),
        _stop("lunch", 12 * 3600, 13 * 3600),
        _stop("end", 15 * 3600, 15 * 3600),
        _stop("office", 15 * 3600, 16 * 3600),
    )
    (route,) = _driven((1, "mon"))
    assert work_minutes(route.model_copy(update={"stops": stops})) == 300
    ate_after = (*stops[:3], stops[4], stops[3], stops[5])
    assert work_minutes(route.model_copy(update={"stops": ate_after})) == 360


def _places(scenario: Scenario, plan: Plan) -> list[str]:
    return [stop.kind for stop, _ in located_stops(plan.routes[0], scenario)]


def test_lunch_and_office_have_no_place_of_their_own() -> None:
    scenario = sample_scenario()
    assert _places(scenario, sample_plan(scenario)) == [
        "start", "visit", "visit", "appointment", "end",
    ]  # fmt: skip


def test_a_day_from_store_to_store_has_no_base() -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    rep = Rep.model_validate(
        scenario.reps[0].model_dump() | {"start_at": "store", "end_at": "store"}
    )
    moved = scenario.model_copy(update={"reps": (rep,)})
    assert _places(moved, plan) == ["visit", "visit", "appointment"]


def test_an_appointment_stands_at_its_own_place() -> None:
    scenario = sample_scenario()
    plan = sample_plan(scenario)
    meeting = scenario.appointments[0].model_copy(update={"lat": 30.3, "lon": 120.2})
    moved = scenario.model_copy(update={"appointments": (meeting,)})
    places = {stop.kind: at for stop, at in located_stops(plan.routes[0], moved)}
    assert places["appointment"] == (30.3, 120.2)
    assert places["start"] == (scenario.reps[0].base_lat, scenario.reps[0].base_lon)
