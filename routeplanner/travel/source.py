"""The travel matrix of a scenario: from the user's own matrix, else estimated from positions."""

from typing import get_args

from routeplanner.domain.rep import Mode
from routeplanner.domain.scenario import Scenario
from routeplanner.travel.estimated import EstimatedTravel
from routeplanner.travel.given import GivenTravel
from routeplanner.travel.matrix import IntArray, Place, TravelMatrix, TravelSource

__all__ = [
    "IntArray",
    "TravelMatrix",
    "TravelSource",
    "is_travel_alike",
    "places_of",
    "travel_matrix",
    "travel_source",
]


def travel_matrix(scenario: Scenario) -> TravelMatrix:
    """Seconds and meters between all stores, bases and placed appointments of a scenario.

    Raises:
        InputError: the user's matrix lacks a place, or a mode has no speed.
    """
    used = {rep.mode for rep in scenario.reps}
    modes: tuple[Mode, ...] = tuple(mode for mode in get_args(Mode) if mode in used)
    return travel_source(scenario).matrix(places_of(scenario), modes)


def is_travel_alike(one: Scenario, other: Scenario) -> bool:
    """Whether one travel matrix serves two scenarios."""
    return (
        one.matrix is other.matrix
        and one.language == other.language
        and one.policy.travel == other.policy.travel
        and {rep.mode for rep in one.reps} == {rep.mode for rep in other.reps}
        and places_of(one) == places_of(other)
    )


def travel_source(scenario: Scenario) -> TravelSource:
    """Where the scenario's travel times come from."""
    if scenario.matrix is not None:
        return GivenTravel(scenario.matrix, scenario.language)
    return EstimatedTravel(scenario.policy.travel, scenario.language)


def places_of(scenario: Scenario) -> tuple[Place, ...]:
    """Stores, then bases, then appointments that have a position of their own.

    Stores that get no visits may be absent from the user's own matrix; then they are left out.
    """
    known = set(scenario.matrix.ids) if scenario.matrix is not None else None
    stores = (
        Place(store.id, store.lat, store.lon, store.site)
        for store in scenario.stores
        if known is None or store.is_planned or store.id in known
    )
    bases = (Place(f"rep:{r.id}", r.base_lat, r.base_lon, is_base=True) for r in scenario.reps)
    appointments = (
        Place(f"appointment:{number}", appointment.lat, appointment.lon)
        for number, appointment in enumerate(scenario.appointments)
        if appointment.lat is not None and appointment.lon is not None
    )
    return (*stores, *bases, *appointments)
