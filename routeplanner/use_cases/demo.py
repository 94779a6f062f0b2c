"""A small invented territory, to try the service with."""

from math import cos, sin

from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario_fields import ScenarioFields
from routeplanner.domain.store import Store

_CENTER = (52.52, 13.40)
_N_STORES = 40


def demo_scenario() -> ScenarioFields:
    """Forty stores on a spiral round the middle of Berlin, one rep, preset `five-day`."""
    return ScenarioFields(
        stores=tuple(_store(number) for number in range(1, _N_STORES + 1)),
        reps=(Rep(id="R01", name="Demo", base_lat=_CENTER[0], base_lon=_CENTER[1]),),
        policy="five-day",
    )


def _store(number: int) -> Store:
    angle, away = 2.4 * number, 0.008 * number**0.5  # the golden angle spreads them evenly
    return Store(
        id=f"S{number:02d}",
        name=f"Store {number}",
        lat=round(_CENTER[0] + away * cos(angle), 6),
        lon=round(_CENTER[1] + 1.6 * away * sin(angle), 6),
        sales=round(9000 / number),
        rep="R01",
    )
