"""Why required visits are not scheduled: a code, a sentence and what would help for each store."""

from collections import Counter
from collections.abc import Mapping, Sequence

from routeplanner.domain.plan import Route, Unserved
from routeplanner.domain.store import Store, store_words
from routeplanner.domain.visits import class_of, service_s
from routeplanner.planning.choices import ChoiceFinder, StoreChoices
from routeplanner.planning.encode import Encoding
from routeplanner.planning.nearest_choice import Room
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix
from solvers import Solution

_WHERE_OPEN = ("TIME_WINDOW", "TOO_FAR", "VISIT_TOO_LONG")
"""What keeps visits off a day on which the store is open."""


def unserved_visits(
    encoding: Encoding,
    solution: Solution,
    routes: Sequence[Route],
    served: Mapping[str, int],
    withheld: frozenset[str],
    matrix: TravelMatrix,
    dropped: frozenset[str] = frozenset(),
) -> tuple[Unserved, ...]:
    """Return one entry a store whose required visits are not all scheduled, best class first.

    `dropped`: stores whose visits were given up by hand.
    """
    room = Room(encoding, solution, routes)
    free_days = ChoiceFinder(encoding.scenario, matrix, None)
    language = encoding.scenario.language
    found = []
    for i, (store, choices) in enumerate(zip(encoding.stores, encoding.choices, strict=True)):
        missing = choices.required - served[store.id]
        if missing <= 0:
            continue
        code = "DROPPED"
        if store.id not in dropped:
            code = _code(encoding, choices, served[store.id], store.id in withheld)
        if code == "DAY_FULL":
            nearest = room.nearest(i, choices)
            code = "IN_STORE_LIMIT" if nearest.is_filled_by_limit else code
        message, hint = f"reasons.{code}", f"{code}_hint"
        if code == "DAY_FULL" and not nearest.is_short:
            message = "nearest_choice.no_room_found"
            hint = "DAY_FULL_hours_hint" if nearest.has_hours else "DAY_FULL_search_hint"
        if code == "NO_PATTERN" and encoding.calendar is not None:
            # Not for stores that have too few days either way.
            most = max((c.weight for c in free_days.choices_of(store).choices), default=0)
            hint = "NO_PATTERN_calendar_hint" if most >= choices.required else hint
        values = _values(encoding, store, choices, missing)
        if code.startswith("CLOSED_ON_") and not values["days"]:
            hint = f"{code}_none_hint"
        if code in ("DAY_FULL", "IN_STORE_LIMIT"):
            values |= nearest.values
        found.append(
            Unserved(
                store_id=store.id,
                store_class=class_of(store),
                required=choices.required,
                served=served[store.id],
                code=code,
                message=text(message, language, **values),
                hint=text(f"reasons.{hint}", language, **values),
                missing_minutes=missing * service_s(store, encoding.scenario.policy) / 60,
            )
        )
    rank = {label: place for place, label in enumerate(encoding.scenario.policy.classes.labels)}
    return tuple(sorted(found, key=lambda item: (rank[item.store_class], item.store_id)))


def _values(
    encoding: Encoding, store: Store, choices: StoreChoices, missing: int
) -> dict[str, object]:
    """What the sentences on a store name: visits, minutes, and the days that are open to it."""
    slots = [i for i, key in enumerate(encoding.keys) if store.rep in (None, key.rep.id)]
    open_days = {
        day.day
        for slot in slots
        if slot not in choices.closed_slots
        for day in encoding.keys[slot].days
    }
    shifts = [encoding.shifts[slot] for slot in slots]
    return {
        "name": store_words(store),
        "missing": missing,
        "required": choices.required,
        "label": class_of(store),
        "days": len(open_days),
        "service": f"{service_s(store, encoding.scenario.policy) / 60:g}",
        "longest": max((shift.available + shift.overtime for shift in shifts), default=0) // 60,
    }


def _code(encoding: Encoding, choices: StoreChoices, served: int, is_withheld: bool) -> str:
    """Why days are missing: what binds where the store is open comes before closed days."""
    if choices.held_by == "MAX_CHANGES" and served < choices.most_free:
        return "MAX_CHANGES"
    if is_withheld:
        return "GUARANTEED"
    most = max((choice.weight for choice in choices.choices), default=0)
    if served < most:
        return "DAY_FULL"
    if choices.held_by is not None and served < choices.most_free:
        return choices.held_by
    days: Counter[str] = Counter()
    for slot, reason in choices.closed_slots.items():
        if reason != "NOT_ON_ROUTE":
            days[reason] += encoding.keys[slot].weight
    open_days = Counter({reason: n for reason, n in days.items() if reason in _WHERE_OPEN})
    # With some days to visit, those that cannot be visited explain nothing where even all of them
    # would not be enough.
    if open_days and (most == 0 or most + open_days.total() >= choices.required):
        return open_days.most_common(1)[0][0]
    return days.most_common(1)[0][0] if days else "NO_PATTERN"
