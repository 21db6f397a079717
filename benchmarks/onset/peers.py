"""Run the peers, each in a process of their own interpreter, on the trials in a folder, and read their columns."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NoReturn

import numpy as np
from tqdm import tqdm

from benchmarks.onset.found import Column, Found
from benchmarks.onset.trials import Cell

#: Checkout root: where `benchmarks` is imported from.
ROOT = Path(__file__).resolve().parents[2]
#: The environment `tools/setup.sh` makes for them.
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
#: Names `benchmarks.peers` knows, the slowest first so that two cores end together.
NAMES = ("lidierth", "ruptures", "neurokit2", "hodges_bui", "bonato", "silva", "detecta", "myonset")


def run_peers(python: Path, folder: Path, cells: list[Cell], names: tuple[str, ...] = NAMES) -> list[Column]:
    """Run every peer on all cores; one that fails is left out, with its error on stderr."""
    running: list[subprocess.Popen[str]] = []
    bar = tqdm(total=len(names) * (len(cells) + 2), desc="peers", unit="batch", file=sys.stderr)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        futures = {pool.submit(_run_peer, python, folder, name, bar, running): name for name in names}
        try:
            for future in as_completed(futures):
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in running:
                child.terminate()
            raise
    bar.close()
    return [column for name in names if (column := read_column(folder, name, cells)) is not None]


def _run_peer(
    python: Path, folder: Path, name: str, bar: "tqdm[NoReturn]", running: list[subprocess.Popen[str]]
) -> None:
    """Run one peer to its end, a step of the bar for each line it prints."""
    words = [str(python), "-m", "benchmarks.peers", str(folder), name]
    # One thread each: their CPU time is compared, and the cores are shared by two of them.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as child:
        running.append(child)
        for _ in child.stdout or ():
            bar.update()
    if child.returncode > 0 and child.returncode != 130:
        bar.write(f"peer {name} failed with {child.returncode}; see above", file=sys.stderr)


def read_column(folder: Path, name: str, cells: list[Cell]) -> Column | None:
    """Read a peer's answers; None when it left none."""
    answers, report = folder / "answers" / f"{name}.npz", folder / "answers" / f"{name}.json"
    if not answers.exists() or not report.exists():
        return None
    about = json.loads(report.read_text(encoding="utf-8"))
    with np.load(answers) as onsets:
        found = {cell: Found.of_onsets(onsets[cell.key]) for cell in cells}
    note = f"{about['label']} {about['version']}: " + "; ".join(
        f"{dirt} {_write_params(params)}" for dirt, params in about["params"].items()
    )
    return Column(about["label"], found, {"batch_us": about["us_per_sample"]}, note)


def _write_params(params: dict[str, float]) -> str:
    """Write tuned parameters."""
    return ", ".join(f"{name} {value:g}" for name, value in params.items())
