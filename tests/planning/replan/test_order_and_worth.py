"""The order of stops of the earlier plan, the calendar that is kept, and what a move is worth."""

from dataclasses import replace

from routeplanner.domain.keeping import Keeping
from routeplanner.planning.encode import encode
from routeplanner.planning.plan import make_plan
from routeplanner.planning.replan.earlier import earlier_of
from routeplanner.planning.replan.limits import with_free
from routeplanner.planning.replan.order import in_earlier_order, n_turned
from routeplanner.planning.replan.task import kept_calendar
from routeplanner.planning.replan.worth import CANNOT_STAY, worth_of_move
from routeplanner.planning.warm_start import start_of
from routeplanner.travel.source import travel_matrix
from solvers import MaxIterations, Solution, evaluate, evaluate_route, solve
from tests.planning.small_plans import ORDERS, small_plan, small_scenario, with_store
from tests.territories import policy, scenario, store, stores

TURNED = {key: order[::-1] for key, order in ORDERS.items()}


def test_pairs_that_changed_their_order_are_counted() -> None:
    assert n_turned((1, 2, 3), (1, 2, 3)) == 0
    assert n_turned((1, 2, 3), (3, 2, 1)) == 3
    assert n_turned((1, 2, 3), (9, 2, 1)) == 1


def test_the_earlier_order_comes_back_where_it_costs_nothing() -> None:
    world = small_scenario()
    encoding = encode(world, travel_matrix(world))
    turned = start_of(encoding, small_plan(world, TURNED))
    before = start_of(encoding, small_plan(world))
    result = solve(encoding.problem, "insertion", MaxIterations(0), start=turned)
    result = replace(result, solution=turned, evaluation=evaluate(encoding.problem, turned))
    back = in_earlier_order(encoding, result, before, freeze_weeks=0)
    assert back.solution.routes == before.routes
    assert back.evaluation.objective == result.evaluation.objective


def test_another_order_stays_where_the_earlier_one_is_longer() -> None:
    places = [store(f"C{n}", lon=13.40 + n / 100) for n in range(1, 5)]
    world = scenario(places, policy(workdays=["mon"]), weeks=2)
    encoding = encode(world, travel_matrix(world))
    now = Solution(
        tuple(encoding.problem.options_of(i)[0] for i in range(4)), (((0, 1, 2, 3),), ((),))
    )
    before = replace(now, routes=(((1, 3, 0, 2),), ((),)))
    result = solve(encoding.problem, "insertion", MaxIterations(0))
    result = replace(result, solution=now, evaluation=evaluate(encoding.problem, now))
    assert in_earlier_order(encoding, result, before, freeze_weeks=0).solution == now
    assert in_earlier_order(encoding, result, before, freeze_weeks=1).solution == before


def test_the_cost_of_routes_adds_up_to_that_of_the_plan() -> None:
    world = small_scenario()
    problem = (encoding := encode(world, travel_matrix(world))).problem
    solution = start_of(encoding, small_plan(world))
    found = evaluate(problem, solution)
    routes = sum(
        evaluate_route(problem, solution, slot, vehicles[0])[0]
        for slot, vehicles in enumerate(solution.routes)
    )
    assert routes == found.objective - found.terms["options"] - found.terms["missing"]


def test_a_move_is_worth_what_taking_it_back_costs() -> None:
    """C1 rides along on R1's first Monday: back on R2's Tuesday it adds a day of its own."""
    world = small_scenario()
    previous = small_plan(world)
    earlier = earlier_of(world, previous)
    encoding = encode(world, travel_matrix(world), earlier=earlier, stability=0)
    orders = {key: order for key, order in ORDERS.items() if key != ("R2", 1)}
    moved = start_of(encoding, small_plan(world, orders | {("R1", 0): ("A1", "B1", "C1")}))
    stays = start_of(encoding, previous)
    c1 = [one.id for one in encoding.stores].index("C1")
    difference = (
        evaluate(encoding.problem, stays).objective - evaluate(encoding.problem, moved).objective
    )
    assert worth_of_move(encoding, moved, c1) == difference > 0
    closed = with_store(world, "C1", closed_days=["tue"])
    encoding = encode(closed, travel_matrix(closed), earlier=earlier, stability=0)
    assert worth_of_move(encoding, start_of(encoding, previous), c1) == CANNOT_STAY


def test_stores_that_are_not_free_have_their_earlier_days_alone() -> None:
    world = small_scenario()
    earlier = earlier_of(world, small_plan(world))
    encoding = encode(world, travel_matrix(world), earlier=earlier, stability=3)
    held = with_free(encoding, earlier, {"B1"})
    moves = {
        one.id: {choice.moved for choice in own.choices}
        for one, own in zip(held.stores, held.choices, strict=True)
    }
    assert moves["A1"] == moves["B2"] == moves["C1"] == {0}
    assert max(moves["B1"]) > 0
    assert held.problem.slot_balance_target_s.tolist() == (
        encoding.problem.slot_balance_target_s.tolist()
    )


def test_a_chosen_calendar_is_kept() -> None:
    rules = policy(calendar="auto", templates=2, workdays=["mon", "tue", "wed", "thu"])
    rules = rules.model_copy(
        update={
            "visit_rules": {
                label: rule.model_copy(update={"frequency": rules.visit_rules["B"].frequency})
                for label, rule in rules.visit_rules.items()
            }
        }
    )
    world = scenario(stores({"A": 1, "C": 3}), rules, weeks=1)
    rows = (("T1", "T1", "T2", "T2"),)
    first = make_plan(world, method="insertion", iterations=5)
    assert first.calendar != rows
    previous = first.model_copy(update={"calendar": rows})
    again = make_plan(world, method="insertion", iterations=5, previous=previous, keeping=Keeping())
    assert again.calendar == rows
    assert again.calendars_tried == ()
    three = world.policy.model_copy(update={"templates": 3})
    assert kept_calendar(world.model_copy(update={"policy": three}), previous) is None
    assert kept_calendar(world, first.model_copy(update={"calendar": None})) is None
