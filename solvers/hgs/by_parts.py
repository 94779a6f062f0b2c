"""Searches a large problem in parts side by side, cut anew every round while it cools."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from random import Random
from threading import Event

from solvers.evaluate import TERMS
from solvers.hgs.annealer import Penalties, Settings
from solvers.hgs.arrays import data_of, genes_of, solution_of, width_of
from solvers.hgs.island import SLICE, Island
from solvers.hgs.parts import Groups, Part, put_together
from solvers.problem import Solution
from solvers.stop import Stop, has_limit, iteration_limit
from solvers.watch import REPORT_S, Watch

ROUNDS = 8
"""Times that linked groups are cut while they cool."""

PART_VISITS = 600
"""Visits of a part, about; where groups are linked it has two of them at least."""

MANY_VISITS = 1000
"""Visits from which linked groups are searched in parts."""

ENDLESS = 1_000_000
"""Steps after which a search that nothing limits has cooled, and begins anew."""


def is_better_in_parts(groups: Groups) -> bool:
    """Whether a problem falls apart, or is so large that a step on the whole costs too much."""
    if groups.n < 2:
        return False
    visits = int(groups.problem.required.sum())
    return not groups.are_linked or (groups.n > 2 and visits >= MANY_VISITS)


@dataclass(slots=True)
class _Work:
    """The search of a part in one round."""

    part: Part
    seed: int
    quota: int  # steps
    island: Island = field(init=False)

    def begin(self, current: Solution, penalties: Penalties | None) -> None:
        """Make the island; it has a feasible solution, and works on the current one."""
        problem = self.part.problem
        data, width = data_of(problem), width_of(problem)
        self.island = Island(data, width, self.seed, Settings())
        genes = genes_of(problem, data, self.part.take(current), width)
        self.island.begin(genes)
        if penalties:
            self.island.resume(genes, penalties)

    def found(self) -> Solution:
        """The best feasible solution of the part."""
        return solution_of(self.part.problem, self.island.data, self.island.incumbent.genes)

    def current(self) -> Solution:
        """The best by penalized objective."""
        return solution_of(self.part.problem, self.island.data, self.island.current())


class SearchByParts:
    """Anneals one solution of the whole, which may exceed limits; keeps the best feasible one."""

    def __init__(self, groups: Groups, stop: Stop, watch: Watch, seed: int, threads: int) -> None:
        self._groups, self._watch, self._threads = groups, watch, threads
        self._rng, self._seed, self._n_islands = Random(seed), seed, 0
        self._limit, self._is_bounded = iteration_limit(stop), has_limit(stop)
        self._rounds = ROUNDS if groups.are_linked else 1
        self._penalties: Penalties | None = None
        self._works: list[_Work] = []
        self._done = 0
        self._is_over = Event()

    def run(self, given: Solution, start: Solution, penalties: Penalties | None) -> Solution:
        """
        Search until the watch ends it.

        Parameters
        ----------
        given
            A feasible solution, at least as good as which the result will be.
        start
            Where to begin; may exceed limits, then at these penalties.
        """
        self._best, self._objective, self._current = given, self._watch.objective, start
        self._penalties = penalties
        self._watch.solution = self._best_so_far
        with ThreadPoolExecutor(self._threads) as pool:
            while self._watch.goes_on():
                for number in range(self._rounds):
                    self._round(pool, number)
        return self._best

    def _round(self, pool: ThreadPoolExecutor, number: int) -> None:
        """Cut, search all parts, put them together."""
        total = ENDLESS if self._limit is None else self._limit
        steps = total * (number + 1) // self._rounds - total * number // self._rounds
        if self._is_over.is_set() or not steps:
            return
        lanes = self._lanes(steps)
        works = [work for lane in lanes for work in lane]
        self._wait([pool.submit(work.begin, self._current, self._penalties) for work in works])
        self._works = works
        self._wait([pool.submit(self._search, lane, number) for lane in lanes])
        if number == self._rounds - 1 or self._is_over.is_set():
            self._wait([pool.submit(work.island.finish) for work in works])
        self._merge()

    def _lanes(self, steps: int) -> list[list[_Work]]:
        """Parts shared out among threads, each with its share of the round's steps."""
        parts = self._groups.cut(self._current, self._rng, PART_VISITS)
        parts.sort(key=lambda part: -part.size)
        quotas = _shared_out(steps, [part.size for part in parts])
        lanes: list[list[_Work]] = [[] for _ in range(min(self._threads, len(parts)))]
        for part, quota in zip(parts, quotas, strict=True):
            self._n_islands += 1
            seed = self._seed * 1_000_003 + self._n_islands
            min(lanes, key=_size).append(_Work(part, seed, quota))
        return lanes

    def _search(self, lane: list[_Work], number: int) -> None:
        """Search the parts of a lane in turns, as often as each has visits."""
        lane = list(lane)
        while lane and not self._is_over.is_set():
            work = min(lane, key=lambda one: one.island.iterations / one.part.size)
            island, done = work.island, work.island.iterations
            part = self._part_done(work, number)
            if part >= 1.0:
                lane.remove(work)
                continue
            most = SLICE if self._limit is None else min(SLICE, work.quota - done)
            if self._groups.are_linked:
                in_all = done / max(part, 1e-9) * self._rounds
                island.anneal((number + part) / self._rounds, in_all, most)
            else:
                island.step(part, most)

    def _part_done(self, work: _Work, number: int) -> float:
        """How much of its time and steps in a round a part has used, 0 to 1."""
        done = work.island.iterations
        of_steps = done / work.quota if done < work.quota else 1.0
        if not self._is_bounded:
            return of_steps
        at = 0 if self._limit is None else int(self._limit * (number + of_steps) / self._rounds)
        of_time = self._watch.used(at) * self._rounds - number
        return of_time if self._limit is None else max(of_steps, of_time)

    def _wait(self, futures: list[Future[None]]) -> None:
        """Report while threads work; end their work early when the watch says so."""
        while wait(futures, timeout=REPORT_S).not_done:
            self._note()
            if not self._watch.goes_on():
                self._is_over.set()
        for future in futures:
            future.result()
        self._note()

    def _note(self) -> None:
        """Tell the watch how far the parts are, together."""
        islands = [work.island for work in self._works]
        self._watch.iterations = self._done + sum(island.iterations for island in islands)
        told = [island.incumbent for island in islands]
        objective = sum(one.objective for one in told)
        if told and objective < self._watch.objective:
            terms = (sum(term) for term in zip(*(one.terms for one in told), strict=True))
            missing = sum(one.missing_visits for one in told)
            self._watch.note(objective, dict(zip(TERMS, terms, strict=True)), missing)

    def _best_so_far(self) -> Solution:
        """The best feasible solution; may be asked for while parts are searched."""
        works = self._works
        if sum(work.island.incumbent.objective for work in works) >= self._objective or not works:
            return self._best
        return put_together(self._current, [w.part for w in works], [w.found() for w in works])

    def _merge(self) -> None:
        """Put the parts together: the best feasible solution, and the one that cools."""
        works, self._works = self._works, []
        parts = [work.part for work in works]
        self._done += sum(work.island.iterations for work in works)
        objective = sum(work.island.incumbent.objective for work in works)
        if objective < self._objective:
            self._objective = objective
            self._best = put_together(self._current, parts, [work.found() for work in works])
        found = [work.current() for work in works]
        self._current = put_together(self._current, parts, found)
        kinds = zip(*(work.island.penalties for work in works), strict=True)
        time, load, in_store = (sum(kind) // len(works) for kind in kinds)
        self._penalties = time, load, in_store


def _size(lane: list[_Work]) -> int:
    return sum(work.part.size for work in lane)


def _shared_out(steps: int, weights: list[int]) -> list[int]:
    """Whole steps in proportion to weights; all together as many as there are."""
    until = [steps * weight // sum(weights) for weight in accumulate(weights)]
    return [b - a for a, b in pairwise([0, *until])]
