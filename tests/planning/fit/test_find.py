"""Planted cases: what makes them fit is known, and so is what does not."""

import pytest

from routeplanner.domain.frequency import Frequency
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.checker import check_plan
from routeplanner.planning.fit.find import FitRun, find_fit
from routeplanner.planning.fit.trials import Patience
from routeplanner.planning.plan import make_plan
from routeplanner.planning.what_if.changes import changed
from routeplanner.planning.what_if.run import Effort
from routeplanner.travel.source import travel_matrix
from tests.territories import LAT, LON, policy, scenario, store

EFFORT = Effort(iterations=20, seeds=(0,))
DAY = {"start": "08:00", "end": "10:00", "prepare_minutes": 0, "summary_minutes": 0, "reserve": 0}


def one_house(n_a: int, n_b: int, *, minutes: int = 20, hours: dict[str, object] = DAY) -> Scenario:
    """Stores of one house at the base, weekly: no way between them, five days of 120 minutes.

    A visit takes 20 minutes, so that a day holds six and the week thirty.
    """
    rules = policy(
        classes={"labels": ["A", "B"], "lines": [50]},
        visit_rules={
            "A": {"frequency": "2/week", "service_minutes": minutes},
            "B": {"frequency": "1/week", "service_minutes": minutes},
        },
        workdays=["mon", "tue", "wed", "thu", "fri"],
        working_day=hours,
        travel={"park_minutes": 0, "same_site_minutes": 0},
    )
    places = [
        store(f"{label}{n:02}", label, lat=LAT, lon=LON, site="house")
        for label, count in (("A", n_a), ("B", n_b))
        for n in range(count)
    ]
    return scenario(places, rules, weeks=1)


def fit(given: Scenario, *allow: str, **options: object) -> FitRun:
    found = find_fit(given, allow, EFFORT, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def is_complete(given: Scenario) -> bool:
    return make_plan(given, iterations=40, seed=5).is_complete


def test_what_fits_is_left_as_it_is() -> None:
    run = fit(one_house(5, 20), "frequency", "stores")
    assert run.result.status == "fits"
    assert run.result.relaxations == ()
    assert run.plan is not None
    assert run.plan.is_complete


@pytest.mark.parametrize(
    ("allow", "used", "points"),
    [
        # 34 visits are wanted and 30 fit; two A stores less often are one step of that class.
        (("A.frequency",), {"A.frequency": 1}, 6),
        # 10 x 20 + 24 x 15 minutes are 560 of 600.
        (("A.minutes", "B.minutes"), {"B.minutes": 1}, 2),
        (("longest_day",), {"longest_day": 1}, 3),
        (("reps",), {"reps": 1}, 20),
        (("B.stores",), {"B.stores": 4}, 4),
    ],
)
def test_the_smallest_relaxation_makes_the_plan_complete_and_less_does_not(
    allow: tuple[str, ...], used: dict[str, int], points: int
) -> None:
    given = one_house(5, 24)
    run = fit(given, *allow)
    result = run.result
    assert result.status == "fitted"
    steps: dict[str, int] = {}
    for each in result.relaxations:
        steps[each.key] = steps.get(each.key, 0) + each.steps
    assert (steps, result.points) == (used, points)
    assert run.scenario is not None
    assert run.plan is not None
    assert result.alternative is not None
    assert run.scenario == changed(given, result.alternative)
    assert is_complete(run.scenario)
    assert check_plan(run.scenario, run.plan, travel_matrix(run.scenario)) == ()
    assert [each.fits for each in result.smaller] == [False] * len(result.smaller)
    assert len(result.smaller) == len(result.relaxations)


def test_of_several_levers_the_one_of_fewest_points_is_taken() -> None:
    """A day longer by half an hour costs 3 points, four stores 4, a class once less often 6."""
    levers = ("A.frequency", "longest_day", "reps", "stores")
    run = fit(one_house(5, 24), *levers)
    assert [each.key for each in run.result.relaxations] == ["longest_day"]
    dear = fit(one_house(5, 24), *levers, points={"longest_day": 9})
    assert {each.key.rpartition(".")[2] for each in dear.result.relaxations} == {"stores"}
    assert dear.result.points == 4


def test_a_smallest_set_is_proved_by_solving_all_that_is_cheaper() -> None:
    """40 visits are wanted: an hour longer holds nine a day, half an hour seven."""
    run = fit(one_house(10, 20), "A.frequency", "longest_day", points={"longest_day": 4})
    assert [(each.key, each.steps) for each in run.result.relaxations] == [("A.frequency", 1)]
    assert run.result.is_smallest
    cheaper = [each for each in run.result.tried if each.points < run.result.points]
    assert [(each.points, each.fits) for each in cheaper] == [(4, False)]


def with_last(given: Scenario, **changes: object) -> Scenario:
    """The scenario with changes of its last store."""
    last = given.stores[-1].model_copy(update=changes)
    return given.model_copy(update={"stores": (*given.stores[:-1], last)})


def never_open(given: Scenario) -> Scenario:
    return with_last(given, closed_days=given.policy.workdays)


def test_a_store_that_is_never_open_is_put_out_from_the_first() -> None:
    """34 visits are wanted and 30 fit: one store is shut, and days of 150 minutes hold seven."""
    run = fit(one_house(2, 3), "stores")
    assert run.result.status == "fits"
    run = fit(never_open(one_house(5, 24)), "longest_day", "stores")
    keys = [(each.key, each.name) for each in run.result.relaxations]
    assert keys == [("longest_day", "days up to 30 min longer"), ("B.stores", "without store B23")]
    assert run.result.is_smallest
    assert [each.store_id for each in run.result.stores_without_days] == ["B23"]
    # Whatever leaves it in is not solved, but the scenario as it is.
    assert all("B23" in each.name for each in run.result.tried)
    left_in = next(each for each in run.result.smaller if "B23" not in each.name)
    assert (left_in.fits, left_in.missing_visits) == (False, None)
    assert left_in.stores_without_days == ("B23",)


def test_where_a_store_can_never_be_placed_the_answer_comes_at_once_and_says_why() -> None:
    run = fit(never_open(one_house(5, 24)), "frequency", "minutes", "longest_day", "A.stores")
    result = run.result
    assert (result.status, result.tried, result.is_out_of_time) == ("not_found", (), False)
    assert [(s.store_id, s.code) for s in result.blocking] == [("B23", "CLOSED_ON_ALLOWED_DAYS")]
    assert "closed on too many working days" in result.blocking[0].message
    assert "no day of the cycle is open to visits" in result.blocking[0].hint


@pytest.mark.parametrize(
    ("changes", "levers", "used"),
    [
        # Days have 120 minutes: half an hour more is not enough, an hour is.
        ({"service_minutes": 170}, ("longest_day", "frequency"), {"longest_day": 2}),
        # Open on two days, and wanted on three of the week.
        (
            {"frequency": "3/week", "closed_days": ("mon", "tue", "wed")},
            ("frequency", "minutes", "longest_day", "stores"),
            {"B.stores": 1},
        ),
        # Of class A, open on one day: twice a week is once too often.
        (
            {"store_class": "A", "closed_days": ("mon", "tue", "wed", "thu")},
            ("frequency", "longest_day"),
            {"A.frequency": 1},
        ),
    ],
)
def test_a_lever_that_gives_a_store_its_days_is_used(
    changes: dict[str, object], levers: tuple[str, ...], used: dict[str, int]
) -> None:
    if isinstance(frequency := changes.get("frequency"), str):
        changes = changes | {"frequency": Frequency.model_validate(frequency)}
    run = fit(with_last(one_house(2, 3), **changes), *levers)
    assert {each.key: each.steps for each in run.result.relaxations} == used
    assert run.result.is_smallest
    assert len(run.result.tried) == 1  # all else is known without solving
    is_stuck = any(key.endswith("stores") for key in used)
    assert bool(run.result.stores_without_days) == is_stuck


def test_stores_that_no_lever_helps_are_all_put_out_before_others() -> None:
    """13 are shut, more than are put out of a class for their minutes; those that are helped stay.

    Four need 130 minutes of days that have 120: half an hour more costs less than putting them out.
    """
    given = one_house(2, 18)
    changed_stores = [
        s.model_copy(update={"closed_days": given.policy.workdays})
        if s.id > "B04"
        else s.model_copy(update={"service_minutes": 130.0} if s.id > "B00" else {})
        for s in given.stores
    ]
    run = fit(given.model_copy(update={"stores": tuple(changed_stores)}), "longest_day", "stores")
    assert {each.key: each.steps for each in run.result.relaxations} == {
        "longest_day": 1,
        "B.stores": 13,
    }
    assert len(run.result.stores_without_days) == 13
    assert len(run.result.tried) == 1


def test_where_nothing_fits_all_levers_together_were_tried() -> None:
    run = fit(one_house(5, 60), "A.frequency")
    assert run.result.status == "not_found"
    assert run.plan is None
    assert run.result.tried[-1].name == "A weekly"  # no less often than B


def test_it_stops_when_its_plans_are_used_up() -> None:
    run = fit(one_house(5, 60), "frequency", "stores", patience=Patience(solves=2, seconds=None))
    assert run.result.status == "not_found"
    assert run.result.is_out_of_time
    assert len(run.result.tried) == 1


def test_class_lines_are_lowered_step_by_step() -> None:
    """Ten stores of equal sales: at a line of 50 or 45 five are A (2/week), at 40 four.

    Others are B (weekly): 31 visits with five A, 30 with four.
    """
    given = one_house(10, 16)
    places = [
        s.model_copy(update={"sales": 10.0 if s.id < "B" else 0.0, "class_source": "sales"})
        for s in given.stores
    ]
    given = given.model_copy(
        update={
            "stores": tuple(
                s.model_copy(update={"store_class": "A" if s.id < "A05" else "B"}) for s in places
            )
        }
    )
    run = fit(given, "classes")
    assert [(each.name, each.steps) for each in run.result.relaxations] == [("class lines 40 %", 2)]
    assert [each.fits for each in run.result.smaller] == [False]


def test_what_is_canceled_at_once_has_no_answer() -> None:
    patience = Patience(1, None, lambda: True)
    assert find_fit(one_house(5, 24), ("reps",), EFFORT, patience=patience) is None
