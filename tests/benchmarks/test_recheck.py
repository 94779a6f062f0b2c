from pathlib import Path
from random import Random

import pytest

from benchmarks.cordeau import parse_instance
from benchmarks.recheck import main, recheck
from benchmarks.res_files import write_solution
from solvers import Solution, evaluate
from tests.benchmarks.small_instances import PLAIN, SOLUTION, WINDOWS, random_instance

DATA = Path(__file__).parents[2] / "data"
PVRP = sorted((DATA / "pvrp").glob("*.txt"))


def kinds(instance: str, solution: str) -> set[str]:
    return {violation.kind for violation in recheck(instance, solution).violations}


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize("path", PVRP, ids=lambda path: path.stem)
def test_a_published_solution_passes(path):
    verdict = recheck(path.read_text(), path.with_suffix(".res").read_text(), 0.01)
    assert verdict.violations == ()


@pytest.mark.parametrize("instance", [PLAIN, WINDOWS, "2" + WINDOWS[1:]])
def test_a_solution_at_every_limit_passes(instance):
    assert recheck(instance, SOLUTION).violations == ()
    assert recheck(instance, SOLUTION).cost == pytest.approx(50)


@pytest.mark.parametrize(
    ("kind", "pairs"),
    [
        ("pattern", [("2 1 21.00 4 0 2 0\n", ""), ("50.00", "30.00")]),
        ("pattern", [("2 2 11.00 4 0 3 0\n", ""), ("50.00", "40.00")]),
        ("repeated", [("11.00 4 0 3 0", "12.00 8 0 3 3 0")]),
        ("vehicles", [("2 2 11.00", "2 1 11.00")]),
        ("vehicles", [("2 2 11.00", "2 3 11.00")]),
        ("cost", [("50.00", "50.001")]),
        ("stated", [("22.00 8", "22.00 7")]),
        ("stated", [("22.00 8", "21.90 8")]),
        ("customer", [("0 1 2 0", "0 1 4 0")]),
        ("customer", [("1 1 22.00", "3 1 22.00")]),
        ("format", [("0 1 2 0", "0 1 2")]),
        ("format", [("50.00", "50.00 1")]),
        ("format", [("50.00", "fifty")]),
        ("format", [("22.00 8", "nan 8")]),
        ("cost", [("50.00", "50.01")]),
    ],
)
def test_a_planted_violation_is_found_and_nothing_else(kind, pairs):
    assert kinds(PLAIN, changed(SOLUTION, *pairs)) == {kind}


@pytest.mark.parametrize(
    ("kind", "text", "pairs"),
    [
        ("capacity", PLAIN, [("22 8", "22 7")]),
        ("duration", PLAIN, [("22 8", "21.99 8")]),
        ("vehicles", PLAIN, [("1 2 3 2", "1 1 3 2")]),
        ("window", WINDOWS, [("1 3 0 100", "1 3 0 10.9")]),  # day 1 comes at 11, day 2 at 10
        ("window", WINDOWS, [("0 0 0 0 0 0 100", "0 0 0 0 0 0 21.9")]),
        ("pattern", PLAIN, [("1 4 1 2 1 2", "1 4 1 1 1")]),
    ],
)
def test_a_limit_that_the_solution_does_not_keep_is_found(kind, text, pairs):
    assert kinds(changed(text, *pairs), SOLUTION) == {kind}


def test_more_routes_than_vehicles_are_found_whatever_their_numbers():
    split = changed(
        SOLUTION, ("22.00 8 0 1 2 0", "11.00 4 0 1 0\n1 2 21.00 4 0 2 0"), ("50.00", "60.00")
    )
    assert kinds(PLAIN, split) == set()
    assert kinds(PLAIN.replace("1 2 3 2", "1 1 3 2"), split) == {"vehicles"}


def test_duration_counts_the_waiting_that_no_late_leaving_saves():
    # Customer 1 is to be served by 10, customer 2 from 50 on: away from 5 to 61.
    waits = [("1 2 1 2 0 100", "1 2 1 2 0 10"), ("1 3 0 100", "1 3 50 100")]
    solution = changed(SOLUTION, ("22.00", "56.00"))
    assert kinds(changed(WINDOWS, *waits, ("22 8", "56 8")), solution) == set()
    assert kinds(changed(WINDOWS, *waits, ("22 8", "55.9 8")), solution) == {"duration"}
    assert kinds(changed(WINDOWS, *waits, ("22 8", "56 8")), SOLUTION) == {"stated"}
    for longest, is_feasible in ((56, True), (55.9, False)):
        instance = parse_instance(changed(WINDOWS, *waits, ("22 8", f"{longest} 8")), "tiny")
        routes = (((0, 1), ()), ((1,), (2,)))
        result = evaluate(instance.problem, Solution((1, 2, 3), routes))
        assert result.is_feasible == is_feasible


def test_a_dummy_at_the_depot_takes_a_vehicle_away():
    text = changed(PLAIN, ("1 2 3 2", "1 2 4 2")) + "4 0 0 0 8 1 1 {}\n"
    assert kinds(text.format(2), SOLUTION) == set()
    assert kinds(text.format(1), SOLUTION) == {"vehicles"}
    assert kinds(text.format(2).replace("4 0 0", "4 0 1"), SOLUTION) == {"pattern"}


def test_the_verdict_agrees_with_the_evaluation_of_arrays():
    verdicts = []
    for seed in range(150):
        rng = Random(seed)
        text = random_instance(rng)
        instance = parse_instance(text, "random")
        options = tuple(rng.choice(list(patterns)) for patterns in instance.days)
        routes = []
        for day in range(3):
            stores = [s for s, o in enumerate(options) if day in instance.days[s][o]]
            rng.shuffle(stores)
            cut = rng.randint(0, len(stores))
            routes.append((tuple(stores[:cut]), tuple(stores[cut:])))
        solution = Solution(options, tuple(routes))
        result = evaluate(instance.problem, solution)
        verdict = recheck(text, write_solution(instance, solution))
        assert verdict.cost == pytest.approx(instance.cost(solution))
        assert (not verdict.violations) == result.is_feasible, verdict.violations
        verdicts.append(result.is_feasible)
    assert 20 < sum(verdicts) < 130


def test_the_command_line_tells_what_is_wrong(tmp_path, capsys, monkeypatch):
    instance, good, bad = (tmp_path / name for name in ("tiny.txt", "good.res", "bad.res"))
    for path, text in ((instance, PLAIN), (good, SOLUTION), (bad, SOLUTION.replace("50", "51"))):
        path.write_text(text)
    monkeypatch.setattr("sys.argv", ["recheck", str(instance), str(good)])
    assert main() == 0
    monkeypatch.setattr("sys.argv", ["recheck", str(instance), str(good), str(bad)])
    assert main() == 1
    assert "bad.res: 50.0000, 1 violations\n  cost: the cost is 50.0" in capsys.readouterr().out
