"""Every notebook runs from top to bottom, on a small edition."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_is_committed_without_outputs(
    path, analysed_edition, tmp_path, monkeypatch
):
    import nbformat
    from nbclient import NotebookClient

    edition = tmp_path / "small"
    shutil.copytree(analysed_edition, edition)
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs for cell in code)
    monkeypatch.setenv("HOTLINE_EDITION", str(edition))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}}).execute()
    assert all(cell.execution_count for cell in code)
    assert sum(bool(cell.outputs) for cell in code) >= len(code) - 1
