"""What would make a territory fit: single changes, the smallest combination, more reps.

Every lever is estimated like the workload itself (`planning.workload`) and said to fit only with a
little room to spare, so that a plan made with it is complete.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.workload import Lever, RepHours, Workload
from routeplanner.planning.estimate import Estimator
from routeplanner.planning.lever_steps import (
    Step,
    applied,
    classed,
    cycle_of,
    extra_steps,
    frequency_steps,
    keeps_class_order,
    single_steps,
)
from routeplanner.planning.share_out import rough_seconds
from routeplanner.planning.territory_load import Territory
from routeplanner.planning.workload import settled_workload
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix

SAFE_FILL = 0.97
SAFE_ROUTE_FILL = 0.93
"""How full the fullest day may be where a lever is said to fit; less under a route calendar, where
stores have few other days to turn to."""

_NEAR_FILL = 1.06
"""Rough estimates up to this full are worth a closer look."""

_PRICE_OF_A_CHANGE = 0.02
"""Share of the hours that each further change of a combination has to save."""

_NO_HELP = 0.999
"""A change that leaves this much of what was too full is no help."""

_MAX_CLOSER_LOOKS = 12
_MAX_CLOSER_LOOKS_AUTO = 4
"""Each ranks calendars of its own."""

_MORE_REPS_TRIED = 6


def levers(scenario: Scenario, matrix: TravelMatrix, base: Workload) -> tuple[Lever, ...]:
    """Changes with their hours, single ones first; none where everything fits as it is.

    The single change that fits with the least given up is marked; where none does, a combination
    is. The number of reps that would do comes last.
    """
    if base.fits:
        return ()
    desk = _Desk(scenario, Estimator(scenario, matrix), base)
    singles = [lever for step in single_steps(scenario) if (lever := desk.lever((step,)))]
    fitting = [lever for lever in singles if lever.fits]
    if fitting:
        # Earlier ones of equal hours give less up: the smaller step of a limit.
        best = max(fitting, key=lambda lever: (-lever.n_stores_without_days, lever.filled))
        found = [lever.model_copy(update={"is_smallest": lever is best}) for lever in singles]
    else:
        combination = desk.smallest_combination()
        found = [*singles, *([combination] if combination else [])]
    more_reps = desk.more_reps()
    return (*found, *([more_reps] if more_reps else []))


@dataclass(slots=True)
class _Desk:
    """Tries changes on one scenario."""

    scenario: Scenario
    estimator: Estimator
    base: Workload
    travel_ratio: float = 1.0  # of the closer to the rougher estimate

    def __post_init__(self) -> None:
        rough = self._estimate((), is_rough=True)
        travel = sum(rep.travel_hours for rep in rough.reps)
        if travel:
            self.travel_ratio = sum(rep.travel_hours for rep in self.base.reps) / travel

    def lever(self, steps: tuple[Step, ...], always_closer: bool = False) -> Lever | None:
        """The lever of some steps; none where it saves nothing or leaves stores without days."""
        found = self._estimate(steps, is_rough=True)
        ratio = self.travel_ratio
        if always_closer or found.filled <= _NEAR_FILL:
            found, ratio = self._estimate(steps), 1.0
        if not set(found.stores_without_days) <= set(self.base.stores_without_days):
            return None
        if ratio == 1.0 and found.calendar is None and _is_auto(self._policy(steps)):
            return None  # so many routes make no calendar then: a plan would be refused
        hours = _hours(found, ratio)
        if not self._helps(steps[0], found, hours):
            return None
        return Lever(
            kind=steps[0].kind if len(steps) == 1 else "combination",
            name=" + ".join(step.name for step in steps),
            changes=tuple(change for step in steps for change in step.changes),
            needed_hours=hours,
            available_hours=found.available_hours,
            fullest=found.fullest,
            fits=ratio == 1.0 and _is_safe(found),
            n_stores_without_days=len(found.stores_without_days),
        )

    def _helps(self, step: Step, found: Workload, hours: float) -> bool:
        """Whether a change saves hours, or eases the fullest day where it is not about hours."""
        if step.kind == "calendar":
            return True
        if step.kind == "in_store":
            return found.fullest <= _NO_HELP * self.base.fullest
        return hours / found.available_hours <= _NO_HELP * self.base.filled

    def smallest_combination(self) -> Lever | None:
        """The combination of steps that fits with the least given up, if one does."""
        is_auto = _is_auto(self.scenario.policy)
        most = _MAX_CLOSER_LOOKS_AUTO if is_auto else _MAX_CLOSER_LOOKS
        for extra in extra_steps(self.scenario):
            for steps in self._by_hours_kept(extra)[:most]:
                lever = self.lever(steps, always_closer=True)
                if lever is not None and lever.fits:
                    return lever.model_copy(update={"is_smallest": True})
        return None

    def more_reps(self) -> Lever | None:
        """As many reps from the same bases as it takes, each territory split into stretches."""
        parts: list[Territory] = []
        for land, rep in zip(self.estimator.territories, self.base.reps, strict=True):
            split = self._split(land, rep)
            if split is None:
                return None
            parts += split
        found = self._estimate((), territories=parts)
        return Lever(
            kind="reps",
            name=text("hours.n_reps", self.scenario.language, n=len(parts)),
            n_reps=len(parts),
            needed_hours=found.needed_hours,
            available_hours=found.available_hours,
            fullest=found.fullest,
            fits=_is_safe(found),
        )

    def _split(self, land: Territory, rep: RepHours) -> list[Territory] | None:
        policy, cycle = self.scenario.policy, self.scenario.cycle
        if max((rep.filled, *(route.filled for route in rep.routes))) <= 1:
            return [land]
        by_id = {store.id: store for store in self.scenario.stores}
        seconds = [rough_seconds(by_id[store_id], policy, cycle) for store_id in land.store_ids]
        least = max(2, math.ceil(max(rep.filled, _filled_in_store(rep)) / SAFE_FILL))
        for n_parts in range(least, least + _MORE_REPS_TRIED):
            parts = land.split(seconds, n_parts)
            if _is_safe(self._estimate((), territories=parts)):
                return parts
        return None

    def _by_hours_kept(self, extra: tuple[Step, ...]) -> list[tuple[Step, ...]]:
        """Combinations whose rough hours come near enough, the most hours kept first."""
        ladders = [(None, *steps) for steps in frequency_steps(self.scenario)]
        rated: list[tuple[float, int, tuple[Step, ...]]] = []
        for place, choice in enumerate(product(*ladders)):
            steps = (*(step for step in choice if step is not None), *extra)
            if len(steps) < 2 or not keeps_class_order(self.scenario, steps):
                continue
            found = self._estimate(steps, is_rough=True)
            if found.filled <= _NEAR_FILL:
                kept = _hours(found, self.travel_ratio) / found.available_hours
                rated.append((-kept * (1 - _PRICE_OF_A_CHANGE * len(steps)), place, steps))
        return [steps for _, _, steps in sorted(rated, key=lambda entry: entry[:2])]

    def _estimate(
        self,
        steps: Sequence[Step],
        *,
        is_rough: bool = False,
        territories: Sequence[Territory] | None = None,
    ) -> Workload:
        policy = self._policy(steps)
        stores = classed(self.scenario, policy)
        cycle = cycle_of(policy, stores)
        if _is_auto(policy):
            if not is_rough and territories is None:
                return settled_workload(self.estimator, policy, cycle, stores)
            # Calendars are ranked for close looks alone; free days tell how many hours it takes.
            rows = None if is_rough else self.base.calendar
            policy = policy.model_copy(update={"calendar": rows})
        return self.estimator.estimate(
            policy, cycle, stores, is_rough=is_rough, territories=territories
        )

    def _policy(self, steps: Sequence[Step]) -> Policy:
        return applied(self.scenario.policy, tuple(c for step in steps for c in step.changes))


def _is_auto(policy: Policy) -> bool:
    return policy.calendar == "auto"


def _is_safe(found: Workload) -> bool:
    return found.fullest <= (SAFE_ROUTE_FILL if found.has_calendar else SAFE_FILL)


def _filled_in_store(rep: RepHours) -> float:
    """Minutes in store against the limit on them, over all days; 0 where there is no limit."""
    there = sum(route.days * (route.in_store_limit_minutes or 0.0) for route in rep.routes)
    needed = sum(route.days * route.in_store_minutes for route in rep.routes)
    return needed / there if there else 0.0


def _hours(found: Workload, travel_ratio: float) -> float:
    travel = sum(rep.travel_hours for rep in found.reps)
    return found.needed_hours + travel * (travel_ratio - 1)
