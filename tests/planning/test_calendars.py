"""Route calendars: all of them, once each, and the ranking of those that serve every class."""

from collections import Counter
from itertools import pairwise

import pytest

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.planning.calendars import as_rows, calendars, ranked_calendars, residue_splits
from routeplanner.planning.lever_steps import cycle_of
from routeplanner.travel.source import travel_matrix

SIX_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat")
HANDBOOK_EXAMPLE = {"A": "3/week", "B": "2/week", "C": "1/2weeks"}


def scenario(
    n_routes: int, frequencies: dict[str, str], stores: dict[str, int], **fields: object
) -> Scenario:
    """Stores of each class on a line, 500 m apart; `closed` names weekdays closed for all."""
    closed = fields.pop("closed", ())
    rules = {
        label: {"frequency": frequency, "service_minutes": 15}
        for label, frequency in frequencies.items()
    }
    policy = Policy.model_validate(
        {"visit_rules": rules, "calendar": "auto", "templates": n_routes, **fields}
    )
    rows = [
        Store.model_validate(
            {
                "id": f"{label}{i:02}",
                "lat": 52.5,
                "lon": 13.4 + 0.0074 * i,
                "class": label,
                "closed_days": closed,
            }
        )
        for label, n in stores.items()
        for i in range(n)
    ]
    return Scenario(
        stores=tuple(rows),
        reps=(Rep(id="R1", base_lat=52.5, base_lon=13.4),),
        policy=policy,
        cycle=cycle_of(policy, rows),
    )


def weights(rows: tuple[tuple[str, ...], ...]) -> list[int]:
    return sorted(Counter(label for row in rows for label in row).values(), reverse=True)


def test_the_handbooks_own_weights_are_found() -> None:
    world = scenario(4, HANDBOOK_EXAMPLE, {"A": 5, "B": 13, "C": 22})
    found = ranked_calendars(world, travel_matrix(world))
    assert [weights(choice.rows) for choice in found] == [[6, 4, 1, 1]] * 5
    assert len({choice.rows for choice in found}) == 5
    rows = found[0].rows
    assert len(rows) == 2
    assert sum(one != other for one, other in zip(*rows, strict=True)) == 1  # one day alternates
    assert found[0].bound_minutes == 0


def test_the_handbooks_own_calendar_is_among_all() -> None:
    cycle = Cycle(weeks=2, workdays=SIX_DAYS)
    rows = {as_rows(parts, cycle) for parts in calendars(cycle, 4)}
    assert (("T1", "T2", "T1", "T2", "T1", "T3"), ("T1", "T2", "T1", "T2", "T1", "T4")) in rows


def test_two_weekdays_and_two_weeks_are_counted_by_hand() -> None:
    cycle = Cycle(weeks=2, workdays=("mon", "tue"))
    of_n = {n: [as_rows(parts, cycle) for parts in calendars(cycle, n)] for n in range(1, 6)}
    assert of_n[1] == [(("T1", "T1"), ("T1", "T1"))]
    assert of_n[2] == [(("T1", "T2"), ("T1", "T2"))]
    assert sorted(of_n[3]) == [
        (("T1", "T2"), ("T1", "T3")),
        (("T1", "T2"), ("T3", "T2")),
    ]
    assert of_n[4] == [(("T1", "T2"), ("T3", "T4"))]
    assert of_n[5] == []


@pytest.mark.parametrize(("weeks", "n_routes"), [(1, 3), (2, 4), (3, 5), (4, 5)])
def test_every_calendar_covers_the_cycle_once_and_comes_once(weeks: int, n_routes: int) -> None:
    cycle = Cycle(weeks=weeks, workdays=SIX_DAYS)
    found = list(calendars(cycle, n_routes))
    assert len(found) == len(set(found))
    for parts in found:
        assert len(parts) == n_routes
        assert sorted(day for days in parts for day in days) == list(range(cycle.n_days))
        weekdays = [{cycle.day(day).weekday for day in days} for days in parts]
        steps = [{b - a for a, b in pairwise(days)} for days in parts]
        for on, step, days in zip(weekdays, steps, parts, strict=True):
            whole = len(days) == len(on) * weeks
            assert whole or (len(on) == 1 and len(step) <= 1)


def test_weeks_are_shared_by_periods() -> None:
    assert residue_splits(1) == ()
    assert residue_splits(2) == (((0,), (1,)),)
    sizes = [sorted(len(part) for part in way) for way in residue_splits(4)]
    assert sorted(sizes) == [[1, 1, 1, 1], [1, 1, 2], [2, 2]]
    assert residue_splits(3) == (((0,), (1,), (2,)),)


def test_routes_are_named_by_first_appearance() -> None:
    cycle = Cycle(weeks=2, workdays=("mon", "tue", "wed"))
    assert as_rows(((1, 2, 4, 5), (3,), (0,)), cycle) == (("T1", "T2", "T2"), ("T3", "T2", "T2"))


def test_a_class_without_a_union_leaves_no_calendar() -> None:
    # four routes of one weekday group each cannot hold 5 visits a week and 2 in 3 of 6 days
    world = scenario(1, {"A": "3/week", "B": "2/week", "C": "1/2weeks"}, {"A": 2, "B": 2, "C": 2})
    assert ranked_calendars(world, travel_matrix(world)) == ()


def test_classes_that_no_store_has_do_not_count() -> None:
    world = scenario(1, {"A": "daily", "B": "2/week", "C": "1/week"}, {"A": 3})
    found = ranked_calendars(world, travel_matrix(world))
    assert [choice.rows for choice in found] == [(("T1",) * 6,)]


def test_every_route_is_of_use_to_some_class() -> None:
    world = scenario(6, {"A": "2/week", "B": "1/week", "C": "1/2weeks"}, {"A": 3, "B": 8, "C": 20})
    found = ranked_calendars(world, travel_matrix(world))
    assert len(found) >= 2
    for choice in found:
        assert len(weights(choice.rows)) == 6
        assert weights(choice.rows)[0] <= 4  # nobody wants more than four visits in two weeks


def test_a_calendar_that_closes_the_stores_day_ranks_below_one_that_does_not() -> None:
    world = scenario(2, {"A": "3/week", "B": "3/week", "C": "3/week"}, {"A": 4}, closed=("sat",))
    best = ranked_calendars(world, travel_matrix(world))[0].rows[0]
    label_of_saturday = best[5]
    other = next(label for label in best if label != label_of_saturday)
    assert best.count(other) == 3  # three days without a Saturday are there to take


def test_an_overloaded_calendar_shows_what_no_assignment_avoids() -> None:
    light = scenario(2, {"A": "3/week", "B": "3/week", "C": "3/week"}, {"A": 10})
    heavy = scenario(2, {"A": "3/week", "B": "3/week", "C": "3/week"}, {"A": 60})
    assert ranked_calendars(light, travel_matrix(light))[0].bound_minutes == 0
    # 60 stores x 15 min x 3 a week against 6 x 391.5 min: at least 351 min too much, and travel
    assert ranked_calendars(heavy, travel_matrix(heavy))[0].bound_minutes > 351


def test_routes_bound_to_classes_keep_their_names() -> None:
    world = scenario(
        4,
        HANDBOOK_EXAMPLE,
        {"A": 3, "B": 4, "C": 6},
        routes={"T1": {"classes": ["A"]}, "T2": {"classes": ["B"]}},
    )
    found = ranked_calendars(world, travel_matrix(world))
    assert found
    for choice in found:
        counts = Counter(label for row in choice.rows for label in row)
        assert (counts["T1"], counts["T2"]) == (6, 4)


def test_eight_routes_in_four_weeks_are_ranked_too() -> None:
    world = scenario(
        8, {"A": "2/week", "B": "1/2weeks", "C": "1/4weeks"}, {"A": 4, "B": 10, "C": 20}
    )
    found = ranked_calendars(world, travel_matrix(world))
    assert 1 <= len(found) <= 20
    assert [c.bound_minutes for c in found] == sorted(c.bound_minutes for c in found)
