"""Rules on the order and the clock of a driven day: every stop follows from the one before."""

from collections.abc import Iterator
from itertools import pairwise

from routeplanner.domain.hours import format_clock
from routeplanner.domain.plan import Route, Stop
from routeplanner.domain.rep import Appointment
from routeplanner.domain.violation import Violation
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.checker.facts import TOLERANCE_S, Facts
from routeplanner.texts import text

_MINUTES_ROUNDING = 0.02  # stated minutes and kilometers are rounded
_KM_ROUNDING = 0.002


def find_ends(route: Route) -> tuple[int, int] | None:
    """Places of the start and end stops; none where they do not enclose the day."""
    kinds = [stop.kind for stop in route.stops]
    if kinds.count("start") != 1 or kinds.count("end") != 1:
        return None
    start, end = kinds.index("start"), kinds.index("end")
    outside = kinds[:start] + kinds[end + 1 :]
    if start > end or any(kind != "office" for kind in outside) or "office" in kinds[start:end]:
        return None
    return start, end


def check_timeline(facts: Facts, route: Route) -> Iterator[Violation]:
    """Stops are in order and each arrival is the departure before it plus the matrix' travel."""
    ends = find_ends(route)
    if ends is None:
        yield facts.broken(Code.ORDER_WRONG, "ends", route=route)
        return
    positions = [stop.position for stop in route.visits]
    if positions != list(range(1, len(positions) + 1)):
        stated = ", ".join(str(position) for position in positions)
        yield facts.broken(Code.ORDER_WRONG, route=route, stated=stated)
    for stop in route.stops:
        if not stop.arrive <= stop.start <= stop.depart:
            yield facts.broken(
                Code.TIMES_WRONG,
                "backwards",
                route=route,
                store_id=stop.store_id,
                stop=name_of(facts, stop),
                times=" / ".join(format_clock(t) for t in (stop.arrive, stop.start, stop.depart)),
            )
    yield from _check_office(facts, route, ends)
    if route.rep in facts.reps:
        yield from _check_travel(facts, route, ends)


def match_appointments(facts: Facts, route: Route) -> tuple[dict[int, Appointment], dict[int, int]]:
    """The day's appointments by scenario index, and which stop holds which of them.

    Titles may repeat and times may be wrong, so a stop is matched by title first, then by the
    nearest start.
    """
    cycle = facts.scenario.cycle
    if not 0 <= route.day < cycle.n_days:
        return {}, {}
    due = dict(facts.appointments_on(route.rep, cycle.day(route.day)))
    stops = [index for index, stop in enumerate(route.stops) if stop.kind == "appointment"]
    pairs = sorted(
        (
            route.stops[stop].title != meeting.title,
            abs(route.stops[stop].start - meeting.start),
            index,
            stop,
        )
        for index, meeting in due.items()
        for stop in stops
    )
    held: dict[int, int] = {}
    for _, _, index, stop in pairs:
        if stop not in held and index not in held.values():
            held[stop] = index
    return due, held


def name_of(facts: Facts, stop: Stop) -> str:
    """A stop in words."""
    if stop.store_id is not None:
        store = facts.stores.get(stop.store_id)
        return f"{stop.store_id} {store.name}".strip() if store is not None else stop.store_id
    return stop.title or text(f"violations.kind_{stop.kind}", facts.scenario.language)


def _check_office(facts: Facts, route: Route, ends: tuple[int, int]) -> Iterator[Violation]:
    """Office time lies before leaving and after returning, one piece after the other."""
    outside = (route.stops[: ends[0] + 1], route.stops[ends[1] :])
    for stops in outside:
        for before, stop in pairwise(stops):
            if stop.arrive < before.depart - TOLERANCE_S:
                yield _wrong_arrival(facts, route, stop, before.depart)
        for stop in stops:
            if stop.kind != "end" and (stop.travel_minutes or stop.travel_km):
                yield _wrong_travel(facts, route, stop, 0, 0)


def _check_travel(facts: Facts, route: Route, ends: tuple[int, int]) -> Iterator[Violation]:
    places = _places(facts, route, ends)
    mode = facts.reps[route.rep].mode
    for index in range(ends[0] + 1, ends[1] + 1):
        before, stop = route.stops[index - 1], route.stops[index]
        origin, target = places[index - 1], places[index]
        if origin is None or target is None:
            continue
        seconds = facts.seconds(mode, origin, target)
        if seconds is None:
            continue
        due = before.depart + seconds
        if abs(stop.arrive - due) > TOLERANCE_S:
            yield _wrong_arrival(facts, route, stop, due)
            continue
        km = facts.meters(origin, target) / 1000
        is_off = abs(stop.travel_minutes - seconds / 60) > _MINUTES_ROUNDING
        if is_off or abs(stop.travel_km - km) > _KM_ROUNDING:
            yield _wrong_travel(facts, route, stop, seconds, km)


def _wrong_travel(facts: Facts, route: Route, stop: Stop, seconds: int, km: float) -> Violation:
    return facts.broken(
        Code.TIMES_WRONG,
        "travel",
        route=route,
        store_id=stop.store_id,
        stop=name_of(facts, stop),
        stated=f"{stop.travel_minutes:g} min, {stop.travel_km:g} km",
        due=f"{seconds / 60:.2f} min, {km:.3f} km",
    )


def _wrong_arrival(facts: Facts, route: Route, stop: Stop, due: int) -> Violation:
    return facts.broken(
        Code.TIMES_WRONG,
        route=route,
        store_id=stop.store_id,
        stop=name_of(facts, stop),
        stated=format_clock(stop.arrive),
        due=format_clock(due),
    )


def _places(facts: Facts, route: Route, ends: tuple[int, int]) -> list[str | None]:
    """The matrix place of every stop; none where it is unknown."""
    rep = facts.reps[route.rep]
    base = f"rep:{rep.id}"
    _, held = match_appointments(facts, route)
    places: list[str | None] = [base] * len(route.stops)
    for index in range(ends[0] + 1, ends[1]):
        stop = route.stops[index]
        if stop.kind == "visit":
            places[index] = stop.store_id if stop.store_id in facts.stores else None
        elif stop.kind == "lunch":
            places[index] = places[index - 1]
        else:
            places[index] = _place_of_appointment(facts, held.get(index), base)
    if rep.start_at == "store":
        on_the_way = (i for i in range(ends[0] + 1, ends[1]) if route.stops[i].kind != "lunch")
        places[ends[0]] = places[next(on_the_way, ends[0])]
        for index in range(ends[0] + 1, ends[1]):
            if route.stops[index].kind != "lunch":
                break
            places[index] = places[ends[0]]
    if rep.end_at == "store":
        places[ends[1]] = places[ends[1] - 1]
    return places


def _place_of_appointment(facts: Facts, index: int | None, base: str) -> str | None:
    if index is None:
        return None
    meeting = facts.scenario.appointments[index]
    return base if meeting.lat is None or meeting.lon is None else f"appointment:{index}"
