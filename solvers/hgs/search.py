"""Runs one island in the caller's thread, or several in threads that exchange their best."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Event

from solvers.evaluate import TERMS, evaluate
from solvers.hgs.annealer import Settings
from solvers.hgs.arrays import data_of, genes_of, solution_of, width_of
from solvers.hgs.by_parts import SearchByParts, is_better_in_parts
from solvers.hgs.island import Island
from solvers.hgs.parts import Groups
from solvers.problem import Problem, Solution
from solvers.stop import Stop, has_limit, iteration_limit
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
    given = _in_bins(problem, watch)
    if start is not None:
        evaluation = evaluate(problem, start)
        if evaluation.is_feasible and evaluation.objective < watch.objective:
            given = start
            watch.note(evaluation.objective, evaluation.terms, evaluation.missing_visits)
    if not watch.goes_on() or not problem.n_stores:
        return given
    given_objective = watch.objective
    groups = Groups(problem)
    if is_better_in_parts(groups):
        return _by_parts(groups, stop, watch, seed, threads, given, given is start)
    data, width = data_of(problem), width_of(problem)
    genes = None if start is None else genes_of(problem, data, start, width)
    islands = [
        Island(data, width, seed * 1_000_003 + number, _settings(number))
        for number in range(threads)
    ]
    for island in islands:
        island.begin(genes)
    limit = iteration_limit(stop)
    run = _Run(islands, watch, limit, has_limit(stop))
    if threads == 1:
        watch.solution = lambda: solution_of(problem, data, islands[0].best())
        run.alone()
        watch.solution = None
    else:
        run.together()
    for island in islands:
        island.finish()
    best = min(islands, key=lambda island: island.incumbent.objective)
    run.note()
    watch.tell()
    if best.incumbent.objective > given_objective:
        return given
    return solution_of(problem, data, best.best())


def _by_parts(
    groups: Groups, stop: Stop, watch: Watch, seed: int, threads: int,
    given: Solution, is_start: bool,
) -> Solution:  # fmt: skip
    search = SearchByParts(groups, stop, watch, seed, threads)
    if is_start:
        return search.run(given, given, None)
    problem = groups.problem
    island = Island(data_of(problem), width_of(problem), seed, Settings())
    draft = solution_of(problem, island.data, island.draft())
    return search.run(given, draft, island.penalties if island.is_roomy else None)


def _in_bins(problem: Problem, watch: Watch) -> Solution:
    """The first plan: every visit in its bin."""
    options = tuple(
        min(problem.options_of(store), key=lambda option: (problem.option_cost[option], option))
        for store in range(problem.n_stores)
    )
    terms = dict.fromkeys(TERMS, 0)
    terms["options"] = int(problem.option_cost[list(options)].sum()) if options else 0
    terms["missing"] = int(
        (problem.required * problem.miss_price + problem.dear_visits * problem.dear_price).sum()
    )
    watch.note(sum(terms.values()), terms, int(problem.required.sum()))
    return Solution(options, tuple(((),) * int(vehicles) for vehicles in problem.slot_vehicles))


def _settings(number: int) -> Settings:
    """Islands differ, as no setting is best everywhere."""
    return replace(Settings(), steps=600 if number % 2 == 0 else 150)


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

    def together(self) -> None:
        """Rounds of all islands at once; between rounds each takes in its neighbor's best."""
        self.note()
        if not self.watch.goes_on():
            return
        with ThreadPoolExecutor(len(self.islands)) as pool:
            end = 0
            while True:
                end += ROUND
                self._wait([pool.submit(self._round, island, end) for island in self.islands])
                self.note()
                if self._is_over.is_set() or not self.watch.goes_on():
                    return
                bests = [island.best() for island in self.islands]
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

    def note(self) -> None:
        """Tell the watch how far the islands are."""
        self.watch.iterations = sum(island.iterations for island in self.islands)
        best = min((island.incumbent for island in self.islands), key=lambda one: one.objective)
        if best.objective < self._best:
            self._best = best.objective
            terms = dict(zip(TERMS, best.terms, strict=True))
            self.watch.note(best.objective, terms, best.missing_visits)
