"""Runs one island in the caller's thread, or several in threads that exchange their best."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from math import inf
from threading import Event

from solvers.evaluate import TERMS
from solvers.first_plan import first_plan
from solvers.hgs.annealer import Incumbent, Penalties, Settings
from solvers.hgs.arrays import data_of, genes_of, solution_of, width_of
from solvers.hgs.by_parts import SearchByParts, is_better_in_parts
from solvers.hgs.island import Island
from solvers.hgs.parts import Groups
from solvers.problem import Problem, Solution
from solvers.stop import Stop, has_limit, iteration_limit, was_canceled
from solvers.watch import REPORT_S, Watch

ROUND = 4000
"""Steps of an island between two exchanges."""

ENDLESS = 1_000_000
"""Steps after which half of the time counts as used where nothing limits it."""

_UNBOUNDED = 2**40


def hybrid_genetic_search(
    problem: Problem, stop: Stop, watch: Watch, seed: int, threads: int, start: Solution | None
) -> Solution:
    """
    Search until the watch ends it; the same seed, iterations and threads give the same solution.

    Hybrid genetic search after Vidal, Crainic, Gendreau, Lahrichi, Rei (2012, doi
    10.1287/opre.1120.1048), whose solutions are also ruined and recreated (docs/search.md).

    Parameters
    ----------
    stop
        The watch's criterion, asked for its number of iterations.
    threads
        Islands, each in a thread of its own.
    start
        A solution to begin with, as far as it is feasible.
    """
    given = first_plan(problem, watch, start)
    is_wanted = watch.goes_on() or (given is not start and _is_only_late(stop))
    if not is_wanted or not problem.n_stores:
        return given
    groups = Groups(problem)
    if is_better_in_parts(groups):
        search = SearchByParts(groups, stop, watch, seed, threads)
        if given is start:
            return search.run(given, given, None)
        return search.run(*_begun(problem, watch, seed, given, start))
    return _on_the_whole(problem, stop, watch, seed, threads, given, start)


def _is_only_late(stop: Stop) -> bool:
    """Whether time alone ended a search: loading compiled code may take all of it.

    A first plan is made all the same, or a busy machine would give none at all.
    """
    return iteration_limit(stop) != 0 and not was_canceled(stop)


def _on_the_whole(
    problem: Problem, stop: Stop, watch: Watch, seed: int, threads: int,
    given: Solution, start: Solution | None,
) -> Solution:  # fmt: skip
    given_objective = watch.objective
    data, width = data_of(problem), width_of(problem)
    genes = None if start is None else genes_of(problem, data, start, width)
    islands = [
        Island(data, width, seed * 1_000_003 + number, _settings(number))
        for number in range(threads)
    ]
    run = _Run(islands, watch, iteration_limit(stop), has_limit(stop))
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda island: island.begin(genes), islands))
        watch.solution = lambda: solution_of(problem, data, run.best().genes)
        if threads == 1:
            run.alone()
        else:
            run.together(pool)
        list(pool.map(lambda island: island.finish(), islands))
    run.note()
    watch.tell()
    if run.best().objective > given_objective:
        return given
    return solution_of(problem, data, run.best().genes)


def _begun(
    problem: Problem, watch: Watch, seed: int, given: Solution, start: Solution | None
) -> tuple[Solution, Solution, Penalties | None]:
    """A first feasible solution, one to go on from that may exceed limits, and its penalties."""
    data, width = data_of(problem), width_of(problem)
    island = Island(data, width, seed, Settings())
    island.begin(None if start is None else genes_of(problem, data, start, width))
    first = island.incumbent
    if first.objective < watch.objective:
        given = solution_of(problem, data, first.genes)
        watch.note(
            first.objective, dict(zip(TERMS, first.terms, strict=True)), first.missing_visits
        )
    if not island.is_roomy:
        return given, given, None
    return given, solution_of(problem, data, island.current()), island.penalties


def _settings(number: int) -> Settings:
    """Islands differ, as no setting is best everywhere: every second one always anneals."""
    if number % 2 == 0:
        return Settings()
    return replace(Settings(), steps=150, ample=inf)


class _Run:
    """Islands under one watch."""

    def __init__(
        self, islands: list[Island], watch: Watch, limit: int | None, is_bounded: bool
    ) -> None:
        self.islands, self.watch = islands, watch
        n = len(islands)
        total = _UNBOUNDED if limit is None else limit
        self.quota = {id(one): (total + n - 1 - k) // n for k, one in enumerate(islands)}
        self._is_bounded = is_bounded
        self._best = watch.objective
        self._is_over = Event()

    def alone(self) -> None:
        """Steps of one island, the watch asked after each."""
        (island,) = self.islands
        self.note()
        while self.watch.goes_on():
            self._step(island)
            self.note()

    def together(self, pool: ThreadPoolExecutor) -> None:
        """Rounds of all islands at once; between rounds each takes in its neighbor's best."""
        self.note()
        if not self.watch.goes_on():
            return
        end = 0
        while True:
            end += ROUND
            self._wait([pool.submit(self._round, island, end) for island in self.islands])
            self.note()
            if self._is_over.is_set() or not self.watch.goes_on():
                return
            bests = [island.incumbent.genes for island in self.islands]
            for island, genes in zip(self.islands, bests[-1:] + bests[:-1], strict=True):
                island.welcome(genes)

    def _wait(self, rounds: list[Future[None]]) -> None:
        """Report while islands work; end their round early when the watch says so."""
        while wait(rounds, timeout=REPORT_S).not_done:
            # An iteration limit ends islands by their own count, so that runs repeat.
            self.note()
            if not self.watch.goes_on():
                self._is_over.set()
        for future in rounds:
            future.result()

    def _round(self, island: Island, end: int) -> None:
        while island.iterations < min(end, self.quota[id(island)]) and not self._is_over.is_set():
            self._step(island, end)

    def _step(self, island: Island, end: int = _UNBOUNDED) -> None:
        most = min(self.quota[id(island)], end) - island.iterations
        done = island.iterations * len(self.islands)
        used = self.watch.used(done) if self._is_bounded else done / (done + ENDLESS)
        island.step(used, max(1, most))

    def best(self) -> Incumbent:
        """The best feasible solution of all islands; may be asked for while they work."""
        return min((island.incumbent for island in self.islands), key=lambda one: one.objective)

    def note(self) -> None:
        """Tell the watch how far the islands are."""
        self.watch.iterations = sum(island.iterations for island in self.islands)
        best = self.best()
        if best.objective < self._best:
            self._best = best.objective
            terms = dict(zip(TERMS, best.terms, strict=True))
            self.watch.note(best.objective, terms, best.missing_visits)
