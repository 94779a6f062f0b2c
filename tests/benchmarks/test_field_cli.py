import csv
import json

import numpy as np
import pytest

from benchmarks.field.__main__ import main
from benchmarks.field.berlin import berlin
from benchmarks.field.runs import Run, known_methods, run
from solvers import Evaluation, MaxIterations, Solution, solve

TINY = ["--stores", "20", "--seeds", "1", "--seconds", "1", "--method", "insertion"]


def rows_of(folder):
    with (folder / "table.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folders(tmp_path):
    return ["--best", str(tmp_path / "best"), "--out", str(tmp_path / "out")]


def test_a_run_writes_the_table_and_the_best_plan(tmp_path, capsys):
    arguments = [*TINY, "--kinds", "city,rural", *folders(tmp_path)]
    assert main(arguments) == 0
    rows = rows_of(tmp_path / "out")
    assert [row["instance"] for row in rows] == ["city-20x1-s1", "rural-20x1-s1"]
    for row in rows:
        plan = json.loads((tmp_path / "best" / f"{row['instance']}.json").read_text())
        assert int(row["best_known"]) == plan["objective"] <= int(row["objective"])
        is_own = int(row["best_known"]) == int(row["objective"])
        assert row["gap"] == "" if is_own else float(row["gap"]) > 0
        assert row["missing_visits"] == row["broken_rules"] == "0"
        assert float(row["to_planted"]) > 0
        assert float(row["to_first_method"]) == 1
        assert row["machine"]
        assert row["date"]
        assert row["commit"]
    printed = capsys.readouterr().out
    assert ("mean gap of insertion" in printed) == any(row["gap"] for row in rows)
    assert ("no gap" in printed) == any(not row["gap"] for row in rows)
    assert "city-20x1-s1" in printed


def test_a_second_run_measures_against_the_plan_that_is_kept(tmp_path):
    arguments = [*TINY, "--kinds", "city", *folders(tmp_path)]
    main(arguments)
    first = int(rows_of(tmp_path / "out")[0]["best_known"])
    main(arguments)
    (row,) = rows_of(tmp_path / "out")
    assert int(row["best_known"]) <= first
    assert float(row["gap"]) >= 0


def test_best_plans_lie_beside_the_table_unless_a_folder_is_given(tmp_path):
    main([*TINY, "--kinds", "city", "--out", str(tmp_path)])
    assert (tmp_path / "best" / "city-20x1-s1.json").exists()


def test_overload_tells_what_falls_short(tmp_path):
    assert main([*TINY, "--kinds", "mixed", "--overload", "100", *folders(tmp_path)]) == 0
    (row,) = rows_of(tmp_path / "out")
    assert row["instance"] == "mixed-20x1-s1-over100"
    assert int(row["missing_visits"]) > 0
    served, required = (int(number) for number in row["A_served"].split("/"))
    assert served <= required
    assert {"C_further", "without_visit", "could_have_one", "outranked"} <= set(row)
    assert row["to_planted"] == ""


def test_a_best_plan_of_another_problem_ends_the_run(tmp_path, capsys):
    arguments = [*TINY, "--kinds", "city", *folders(tmp_path)]
    main(arguments)
    path = tmp_path / "best" / "city-20x1-s1.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"problem_hash": "0" * 64}))
    assert main(arguments) == 2
    assert "another problem" in capsys.readouterr().err


def test_an_unknown_method_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["--method", "magic"])
    assert "insertion" in capsys.readouterr().err


def test_costs_after_some_seconds_follow_the_trace():
    evaluation = Evaluation(80, {}, 0, ())
    trace = ((0.5, 100), (4.0, 90), (9.0, 80))
    done = Run("insertion", 1, Solution((), ()), evaluation, 10, 10.0, 11.0, trace)
    assert done.objective_after(0.4, 10) is None
    assert [done.objective_after(at, 10) for at in (0.5, 1, 5, 10)] == [100, 100, 90, 80]
    assert done.seconds_to(90.9) == 4.0
    assert done.seconds_to(79) is None


@pytest.mark.parametrize("kind", ["pharmacies", "supermarkets"])
def test_berlin_comes_by_the_products_own_way(kind, tmp_path):
    instance = berlin(kind, 40, reps=2)
    problem = instance.problem
    assert instance.name == f"berlin-{kind}-40x2-s1"
    assert problem.n_stores == len(instance.class_of_store) == 40
    assert problem.n_slots == 2 * 20
    assert set(instance.class_of_store.tolist()) == {0, 1, 2}
    assert np.all(problem.required > 0)
    again, other = berlin(kind, 40, reps=2), berlin(kind, 40, reps=2, seed=2)
    assert np.array_equal(problem.required, again.problem.required)
    assert not np.array_equal(problem.required, other.problem.required)
    assert solve(problem, "insertion", MaxIterations(1)).evaluation.missing_visits == 0


def test_berlin_from_the_command_line(tmp_path):
    assert main([*TINY, "--berlin", "pharmacies", *folders(tmp_path)]) == 0
    (row,) = rows_of(tmp_path / "out")
    assert row["instance"] == "berlin-pharmacies-20x1-s1"
    assert row["to_planted"] == ""


def test_peers_stand_beside_the_methods_of_the_product():
    assert {"insertion", "ortools", "pyvrp"} <= set(known_methods())
    with pytest.raises(ValueError, match="magic"):
        run(berlin("pharmacies", 5), "magic", 1.0, 1, 1)
