"""When stores are open: weekly hours of usual kinds, moved until the planted visits lie in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.field.demand import DAILY
from benchmarks.field.layout import IntArray
from benchmarks.field.planted import Ground, Planted
from benchmarks.field.rules import TerritoryRules

_HOUR = 3600
_STEP = 900  # hours are told in quarters
_LEAST_GAP = 3600  # a midday closing that would get shorter is given up
_MOST_NARROW = 3 * _HOUR  # how far apart the visits of a store with narrow hours may lie
_DAY = 24 * _HOUR

# Monday to Friday and Saturday, in hours; one of them a store.
_USUAL = (
    ((8.0, 20.0), (8.0, 20.0)),
    ((9.0, 18.5), (9.0, 14.0)),
    ((8.5, 18.0), (8.5, 13.0)),
    ((10.0, 19.0), (10.0, 16.0)),
)
_MIDDAY = ((12.5, 14.5), (13.0, 15.0), (12.0, 13.5))
_WEDNESDAY = 2
_FREE_WEDNESDAY = 0.4  # of the stores with midday closing: closed on Wednesday afternoons


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """
    Open intervals of each store and weekday: morning and afternoon, or the first alone.

    An interval that is not there has its end before its begin.
    """

    begin: IntArray  # (n_stores, n_weekdays, 2)
    end: IntArray  # (n_stores, n_weekdays, 2)


def draw_opening(ground: Ground, planted: Planted) -> Opening:
    """Return hours that contain every planted visit, whole."""
    rules = ground.rules
    key = [rules.seed, rules.stores, rules.n_reps, *rules.kind.encode(), 1]
    rng = np.random.default_rng(np.random.SeedSequence(key))
    spans = _planted_spans(ground, planted)
    opening = _usual_hours(rules, rng)
    _close_midday(opening, spans, rng.random(rules.stores) < rules.midday_share, rng)
    for store, by_weekday in enumerate(spans):
        for weekday, visits in by_weekday.items():
            for begin, end in visits:
                _include(opening, store, weekday, begin, end)
    _narrow(opening, spans, rng.random(rules.stores) < rules.narrow_share, rng)
    _close_days(opening, spans, ground, rng.random(rules.stores) < rules.closed_share)
    return opening


def unclose_midday(opening: Opening, stores: NDArray[np.intp]) -> None:
    """Open some stores over midday, in place."""
    last = np.maximum(opening.end[stores, :, 0], opening.end[stores, :, 1])
    opening.end[stores, :, 0] = last
    opening.begin[stores, :, 1], opening.end[stores, :, 1] = 0, -1


Spans = list[dict[int, list[tuple[int, int]]]]
"""By store and weekday: begin and end of the planted visits."""


def _planted_spans(ground: Ground, planted: Planted) -> Spans:
    rules, n_weekdays = ground.rules, len(ground.rules.workdays)
    spans: Spans = [{} for _ in range(rules.stores)]
    for slot, (route, timing) in enumerate(zip(planted.routes, planted.timings, strict=True)):
        weekday = slot % rules.n_days % n_weekdays
        for store, start in zip(route, timing.start, strict=True):
            if store < rules.stores:
                end = start + int(ground.demand.service_s[store])
                spans[store].setdefault(weekday, []).append((start, end))
    return spans


def _usual_hours(rules: TerritoryRules, rng: np.random.Generator) -> Opening:
    n, n_weekdays = rules.stores, len(rules.workdays)
    usual = np.array(_USUAL) * _HOUR
    drawn = usual[rng.integers(len(usual), size=n)]
    kind_of_weekday = np.array([int(day == "sat") for day in rules.workdays])
    begin = np.zeros((n, n_weekdays, 2), dtype=np.int64)
    end = np.full((n, n_weekdays, 2), -1, dtype=np.int64)
    begin[:, :, 0] = drawn[:, kind_of_weekday, 0]
    end[:, :, 0] = drawn[:, kind_of_weekday, 1]
    return Opening(begin, end)


def _close_midday(
    opening: Opening, spans: Spans, chosen: NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Part the days of some stores; a Wednesday without planted visits may end at noon."""
    gaps = (np.array(_MIDDAY) * _HOUR).astype(np.int64)[rng.integers(len(_MIDDAY), size=len(spans))]
    frees = rng.random(len(spans)) < _FREE_WEDNESDAY
    for store in np.flatnonzero(chosen):
        for weekday in range(opening.begin.shape[1]):
            gap_begin, gap_end = gaps[store]
            last = opening.end[store, weekday, 0]
            if last <= gap_end:
                continue
            opening.end[store, weekday, 0] = gap_begin
            if weekday == _WEDNESDAY and frees[store] and weekday not in spans[store]:
                continue
            opening.begin[store, weekday, 1], opening.end[store, weekday, 1] = gap_end, last


def _include(opening: Opening, store: int, weekday: int, begin: int, end: int) -> None:
    """Widen a day's hours to contain a visit; a midday closing gives way or is given up."""
    begins, ends = opening.begin[store, weekday], opening.end[store, weekday]
    if any(b <= begin and end <= e for b, e in zip(begins, ends, strict=True)):
        return
    early, late = begin // _STEP * _STEP, -(-end // _STEP) * _STEP
    if ends[1] > begins[1]:
        before, after = begins[1] - late, early - ends[0]
        if end <= begins[1] and before >= _LEAST_GAP:
            begins[0], ends[0] = min(begins[0], early), max(ends[0], late)
        elif begin >= ends[0] and after >= _LEAST_GAP:
            begins[1], ends[1] = min(begins[1], early), max(ends[1], late)
        else:
            begins[0], ends[0] = min(begins[0], early), max(ends[1], late)
            begins[1], ends[1] = 0, -1
    else:
        begins[0], ends[0] = min(begins[0], early), max(ends[0], late)


def _narrow(
    opening: Opening, spans: Spans, chosen: NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Let some stores receive within a few hours only, the same every day."""
    slack = rng.integers(2, 7, size=(len(spans), 2)) * _STEP
    for store in np.flatnonzero(chosen):
        visits = [visit for day in spans[store].values() for visit in day]
        first, last = min(b for b, _ in visits), max(e for _, e in visits)
        if last - first > _MOST_NARROW:
            continue
        early = max(0, (first - int(slack[store, 0])) // _STEP * _STEP)
        late = min(_DAY, -(-(last + int(slack[store, 1])) // _STEP) * _STEP)
        unclose_midday(opening, np.array([store]))
        opening.begin[store, :, 0], opening.end[store, :, 0] = early, late


def _close_days(opening: Opening, spans: Spans, ground: Ground, chosen: NDArray[np.bool_]) -> None:
    """Close some stores on a weekday without planted visits, never one that is seen daily."""
    n_weekdays = opening.begin.shape[1]
    for store in np.flatnonzero(chosen & (ground.demand.visits != DAILY)):
        free = [day for day in range(n_weekdays) if day not in spans[store]]
        if free:
            day = free[int(store) % len(free)]
            opening.begin[store, day], opening.end[store, day] = 0, -1
