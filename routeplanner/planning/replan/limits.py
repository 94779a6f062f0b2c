"""Takes choices of days away from stores: in frozen weeks, and where too few stores may change.

What is not among a store's choices stands in no solution, so these limits hold by themselves.
"""

from collections.abc import Collection
from dataclasses import replace

from routeplanner.planning.choices import Choice, HeldBy, StoreChoices
from routeplanner.planning.encode import Encoding, with_choices
from routeplanner.planning.replan.earlier import Earlier


def frozen(encoding: Encoding, earlier: Earlier, weeks: int) -> Encoding:
    """Return the problem in which no route of the first weeks gets a visit that it did not have.

    A route of the calendar is frozen whole where one of its days is.
    """
    if not weeks:
        return encoding
    closed = frozenset(
        slot for slot, key in enumerate(encoding.keys) if any(day.week <= weeks for day in key.days)
    )
    choices = [
        _held(encoding, earlier, store.id, found, closed, "FROZEN_WEEKS")
        for store, found in zip(encoding.stores, encoding.choices, strict=True)
    ]
    return with_choices(encoding, choices)


def with_free(encoding: Encoding, earlier: Earlier, free: Collection[str]) -> Encoding:
    """Return the problem in which of the stores that could stay only some may move."""
    slots = frozenset(range(len(encoding.keys)))
    choices = [
        _held(encoding, earlier, store.id, found, slots, "MAX_CHANGES")
        if store.id in earlier.remaining and store.id not in free
        else found
        for store, found in zip(encoding.stores, encoding.choices, strict=True)
    ]
    return with_choices(encoding, choices)


def _held(
    encoding: Encoding,
    earlier: Earlier,
    store_id: str,
    found: StoreChoices,
    closed: frozenset[int],
    held_by: HeldBy,
) -> StoreChoices:
    """Return the choices that leave closed slots as they were, as far as any of them does.

    What a choice adds to closed slots is left out of it. Of the choices that keep as much as can be
    kept, those with most visits remain.
    """
    keys, kept = encoding.keys, earlier.kept_slots(store_id, encoding.keys)
    held: dict[object, tuple[int, Choice]] = {}
    for choice in found.choices:
        entries = tuple(e for e in choice.entries if e[0] not in closed or e[0] in kept)
        slots = [slot for slot, _, _ in entries]
        n_kept = sum(keys[slot].weight for slot in slots if slot in closed)
        rest = replace(
            choice,
            entries=entries,
            weight=sum(keys[slot].weight for slot in slots),
            moved=sum(earlier.moved(store_id, keys[slot]) for slot in slots),
        )
        held.setdefault(entries, (n_kept, rest))
    most_kept = max((n for n, _ in held.values()), default=0)
    left = [choice for n, choice in held.values() if n == most_kept and choice.weight]
    most = max((choice.weight for choice in left), default=0)
    most_free = max([found.most_free, *(choice.weight for choice in found.choices)])
    is_held = most < most_free or held_by == "MAX_CHANGES"
    return replace(
        found,
        choices=tuple(choice for choice in left if choice.weight == most),
        held_by=held_by if is_held else found.held_by,
        most_free=most_free,
    )
