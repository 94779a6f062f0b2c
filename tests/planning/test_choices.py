import pytest

from routeplanner.domain.hours import WeeklyHours
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.choices import ChoiceFinder, StoreChoices
from routeplanner.planning.slots import slot_keys
from routeplanner.travel.source import travel_matrix
from tests.territories import policy, rep, scenario, store

CALENDAR = (("T1", "T2", "T1", "T2", "T1", "T3"), ("T1", "T2", "T1", "T2", "T1", "T4"))
ROUTES = {
    "T1": {"classes": ["A"]},
    "T2": {"classes": ["B"]},
    "T3": {"classes": ["C"]},
    "T4": {"classes": ["C"]},
}


def choices_of(given: Scenario, calendar: object = None) -> StoreChoices:
    finder = ChoiceFinder(given, travel_matrix(given), calendar)  # type: ignore[arg-type]
    return finder.choices_of(given.stores[0])


def days_of(given: Scenario, found: StoreChoices) -> set[tuple[int, ...]]:
    keys = slot_keys(given, None)
    return {tuple(keys[slot].days[0].day for slot, _, _ in c.entries) for c in found.choices}


def one(weeks: int = 1, reps: tuple[Rep, ...] = (), **fields: object) -> Scenario:
    return scenario([store("S1", **fields)], reps=reps, weeks=weeks)  # type: ignore[arg-type]


def test_weekly_store_may_have_any_workday() -> None:
    given = one(frequency="1/week")
    assert days_of(given, choices_of(given)) == {(day,) for day in range(6)}


def test_patterns_repeat_through_the_cycle() -> None:
    given = one(weeks=2, frequency="1/week")
    assert days_of(given, choices_of(given)) == {(day, day + 6) for day in range(6)}


def test_closed_days_and_days_off_stand_in_no_choice() -> None:
    days_off = rep(hours="Mo-Th 08:30-17:30; Sa 08:30-17:30")
    given = one(frequency="1/week", closed_days=["tue"], reps=(days_off,))
    assert days_of(given, choices_of(given)) == {(0,), (2,), (3,), (5,)}


def test_daily_is_every_day_on_which_the_store_can_be_visited() -> None:
    given = one(weeks=2, frequency="daily", opening_hours="Mo-Fr 09:00-18:00")
    found = choices_of(given)
    assert found.required == 10
    assert days_of(given, found) == {(0, 1, 2, 3, 4, 6, 7, 8, 9, 10)}


def test_midday_closing_gives_a_morning_and_an_afternoon() -> None:
    given = one(frequency="1/week", opening_hours="We 09:00-12:00,14:00-18:00")
    found = choices_of(given)
    starts = [(lo // 3600, hi / 3600) for choice in found.choices for _, lo, hi in choice.entries]
    assert len(starts) == 2
    assert starts[0] == (9, pytest.approx(12 - 10 / 60))
    assert starts[1][0] == 14


def test_many_afternoons_keep_to_one_half_of_the_day() -> None:
    given = one(frequency="daily", opening_hours="Mo-Sa 09:00-12:00,14:00-18:00")
    assert len(choices_of(given).choices) == 2


def test_pinned_day_leaves_one_choice() -> None:
    given = one(frequency="1/week", pinned_days=[{"weekday": "tue"}])
    assert days_of(given, choices_of(given)) == {(1,)}
    twice = one(weeks=2, frequency="1/2weeks", pinned_days=[{"weekday": "tue", "week": 2}])
    assert days_of(twice, choices_of(twice)) == {(7,)}


def test_fewer_pins_than_visits_are_all_kept() -> None:
    given = one(frequency="2/week", pinned_days=[{"weekday": "tue"}])
    assert all(1 in days for days in days_of(given, choices_of(given)))


def test_a_pin_leaves_out_reps_who_are_off_that_day() -> None:
    pinned = {"frequency": "1/week", "pinned_days": [{"weekday": "mon"}]}
    given = one(reps=(rep("R01"), rep("R02", hours="Tu-Sa 08:30-17:30")), **pinned)
    keys = slot_keys(given, None)
    (choice,) = choices_of(given).choices
    assert [keys[slot].rep.id for slot, _, _ in choice.entries] == ["R01"]


def test_a_choice_never_mixes_reps() -> None:
    given = one(frequency="2/week", reps=(rep("R01"), rep("R02")))
    keys = slot_keys(given, None)
    reps = [{keys[slot].rep.id for slot, _, _ in c.entries} for c in choices_of(given).choices]
    assert all(len(names) == 1 for names in reps)
    assert set().union(*reps) == {"R01", "R02"}


def test_frequency_falls_to_what_the_open_days_allow() -> None:
    given = one(frequency="3/week", opening_hours="Tu,Fr 09:00-18:00")
    found = choices_of(given)
    assert found.required == 3
    assert days_of(given, found) == {(1, 4)}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"opening_hours": "Su 09:00-18:00"}, "CLOSED_ON_ALLOWED_DAYS"),
        ({"opening_hours": "Mo-Sa 19:00-22:00"}, "TIME_WINDOW"),
        ({"opening_hours": "Mo-Sa 09:00-09:05"}, "TIME_WINDOW"),
        ({"lat": 54.0}, "TOO_FAR"),
        ({"service_minutes": 600}, "VISIT_TOO_LONG"),
        ({"service_minutes": 600, "lat": 54.0}, "VISIT_TOO_LONG"),
    ],
)
def test_why_a_day_is_excluded(fields: dict[str, object], code: str) -> None:
    found = choices_of(one(frequency="1/week", **fields))
    assert found.choices == ()
    assert set(found.closed_slots.values()) == {code}


def calendar_scenario(label: str, **fields: object) -> Scenario:
    return scenario([store("S1", label, **fields)], policy(calendar=CALENDAR, routes=ROUTES))


@pytest.mark.parametrize(
    ("label", "routes"), [("A", [{"T1"}]), ("B", [{"T2"}]), ("C", [{"T3"}, {"T4"}])]
)
def test_classes_keep_to_the_routes_that_serve_them(label: str, routes: list[set[str]]) -> None:
    given = calendar_scenario(label)
    keys = slot_keys(given, CALENDAR)
    found = choices_of(given, CALENDAR)
    taken = [{keys[slot].template for slot, _, _ in choice.entries} for choice in found.choices]
    assert sorted(taken, key=str) == sorted(routes, key=str)


def test_window_on_a_route_is_the_intersection_of_its_days() -> None:
    given = calendar_scenario("A", opening_hours="Mo 09:00-12:00; We 10:00-17:00; Fr 11:00-18:00")
    (choice,) = choices_of(given, CALENDAR).choices
    assert [(lo, hi) for _, lo, hi in choice.entries] == [(11 * 3600, 11 * 3600 + 1800)]


def test_closed_on_a_day_of_its_route() -> None:
    found = choices_of(calendar_scenario("A", closed_days=["wed"]), CALENDAR)
    assert found.choices == ()
    assert "CLOSED_ON_TEMPLATE_DAYS" in found.closed_slots.values()


def test_unions_of_routes_add_up_to_the_frequency() -> None:
    calendar = (("P", "Q", "P", "Q", "R", "S"), ("P", "Q", "P", "Q", "U", "V"))
    given = scenario([store("S1", frequency="1/week")], policy(calendar=calendar))
    keys = slot_keys(given, calendar)
    found = choices_of(given, calendar)
    unions = [{keys[slot].template for slot, _, _ in c.entries} for c in found.choices]
    assert all(choice.weight == 2 for choice in found.choices)
    assert len(unions) == 6  # pairs of R, S, U, V
    assert found.choices[0].days_off == 0
    assert unions[0] in ({"R", "U"}, {"S", "V"})


def test_avoided_hours_are_cut_out() -> None:
    avoid = WeeklyHours.model_validate("Mo-Sa 10:00-15:00")
    given = one(frequency="1/week", opening_hours="Mo 09:00-18:00", avoid_hours=avoid)
    spans = {(lo, hi) for c in choices_of(given).choices for _, lo, hi in c.entries}
    assert {lo // 3600 for lo, _ in spans} == {9, 15}
