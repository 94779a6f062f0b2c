import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

import solvers
from solvers import compile_ahead
from solvers.compile_ahead import is_warm, start
from tests.solvers.random_problems import random_problem

ROOT = Path(__file__).parents[2]
STATISTICS = """
import json, sys, solvers
from numba.core.registry import CPUDispatcher
from solvers.tiny_problems import tiny_problems
solvers.warmup()
for problem in tiny_problems():
    start = None
    for steps in (2_000, 80_000):  # annealing alone, and a population
        stop = solvers.MaxIterations(steps)
        start = solvers.solve(problem, "hgs", stop, threads=2, start=start).solution
kernels = [module for name, module in sys.modules.items() if name.startswith("solvers.kernels.")]
entries = {one for module in kernels for one in vars(module).values()
           if isinstance(one, CPUDispatcher) and one.stats.cache_path}
print(json.dumps({
    "hits": sorted(one.__name__ for one in entries if one.stats.cache_hits),
    "misses": sorted(one.__name__ for one in entries if one.stats.cache_misses),
    "paths": sorted({one.stats.cache_path for one in entries}),
}))
"""
SUCCEED = "from pathlib import Path; Path({marker!r}).write_text('[]')"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cold cache folder; children that are started do what the test tells them."""
    folder = tmp_path / "routeplanner-0123456789abcdef"
    folder.mkdir()
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    monkeypatch.setattr(compile_ahead, "kernel_folder", lambda: folder)
    yield folder
    for compilation in compile_ahead._running:
        compilation.wait()


@pytest.fixture
def tell_child(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def tell(code: str) -> None:
        command = ("-c", code.format(marker=str(folder / compile_ahead.MARKER)))
        monkeypatch.setattr(compile_ahead, "COMMAND", command)

    return tell


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[Path]:
    """What running all kernels leaves, without running them."""
    files: list[Path] = []

    def run() -> None:
        files.append(folder / "kernels_0" / f"improve-1.py311.{len(files)}.nbc")
        files[-1].parent.mkdir(exist_ok=True)
        files[-1].touch()

    monkeypatch.setattr(compile_ahead, "_run_kernels", run)
    return files


def test_warm_after_a_complete_compilation_only(
    folder: Path, runs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        (folder / "half.nbc").touch()
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(compile_ahead, "_run_kernels", fail)
        with pytest.raises(MemoryError):
            solvers.warmup()
    assert not is_warm()
    solvers.warmup()
    assert is_warm()
    assert len(runs) == 1
    solvers.warmup()  # loads
    assert len(runs) == 2
    assert {path.name for path in folder.iterdir()} == {"complete.json", "half.nbc", "kernels_0"}


def test_cold_again_when_a_file_was_cleaned_away(folder: Path, runs: list[Path]) -> None:
    solvers.warmup()
    runs[0].unlink()
    assert not is_warm()
    (folder / compile_ahead.MARKER).write_text("[")
    assert not is_warm()


def test_nothing_to_compile_without_jit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_warm()
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert is_warm()
    solvers.warmup()
    assert list(folder.iterdir()) == []


def test_a_child_compiles(folder: Path, tell_child: Callable[[str], None]) -> None:
    tell_child("import sys; sys.stdin.read(); print('compiling');" + SUCCEED)
    compilation = start()
    assert compilation.wait()
    assert compilation.is_done()
    assert is_warm()
    assert (folder / compile_ahead.LOG).read_text().strip() == "compiling"
    assert start().is_done()


def test_one_child_at_a_time(folder: Path, tell_child: Callable[[str], None]) -> None:
    gate = folder / "gate"
    tell_child(
        "import time; from pathlib import Path\n"
        f"while not Path({str(gate)!r}).exists(): time.sleep(0.01)\n" + SUCCEED
    )
    compilation = start()
    assert not compilation.is_done()
    assert not compilation.wait(0.01)
    assert start() is compilation
    gate.touch()
    assert compilation.wait()
    assert is_warm()


def test_a_search_that_ends_before_its_kernels_are_there_says_so(
    folder: Path, tell_child: Callable[[str], None]
) -> None:
    gate = folder / "gate"
    tell_child(
        "import time; from pathlib import Path\n"
        f"while not Path({str(gate)!r}).exists(): time.sleep(0.01)\n" + SUCCEED
    )
    problem = random_problem(Random(5), 10, 3)
    result = solvers.solve(problem, "hgs", solvers.MaxSeconds(0.2))
    gate.touch()
    assert result.method == "insertion"
    assert result.evaluation.infeasibilities == ()
    assert start().wait()
    assert solvers.solve(problem, "hgs", solvers.MaxSeconds(0.2)).method == "hgs"


def test_a_search_with_a_limit_of_iterations_can_be_canceled_before_its_kernels_are_there(
    folder: Path, tell_child: Callable[[str], None]
) -> None:
    gate = folder / "gate"
    tell_child(
        "import time; from pathlib import Path\n"
        f"while not Path({str(gate)!r}).exists(): time.sleep(0.01)\n" + SUCCEED
    )
    problem, answers = random_problem(Random(5), 10, 3), iter([False] * 2)
    given = solvers.solve(problem, "insertion", solvers.MaxIterations(5))
    canceled = solvers.Canceled(lambda: next(answers, True))
    stop = solvers.FirstOf((solvers.MaxIterations(100), canceled))
    result = solvers.solve(problem, "hgs", stop, start=given.solution)
    gate.touch()
    assert (result.status, result.iterations, result.method) == ("canceled", 0, "insertion")
    assert result.solution == given.solution
    assert start().wait()


def test_a_child_that_fails_ends_the_wait(folder: Path, tell_child: Callable[[str], None]) -> None:
    tell_child("raise SystemExit('no compiler')")
    failed = start()
    assert failed.wait()
    assert not is_warm()
    assert "no compiler" in (folder / compile_ahead.LOG).read_text()
    assert start() is not failed


@pytest.mark.parametrize("executable", ["", "/nowhere/python"])
def test_done_at_once_where_no_child_can_be_started(
    folder: Path, executable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    assert start().is_done()
    assert not is_warm()


def test_a_frozen_program_does_not_start_itself(
    folder: Path, tell_child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_child(SUCCEED)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert start().wait()
    assert not is_warm()


def test_a_child_finds_the_same_solvers_and_folder(
    folder: Path, tell_child: Callable[[str], None], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "numpy.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    tell_child("")
    code = "import os, solvers; print(solvers.__file__, os.environ['ROUTEPLANNER_CACHE_DIR'])"
    monkeypatch.setattr(compile_ahead, "COMMAND", ("-P", "-c", code))
    start().wait()
    said = (folder / compile_ahead.LOG).read_text().strip()
    assert said == f"{solvers.__file__} {folder.parent}"


def test_one_process_compiles_and_others_wait_for_it(folder: Path, runs: list[Path]) -> None:
    lock = folder / "compiling.lock"
    script = (
        "import sys, time; from pathlib import Path\n"
        "from solvers.compile_lock import CompileLock\n"
        "folder = Path(sys.argv[1])\n"
        "with CompileLock(folder, lambda: False):\n"
        "    sys.stdin.readline()\n"
        "    (folder / 'complete.json').write_text('[]')\n"
    )
    arguments = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, text=True, cwd=ROOT) as other:
        while not lock.exists():
            time.sleep(0.01)
        stamp = lock.stat().st_mtime_ns
        assert other.stdin
        other.stdin.write("go on\n")
        other.stdin.flush()
        solvers.warmup()
        assert not lock.exists() or lock.stat().st_mtime_ns == stamp
    assert json.loads((folder / compile_ahead.MARKER).read_text()) == []


@pytest.mark.skipif(not compile_ahead._is_jit(), reason="nothing is compiled")
def test_a_fresh_process_loads_everything_from_the_cache() -> None:
    if not is_warm():
        solvers.warmup()
    run = subprocess.run(
        [sys.executable, "-c", STATISTICS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    told = json.loads(run.stdout)
    assert {"construct", "ruin_and_recreate", "cross", "distance"} <= set(told["hits"])
    assert told["misses"] == []
    assert [Path(path).parent for path in told["paths"]] == [compile_ahead.kernel_folder()]


def test_importing_solvers_loads_no_compiler() -> None:
    code = (
        "import sys, solvers, solvers.compile_ahead; print({'numba', 'llvmlite'} & {*sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert run.stdout.strip() == b"set()"
