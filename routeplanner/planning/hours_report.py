"""The workload and its levers as what a planner reads before a plan is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, isfinite

from routeplanner.domain.hours import format_clock
from routeplanner.domain.workload import Lever, RouteHours, Workload
from routeplanner.planning.lever_steps import percent
from routeplanner.texts import text

_ALONE_SHARE = 0.5
"""A class that takes this share of the day in store alone is worth a sentence."""

_MAX_ROUTES_NAMED = 3
_MAX_REPS_NAMED = 5
_MAX_STORES_NAMED = 5
UNNAMED = "custom"
"""The name of a policy that has none of its own."""


@dataclass(frozen=True, slots=True)
class LeverRow:
    """A single change, ready to be shown."""

    name: str
    hours: str  # a week
    filled: str
    lines: tuple[str, ...]  # of the policy, to paste
    mark: str  # whether it fits
    is_smallest: bool


def hours_report(workload: Workload, language: str = "en") -> tuple[str, ...]:
    """Sentences on what is needed and what is too full, the most important first."""
    return (*_needed(workload, language), *_reasons(workload, language))


def lever_rows(levers: Sequence[Lever], language: str = "en") -> tuple[LeverRow, ...]:
    """Single changes with their policy lines; of minutes, lines and limits those worth a look."""
    singles = [lever for lever in levers if lever.kind not in ("combination", "reps")]
    return tuple(
        LeverRow(
            name=lever.name,
            hours=f"{lever.needed_hours:.1f}",
            filled=percent(lever.filled, language),
            lines=lever.policy_lines,
            mark=_mark(lever, language),
            is_smallest=lever.is_smallest,
        )
        for lever in _worth_showing(singles)
    )


def lever_advice(levers: Sequence[Lever], language: str = "en") -> tuple[str, ...]:
    """Sentences on what fits: the smallest change or combination, and how many reps would do."""
    if not levers:
        return ()
    smallest = next((lever for lever in levers if lever.is_smallest), None)
    found = [text("hours.none_fits", language)]
    if smallest is not None:
        key = "combination" if smallest.kind == "combination" else "smallest_single"
        values = {
            "name": smallest.name,
            "hours": f"{smallest.needed_hours:.1f}",
            "filled": percent(smallest.filled, language),
        }
        found = [text(f"hours.{key}", language, **values)]
    found += [_or_reps(lever, language) for lever in levers if lever.kind == "reps"]
    return tuple(found)


def _or_reps(lever: Lever, language: str) -> str:
    """How many reps would do; where fewer have the hours, that their days do not hold the work."""
    values = {"name": lever.name, "filled": percent(lever.filled, language)}
    n = lever.n_reps or 0
    of_fewer = lever.filled * n / (n - 1) if n > 2 else inf
    if of_fewer > 1:
        return text("hours.or_reps", language, **values)
    values |= {"fewer": str(n - 1), "fewer_filled": percent(of_fewer, language)}
    return text("hours.or_reps_days", language, **values)


def policy_to_paste(
    levers: Sequence[Lever], preset: str | None, language: str = "en"
) -> tuple[str, tuple[str, ...]] | None:
    """What to do with the marked change, and its lines: a whole policy file over a preset.

    Lines for the planner's own file where the policy is no preset; none where nothing fits.
    """
    smallest = next((lever for lever in levers if lever.is_smallest), None)
    if smallest is None:
        return None
    if preset is None:
        return text("hours.in_your_policy", language), smallest.policy_lines
    extends = f'extends = "{preset}"'
    return text("hours.save_policy", language), (extends, *smallest.policy_lines)


def _needed(workload: Workload, language: str) -> Iterator[str]:
    reps = workload.reps
    booked = sum(rep.appointment_hours for rep in reps)
    is_named = workload.policy != UNNAMED
    yield text(
        "hours.needed_with_appointments" if booked else "hours.needed",
        language,
        policy=text(
            "hours.policy" if is_named else "hours.own_policy", language, name=workload.policy
        ),
        needed=f"{workload.needed_hours:.1f}",
        in_store=f"{sum(rep.in_store_hours for rep in reps):.1f}",
        travel=f"{sum(rep.travel_hours for rep in reps):.1f}",
        appointments=f"{booked:.1f}",
        available=f"{workload.available_hours:.1f}",
        filled=percent(workload.filled, language),
    )
    working = sum(rep.working_hours for rep in reps)
    lunch = sum(rep.lunch_hours for rep in reps)
    office = sum(rep.office_hours for rep in reps)
    overtime = sum(rep.overtime_hours for rep in reps)
    kept = working + overtime - lunch - office - workload.available_hours
    yield text(
        "hours.comes_off",
        language,
        working=f"{working:.1f}",
        lunch=f"{lunch:.1f}",
        office=f"{office:.1f}",
        kept=f"{kept:.1f}",
    )
    if overtime:
        yield text("hours.overtime", language, overtime=f"{overtime:.1f}")
    if isfinite(workload.reps_needed):
        needed = f"{workload.reps_needed:.1f}"
        yield text("hours.reps_needed", language, needed=needed, n=len(reps))


def _reasons(workload: Workload, language: str) -> Iterator[str]:
    yield from _without_days(workload, language)
    routes = [route for rep in workload.reps for route in rep.routes]
    if workload.fits:
        if routes:
            fullest = max(routes, key=lambda route: route.filled)
            yield _route_line("fits", fullest, workload, language)
        return
    yield from _class_alone(workload, language)
    over_reps = [rep for rep in workload.reps if rep.filled > 1]
    if len(workload.reps) > 1:
        for rep in sorted(over_reps, key=lambda rep: -rep.filled)[:_MAX_REPS_NAMED]:
            yield text(
                "hours.rep_over",
                language,
                rep=rep.rep,
                needed=f"{rep.needed_hours:.1f}",
                available=f"{rep.available_hours:.1f}",
                filled=percent(rep.filled, language),
            )
    over = sorted((r for r in routes if r.filled > 1), key=lambda route: -route.filled)
    is_by_limit = any(route.is_filled_by_limit for route in over)
    if workload.has_calendar or not over_reps or is_by_limit:
        key = "route_over" if workload.has_calendar else "weekday_over"
        for route in over[:_MAX_ROUTES_NAMED]:
            yield _route_line(key, route, workload, language)
    yield from _rushes(routes, workload, language)
    if is_by_limit:
        yield text("hours.limit_is_cause", language, limit=f"{workload.in_store_limit:g}")


def _rushes(routes: Sequence[RouteHours], workload: Workload, language: str) -> Iterator[str]:
    """Routes with more to do before stores close than there is time."""
    found = [(r.closing_rush, r) for r in routes if r.closing_rush]
    told = [(rush, route) for rush, route in found if rush.filled > max(1, route.filled)]
    for rush, route in sorted(told, key=lambda each: -each[0].filled)[:_MAX_ROUTES_NAMED]:
        yield text(
            "hours.closing_rush",
            language,
            label=_label(route, workload, language),
            until=format_clock(rush.until),
            needed=duration(rush.needed_minutes, language),
            available=duration(rush.available_minutes, language),
            filled=percent(rush.filled, language),
        )


def _without_days(workload: Workload, language: str) -> Iterator[str]:
    ids = workload.stores_without_days
    if ids:
        named = text("hours.and", language).join(ids[:_MAX_STORES_NAMED])
        more = text("hours.and", language) + "…" if len(ids) > _MAX_STORES_NAMED else ""
        key = "hours.no_days_calendar" if workload.has_calendar else "hours.no_days"
        yield text(_counted(key, len(ids)), language, n=len(ids), ids=named + more)


def _class_alone(workload: Workload, language: str) -> Iterator[str]:
    days = workload.days_per_week * len(workload.reps)
    a_day = workload.available_hours * 60 / days if days else 0.0
    heaviest = max(workload.classes, key=lambda row: row.in_store_minutes_per_day, default=None)
    if heaviest is not None and heaviest.in_store_minutes_per_day >= _ALONE_SHARE * a_day:
        key = "hours.class_alone_reps"
        if len(workload.reps) == 1:
            key = _counted("hours.class_alone", heaviest.stores)
        yield text(
            key,
            language,
            n=heaviest.stores,
            label=heaviest.label,
            in_store=duration(heaviest.in_store_minutes_per_day, language),
            available=duration(a_day, language),
        )


def _worth_showing(singles: Sequence[Lever]) -> list[Lever]:
    """All frequencies, and of the other kinds the strongest change of each key; all that fit.

    A limit is raised no further than it takes.
    """
    limits = [lever for lever in singles if lever.kind == "in_store"]
    too_much = limits[next((n for n, each in enumerate(limits, 1) if each.fits), len(limits)) :]
    singles = [lever for lever in singles if lever not in too_much]
    strongest: dict[str, Lever] = {}
    for lever in singles:
        key = lever.changes[0].key
        if key not in strongest or lever.filled < strongest[key].filled:
            strongest[key] = lever
    return [
        lever
        for lever in singles
        if lever.kind == "frequency" or lever.fits or strongest[lever.changes[0].key] is lever
    ]


def _mark(lever: Lever, language: str) -> str:
    if not lever.fits:
        return ""
    n = lever.n_stores_without_days
    mark = text("hours.fits_mark", language)
    if n:
        mark = text(_counted("hours.fits_but", n), language, n=n)
    return f"{mark} {text('hours.smallest_mark', language)}" if lever.is_smallest else mark


def _route_line(key: str, route: RouteHours, workload: Workload, language: str) -> str:
    """A sentence on a route or weekday; on its limit of minutes in store where that is nearer."""
    needed, available = route.fullest_minutes, route.available_minutes
    if route.is_filled_by_limit and route.in_store_limit_minutes is not None:
        needed, available = route.fullest_in_store_minutes, route.in_store_limit_minutes
        key = f"{key}_limit"
    return text(
        f"hours.{key}",
        language,
        label=_label(route, workload, language),
        needed=duration(needed, language),
        available=duration(available, language),
        filled=percent(route.filled, language),
    )


def _label(route: RouteHours, workload: Workload, language: str) -> str:
    label = text(f"words.{route.label}", language) if route.is_weekday else route.label
    return f"{route.rep} {label}" if len(workload.reps) > 1 else label


def _counted(key: str, n: int) -> str:
    """The key of a text on one, or on several."""
    return f"{key}_one" if n == 1 else key


def duration(minutes: float, language: str) -> str:
    """Minutes as hours and minutes: 7 h 30."""
    hours, rest = divmod(round(minutes), 60)
    return text("hours.hours_and_minutes", language, hours=hours, minutes=rest)
