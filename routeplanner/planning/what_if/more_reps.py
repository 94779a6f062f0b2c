"""More reps or fewer: who works where, with as little of the territories changed as can be."""

from collections.abc import Sequence

from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import GivenMatrix, Scenario
from routeplanner.domain.store import Store
from routeplanner.planning.share_out import rough_seconds
from routeplanner.planning.territory_load import territory
from routeplanner.travel.source import travel_matrix


def with_more_reps(scenario: Scenario, n: int) -> Scenario:
    """Return the scenario with n reps more, or fewer where n is below 0.

    A new rep works as the busiest one does, from the same base. Stores that name the busiest rep
    are halved between both along a tour through them; stores that name nobody are open to all.
    Where reps go, the least busy goes first, of equals the last: their stores are open to all who
    stay, their appointments are dropped.

    Raises
    ------
    ValueError
        No rep would be left.
    """
    if n and len(scenario.reps) + n < 1:
        raise ValueError(f"{-n} reps fewer than {len(scenario.reps)} leave nobody")
    for _ in range(n):
        scenario = _one_more(scenario)
    for _ in range(-n):
        scenario = _one_fewer(scenario)
    return scenario


def _one_more(scenario: Scenario) -> Scenario:
    loads = _loads(scenario)
    busiest = max(scenario.reps, key=lambda rep: loads[rep.id])
    new = busiest.model_copy(update={"id": _free_id(busiest.id, scenario.reps), "name": ""})
    with_rep = scenario.model_copy(
        update={
            "reps": (*scenario.reps, new),
            "matrix": _with_base(scenario.matrix, busiest.id, new.id),
        }
    )
    own = [s for s in scenario.stores if s.is_planned and s.rep == busiest.id]
    if not own:
        return with_rep
    land = territory(scenario, travel_matrix(scenario), busiest, own)
    seconds = [rough_seconds(store, scenario.policy, scenario.cycle) for store in own]
    theirs = frozenset(land.split(seconds, 2)[1].store_ids)
    return with_rep.model_copy(update={"stores": _given_to(scenario.stores, theirs, new.id)})


def _one_fewer(scenario: Scenario) -> Scenario:
    loads = _loads(scenario)
    gone = min(reversed(scenario.reps), key=lambda rep: loads[rep.id])
    theirs = frozenset(store.id for store in scenario.stores if store.rep == gone.id)
    return scenario.model_copy(
        update={
            "reps": tuple(rep for rep in scenario.reps if rep.id != gone.id),
            "stores": _given_to(scenario.stores, theirs, None),
            "appointments": tuple(a for a in scenario.appointments if a.rep != gone.id),
        }
    )


def _loads(scenario: Scenario) -> dict[str, float]:
    """Rough seconds a week of the stores that name each rep."""
    loads = dict.fromkeys((rep.id for rep in scenario.reps), 0.0)
    for store in scenario.stores:
        if store.is_planned and store.rep is not None:
            loads[store.rep] += rough_seconds(store, scenario.policy, scenario.cycle)
    return loads


def _given_to(stores: Sequence[Store], ids: frozenset[str], rep: str | None) -> tuple[Store, ...]:
    return tuple(s.model_copy(update={"rep": rep}) if s.id in ids else s for s in stores)


def _free_id(like: str, reps: Sequence[Rep]) -> str:
    taken = {rep.id for rep in reps}
    return next(name for n in range(2, len(reps) + 3) if (name := f"{like}-{n}") not in taken)


def _with_base(matrix: GivenMatrix | None, like: str, new: str) -> GivenMatrix | None:
    """The user's own travel times with one more base, where another one is."""
    if matrix is None:
        return None
    at = matrix.ids.index(f"rep:{like}")

    def wider(rows: tuple[tuple[float, ...], ...]) -> tuple[tuple[float, ...], ...]:
        longer = tuple((*row, row[at]) for row in rows)
        return (*longer, longer[at])

    return matrix.model_copy(
        update={
            "ids": (*matrix.ids, f"rep:{new}"),
            "minutes": wider(matrix.minutes),
            "km": wider(matrix.km),
        }
    )
