"""The workload and its levers as the sentences that a planner reads before a plan is made."""

from collections.abc import Iterator, Sequence

from routeplanner.domain.workload import Lever, RouteHours, Workload
from routeplanner.texts import text

_ALONE_SHARE = 0.5
"""A class that takes this share of the day in store alone is worth a sentence."""

_MAX_ROUTES_NAMED = 3
_MAX_REPS_NAMED = 5
_MAX_STORES_NAMED = 5


def hours_report(
    workload: Workload, levers: Sequence[Lever], language: str = "en"
) -> tuple[str, ...]:
    """Sentences, the most important first; policy lines to paste come each as a line of its own."""
    return (*_needed(workload, language), *_reasons(workload, language), *_advice(levers, language))


def _needed(workload: Workload, language: str) -> Iterator[str]:
    reps = workload.reps
    booked = sum(rep.appointment_hours for rep in reps)
    yield text(
        "hours.needed_with_appointments" if booked else "hours.needed",
        language,
        needed=f"{workload.needed_hours:.1f}",
        in_store=f"{sum(rep.in_store_hours for rep in reps):.1f}",
        travel=f"{sum(rep.travel_hours for rep in reps):.1f}",
        appointments=f"{booked:.1f}",
        available=f"{workload.available_hours:.1f}",
        filled=percent(workload.filled),
    )
    working = sum(rep.working_hours for rep in reps)
    lunch = sum(rep.lunch_hours for rep in reps)
    office = sum(rep.office_hours for rep in reps)
    yield text(
        "hours.comes_off",
        language,
        working=f"{working:.1f}",
        lunch=f"{lunch:.1f}",
        office=f"{office:.1f}",
        kept=f"{working - lunch - office - workload.available_hours:.1f}",
    )


def _reasons(workload: Workload, language: str) -> Iterator[str]:
    routes = [route for rep in workload.reps for route in rep.routes]
    if workload.stores_without_days:
        named = ", ".join(workload.stores_without_days[:_MAX_STORES_NAMED])
        more = ", …" if len(workload.stores_without_days) > _MAX_STORES_NAMED else ""
        n = len(workload.stores_without_days)
        yield text("hours.no_days", language, n=n, ids=named + more)
    if workload.fits:
        if routes:
            fullest = max(routes, key=lambda route: route.filled)
            yield _route_line("hours.fits", fullest, workload, language)
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
                filled=percent(rep.filled),
            )
    over = sorted((r for r in routes if r.filled > 1), key=lambda route: -route.filled)
    if workload.has_calendar or not over_reps:
        key = "hours.route_over" if workload.has_calendar else "hours.weekday_over"
        for route in over[:_MAX_ROUTES_NAMED]:
            yield _route_line(key, route, workload, language)


def _class_alone(workload: Workload, language: str) -> Iterator[str]:
    days = workload.days_per_week * len(workload.reps)
    a_day = workload.available_hours * 60 / days if days else 0.0
    heaviest = max(workload.classes, key=lambda row: row.in_store_minutes_per_day, default=None)
    if heaviest is not None and heaviest.in_store_minutes_per_day >= _ALONE_SHARE * a_day:
        yield text(
            "hours.class_alone" if len(workload.reps) == 1 else "hours.class_alone_reps",
            language,
            n=heaviest.stores,
            label=heaviest.label,
            in_store=duration(heaviest.in_store_minutes_per_day, language),
            available=duration(a_day, language),
        )


def _advice(levers: Sequence[Lever], language: str) -> Iterator[str]:
    if not levers:
        return
    singles = [lever for lever in levers if lever.kind not in ("combination", "reps")]
    if singles:
        shown = " · ".join(_change(lever, language) for lever in _worth_showing(singles))
        yield text("hours.single_changes", language, changes=shown)
    smallest = next((lever for lever in levers if lever.is_smallest), None)
    if smallest is None:
        yield text("hours.none_fits", language)
    else:
        yield text(
            "hours.combination" if smallest.kind == "combination" else "hours.smallest_single",
            language,
            name=smallest.name,
            hours=f"{smallest.needed_hours:.1f}",
            filled=percent(smallest.filled),
        )
        for line in smallest.policy_lines:
            yield text("hours.in_policy", language, line=line)
    for lever in levers:
        if lever.kind == "reps":
            yield text("hours.or_reps", language, name=lever.name, filled=percent(lever.filled))


def _worth_showing(singles: Sequence[Lever]) -> list[Lever]:
    """All frequencies, and of the other kinds the strongest change of each key; all that fit."""
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


def _change(lever: Lever, language: str) -> str:
    shown = f"{lever.name} → " + text("hours.hours", language, hours=f"{lever.needed_hours:.1f}")
    # Where a change adds hours to the day, what is needed says nothing.
    is_told = lever.fits or lever.filled < 1.2 or lever.kind in ("reserve", "workdays")
    notes = [percent(lever.filled)] if is_told else []
    notes += [text("hours.fits_mark", language)] if lever.fits else []
    return f"{shown} ({', '.join(notes)})" if notes else shown


def _route_line(key: str, route: RouteHours, workload: Workload, language: str) -> str:
    label = text(f"words.{route.label}", language) if route.is_weekday else route.label
    if len(workload.reps) > 1:
        label = f"{route.rep} {label}"
    return text(
        key,
        language,
        label=label,
        needed=duration(route.fullest_minutes, language),
        available=duration(route.available_minutes, language),
        filled=percent(route.filled),
    )


def duration(minutes: float, language: str) -> str:
    """Minutes as hours and minutes: 7 h 30."""
    hours, rest = divmod(round(minutes), 60)
    return text("hours.hours_and_minutes", language, hours=hours, minutes=rest)


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{share * 100:.0f} %" if share != float("inf") else "∞ %"
