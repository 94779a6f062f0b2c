"""Reads Cordeau's periodic instances, with and without time windows, into the array form."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, hypot, isqrt, lcm
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers import UNLIMITED, Problem, Solution

IntArray = NDArray[np.int64]

SCALE = 10_000  # integer units of a unit of length or time
PLAIN, WITH_WINDOWS, MULTI_DEPOT = 1, 5, 2
END_OF_FILE = "\x1a"  # the last character of files from DOS


class CordeauError(ValueError):
    """A file that is no instance or no solution of this format; names the file and the line."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A published instance as a problem, with what its solutions need to be written down.

    Store i of the problem is customer i + 1 of the file, slot k is day k + 1. Travel and service
    are rounded up and limits and windows inward, so that what is feasible in integers is feasible.
    Of what is feasible only routes are lost that keep a limit by less than a unit a leg.
    """

    name: str
    problem: Problem
    points: list[tuple[float, float]]  # depot first
    service: list[float]  # by store
    days: list[dict[int, frozenset[int]]]  # by store: option id → days
    load_scale: int  # integer units of a unit of demand
    notes: tuple[str, ...]  # what was read other than as it stands

    def cost(self, solution: Solution) -> float:
        """Unrounded length of all routes."""
        return sum(self.length(route) for routes in solution.routes for route in routes)

    def length(self, route: Iterable[int]) -> float:
        """Unrounded length of a route of stores from the depot and back."""
        stops = [self.points[0], *(self.points[store + 1] for store in route), self.points[0]]
        return sum(hypot(x - u, y - v) for (x, y), (u, v) in pairwise(stops))


@dataclass(frozen=True, slots=True)
class _Place:
    """A row of the file: the depot or a customer."""

    x: Fraction
    y: Fraction
    service: Fraction
    demand: Fraction
    codes: tuple[int, ...]
    window: tuple[Fraction, Fraction] | None


@dataclass(frozen=True, slots=True)
class _Line:
    where: str  # file and line number
    tokens: list[str]

    def number(self, column: int) -> Fraction:
        try:
            return Fraction(self.tokens[column])
        except (ValueError, ZeroDivisionError):
            raise self.error(f"{self.tokens[column]!r} is no number") from None

    def whole(self, column: int, least: int = 0) -> int:
        number = self.number(column)
        if number.denominator != 1 or number < least:
            raise self.error(f"{self.tokens[column]!r} is no whole number from {least} on")
        return int(number)

    def error(self, message: str) -> CordeauError:
        return CordeauError(f"{self.where}: {message}")


def read_instance(path: Path) -> Instance:
    """Read a file; raises CordeauError where it is none of type 1 or 5."""
    try:
        return parse_instance(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise CordeauError(f"{path.name}: this is no text") from None


def parse_instance(text: str, name: str) -> Instance:
    """
    Read the text of an instance.

    Raises
    ------
    CordeauError
        Where the type is another, a row is missing or too many, or a number makes no sense.
    """
    lines = [
        _Line(f"{name}:{number}", tokens)
        for number, line in enumerate(text.replace(END_OF_FILE, "").splitlines(), 1)
        if (tokens := line.split())
    ]
    if not lines or len(lines[0].tokens) != 4:
        raise CordeauError(f"{name}:1: the first line must be 'type m n t'")
    header = lines[0]
    kind, vehicles, n, n_days = [header.whole(column, 1) for column in range(4)]
    if len(lines) != 2 + n_days + n:
        wanted = f"{n_days} rows of days, the depot's and {n} of customers must follow"
        raise header.error(f"{wanted}; there are {len(lines) - 1}")
    limits = [_limits(line) for line in lines[1 : 1 + n_days]]
    notes: list[str] = []
    rows = lines[1 + n_days :]
    places = [_place(line, index, n_days, notes) for index, line in enumerate(rows)]
    _check_kind(header, kind, rows, places, notes)
    return _encode(name.removesuffix(".txt"), places, limits, vehicles, tuple(notes))


def _limits(line: _Line) -> tuple[Fraction, Fraction]:
    if len(line.tokens) != 2:
        raise line.error("a day's row must be 'longest-duration capacity'")
    duration, capacity = line.number(0), line.number(1)
    if duration < 0 or capacity < 0:
        raise line.error("limits must not be negative")
    return duration, capacity


def _place(line: _Line, index: int, n_days: int, notes: list[str]) -> _Place:
    if len(line.tokens) < 7:
        raise line.error("a place's row must be 'i x y d q f a list' with 'e l' for type 5")
    if line.whole(0) != index:
        raise line.error(f"place {index} must stand here, not {line.tokens[0]}")
    frequency, n_codes = line.whole(5), line.whole(6)
    n_more = len(line.tokens) - 7 - n_codes
    if n_more not in (0, 2):
        raise line.error(f"{n_codes} patterns, and 'e l' for type 5, must follow")
    codes = [line.whole(7 + k, 1) for k in range(n_codes)]
    if any(code >> n_days for code in codes):
        raise line.error(f"a pattern names days beyond the {n_days} of the cycle")
    sizes = {code.bit_count() for code in codes} or {0}
    if len(sizes) > 1 or (not codes and frequency):
        raise line.error("all patterns must have as many days as the frequency")
    (size,) = sizes
    if size != frequency:
        notes.append(f"{line.where}: f = {frequency}, read as {size} like its patterns")
    service, demand = line.number(3), line.number(4)
    if service < 0 or demand < 0:
        raise line.error("service and demand must not be negative")
    window = (line.number(7 + n_codes), line.number(8 + n_codes)) if n_more else None
    if window is not None and not 0 <= window[0] <= window[1]:
        raise line.error("a window must not end before it begins, nor begin before 0")
    codes = list(dict.fromkeys(codes))
    return _Place(line.number(1), line.number(2), service, demand, tuple(codes), window)


def _check_kind(
    header: _Line, kind: int, rows: list[_Line], places: list[_Place], notes: list[str]
) -> None:
    has_windows = places[0].window is not None
    for line, place in zip(rows, places, strict=True):
        if (place.window is not None) != has_windows:
            raise line.error("either every row has a window or none")
    if kind == MULTI_DEPOT and has_windows:
        notes.append(f"{header.where}: type 2, read as 5 like its rows")
    elif kind not in (PLAIN, WITH_WINDOWS):
        raise header.error(f"type {kind} is neither 1 (periodic) nor 5 (periodic with windows)")
    elif has_windows != (kind == WITH_WINDOWS):
        raise header.error(f"type {kind}, but rows {'with' if has_windows else 'without'} windows")


def _travel(places: list[_Place]) -> IntArray:
    """Lengths in integer units, rounded up exactly: no error of floats makes a leg dearer."""
    scale = lcm(*(number.denominator for place in places for number in (place.x, place.y)))
    points = [(int(place.x * scale), int(place.y * scale)) for place in places]
    travel = np.zeros((len(points), len(points)), np.int64)
    for i, (x, y) in enumerate(points):
        for j, (u, v) in enumerate(points[:i]):
            square = -(-(SCALE**2) * ((x - u) ** 2 + (y - v) ** 2) // scale**2)
            travel[i, j] = travel[j, i] = isqrt(square - 1) + 1 if square else 0
    return travel


def _encode(
    name: str,
    places: list[_Place],
    limits: list[tuple[Fraction, Fraction]],
    vehicles: int,
    notes: tuple[str, ...],
) -> Instance:
    depot, *stores = places
    n, travel = len(stores), _travel(places)
    demands, capacities = [store.demand for store in stores], [q for _, q in limits]
    load_scale = lcm(*(load.denominator for load in [*demands, *capacities]))
    options, days = _options(stores, len(limits))
    slots = _slots(_inward(depot), [longest for longest, _ in limits])
    problem = Problem(
        **options,
        **slots,
        travel_s=travel[None],
        place_of_store=np.arange(1, n + 1, dtype=np.int32),
        service_s=np.array([ceil(SCALE * store.service) for store in stores]),
        in_store_s=np.zeros(n, int),
        demand=np.array([int(load_scale * demand) for demand in demands]),
        required=np.array([len(next(iter(patterns.values()))) for patterns in days]),
        miss_price=np.full(n, 10 * int(travel.max())),
        dear_price=np.zeros(n, int),
        dear_visits=np.zeros(n, int),
        slot_vehicles=np.full(len(limits), vehicles, np.int32),
        slot_capacity=np.array([int(load_scale * capacity) for capacity in capacities]),
        cost_travel=1,
        cost_wait=0,
        cost_overtime=0,
        cost_balance=0,
    )
    points = [(float(place.x), float(place.y)) for place in places]
    service = [float(store.service) for store in stores]
    return Instance(name, problem, points, service, days, load_scale, notes)


def _slots(shift: tuple[int, int], longest: list[Fraction]) -> dict[str, Any]:
    """A slot a day, from the depot and back, without anything that these instances lack."""
    zeros = np.zeros(len(longest), int)
    return {
        "slot_weight": zeros + 1,
        "slot_profile": zeros,
        "slot_start_place": zeros,
        "slot_end_place": zeros,
        "slot_shift_lo": zeros + shift[0],
        "slot_shift_hi": zeros + shift[1],
        "slot_max_work_s": np.array([floor(SCALE * d) if d else UNLIMITED for d in longest]),
        "slot_overtime_s": zeros,
        "slot_in_store_limit_s": zeros + UNLIMITED,
        "slot_balance_target_s": zeros + UNLIMITED,
        "slot_lunch_s": zeros,
        "slot_lunch_lo": zeros,
        "slot_lunch_hi": zeros,
    }


def _inward(place: _Place) -> tuple[int, int]:
    if place.window is None:
        return 0, UNLIMITED
    return ceil(SCALE * place.window[0]), floor(SCALE * place.window[1])


def _options(
    stores: list[_Place], n_days: int
) -> tuple[dict[str, Any], list[dict[int, frozenset[int]]]]:
    """The options of all stores as arrays, and the days of each; day 1 is the leftmost bit."""
    option_ptr, entry_ptr, slots = [0], [0], []
    lo, hi = [], []
    days: list[dict[int, frozenset[int]]] = []
    for store in stores:
        days.append({})
        window = _inward(store)
        for code in store.codes or (0,):
            on = [day for day in range(n_days) if code >> (n_days - 1 - day) & 1]
            days[-1][len(entry_ptr) - 1] = frozenset(on)
            slots += on
            lo += [window[0]] * len(on)
            hi += [window[1]] * len(on)
            entry_ptr.append(len(slots))
        option_ptr.append(len(entry_ptr) - 1)
    arrays = {
        "option_ptr": np.array(option_ptr),
        "option_cost": np.zeros(len(entry_ptr) - 1, int),
        "entry_ptr": np.array(entry_ptr),
        "entry_slot": np.array(slots, int),
        "entry_lo": np.array(lo, int),
        "entry_hi": np.array(hi, int),
    }
    return arrays, days
