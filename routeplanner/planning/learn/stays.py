"""Minutes in store: what visits that were made say of each class and each store."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.learned import ClassLearned, Spread, StoreLearned, VisitLeftOut
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of, service_s
from routeplanner.planning.learn.spread import is_surely_other, spread_of, upper_fence

FEWEST_OF_CLASS = 10
FEWEST_OF_STORE = 5
"""Visits below which nothing is proposed."""

LEAST_OF_STORE = 2.0
"""Minutes by which a store must differ to have minutes of its own."""

_PRIOR_VISITS = 2  # as much as the usual minutes count for beside the store's own visits
_SHORTEST = 1.0  # minutes: less is a check-in that was closed at once
_LEAST_WIDTH = 0.25  # of the median: quartiles of minutes are taken to be at least this far apart
_FINE_BELOW = 10  # minutes: to the half minute below, to the whole one above


@dataclass(frozen=True, slots=True)
class Stays:
    """Visits that count, those that do not, and stores that nobody knows."""

    visits: tuple[tuple[Store, DrivenVisit], ...]
    left_out: Counter[VisitLeftOut]
    unknown_stores: tuple[str, ...]


def stays_of(scenario: Scenario, visits: Iterable[DrivenVisit]) -> Stays:
    """Return the visits of planned stores that took a usual time."""
    stores = {store.id: store for store in scenario.stores}
    left_out: Counter[VisitLeftOut] = Counter()
    unknown: dict[str, None] = {}
    kept: list[tuple[Store, DrivenVisit]] = []
    for visit in visits:
        store = stores.get(visit.store_id)
        if store is None:
            unknown[visit.store_id] = None
            left_out["unknown_store"] += 1
        elif not store.is_planned:
            left_out["not_planned"] += 1
        elif visit.minutes_in_store < _SHORTEST:
            left_out["no_time"] += 1
        else:
            kept.append((store, visit))
    fences = _fences(kept)
    usual = tuple((s, v) for s, v in kept if v.minutes_in_store <= fences[s.id])
    left_out["far_longer"] += len(kept) - len(usual)
    return Stays(usual, left_out, tuple(unknown))


def _fences(visits: Sequence[tuple[Store, DrivenVisit]]) -> Mapping[str, float]:
    """The longest usual minutes by store: by its own visits, else by those of its class."""
    of_store, of_class = _minutes_by_store(visits), _minutes_by_class(visits)
    classes = {store.id: class_of(store) for store, _ in visits}
    return {
        store: _fence(own if len(own) >= FEWEST_OF_STORE else of_class[classes[store]])
        for store, own in of_store.items()
    }


def _fence(minutes: Sequence[float]) -> float:
    return upper_fence(minutes, _LEAST_WIDTH * median(minutes))


def learn_classes(scenario: Scenario, stays: Stays) -> tuple[ClassLearned, ...]:
    """Return the minutes of every class of planned stores.

    Stores that state minutes of their own say nothing of their class and are left aside.
    """
    planned = {class_of(store) for store in scenario.stores if store.is_planned}
    shared = [(store, visit) for store, visit in stays.visits if store.service_minutes is None]
    of_class = _minutes_by_class(shared)
    n_stores = Counter(
        class_of(store) for store in {store.id: store for store, _ in shared}.values()
    )
    found = []
    for label in scenario.policy.classes.labels:
        if label not in planned:
            continue
        now = scenario.policy.visit_rules[label].service_minutes
        spread = spread_of(of_class.get(label, ()))
        row = ClassLearned(
            store_class=label,
            now_minutes=now,
            stores=n_stores[label],
            minutes=spread,
            verdict="too_few",
        )
        if spread is not None and spread.n >= FEWEST_OF_CLASS:
            proposed = rounded_minutes(spread.median)
            differs = is_surely_other(spread, now) and proposed != now
            row = row.model_copy(
                update={"verdict": "differs", "proposed_minutes": proposed}
                if differs
                else {"verdict": "agrees"}
            )
        found.append(row)
    return tuple(found)


def learn_stores(
    scenario: Scenario, stays: Stays, classes: Iterable[ClassLearned]
) -> tuple[StoreLearned, ...]:
    """Return the minutes of every store that was visited, in the order of the scenario.

    A store gets minutes of its own where its median surely differs from the usual ones: its own
    as stated now, else those of its class, as proposed. What is proposed lies between both, nearer
    to the usual ones the fewer the visits are: (n * median + 2 * usual) / (n + 2).
    """
    of_class = {
        row.store_class: row.now_minutes if row.proposed_minutes is None else row.proposed_minutes
        for row in classes
    }
    minutes = _minutes_by_store(stays.visits)
    return tuple(
        _store(scenario, store, of_class[class_of(store)], spread)
        for store in scenario.stores
        if (spread := spread_of(minutes.get(store.id, ()))) is not None
    )


def _store(scenario: Scenario, store: Store, of_class: float, spread: Spread) -> StoreLearned:
    own = store.service_minutes
    usual = of_class if own is None else own
    row = StoreLearned(
        store_id=store.id,
        name=store.name,
        store_class=class_of(store),
        now_minutes=round(service_s(store, scenario.policy) / 60, 2),
        is_own=own is not None,
        usual_minutes=usual,
        minutes=spread,
        verdict="too_few",
    )
    if spread.n < FEWEST_OF_STORE:
        return row
    between = (spread.n * spread.median + _PRIOR_VISITS * usual) / (spread.n + _PRIOR_VISITS)
    proposed = rounded_minutes(between)
    if is_surely_other(spread, usual) and abs(proposed - usual) >= LEAST_OF_STORE:
        return row.model_copy(update={"verdict": "differs", "proposed_minutes": proposed})
    return row.model_copy(update={"verdict": "agrees"})


def rounded_minutes(minutes: float) -> float:
    """Minutes as a planner would write them, never none."""
    if minutes < _FINE_BELOW:
        return max(0.5, round(2 * minutes) / 2)
    return float(round(minutes))


def _minutes_by_store(visits: Iterable[tuple[Store, DrivenVisit]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for store, visit in visits:
        found[store.id].append(visit.minutes_in_store)
    return found


def _minutes_by_class(visits: Iterable[tuple[Store, DrivenVisit]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for store, visit in visits:
        found[class_of(store)].append(visit.minutes_in_store)
    return found
