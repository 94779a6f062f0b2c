"""What `bound` prints: the score, what is proved, the gap; or that nothing was."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from routeplanner.cli import main, searching
from routeplanner.cli.bound import bound_lines
from routeplanner.domain.plan_bound import PlanBound
from routeplanner.files.plan_json import write_plan, write_scenario
from tests.planning.small_plans import small_plan, small_scenario

FOUND = PlanBound(
    stores=40,
    score=1_584.7,
    least_score=1_552.46,
    no_bound=None,
    most_stores=100,
    is_best=False,
    is_final=False,
    breaks_rules=False,
    missing_visits=0,
    left_out=(),
    has_other_calendars=False,
    most_choices=None,
    seconds=30,
)


STORES = "id,name,lat,lon,sales\n1,One,52.50,13.40,10\n2,Two,52.51,13.41,20\n"


def lines(language: str = "en", **changes: object) -> str:
    return "\n".join(bound_lines(FOUND.model_copy(update=changes), language))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    given = small_scenario()
    write_scenario(given, tmp_path / "scenario.json")
    write_plan(small_plan(given), tmp_path / "plan.json")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return invoke("bound", *arguments)


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def plan_with_bound(folder: Path, *more: str) -> Result:
    (folder / "stores.csv").write_text(STORES, encoding="utf-8")
    options = ("--policy", "five-day", "--method", "insertion", "--iterations", "2", *more)
    out = ("--out", folder / "out")
    return invoke("plan", folder / "stores.csv", *options, *out, "--bound", "600")


def interrupted(monkeypatch: pytest.MonkeyPatch, *searches: bool) -> None:
    """Ctrl-C in some of the searches of a command, one after the other."""
    left = iter(searches)

    def interruptible(_: Any) -> Any:
        is_interrupted = next(left)
        return nullcontext(lambda: is_interrupted)

    monkeypatch.setattr(searching, "interruptible", interruptible)


def test_a_plan_is_held_against_its_bound(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 0, result.output
    assert "Score of this plan: 275.0" in result.output
    assert "no plan of these 4 stores under these rules has a score below 210.0" in result.output
    assert "at most 31.0 % above the best possible plan: 65.0 equivalent minutes" in result.output
    assert "More time would not bring more." in result.output


def test_a_missing_plan_is_told(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere.json")
    assert result.exit_code == 2
    assert "FILE_NOT_FOUND" in result.output


def test_a_proof_that_is_interrupted_tells_what_it_has(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, True)
    result = run(folder)
    assert result.exit_code == 0, result.output
    assert "The proof was ended early" in result.stderr
    assert "Score of this plan: 275.0" in result.stdout
    assert "Nothing was proved about better plans within 0 s" in result.stdout


def test_plan_proves_after_the_search_what_bound_does(tmp_path: Path) -> None:
    result = plan_with_bound(tmp_path)
    assert result.exit_code == 0, result.output
    bound = run(tmp_path / "out").stdout
    assert "Score of this plan" in bound
    report, own = result.stdout.split("\n\nScore of this plan")
    assert bound == f"Score of this plan{own}"
    assert "plan.xlsx" in report


def test_plan_names_its_own_option_for_more_time() -> None:
    words = "\n".join(bound_lines(FOUND, "en", "--bound"))
    assert "More time (--bound) may prove more." in words
    assert "--seconds" not in words


def test_ctrl_c_in_the_proof_keeps_the_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, False, True)
    result = plan_with_bound(tmp_path, "--language", "zh")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "out" / "plan.json").exists()
    assert "证明已提前结束" in result.stderr
    assert "本方案得分" in result.stdout
    assert "请用 --bound 延长时间" in result.stdout


def test_what_is_shown_is_never_more_than_what_is_proved() -> None:
    """1,552.46 is shown as 1,552.4, and 32.24 minutes and 2.077 % as 32.3 and 2.1."""
    words = lines()
    assert "below 1,552.4." in words
    assert "at most 2.1 % above the best possible plan: 32.3 equivalent minutes" in words
    assert "--seconds" in words


def test_no_proof_is_said_plainly() -> None:
    nothing = {"least_score": None, "is_final": False}
    assert "within 30 s" in lines(no_bound="out_of_time", **nothing)
    assert "there are 400 stores" in lines(no_bound="too_large", stores=400, **nothing)
    assert "above" not in lines(no_bound="out_of_time", **nothing)


def test_the_best_plan_is_called_so() -> None:
    words = lines(is_best=True, least_score=FOUND.score)
    assert "there is no better one" in words
    assert "above" not in words


def test_a_proof_that_did_not_get_far_is_not_held_against_the_plan() -> None:
    far = {"least_score": 1_000.0}
    assert "did not get far within 30 s" in lines(**far)
    assert "did not get far" not in lines(**far, is_final=True)
    assert "did not get far" not in lines()


def test_without_a_least_score_above_nothing_there_is_no_percentage() -> None:
    words = lines(least_score=0.0, is_final=True)
    assert "at most 1,584.7 equivalent minutes" in words
    assert "%" not in words


def test_a_plan_that_breaks_rules_has_no_gap() -> None:
    words = lines(breaks_rules=True)
    assert "breaks rules" in words
    assert "above" not in words


def test_missing_visits_calendars_and_what_is_left_out_are_told() -> None:
    left_out = ("waiting", "several_windows")
    words = lines(missing_visits=2, has_other_calendars=True, left_out=left_out, most_choices=500)
    assert "2 visits that are not scheduled" in words
    assert "route calendar of this plan" in words
    assert "waiting before a store opens or before lunch; closing at midday" in words
    assert "looks at 500 choices of days" in words


def test_all_of_it_is_there_in_chinese() -> None:
    words = lines("zh", missing_visits=1, left_out=("waiting", "guaranteed"))
    assert "得分都不低于1,552.4" in words
    assert "最多比最优方案高2.1%，即每周期32.3等效分钟" in words
    assert "等候门店开门或等候午餐的时间；“必须保证”" in words
