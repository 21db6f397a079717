"""The worked notebooks of `docs/`: each runs from top to bottom, with its assertions, and is kept without outputs."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs"
NOTEBOOKS = ("first_recording", "choosing_a_detector", "a_cohort")
#: Figures that each draws.
N_FIGURES = {"first_recording": 3, "choosing_a_detector": 2, "a_cohort": 1}


def test_all_are_known() -> None:
    assert {path.stem for path in DOCS.glob("*.ipynb")} == set(NOTEBOOKS)


@pytest.mark.filterwarnings("ignore")  # of Jupyter's own parts
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_and_is_kept_without_outputs(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (DOCS / f"{name}.ipynb").read_text("utf-8")
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells)
    assert any("assert " in "".join(cell["source"]) for cell in cells)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("PYTHONWARNINGS", "error::FutureWarning,error::DeprecationWarning:firingorder_session")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook: Any = import_module("nbformat").reads(text, as_version=4)
    place = {"metadata": {"path": str(DOCS)}}
    import_module("nbclient").NotebookClient(notebook, timeout=100, kernel_name="python3", resources=place).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == N_FIGURES[name]
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]
