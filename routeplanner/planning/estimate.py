"""Hours needed against hours there are, in seconds and without solving (handbook part 2, 线路图).

Every visit gets a day of the cycle, every day a short tour: the figures are those of a rough plan,
not of a formula. Opening hours bound the days, and what can be done before stores close; waiting is
left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of, service_s
from routeplanner.domain.workday import work_day
from routeplanner.domain.workload import (
    ClassHours,
    ClosingRush,
    RepHours,
    RouteHours,
    Workload,
)
from routeplanner.planning.closing_rush import closing_rush
from routeplanner.planning.load_options import load_problem
from routeplanner.planning.share_out import share_out, visits_per_week
from routeplanner.planning.territory_load import (
    Slot,
    Territory,
    appointments_on,
    slots_of,
    territory,
)
from routeplanner.travel.source import TravelMatrix
from solvers.load_estimate import LoadProblem, improve_spread, spread_by_stretches, tours_of
from solvers.tour_estimate import IndexList, tour_length

_ROUNDS = 6
_LARGE_TERRITORY = 400


class Estimator:
    """Territories of a scenario, ready to be estimated under one policy after another."""

    def __init__(self, scenario: Scenario, matrix: TravelMatrix) -> None:
        self.scenario, self.matrix = scenario, matrix
        shares = share_out(scenario, matrix)
        self.territories = [
            territory(scenario, matrix, rep, shares[rep.id]) for rep in scenario.reps
        ]

    def estimate(
        self,
        policy: Policy,
        cycle: Cycle,
        stores: Sequence[Store],
        *,
        is_rough: bool = False,
        territories: Sequence[Territory] | None = None,
    ) -> Workload:
        """The workload under a policy; rough ones are quicker and find a few percent more travel.

        `territories` stand in for the scenario's own, as where more reps share the stores.
        """
        by_id = {store.id: store for store in stores}
        found = [
            _Case(policy, cycle, by_id, is_rough).rep_hours(land)
            for land in (self.territories if territories is None else territories)
        ]
        reps = tuple(rep for rep, _ in found)
        needed = sum(rep.needed_hours for rep in reps)
        available = sum(rep.available_hours for rep in reps)
        return Workload(
            policy=policy.name,
            weeks=cycle.weeks,
            days_per_week=len(cycle.workdays),
            reps=reps,
            classes=_class_hours(stores, policy, cycle, self.scenario.reps),
            calendar=policy.calendar if isinstance(policy.calendar, tuple) else None,
            in_store_limit=policy.working_day.in_store_limit,
            stores_without_days=tuple(store_id for _, short in found for store_id in short),
            reps_needed=needed / (available / len(reps)) if available else float("inf"),
            travel_source=self.matrix.source,
        )


@dataclass(frozen=True, slots=True)
class _Case:
    """One policy under which territories are estimated."""

    policy: Policy
    cycle: Cycle
    stores: Mapping[str, Store]
    is_rough: bool

    def rep_hours(self, land: Territory) -> tuple[RepHours, tuple[str, ...]]:
        """The hours of a rep, and the stores that find too few days."""
        slots = slots_of(land, self.policy, self.cycle)
        problem, short = load_problem(land, self.stores, self.policy, self.cycle, slots)
        chosen = spread_by_stretches(problem)
        if not self.is_rough and slots:
            rounds = _ROUNDS if len(land.order) <= _LARGE_TERRITORY else 1
            chosen = improve_spread(problem, chosen, rounds)
        days = [
            self._day(land, slot, problem, tour)
            for slot, tour in zip(slots, tours_of(problem, chosen), strict=True)
        ]
        shifts = [s for w in WEEKDAYS if (s := work_day(self.policy, land.rep, w)) is not None]
        booked = sum(
            appointment.end - appointment.start
            for day in range(self.cycle.n_days)
            for _, appointment in appointments_on(land, self.cycle, day)
        )
        per_week = 1 / self.cycle.weeks / 3600
        hours = RepHours(
            rep=land.rep.id,
            stores=len(land.store_ids),
            working_hours=sum(shift.end - shift.start for shift in shifts) / 3600,
            in_store_hours=sum(day.n * day.in_store for day in days) * per_week,
            travel_hours=sum(day.n * day.travel for day in days) * per_week,
            appointment_hours=booked * per_week,
            office_hours=sum(shift.prepare + shift.summary for shift in shifts) / 3600,
            lunch_hours=sum(shift.lunch for shift in shifts) / 3600,
            overtime_hours=sum(shift.overtime for shift in shifts) / 3600,
            available_hours=sum(shift.available + shift.overtime for shift in shifts) / 3600,
            routes=self._routes(land, days),
        )
        return hours, short

    def _day(self, land: Territory, slot: Slot, problem: LoadProblem, tour: IndexList) -> "_Day":
        counts = dict.fromkeys(self.policy.classes.labels, 0)
        for node in tour:
            if node <= len(land.store_ids):
                counts[class_of(self.stores[land.store_ids[node - 1]])] += 1
        in_store = float(problem.service[tour].sum())
        travel = _travel(land, tour)
        rush = None if self.is_rough else self._rush(land, slot, tour, travel)
        return _Day(slot, in_store, travel, counts, rush)

    def _rush(
        self, land: Territory, slot: Slot, tour: IndexList, travel: float
    ) -> ClosingRush | None:
        own = [
            self.stores[land.store_ids[node - 1]] for node in tour if node <= len(land.store_ids)
        ]
        shifts = [work_day(self.policy, land.rep, weekday) for weekday in slot.weekdays]
        return closing_rush(
            [(store, service_s(store, self.policy)) for store in own],
            slot.weekdays,
            [shift for shift in shifts if shift is not None],
            travel,
        )

    def _routes(self, land: Territory, days: Sequence["_Day"]) -> tuple[RouteHours, ...]:
        """One row a route of the calendar, or a weekday over the weeks."""
        has_calendar = isinstance(self.policy.calendar, tuple)
        by_label: dict[str, list[_Day]] = {}
        for day in days:
            by_label.setdefault(day.slot.label, []).append(day)
        names = sorted(by_label, key=lambda name: (len(name), name))  # T2 before T10
        if not has_calendar:
            names = [weekday for weekday in WEEKDAYS if weekday in by_label]
        return tuple(
            _route_hours(land.rep.id, name, by_label[name], is_weekday=not has_calendar)
            for name in names
        )


@dataclass(frozen=True, slots=True)
class _Day:
    """One day of the cycle, or a route on each of its days; seconds."""

    slot: Slot
    in_store: float
    travel: float
    visits_by_class: dict[str, int]
    rush: ClosingRush | None

    @property
    def n(self) -> int:
        """Days of the cycle."""
        return len(self.slot.days)

    @property
    def needed(self) -> float:
        """Work from leaving to returning."""
        return self.in_store + self.travel + self.slot.appointment_s

    @property
    def filled(self) -> float:
        """Share of the day, or of the in-store limit where that is nearer."""
        return max(self.needed / self.slot.available, self.in_store / self.slot.in_store_limit)


def _route_hours(rep: str, label: str, days: Sequence[_Day], *, is_weekday: bool) -> RouteHours:
    n = sum(day.n for day in days)
    limit = min(day.slot.in_store_limit for day in days)
    counts = {
        name: sum(day.n * day.visits_by_class[name] for day in days) / n
        for name in days[0].visits_by_class
    }
    return RouteHours(
        rep=rep,
        label=label,
        is_weekday=is_weekday,
        days=n,
        visits=sum(counts.values()),
        visits_by_class=counts,
        in_store_minutes=sum(day.n * day.in_store for day in days) / n / 60,
        travel_minutes=sum(day.n * day.travel for day in days) / n / 60,
        appointment_minutes=sum(day.n * day.slot.appointment_s for day in days) / n / 60,
        available_minutes=min(day.slot.available for day in days) / 60,
        fullest_minutes=max(day.needed for day in days) / 60,
        fullest_in_store_minutes=max(day.in_store for day in days) / 60,
        in_store_limit_minutes=None if limit == float("inf") else limit / 60,
        closing_rush=max(
            (day.rush for day in days if day.rush), key=lambda rush: rush.filled, default=None
        ),
        filled=max(day.filled for day in days),
    )


def _class_hours(
    stores: Sequence[Store], policy: Policy, cycle: Cycle, reps: Sequence[Rep]
) -> tuple[ClassHours, ...]:
    planned = [store for store in stores if store.is_planned]
    rows: list[ClassHours] = []
    for label in policy.classes.labels:
        own = [store for store in planned if class_of(store) == label]
        visits = [visits_per_week(store, policy, cycle) for store in own]
        seconds = sum(n * service_s(s, policy) for n, s in zip(visits, own, strict=True))
        rows.append(
            ClassHours(
                label=label,
                stores=len(own),
                visits_per_week=sum(visits),
                in_store_hours=seconds / 3600,
                in_store_minutes_per_day=seconds / 60 / len(cycle.workdays) / len(reps),
            )
        )
    return tuple(rows)


def _travel(land: Territory, tour: IndexList) -> float:
    """Seconds in the cheaper direction of a tour; they differ where travel is asymmetric."""
    return min(tour_length(land.directed, tour), tour_length(land.directed, tour[::-1]))
