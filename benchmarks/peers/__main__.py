"""Tune one peer and let it answer every batch of a folder: `PYTHON -m benchmarks.peers FOLDER PEER`.

Run from the checkout's root by the interpreter of the peers' environment (`make bench-onset` makes it). Reads
`tune-clean.npz`, `tune-dirty.npz` and the batches `*.npz` of `FOLDER/trials`, writes `FOLDER/answers/PEER.npz` (one
array a batch) and `PEER.json` (parameters, speed, version), and prints a line for each batch done.
"""

import json
import os
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.peers.exchange import read_batch, read_truth
from benchmarks.peers.preparation import prepare
from benchmarks.peers.tuning import COMMON, PEERS, Params, Peer, find_onset, tune


def answer_batch(peer: Peer, path: Path, params: Params) -> np.ndarray:
    """Onsets of one batch, shape (n_trials, 2), seconds; NaN = none found."""
    found: list[list[float]] = []
    for recording in read_batch(path):
        channels = [
            prepare(recording.emg_uv[:, c], recording.rest, recording.rate_hz, params["low_hz"]) for c in range(2)
        ]
        found.append([find_onset(peer, x, recording, params) for x in channels])
    return np.array(found).reshape(-1, 2)


def speed_us(peer: Peer, path: Path, params: Params, n_trials: int = 5) -> float:
    """CPU time of the detector alone, µs per sample and channel: the median over a few trials."""
    own = {name: value for name, value in params.items() if name not in COMMON}
    detect = peer.public or peer.detect
    spent: list[float] = []
    for recording, _ in zip(read_batch(path), range(n_trials + 1), strict=False):
        x = prepare(recording.emg_uv[:, 0], recording.rest, recording.rate_hz, params["low_hz"])
        began = time.process_time()
        detect(x, recording.rest, recording.rate_hz, **own)
        spent.append(1e6 * (time.process_time() - began) / len(x))
    return float(np.median(spent[1:]))  # the first call imports the package


def main(folder: Path, name: str) -> None:
    """Tune, answer, write."""
    peer = PEERS[name]
    tuned: dict[str, Params] = {}
    errors_ms: dict[str, float] = {}
    for dirt in ("clean", "dirty"):
        path = folder / f"tune-{dirt}.npz"
        tuned[dirt], error_s = tune(peer, list(read_batch(path)), read_truth(path))
        errors_ms[dirt] = 1e3 * error_s
        print(f"tuned {dirt}", flush=True)
    answers: dict[str, np.ndarray] = {}
    for path in sorted((folder / "trials").glob("*.npz")):
        answers[path.stem] = answer_batch(peer, path, tuned["dirty" if "-dirty" in path.stem else "clean"])
        print(f"answered {path.stem}", flush=True)
    out = folder / "answers"
    out.mkdir(exist_ok=True)
    np.savez(out / f"{name}.npz", allow_pickle=False, **answers)
    report = {
        "label": peer.label,
        "version": version(peer.package),
        "params": tuned,
        "tuning_error_ms": errors_ms,
        "us_per_sample": speed_us(peer, folder / "tune-clean.npz", tuned["clean"]),
    }
    (out / f"{name}.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # MYOnset imports its viewer
    warnings.simplefilter("ignore")  # other people's deprecations
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except KeyboardInterrupt:
        sys.exit(130)
