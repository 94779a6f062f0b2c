"""Small random territories as scenarios, for tests of planning from encode to plan."""

import random
from collections.abc import Sequence

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store

LAT, LON = 52.52, 13.40

RULES = {
    "A": {"frequency": "3/week", "service_minutes": 30},
    "B": {"frequency": "2/week", "service_minutes": 15},
    "C": {"frequency": "1/2weeks", "service_minutes": 10},
}


def policy(**changes: object) -> Policy:
    """The handbook example's rules without a calendar, with changes."""
    return Policy.model_validate({"visit_rules": RULES} | changes)


def rep(rep_id: str = "R01", **changes: object) -> Rep:
    """A rep in the middle of the territory."""
    return Rep.model_validate({"id": rep_id, "base_lat": LAT, "base_lon": LON} | changes)


def store(store_id: str, label: str = "C", **changes: object) -> Store:
    """A classed store near the base."""
    fields = {"id": store_id, "name": f"Store {store_id}", "lat": LAT, "lon": LON + 0.01}
    return Store.model_validate(fields | {"class": label, "class_source": "given"} | changes)


def stores(counts: dict[str, int], seed: int = 0, spread: float = 0.03) -> tuple[Store, ...]:
    """Stores of each class, scattered round the base."""
    chance = random.Random(seed)
    return tuple(
        store(
            f"{label}{number:02d}",
            label,
            lat=LAT + chance.uniform(-spread, spread),
            lon=LON + chance.uniform(-spread, spread),
        )
        for label, count in counts.items()
        for number in range(1, count + 1)
    )


def scenario(
    places: Sequence[Store],
    rules: Policy | None = None,
    reps: Sequence[Rep] = (),
    weeks: int = 2,
    appointments: Sequence[Appointment] = (),
) -> Scenario:
    """A scenario of classed stores."""
    used = rules or policy()
    return Scenario(
        stores=tuple(places),
        reps=tuple(reps) or (rep(),),
        policy=used,
        cycle=Cycle(weeks=weeks, workdays=used.workdays),
        appointments=tuple(appointments),
    )
