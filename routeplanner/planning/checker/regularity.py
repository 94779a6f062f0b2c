"""How regular a plan is, counted from its routes: gaps, weekdays, order and arrival times."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.plan import Route, Stop

_Calls = dict[str, list[tuple[Route, Stop]]]


def regularity_figures(cycle: Cycle, routes: Sequence[Route]) -> dict[str, float]:
    """The figures of stores with two or more visits, by their names in the measures."""
    calls: _Calls = defaultdict(list)
    for route in routes:
        for stop in route.visits:
            calls[stop.store_id or ""].append((route, stop))
    repeated = {store: own for store, own in calls.items() if len(own) > 1}
    off = _days_off_ideal_gap(cycle, repeated)
    return {
        "days_off_ideal_gap_mean": sum(off) / len(off) if off else 0.0,
        "days_off_ideal_gap_max": max(off, default=0.0),
        "same_weekday_share": _same_weekday_share(cycle, repeated),
        "same_order_share": _same_order_share(routes),
        "arrival_spread_minutes": _arrival_spread(repeated) / 60,
    }


def _days_off_ideal_gap(cycle: Cycle, repeated: _Calls) -> list[float]:
    ring = cycle.weeks * 7
    off = []
    for own in repeated.values():
        dates = sorted(cycle.calendar_day(route.day) for route, _ in own)
        for place, date in enumerate(dates):
            # Index -1 is the last visit of the cycle before.
            gap = date - dates[place - 1] + (0 if place else ring)
            off.append(abs(gap - ring / len(dates)))
    return off


def _same_weekday_share(cycle: Cycle, repeated: _Calls) -> float:
    total = usual = 0
    for own in repeated.values():
        most = sorted(Counter(route.weekday for route, _ in own).values(), reverse=True)
        usual += sum(most[: math.ceil(len(own) / cycle.weeks)])
        total += len(own)
    return usual / total if total else 1.0


def _same_order_share(routes: Sequence[Route]) -> float:
    """Of the pairs of stores that one rep visits on two or more common days."""
    in_order: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for route in routes:
        place: dict[str, int] = {}
        for index, stop in enumerate(route.visits):
            place.setdefault(stop.store_id or "", index)
        stores = sorted(place)
        for i, a in enumerate(stores):
            for b in stores[i + 1 :]:
                in_order[route.rep, a, b].append(place[a] < place[b])
    often = [days for days in in_order.values() if len(days) > 1]
    return sum(all(days) or not any(days) for days in often) / len(often) if often else 1.0


def _arrival_spread(repeated: _Calls) -> float:
    spreads = []
    for own in repeated.values():
        mean = sum(stop.arrive for _, stop in own) / len(own)
        spreads.append(math.sqrt(sum((stop.arrive - mean) ** 2 for _, stop in own) / len(own)))
    return sum(spreads) / len(spreads) if spreads else 0.0
