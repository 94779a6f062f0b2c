"""Names the routes of an edited plan: those of the file where they still fit, T1 … Tn else."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from routeplanner.domain.scenario import Scenario
from routeplanner.planning.edited_rows import DayRows
from routeplanner.planning.labels import DayVisits, route_labels

_LABEL = re.compile(r"T([1-9]\d*)([a-z]*)")


def edited_labels(
    scenario: Scenario, days: DayRows, calendar: Sequence[Sequence[str]] | None
) -> dict[tuple[str, int], str]:
    """Return the label of every day by rep and day.

    A route calendar names the days. Without one the rules of a new plan hold (equal routes share a
    label, T1a and T1b differ in stores of the last class alone), and a route keeps the number that
    most of its rows state.
    """
    if calendar is not None:
        labels = [label for row in calendar for label in row]
        return {key: labels[key[1] % len(labels)] for key in days}
    found: dict[tuple[str, int], str] = {}
    for rep in scenario.reps:
        own = {day: rows for (rep_id, day), rows in sorted(days.items()) if rep_id == rep.id}
        visits = [(day, tuple(row.store_id for row in rows)) for day, rows in own.items()]
        stated = {day: Counter(row.template for row in rows) for day, rows in own.items()}
        for day, label in _labels_of_rep(scenario, visits, stated).items():
            found[rep.id, day] = label
    return found


def _labels_of_rep(
    scenario: Scenario,
    visits: Sequence[tuple[int, DayVisits]],
    stated: Mapping[int, Counter[str]],
) -> dict[int, str]:
    classes = {store.id: store.store_class or "" for store in scenario.stores}
    new = route_labels(visits, classes, scenario.policy.classes.labels[-1])
    parts = {day: _parts(label) for day, label in new.items()}
    n_routes = len({number for number, _ in parts.values()} - {0})
    votes: Counter[tuple[int, int]] = Counter()  # (number of a new plan, number stated)
    for day, labels in stated.items():
        for label, n in labels.items():
            number, _ = _parts(label)
            if parts[day][0] and 1 <= number <= n_routes:
                votes[parts[day][0], number] += n
    kept: dict[int, int] = {}
    for (number, wanted), _ in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if number not in kept and wanted not in kept.values():
            kept[number] = wanted
    free = iter(sorted(set(range(1, n_routes + 1)) - set(kept.values())))
    for number in range(1, n_routes + 1):
        if number not in kept:
            kept[number] = next(free)
    return {
        day: f"T{kept[number]}{letters}" if number else new[day]
        for day, (number, letters) in parts.items()
    }


def _parts(label: str) -> tuple[int, str]:
    """Number and letters of a label; number 0 for any other word."""
    match = _LABEL.fullmatch(label)
    return (int(match[1]), match[2]) if match is not None else (0, "")
