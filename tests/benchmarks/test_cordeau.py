import csv
from pathlib import Path
from random import Random

import pytest

from benchmarks.cordeau import CordeauError, parse_instance, read_instance
from benchmarks.recheck import recheck
from benchmarks.res_files import read_solution, write_solution
from solvers import UNLIMITED, MaxIterations, Solution, evaluate, solve
from tests.benchmarks.small_instances import PLAIN, SOLUTION, WINDOWS

DATA = Path(__file__).parents[2] / "data"
PVRP = sorted((DATA / "pvrp").glob("*.txt"))
PVRPTW = sorted((DATA / "pvrptw").glob("pr??"))


def published_costs() -> dict[str, float]:
    with (DATA / "pvrp" / "best_known.csv").open(encoding="utf-8", newline="") as file:
        return {row["instance"]: float(row["verified_cost"]) for row in csv.DictReader(file)}


def test_all_published_instances_are_here():
    assert len(PVRP) == len(published_costs()) == 21
    assert len(PVRPTW) == 10


@pytest.mark.parametrize("path", PVRP, ids=lambda path: path.stem)
def test_a_published_solution_is_feasible_and_costs_what_is_published(path):
    instance = read_instance(path)
    cost = published_costs()[path.stem]
    stated, solution = read_solution(instance, path.with_suffix(".res").read_text())
    assert stated == pytest.approx(cost, abs=0.01)
    assert instance.cost(solution) == pytest.approx(cost, abs=1e-4)
    result = evaluate(instance.problem, solution)
    assert (result.infeasibilities, result.missing_visits) == ((), 0)
    n_legs = sum(len(route) + 1 for routes in solution.routes for route in routes if route)
    assert 0 <= result.objective - 10_000 * instance.cost(solution) <= n_legs
    written = write_solution(instance, solution)
    assert read_solution(instance, written) == (pytest.approx(cost, abs=1e-4), solution)


@pytest.mark.parametrize("path", PVRPTW, ids=lambda path: path.name)
def test_an_instance_with_windows_is_read(path):
    problem = read_instance(path).problem
    m, n, t = map(int, path.read_text().split()[1:4])
    assert (problem.n_stores, problem.n_slots) == (n, t)
    assert set(problem.slot_vehicles.tolist()) == {m}
    assert set(problem.slot_shift_hi.tolist()) == {10_000_000}
    assert problem.entry_lo.min() > 0
    assert problem.entry_hi.max() < 10_000_000


def test_every_number_finds_its_place():
    instance = parse_instance(WINDOWS.replace("1 2 0 100\n2", "1 2 7 9.00005\n2"), "tiny.txt")
    problem = instance.problem
    assert instance.name == "tiny"
    assert problem.travel_s[0].tolist()[0] == [0, 50_000, 100_000, 50_000]
    assert problem.travel_s[0][1, 3] == 31_623  # root of 10, rounded up
    assert problem.service_s.tolist() == [10_000] * 3
    assert problem.demand.tolist() == [4, 4, 4]
    assert problem.required.tolist() == [1, 2, 1]
    assert instance.days[0] == {0: {0}, 1: {1}} or instance.days[0] == {0: {1}, 1: {0}}
    assert instance.days[1] == {2: {0, 1}}
    assert list(problem.entries_of(0)) == [(1, 70_000, 90_000)]  # code 1 is day 2; 9.00005 inward
    assert problem.slot_max_work_s.tolist() == [220_000] * 2
    assert problem.slot_capacity.tolist() == [8, 8]
    assert problem.slot_shift_hi.tolist() == [1_000_000] * 2
    assert instance.cost(read_solution(instance, SOLUTION)[1]) == 50


def test_no_longest_duration_and_no_windows_are_no_limits():
    problem = parse_instance(PLAIN.replace("22 8", "0 8"), "tiny").problem
    assert set(problem.slot_max_work_s.tolist()) == {UNLIMITED}
    assert set(problem.slot_shift_hi.tolist()) == {UNLIMITED}


def test_demands_with_decimals_become_whole_units():
    problem = parse_instance(PLAIN.replace(" 1 4 1 2", " 1 4.25 1 2", 1), "tiny").problem
    assert problem.demand.tolist() == [17, 16, 16]
    assert problem.slot_capacity.tolist() == [32, 32]


def test_quirks_of_published_files_are_read_and_noted():
    (note,) = read_instance(DATA / "pvrp" / "p11.txt").notes
    assert "f = 0, read as 1" in note
    (note,) = parse_instance("2" + WINDOWS[1:], "pr08").notes
    assert "type 2, read as 5" in note
    dummy = read_instance(DATA / "pvrp" / "p01.txt")
    assert dummy.problem.travel_s[0][0, 51] == 0
    assert list(dummy.days[50].values()) == [{0}]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1 2 3 2", "1 2 3", "tiny:1: the first line must be 'type m n t'"),
        ("1 2 3 2", "4 2 3 2", "tiny:1: type 4 is neither 1"),
        ("1 2 3 2", "2 2 3 2", "tiny:1: type 2 is neither 1"),
        ("1 2 3 2", "5 2 3 2", "tiny:1: type 5, but rows without windows"),
        ("1 2 3 2", "1 0 3 2", "tiny:1: '0' is no whole number from 1 on"),
        ("1 2 3 2", "1 2 4 2", "tiny:1: 2 rows of days, the depot's and 4 of customers"),
        ("22 8\n0", "22 8 1\n0", "tiny:3: a day's row must be"),
        ("22 8\n0", "-1 8\n0", "tiny:3: limits must not be negative"),
        ("1 3 4", "1 3 x", "tiny:5: 'x' is no number"),
        ("1 3 4", "1 3 nan", "tiny:5: 'nan' is no number"),
        ("1 3 4 1 4", "1 3 4 -1 4", "tiny:5: service and demand must not be negative"),
        ("2 6 8", "3 6 8", "tiny:6: place 2 must stand here, not 3"),
        ("2 1 3", "2 1 4", "tiny:6: a pattern names days beyond the 2"),
        ("2 1 3", "2 1 0", "tiny:6: '0' is no whole number from 1 on"),
        ("2 1 3", "2 2 3 1", "tiny:6: all patterns must have as many days"),
        ("2 1 3", "2 0", "tiny:6: all patterns must have as many days"),
        ("2 1 3", "2 1 3 5", "tiny:6: 1 patterns, and 'e l' for type 5, must follow"),
        ("2 1 3", "2 1 3 5 6", "tiny:6: either every row has a window or none"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(old, new, message):
    assert old in PLAIN
    with pytest.raises(CordeauError) as refused:
        parse_instance(PLAIN.replace(old, new, 1), "tiny")
    assert str(refused.value).startswith(message)


def test_a_window_that_ends_before_it_begins_is_refused():
    with pytest.raises(CordeauError, match="a window must not end before it begins"):
        parse_instance(WINDOWS.replace("1 2 0 100", "1 2 7 6", 1), "tiny")


def test_files_from_dos_are_read(tmp_path):
    path = tmp_path / "tiny.txt"
    path.write_bytes(b"\xef\xbb\xbf" + PLAIN.replace("\n", " \r\n").encode() + b"\x1a")
    instance = read_instance(path)
    assert instance.problem.n_stores == 3
    assert recheck(path.read_text(encoding="utf-8"), SOLUTION).violations == ()


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "p01"
    path.write_bytes(b"1 2 \xff\xfe")
    with pytest.raises(CordeauError, match="p01: this is no text"):
        read_instance(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (SOLUTION, "", ":1: the cost is missing"),
        ("50.00", "50 1", ":1: the first line must be the cost alone"),
        ("0 1 2 0", "0 1 2", ":2: a route must be"),
        ("1 1 22.00 8 0 1", "3 1 22.00 8 0 1", ":2: there is no day 3"),
        ("0 1 2 0", "0 1 4 0", ":2: there is no such customer"),
        ("2 1 21.00 4 0 2 0\n", "", ": customer 2 on 1 fits none of its patterns"),
        ("8 0 1 2 0", "4 0 1 0\n1 2 21 4 0 2 0\n1 3 0 0 0 2 0", ": a day has more routes"),
    ],
)
def test_a_malformed_solution_is_refused(old, new, message):
    assert old in SOLUTION
    with pytest.raises(CordeauError) as refused:
        read_solution(parse_instance(PLAIN, "tiny"), SOLUTION.replace(old, new, 1), "tiny.res")
    assert str(refused.value).startswith(f"tiny.res{message}")


def test_what_is_written_is_read_back():
    instance = read_instance(DATA / "pvrptw" / "pr01")
    found = solve(instance.problem, "insertion", MaxIterations(40), 1)
    assert found.evaluation.missing_visits == 0
    cost, solution = read_solution(instance, write_solution(instance, found.solution))
    assert cost == pytest.approx(instance.cost(found.solution), abs=5e-5)
    for routes, written in zip(found.solution.routes, solution.routes, strict=True):
        assert sorted(filter(None, routes)) == sorted(filter(None, written))


def test_vehicles_are_numbered_without_those_that_stay():
    instance = parse_instance(PLAIN, "tiny")
    _, solution = read_solution(instance, SOLUTION)
    turned = Solution(solution.option_of_store, tuple(routes[::-1] for routes in solution.routes))
    assert write_solution(instance, turned) == (
        "50.0000\n1 1 22.0000 8 0 1 2 0\n2 1 11.0000 4 0 3 0\n2 2 21.0000 4 0 2 0\n"
    )


def test_exact_lengths_are_not_rounded_up_by_errors_of_floats():
    rng = Random(1)
    for _ in range(50):
        a, b, c = rng.choice(((3, 4, 5), (5, 12, 13), (20, 21, 29)))
        k = rng.randint(1, 9999)
        text = PLAIN.replace("1 3 4", f"1 {a * k / 100:.2f} {b * k / 100:.2f}", 1)
        assert parse_instance(text, "tiny").problem.travel_s[0][0, 1] == 100 * c * k
