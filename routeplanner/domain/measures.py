"""The figures of a plan; computed by planning.measures from the plan and its scenario."""

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import Weekday


class ClassMeasures(Frozen):
    """Visits of one class in a cycle."""

    stores: int
    required: int
    scheduled: int
    stores_reached: int  # with the whole frequency
    stores_without_visit: int


class DayMeasures(Frozen):
    """One driven day; minutes. `filled` is work ÷ minutes there are to plan."""

    rep: str
    day: int
    week: int
    weekday: Weekday
    template: str
    visits: int
    visits_by_class: dict[str, int]
    in_store_minutes: float
    travel_minutes: float
    travel_km: float
    waiting_minutes: float
    work_minutes: float  # from leaving to returning, without lunch
    available_minutes: float  # to plan: shift - lunch - office - reserve, at most the longest work
    filled: float
    in_store_share: float  # service ÷ (shift - lunch)


class RepMeasures(Frozen):
    """One rep over the cycle; minutes."""

    rep: str
    stores: int
    routes: int  # driven days
    in_store_minutes: float
    travel_minutes: float
    travel_km: float
    waiting_minutes: float
    available_minutes: float  # over all working days of the cycle, driven or not
    free_minutes: float
    in_store_share: float


class Measures(Frozen):
    """All figures of a plan. Minutes and kilometers per cycle."""

    routes: int
    distinct_routes: int  # by label
    in_store_minutes: float
    travel_minutes: float
    travel_km: float
    waiting_minutes: float
    in_store_share: float
    filled_mean: float
    filled_max: float
    filled_min: float
    work_spread_minutes: float  # standard deviation of work over driven days
    by_class: dict[str, ClassMeasures]
    by_rep: tuple[RepMeasures, ...]
    by_day: tuple[DayMeasures, ...]
    days_off_ideal_gap_mean: float  # over visits of stores with two or more
    days_off_ideal_gap_max: float
    same_weekday_share: float  # visits on the store's most frequent weekdays
    same_order_share: float  # pairs of stores that meet on several days in the same order
    arrival_spread_minutes: float  # mean over stores of the arrival's standard deviation
    days_broken_at_120_percent_travel: int
