"""Which rep visits which store where the stores do not say: an estimate before any plan."""

from collections.abc import Sequence

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import frequency_of, service_s
from routeplanner.domain.workday import work_day
from routeplanner.travel.source import TravelMatrix

_TRAVEL_GUESS_S = 6 * 60
"""Travel per visit while stores are shared out among reps, before any tour is known."""


def share_out(scenario: Scenario, matrix: TravelMatrix) -> dict[str, list[Store]]:
    """Planned stores by rep: a store's own rep, else a near base whose rep has hours left."""
    policy, cycle, reps = scenario.policy, scenario.cycle, scenario.reps
    shares: dict[str, list[Store]] = {rep.id: [] for rep in reps}
    planned = [store for store in scenario.stores if store.is_planned]
    wanted = {store.id: rough_seconds(store, policy, cycle) for store in planned}
    load = dict.fromkeys(shares, 0.0)
    free: list[Store] = []
    for store in planned:
        if store.rep is None and len(reps) > 1:
            free.append(store)
        else:
            owner = store.rep or reps[0].id
            shares[owner].append(store)
            load[owner] += wanted[store.id]
    hours = {rep.id: float(_available_s(policy, rep)) for rep in reps}
    target = sum(wanted.values()) / (sum(hours.values()) or 1.0)
    away = {store.id: _from_bases(matrix, reps, store) for store in free}
    # Whoever would lose most by the second nearest rep chooses first.
    free.sort(key=lambda s: (-(sorted(away[s.id])[1] - min(away[s.id])), s.id))
    for store in free:
        nearest = sorted(zip(away[store.id], (rep.id for rep in reps), strict=True))
        room = [r for _, r in nearest if load[r] + wanted[store.id] <= target * hours[r]]
        owner = room[0] if room else min(shares, key=lambda r: (load[r] / (hours[r] or 1e-9), r))
        shares[owner].append(store)
        load[owner] += wanted[store.id]
    return {rep: sorted(own, key=lambda store: store.id) for rep, own in shares.items()}


def visits_per_week(store: Store, policy: Policy, cycle: Cycle) -> float:
    """Visits a week by frequency; `daily` as if the store were open on every workday."""
    frequency = frequency_of(store, policy)
    if frequency.is_daily:
        return float(len(cycle.workdays))
    return frequency.visits / frequency.weeks


def rough_seconds(store: Store, policy: Policy, cycle: Cycle) -> float:
    """Seconds a week in the store and, roughly, on the way to it."""
    return visits_per_week(store, policy, cycle) * (service_s(store, policy) + _TRAVEL_GUESS_S)


def _available_s(policy: Policy, rep: Rep) -> int:
    days = (work_day(policy, rep, weekday) for weekday in WEEKDAYS)
    return sum(day.available + day.overtime for day in days if day is not None)


def _from_bases(matrix: TravelMatrix, reps: Sequence[Rep], store: Store) -> list[int]:
    return [matrix.seconds(rep.mode, f"rep:{rep.id}", store.id) for rep in reps]
