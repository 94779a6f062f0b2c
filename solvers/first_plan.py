"""The plan that stands before a search has done anything."""

from solvers.evaluate import TERMS, evaluate
from solvers.problem import Problem, Solution
from solvers.watch import Watch


def first_plan(problem: Problem, watch: Watch, start: Solution | None) -> Solution:
    """Every visit in its bin, or the given solution where that is feasible and better."""
    bins = _in_bins(problem, watch)
    if start is None:
        return bins
    given = evaluate(problem, start)
    if not given.is_feasible or given.objective >= watch.objective:
        return bins
    watch.note(given.objective, given.terms, given.missing_visits)
    return start


def _in_bins(problem: Problem, watch: Watch) -> Solution:
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
