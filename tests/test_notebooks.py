"""Every notebook runs from top to bottom and is stored without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebook_runs(path: Path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    if path.stem == "quickstart":
        texts = [str(output) for cell in code for output in cell.outputs]
        assert any("246 of 246 visits scheduled" in text for text in texts)
        assert any("\\n0 violations" in text for text in texts)
        assert any("<iframe" in text and "leaflet" in text for text in texts)


def test_there_is_a_notebook():
    assert [path.name for path in NOTEBOOKS.glob("*.ipynb")] == ["quickstart.ipynb"]
