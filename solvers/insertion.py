"""Insertion: gives a store the option and places that cost least; throws cheaper visits out."""

from collections.abc import Callable, Iterable
from functools import partial
from random import Random

from solvers.route import Route
from solvers.state import Placing, State
from solvers.tables import Option, Visit

Choice = tuple[int, Option, tuple[Placing, ...]]  # total cost for the store, its option, its places
PlacingOf = Callable[[Visit], Placing | None]

SLIP = 0.01  # chance that an insertion is blind for some positions, so that repeats differ


class Inserter:
    """Inserts stores into a state, one by one."""

    def __init__(self, state: State, rng: Random) -> None:
        self.state, self.rng = state, rng
        self.bin_factor = 1  # above 1, visits go on a route before it pays, for others to join them

    def _price(self, store: int, served: int) -> int:
        return self.bin_factor * self.state.tables.price(store, served)

    def insert_all(self, stores: Iterable[int], may_go_on: Callable[[], bool]) -> None:
        """Insert stores in order; those thrown out on the way follow, as long as it may go on."""
        queue = list(stores)[::-1]
        left = 4 * len(queue) + 8
        while queue and may_go_on():
            store = queue.pop()
            thrown_out = self.insert(store)
            left -= 1
            if left <= 0:
                continue
            for other in thrown_out:
                if other not in queue:
                    queue[:0] = [one for one in self.state.remove(other) if one not in queue]

    def insert(self, store: int) -> list[int]:
        """Insert a store where it costs least; returns the stores that lost a visit to it."""
        tables, state = self.state.tables, self.state
        choice = self.choose(store, self.cheapest)
        _, option, placings = choice
        served = sum([placing.visit.weight for placing in placings])
        if served < tables.required[store]:
            roomier = self.choose(store, partial(self._cheapest_by_force, served))
            if roomier[0] < choice[0]:
                _, option, placings = roomier
        state.place(store, option, placings)
        return sorted({visit.store for placing in placings for visit in placing.thrown_out})

    def choose(self, store: int, placing_of: PlacingOf) -> Choice:
        """The option of a store that costs least, each visit at its best place or in the bin."""
        tables = self.state.tables
        miss, required = self.bin_factor * tables.miss[store], tables.required[store]
        known: dict[int, Placing | None] = {}
        best: Choice | None = None
        for option in tables.options[store]:
            total = option.cost + self._price(store, option.weight)
            is_bounded, is_short = option.weight <= required, False
            for index in option.visits:
                if index not in known:
                    known[index] = placing_of(tables.visits[index])
                placing = known[index]
                bin_cost = miss * tables.visits[index].weight
                if placing is None or placing.added > bin_cost:
                    is_short = True
                    total += bin_cost
                else:
                    total += placing.added
                if is_bounded and best is not None and total >= best[0]:
                    break
            else:
                places = [p for index in option.visits if (p := known[index]) is not None]
                if is_short or not is_bounded:
                    choice = self._worthwhile(store, option, places)
                else:
                    choice = total, option, tuple(places)
                if best is None or choice[0] < best[0]:
                    best = choice
        assert best is not None  # a store has at least one option
        return best

    def cheapest(self, visit: Visit) -> Placing | None:
        """The cheapest feasible place of a visit in its slot."""
        best: Placing | None = None
        was_empty = False
        for vehicle, route in enumerate(self.state.routes[visit.slot]):
            if not route.visits:
                if was_empty:
                    continue
                was_empty = True
            found = self._find(route, visit)
            if found is not None and (best is None or found[0] < best.added):
                best = Placing(found[0], visit, vehicle, found[1])
        return best

    def _find(self, route: Route, visit: Visit) -> tuple[int, int] | None:
        if self.rng.random() < SLIP:
            positions = [p for p in range(len(route.visits) + 1) if self.rng.random() < 0.5]
            return route.find(visit, positions) if positions else None
        return route.insertion(visit)

    def _worthwhile(self, store: int, option: Option, places: list[Placing]) -> Choice:
        """The places to use of an option: the cheapest a day, as many as lower the total most."""
        places = sorted(places, key=lambda placing: placing.added / placing.visit.weight)
        best = total, used = option.cost + self._price(store, 0), 0
        added = served = 0
        for count, placing in enumerate(places, 1):
            added += placing.added
            served += placing.visit.weight
            total = option.cost + added + self._price(store, served)
            if total < best[0]:
                best = total, count
        total, used = best
        return total, option, tuple(places[:used])

    def _cheapest_by_force(self, served: int, visit: Visit) -> Placing | None:
        """The cheapest place of a visit, visits of less worth thrown out of the route for it."""
        tables, state = self.state.tables, self.state
        best = self.cheapest(visit)
        store = visit.store
        worth = tables.price(store, served) - tables.price(store, served + visit.weight)
        for vehicle, route in enumerate(state.routes[visit.slot]):
            losses = [
                (loss, v)
                for v in route.visits
                if v.store != store and (loss := self._loss(v)) < worth
            ]
            for placing in self._by_force(route, visit, vehicle, losses, worth):
                if best is None or placing.added < best.added:
                    best = placing
        return best

    def _loss(self, visit: Visit) -> int:
        served, price = self.state.served(visit.store), self.state.tables.price
        return price(visit.store, served - visit.weight) - price(visit.store, served)

    def _by_force(
        self,
        route: Route,
        visit: Visit,
        vehicle: int,
        losses: list[tuple[int, Visit]],
        worth: int,
    ) -> Iterable[Placing]:
        """Places that one visit makes by leaving, else several, cheapest first."""
        book, is_enough = self.state.book, False
        freed = _freed(route, visit) if losses else {}
        for loss, out in losses:
            if freed[out.index] < 0:
                continue
            rest = book.without(route, out)
            found = rest.insertion(visit) if rest.is_feasible else None
            if found is not None:
                is_enough = True
                added = loss + rest.cost - route.cost + found[0]
                yield Placing(added, visit, vehicle, found[1], (out,))
        if is_enough:
            return
        rest, lost, gone = route, 0, []
        for loss, out in sorted(losses, key=lambda item: item[0] / (1 + item[1].service)):
            lost += loss
            if lost >= worth:
                return
            gone.append(out)
            rest = book.without(rest, out)
            found = rest.insertion(visit) if rest.is_feasible else None
            if found is not None:
                added = lost + rest.cost - route.cost + found[0]
                yield Placing(added, visit, vehicle, found[1], tuple(gone))
                return


def _freed(route: Route, visit: Visit) -> dict[int, int]:
    """By visit of a route: seconds of work left at best when it makes way for another visit."""
    slot, places, legs = route.slot, route.places, route.legs
    to, fro = slot.to[visit.place], slot.fro[visit.place]
    left = slot.longest_work - route.travel - route.service - visit.service
    least = min(route.detours(visit, range(len(legs))))
    freed = {}
    for i, out in enumerate(route.visits):
        a, b = places[i], places[i + 2]
        straight = slot.to[a][b]
        saved = legs[i] + legs[i + 1] - straight + out.service
        freed[out.index] = left + saved - min(least, fro[a] + to[b] - straight)
    return freed
