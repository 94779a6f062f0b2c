"""Where stores were visited by the plan before, and which of them could stay there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from routeplanner.domain.hours import Weekday
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import required_visits
from routeplanner.planning.choices import Choice, ChoiceFinder, StoreChoices
from routeplanner.planning.slots import SlotKey

RepDay = tuple[str, int]
"""A rep on a day of the cycle (0-based)."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The visits of an earlier plan in the days of the new cycle, and what became of its stores."""

    visits: Mapping[str, frozenset[RepDay]]  # by store; stores without a visit are not there
    remaining: frozenset[str]  # could be visited as before: moving one is a change
    reclassed: frozenset[str]  # want another number of visits, so they have to change
    rep_gone: frozenset[str]  # none of their reps may visit them any more, so they have to change
    new: frozenset[str]  # planned, but without a visit before
    gone: frozenset[str]  # visited before, and planned no more
    by_hand: frozenset[str]  # a hand has dropped visits of them: no rule chose their days
    unworked: Mapping[str, frozenset[tuple[int, Weekday]]]  # weeks and weekdays worked no more

    def moved(self, store_id: str, key: SlotKey) -> int:
        """Return the driven days of a slot on which a visit of a store would be out of place.

        A store whose rep is gone keeps its days; a new one is nowhere out of place.
        """
        visits = self.visits.get(store_id)
        if visits is None:
            return 0
        if store_id in self.rep_gone:
            days = {day for _, day in visits}
            return sum(day.day not in days for day in key.days)
        return sum((key.rep.id, day.day) not in visits for day in key.days)

    def kept_slots(self, store_id: str, keys: Sequence[SlotKey]) -> frozenset[int]:
        """Return the slots on all of whose days the store was visited, by the same rep."""
        visits = self.visits.get(store_id, frozenset())
        return frozenset(
            slot
            for slot, key in enumerate(keys)
            if all((key.rep.id, day.day) in visits for day in key.days)
        )

    def is_moved(self, store_id: str, visits: Iterable[RepDay]) -> bool:
        """Whether a store that could have stayed is visited on another day or by another rep."""
        return store_id in self.remaining and not self.visits[store_id].issuperset(visits)


def earlier_of(scenario: Scenario, previous: Plan) -> Earlier:
    """Return what a plan says of the stores of a scenario.

    Parameters
    ----------
    previous
        Its cycle must be the scenario's, or go into it several times: it is then repeated.
    """
    turns = scenario.cycle.weeks // previous.cycle.weeks
    visits: dict[str, set[RepDay]] = {}
    reps: dict[str, set[str]] = {}
    unworked: dict[str, set[tuple[int, Weekday]]] = {}
    counts: Counter[str] = Counter()
    for route in previous.routes:
        is_worked = route.weekday in scenario.cycle.workdays
        weeks = [route.week + turn * previous.cycle.weeks for turn in range(turns)]
        days = [scenario.cycle.index(week, route.weekday) for week in weeks if is_worked]
        for stop in route.visits:
            counts[stop.store_id or ""] += turns
            reps.setdefault(stop.store_id or "", set()).add(route.rep)
            visits.setdefault(stop.store_id or "", set()).update((route.rep, day) for day in days)
            if not is_worked:
                at = {(week, route.weekday) for week in weeks}
                unworked.setdefault(stop.store_id or "", set()).update(at)
    wanted = counts | Counter({row.store_id: row.required * turns for row in previous.unserved})
    planned = {store.id: store for store in scenario.stores if store.is_planned}
    both = {store_id: planned[store_id] for store_id in visits if store_id in planned}
    reclassed = frozenset(
        store_id
        for store_id, store in both.items()
        if required_visits(store, scenario.policy, scenario.cycle, scenario.reps)
        != wanted[store_id]
    )
    rep_gone = frozenset(
        store_id
        for store_id, store in both.items()
        if not _reps_of(scenario, store) & reps[store_id]
    )
    return Earlier(
        visits={store_id: frozenset(days) for store_id, days in visits.items()},
        remaining=frozenset(both) - reclassed - rep_gone,
        reclassed=reclassed,
        rep_gone=rep_gone,
        new=frozenset(planned) - frozenset(visits),
        gone=frozenset(counts) - frozenset(planned),
        by_hand=previous.stores_dropped,
        unworked={store_id: frozenset(at) for store_id, at in unworked.items()},
    )


def marked(
    earlier: Earlier, finder: ChoiceFinder, store: Store, found: StoreChoices
) -> StoreChoices:
    """Return a store's choices, each with its visits out of place; the earlier days among them."""
    if store.id not in earlier.visits:
        return found
    moved = {slot: earlier.moved(store.id, key) for slot, key in enumerate(finder.keys)}
    kept = earlier.kept_slots(store.id, finder.keys)
    choices = list(found.choices)
    if not store.pinned_days and not any(_moved(choice, moved) == 0 for choice in choices):
        # A store with very many choices has only some of them.
        most = max((choice.weight for choice in choices), default=0)
        own = finder.choices_of(store, within=kept).choices
        choices += [choice for choice in own if choice.weight == most]
    is_by_hand = store.id in earlier.by_hand and not store.pinned_days
    return replace(
        found,
        choices=tuple(replace(choice, moved=_moved(choice, moved)) for choice in choices),
        by_hand=finder.exactly(store, kept) if is_by_hand else (),
    )


def _moved(choice: Choice, moved: Mapping[int, int]) -> int:
    return sum(moved[slot] for slot, _, _ in choice.entries)


def _reps_of(scenario: Scenario, store: Store) -> set[str]:
    return {rep.id for rep in scenario.reps if store.rep in (None, rep.id)}
