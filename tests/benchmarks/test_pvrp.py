import csv
import re
from pathlib import Path
from shutil import copy

import pytest

import benchmarks.pvrp
from benchmarks.cordeau import CordeauError, read_instance
from benchmarks.folder import list_folder, spread
from benchmarks.methods import Found
from benchmarks.outcomes import Outcome, comparisons, mean_gaps, summarize
from benchmarks.pvrp import main
from benchmarks.recheck import recheck
from benchmarks.res_files import read_solution
from solvers import Solution

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def folder(tmp_path):
    """Two instances without and one with windows, and files that are none."""
    made = tmp_path / "instances"
    made.mkdir()
    for path in ("pvrp/p14.txt", "pvrp/p14.res", "pvrp/p01.txt", "pvrptw/pr01"):
        copy(DATA / path, made)
    (made / "README.md").write_text("5 files")
    (made / "LICENSE").write_text("All free")
    (made / "best_known.csv").write_text("\ufeffinstance,best_known\np14,954.81\np99,1\np01,\n")
    return made


def table(out: Path) -> list[dict[str, str]]:
    with (out / "table.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_writes_a_table_and_every_solution(folder, tmp_path, capsys):
    out = tmp_path / "out"
    options = ["--seconds", "2", "--seeds", "1,2", "--method", "insertion", "--out", str(out)]
    assert main([str(folder), *options, "--without", "p14"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"insertion: mean gap \d+\.\d{3} % over 1 instances\n", printed)
    assert "insertion: no gap without p14\n" in printed
    rows = table(out)
    assert [(row["instance"], row["seed"]) for row in rows] == [
        (name, seed) for name in ("p01", "p14", "pr01") for seed in ("1", "2")
    ]
    for row in rows:
        suffix = "" if row["instance"] == "pr01" else ".txt"
        text = (folder / f"{row['instance']}{suffix}").read_text()
        verdict = recheck(text, (out / row["res"]).read_text())
        assert verdict.violations == ()
        assert float(row["cost"]) == pytest.approx(verdict.cost, abs=1e-4)
        assert row["n_violations"] == "0"
        assert all(row[name] for name in ("machine", "date", "commit", "cpu_s", "wall_s"))
        assert (row["method"], row["seconds"], row["threads"]) == ("insertion", "2.0", "1")


def test_methods_are_compared_at_equal_time(folder, tmp_path, capsys):
    out = tmp_path / "out"
    options = ["--only", "p14,pr01", "--seconds", "0.8", "--seeds", "1", "--out", str(out)]
    assert main([str(folder), *options, "--method", "insertion,ortools,pyvrp"]) == 0
    printed = capsys.readouterr().out
    for peer in ("ortools", "pyvrp"):
        assert f"\n{peer} costs " in printed
        assert (out / peer / "pr01.1.res").exists()
    assert [row["method"] for row in table(out)] == ["insertion", "ortools", "pyvrp"] * 2


def test_jobs_give_the_same_rows_in_the_same_order(folder, tmp_path):
    out = tmp_path / "out"
    options = ["--only", "p14,p01", "--seconds", "0.2", "--seeds", "3,4", "--out", str(out)]
    assert main([str(folder), *options, "--method", "insertion", "--jobs", "2"]) == 0
    order = [(row["instance"], row["seed"]) for row in table(out)]
    assert order == [("p01", "3"), ("p01", "4"), ("p14", "3"), ("p14", "4")]


def test_the_quick_preset_takes_six_instances_of_all_sizes(monkeypatch, tmp_path):
    tasks = []

    def note(task):
        tasks.append(task)
        return outcome(task.listed.name, task.search.method, task.search.seed, 1.0)

    monkeypatch.setattr(benchmarks.pvrp, "perform", note)
    arguments = [str(DATA / "pvrp"), "--preset", "quick", "--method", "insertion"]
    assert main([*arguments, "--out", str(tmp_path)]) == 0
    assert len(tasks) == 6
    assert {(task.search.seconds, task.search.seed) for task in tasks} == {(20.0, 1)}
    visits = [listed.n_visits for listed in list_folder(DATA / "pvrp")]
    sizes = [task.listed.n_visits for task in tasks]
    assert {min(visits), max(visits)} <= set(sizes)
    tasks.clear()
    chosen = ["--seconds", "5", "--seeds", "1,2", "--only", "p02"]
    assert main([*arguments, *chosen, "--out", str(tmp_path)]) == 0
    assert [(task.search.seconds, task.search.seed) for task in tasks] == [(5.0, 1), (5.0, 2)]


def test_a_solution_that_fails_the_recheck_is_told_loudly(folder, tmp_path, capsys, monkeypatch):
    problem = read_instance(folder / "p14.txt").problem
    options = tuple(problem.options_of(store)[0] for store in range(problem.n_stores))
    nothing = Solution(options, (((), ()),) * 4)
    monkeypatch.setattr(benchmarks.pvrp, "run", lambda *_: Found(nothing, 1.0, 1.0))
    out = tmp_path / "out"
    arguments = [str(folder), "--only", "p14", "--seeds", "1", "--method", "insertion"]
    assert main([*arguments, "--out", str(out)]) == 1
    captured = capsys.readouterr()
    assert "FAILED p14.1.res: pattern: customer 1 on days []" in captured.err
    assert "FAILED the re-check: p14.1.res" in captured.err
    assert "1 not feasible" in captured.out
    assert "no gap" in captured.out
    assert int(table(out)[0]["n_violations"]) == problem.n_stores


def test_a_solution_under_the_best_known_cost_is_told(folder, tmp_path, capsys, monkeypatch):
    (folder / "best_known.csv").write_text("instance,best_known\np14,955\n")
    instance = read_instance(folder / "p14.txt")
    _, solution = read_solution(instance, (folder / "p14.res").read_text())
    monkeypatch.setattr(benchmarks.pvrp, "run", lambda *_: Found(solution, 1.0, 1.0))
    arguments = [str(folder), "--only", "p14", "--seeds", "1", "--method", "insertion"]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    assert "under best known 955.0: 954.8071 in p14.1.res" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "p15"], "instances has no p15; it has p01, p14, pr01"),
        (["--method", "magic"], "method 'magic' is none of "),
    ],
)
def test_a_wrong_command_line_ends_with_a_message(folder, capsys, arguments, message):
    assert main([str(folder), "--method", "insertion", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,best_known\np14,1\n", "best_known.csv:1: there is no column 'instance'"),
        ("instance,best_known\np14,x\n", "best_known.csv:2: best_known 'x' is no number"),
    ],
)
def test_a_malformed_table_of_best_costs_is_refused(folder, text, message):
    (folder / "best_known.csv").write_text(text)
    with pytest.raises(CordeauError, match=message):
        list_folder(folder)


def test_a_folder_is_listed_without_what_is_no_instance(folder):
    listed = list_folder(folder)
    assert [(one.name, one.best_known) for one in listed] == [
        ("p01", None),
        ("p14", 954.81),
        ("pr01", None),
    ]
    (folder / "best_known.csv").unlink()
    assert [one.best_known for one in list_folder(folder, ("p14",))] == [None]
    copy(folder / "p14.txt", folder / "p14")
    with pytest.raises(CordeauError, match=r"p14 and p14\.txt have one name"):
        list_folder(folder)
    with pytest.raises(CordeauError, match="there is no folder"):
        list_folder(folder / "nowhere")


def test_few_instances_are_all_taken(folder):
    listed = list_folder(folder)
    assert spread(listed, 6) == listed
    assert [one.name for one in spread(listed, 2)] == ["p14", "pr01"]


def outcome(instance: str, method: str, seed: int, cost: float, n_violations: int = 0) -> Outcome:
    gap = 100 * (cost - 1)
    return Outcome(instance, method, seed, 1.0, 1, cost, 1.0, gap, n_violations, 1.0, 2.0, "a.res")


def test_gaps_and_ratios_are_means_of_feasible_costs():
    summaries = [
        summarize([outcome("a", "ours", 1, 1.0), outcome("a", "ours", 2, 1.02)]),
        summarize([outcome("a", "theirs", 1, 1.111), outcome("a", "theirs", 2, 0.5, 3)]),
        summarize([outcome("b", "ours", 1, 1.03)]),
        summarize([outcome("b", "theirs", 1, 9.0, 1)]),
    ]
    assert [summary.gap_percent for summary in summaries] == [
        pytest.approx(1.0),
        pytest.approx(11.1),
        pytest.approx(3.0),
        None,
    ]
    assert [summary.n_failed for summary in summaries] == [0, 1, 0, 1]
    assert mean_gaps(summaries, ("b",)) == [
        "ours: mean gap 2.000 % over 2 instances",
        "ours: mean gap 1.000 % over 1 instances without b",
        "theirs: mean gap 11.100 % over 1 instances",
        "theirs: mean gap 11.100 % over 1 instances without b",
    ]
    assert comparisons(summaries) == [
        "theirs costs 1.1000 times as much as ours (1.1000 to 1.1000): "
        "more on 1, as much on 0, less on 0 of 1 instances"
    ]
