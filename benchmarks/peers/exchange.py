"""How trials and answers travel between the benchmark and the peers: one .npz file a batch, numpy and nothing else.

A batch of trials holds what a detector may know: raw EMG, its rate, a stretch known to be quiet. Only batches made for
tuning also hold the truth. Answers hold one onset a trial and channel, seconds after the trial's first row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Recording:
    """One trial as a detector sees it: `emg_uv` (n_samples, 2) raw µV, `rest` rows (start, stop)."""

    emg_uv: FloatArray
    rest: tuple[int, int]
    rate_hz: float


def write_batch(path: Path, recordings: Sequence[Recording], truth_s: Sequence[FloatArray] | None = None) -> None:
    """Write a batch; `truth_s`, one pair a trial, makes it one for tuning."""
    columns: dict[str, NDArray[np.generic]] = {
        "emg_uv": np.concatenate([each.emg_uv for each in recordings]),
        "n_samples": np.array([len(each.emg_uv) for each in recordings]),
        "rest": np.array([each.rest for each in recordings]),
        "rate_hz": np.array([each.rate_hz for each in recordings]),
    }
    if truth_s is not None:
        columns["truth_s"] = np.array(truth_s)
    np.savez(path, allow_pickle=False, **columns)


def read_batch(path: Path) -> Iterator[Recording]:
    """Read a batch back."""
    with np.load(path) as columns:
        stops = np.cumsum(columns["n_samples"])
        emg_uv, rests, rates = columns["emg_uv"], columns["rest"], columns["rate_hz"]
    for stop, n, rest, rate_hz in zip(stops, np.diff(stops, prepend=0), rests, rates, strict=True):
        yield Recording(np.ascontiguousarray(emg_uv[stop - n : stop]), (int(rest[0]), int(rest[1])), float(rate_hz))


def read_truth(path: Path) -> FloatArray:
    """Read the true onsets of a tuning batch, shape (n_trials, 2), seconds."""
    with np.load(path) as columns:
        return np.asarray(columns["truth_s"], dtype=np.float64)
