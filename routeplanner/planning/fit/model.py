"""The levers of `fit` as a problem of `solvers.relaxations`: minutes needed and there, estimated.

A store needs its visits a week times its minutes and its share of the way. The way is that of the
estimate of hours (`planning.estimate`); it is corrected by every plan that is made.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of, service_s
from routeplanner.domain.what_if import Alternative
from routeplanner.domain.workday import work_day
from routeplanner.planning.estimate import Estimator
from routeplanner.planning.fit.ladders import Ladder, merged
from routeplanner.planning.lever_steps import applied, classed, rate_of
from routeplanner.planning.share_out import visits_per_week
from routeplanner.travel.source import TravelMatrix
from solvers.relaxations import Need, Relaxations
from solvers.tour_estimate import FloatArray

_FULL = 0.9
"""Reps that are estimated less full than this need no store put out."""

_MOST_STORES = 12
"""Of a class, that are put out for their minutes."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Each store's share of the travel in minutes a visit, and the rep who is to go there."""

    minutes: Mapping[str, float]
    territory: Mapping[str, int]  # the place of its rep in scenario.reps
    filled: tuple[float, ...]  # of each rep, estimated

    @property
    def n_territories(self) -> int:
        """One a rep."""
        return len(self.filled)


def ways_of(scenario: Scenario, matrix: TravelMatrix) -> Ways:
    """Return the travel of the estimate, spread over visits by how far stores lie from others."""
    estimator = Estimator(scenario, matrix)
    found = estimator.estimate(scenario.policy, scenario.cycle, scenario.stores)
    by_id = {store.id: store for store in scenario.stores}
    minutes: dict[str, float] = {}
    territory: dict[str, int] = {}
    for place, (land, hours) in enumerate(zip(estimator.territories, found.reps, strict=True)):
        apart = _apart(land.distance[: len(land.store_ids) + 1, : len(land.store_ids) + 1])
        visits = [
            visits_per_week(by_id[s], scenario.policy, scenario.cycle) for s in land.store_ids
        ]
        whole = sum(n * far for n, far in zip(visits, apart, strict=True))
        for store, far in zip(land.store_ids, apart, strict=True):
            minutes[store] = hours.travel_hours * 60 * far / whole if whole else 0.0
            territory[store] = place
    filled = tuple(rep.filled for rep in found.reps)
    return Ways(minutes, territory, filled)


def candidates(scenario: Scenario, ways: Ways, first: Sequence[Store]) -> tuple[Store, ...]:
    """Return the stores that may be put out: the first ones, then others by their minutes.

    Others are those of full reps, so many of a class.

    Parameters
    ----------
    first
        Stores that find too few days, however many.
    """
    policy, cycle = scenario.policy, scenario.cycle

    def minutes(store: Store) -> float:
        stay = service_s(store, policy) / 60 + ways.minutes[store.id]
        return visits_per_week(store, policy, cycle) * stay

    known = {store.id for store in first}
    others = [
        store
        for store in scenario.stores
        if store.is_planned
        and store.id not in known
        and ways.filled[ways.territory[store.id]] >= _FULL
    ]
    others.sort(key=lambda store: (-minutes(store), store.id))
    of_class: Counter[str] = Counter()
    found = list(first)
    for store in others:
        label = class_of(store)
        of_class[label] += 1
        if of_class[label] <= _MOST_STORES:
            found.append(store)
    return tuple(found)


def relaxations(
    scenario: Scenario, ladders: Sequence[Ladder], ways: Ways, factor: float
) -> Relaxations:
    """Return the problem of the ladders; a resource is a rep's minutes a week, need less there is.

    Parameters
    ----------
    factor
        By which plans were found to travel more than the estimate.
    """
    table = _Tables(scenario, ladders, ways, factor)
    needs = [table.of_class(label) for label in scenario.policy.classes.labels]
    needs += [table.of_stores(i) for i, each in enumerate(ladders) if each.lever == "stores"]
    needs.append(table.of_days())
    return Relaxations(
        n_levels=tuple(len(ladder.steps) + 1 for ladder in ladders),
        step_cost=tuple(ladder.points for ladder in ladders),
        needs=tuple(needs),
        forbidden=tuple(_class_disorder(scenario, ladders)),
    )


def available_minutes(scenario: Scenario, policy: Policy) -> FloatArray:
    """Return the minutes a week that each rep has to plan, overtime included."""
    days = [[work_day(policy, rep, weekday) for weekday in WEEKDAYS] for rep in scenario.reps]
    return np.array(
        [sum(d.available + d.overtime for d in own if d is not None) / 60 for own in days]
    )


class _Tables:
    """Minutes by the levels of those ladders that they hang on."""

    def __init__(
        self, scenario: Scenario, ladders: Sequence[Ladder], ways: Ways, factor: float
    ) -> None:
        self.scenario, self.ladders, self.ways, self.factor = scenario, ladders, ways, factor
        self.lines = self._place("classes")
        lower = ladders[self.lines].steps if self.lines is not None else ()
        self.stores_at = [scenario.stores]
        for step in lower:
            self.stores_at.append(classed(scenario, applied(scenario.policy, step.policy)))

    def of_class(self, label: str) -> Need:
        """Of all stores of a class, by class lines, its frequency and its minutes."""
        places = self._places(label)
        shape = [len(self.ladders[place].steps) + 1 for place in places]
        table = np.zeros((*shape, self.ways.n_territories), dtype=np.int64)
        for levels in product(*(range(n) for n in shape)):
            policy = self._policy(places, levels)
            at = levels[places.index(self.lines)] if self.lines in places else 0
            own = [s for s in self.stores_at[at] if s.is_planned and class_of(s) == label]
            for store in own:
                table[levels][self.ways.territory[store.id]] += self._minutes(store, policy)
        return Need(tuple(places), table)

    def of_stores(self, ladder: int) -> Need:
        """What stores that are put out spare, by the frequency and minutes of their class."""
        own = self.ladders[ladder]
        places = [p for p in self._places(own.label) if p != self.lines]
        shape = [len(self.ladders[place].steps) + 1 for place in places]
        table = np.zeros((len(own.steps) + 1, *shape, self.ways.n_territories), dtype=np.int64)
        by_step = np.moveaxis(table, 0, -1)
        by_id = {store.id: store for store in self.scenario.stores}
        out = [by_id[change.store or ""] for change in own.steps[-1].stores]
        for levels in product(*(range(n) for n in shape)):
            policy = self._policy(places, levels)
            for n, store in enumerate(out, start=1):
                territory = self.ways.territory[store.id]
                by_step[levels][territory][n:] -= self._minutes(store, policy)
        return Need((ladder, *places), table)

    def of_days(self) -> Need:
        """What there is, below 0, by longer days and more reps."""
        places = [p for p in (self._place("longest_day"), self._place("reps")) if p is not None]
        shape = [len(self.ladders[place].steps) + 1 for place in places]
        table = np.zeros((*shape, self.ways.n_territories), dtype=np.int64)
        for levels in product(*(range(n) for n in shape)):
            there = available_minutes(self.scenario, self._policy(places, levels))
            more = sum(step.more_reps for step in self._steps(places, levels))
            table[levels] = -np.round(there * self._reps(there, more))
        return Need(tuple(places), table)

    def _reps(self, there: FloatArray, more: int) -> FloatArray:
        """How many reps share each territory: whoever is fullest is helped first."""
        need = np.zeros(self.ways.n_territories)
        for store in self.scenario.stores:
            if store.is_planned:
                need[self.ways.territory[store.id]] += self._minutes(store, self.scenario.policy)
        n_reps = np.ones(self.ways.n_territories)
        for _ in range(more):
            n_reps[int(np.argmax(need / np.maximum(there * n_reps, 1)))] += 1
        return n_reps

    def _minutes(self, store: Store, policy: Policy) -> int:
        way = self.ways.minutes[store.id] * self.factor
        visits = visits_per_week(store, policy, self.scenario.cycle)
        return round(visits * (service_s(store, policy) / 60 + way))

    def _policy(self, places: Sequence[int], levels: Sequence[int]) -> Policy:
        return applied(self.scenario.policy, merged(self._steps(places, levels)).policy)

    def _steps(self, places: Sequence[int], levels: Sequence[int]) -> list[Alternative]:
        chosen = zip(places, levels, strict=True)
        return [self.ladders[place].steps[level - 1] for place, level in chosen if level]

    def _place(self, lever: str) -> int | None:
        return next((i for i, ladder in enumerate(self.ladders) if ladder.lever == lever), None)

    def _places(self, label: str) -> list[int]:
        levers = ("frequency", "minutes")
        own = [i for i, x in enumerate(self.ladders) if x.label == label and x.lever in levers]
        return [*([] if self.lines is None else [self.lines]), *own]


def _apart(distance: FloatArray) -> FloatArray:
    """How far each store lies from the two nearest other places, in seconds."""
    near = np.sort(distance + np.diag(np.full(len(distance), np.inf)), axis=1)[1:, :2]
    apart: FloatArray = np.where(np.isfinite(near), near, 0.0).mean(axis=1) + 1
    return apart


def _class_disorder(
    scenario: Scenario, ladders: Sequence[Ladder]
) -> list[tuple[tuple[int, int], ...]]:
    """Pairs of levels at which a class would be visited more often than a better one."""
    policy, labels = scenario.policy, scenario.policy.classes.labels
    place = {ladder.label: i for i, ladder in enumerate(ladders) if ladder.lever == "frequency"}
    rates = {label: _rates(policy, ladders, place.get(label), label) for label in labels}
    found: list[tuple[tuple[int, int], ...]] = []
    for better, worse in pairwise(labels):
        for (i, up), (j, down) in product(enumerate(rates[better]), enumerate(rates[worse])):
            if up < down and (i or j):
                pairs = ((place.get(better), i), (place.get(worse), j))
                found.append(tuple((at, level) for at, level in pairs if at is not None))
    return found


def _rates(policy: Policy, ladders: Sequence[Ladder], place: int | None, label: str) -> list[float]:
    steps = ladders[place].steps if place is not None else ()
    policies = [policy, *(applied(policy, step.policy) for step in steps)]
    return [rate_of(each.visit_rules[label].frequency, each) for each in policies]
