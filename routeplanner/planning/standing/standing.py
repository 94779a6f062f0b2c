"""A plan with all that is needed to change one store of it, and to tell what that costs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from routeplanner.domain.explained import Broken, Extra
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.policy import CalendarRows
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.errors import InputError, Issue
from routeplanner.planning.checker import check_plan
from routeplanner.planning.checker.facts import Facts
from routeplanner.planning.choices import StoreChoices
from routeplanner.planning.encode import Encoding, encode
from routeplanner.planning.standing.broken import broken_on, newly_broken, told
from routeplanner.planning.standing.sequencing import Order, Sequencer, SlotDays
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix


@dataclass(frozen=True)
class Standing:
    """A plan as it stands: its visits by slot, and slots re-sequenced for a store.

    What was re-sequenced once is remembered, so that a store's choices of days cost at most two
    searches a slot.
    """

    scenario: Scenario
    matrix: TravelMatrix
    plan: Plan
    encoding: Encoding
    orders: tuple[Order, ...]  # (n_slots,) the plan's stores in order

    @cached_property
    def facts(self) -> Facts:
        """The rules of the independent check."""
        return Facts(self.scenario, self.matrix)

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        """What the plan breaks as it is."""
        found = check_plan(self.scenario, self.plan, self.matrix)
        return tuple(told(self.facts, violation, self.plan.routes) for violation in found)

    @cached_property
    def stores(self) -> dict[str, Store]:
        """Stores by id."""
        return {store.id: store for store in self.scenario.stores}

    @cached_property
    def sequencer(self) -> Sequencer:
        """Orders the stores of a slot."""
        return Sequencer(self.scenario, self.matrix, self.encoding)

    @cached_property
    def _changed(self) -> dict[tuple[int, frozenset[str], str | None], SlotDays]:
        return {}

    @cached_property
    def _as_it_is(self) -> dict[int, SlotDays]:
        return {}

    @cached_property
    def _broken(self) -> dict[tuple[int, Order], tuple[Broken, ...]]:
        return {}

    @cached_property
    def _choices(self) -> dict[str, StoreChoices]:
        found = zip(self.encoding.stores, self.encoding.choices, strict=True)
        return {store.id: choices for store, choices in found}

    def choices_of(self, store_id: str) -> StoreChoices:
        """The choices of days that a store is allowed; KeyError for one that is not planned."""
        return self._choices[store_id]

    def slots_with(self, store_id: str) -> frozenset[int]:
        """The slots in which the plan visits a store."""
        return frozenset(slot for slot, order in enumerate(self.orders) if store_id in order)

    def as_it_is(self, slot: int) -> SlotDays:
        """A slot's days as the plan has them."""
        if slot not in self._as_it_is:
            key = self.encoding.keys[slot]
            days = {day.day for day in key.days}
            routes = tuple(r for r in self.plan.routes if r.rep == key.rep.id and r.day in days)
            figures = self.sequencer.figures(slot, routes)
            self._as_it_is[slot] = SlotDays(self.orders[slot], routes, 0, figures)
        return self._as_it_is[slot]

    def changed(self, slot: int, gone: Iterable[str] = (), come: str | None = None) -> SlotDays:
        """A slot's days without some stores and with another, re-sequenced."""
        leaving = frozenset(gone) & frozenset(self.orders[slot])
        known = slot, leaving, come
        if known not in self._changed:
            order = tuple(store for store in self.orders[slot] if store not in leaving)
            self._changed[known] = self.sequencer.best(slot, order, come)
        return self._changed[known]

    def added(self, slot: int, days: SlotDays) -> Extra:
        """What other days of a slot add to the plan."""
        return difference(self.as_it_is(slot).figures, days.figures)

    def newly_broken(self, slot: int, days: SlotDays) -> tuple[Broken, ...]:
        """What other days of a slot break that the plan does not."""
        return newly_broken(self._breaks(slot, self.as_it_is(slot)), self._breaks(slot, days))

    def _breaks(self, slot: int, days: SlotDays) -> tuple[Broken, ...]:
        known = slot, days.order
        if known not in self._broken:
            self._broken[known] = broken_on(self.facts, self.plan, days.routes)
        return self._broken[known]


def difference(before: Extra, after: Extra) -> Extra:
    """What is added from one set of figures to another."""
    return Extra(**{name: getattr(after, name) - getattr(before, name) for name in _FIGURES})


def total(parts: Iterable[Extra]) -> Extra:
    """The sum of figures."""
    items = list(parts)
    return Extra(**{name: sum(getattr(item, name) for item in items) for name in _FIGURES})


_FIGURES = tuple(Extra.model_fields)


def stand(
    scenario: Scenario, matrix: TravelMatrix, plan: Plan, encoding: Encoding | None = None
) -> Standing:
    """Return a plan ready to be explained and changed.

    `encoding` is that of the scenario under the plan's route calendar, where it is known.

    Raises
    ------
    InputError
        The plan is not one of this scenario's stores, reps and days (PLAN_DOES_NOT_FIT).
    """
    faults = list(_faults(scenario, plan))
    if faults:
        raise InputError(faults)
    used = encoding or encode(scenario, matrix, calendar_of(scenario, plan))
    driven = {(route.rep, route.day): route for route in plan.routes}
    orders: list[Order] = []
    for key in used.keys:
        days = {_order(driven.pop((key.rep.id, day.day), None)) for day in key.days}
        if len(days) > 1:
            raise InputError([_issue(scenario, "orders", key.template or "")])
        orders += days
    if driven:
        facts = Facts(scenario, matrix)
        raise InputError(
            [_issue(scenario, "day", f"{rep} {facts.when(day)}") for rep, day in driven]
        )
    return Standing(scenario, matrix, plan, used, tuple(orders))


def calendar_of(scenario: Scenario, plan: Plan) -> CalendarRows | None:
    """The route calendar that a plan keeps."""
    if scenario.policy.calendar == "auto":
        return plan.calendar
    return scenario.policy.calendar


def _order(route: Route | None) -> Order:
    return () if route is None else tuple(stop.store_id or "" for stop in route.visits)


def _faults(scenario: Scenario, plan: Plan) -> Iterator[Issue]:
    if plan.cycle != scenario.cycle:
        yield _issue(scenario, "cycle", "")
    if scenario.policy.calendar == "auto" and plan.calendar is None:
        yield _issue(scenario, "calendar", "")
    planned = {store.id for store in scenario.stores if store.is_planned}
    reps = {rep.id for rep in scenario.reps}
    visited = {stop.store_id or "": None for route in plan.routes for stop in route.visits}
    for store_id in visited:
        if store_id not in planned:
            yield _issue(scenario, "store", store_id)
    for rep in dict.fromkeys(route.rep for route in plan.routes):
        if rep not in reps:
            yield _issue(scenario, "rep", rep)


def _issue(scenario: Scenario, key: str, value: str) -> Issue:
    return Issue(
        code="PLAN_DOES_NOT_FIT",
        path="plan",
        message=text(f"explain.no_fit_{key}", scenario.language, value=value),
        hint=text("explain.no_fit_hint", scenario.language),
        value=value,
    )
