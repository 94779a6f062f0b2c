"""Takes choices of days away from stores: in frozen weeks, and where too few stores may change.

What is not among a store's choices stands in no solution, so these limits hold by themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from routeplanner.planning.choices import Choice, HeldBy, StoreChoices
from routeplanner.planning.encode import Encoding, with_choices
from routeplanner.planning.replan.earlier import Earlier
from routeplanner.planning.slots import SlotKey


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
    kept, those with most visits remain. Days that a hand has left a store are kept even where no
    choice of days holds them.
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
    n_by_hand = max((_weight_in(closed, choice, keys) for choice in found.by_hand), default=0)
    if n_by_hand > most_kept:
        left = _with_days_by_hand(found, closed, left, keys)
    reason: HeldBy = "DROPPED" if n_by_hand else held_by
    most = max((choice.weight for choice in left), default=0)
    most_free = max([found.most_free, *(choice.weight for choice in found.choices)])
    is_held = most < most_free or held_by == "MAX_CHANGES"
    return replace(
        found,
        choices=tuple(choice for choice in left if choice.weight == most),
        held_by=reason if is_held else found.held_by,
        most_free=most_free,
    )


def _with_days_by_hand(
    found: StoreChoices, closed: frozenset[int], left: Sequence[Choice], keys: Sequence[SlotKey]
) -> list[Choice]:
    """Return choices with the days by hand in closed slots, and as many others as are required."""
    joined: dict[object, Choice] = {}
    for days in found.by_hand:
        fixed = [entry for entry in days.entries if entry[0] in closed]
        reps = {keys[slot].rep.id for slot, _, _ in fixed}
        for choice in (*left, days):
            entries, weight = list(fixed), sum(keys[slot].weight for slot, _, _ in fixed)
            for entry in choice.entries:
                key = keys[entry[0]]
                if entry[0] in closed or key.rep.id not in reps:
                    continue
                if weight + key.weight <= found.required:
                    entries, weight = [*entries, entry], weight + key.weight
            in_order = tuple(sorted(entries))
            joined.setdefault(in_order, replace(choice, entries=in_order, weight=weight))
    return list(joined.values())


def _weight_in(slots: Collection[int], choice: Choice, keys: Sequence[SlotKey]) -> int:
    return sum(keys[slot].weight for slot, _, _ in choice.entries if slot in slots)
