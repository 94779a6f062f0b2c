"""One generated territory: a problem, and the planted plan that shows it to be feasible."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from benchmarks.field.assembly import Options, assemble, lay_options
from benchmarks.field.choices import Choices, Pairs, choices_of_pairs, open_days, pair_up
from benchmarks.field.demand import DAILY
from benchmarks.field.hours import Hours, cut_hours, needed_hours
from benchmarks.field.layout import IndexArray
from benchmarks.field.opening import Opening, draw_opening, unclose_midday
from benchmarks.field.planted import Ground, Planted, break_ground, plant
from benchmarks.field.rules import TerritoryRules
from solvers import Problem, Solution


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """A problem with what its stores and slots stand for."""

    rules: TerritoryRules
    problem: Problem
    planted: Solution | None  # feasible and complete; None where the territory is overloaded
    class_of_store: IndexArray  # (problem.n_stores,) 0: A, 1: B, 2: C, -1: appointment
    rep_of_slot: IndexArray  # (n_slots,)
    needed_s: int  # work of the planted plan
    available_s: int  # longest work of all slots together


def territory(rules: TerritoryRules | None = None, **fields: Any) -> Territory:
    """Return the territory of some rules, or of the usual ones with other fields."""
    rules = rules or TerritoryRules(**fields)
    ground = break_ground(rules)
    planted = plant(ground)
    opening = draw_opening(ground, planted)
    hours = needed_hours(ground, planted)
    pairs, found, chosen = planted_choices(ground, planted, opening, hours)
    if rules.overload:
        hours = cut_hours(ground, planted, hours)
        pairs = pair_up(ground, hours, opening)
        found = choices_of_pairs(ground, pairs)
    options = lay_options(ground, pairs, found, planted.stays)
    required = ground.demand.visits_per_cycle(rules)
    is_daily = ground.demand.visits == DAILY
    required[is_daily] = open_days(ground, hours, opening, pairs)[is_daily]
    problem = assemble(ground, hours, pairs, options, required, planted.stays)
    return Territory(
        rules=rules,
        problem=problem,
        planted=None if rules.overload else _solution(rules, planted, options, chosen),
        class_of_store=np.concatenate(
            [ground.demand.class_of_store, np.full(len(planted.stays), -1, dtype=np.int32)]
        ),
        rep_of_slot=np.repeat(np.arange(rules.n_reps, dtype=np.int32), rules.n_days),
        needed_s=sum(timing.work_s for timing in planted.timings),
        available_s=int(hours.longest.sum()),
    )


def planted_choices(
    ground: Ground, planted: Planted, opening: Opening, hours: Hours
) -> tuple[Pairs, list[Choices | None], list[int]]:
    """
    Return the choices of all pairs, and which of its own each store's planted days are.

    Of mornings and afternoons only uniform combinations may stand among the choices: stores whose
    planted visits are another one are opened over midday.
    """
    starts: list[dict[int, int]] = [{} for _ in range(ground.rules.stores)]
    for slot, (route, timing) in enumerate(zip(planted.routes, planted.timings, strict=True)):
        for store, start in zip(route, timing.start, strict=True):
            if store < ground.rules.stores:
                starts[store][slot % ground.rules.n_days] = start
    pairs = pair_up(ground, hours, opening)
    found = choices_of_pairs(ground, pairs)
    chosen = [_match(pairs, found, store, days) for store, days in enumerate(starts)]
    missing = [store for store, option in enumerate(chosen) if option < 0]
    if missing:
        unclose_midday(opening, np.array(missing))
        pairs = pair_up(ground, hours, opening)
        found = choices_of_pairs(ground, pairs)
        for store in missing:
            chosen[store] = _match(pairs, found, store, starts[store])
    if min(chosen) < 0:
        raise AssertionError("a planted visit lies outside the hours that were made for it")
    return pairs, found, chosen


def _match(
    pairs: Pairs, found: list[Choices | None], store: int, start_of_day: dict[int, int]
) -> int:
    """Return the choice, with the store's planted rep, that holds its planted visits; or -1."""
    pair = store * (len(pairs.store) // (int(pairs.store[-1]) + 1))
    choices = found[pair]
    if choices is None:
        return -1
    n_weekdays = pairs.n_windows.shape[1]
    for option in _by_days(choices).get(tuple(sorted(start_of_day)), ()):
        days, turns = choices.entries(option)
        place = (pair, days % n_weekdays, turns)
        start = np.array([start_of_day[int(day)] for day in days])
        if np.all((pairs.lo[place] <= start) & (start <= pairs.hi[place])):
            return option
    return -1


@lru_cache(maxsize=4096)
def _by_days(choices: Choices) -> dict[tuple[int, ...], list[int]]:
    """Return the options of each set of days."""
    options: dict[tuple[int, ...], list[int]] = {}
    for option in range(len(choices.cost)):
        days, _ = choices.entries(option)
        options.setdefault(tuple(int(day) for day in days), []).append(option)
    return options


def _solution(
    rules: TerritoryRules, planted: Planted, options: Options, chosen: list[int]
) -> Solution:
    first = options.first_of_pair.reshape(rules.stores, -1)[:, 0]
    stays = options.option_ptr[rules.stores : -1]
    return Solution(
        option_of_store=(
            *(int(option) for option in first + np.array(chosen)),
            *(int(option) for option in stays),
        ),
        routes=tuple((route,) for route in planted.routes),
    )
