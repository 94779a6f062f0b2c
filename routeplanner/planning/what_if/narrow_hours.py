"""Opening hours that leave little time: how narrow each is, and the scenario without them."""

from collections.abc import Iterator

from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import visit_intervals
from routeplanner.domain.what_if import Alternative, StoreFieldChange, StoreKey
from routeplanner.domain.workday import work_day
from routeplanner.planning.lever_steps import percent
from routeplanner.texts import text

_KEYS: tuple[StoreKey, ...] = ("opening_hours", "visit_hours", "avoid_hours", "closed_days")
_WIDE = 0.999


def without_hours(scenario: Scenario, n_narrowest: int) -> Iterator[tuple[str, Alternative]]:
    """Yield the narrowest stores one by one, each as if it were always open, then all together."""
    language = scenario.language
    shares = {store.id: open_share(scenario, store) for store in scenario.stores}
    narrow = [s for s in scenario.stores if s.is_planned and shares[s.id] < _WIDE]
    narrow.sort(key=lambda store: (shares[store.id], store.id))
    for store in narrow[:n_narrowest] if len(narrow) > 1 else narrow:
        told = {"store": store.id, "percent": percent(shares[store.id], language)}
        name = text("prices.hours_of_store", language, **told)
        yield name, Alternative(name=name, stores=tuple(_always_open(store)))
    if len(narrow) > 1:
        name = text("prices.hours_of_all", language, n=len(narrow))
        yield (
            name,
            Alternative(
                name=name,
                stores=tuple(change for store in narrow for change in _always_open(store)),
            ),
        )


def open_share(scenario: Scenario, store: Store) -> float:
    """The share of the working time of those who may visit in which a store can be visited."""
    working = there = 0
    for rep in scenario.reps:
        if store.rep not in (None, rep.id):
            continue
        for weekday in scenario.cycle.workdays:
            day = work_day(scenario.policy, rep, weekday)
            if day is None:
                continue
            working += day.shift_hi - day.shift_lo
            there += sum(
                max(0, min(end, day.shift_hi) - max(start, day.shift_lo))
                for start, end in visit_intervals(store, weekday)
            )
    return there / working if working else 1.0


def _always_open(store: Store) -> Iterator[StoreFieldChange]:
    for key in _KEYS:
        yield StoreFieldChange(store=store.id, key=key)
