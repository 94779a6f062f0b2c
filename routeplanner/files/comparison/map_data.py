"""What the map of the difference draws, as plain lists: stores, and the days of each plan."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from routeplanner.domain.comparison import ComparedVisit
from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.plan_changes import visits_by_store
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.files.comparison.words import brief_text, visits_text
from routeplanner.files.palette import text_on, weekday_colors
from routeplanner.files.route_groups import (
    clock_text,
    duration_text,
    located_stops,
    rep_title,
    store_title,
    travel_km,
    work_minutes,
)
from routeplanner.texts import text

Json = dict[str, Any]
Compared = tuple[str, Plan, Scenario]
"""A plan with its name and its own scenario."""

_TEXTS = (
    "changes", "changes_one", "close", "list_of", "no_change", "not_visited", "nothing_driven",
    "of_day", "same", "start", "store_id", "visit_at", "visits_n", "visits_one", "whole_cycle",
    "zoom_in", "zoom_out",
)  # fmt: skip
_BLANKS = {name: f"{{{name}}}" for name in ("n", "time", "a", "b", "k")}


def difference_data(plans: Sequence[Compared], weeks: int, language: str) -> Json:
    """Return everything that the map's script needs; `weeks` until all cycles end together."""
    stores = _stores(scenario for _, _, scenario in plans)
    place = {store_id: index for index, store_id in enumerate(stores)}
    reps = {rep.id: rep for _, _, scenario in plans for rep in scenario.reps}
    rep_place = {rep_id: index for index, rep_id in enumerate(reps)}
    labels = [c for _, _, scenario in plans for c in scenario.policy.classes.labels]
    return {
        "texts": {name: text(f"difference.{name}", language, **_BLANKS) for name in _TEXTS},
        "kinds": {
            kind: text(f"difference.kind_{kind}", language)
            for kind in ("days", "rep", "number", "new", "dropped", "same")
        },
        "classes": list(dict.fromkeys(labels)),
        "weeks": [text("words.week", language, n=n + 1) for n in range(weeks)],
        "weekdays": [text(f"words.{day}", language) for day in WEEKDAYS],
        "colors": list(weekday_colors()),
        "inks": [text_on(color) for color in weekday_colors()],
        "reps": [
            {"title": rep_title(rep), "at": _rounded(rep.base_lat, rep.base_lon)}
            for rep in reps.values()
        ],
        "stores": [
            {
                "id": store.id,
                "name": store_title(store),
                "class": store.store_class or "",
                "at": _rounded(store.lat, store.lon),
            }
            for store in stores.values()
        ],
        "plans": [
            {
                "name": name,
                "days": [
                    _day(route, week, scenario, place, rep_place, language)
                    for route, week in repeated(plan, weeks)
                ],
                "when": _when(plan, place, language, is_rep_told=len(reps) > 1),
            }
            for name, plan, scenario in plans
        ],
    }


def repeated(plan: Plan, weeks: int) -> Iterator[tuple[Route, int]]:
    """The driven days of so many weeks, each with its week."""
    for turn in range(weeks // plan.cycle.weeks):
        for route in plan.routes:
            yield route, route.week + turn * plan.cycle.weeks


def _stores(scenarios: Iterable[Scenario]) -> dict[str, Store]:
    """Stores that some plan may visit; what a store is comes from the first scenario with it."""
    found: dict[str, Store] = {}
    for scenario in scenarios:
        for store in scenario.stores:
            if store.is_planned:
                found.setdefault(store.id, store)
    return found


def _day(
    route: Route,
    week: int,
    scenario: Scenario,
    place: dict[str, int],
    rep_place: dict[str, int],
    language: str,
) -> Json:
    visits = [stop for stop in route.visits if stop.store_id in place]
    facts = (
        duration_text(work_minutes(route), language),
        text("map.km", language, km=f"{travel_km(route):.0f}"),
    )
    return {
        "rep": rep_place[route.rep],
        "week": week - 1,
        "weekday": WEEKDAYS.index(route.weekday),
        "facts": " · ".join(facts),
        "path": [_rounded(*at) for _, at in located_stops(route, scenario)],
        "visits": [[place[stop.store_id or ""], clock_text(stop.arrive)] for stop in visits],
    }


def _when(
    plan: Plan, place: dict[str, int], language: str, *, is_rep_told: bool
) -> list[list[str]]:
    """For each store when it is visited, in full and in brief; empty where it is not."""
    visits = visits_by_store(plan.routes)
    found = [["", ""] for _ in place]
    for store_id, own in visits.items():
        if store_id in place:
            days = [
                ComparedVisit(
                    rep=route.rep,
                    week=route.week,
                    weekday=route.weekday,
                    position=stop.position or 0,
                )
                for route, stop in own
            ]
            found[place[store_id]] = [
                visits_text(days, plan.cycle.weeks, language, is_rep_told=is_rep_told),
                brief_text(days, plan.cycle.weeks, language),
            ]
    return found


def _rounded(lat: float, lon: float) -> list[float]:
    return [round(lat, 6), round(lon, 6)]
