"""The Berlin sample before and after a part of its stores has changed, by a seed."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

from routeplanner.domain.hours import WeeklyHours
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.scenario import build_scenario

_DATA = Path(__file__).parents[2] / "data"
_SAMPLE = _DATA / "samples" / "berlin"
_POLICY = "five-day"


@dataclass(frozen=True, slots=True)
class Territory:
    """A scenario, the one that it becomes, and how many stores make the difference."""

    before: Scenario
    after: Scenario
    closed: int
    opened: int
    reclassed: int


def territory(share: float, seed: int, stores: int = 0) -> Territory:
    """
    Return the sample and the same with a share of its stores changed.

    Parameters
    ----------
    share
        Of the stores, 0 to 1: as many close, open and change their class, one more of the first.
    stores
        Of the sample, the first so many; 0: all.
    seed
        Draws which. Stores that open are pharmacies of Berlin that the sample does not use, within
        its bounds; their classes are drawn from those of the sample.
    """
    draft = read_inputs(_SAMPLE / "stores.csv", reps=_SAMPLE / "reps.csv", policy=_POLICY)
    before = build_scenario(draft)
    if stores:
        before = before.model_copy(update={"stores": before.stores[:stores]})
    chance = random.Random(seed)
    total = round(share * len(before.stores))
    reclassed = total // 3
    opened = (total - reclassed) // 2
    closed = total - reclassed - opened
    touched = chance.sample([store.id for store in before.stores], closed + reclassed)
    gone, other_class = set(touched[:closed]), set(touched[closed:])
    changed = [
        _reclassed(store, before, chance) if store.id in other_class else store
        for store in before.stores
        if store.id not in gone
    ]
    changed += chance.sample(_unused(before, chance), opened)
    after = before.model_copy(update={"stores": tuple(changed)})
    return Territory(before, after, closed, opened, reclassed)


def _reclassed(store: Store, scenario: Scenario, chance: random.Random) -> Store:
    """The store one class up or down."""
    labels = scenario.policy.classes.labels
    place = labels.index(class_of(store))
    near = [labels[i] for i in (place - 1, place + 1) if 0 <= i < len(labels)]
    return store.model_copy(update={"store_class": chance.choice(near), "class_source": "given"})


def _unused(scenario: Scenario, chance: random.Random) -> list[Store]:
    known = {store.id for store in scenario.stores}
    lats = [store.lat for store in scenario.stores]
    lons = [store.lon for store in scenario.stores]
    classes = [class_of(store) for store in scenario.stores]
    with (_DATA / "berlin" / "pharmacies.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["pharmacy_id"] not in known]
    found = [_store(row, chance.choice(classes)) for row in rows]
    return [
        store
        for store in found
        if min(lats) <= store.lat <= max(lats) and min(lons) <= store.lon <= max(lons)
    ]


def _store(row: dict[str, str], label: str) -> Store:
    """Hours that cannot be read are left unknown, as when a list is read."""
    try:
        hours = WeeklyHours.model_validate(row["openinghours"])
    except ValueError:
        hours = None
    return Store.model_validate(
        {
            "id": row["pharmacy_id"],
            "name": row["name"],
            "lat": float(row["latitude"]),
            "lon": float(row["longitude"]),
            "class": label,
            "class_source": "given",
            "opening_hours": hours,
        }
    )
