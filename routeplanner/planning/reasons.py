"""Why required visits are not scheduled: a code, a sentence and what would help for each store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from routeplanner.domain.plan import Route, Unserved
from routeplanner.domain.visits import class_of, service_s
from routeplanner.planning.choices import StoreChoices
from routeplanner.planning.encode import Encoding
from routeplanner.texts import text
from solvers import Solution


def unserved_visits(
    encoding: Encoding,
    solution: Solution,
    routes: Sequence[Route],
    served: Mapping[str, int],
    withheld: frozenset[str],
) -> tuple[Unserved, ...]:
    """Return one entry a store whose required visits are not all scheduled, best class first."""
    room = _Room(encoding, solution, routes)
    language = encoding.scenario.language
    found = []
    for i, (store, choices) in enumerate(zip(encoding.stores, encoding.choices, strict=True)):
        missing = choices.required - served[store.id]
        if missing <= 0:
            continue
        code = _code(choices, served[store.id], store.id in withheld)
        label = class_of(store)
        values: dict[str, object] = {
            "name": f"{store.name} ({store.id})" if store.name else store.id,
            "missing": missing,
            "required": choices.required,
            "label": label,
            "days": max((choice.weight for choice in choices.choices), default=0),
        }
        if code == "DAY_FULL":
            values |= room.freest(i, choices)
        found.append(
            Unserved(
                store_id=store.id,
                store_class=label,
                required=choices.required,
                served=served[store.id],
                code=code,
                message=text(f"reasons.{code}", language, **values),
                hint=text(f"reasons.{code}_hint", language, **values),
                missing_minutes=missing * service_s(store, encoding.scenario.policy) / 60,
            )
        )
    rank = {label: place for place, label in enumerate(encoding.scenario.policy.classes.labels)}
    return tuple(sorted(found, key=lambda item: (rank[item.store_class], item.store_id)))


def _code(choices: StoreChoices, served: int, is_withheld: bool) -> str:
    if is_withheld:
        return "GUARANTEED"
    most = max((choice.weight for choice in choices.choices), default=0)
    if served < most:
        return "DAY_FULL"
    reasons = Counter(code for code in choices.closed_slots.values() if code != "NOT_ON_ROUTE")
    return reasons.most_common(1)[0][0] if reasons else "NO_PATTERN"


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

    def freest(self, store: int, choices: StoreChoices) -> dict[str, object]:
        """Return the allowed day on which a visit comes closest to fitting, in minutes."""
        problem = self.encoding.problem
        slots = {slot for choice in choices.choices for slot, _, _ in choice.entries}
        taken = {
            slot for slot in slots if any(store in route for route in self.solution.routes[slot])
        }
        best: tuple[int, int, int, int] | None = None
        for slot in sorted(slots - taken) or sorted(slots):
            need = self._detour(store, slot) + int(problem.service_s[store])
            left = self.encoding.shifts[slot].available - self.work_s[slot]
            best = min(best or (need - left + 1, need, left, slot), (need - left, need, left, slot))
        if best is None:
            return {"need": 0, "left": 0, "day": "-"}
        _, need, left, slot = best
        return {"need": round(need / 60), "left": max(0, left // 60), "day": self._name(slot)}

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
