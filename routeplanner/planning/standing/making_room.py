"""Which one store makes room for another by moving to other days, and what that costs in all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routeplanner.domain.explained import DayChoice, WayIn
from routeplanner.domain.store import store_words
from routeplanner.domain.visits import service_s
from routeplanner.planning.standing.choosing import Slots, allowed_slots, choice_of
from routeplanner.planning.standing.forcing import what_breaks, with_orders
from routeplanner.planning.standing.sequencing import Order
from routeplanner.planning.standing.standing import Standing, total
from routeplanner.planning.standing.wording import choice_words, way_in

_OTHERS_TRIED = 4


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One store joins some slots, another leaves them for slots of its own choice."""

    store_id: str
    slots: Slots
    other_id: str
    other_slots: Slots


def room_by_another(standing: Standing, store_id: str, tried: Sequence[Slots]) -> WayIn | None:
    """Return the cheapest way in by which one other store moves; none where none is found.

    Parameters
    ----------
    tried
        Sets of slots that the store is allowed, on which it breaks a rule as the plan is.
    """
    found = [way for slots in tried for way in _ways(standing, store_id, slots)]
    for way, exchange in sorted(found, key=lambda item: item[0].choice.extra.score):
        plan = with_orders(standing, _orders(standing, exchange))
        if not what_breaks(standing, plan):
            return way
    return None


def _ways(standing: Standing, store_id: str, slots: Slots) -> Iterator[tuple[WayIn, _Exchange]]:
    for joins, other_id in _who_makes_room(standing, store_id, slots):
        moves = [
            (_moved(standing, exchange), exchange)
            for other_slots in allowed_slots(standing, other_id)
            if not other_slots & slots and _has_time(standing, other_id, other_slots)
            for exchange in [_Exchange(store_id, slots, other_id, other_slots)]
        ]
        clean = [(move, exchange) for move, exchange in moves if move.is_clean]
        if clean:
            move, exchange = min(clean, key=lambda item: item[0].extra.score)
            yield _told(standing, joins, other_id, move), exchange


def _who_makes_room(standing: Standing, store_id: str, slots: Slots) -> list[tuple[DayChoice, str]]:
    """The stores whose leaving lets another join some slots, those that leave most first."""
    was = standing.slots_with(store_id)
    full = {
        slot
        for slot in slots - was
        if standing.newly_broken(slot, standing.changed(slot, (), store_id))
    }
    others = {other for slot in full for other in standing.orders[slot]}
    joined = [
        (choice_of(standing, store_id, slots, gone=frozenset({other})), other)
        for other in sorted(others)
        if full <= standing.slots_with(other) and not standing.slots_with(other) & slots & was
    ]
    clean = [(choice, other) for choice, other in joined if choice.is_clean]
    return sorted(clean, key=lambda item: item[0].extra.score)[:_OTHERS_TRIED]


def _moved(standing: Standing, exchange: _Exchange) -> DayChoice:
    """The other store's new days, with what they add where the first store does not join."""
    was = standing.slots_with(exchange.other_id)
    return choice_of(standing, exchange.other_id, exchange.other_slots, of=was - exchange.slots)


def _has_time(standing: Standing, store_id: str, slots: Slots) -> bool:
    """Whether a visit adds to none of some slots more than is left of it, travel set aside."""
    service = service_s(standing.stores[store_id], standing.scenario.policy)
    for slot in slots - standing.slots_with(store_id):
        shift, weight = standing.encoding.shifts[slot], standing.encoding.keys[slot].weight
        work_s = standing.as_it_is(slot).figures.work_minutes * 60 / weight
        if work_s + service > shift.longest + shift.overtime:
            return False
    return True


def _orders(standing: Standing, exchange: _Exchange) -> dict[int, Order]:
    """The slots that change, re-sequenced."""
    store_id, other_id = exchange.store_id, exchange.other_id
    orders = {
        slot: standing.changed(
            slot, {store_id, other_id}, store_id if slot in exchange.slots else None
        ).order
        for slot in standing.slots_with(store_id) ^ exchange.slots
    }
    return orders | {
        slot: standing.changed(
            slot, {other_id}, other_id if slot in exchange.other_slots else None
        ).order
        for slot in (standing.slots_with(other_id) ^ exchange.other_slots) - orders.keys()
    }


def _told(standing: Standing, joins: DayChoice, other_id: str, move: DayChoice) -> WayIn:
    extra = total((joins.extra, move.extra))
    was = standing.slots_with(other_id)
    way = way_in(
        standing,
        "OTHER_STORE",
        joins.model_copy(update={"extra": extra}),
        other=store_words(standing.stores[other_id]),
        before=choice_words(standing.scenario, choice_of(standing, other_id, was)),
        after=choice_words(standing.scenario, move),
    )
    return way.model_copy(update={"other_store_id": other_id, "other_choice": move})
