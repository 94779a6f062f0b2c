"""Reads what a what-if sets for one store, or for all: its own frequency, hours, class, status."""

from collections.abc import Callable
from typing import get_args

from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import StoreStatus
from routeplanner.domain.what_if import StoreFieldChange
from routeplanner.files.cells_days import read_frequency, read_minutes, read_pinned_days
from routeplanner.files.cells_hours import read_hours
from routeplanner.files.stores import read_class

_LONGEST_MINUTES = 24 * 60


def read_store_changes(
    scenario: Scenario, store: str | None, name: str
) -> Callable[[str], tuple[StoreFieldChange, ...]]:
    """What reads the value of a key of a store (none: of all stores); it raises ValueError."""

    def read(value: str) -> tuple[StoreFieldChange, ...]:
        words = None if value.strip().lower() in ("none", "无", "") else value
        try:
            return _READERS[name](scenario, store, words)
        except ValueError:
            raise ValueError(f"needs_store_{name}") from None

    return read


def _frequency(_: Scenario, store: str | None, value: str | None) -> tuple[StoreFieldChange, ...]:
    read = read_frequency(value)
    return (StoreFieldChange(store=store, key="frequency", value=str(read) if read else None),)


def _minutes(_: Scenario, store: str | None, value: str | None) -> tuple[StoreFieldChange, ...]:
    minutes = read_minutes(value)
    if minutes is not None and not 0 < minutes <= _LONGEST_MINUTES:
        raise ValueError("out of range")
    return (StoreFieldChange(store=store, key="service_minutes", value=minutes),)


def _hours(_: Scenario, store: str | None, value: str | None) -> tuple[StoreFieldChange, ...]:
    """When a store can be visited: takes the place of all that bounds it now."""
    return (
        StoreFieldChange(store=store, key="opening_hours", value=read_hours(value)),
        StoreFieldChange(store=store, key="visit_hours"),
        StoreFieldChange(store=store, key="avoid_hours"),
        StoreFieldChange(store=store, key="closed_days"),
    )


def _pinned_days(_: Scenario, store: str | None, value: str | None) -> tuple[StoreFieldChange, ...]:
    return (
        StoreFieldChange(store=store, key="pinned_days", value=read_pinned_days(value) or None),
    )


def _class(
    scenario: Scenario, store: str | None, value: str | None
) -> tuple[StoreFieldChange, ...]:
    label = read_class(value, scenario.policy.classes.labels)
    if label not in scenario.policy.classes.labels:
        raise ValueError("no class")
    return (StoreFieldChange(store=store, key="class", value=label),)


def _rep(scenario: Scenario, store: str | None, value: str | None) -> tuple[StoreFieldChange, ...]:
    if value is not None and value not in {rep.id for rep in scenario.reps}:
        raise ValueError("no rep")
    return (StoreFieldChange(store=store, key="rep", value=value),)


def _status(_: Scenario, store: str | None, value: str | None) -> tuple[StoreFieldChange, ...]:
    if value not in get_args(StoreStatus):
        raise ValueError("no status")
    return (StoreFieldChange(store=store, key="status", value=value),)


_READERS: dict[str, Callable[[Scenario, str | None, str | None], tuple[StoreFieldChange, ...]]] = {
    "class": _class,
    "frequency": _frequency,
    "hours": _hours,
    "minutes": _minutes,
    "pinned_days": _pinned_days,
    "rep": _rep,
    "status": _status,
}
