"""Small random problems with every kind of limit, and the parts to build others by hand."""

from random import Random
from typing import Any

import numpy as np

from solvers import UNLIMITED, Problem

Entry = tuple[int, int, int]  # slot, earliest start, latest start
Options = list[list[tuple[int, list[Entry]]]]  # by store: (cost, entries)
HOUR = 3600


def build(travel: Any, options: Options, n_slots: int, **fields: Any) -> Problem:
    """A problem of one profile; store i lies at place i + 1, place 0 is everyone's base."""
    n = len(options)
    flat = [option for store in options for option in store]
    entries = [entry for _, store in flat for entry in store]
    columns = np.array(entries, int).reshape(-1, 3)
    ones = np.ones(n_slots, int)
    values: dict[str, Any] = {
        "travel_s": np.array(travel, int)[None] if np.ndim(travel) == 2 else travel,
        "place_of_store": np.arange(1, n + 1),
        "service_s": np.full(n, 600),
        "in_store_s": np.full(n, 600),
        "demand": np.zeros(n, int),
        "required": [max((len(e) for _, e in store), default=0) for store in options],
        "miss_price": np.full(n, 100_000),
        "dear_price": np.zeros(n, int),
        "dear_visits": np.zeros(n, int),
        "option_ptr": np.cumsum([0, *(len(store) for store in options)]),
        "option_cost": [cost for cost, _ in flat],
        "entry_ptr": np.cumsum([0, *(len(e) for _, e in flat)]),
        "entry_slot": columns[:, 0],
        "entry_lo": columns[:, 1],
        "entry_hi": columns[:, 2],
        "slot_weight": ones,
        "slot_profile": 0 * ones,
        "slot_start_place": 0 * ones,
        "slot_end_place": 0 * ones,
        "slot_shift_lo": 9 * HOUR * ones,
        "slot_shift_hi": 17 * HOUR * ones,
        "slot_max_work_s": 7 * HOUR * ones,
        "slot_overtime_s": 0 * ones,
        "slot_in_store_limit_s": UNLIMITED * ones,
        "slot_balance_target_s": UNLIMITED * ones,
        "slot_lunch_s": 0 * ones,
        "slot_lunch_lo": 0 * ones,
        "slot_lunch_hi": 0 * ones,
        "slot_vehicles": ones,
        "slot_capacity": UNLIMITED * ones,
        "cost_travel": 10,
        "cost_wait": 2,
        "cost_overtime": 30,
        "cost_balance": 0,
        "cost_route": 0,
    }
    unknown = set(fields) - set(values)
    assert not unknown, unknown
    values |= fields
    return Problem(**{k: v if isinstance(v, int) else np.asarray(v) for k, v in values.items()})


def random_travel(rng: Random, n: int, is_metric: bool = True) -> list[list[int]]:
    points = [(rng.uniform(0, 3000), rng.uniform(0, 3000)) for _ in range(n)]
    return [
        [
            0
            if i == j
            else round(
                ((x - u) ** 2 + (y - v) ** 2) ** 0.5 * rng.uniform(1, 1.2 if is_metric else 3)
            )
            for j, (u, v) in enumerate(points)
        ]
        for i, (x, y) in enumerate(points)
    ]


def random_problem(rng: Random, n_stores: int, n_slots: int, **fields: Any) -> Problem:
    """A problem in which any limit may bind; `fields` override."""
    chance = rng.random

    def each_slot(*values: int) -> list[int]:
        return [rng.choice(values) for _ in range(n_slots)]

    def window() -> tuple[int, int]:
        if chance() < 0.5:
            return 8 * HOUR, 18 * HOUR
        lo = rng.randrange(8 * HOUR, 15 * HOUR, 300)
        return lo, lo + rng.randrange(-300, 3 * HOUR, 300)

    options: Options = []
    for _ in range(n_stores):
        wanted = rng.randint(1, min(2, n_slots))
        store = []
        for _ in range(rng.randint(1, 4)):
            slots = rng.sample(range(n_slots), rng.choice([wanted, wanted, 1]))
            store.append((rng.choice([0, 0, 500, 9000]), [(s, *window()) for s in slots]))
        options.append(store)
    weight = each_slot(1, 1, 2, 6)
    required = [
        max(sum(weight[s] for s, _, _ in entries) for _, entries in store) + rng.choice([0, 0, 1])
        for store in options
    ]
    service = [rng.randrange(0, 3600, 60) for _ in options]
    values: dict[str, Any] = {
        "travel_s": random_travel(rng, n_stores + 1, chance() < 0.7),
        "service_s": service,
        "in_store_s": service,
        "demand": [rng.randint(0, 3) for _ in options],
        "required": required,
        "miss_price": [rng.choice([500, 20_000, 200_000]) for _ in options],
        "dear_price": [rng.choice([0, 50_000]) for _ in options],
        "dear_visits": [rng.choice([0, 1, 1, 2]) for _ in options],
        "slot_weight": weight,
        "slot_start_place": each_slot(0, 0, -1, 1),
        "slot_end_place": each_slot(0, 0, -1, 1),
        "slot_shift_lo": each_slot(8 * HOUR, 9 * HOUR, 12 * HOUR),
        "slot_shift_hi": each_slot(13 * HOUR, 16 * HOUR, 17 * HOUR),
        "slot_max_work_s": each_slot(2 * HOUR, 4 * HOUR, 8 * HOUR),
        "slot_overtime_s": each_slot(0, 0, HOUR // 2, HOUR),
        "slot_in_store_limit_s": each_slot(UNLIMITED, UNLIMITED, 2 * HOUR),
        "slot_balance_target_s": each_slot(UNLIMITED, HOUR),
        "slot_lunch_s": each_slot(0, HOUR // 2, HOUR),
        "slot_lunch_lo": [11 * HOUR + 1800] * n_slots,
        "slot_lunch_hi": each_slot(12 * HOUR, 13 * HOUR, 14 * HOUR),
        "slot_vehicles": each_slot(1, 1, 1, 2),
        "slot_capacity": each_slot(UNLIMITED, UNLIMITED, 6),
        "cost_balance": 5,
        "cost_route": rng.choice((0, 6000)),
    }
    return build(values.pop("travel_s"), options, n_slots, **(values | fields))
