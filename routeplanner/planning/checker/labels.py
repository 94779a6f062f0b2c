"""Rules on the names of routes where no route calendar names them: T1 … Tn, T1a and T1b."""

import re
from collections import defaultdict
from collections.abc import Iterator

from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import Facts

_NO_ROUTE = "-"  # a day of appointments alone
_LABEL = re.compile(r"T([1-9]\d*)([a-z]*)")
_Visits = tuple[str | None, ...]


def check_labels(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Equal routes of a rep share a label, others do not, and the labels are T1 … Tn.

    Routes that differ only in stores of the last class share the number and differ by a letter. A
    day without visits is no route.
    """
    if facts.scenario.policy.calendar is not None:
        return
    by_rep: dict[str, list[Route]] = defaultdict(list)
    for route in plan.routes:
        if route.visits:
            by_rep[route.rep].append(route)
        elif route.template != _NO_ROUTE:
            yield facts.broken(Code.LABEL_WRONG, route=route, stated=route.template)
    for routes in by_rep.values():
        yield from _check_rep(facts, routes)


def _check_rep(facts: Facts, routes: list[Route]) -> Iterator[Violation]:
    kinds: dict[_Visits, set[_Visits]] = defaultdict(set)
    for route in routes:
        kinds[_kind(facts, route)].add(_visits(route))
    label_of: dict[_Visits, str] = {}
    holder_of: dict[str, _Visits] = {}  # of a label
    number_of: dict[_Visits, str] = {}  # of a kind
    kind_of: dict[str, _Visits] = {}  # of a number
    for route in routes:
        visits, kind, label = _visits(route), _kind(facts, route), route.template
        match = _LABEL.fullmatch(label)
        number, letters = match.groups() if match is not None else ("", "")
        is_right = (
            match is not None
            and int(number) <= len(kinds)
            and bool(letters) == (len(kinds[kind]) > 1)
            and label_of.setdefault(visits, label) == label
            and holder_of.setdefault(label, visits) == visits
            and number_of.setdefault(kind, number) == number
            and kind_of.setdefault(number, kind) == kind
        )
        if not is_right:
            yield facts.broken(Code.LABEL_WRONG, route=route, stated=label)


def _visits(route: Route) -> _Visits:
    return tuple(stop.store_id for stop in route.visits)


def _kind(facts: Facts, route: Route) -> _Visits:
    """The visits but for the last class, unless there are no others."""
    last = facts.scenario.policy.classes.labels[-1]
    visits = _visits(route)
    stores = facts.stores
    core = tuple(id_ for id_ in visits if id_ not in stores or stores[id_].store_class != last)
    return core or visits
