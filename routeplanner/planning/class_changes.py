"""What moves when a new list of sales is classed: stores that change class, and their hours."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from routeplanner.domain.classes import ClassChange, ClassChanges, ClassRow
from routeplanner.domain.policy import Policy
from routeplanner.domain.store import Store
from routeplanner.domain.visits import frequency_of, service_s
from routeplanner.planning.classify import class_table, classes_by_sales, classify
from routeplanner.travel.estimated import great_circle_m
from routeplanner.travel.matrix import Place
from routeplanner.travel.sites import FloatArray, points_on_earth


def class_changes(before: Sequence[Store], after: Sequence[Store], policy: Policy) -> ClassChanges:
    """Changes of class from an earlier list to a new one, by store id, and their hours per week.

    Stores keep their earlier class within `policy.classes.change_margin` of a line; a class that
    came with the new list wins over the margin. Stores that are new, gone or no longer planned
    count too. Travel is estimated from positions: a visit costs the way to as near a store as the
    day's other visits lie on average.
    """
    earlier = earlier_classes(before, policy)
    old = {store.id: store for store in classify(before, policy) if store.is_planned}
    rows = {row.store_id: row for row in class_table(after, policy, earlier)}
    new = {store.id: store for store in classify(after, policy, earlier) if store.is_planned}
    ids = [row for row in rows if row in new] + sorted(set(old) - set(new))
    moved = [i for i in ids if _class_in(old, i) != _class_in(new, i)]
    ways = _minutes_to_visit({**old, **new}, new or old, moved, policy)
    changes = tuple(_change(i, old, new, rows.get(i), ways[i], policy) for i in moved)
    return ClassChanges(
        changes=changes,
        kept_by_margin=tuple(
            row
            for row in rows.values()
            if row.is_planned and row.source == "sales" and row.store_class != row.class_by_sales
        ),
        in_store_hours=sum(change.in_store_hours for change in changes),
        travel_hours=sum(change.travel_hours for change in changes),
        margin_percent=policy.classes.change_margin,
    )


def earlier_classes(before: Sequence[Store], policy: Policy) -> dict[str, str]:
    """Classes by store id as the earlier list has or gives them, for `classify(…, earlier=…)`."""
    return classes_by_sales(classify(before, policy))


def _change(
    store_id: str,
    old: Mapping[str, Store],
    new: Mapping[str, Store],
    row: ClassRow | None,
    travel_minutes: float,
    policy: Policy,
) -> ClassChange:
    was, now = old.get(store_id), new.get(store_id)
    visits = _visits_per_week(now, policy) - _visits_per_week(was, policy)
    minutes = _in_store_minutes(now, policy) - _in_store_minutes(was, policy)
    return ClassChange(
        store_id=store_id,
        name=(now or was or new[store_id]).name,
        was=was.store_class if was else None,
        now=now.store_class if now else None,
        share_before=row.share_before if row and now else None,
        in_store_hours=minutes / 60,
        travel_hours=visits * travel_minutes / 60,
    )


def _class_in(stores: Mapping[str, Store], store_id: str) -> str | None:
    store = stores.get(store_id)
    return store.store_class if store else None


def _visits_per_week(store: Store | None, policy: Policy) -> float:
    if store is None:
        return 0.0
    frequency = frequency_of(store, policy)
    if frequency.is_daily:
        return float(len(policy.workdays))
    return frequency.visits / frequency.weeks


def _in_store_minutes(store: Store | None, policy: Policy) -> float:
    if store is None:
        return 0.0
    return _visits_per_week(store, policy) * service_s(store, policy) / 60


def _minutes_to_visit(
    stores: Mapping[str, Store], planned: Mapping[str, Store], moved: Sequence[str], policy: Policy
) -> dict[str, float]:
    """Estimated minutes on the way to each moved store.

    Where one store in m is visited on a day, the nearest other visit is about as far as the m-th
    nearest store of the same area.
    """
    by_area: dict[str | None, list[Store]] = {}
    for store in planned.values():
        by_area.setdefault(store.rep, []).append(store)
    points = {area: points_on_earth(_places(own)) for area, own in by_area.items()}
    every = {area: _one_in(own, policy) for area, own in by_area.items()}
    found: dict[str, float] = {}
    for store_id in moved:
        store = stores[store_id]
        if store.rep not in points:
            found[store_id] = policy.travel.park_minutes
            continue
        meters = _sorted_meters(store, points[store.rep])
        m = min(every[store.rep], len(meters) - 1)
        speed = policy.travel.speed_kmh["car"] * 1000 / 60
        found[store_id] = meters[m] * policy.travel.detour / speed + policy.travel.park_minutes
    return found


def _one_in(stores: Sequence[Store], policy: Policy) -> int:
    visits_a_day = sum(_visits_per_week(store, policy) for store in stores) / len(policy.workdays)
    return max(1, math.ceil(len(stores) / visits_a_day)) if visits_a_day else 1


def _sorted_meters(store: Store, points: FloatArray) -> FloatArray:
    here = points_on_earth(_places([store]))
    meters: FloatArray = np.sort(great_circle_m(here, points)[0])
    return meters  # the store itself stands first, at 0


def _places(stores: Sequence[Store]) -> tuple[Place, ...]:
    return tuple(Place(store.id, store.lat, store.lon, store.site) for store in stores)
