import ast
import os
import time
from pathlib import Path

import pytest

from solvers import kernel_cache
from solvers.kernel_cache import (
    KERNELS,
    facts_of,
    is_private,
    key_of,
    keyed_folder,
    remove_unused,
    temporary_base,
)

KEY = "0123456789abcdef"
NAME = f"routeplanner-{KEY}"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "insertion.py").write_text("COST = 1\n")
    (folder / "routes.py").write_text("COST = 2\n")
    return folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the fallback takes for the temporary folder of the machine."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_same_sources_and_facts_have_the_same_key(sources: Path) -> None:
    assert key_of(sources, {"numba": "1", "cpu": "a"}) == key_of(
        sources, {"cpu": "a", "numba": "1"}
    )


@pytest.mark.parametrize(
    ("file", "text"), [("routes.py", "COST = 3\n"), ("more.py", ""), ("insertion.py", "")]
)
def test_a_change_of_any_source_changes_the_key(sources: Path, file: str, text: str) -> None:
    before = key_of(sources, {})
    (sources / file).write_text(text)
    assert key_of(sources, {}) != before


def test_where_the_sources_lie_changes_the_key(sources: Path, tmp_path: Path) -> None:
    before = key_of(sources, {})
    assert key_of(sources.rename(tmp_path / "elsewhere"), {}) != before


@pytest.mark.parametrize("name", ["numba", "llvmlite", "numpy", "python", "cpu", "features", "OPT"])
def test_a_change_of_any_fact_changes_the_key(sources: Path, name: str) -> None:
    facts = facts_of({})
    assert key_of(sources, facts | {name: "other"}) != key_of(sources, facts)


def test_facts_follow_what_numba_is_told() -> None:
    here = facts_of({})
    assert here["cpu"]
    assert facts_of({"NUMBA_CPU_NAME": "generic"}) == here | {"cpu": "generic", "features": ""}
    assert facts_of({"NUMBA_CPU_NAME": "znver4"}) == here | {"cpu": "znver4"}
    assert facts_of({"NUMBA_CPU_FEATURES": "+avx"}) == here | {"features": "+avx"}
    assert facts_of({"NUMBA_OPT": "0"}) == here | {"OPT": "0"}


def test_kernels_stand_on_kernels_alone() -> None:
    """Else a change elsewhere would leave the key as it is."""
    for path in KERNELS.glob("*.py"):
        if path.stem == "__init__":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            ours = [name for name in modules if name and name.startswith("solvers")]
            assert all(name.startswith("solvers.kernels") for name in ours), path.name


def test_the_users_choice_comes_first(tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "deep", tmp_path / "two"
    environ = {"ROUTEPLANNER_CACHE_DIR": str(one), "NUMBA_CACHE_DIR": str(two)}
    assert keyed_folder(environ, KEY) == one / NAME
    assert keyed_folder({"NUMBA_CACHE_DIR": str(two)}, KEY) == two / NAME
    assert (one / NAME).stat().st_mode & 0o777 == 0o700


def test_else_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_cache, "_users_base", lambda: tmp_path / "home" / "kernels")
    assert keyed_folder({}, KEY) == tmp_path / "home" / "kernels" / NAME


def test_a_base_that_cannot_be_written_falls_back(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "file").touch()
    folder = keyed_folder({"ROUTEPLANNER_CACHE_DIR": str(tmp_path / "file" / "base")}, KEY)
    assert folder == temporary_base() / NAME
    assert folder.parent.parent == temporary
    assert folder.is_dir()


def test_a_users_cache_open_to_others_falls_back(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path / "kernels"
    base.mkdir()
    base.chmod(0o775)
    monkeypatch.setattr(kernel_cache, "_users_base", lambda: base)
    assert temporary in keyed_folder({}, KEY).parents


def test_kernels_that_can_only_be_read_are_copied(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path / "image"
    files = {"complete.json": "[]", "kernels_0/improve.nbc": "code", "kernels_0/improve.nbi": "i"}
    for name, text in (files | {"compiling.lock": "{}"}).items():
        (base / NAME / name).parent.mkdir(parents=True, exist_ok=True)
        (base / NAME / name).write_text(text)
    # Permissions do not bind root, so writing is refused here.
    can_write = kernel_cache._can_write
    monkeypatch.setattr(
        kernel_cache,
        "_can_write",
        lambda path: base not in (path, *path.parents) and can_write(path),
    )
    environ = {"ROUTEPLANNER_CACHE_DIR": str(base)}
    folder = keyed_folder(environ, KEY)
    assert temporary in folder.parents
    found = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}
    assert found == files
    assert [path.name for path in folder.parent.iterdir()] == [NAME]
    (folder / "complete.json").write_text("[1]")
    assert keyed_folder(environ, KEY) == folder
    assert (folder / "complete.json").read_text() == "[1]"


def test_a_temporary_folder_of_this_user_alone_is_taken(temporary: Path) -> None:
    base = temporary_base()
    assert base.parent == temporary
    assert base.stat().st_mode & 0o777 == 0o700
    assert temporary_base() == base


@pytest.mark.skipif(os.name == "nt", reason="no such permissions")
class TestRefused:
    """Numba's files are pickles: whoever can write them makes this user run code."""

    @pytest.mark.parametrize("mode", [0o770, 0o720, 0o702, 0o777])
    def test_a_folder_that_others_can_write(self, temporary: Path, mode: int) -> None:
        base = temporary_base()
        base.chmod(mode)
        assert not is_private(base)
        assert_fresh(temporary_base(), base, temporary)

    def test_a_folder_of_another_user(
        self, temporary: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        base = temporary_base()
        user = os.geteuid()
        taken = temporary / f"routeplanner-{user + 1}"
        taken.mkdir(mode=0o700)
        monkeypatch.setattr("os.geteuid", lambda: user + 1)
        assert not is_private(base)
        assert not is_private(taken)
        assert_fresh(temporary_base(), taken, temporary)

    def test_a_link_to_somewhere_else(self, temporary: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir(mode=0o700)
        taken = temporary / f"routeplanner-{os.geteuid()}"
        taken.symlink_to(elsewhere)
        assert_fresh(temporary_base(), taken, temporary)

    def test_a_file_in_its_place(self, temporary: Path) -> None:
        taken = temporary / f"routeplanner-{os.geteuid()}"
        taken.touch()
        assert_fresh(temporary_base(), taken, temporary)


def assert_fresh(base: Path, taken: Path, temporary: Path) -> None:
    assert base != taken
    assert base.parent == temporary
    assert list(base.iterdir()) == []
    assert base.stat().st_mode & 0o777 == 0o700


def test_only_old_folders_of_ours_are_removed(tmp_path: Path) -> None:
    kept = tmp_path / NAME
    old = tmp_path / "routeplanner-00000000000000aa"
    recent = tmp_path / "routeplanner-00000000000000bb"
    foreign = tmp_path / "tours_0123"
    link = tmp_path / "routeplanner-00000000000000cc"
    for folder in (kept, old, recent, foreign):
        folder.mkdir()
        (folder / "code.nbc").touch()
    link.symlink_to(foreign)
    days_ago = {kept: 99, old: 31, recent: 29, foreign: 99}
    for folder, days in days_ago.items():
        os.utime(folder, (time.time() - days * 86_400,) * 2)
    remove_unused(kept)
    assert set(tmp_path.iterdir()) == {kept, recent, foreign, link}
    assert (foreign / "code.nbc").exists()
