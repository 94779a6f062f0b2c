"""The choices of days of one store, each with what it adds to the plan and what it breaks."""

from collections.abc import Collection, Iterable

from routeplanner.domain.explained import Broken, DayChoice, Extra
from routeplanner.planning.patterns import days_off_ideal
from routeplanner.planning.standing.standing import Standing, total

Slots = frozenset[int]


def ranked_choices(standing: Standing, store_id: str) -> tuple[DayChoice, ...]:
    """
    Return every choice of days that a store is allowed, unbroken ones first, then by score.

    Figures are per cycle: the plan with the choice forced and the days that it touches
    re-sequenced, minus the plan as it is. Choices that differ in the hours of a visit alone are
    one.
    """
    found = (choice_of(standing, store_id, slots) for slots in allowed_slots(standing, store_id))
    return tuple(sorted(found, key=in_order))


def allowed_slots(standing: Standing, store_id: str) -> tuple[Slots, ...]:
    """Return the sets of slots that a store may take together."""
    return tuple(
        dict.fromkeys(
            frozenset(slot for slot, _, _ in choice.entries)
            for choice in standing.choices_of(store_id).choices
        )
    )


def joining_choices(standing: Standing, store_id: str) -> list[tuple[DayChoice, Slots]]:
    """Return the choices that a store is allowed and that give it more visits than it has."""
    return [
        (choice_of(standing, store_id, slots), slots)
        for slots in allowed_slots(standing, store_id)
        if gains_visits(standing, store_id, slots)
    ]


def gains_visits(standing: Standing, store_id: str, slots: Slots) -> bool:
    """Whether a store has more visits on some slots than it has now."""
    present = days_of(standing, standing.slots_with(store_id))
    return len(days_of(standing, slots)) > len(present)


def choice_of(
    standing: Standing,
    store_id: str,
    slots: Slots,
    gone: Collection[str] = (),
    of: Slots | None = None,
) -> DayChoice:
    """
    Return what it adds and breaks to visit a store on some slots, allowed or not.

    Parameters
    ----------
    gone
        Stores that leave the slots that it joins.
    of
        The slots that it leaves or keeps, where what it leaves else is counted elsewhere.
    """
    present = standing.slots_with(store_id)
    was = present if of is None else of
    extras: list[Extra] = []
    broken: list[Broken] = []
    for slot in sorted(was ^ slots):
        leaving = {store_id} if slot in was else gone
        days = standing.changed(slot, leaving, store_id if slot in slots else None)
        extras.append(standing.added(slot, days))
        broken += standing.newly_broken(slot, days)
    days_off = days_off_of(standing, slots)
    return DayChoice(
        rep=rep_of(standing, slots),
        days=days_of(standing, slots),
        routes=routes_of(standing, slots),
        extra=_priced(standing, total(extras), days_off - days_off_of(standing, present)),
        days_off=round(days_off, 2),
        broken=tuple(broken),
        is_present=slots == present,
    )


def days_of(standing: Standing, slots: Iterable[int]) -> tuple[int, ...]:
    """The driven days of some slots, in order."""
    return tuple(sorted(day.day for slot in slots for day in standing.encoding.keys[slot].days))


def routes_of(standing: Standing, slots: Iterable[int]) -> tuple[str, ...]:
    """The labels of some slots' routes; none where no calendar names them."""
    labels = (standing.encoding.keys[slot].template for slot in sorted(slots))
    return tuple(label for label in labels if label is not None)


def rep_of(standing: Standing, slots: Iterable[int]) -> str:
    """The rep of some slots; all reps where they are several."""
    return ", ".join(dict.fromkeys(standing.encoding.keys[slot].rep.id for slot in sorted(slots)))


def days_off_of(standing: Standing, slots: Slots) -> float:
    """Calendar days off the ideal gap of visits on some slots, summed over the cycle."""
    cycle = standing.scenario.cycle
    dates = [cycle.calendar_day(day) for day in days_of(standing, slots)]
    return days_off_ideal(dates, cycle.n_calendar_days)


def _priced(standing: Standing, extra: Extra, days_off: float) -> Extra:
    price = standing.scenario.policy.objective.spacing
    figures = extra.model_dump() | {"days_off": days_off, "score": extra.score + price * days_off}
    return Extra(**{name: round(value, 3) + 0.0 for name, value in figures.items()})


def in_order(choice: DayChoice) -> tuple[bool, float, str, tuple[int, ...]]:
    """The key by which choices are ranked: unbroken first, then by score."""
    return bool(choice.broken), choice.extra.score, choice.rep, choice.days
