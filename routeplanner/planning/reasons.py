"""Why required visits are not scheduled: a code, a sentence and what would help for each store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routeplanner.domain.plan import Route, Unserved
from routeplanner.domain.visits import class_of, service_s
from routeplanner.planning.choices import ChoiceFinder, StoreChoices
from routeplanner.planning.encode import Encoding
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix
from solvers import Solution

_WHERE_OPEN = ("TIME_WINDOW", "TOO_FAR")
"""What keeps visits off a day on which the store is open."""


def unserved_visits(
    encoding: Encoding,
    solution: Solution,
    routes: Sequence[Route],
    served: Mapping[str, int],
    withheld: frozenset[str],
    matrix: TravelMatrix,
) -> tuple[Unserved, ...]:
    """Return one entry a store whose required visits are not all scheduled, best class first."""
    room = _Room(encoding, solution, routes)
    free_days = ChoiceFinder(encoding.scenario, matrix, None)
    language = encoding.scenario.language
    found = []
    for i, (store, choices) in enumerate(zip(encoding.stores, encoding.choices, strict=True)):
        missing = choices.required - served[store.id]
        if missing <= 0:
            continue
        code = _code(encoding, choices, served[store.id], store.id in withheld)
        if code == "DAY_FULL":
            freest = room.freest(i, choices)
            code = "IN_STORE_LIMIT" if freest.is_filled_by_limit else code
        hint = f"{code}_hint"
        if code == "DAY_FULL" and freest.has_time:
            hint = "DAY_FULL_hours_hint"
        if code == "NO_PATTERN" and encoding.calendar is not None:
            # Not for stores that have too few days either way.
            most = max((c.weight for c in free_days.choices_of(store).choices), default=0)
            hint = "NO_PATTERN_calendar_hint" if most >= choices.required else hint
        label = class_of(store)
        values: dict[str, object] = {
            "name": f"{store.name} ({store.id})" if store.name else store.id,
            "missing": missing,
            "required": choices.required,
            "label": label,
            "days": max((choice.weight for choice in choices.choices), default=0),
        }
        if code in ("DAY_FULL", "IN_STORE_LIMIT"):
            values |= freest.values
        found.append(
            Unserved(
                store_id=store.id,
                store_class=label,
                required=choices.required,
                served=served[store.id],
                code=code,
                message=text(f"reasons.{code}", language, **values),
                hint=text(f"reasons.{hint}", language, **values),
                missing_minutes=missing * service_s(store, encoding.scenario.policy) / 60,
            )
        )
    rank = {label: place for place, label in enumerate(encoding.scenario.policy.classes.labels)}
    return tuple(sorted(found, key=lambda item: (rank[item.store_class], item.store_id)))


def _code(encoding: Encoding, choices: StoreChoices, served: int, is_withheld: bool) -> str:
    """Why days are missing: what binds where the store is open comes before closed days."""
    if choices.held_by == "MAX_CHANGES" and served < choices.most_free:
        return "MAX_CHANGES"
    if is_withheld:
        return "GUARANTEED"
    most = max((choice.weight for choice in choices.choices), default=0)
    if served < most:
        return "DAY_FULL"
    if choices.held_by is not None and served < choices.most_free:
        return choices.held_by
    days: Counter[str] = Counter()
    for slot, reason in choices.closed_slots.items():
        if reason != "NOT_ON_ROUTE":
            days[reason] += encoding.keys[slot].weight
    open_days = Counter({reason: n for reason, n in days.items() if reason in _WHERE_OPEN})
    # With some days to visit, those that cannot be visited explain nothing where even all of them
    # would not be enough.
    if open_days and (most == 0 or most + open_days.total() >= choices.required):
        return open_days.most_common(1)[0][0]
    return days.most_common(1)[0][0] if days else "NO_PATTERN"


@dataclass(frozen=True, slots=True)
class _Freest:
    """The allowed day on which a visit comes closest to fitting."""

    values: dict[str, object]  # of the sentences: minutes and the day
    is_filled_by_limit: bool  # there is time, but not for more minutes in store
    has_time: bool  # there is time, but not at the hours of the store


def _work_s(route: Route) -> int:
    """Leaving to returning without lunch."""
    clock = {stop.kind: stop for stop in route.stops}
    eaten = clock["lunch"].depart - clock["lunch"].start if "lunch" in clock else 0
    return clock["end"].start - clock["start"].start - eaten


class _Room:
    """What is left of each slot's longest work, and what one more visit would add."""

    def __init__(
        self,
        encoding: Encoding,
        solution: Solution,
        routes: Sequence[Route],
    ) -> None:
        self.encoding, self.solution = encoding, solution
        work = {(route.rep, route.day): _work_s(route) for route in routes}
        self.work_s = [
            max(work.get((key.rep.id, day.day), 0) for day in key.days) for key in encoding.keys
        ]

    def freest(self, store: int, choices: StoreChoices) -> _Freest:
        """Return the allowed day on which a visit comes closest to fitting, in minutes."""
        problem = self.encoding.problem
        service = int(problem.service_s[store])
        slots = {slot for choice in choices.choices for slot, _, _ in choice.entries}
        taken = {
            slot for slot in slots if any(store in route for route in self.solution.routes[slot])
        }
        open_slots = sorted(slots - taken) or sorted(slots)
        need = {slot: self._detour(store, slot) + service for slot in open_slots}
        left = {slot: self._left(slot) for slot in open_slots}
        in_store = {slot: self._in_store_left(slot) for slot in open_slots}
        limited = [s for s in open_slots if in_store[s] < service and need[s] <= left[s]]
        by_limit = max(limited, key=lambda slot: in_store[slot], default=None)
        slot = by_limit
        if slot is None:
            slot = min(open_slots, key=lambda slot: (need[slot] - left[slot], need[slot]))
        return _Freest(
            values={
                "need": round(need[slot] / 60),
                "left": max(0, left[slot] // 60),
                "day": self._name(slot),
                "service": round(service / 60),
                "in_store_left": max(0, in_store[slot] // 60),
                "limit": int(problem.slot_in_store_limit_s[slot]) // 60,
            },
            is_filled_by_limit=by_limit is not None,
            has_time=need[slot] <= left[slot],
        )

    def _left(self, slot: int) -> int:
        """Seconds of work that the day still allows, overtime included."""
        shift = self.encoding.shifts[slot]
        return shift.available + shift.overtime - self.work_s[slot]

    def _in_store_left(self, slot: int) -> int:
        """Seconds that may still be spent in stores."""
        problem = self.encoding.problem
        spent = sum(
            int(problem.in_store_s[v]) for route in self.solution.routes[slot] for v in route
        )
        return int(problem.slot_in_store_limit_s[slot]) - spent

    def _detour(self, store: int, slot: int) -> int:
        problem = self.encoding.problem
        travel = problem.travel_s[problem.slot_profile[slot]]
        here = int(problem.place_of_store[store])
        route = [visit for route in self.solution.routes[slot] for visit in route]
        places = [
            int(problem.slot_start_place[slot]),
            *(int(problem.place_of_store[visit]) for visit in route),
            int(problem.slot_end_place[slot]),
        ]
        places = [place for place in places if place >= 0]
        if len(places) < 2:
            return 2 * int(travel[places[0], here]) if places else 0
        return min(
            int(travel[a, here] + travel[here, b] - travel[a, b]) for a, b in pairwise(places)
        )

    def _name(self, slot: int) -> str:
        key, language = self.encoding.keys[slot], self.encoding.scenario.language
        if key.template is not None:
            return key.template
        day = key.days[0]
        return (
            f"{text('words.week', language, n=day.week)} {text(f'words.{day.weekday}', language)}"
        )
