"""The driven days of a plan: how long each is, and by how much it is over its limit."""

from collections.abc import Mapping, Sequence
from functools import partial

from routeplanner.domain.comparison import ComparedDay, DayCell
from routeplanner.domain.hours import WEEKDAYS, Weekday
from routeplanner.domain.measures import DayMeasures
from routeplanner.domain.plan import Route
from routeplanner.domain.workday import work_day_on
from routeplanner.planning.compare.judged import JudgedPlan

DayKey = tuple[str, int, Weekday]  # rep, week, weekday
_ROUNDING_MINUTES = 0.05  # stated figures are rounded


def day_cells(judged: JudgedPlan) -> dict[DayKey, DayCell]:
    """Return length and excess of every driven day."""
    measured = {(day.rep, day.week, day.weekday): day for day in judged.plan.measures.by_day}
    cells: dict[DayKey, DayCell] = {}
    for route in judged.plan.routes:
        key = (route.rep, route.week, route.weekday)
        if key in measured:
            cells[key] = DayCell(
                visits=len(route.visits),
                work_minutes=measured[key].work_minutes,
                over_minutes=_over_minutes(judged, route, measured[key]),
            )
    return cells


def compared_days(
    plans: Sequence[JudgedPlan], days: Sequence[Mapping[DayKey, DayCell]]
) -> tuple[ComparedDay, ...]:
    """Return every day that is driven in some plan, by rep and in order of the cycle."""
    reps = [rep.id for plan in plans for rep in plan.scenario.reps]
    keys = sorted(
        {key for own in days for key in own},
        key=lambda key: (reps.index(key[0]), key[1], WEEKDAYS.index(key[2])),
    )
    return tuple(
        ComparedDay(rep=rep, week=week, weekday=weekday, cells=tuple(own.get(key) for own in days))
        for key in keys
        for rep, week, weekday in [key]
    )


def _over_minutes(judged: JudgedPlan, route: Route, day: DayMeasures) -> float:
    """Minutes above the longest work, or after the latest return where those are more.

    Allowed overtime counts to neither. On a day off all of the work is too much.
    """
    scenario = judged.scenario
    rep = next(rep for rep in scenario.reps if rep.id == route.rep)
    travel = partial(judged.matrix.seconds, rep.mode)
    place = scenario.cycle.day(route.day)
    shift = work_day_on(scenario.policy, rep, place, scenario.appointments, travel)
    if shift is None:
        return day.work_minutes
    back = next(stop.arrive for stop in route.stops if stop.kind == "end")
    late_s = max(60 * day.work_minutes - shift.available, back - shift.shift_hi) - shift.overtime
    over = late_s / 60
    return round(over, 2) if over > _ROUNDING_MINUTES else 0.0
