"""Minutes in store as visits that were made have taken them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.reserve import ClassMinutes
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import service_s

FEWEST_OF_STORE = 3
FEWEST_OF_CLASS = 5
"""Visits from which on a store, or else its class, is believed."""


@dataclass(frozen=True, slots=True)
class ActualMinutes:
    """Minutes per visit by store, and what they rest on."""

    by_store: Mapping[str, float]  # of every planned store; the planned ones where none are known
    classes: tuple[ClassMinutes, ...]
    unknown_stores: tuple[str, ...]


def actual_minutes(scenario: Scenario, visits: Iterable[DrivenVisit]) -> ActualMinutes:
    """Return what a visit of each store takes.

    Parameters
    ----------
    visits
        Visits that were made. The median of a store's own visits counts where there are
        `FEWEST_OF_STORE`, else that of all visits of its class where there are `FEWEST_OF_CLASS`,
        else what is planned. A median, since a single long talk says nothing of the next visit.
    """
    stores = {store.id: store for store in scenario.stores if store.is_planned}
    known = {store.id for store in scenario.stores}
    of_store: dict[str, list[float]] = defaultdict(list)
    unknown: dict[str, None] = {}
    for visit in visits:
        if visit.store_id in stores:
            of_store[visit.store_id].append(visit.minutes_in_store)
        elif visit.store_id not in known:
            unknown[visit.store_id] = None
    of_class: dict[str, list[float]] = defaultdict(list)
    for store_id, minutes in of_store.items():
        of_class[stores[store_id].store_class or ""] += minutes
    found = {}
    for store in stores.values():
        own, shared = of_store[store.id], of_class[store.store_class or ""]
        found[store.id] = (
            median(own)
            if len(own) >= FEWEST_OF_STORE
            else median(shared)
            if len(shared) >= FEWEST_OF_CLASS
            else _planned(scenario, store)
        )
    own_stores = Counter(
        stores[store_id].store_class or ""
        for store_id, minutes in of_store.items()
        if len(minutes) >= FEWEST_OF_STORE
    )
    return ActualMinutes(
        found, tuple(_classes(scenario, stores.values(), of_class, own_stores)), tuple(unknown)
    )


def with_minutes(scenario: Scenario, minutes: Mapping[str, float]) -> Scenario:
    """The scenario in which visits take other minutes; none takes less than one second."""
    shortest = 1 / 60
    stores = tuple(
        store.model_copy(update={"service_minutes": max(minutes[store.id], shortest)})
        if store.id in minutes
        else store
        for store in scenario.stores
    )
    return scenario.model_copy(update={"stores": stores})


def _classes(
    scenario: Scenario,
    stores: Iterable[Store],
    of_class: Mapping[str, Sequence[float]],
    own_stores: Counter[str],
) -> Iterable[ClassMinutes]:
    planned: dict[str, list[float]] = defaultdict(list)
    for store in stores:
        planned[store.store_class or ""].append(_planned(scenario, store))
    for label in scenario.policy.classes.labels:
        visits = of_class.get(label, [])
        if planned[label]:
            yield ClassMinutes(
                store_class=label,
                planned_minutes=round(fmean(planned[label]), 2),
                actual_minutes=round(median(visits), 2) if visits else None,
                visits=len(visits),
                own_stores=own_stores[label],
            )


def _planned(scenario: Scenario, store: Store) -> float:
    return service_s(store, scenario.policy) / 60
