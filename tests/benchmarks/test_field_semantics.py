"""A generated territory is what `encode` makes of the same stores, hours and travel times."""

from dataclasses import fields

import numpy as np
import pytest

from benchmarks.field.demand import DAILY
from benchmarks.field.hours import Hours, cut_hours, needed_hours
from benchmarks.field.opening import Opening, draw_opening
from benchmarks.field.planted import Ground, break_ground, plant
from benchmarks.field.rules import TerritoryRules
from benchmarks.field.territory import planted_choices, territory
from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.planning.encode import encode
from routeplanner.travel.matrix import TravelMatrix
from solvers import Problem

RULE = {"frequency": "1/week", "service_minutes": 10}
OFFICE_BEFORE_S, OFFICE_AFTER_S = 900, 1800


def store_of(ground: Ground, opening: Opening, number: int) -> Store:
    demand = ground.demand
    visits, weeks = int(demand.visits[number]), int(demand.weeks[number])
    days = {
        day: [
            (int(begin), int(end))
            for begin, end in zip(
                opening.begin[number, place], opening.end[number, place], strict=True
            )
            if begin < end
        ]
        for place, day in enumerate(ground.rules.workdays)
    }
    return Store.model_validate(
        {
            "id": f"S{number}",
            "lat": 52.0,
            "lon": 13.0,
            "class": "ABC"[demand.class_of_store[number]],
            "frequency": "daily" if visits == DAILY else f"{visits}/{weeks}weeks",
            "service_minutes": int(demand.service_s[number]) / 60,
            "opening_hours": days,
        }
    )


def rep_of(ground: Ground, hours: Hours, number: int) -> Rep:
    slot = number * ground.rules.n_days
    own = (int(hours.lo[slot]) - OFFICE_BEFORE_S, int(hours.hi[slot]) + OFFICE_AFTER_S)
    return Rep.model_validate(
        {
            "id": f"R{number}",
            "base_lat": 52.0,
            "base_lon": 13.0,
            "hours": {day: [own] for day in ground.rules.workdays},
            "max_work_minutes": int(hours.longest[slot]) / 60,
        }
    )


def scenario_of(ground: Ground, opening: Opening, hours: Hours) -> Scenario:
    policy = {
        "visit_rules": {"A": RULE, "B": RULE, "C": RULE},
        "workdays": ground.rules.workdays,
        "working_day": {"reserve": 0},
    }
    return Scenario(
        stores=tuple(store_of(ground, opening, number) for number in range(ground.rules.stores)),
        reps=tuple(rep_of(ground, hours, number) for number in range(ground.rules.n_reps)),
        policy=Policy.model_validate(policy),
        cycle=Cycle(weeks=ground.rules.weeks, workdays=ground.rules.workdays),
    )


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("reps", [1, 2])
@pytest.mark.parametrize("overload", [0, 100])
def test_the_generator_and_encode_agree_in_every_array(seed, reps, overload):
    rules = TerritoryRules(
        stores=50, reps=reps, seed=seed, overload=overload, mall_share=0, midday_share=0.4
    )
    ground = break_ground(rules)
    planted = plant(ground)
    opening, hours = draw_opening(ground, planted), needed_hours(ground, planted)
    planted_choices(ground, planted, opening, hours)  # opens some stores over midday
    if overload:
        hours = cut_hours(ground, planted, hours)
    stores, bases = (f"S{n}" for n in range(rules.stores)), (f"rep:R{n}" for n in range(reps))
    matrix = TravelMatrix(
        ids=(*stores, *bases),
        modes=("car",),
        travel_s=ground.travel_s[None].copy(),
        travel_m=ground.travel_s.copy(),
        source="generated",
    )
    ours, theirs = territory(rules).problem, encode(scenario_of(ground, opening, hours), matrix)
    for field in fields(Problem):
        if field.name not in ("option_cost", "entry_ptr", "entry_slot", "entry_lo", "entry_hi"):
            made, encoded = getattr(ours, field.name), getattr(theirs.problem, field.name)
            assert np.array_equal(made, encoded), field.name
    for store in range(rules.stores):
        assert options(ours, store) == options(theirs.problem, store)


def options(problem: Problem, store: int) -> list[tuple[int, list[tuple[int, int, int]]]]:
    """Costs and entries; the generator begins with the planted rep, `encode` with the first."""
    return sorted(
        (int(problem.option_cost[option]), list(problem.entries_of(option)))
        for option in problem.options_of(store)
    )
