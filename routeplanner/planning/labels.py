"""Names the routes of a plan in which every day is free: T1, T2, … and T1a, T1b for near-equals."""

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

NO_ROUTE = "-"
"""The label of a day that holds appointments only."""

DayVisits = tuple[str, ...]
"""Store ids of one driven day in order."""


def route_labels(
    days: Sequence[tuple[int, DayVisits]], class_of: Mapping[str, str], last_class: str
) -> dict[int, str]:
    """Return the label of each driven day of one rep.

    Days with equal visits in equal order share a label. Days that differ only in stores of the
    last class (C) are one route with letters: T1a, T1b. Days without visits are no route: `-`.
    """
    families: dict[DayVisits, list[DayVisits]] = {}
    for visits in (visits for _, visits in days if visits):
        family = families.setdefault(_family(visits, class_of, last_class), [])
        if visits not in family:
            family.append(visits)
    labels: dict[DayVisits, str] = {(): NO_ROUTE}
    for number, family in enumerate(families.values(), start=1):
        for place, visits in enumerate(family):
            labels[visits] = f"T{number}" + (_letters(place) if len(family) > 1 else "")
    return {day: labels[visits] for day, visits in days}


def _family(visits: DayVisits, class_of: Mapping[str, str], last_class: str) -> DayVisits:
    """What days of one family have in common; a day of the last class alone is its own family."""
    core = tuple(store for store in visits if class_of[store] != last_class)
    return core or visits


def _letters(place: int) -> str:
    first, second = divmod(place, len(ascii_lowercase))
    return (ascii_lowercase[first - 1] if first else "") + ascii_lowercase[second]
