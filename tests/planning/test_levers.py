"""Levers: what they change, that the marked one fits, and that a plan made with it is complete."""

import tomllib

import numpy as np
import pytest

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.workload import Lever, PolicyChange
from routeplanner.planning.classify import classify
from routeplanner.planning.hours_report import (
    hours_report,
    lever_advice,
    lever_rows,
    policy_to_paste,
)
from routeplanner.planning.lever_steps import applied, cycle_of, under
from routeplanner.planning.levers import levers
from routeplanner.planning.plan import make_plan
from routeplanner.planning.workload import workload
from routeplanner.travel.matrix import TravelMatrix
from routeplanner.travel.source import travel_matrix

HANDBOOK = {
    "A": {"frequency": "daily", "service_minutes": 30},
    "B": {"frequency": "1/week", "service_minutes": 15},
    "C": {"frequency": "1/2weeks", "service_minutes": 10},
}
EXAMPLE_CALENDAR = [["T1", "T2", "T1", "T2", "T1", "T3"], ["T1", "T2", "T1", "T2", "T1", "T4"]]
EXAMPLE_RULES = {
    "A": {"frequency": "3/week", "service_minutes": 30},
    "B": {"frequency": "2/week", "service_minutes": 15},
    "C": {"frequency": "1/2weeks", "service_minutes": 10},
}
EXAMPLE_ROUTES = {
    label: {"classes": [classes]}
    for label, classes in (("T1", "A"), ("T2", "B"), ("T3", "C"), ("T4", "C"))
}


def city(n: int, seed: int = 1, skew: float = 1.0, spread: float = 0.06) -> list[Store]:
    """Stores scattered round a center, with sales by rank."""
    random = np.random.default_rng(seed)
    return [
        Store(
            id=f"s{i:03}",
            lat=round(52.5 + spread * float(random.standard_normal()) / 2, 6),
            lon=round(13.4 + spread * float(random.standard_normal()), 6),
            sales=round(1000 / (i + 1) ** skew, 2),
        )
        for i in range(n)
    ]


def scenario(stores: list[Store], **fields: object) -> Scenario:
    policy = Policy.model_validate({"visit_rules": HANDBOOK, **fields})
    classed = classify(stores, policy)
    return Scenario(
        stores=classed,
        reps=(Rep(id="R1", base_lat=52.5, base_lon=13.4),),
        policy=policy,
        cycle=cycle_of(policy, classed),
    )


def with_lever(world: Scenario, lever: Lever) -> Scenario:
    """The scenario under the policy of a lever."""
    return under(world, applied(world.policy, lever.changes))


def found_levers(world: Scenario) -> tuple[Lever, ...]:
    matrix = travel_matrix(world)
    return levers(world, matrix, workload(world, matrix))


@pytest.fixture(scope="module")
def hundred() -> Scenario:
    """A hundred stores under the handbook's standard: too much for one rep."""
    return scenario(city(100))


@pytest.fixture(scope="module")
def of_hundred(hundred: Scenario) -> tuple[Lever, ...]:
    return found_levers(hundred)


def smallest(found: tuple[Lever, ...]) -> Lever:
    (marked,) = (lever for lever in found if lever.is_smallest)
    return marked


def test_where_everything_fits_there_is_no_lever() -> None:
    assert found_levers(scenario(city(20))) == ()


def test_single_changes_are_named_with_the_line_to_paste(of_hundred: tuple[Lever, ...]) -> None:
    found = {lever.name: lever for lever in of_hundred}
    assert found["A 3/week"].policy_lines == ('visit_rules.A.frequency = "3/week"',)
    assert found["B every 2 weeks"].policy_lines == ('visit_rules.B.frequency = "1/2weeks"',)
    assert found["A 15 min"].policy_lines == ("visit_rules.A.service_minutes = 15",)
    assert found["class lines 30/80 %"].policy_lines == ("classes.lines = [30, 80]",)
    for lever in found.values():
        for line in lever.policy_lines:
            assert tomllib.loads(line)


def test_no_lever_visits_a_worse_class_more_often_than_a_better_one(
    of_hundred: tuple[Lever, ...],
) -> None:
    names = [lever.name for lever in of_hundred]
    assert "A weekly" in names
    assert "A every 2 weeks" not in names
    assert "B every 4 weeks" not in names


def test_fewer_visits_need_fewer_hours(of_hundred: tuple[Lever, ...]) -> None:
    found = {lever.name: lever.needed_hours for lever in of_hundred}
    assert found["A 3/week"] > found["A 2/week"] > found["A weekly"]
    assert found["A 25 min"] > found["A 20 min"] > found["A 15 min"]


@pytest.mark.parametrize(("n", "skew"), [(80, 0.9), (150, 0.9)])
def test_the_marked_change_fits_when_it_is_tried(n: int, skew: float) -> None:
    world = scenario(city(n, skew=skew, spread=0.03))
    marked = smallest(found_levers(world))
    changed = with_lever(world, marked)
    again = workload(changed, travel_matrix(changed))
    assert again.fits
    assert again.needed_hours == pytest.approx(marked.needed_hours, rel=0.02)


def test_a_plan_made_with_the_marked_change_is_complete() -> None:
    world = scenario(city(60, skew=0.6, spread=0.03))
    assert not workload(world, travel_matrix(world)).fits
    changed = with_lever(world, smallest(found_levers(world)))
    plan = make_plan(changed, iterations=60, seed=1)
    assert plan.is_complete
    estimate = workload(changed, travel_matrix(changed)).reps[0].travel_hours
    planned = plan.measures.travel_minutes / 60 / changed.cycle.weeks
    assert estimate == pytest.approx(planned, rel=0.15)


def test_the_smallest_single_change_keeps_the_most() -> None:
    found = found_levers(scenario(city(60, skew=0.6, spread=0.03)))
    marked = smallest(found)
    assert marked.kind != "combination"
    others = [lever for lever in found if lever.fits and lever.kind != "reps"]
    assert all(lever.filled <= marked.filled + 1e-9 for lever in others)


def test_a_combination_is_told_where_no_single_change_fits() -> None:
    found = found_levers(scenario(city(150, skew=0.9, spread=0.05)))
    assert not any(lever.fits for lever in found if lever.kind not in ("combination", "reps"))
    marked = smallest(found)
    assert marked.kind == "combination"
    assert len(marked.policy_lines) >= 2


def test_more_reps_come_last_and_fit(of_hundred: tuple[Lever, ...]) -> None:
    reps = of_hundred[-1]
    assert reps.kind == "reps"
    assert reps.fits
    assert reps.n_reps is not None
    assert reps.n_reps >= 2


def test_a_route_over_its_day_is_helped_by_giving_up_the_calendar() -> None:
    world = scenario(
        city(42, skew=0.7, spread=0.02),
        visit_rules=EXAMPLE_RULES,
        calendar=EXAMPLE_CALENDAR,
        routes=EXAMPLE_ROUTES,
    )
    base = workload(world, travel_matrix(world))
    assert base.filled < 1 < base.fullest
    found = found_levers(world)
    assert not any(lever.kind == "frequency" and "B" in lever.name for lever in found)
    free = next(lever for lever in found if lever.kind == "calendar")
    assert free.fits
    changed = with_lever(world, free)
    assert changed.policy.calendar is None
    assert free.policy_lines == ('calendar = "none"',)


def test_a_fixed_cycle_offers_no_frequency_that_it_cannot_hold() -> None:
    names = [lever.name for lever in found_levers(scenario(city(100), cycle_weeks=2))]
    assert "B every 2 weeks" in names
    assert "C every 4 weeks" not in names


def test_given_classes_have_no_lines_to_move() -> None:
    stores = [
        store.model_copy(update={"store_class": "A", "class_source": "given"}) for store in city(40)
    ]
    found = found_levers(scenario(stores))
    assert not any(lever.kind == "lines" for lever in found)
    assert any(lever.kind == "frequency" for lever in found)


def test_a_lever_changes_the_cycle_with_the_frequency(
    hundred: Scenario, of_hundred: tuple[Lever, ...]
) -> None:
    world = hundred
    assert world.cycle == Cycle(weeks=2, workdays=world.policy.workdays)
    lever = next(lever for lever in of_hundred if lever.name == "C every 4 weeks")
    assert with_lever(world, lever).cycle.weeks == 4
    assert str(with_lever(world, lever).policy.visit_rules["C"].frequency) == "1/4weeks"


def test_policy_lines_are_toml() -> None:
    lines = {
        PolicyChange(key="classes.lines", value=(30, 75.5)).line(): [30, 75.5],
        PolicyChange(key="x", value="3/week").line(): "3/week",
        PolicyChange(key="x", value=0.05).line(): 0.05,
        PolicyChange(key="x", value=("mon", "sat")).line(): ["mon", "sat"],
    }
    for line, value in lines.items():
        content = tomllib.loads(line)
        assert content.get("x", content.get("classes", {}).get("lines")) == value
    assert PolicyChange(key="calendar", value=None).line() == 'calendar = "none"'


def test_the_report_says_what_outputs_promises() -> None:
    world = scenario(city(150, skew=0.9, spread=0.05))
    matrix: TravelMatrix = travel_matrix(world)
    base = workload(world, matrix)
    found = levers(world, matrix, base)
    report = "\n".join(hours_report(base))
    assert report.startswith(f"Your policy: {base.needed_hours:.1f} h a week needed")
    assert "39.1 h there" in report  # 6 x 391.5 min
    assert "A stores alone take" in report
    alone = base.needed_hours / base.available_hours  # one rep
    assert f"That is the work of {alone:.1f} reps by the hours alone; you have 1." in report
    assert "the day has 6 h 32" in report
    assert lever_advice(found)[0].startswith("None of these fits alone; ")
    chinese = "\n".join((*hours_report(base, "zh"), *lever_advice(found, "zh")))
    assert "每周需要" in chinese
    assert "6小时32分" in chinese
    assert "a week" not in chinese
    assert not set("(),:;") & set(chinese)


def test_every_single_change_has_its_line_and_the_smallest_its_mark() -> None:
    found = found_levers(scenario(city(60, skew=0.6, spread=0.03)))
    rows = lever_rows(found)
    assert len(rows) > 5
    for row in rows:
        assert row.lines
        assert all(tomllib.loads(line) for line in row.lines)
    (marked,) = (row for row in rows if row.is_smallest)
    assert marked.mark == "fits ← the smallest that fits"
    assert {row.mark for row in rows} == {"", "fits", marked.mark}


def test_the_marked_change_is_a_policy_file_over_a_preset() -> None:
    found = found_levers(scenario(city(150, skew=0.9, spread=0.05)))
    paste = policy_to_paste(found, "handbook")
    assert paste is not None
    assert paste[1] == ('extends = "handbook"', *smallest(found).policy_lines)
    content = tomllib.loads("\n".join(paste[1]))
    assert content["extends"] == "handbook"
    assert content["visit_rules"]["A"]
    own = policy_to_paste(found, None)
    assert own is not None
    assert "into your policy file" in own[0]
    assert own[1] == smallest(found).policy_lines
    assert policy_to_paste((), "handbook") is None


def test_the_report_names_the_preset() -> None:
    world = scenario(city(20), name="handbook")
    base = workload(world, travel_matrix(world))
    assert hours_report(base)[0].startswith("Policy handbook: ")
    assert hours_report(base, "zh")[0].startswith("策略handbook：")


def test_the_report_says_that_overtime_counts() -> None:
    world = scenario(city(20), working_day={"overtime_minutes": 30})
    base = workload(world, travel_matrix(world))
    report = "\n".join(hours_report(base))
    assert "Overtime of up to 3.0 h a week is allowed and counted as there." in report
    assert "4.3 stay unplanned" in report or "4.4 stay unplanned" in report
    assert base.available_hours == pytest.approx(6 * (391.5 + 30) / 60)


def test_the_report_of_a_territory_that_fits_names_its_fullest_day() -> None:
    world = scenario(city(20))
    base = workload(world, travel_matrix(world))
    assert any(line.startswith("It fits. Fullest: ") for line in hours_report(base))


def test_a_limit_on_minutes_in_store_is_named_and_raised() -> None:
    rules = {label: {**rule, "frequency": "1/week"} for label, rule in HANDBOOK.items()}
    world = scenario(city(60, spread=0.02), visit_rules=rules, working_day={"in_store_limit": 0.2})
    base = workload(world, travel_matrix(world))
    assert base.filled < 1 < base.fullest
    report = "\n".join(hours_report(base))
    assert "of at most 1 h 36 a day" in report
    assert "working_day.in_store_limit = 0.2" in report
    assert "Mon takes" not in report
    found = levers(world, travel_matrix(world), base)
    raised = [lever for lever in found if lever.kind == "in_store"]
    assert raised[0].policy_lines == ("working_day.in_store_limit = 0.3",)
    marked = smallest(found)
    assert marked.kind == "in_store"
    shown = [row.name for row in lever_rows(found) if row.name.startswith("in store")]
    assert shown[-1] == marked.name  # no higher than it takes
    assert workload(with_lever(world, marked), travel_matrix(world)).fits


def test_levers_are_judged_under_the_calendar_that_a_plan_would_choose() -> None:
    world = scenario(city(50, skew=0.7, spread=0.03), calendar="auto", templates=4)
    matrix = travel_matrix(world)
    base = workload(world, matrix)
    assert base.has_calendar
    found = levers(world, matrix, base)
    assert any(lever.kind == "calendar" for lever in found)
    fitting = [lever for lever in found if lever.fits and lever.kind != "reps"]
    assert fitting
    for lever in fitting:
        changed = with_lever(world, lever)
        again = workload(changed, matrix)
        assert again.fits
        is_free = any(change.key == "calendar" for change in lever.changes)
        assert again.has_calendar != is_free
    marked = with_lever(world, smallest(found))
    assert make_plan(marked, iterations=40, seed=1, matrix=travel_matrix(marked)).is_complete


def test_every_single_change_said_to_fit_makes_a_complete_plan() -> None:
    world = scenario(
        city(55, seed=3, skew=0.6, spread=0.04),
        visit_rules=EXAMPLE_RULES,
        calendar=EXAMPLE_CALENDAR,
        routes=EXAMPLE_ROUTES,
    )
    fitting = [lever for lever in found_levers(world) if lever.fits and lever.kind != "reps"]
    assert fitting
    for lever in fitting:
        changed = with_lever(world, lever)
        assert make_plan(changed, iterations=40, seed=1).is_complete, lever.name


def test_a_change_that_leaves_stores_without_days_says_so() -> None:
    stores = city(42, skew=0.7, spread=0.02)
    shut = {"closed_days": ("mon", "tue", "wed", "thu"), "store_class": "A"}
    stores[0] = stores[0].model_copy(update=shut | {"class_source": "given"})
    rules = {label: {**rule} for label, rule in HANDBOOK.items()}
    rules["A"]["frequency"] = "2/week"
    rules["B"]["frequency"] = "2/week"
    world = scenario(stores, visit_rules=rules, calendar=EXAMPLE_CALENDAR)
    base = workload(world, travel_matrix(world))
    assert base.stores_without_days == ("s000",)
    assert not base.fits
    found = levers(world, travel_matrix(world), base)
    kept = [lever for lever in found if lever.fits and lever.n_stores_without_days]
    marks = {row.mark for row in lever_rows(kept)}
    assert marks <= {"fits, but for 1 store closed too often"}
    assert smallest(found).n_stores_without_days == 0
