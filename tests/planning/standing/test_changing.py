"""Changes of one store: the plans that they make pass the independent check."""

import pytest

from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import InputError
from routeplanner.planning.checker import check_plan
from routeplanner.planning.standing.changing import (
    broken_by_leaving,
    choices_to_join,
    slots_to_move_to,
    without_store,
)
from routeplanner.planning.standing.choosing import allowed_slots, days_of
from routeplanner.planning.standing.explaining import explain_store
from routeplanner.planning.standing.forcing import choice_in, forced, what_breaks
from routeplanner.planning.standing.joining import scenario_with
from routeplanner.planning.standing.missing import missing_rows
from routeplanner.planning.standing.naming import slots_on
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.travel.source import travel_matrix
from tests.planning.small_plans import (
    ORDERS,
    matrix_of,
    restated,
    small_plan,
    small_scenario,
    with_rep,
    with_store,
)
from tests.planning.standing.test_choosing import on_routes, standing_of
from tests.territories import store


def small() -> Standing:
    world = small_scenario()
    return stand(world, matrix_of(world), small_plan(world))


def days_after(
    standing: Standing, wanted: tuple[int, ...], store_id: str = "B1"
) -> tuple[int, ...]:
    slots = slots_on(standing, "R1", wanted)
    return days_of(standing, slots_to_move_to(standing, store_id, slots))


def test_one_day_stands_for_the_choice_that_holds_it() -> None:
    standing = small()
    assert days_after(standing, (3,)) == (3, 8)
    assert days_after(standing, (3, 9)) == (3, 9)  # as named, though it breaks a rule


def test_a_move_that_breaks_a_rule_says_which() -> None:
    standing = small()
    plan = forced(standing, "B1", slots_on(standing, "R1", (3, 9)))
    assert [item.code for item in what_breaks(standing, plan)] == ["PATTERN_NOT_REPEATED"]
    fine = forced(standing, "B1", slots_on(standing, "R1", (3, 8)))
    assert what_breaks(standing, fine) == ()
    assert check_plan(standing.scenario, fine, standing.matrix) == ()
    assert fine.version == standing.plan.version + 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A1 would keep 1 of its 4 visits and the other 3 would be dropped: "),
        ("zh", "A1 的 4 次应拜访将只保留 1 次，其余 3 次会被取消："),
    ],
)
def test_visits_that_a_move_drops_are_counted_with_what_would_keep_them(
    language: str, words: str
) -> None:
    """A1 wants two visits a week and is closed on Thursdays: no choice of days holds one."""
    world = with_store(small_scenario(language=language), "A1", closed_days=["thu"])
    standing = stand(world, matrix_of(world), small_plan(world))
    slots = slots_to_move_to(standing, "A1", slots_on(standing, "R1", (3,)))
    plan = forced(standing, "A1", slots)
    (dropped,) = [b for b in what_breaks(standing, plan) if b.code == "FREQUENCY_SHORT"]
    assert dropped.message.startswith(words)
    all_days = slots_on(standing, "R1", (1, 2, 6, 7))
    assert "FREQUENCY_SHORT" not in {
        item.code for item in what_breaks(standing, forced(standing, "A1", all_days))
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "A1: 3 of 4 visits not scheduled; they were dropped when the store was moved by hand",
        ),
        ("zh", "A1：4次拜访中有3次未排入，手工移动门店时已取消"),
    ],
)
def test_visits_that_a_move_drops_are_listed(language: str, words: str) -> None:
    world = with_store(small_scenario(language=language), "A1", closed_days=["thu"])
    standing = stand(world, matrix_of(world), small_plan(world))
    plan = forced(standing, "A1", slots_on(standing, "R1", (3,)))
    (row,) = plan.unserved
    assert (row.store_id, row.code, row.served, row.required) == ("A1", "DROPPED", 1, 4)
    assert (row.message, row.missing_minutes) == (words, 180)
    assert "insert" in row.hint
    assert {found.code for found in check_plan(world, plan, standing.matrix)} == {"CLOSED_DAY"}
    again = stand(world, standing.matrix, plan)
    assert explain_store(again, "A1").reason == words
    other = forced(again, "B1", slots_on(again, "R1", (1, 6)))
    assert other.unserved == plan.unserved
    elsewhere = forced(again, "A1", slots_on(again, "R1", (4,)))
    assert [(item.code, item.served) for item in elsewhere.unserved] == [("DROPPED", 1)]
    assert what_breaks(again, elsewhere) == ()
    back = forced(again, "A1", slots_on(again, "R1", (0, 2, 5, 7)))
    assert back.is_complete


def test_a_store_that_had_no_room_and_loses_a_further_visit_stays_listed() -> None:
    world = small_scenario()
    orders = {**ORDERS, ("R1", 7): ("B2",)}
    standing = stand(
        world, matrix_of(world), restated(world, small_plan(world, orders), listed=True)
    )
    plan = forced(standing, "A1", slots_on(standing, "R1", (0, 2)))
    assert [(item.code, item.served) for item in plan.unserved] == [("DROPPED", 2)]
    assert [item.code for item in what_breaks(standing, plan)] == ["FREQUENCY_SHORT"]
    more = forced(standing, "A1", slots_on(standing, "R1", (0, 2, 5, 6)))
    assert more.is_complete


def test_a_choice_in_a_plan_tells_all_that_the_plan_breaks() -> None:
    standing = small()
    slots = slots_on(standing, "R1", (3, 9))
    choice = choice_in(standing, forced(standing, "B1", slots), "B1", slots)
    assert [item.code for item in choice.broken] == ["PATTERN_NOT_REPEATED"]
    assert choice.days == (3, 9)


def test_other_days_stay_as_they_are() -> None:
    standing = standing_of(on_routes(), iterations=50)
    present = standing.slots_with("C01")
    other = next(s for s in allowed_slots(standing, "C01") if s != present)
    plan = forced(standing, "C01", other)
    touched = set(days_of(standing, present | other))
    before = {route.day: route for route in standing.plan.routes}
    assert all(before[route.day] == route for route in plan.routes if route.day not in touched)
    assert check_plan(standing.scenario, plan, standing.matrix) == ()


@pytest.mark.parametrize("status", ["closed", "suspended"])
def test_a_store_that_leaves_is_marked_in_the_scenario(status: str) -> None:
    standing = small()
    plan, world = without_store(standing, "A1", status)  # type: ignore[arg-type]
    assert next(s for s in world.stores if s.id == "A1").status == status
    assert check_plan(world, plan, standing.matrix) == ()
    assert broken_by_leaving(standing, plan, world) == ()
    assert plan.required_visits == standing.plan.required_visits - 4
    assert plan.measures.travel_minutes == standing.plan.measures.travel_minutes - 4 * 10


def test_what_was_taken_out_is_put_in_again_at_the_same_cost() -> None:
    standing = standing_of(on_routes(), iterations=50)
    plan, world = without_store(standing, "C02", "closed")
    again = scenario_with(world, next(s for s in standing.scenario.stores if s.id == "C02"))
    later = stand(again, travel_matrix(again), plan)
    back = forced(later, "C02", standing.slots_with("C02"))
    assert check_plan(again, back, later.matrix) == ()
    assert what_breaks(later, back) == ()
    difference = back.measures.travel_minutes - standing.plan.measures.travel_minutes
    assert difference == pytest.approx(0, abs=0.05)


def test_reasons_of_other_stores_are_told_anew_when_one_leaves() -> None:
    """R1 alone on Mondays: A1 and B1 fill both, so that C1 finds no room before A1 is gone."""
    world = with_rep(small_scenario(), "R1", hours="Mo 08:30-17:30")
    world = world.model_copy(update={"reps": world.reps[:1]})
    for store_id, changes in (
        ("A1", {"frequency": "1/week", "service_minutes": 300}),
        ("B2", {"status": "closed"}),
    ):
        world = with_store(world, store_id, **changes)
    orders = {("R1", 0): ("A1", "B1"), ("R1", 5): ("A1", "B1")}
    plan = restated(world, small_plan(world, orders), listed=True)
    standing = stand(world, matrix_of(world), plan)
    (row,) = missing_rows(standing)
    assert "min too few" in row.hint
    later, _ = without_store(standing, "A1", "closed")
    (row,) = later.unserved
    assert row.message.endswith("no room was found on its days")
    assert row.hint.endswith("which has 326 min left; a longer search may find room")


def sold(world: Scenario) -> Scenario:
    """Sales 100 for A, 10 for B, 1 for C; classes by them."""
    sales = {"A": 100.0, "B": 10.0, "C": 1.0}
    stores = tuple(
        s.model_copy(update={"sales": sales[s.store_class or ""], "class_source": "sales"})
        for s in world.stores
    )
    return world.model_copy(update={"stores": stores})


def test_a_new_store_gets_a_class_and_leaves_others_theirs() -> None:
    world = sold(on_routes())
    classes = {s.id: s.store_class for s in world.stores}
    new = store("N1").model_copy(update={"store_class": None, "class_source": None})
    for sales, label, source in ((500, "A", "sales"), (0.5, "C", "sales"), (None, "C", "no_sales")):
        row = new.model_copy(update={"sales": sales})
        found = scenario_with(world, row)
        added = found.stores[-1]
        assert (added.id, added.store_class, added.class_source) == ("N1", label, source)
        assert {s.id: s.store_class for s in found.stores[:-1]} == classes
    given = scenario_with(world, new.model_copy(update={"store_class": "B"})).stores[-1]
    assert (given.store_class, given.class_source) == ("B", "given")


def test_a_new_store_is_judged() -> None:
    world = on_routes()
    for changes, code in (
        ({"class": "X"}, "UNKNOWN_CLASS"),
        ({"rep": "R99"}, "UNKNOWN_REP"),
        ({"frequency": "1/3weeks"}, None),
    ):
        row = Store.model_validate(store("N1").model_dump(by_alias=True) | changes)
        with pytest.raises(InputError) as caught:
            scenario_with(world, row)
        codes = {issue.code for issue in caught.value.issues}
        assert code is None or code in codes
        assert codes
    with pytest.raises(InputError):  # no travel times of it
        scenario_with(small_scenario(), store("N1"))


def test_only_choices_with_more_visits_than_now_are_offered() -> None:
    """C1 wants two visits a week and is open on Tuesdays only: two visits of four are all."""
    world = with_store(small_scenario(), "C1", frequency="2/week", opening_hours="Tu 09:00-17:00")
    wanted = next(s for s in world.stores if s.id == "C1")
    for orders, days in (
        ({("R2", 1): ("C1",), ("R2", 6): ("C1",)}, []),
        ({("R2", 1): ("C1",)}, [(1, 6), (1, 6)]),  # of R1 and of R2
    ):
        plan = restated(world, small_plan(world, orders), listed=True)
        found = choices_to_join(stand(world, matrix_of(world), plan), wanted)
        assert [choice.days for choice, _ in found] == days
