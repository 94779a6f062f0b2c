"""What fills a day adds up, and what its stores cost there."""

import pytest

from routeplanner.domain.rep import Appointment
from routeplanner.errors import InputError
from routeplanner.planning.standing.explaining import explain_day, explain_store
from routeplanner.planning.standing.forcing import with_orders
from routeplanner.planning.standing.naming import find_rep, find_store, slots_on
from routeplanner.planning.standing.standing import stand
from tests.planning.small_plans import (
    ORDERS,
    matrix_of,
    restated,
    small_plan,
    small_scenario,
    with_policy,
    with_rep,
    with_store,
)
from tests.planning.standing.test_choosing import on_routes, standing_of

PARTS = ("in_store", "travel", "waiting", "appointment", "lunch", "office", "reserve", "free")


def test_parts_of_a_day_by_hand() -> None:
    """R1 on Monday: A1 and B1, 105 minutes in store, three ways of ten minutes."""
    world = small_scenario()
    found = explain_day(stand(world, matrix_of(world), small_plan(world)), "R1", 0)
    assert found is not None
    parts = [getattr(found, f"{name}_minutes") for name in PARTS]
    assert parts == [105, 30, 0, 0, 60, 45, 43.5, 256.5]
    assert sum(parts) == found.hours_minutes == 540
    assert [(s.store_id, s.saves.work_minutes, s.saves.travel_km) for s in found.stores] == [
        ("A1", 70, 5),
        ("B1", 55, 5),
    ]


def test_a_day_with_an_appointment_adds_up() -> None:
    meeting = Appointment.model_validate(
        {"rep": "R1", "weekday": "mon", "start": "14:00", "end": "15:00", "title": "team"}
    )
    world = small_scenario(appointments=(meeting,))
    plan = restated(world, small_plan(world))
    found = explain_day(stand(world, matrix_of(world), plan), "R1", 0)
    assert found is not None
    assert found.appointment_minutes == 60
    assert sum(getattr(found, f"{name}_minutes") for name in PARTS) == pytest.approx(540, abs=0.1)


def test_an_empty_day_and_a_day_off() -> None:
    world = with_rep(small_scenario(), "R2", hours="Mo-Th 08:30-17:30")
    standing = stand(world, matrix_of(world), small_plan(world))
    empty = explain_day(standing, "R2", 0)
    assert empty is not None
    assert (empty.stores, empty.free_minutes) == ((), 391.5)
    assert explain_day(standing, "R2", 4) is None


def test_savings_on_a_route_of_several_days_are_those_of_one() -> None:
    standing = standing_of(on_routes(), iterations=50)
    found = explain_day(standing, "R01", 0)
    assert found is not None
    assert found.driven_days == (0, 2, 4, 6)
    before = standing.plan.measures
    item = found.stores[0]
    slot = next(iter(slots_on(standing, "R01", [0])))
    plan = with_orders(standing, {slot: standing.changed(slot, {item.store_id}).order})
    saved = before.travel_minutes - plan.measures.travel_minutes
    assert item.saves.travel_minutes == pytest.approx(saved / 4, abs=0.05)


def test_the_present_choice_has_its_rank() -> None:
    world = small_scenario()
    found = explain_store(stand(world, matrix_of(world), small_plan(world)), "C1")
    assert found.present == (("R2", 1),)
    assert found.rank is not None
    assert found.choices[found.rank - 1].is_present
    assert (found.reason, found.ways_in) == ("", ())
    assert found.choices[0].extra.score < 0  # it would share a day of R1


@pytest.mark.parametrize(
    ("language", "reason", "hint"),
    [
        ("en", "C1: 1 of 1 visits not scheduled, but there is room for all of them now", "insert"),
        ("zh", "C1：1次拜访中有1次未排入，但现在已有空位", "insert"),
    ],
)
def test_a_missing_store_that_fits_now_is_told_so(language: str, reason: str, hint: str) -> None:
    """C1 has hours of its own, which leave room for it on every Wednesday."""
    world = with_store(small_scenario(language=language), "C1", opening_hours="We 09:00-17:00")
    orders = {key: order for key, order in ORDERS.items() if key[0] == "R1"}
    plan = restated(world, small_plan(world, orders), listed=True)
    found = explain_store(stand(world, matrix_of(world), plan), "C1")
    assert [way.code for way in found.ways_in] == ["FITS"]
    assert found.reason == reason
    assert hint in found.hint


def test_visits_dropped_by_hand_stay_the_reason_where_they_fit() -> None:
    world = small_scenario()
    standing = stand(world, matrix_of(world), small_plan(world))
    plan = with_orders(standing, dict.fromkeys(standing.slots_with("C1"), ()))
    found = explain_store(stand(world, standing.matrix, plan), "C1")
    assert [way.code for way in found.ways_in] == ["FITS"]
    assert "dropped when the store was moved by hand" in found.reason


@pytest.mark.parametrize(
    ("value", "code", "near"),
    [
        ("A11", "UNKNOWN_STORE", "A1"),
        ("X1", "STORE_NOT_PLANNED", ""),
        ("zzzz", "UNKNOWN_STORE", ""),
    ],
)
def test_stores_that_cannot_be_found(value: str, code: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        find_store(small_scenario(), value)
    (issue,) = caught.value.issues
    assert issue.code == code
    assert near in issue.hint


def test_stores_and_reps_by_name() -> None:
    world = with_store(with_store(small_scenario(), "A1", name="Mill"), "B1", name="Mill")
    with pytest.raises(InputError) as caught:
        find_store(world, "mill")
    assert caught.value.issues[0].code == "AMBIGUOUS_STORE"
    named = with_store(world, "B1", name="Hill")
    assert find_store(named, "HILL").id == "B1"
    assert find_rep(world, "r2").id == "R2"
    with pytest.raises(InputError, match="R9"):
        find_rep(world, "R9")


def test_plans_that_do_not_fit_the_scenario_are_refused() -> None:
    world = small_scenario()
    plan, matrix = small_plan(world), matrix_of(world)
    day_off = with_rep(world, "R1", hours="Tu-Fr 08:30-17:30")
    calendar = [["T1", "T2", "T1", "T2", "T1"]] * 2
    for changed in (
        with_store(world, "C1", status="closed"),
        world.model_copy(update={"cycle": world.cycle.model_copy(update={"weeks": 4})}),
        day_off,
        with_policy(world, calendar=calendar),
        with_policy(world, calendar="auto", templates=2),
    ):
        with pytest.raises(InputError) as caught:
            stand(changed, matrix, plan)
        assert {issue.code for issue in caught.value.issues} == {"PLAN_DOES_NOT_FIT"}


def test_a_plan_made_by_hand_can_be_explained() -> None:
    """A store on a day on which it is closed: no choice, but other choices break nothing new."""
    world = with_store(small_scenario(), "C1", closed_days=["tue"])
    standing = stand(world, matrix_of(world), small_plan(world))
    assert [item.code for item in standing.broken] == ["CLOSED_DAY"]
    found = explain_store(standing, "C1")
    assert found.rank is None
    assert all(choice.is_clean for choice in found.choices)
