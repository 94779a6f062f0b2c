"""Tells what could not stay in frozen weeks: visits that are lost, and times of day."""

from collections.abc import Iterator, Mapping, Sequence

from routeplanner.domain.cycle import CycleDay
from routeplanner.domain.hours import WEEKDAYS, Weekday, format_clock
from routeplanner.domain.keeping import FrozenLoss
from routeplanner.domain.plan import Plan, Route
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import store_words
from routeplanner.errors import Issue, Severity
from routeplanner.planning.encode import Encoding
from routeplanner.planning.replan.earlier import Earlier, RepDay
from routeplanner.texts import text

WeekDay = tuple[int, Weekday]
"""A 1-based week of the cycle with its weekday."""

_NOTABLE_S = 15 * 60  # a visit that starts so much earlier or later needs a word


def lost_visits(
    encoding: Encoding, earlier: Earlier, weeks: int, now: Mapping[str, set[RepDay]]
) -> Iterator[Issue]:
    """Yield a warning for each store that has lost visits of the first `weeks` weeks."""
    cycle = encoding.scenario.cycle
    n_frozen = weeks * len(cycle.workdays)
    for store_id in sorted(earlier.visits):
        was = {(rep, day) for rep, day in earlier.visits[store_id] if day < n_frozen}
        lost = was - now.get(store_id, set())
        unworked = {at for at in earlier.unworked.get(store_id, ()) if at[0] <= weeks}
        if lost or unworked:
            days = unworked | {_week_day(cycle.day(day)) for _, day in lost}
            reason = _reason(encoding, earlier, store_id, lost, is_unworked=bool(unworked))
            yield _lost_warning(encoding.scenario, store_id, days, reason)


def _reason(
    encoding: Encoding, earlier: Earlier, store_id: str, lost: set[RepDay], *, is_unworked: bool
) -> FrozenLoss:
    place = next((i for i, store in enumerate(encoding.stores) if store.id == store_id), None)
    if place is None:
        return "gone"
    if store_id in earlier.rep_gone:
        return "rep"
    if store_id in earlier.reclassed:
        return "number"
    slot_of = {
        (key.rep.id, day.day): slot for slot, key in enumerate(encoding.keys) for day in key.days
    }
    if is_unworked or not lost <= slot_of.keys():
        return "unworked"
    slots = {slot_of[visit] for visit in lost}
    found = encoding.choices[place]
    if slots & found.closed_slots.keys():
        return "closed"
    chosen = {slot for choice in found.choices for slot, _, _ in choice.entries}
    return "full" if slots <= chosen else "days"


def _lost_warning(
    scenario: Scenario, store_id: str, days: set[WeekDay], reason: FrozenLoss
) -> Issue:
    language = scenario.language
    in_order = sorted(days, key=lambda at: (at[0], WEEKDAYS.index(at[1])))
    words = {
        "name": _name(scenario, store_id),
        "days": text("hours.and", language).join(_day_words(at, language) for at in in_order),
        "reason": text(f"replan.lost_{reason}", language),
    }
    return _warning("FROZEN_VISIT_LOST", scenario, store_id, words)


def moved_times(
    scenario: Scenario, previous: Plan, weeks: int, routes: Sequence[Route]
) -> Iterator[Issue]:
    """Yield one warning where visits that stay in the first `weeks` weeks get another time."""
    was, now = _starts(previous.routes), _starts(routes)
    span = previous.cycle.weeks
    shifts: dict[tuple[str, WeekDay], tuple[int, int]] = {}
    for (store_id, rep, (week, weekday)), start in now.items():
        before = was.get((store_id, rep, ((week - 1) % span + 1, weekday)))
        if week <= weeks and before is not None and abs(start - before) > _NOTABLE_S:
            shifts[store_id, (week, weekday)] = before, start
    if not shifts:
        return
    store_id, at = max(shifts, key=lambda visit: abs(shifts[visit][1] - shifts[visit][0]))
    before, start = shifts[store_id, at]
    words = {
        "n": str(len(shifts)),
        "name": _name(scenario, store_id),
        "day": _day_words(at, scenario.language),
        "was": format_clock(before // 60 * 60),
        "now": format_clock(start // 60 * 60),
    }
    yield _warning("FROZEN_TIME_MOVED", scenario, store_id, words)


def _starts(routes: Sequence[Route]) -> dict[tuple[str, str, WeekDay], int]:
    """When each visit starts, by store, rep and day; seconds since midnight."""
    return {
        (stop.store_id or "", route.rep, (route.week, route.weekday)): stop.start
        for route in routes
        for stop in route.visits
    }


def _week_day(day: CycleDay) -> WeekDay:
    return day.week, day.weekday


def _day_words(at: WeekDay, language: str) -> str:
    week, weekday = at
    return f"{text('words.week', language, n=week)} {text(f'words.{weekday}', language)}"


def _name(scenario: Scenario, store_id: str) -> str:
    found = (store for store in scenario.stores if store.id == store_id)
    return next(map(store_words, found), store_id)


def _warning(code: str, scenario: Scenario, store_id: str, words: Mapping[str, str]) -> Issue:
    return Issue(
        code=code,
        path=f"previous:{store_id}",
        message=text(f"issues.{code}", scenario.language, **words),
        hint=text(f"issues.{code}_HINT", scenario.language, **words),
        severity=Severity.WARNING,
        value=store_id,
    )
