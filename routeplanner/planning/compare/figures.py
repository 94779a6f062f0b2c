"""The figures of one plan that a comparison sets beside those of others."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from routeplanner.domain.comparison import ChangedStore, DayCell, Direction, FigureGroup, Unit
from routeplanner.domain.plan_changes import Visits, visits_by_store
from routeplanner.domain.visits import required_visits
from routeplanner.planning.checker.codes import ViolationCode
from routeplanner.planning.compare.days import DayKey
from routeplanner.planning.compare.judged import JudgedPlan
from routeplanner.planning.patterns import gaps

_FALLS_SHORT = {ViolationCode.FREQUENCY_SHORT, ViolationCode.FREQUENCY_EXCEEDED}
"""Counted as visits missing or too many, and so not as broken rules a second time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure is: its place in the table, its unit, and which way is better."""

    group: FigureGroup
    name: str
    unit: Unit
    better: Direction | None = None
    subject: str = ""
    digits: int = 0
    grows_with_visits: bool = False  # less of it is no merit where visits are missing


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """All figures of a plan in the order of the table, and how many required visits it makes."""

    scheduled: float
    values: Mapping[Figure, float | None]


def figures_of(
    judged: JudgedPlan,
    days: Mapping[DayKey, DayCell],
    changed: Sequence[ChangedStore] | None,
    weeks: int,
) -> PlanFigures:
    """Return the figures of a plan; sums are those of `weeks`, whatever its cycle is.

    Parameters
    ----------
    days
        Its driven days.
    changed
        What it changes of the first plan; none for the first itself.
    """
    scale = weeks / judged.plan.cycle.weeks
    counted = _Counted(judged)
    values: dict[Figure, float | None] = {}
    values |= counted.visits(scale)
    values |= _hours(judged, days, scale)
    values |= _limits(judged, days, scale)
    values |= _regularity_and_balance(judged)
    values |= counted.gaps()
    values |= _violations(judged, scale)
    values |= _changes(changed)
    return PlanFigures(counted.scheduled * scale, values)


class _Counted:
    """Visits of stores against those that are required."""

    def __init__(self, judged: JudgedPlan) -> None:
        scenario = judged.scenario
        self._cycle = scenario.cycle
        self._labels = scenario.policy.classes.labels
        self._visits: dict[str, Visits] = visits_by_store(judged.plan.routes)
        self._stores = {store.id: store for store in scenario.stores if store.is_planned}
        self._required = {
            store.id: required_visits(store, scenario.policy, scenario.cycle, scenario.reps)
            for store in self._stores.values()
        }

    @property
    def scheduled(self) -> int:
        """Required visits that are made."""
        return sum(min(due, self._n(store)) for store, due in self._required.items())

    def visits(self, scale: float) -> dict[Figure, float | None]:
        """Visits made, missing by class, too many, and stores without any."""
        missing: Counter[str] = Counter()
        without: Counter[str] = Counter()
        extra = 0
        for store_id, due in self._required.items():
            label = self._stores[store_id].store_class or ""
            missing[label] += max(0, due - self._n(store_id))
            without[label] += due > 0 and not self._n(store_id)
            extra += max(0, self._n(store_id) - due)
        return {
            Figure("visits", "scheduled_visits", "count", "more"): self.scheduled * scale,
            **{
                Figure("visits", "missing_visits", "count", "less", label): missing[label] * scale
                for label in self._labels
            },
            Figure("visits", "stores_without_visit", "count", "less"): without.total(),
            Figure("visits", "extra_visits", "count", "less"): extra * scale,
        }

    def gaps(self) -> dict[Figure, float | None]:
        """The longest calendar days between two visits of a store of each class."""
        ring = self._cycle.n_calendar_days
        longest: dict[str, int] = {}
        for store_id, store in self._stores.items():
            days = [self._cycle.calendar_day(r.day) for r, _ in self._visits.get(store_id, [])]
            if days:
                label = store.store_class or ""
                longest[label] = max(longest.get(label, 0), *gaps(days, ring))
        return {
            Figure("gaps", "longest_gap", "days", "less", label): longest.get(label)
            for label in self._labels
        }

    def _n(self, store_id: str) -> int:
        return len(self._visits.get(store_id, ()))


def _hours(
    judged: JudgedPlan, days: Mapping[DayKey, DayCell], scale: float
) -> dict[Figure, float | None]:
    found = judged.plan.measures
    n_visits = sum(day.visits for day in days.values())
    work = sum(day.work_minutes for day in days.values())

    def figure(name: str, unit: Unit, better: Direction | None = "less") -> Figure:
        digits = 1 if unit == "hours" else 0
        return Figure("hours", name, unit, better, digits=digits, grows_with_visits=True)

    return {
        figure("in_store_hours", "hours", None): found.in_store_minutes / 60 * scale,
        figure("travel_hours", "hours"): found.travel_minutes / 60 * scale,
        figure("waiting_hours", "hours"): found.waiting_minutes / 60 * scale,
        figure("work_hours", "hours"): work / 60 * scale,
        figure("kilometers", "km"): found.travel_km * scale,
        Figure("hours", "travel_minutes_per_visit", "minutes", "less", digits=1): (
            found.travel_minutes / n_visits if n_visits else None
        ),
        figure("driven_days", "count"): len(days) * scale,
    }


def _limits(
    judged: JudgedPlan, days: Mapping[DayKey, DayCell], scale: float
) -> dict[Figure, float | None]:
    over = [day.over_minutes for day in days.values() if day.over_minutes]
    broken = judged.plan.measures.days_broken_at_120_percent_travel
    return {
        Figure("limits", "days_over", "count", "less"): len(over) * scale,
        Figure("limits", "minutes_over", "minutes", "less"): sum(over) * scale,
        Figure("limits", "most_minutes_over", "minutes", "less"): max(over, default=0.0),
        Figure("limits", "days_broken_by_travel", "count", "less"): broken * scale,
    }


def _regularity_and_balance(judged: JudgedPlan) -> dict[Figure, float | None]:
    found = judged.plan.measures
    return {
        Figure(
            "gaps", "days_off_ideal_gap", "days", "less", digits=1
        ): found.days_off_ideal_gap_mean,
        Figure("gaps", "most_days_off", "days", "less", digits=1): found.days_off_ideal_gap_max,
        Figure("regularity", "same_weekday", "percent", "more"): 100 * found.same_weekday_share,
        Figure("regularity", "same_order", "percent", "more"): 100 * found.same_order_share,
        Figure("regularity", "arrival_spread", "minutes", "less"): found.arrival_spread_minutes,
        Figure("balance", "work_spread", "minutes", "less"): found.work_spread_minutes,
        Figure("balance", "fullest_day", "percent", "less"): 100 * found.filled_max,
        Figure("balance", "emptiest_day", "percent"): 100 * found.filled_min,
    }


def _violations(judged: JudgedPlan, scale: float) -> dict[Figure, float | None]:
    codes = Counter(v.code for v in judged.violations if v.code not in _FALLS_SHORT)
    return {
        Figure("violations", "all_violations", "count", "less"): codes.total() * scale,
        **{
            Figure("violations", "violations", "count", "less", code): n * scale
            for code, n in sorted(codes.items())
        },
    }


def _changes(changed: Sequence[ChangedStore] | None) -> dict[Figure, float | None]:
    reps: Iterator[bool] = (store.kind == "rep" for store in changed or ())
    return {
        Figure("changes", "changed_stores", "count"): None if changed is None else len(changed),
        Figure("changes", "changed_reps", "count"): None if changed is None else sum(reps),
    }
