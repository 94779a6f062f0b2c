"""Rules on a plan's measures: every figure is counted anew from the stops and compared.

`planning.measures` computes the same figures for the plan; the checker does not look there.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from routeplanner.domain.plan import Plan
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.booked import shift_of
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.driven import Driven, is_readable
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.checker.longer_travel import breaks_with_longer_travel
from routeplanner.planning.checker.regularity import regularity_figures

SCORE_TERMS = frozenset(
    {"travel", "waiting", "overtime", "balance", "routes", "options", "missing", "stability"}
)
"""The terms that a score may have; their values are the search's own."""

_ROUNDING = 0.01  # of minutes
_ROUNDING_SHARE = 1e-4
_ROUNDING_FINE = 1e-3  # of kilometers and days
_LONGER_TRAVEL = "days_broken_at_120_percent_travel"


def check_measures(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """All figures are those of the routes; only where every route can be read as a driven day."""
    yield from _check_score(facts, plan)
    if not all(is_readable(facts, route) for route in plan.routes):
        return
    days = [Driven(route, shift_of(facts, route)) for route in plan.routes]
    stated = dict(_leaves(plan.measures.model_dump()))
    due = dict(_leaves(_figures(facts, plan, days)))
    for name in [*due, *(name for name in stated if name not in due)]:
        if not _agree(name, stated.get(name), due.get(name)):
            yield _wrong(facts, name, stated.get(name), due.get(name))
    yield from _check_longer_travel(facts, plan, days)


def _check_score(facts: Facts, plan: Plan) -> Iterator[Violation]:
    for name, value in plan.score.items():
        if name not in SCORE_TERMS or not math.isfinite(value):
            stated = f"{name} = {value:g}"
            yield facts.broken(
                Code.MEASURES_WRONG, "score", stated=stated, due=", ".join(sorted(SCORE_TERMS))
            )


def _check_longer_travel(facts: Facts, plan: Plan, days: list[Driven]) -> Iterator[Violation]:
    """A day off has no limits to break; it counts either way."""
    stated = plan.measures.days_broken_at_120_percent_travel
    broken = sum(
        breaks_with_longer_travel(facts, day.route, day.shift) for day in days if day.shift
    )
    n_off = sum(day.shift is None for day in days)
    if not broken <= stated <= broken + n_off:
        yield _wrong(facts, _LONGER_TRAVEL, stated, broken)


def _wrong(facts: Facts, name: str, stated: object, due: object) -> Violation:
    return facts.broken(Code.MEASURES_WRONG, name=name, stated=_shown(stated), due=_shown(due))


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{round(value, 4):.10g}" if isinstance(value, float) else str(value)


def _agree(name: str, stated: object, due: object) -> bool:
    if not isinstance(stated, int | float) or not isinstance(due, int | float):
        return stated == due
    if isinstance(stated, int) and isinstance(due, int):
        return stated == due
    field = name.rsplit(".", 1)[-1]
    tolerance = _ROUNDING
    if field.startswith("filled") or field.endswith("_share"):
        tolerance = _ROUNDING_SHARE
    elif field.endswith("_km") or field.startswith("days_off"):
        tolerance = _ROUNDING_FINE
    return abs(stated - due) <= tolerance  # false for NaN


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Figures by their place in plan.json, e.g. `by_day[3].work_minutes`."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key != _LONGER_TRAVEL:
                yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, value


def _figures(facts: Facts, plan: Plan, days: list[Driven]) -> dict[str, Any]:
    filled = [day.filled for day in days]
    work = [day.work / 60 for day in days]
    mean = sum(work) / len(work) if work else 0.0
    return {
        "routes": len(days),
        "distinct_routes": len({(day.route.rep, day.route.template) for day in days}),
        **_sums(days),
        "filled_mean": sum(filled) / len(filled) if filled else 0.0,
        "filled_max": max(filled, default=0.0),
        "filled_min": min(filled, default=0.0),
        "work_spread_minutes": math.sqrt(sum((x - mean) ** 2 for x in work) / max(1, len(work))),
        "by_class": _by_class(facts, plan),
        "by_rep": [_of_rep(facts, rep.id, days) for rep in facts.scenario.reps],
        "by_day": [_of_day(facts, day) for day in days],
        **regularity_figures(facts.scenario.cycle, plan.routes),
    }


def _sums(days: list[Driven]) -> dict[str, float]:
    there = sum(day.shift.without_lunch for day in days if day.shift)
    in_store = sum(day.in_store for day in days)
    return {
        "in_store_minutes": in_store / 60,
        "travel_minutes": sum(stop.travel_minutes for day in days for stop in day.route.stops),
        "travel_km": sum(stop.travel_km for day in days for stop in day.route.stops),
        "waiting_minutes": sum(day.waiting for day in days) / 60,
        "in_store_share": in_store / there if there else 0.0,
    }


def _of_day(facts: Facts, day: Driven) -> dict[str, Any]:
    route = day.route
    classes = [
        store.store_class
        for stop in route.visits
        if (store := facts.stores.get(stop.store_id or "")) is not None
    ]
    return {
        "rep": route.rep,
        "day": route.day,
        "week": route.week,
        "weekday": route.weekday,
        "template": route.template,
        "visits": len(route.visits),
        "visits_by_class": {
            label: classes.count(label) for label in facts.scenario.policy.classes.labels
        },
        **_sums([day]),
        "work_minutes": day.work / 60,
        "available_minutes": day.available / 60,
        "filled": day.filled,
    }


def _of_rep(facts: Facts, rep: str, days: list[Driven]) -> dict[str, Any]:
    own = [day for day in days if day.route.rep == rep]
    shifts = [facts.shift(rep, day.weekday) for day in facts.scenario.cycle.days()]
    available = sum(shift.longest_work for shift in shifts if shift is not None)
    return {
        "rep": rep,
        "stores": len({stop.store_id for day in own for stop in day.route.visits}),
        "routes": len(own),
        **_sums(own),
        "available_minutes": available / 60,
        "free_minutes": (available - sum(day.work for day in own)) / 60,
    }


def _by_class(facts: Facts, plan: Plan) -> dict[str, dict[str, int]]:
    visited = [stop.store_id for route in plan.routes for stop in route.visits]
    found = {}
    for label in facts.scenario.policy.classes.labels:
        stores = [s for s in facts.scenario.stores if s.store_class == label and s.is_planned]
        ids = {store.id for store in stores}
        n_of_store = dict.fromkeys(ids, 0)
        for store_id in visited:
            if store_id in ids:
                n_of_store[store_id or ""] += 1
        found[label] = {
            "stores": len(stores),
            "required": sum(facts.required(store) for store in stores),
            "scheduled": sum(n_of_store.values()),
            "stores_reached": sum(n_of_store[s.id] >= facts.required(s) for s in stores),
            "stores_without_visit": sum(not n for n in n_of_store.values()),
        }
    return found
