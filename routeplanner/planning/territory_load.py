"""One rep's stores, travel and days: what every estimate of hours starts from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.hours import WEEKDAYS, Weekday
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import service_s, visit_intervals
from routeplanner.domain.workday import WorkDay, work_day
from routeplanner.travel.source import TravelMatrix
from solvers.tour_estimate import FloatArray, IndexList, improve_tour, nearest_neighbor


@dataclass(frozen=True, slots=True)
class Slot:
    """A day of the cycle, or a route of the calendar with all days on which it is driven."""

    label: str  # route label, or weekday
    days: tuple[int, ...]  # of the cycle
    weekdays: tuple[Weekday, ...]  # of those days
    available: int  # seconds of work, overtime included, the tightest of its days
    in_store_limit: float  # seconds; infinite where there is none
    appointments: tuple[int, ...]  # numbers of appointments on any of its days
    appointment_s: int  # on the day with most


@dataclass(slots=True)
class Territory:
    """A rep with the stores that the estimate gives to them."""

    rep: Rep
    store_ids: tuple[str, ...]
    appointments: tuple[tuple[int, Appointment], ...]
    directed: FloatArray  # (n_nodes, n_nodes) seconds: base, stores, appointments
    distance: FloatArray  # the same, symmetric
    order: IndexList  # stores, as a giant tour passes them
    _longest: dict[object, NDArray[np.int64]] = field(default_factory=dict)

    def longest_stays(self, stores: Sequence[Store], policy: Policy) -> NDArray[np.int64]:
        """Seconds of the longest possible visit by store and weekday, (n_stores, 7)."""
        key = (policy.workdays, policy.working_day)
        if key not in self._longest:
            days = [work_day(policy, self.rep, weekday) for weekday in WEEKDAYS]
            self._longest[key] = np.array(
                [
                    [
                        _longest_stay(store, weekday, day)
                        for weekday, day in zip(WEEKDAYS, days, strict=True)
                    ]
                    for store in stores
                ],
                dtype=np.int64,
            ).reshape(len(stores), 7)
        return self._longest[key]

    def open_on(self, stores: Sequence[Store], policy: Policy, weekday: Weekday) -> bytes:
        """Which of the territory's stores can be visited on a weekday, one byte each."""
        stays = self.longest_stays(stores, policy)[:, WEEKDAYS.index(weekday)]
        needs = np.array([service_s(store, policy) for store in stores], np.int64)
        return (stays >= needs).tobytes()

    def split(self, seconds: Sequence[float], n_parts: int) -> list["Territory"]:
        """Stretches of the giant tour, each a territory with about the same part of the load.

        `seconds` is the load of every store, in the order of `store_ids`. Appointments stay with
        every part, as each rep would keep them.
        """
        total, passed = sum(seconds) or 1.0, 0.0
        parts: list[IndexList] = [[] for _ in range(n_parts)]
        for node in self.order:
            middle = passed + seconds[node - 1] / 2
            parts[min(int(middle / total * n_parts), n_parts - 1)].append(node)
            passed += seconds[node - 1]
        return [self._part(sorted(part), part) for part in parts]

    def _part(self, nodes: IndexList, order: IndexList) -> "Territory":
        fixed = range(len(self.store_ids) + 1, len(self.distance))
        chosen = [0, *nodes, *fixed]
        distance = self.distance[np.ix_(chosen, chosen)]
        place = {node: i for i, node in enumerate(nodes, start=1)}
        return Territory(
            rep=self.rep,
            store_ids=tuple(self.store_ids[node - 1] for node in nodes),
            appointments=self.appointments,
            directed=self.directed[np.ix_(chosen, chosen)],
            distance=distance,
            order=improve_tour(distance, [place[node] for node in order]),
        )


def territory(
    scenario: Scenario, matrix: TravelMatrix, rep: Rep, stores: Sequence[Store]
) -> Territory:
    """Travel between a rep's places and a giant tour through the stores."""
    own = tuple((i, a) for i, a in enumerate(scenario.appointments) if a.rep == rep.id)
    base = f"rep:{rep.id}"
    index = matrix.index()
    ids = [base, *(store.id for store in stores)]
    ids += [f"appointment:{i}" if f"appointment:{i}" in index else base for i, _ in own]
    places = [index[place] for place in ids]
    row = matrix.modes.index(rep.mode)
    directed = matrix.travel_s[row][np.ix_(places, places)].astype(np.float64)
    if rep.start_at == "store":
        directed[0, :] = 0.0
    if rep.end_at == "store":
        directed[:, 0] = 0.0
    distance = (directed + directed.T) / 2
    order = nearest_neighbor(distance, list(range(1, len(stores) + 1)))
    return Territory(
        rep=rep,
        store_ids=tuple(store.id for store in stores),
        appointments=own,
        directed=directed,
        distance=distance,
        order=improve_tour(distance, order),
    )


def slots_of(land: Territory, policy: Policy, cycle: Cycle) -> list[Slot]:
    """Routes of the calendar in the order of their first day, or all days of the cycle."""
    by_label: dict[str, list[int]] = {}
    for day, week, weekday in cycle.days():
        if work_day(policy, land.rep, weekday) is None:
            continue
        label = str(day)
        if isinstance(policy.calendar, tuple):
            label = policy.calendar[week - 1][cycle.workdays.index(weekday)]
        by_label.setdefault(label, []).append(day)
    has_calendar = isinstance(policy.calendar, tuple)
    return [
        _slot(land, policy, cycle, label if has_calendar else cycle.day(days[0]).weekday, days)
        for label, days in by_label.items()
    ]


def _slot(land: Territory, policy: Policy, cycle: Cycle, label: str, days: list[int]) -> Slot:
    weekdays = tuple(dict.fromkeys(cycle.day(d).weekday for d in days))
    shifts = [shift for w in weekdays if (shift := work_day(policy, land.rep, w)) is not None]
    per_day = [appointments_on(land, cycle, day) for day in days]
    share = policy.working_day.in_store_limit or float("inf")
    return Slot(
        label=label,
        days=tuple(days),
        weekdays=weekdays,
        available=min(shift.available + shift.overtime for shift in shifts),
        in_store_limit=min(share * (s.end - s.start - s.lunch) for s in shifts),
        appointments=tuple(dict.fromkeys(number for day in per_day for number, _ in day)),
        appointment_s=max(sum(a.end - a.start for _, a in day) for day in per_day),
    )


def appointments_on(land: Territory, cycle: Cycle, day: int) -> tuple[tuple[int, Appointment], ...]:
    """The rep's appointments of a day of the cycle, with their numbers."""
    at = cycle.day(day)
    return tuple(
        (number, a)
        for number, a in land.appointments
        if a.weekday == at.weekday and (not a.weeks or at.week in a.weeks)
    )


def _longest_stay(store: Store, weekday: Weekday, day: WorkDay | None) -> int:
    if day is None:
        return 0
    spans = visit_intervals(store, weekday)
    return max(
        (min(end, day.shift_hi + day.overtime) - max(start, day.shift_lo) for start, end in spans),
        default=0,
    )
