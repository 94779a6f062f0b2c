"""What each choice of days costs: the figures are those of the plan that has it."""

from itertools import permutations

import pytest

from routeplanner.domain.explained import DayChoice
from routeplanner.domain.rep import Appointment
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.plan import make_plan
from routeplanner.planning.standing.choosing import allowed_slots, days_of, ranked_choices, rep_of
from routeplanner.planning.standing.forcing import forced, what_breaks
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.travel.source import travel_matrix
from tests.planning.small_plans import matrix_of, small_plan, small_scenario, with_store
from tests.territories import policy, rep, scenario, stores

WEEK = ["mon", "tue", "wed", "thu"]
RULES = {
    "A": {"frequency": "2/week", "service_minutes": 30},
    "B": {"frequency": "1/week", "service_minutes": 20},
    "C": {"frequency": "1/week", "service_minutes": 15},
}
HOURS = [None, "Mo-Fr 09:00-18:00", "Mo,Tu 10:00-12:00; We-Fr 14:00-17:00", "Mo-Sa 08:00-10:30"]


def standing_of(world: Scenario, iterations: int = 100) -> Standing:
    matrix = travel_matrix(world)
    plan = make_plan(world, iterations=iterations, seed=1, matrix=matrix)
    return stand(world, matrix, plan)


def free_days() -> Scenario:
    """One rep, every day free, some stores with hours of their own, a meeting on Tuesdays."""
    places = tuple(
        store.model_validate(store.model_dump(by_alias=True) | {"opening_hours": HOURS[n % 4]})
        for n, store in enumerate(stores({"A": 4, "B": 6, "C": 12}, seed=3, spread=0.05))
    )
    meeting = Appointment.model_validate(
        {"rep": "R01", "weekday": "tue", "start": "14:00", "end": "15:00", "title": "team"}
    )
    day = {"start": "08:30", "end": "16:00", "lunch_minutes": 30}
    rules = policy(visit_rules=RULES, workdays=WEEK[:3], working_day=day)
    return scenario(places, rules, weeks=1, appointments=[meeting])


def on_routes() -> Scenario:
    """Routes that are driven on one day or two."""
    calendar = [["T1", "T2", "T1", "T3"], ["T1", "T2", "T1", "T4"]]
    rules = {
        "A": {"frequency": "2/week", "service_minutes": 20},
        "B": {"frequency": "1/week", "service_minutes": 15},
        "C": {"frequency": "1/2weeks", "service_minutes": 15},
    }
    return scenario(
        stores({"A": 4, "B": 4, "C": 6}, seed=5, spread=0.05),
        policy(visit_rules=rules, workdays=WEEK, calendar=calendar),
    )


def two_reps() -> Scenario:
    """Stores that either of two reps may visit, on days that are too short for all."""
    day = {"start": "08:30", "end": "11:30", "lunch_minutes": 0}
    return scenario(
        stores({"A": 2, "B": 5, "C": 7}, seed=7, spread=0.05),
        policy(visit_rules=RULES, workdays=["mon", "tue"], working_day=day),
        reps=(rep("R01"), rep("R02", base_lat=52.56)),
        weeks=1,
    )


@pytest.mark.parametrize("world", [free_days, on_routes, two_reps])
def test_figures_of_every_choice_are_those_of_the_plan_that_has_it(world) -> None:  # type: ignore[no-untyped-def]
    """50 stores in all: extra travel, kilometers, work, score and what breaks."""
    standing = standing_of(world())
    n_compared = 0
    for store in standing.encoding.stores:
        choices = {(c.rep, c.days): c for c in ranked_choices(standing, store.id)}
        allowed = allowed_slots(standing, store.id)
        assert len(choices) == len(allowed)
        for slots in allowed:
            choice = choices[rep_of(standing, slots), days_of(standing, slots)]
            _equals_forced(standing, store.id, slots, choice)
            n_compared += not choice.is_present
    assert n_compared > 10


def _equals_forced(
    standing: Standing, store_id: str, slots: frozenset[int], choice: DayChoice
) -> None:
    plan, was = forced(standing, store_id, slots), standing.plan
    measures, before = plan.measures, was.measures
    found = [
        measures.travel_minutes - before.travel_minutes,
        measures.travel_km - before.travel_km,
        measures.waiting_minutes - before.waiting_minutes,
        sum(day.work_minutes for day in measures.by_day)
        - sum(day.work_minutes for day in before.by_day),
    ]
    extra = choice.extra
    stated = [
        extra.travel_minutes,
        extra.travel_km,
        extra.waiting_minutes,
        extra.work_minutes,
    ]
    assert stated == pytest.approx(found, abs=0.1)
    assert sorted(choice.broken, key=str) == sorted(what_breaks(standing, plan), key=str)
    if not choice.broken:
        missing = plan.score["missing"] - was.score["missing"]
        score = sum(plan.score.values()) - sum(was.score.values()) - missing
        assert extra.score == pytest.approx(score, abs=0.2)


def test_extra_travel_by_hand() -> None:
    """Ten minutes and five kilometers everywhere: C1 alone costs a way out and home, 20 minutes.

    On a day with other stores it adds one way of 10 minutes.
    """
    world = small_scenario()
    choices = {
        (c.rep, c.days): c
        for c in ranked_choices(stand(world, matrix_of(world), small_plan(world)), "C1")
    }
    present = choices["R2", (1,)]
    assert present.is_present
    assert (present.extra.travel_minutes, present.extra.score) == (0, 0)
    joined = choices["R1", (0,)].extra
    assert (joined.travel_minutes, joined.travel_km, joined.work_minutes) == (-10, -5, -10)
    alone = choices["R2", (3,)].extra
    assert (alone.travel_minutes, alone.travel_km, alone.work_minutes) == (0, 0, 0)
    assert len(choices) == 20  # ten days of each rep


def test_a_day_that_would_be_too_long_is_told_with_its_minutes() -> None:
    """391.5 minutes a day; A1 and B1 take 135, a third of 250 makes 395: 3.5 too many."""
    world = with_store(small_scenario(), "C1", service_minutes=250)
    found = ranked_choices(stand(world, matrix_of(world), small_plan(world)), "C1")
    monday = next(c for c in found if (c.rep, c.days) == ("R1", (0,)))
    assert [(b.code, b.day, b.over_minutes) for b in monday.broken] == [("WORK_TOO_LONG", 0, 3.5)]
    assert all(choice.is_clean for choice in found[: found.index(monday)])


def test_the_order_of_a_short_day_is_the_best_of_all_orders() -> None:
    world = free_days()
    standing = standing_of(world)
    chosen = [
        (0, ("A01", "A02", "B01", "B02", "C01", "C03")),
        (1, ("A01", "A03", "B03", "C02")),  # the meeting stands in between
    ]
    for slot, ids in chosen:
        found = standing.sequencer.best(slot, ids)
        best = min(standing.sequencer.timed(slot, o).preference for o in permutations(ids))
        assert found.preference[0] == best[0]
        assert found.preference[1] == pytest.approx(best[1], abs=0.1)


def test_a_route_is_not_driven_the_other_way_round_for_nothing() -> None:
    """Ten minutes between any two places: all orders cost the same, so the given one stays."""
    world = small_scenario()
    standing = stand(world, matrix_of(world), small_plan(world))
    for order in (("A1", "B1", "B2"), ("B2", "A1", "B1")):
        assert standing.sequencer.best(0, order).order == order
    joined = standing.sequencer.best(0, ("B2", "A1", "B1"), "C1").order
    assert tuple(store for store in joined if store != "C1") == ("B2", "A1", "B1")


def test_the_order_of_a_day_that_cannot_be_kept_has_the_least_excess() -> None:
    """Three stores that are open in the same half hour only."""
    base = stores({"B": 3, "C": 2}, seed=2, spread=0.04)
    places = [
        store.model_validate(
            store.model_dump(by_alias=True) | {"opening_hours": "Mo-Fr 10:00-10:30"}
        )
        if store.store_class == "B"
        else store
        for store in base
    ]
    standing = standing_of(scenario(places, policy(visit_rules=RULES, workdays=WEEK), weeks=1))
    ids = tuple(store.id for store in places)
    found = standing.sequencer.best(0, ids)
    best = min(standing.sequencer.timed(0, order).preference for order in permutations(ids))
    assert found.late_s > 0
    assert found.late_s == best[0]
    assert sorted(found.order) == sorted(ids)
