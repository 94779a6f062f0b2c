"""What becomes different for a store from one plan to the next, and whom to tell."""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.contacts import contact_text, supervisor_text
from routeplanner.domain.hours import TimeOfDay, Weekday
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.scenario import Scenario

ChangeKind = Literal["new", "dropped", "rep", "days", "number", "time"]
Listener = Literal["rep", "store", "supervisor"]
Visits = list[tuple[Route, Stop]]

_NOTABLE_S = 30 * 60  # an arrival that moves less needs no word to the store


class PlannedVisit(Frozen):
    """When and by whom a store is visited."""

    rep: str
    week: int  # 1-based
    weekday: Weekday
    arrive: TimeOfDay
    template: str  # the label of the route


class ChangeRow(Frozen):
    """One row of the change list."""

    store_id: str
    store_name: str = ""
    store_class: str | None = Field(default=None, alias="class")  # none: no list knows the store
    change: ChangeKind
    was: tuple[PlannedVisit, ...]
    now: tuple[PlannedVisit, ...] = Field(alias="is")
    tell: tuple[Listener, ...]
    reps: tuple[str, ...]  # to tell: those who come and those who came
    contact: str | None = None  # of the store, where columns of the list name one
    supervisor: str | None = None  # by name, where a column names one

    @property
    def tells_supervisor(self) -> bool:
        """Whether the supervisor has to know."""
        return "supervisor" in self.tell


def change_list(
    plan: Plan, scenario: Scenario, previous: Plan, previous_scenario: Scenario | None = None
) -> tuple[ChangeRow, ...]:
    """Return the stores that are visited otherwise than by an earlier plan.

    In the order of the list; stores that are in it no more come last, with what the scenario of the
    earlier plan knew of them.
    """
    before, now = visits_by_store(previous.routes), visits_by_store(plan.routes)
    stores = {store.id: store for store in scenario.stores}
    known = {store.id: store for store in previous_scenario.stores} if previous_scenario else {}
    changes = []
    for store_id in [*stores, *(gone for gone in before if gone not in stores)]:
        kind = kind_of_change(before.get(store_id, []), now.get(store_id, []))
        if kind is None:
            continue
        store = stores.get(store_id) or known.get(store_id)
        if kind == "dropped":  # the class that it was visited as
            store = known.get(store_id) or store
        was, then = _planned(before.get(store_id, [])), _planned(now.get(store_id, []))
        changes.append(
            ChangeRow(
                store_id=store_id,
                store_name=store.name if store else "",
                store_class=store.store_class if store else None,
                change=kind,
                was=was,
                now=then,
                tell=whom_to_tell(kind),
                reps=tuple(dict.fromkeys(visit.rep for visit in (*was, *then))),
                contact=contact_text(store) if store else None,
                supervisor=supervisor_text(store) if store else None,
            )
        )
    return tuple(changes)


def whom_to_tell(kind: ChangeKind) -> tuple[Listener, ...]:
    """Return who has to know of a change; the supervisor where more than days or times change."""
    everyone: tuple[Listener, ...] = ("rep", "store", "supervisor")
    return everyone if kind in ("dropped", "number", "rep") else everyone[:2]


def _planned(visits: Sequence[tuple[Route, Stop]]) -> tuple[PlannedVisit, ...]:
    return tuple(
        PlannedVisit(
            rep=route.rep,
            week=route.week,
            weekday=route.weekday,
            arrive=stop.arrive,
            template=route.template,
        )
        for route, stop in visits
    )


def visits_by_store(routes: Iterable[Route]) -> dict[str, Visits]:
    """The visits of each store of a plan in order of the days."""
    found: dict[str, Visits] = {}
    for route in sorted(routes, key=lambda route: route.day):
        for stop in route.visits:
            found.setdefault(stop.store_id or "", []).append((route, stop))
    return found


def kind_of_change(was: Visits, now: Visits) -> ChangeKind | None:
    """What changed for a store, the weightiest first; none where nothing that matters did."""
    if not was and not now:
        return None
    if not was:
        return "new"
    if not now:
        return "dropped"
    if {route.rep for route, _ in was} != {route.rep for route, _ in now}:
        return "rep"
    if _days(was) != _days(now):
        return "days" if len(was) == len(now) else "number"
    moved = (abs(a.arrive - b.arrive) for (_, a), (_, b) in zip(was, now, strict=True))
    return "time" if max(moved) > _NOTABLE_S else None


def _days(visits: Visits) -> list[tuple[int, str]]:
    return [(route.week, route.weekday) for route, _ in visits]
