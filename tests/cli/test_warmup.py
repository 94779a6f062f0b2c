from pathlib import Path

import pytest
from click.testing import CliRunner

from routeplanner.cli import main
from routeplanner.cli import warmup as module


@pytest.mark.parametrize(
    ("is_warm", "language", "words"),
    [
        (False, "en", "Compiled in "),
        (True, "en", "Compiled already; loaded in "),
        (False, "zh", "编译完成，用时"),
    ],
)
def test_tells_what_was_done_and_where_it_is_kept(
    is_warm: bool, language: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    monkeypatch.setattr(module, "is_warm", lambda: is_warm)
    monkeypatch.setattr(module, "warmup", lambda: calls.append("search"))
    monkeypatch.setattr(module.bounds, "warmup", lambda: calls.append("bounds"))
    monkeypatch.setattr(module, "kernel_folder", lambda: tmp_path)
    result = CliRunner().invoke(main, ["warmup", "--language", language])
    assert result.exit_code == 0, result.output
    assert words in result.output
    assert str(tmp_path) in result.output
    assert calls == ["search", "bounds"]
