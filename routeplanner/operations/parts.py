"""What concerns some reps of a stored scenario or plan, cut out before anything else is read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.scenario import Scenario
from routeplanner.planning.measures import measure
from routeplanner.travel.source import travel_matrix

Content = Mapping[str, Any]
"""A scenario or a plan as it is stored: JSON, whole."""

_FIELDS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(field.annotation or Any) for name, field in Scenario.model_fields.items()
}
_ROUTES = TypeAdapter(tuple[Route, ...])


def scenario_part(
    content: Content, reps: Iterable[str], visited: Collection[str | None] = ()
) -> Scenario:
    """The part of a scenario that concerns some reps, with stores that they visit for anybody.

    A visited store of somebody else names no rep. Unlike a whole scenario a part may lack stores.
    """
    own = frozenset(reps)
    numbers = [n for n, entry in enumerate(content["appointments"]) if entry["rep"] in own]
    part = {
        **content,
        "stores": [
            store if store["rep"] in own else {**store, "rep": None}
            for store in content["stores"]
            if store["rep"] in own or store["id"] in visited
        ],
        "reps": [rep for rep in content["reps"] if rep["id"] in own],
        "appointments": [content["appointments"][number] for number in numbers],
        "warnings": (),
    }
    if content["matrix"] is not None:
        part["matrix"] = _matrix_part(content["matrix"], _places(part, numbers))
    return Scenario.model_construct(
        **{name: field.validate_python(part[name]) for name, field in _FIELDS.items()}
    )


def plan_part(
    content: Content, scenario_content: Content, reps: Iterable[str]
) -> tuple[Plan, Scenario]:
    """The part of a plan and its scenario that concerns some reps, its figures computed anew."""
    own = frozenset(reps)
    routes = _ROUTES.validate_python(_routes(content, own))
    scenario = scenario_part(
        scenario_content, own, {stop.store_id for route in routes for stop in route.visits}
    )
    stores = {store.id for store in scenario.stores}
    measures = measure(scenario, routes, travel_matrix(scenario))
    figures = measures.by_class.values()
    part = {
        **content,
        "routes": routes,
        "unserved": [row for row in content["unserved"] if row["store_id"] in stores],
        "measures": measures,
        "required_visits": sum(of_class.required for of_class in figures),
        "scheduled_visits": sum(of_class.scheduled for of_class in figures),
        "score": {},
        "calendars_tried": (),
        "kept": None,
    }
    return Plan.model_validate(part), scenario


def violations_part(
    violations: Sequence[dict[str, Any]], scenario: Scenario
) -> list[dict[str, Any]]:
    """The violations that concern the reps of a part of a scenario, or its stores."""
    reps = {rep.id for rep in scenario.reps}
    stores = {store.id for store in scenario.stores}
    return [
        entry
        for entry in violations
        if entry["rep"] in reps or (entry["rep"] is None and entry["store_id"] in stores)
    ]


def earlier_part(content: Content, reps: Iterable[str]) -> Plan:
    """A plan with the routes of some reps alone, to compare a later one with."""
    routes = _routes(content, frozenset(reps))
    return Plan.model_validate({**content, "routes": routes, "unserved": ()})


def _routes(content: Content, own: frozenset[str]) -> list[Any]:
    return [route for route in content["routes"] if route["rep"] in own]


def _places(part: Content, numbers: list[int]) -> dict[str, str]:
    """The places of a part: their ids in the whole matrix, and in the part's."""
    places = {store["id"]: store["id"] for store in part["stores"]}
    places |= {f"rep:{rep['id']}": f"rep:{rep['id']}" for rep in part["reps"]}
    return places | {f"appointment:{n}": f"appointment:{new}" for new, n in enumerate(numbers)}


def _matrix_part(matrix: Content, places: Mapping[str, str]) -> dict[str, Any]:
    kept = [place for place, id_ in enumerate(matrix["ids"]) if id_ in places]
    return {
        "source": matrix["source"],
        "ids": [places[matrix["ids"][place]] for place in kept],
        **{name: [[matrix[name][a][b] for b in kept] for a in kept] for name in ("minutes", "km")},
    }
