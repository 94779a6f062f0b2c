"""What tells two scenarios apart, so that plans of different tasks are not taken for rivals."""

from collections.abc import Iterator, Mapping
from typing import Any

from routeplanner.domain.comparison import DifferenceKind, ScenarioDifference
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store

_OF_STORES = (
    "class", "rep", "lat", "lon", "site", "frequency", "service_minutes", "opening_hours",
    "visit_hours", "avoid_hours", "closed_days", "pinned_days",
)  # fmt: skip
"""Fields of a store that a plan answers to; others, such as the phone, make no difference."""

_NAMES_ONLY = {"name", "given_lat", "given_lon", "is_assumed"}


def scenario_differences(first: Scenario, other: Scenario) -> tuple[ScenarioDifference, ...]:
    """Return every store, rep and rule that differs; an empty tuple for the same task."""
    if first.content_hash() == other.content_hash():
        return ()
    return tuple(_differences(first, other))


def _differences(first: Scenario, other: Scenario) -> Iterator[ScenarioDifference]:
    yield from _changed("cycle", "", first.cycle.model_dump(), other.cycle.model_dump())
    policies = (_flat(first.policy.model_dump(mode="json", exclude={"name"})),
                _flat(other.policy.model_dump(mode="json", exclude={"name"})))  # fmt: skip
    yield from _changed("policy", "", *policies)
    if first.matrix != other.matrix:
        sources = ("" if plan.matrix is None else plan.matrix.source for plan in (first, other))
        yield _difference("travel", "", *sources)
    if first.appointments != other.appointments:
        numbers = (len(first.appointments), len(other.appointments))
        yield _difference("appointments", "", *numbers)
    reps = ({rep.id: _of_rep(rep) for rep in plan.reps} for plan in (first, other))
    yield from _of_all("rep", *reps)
    stores = (
        {store.id: _of_store(store) for store in plan.stores if store.is_planned}
        for plan in (first, other)
    )
    yield from _of_all("store", *stores)


def _of_all(
    kind: str, first: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]
) -> Iterator[ScenarioDifference]:
    gone: DifferenceKind = "rep_gone" if kind == "rep" else "store_gone"
    new: DifferenceKind = "rep_new" if kind == "rep" else "store_new"
    same: DifferenceKind = "rep" if kind == "rep" else "store"
    yield from (_difference(gone, id_) for id_ in first if id_ not in other)
    yield from (_difference(new, id_) for id_ in other if id_ not in first)
    for id_ in first:
        if id_ in other:
            yield from _changed(same, id_, first[id_], other[id_])


def _changed(
    kind: DifferenceKind, name: str, first: Mapping[str, Any], other: Mapping[str, Any]
) -> Iterator[ScenarioDifference]:
    for key in [*first, *(key for key in other if key not in first)]:
        if first.get(key) != other.get(key):
            yield _difference(kind, f"{name} {key}".strip(), first.get(key), other.get(key))


def _difference(
    kind: DifferenceKind, name: str, first: object = None, other: object = None
) -> ScenarioDifference:
    return ScenarioDifference(kind=kind, name=name, first=_shown(first), other=_shown(other))


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(_shown(item) for item in value)
    if isinstance(value, dict):
        return " ".join(_shown(item) for item in value.values() if item is not None)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _flat(value: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Rules by their keys in a policy file, e.g. `visit_rules.A.frequency`."""
    found: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            found |= _flat(item, f"{path}{key}.")
        else:
            found[f"{path}{key}"] = item
    return found


def _of_rep(rep: Rep) -> dict[str, Any]:
    return rep.model_dump(mode="json", exclude={"id", *_NAMES_ONLY})


def _of_store(store: Store) -> dict[str, Any]:
    fields = store.model_dump(mode="json", by_alias=True)
    return {name: fields[name] for name in _OF_STORES}
