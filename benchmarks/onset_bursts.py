"""Bursts of known beginning and end: how well `detect_bursts` finds both, and what an hour of gait costs.

Bursts of Gaussian EMG over sensor noise, linear rises of 50-200 ms and linear falls of 50-300 ms, 0.5-2 s long, pauses
of 1.5-3 s. The truth is the moment the amplitude leaves zero, and the moment it is back.
"""

import time
import tracemalloc
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import firingorder as fo
from benchmarks.onset_simulator import shaped_noise
from benchmarks.report import Table

FloatArray = NDArray[np.float64]

#: Seeds for reporting alone.
FIRST_SEED = 80_000
RATE_HZ = 1000.0
SNRS_DB = (10, 15, 20, 30)
FALLS_S = (0.05, 0.1, 0.2, 0.3)
RISES_S = (0.05, 0.1, 0.2)
NOISE_UV = 3.0
N_BURSTS = 8
#: An answer belongs to a burst when its beginning is this near, seconds.
NEAR_S = 0.3
#: Gait: one stride, the burst's share of it.
STRIDE_S, BURST_S = 1.1, 0.45
#: Memory is traced over this part of the hour, since tracing is slow, and grows with the length.
MEMORY_SHARE = 6


@dataclass(frozen=True)
class Train:
    """What was found of one train of bursts with falls of one length."""

    snr_db: int
    fall_s: float
    n_true: int
    n_found: int
    onset_ms: tuple[float, ...]
    offset_ms: tuple[float, ...]
    onset_covered: tuple[bool, ...]
    offset_covered: tuple[bool, ...]


def make_train(rng: np.random.Generator, snr_db: float, fall_s: float) -> tuple[FloatArray, list[tuple[float, float]]]:
    """Make a train: raw µV, and each burst's true beginning and end, seconds."""
    truth: list[tuple[float, float]] = []
    at_s = 2.5
    for _ in range(N_BURSTS):
        length_s = float(rng.uniform(0.5, 2.0))
        truth.append((at_s, at_s + length_s))
        at_s += length_s + float(rng.uniform(1.5, 3.0))
    t = np.arange(round(at_s * RATE_HZ)) / RATE_HZ
    level = np.zeros(len(t))
    for start_s, stop_s in truth:
        rise_s = float(rng.choice(RISES_S))
        level += np.clip((t - start_s) / rise_s, 0, 1) * np.clip((stop_s - t) / fall_s, 0, 1)
    emg = NOISE_UV * 10 ** (snr_db / 20) * level * shaped_noise(rng, len(t), RATE_HZ)
    return emg + NOISE_UV * rng.standard_normal(len(t)), truth


def run_train(task: tuple[int, float, int]) -> Train:
    """Make a train and find its bursts."""
    snr_db, fall_s, seed = task
    rng = np.random.default_rng([seed, snr_db, round(1000 * fall_s)])
    emg, truth = make_train(rng, snr_db, fall_s)
    bursts = fo.detect_bursts(emg, RATE_HZ)
    pairs = [(burst, true_s) for true_s in truth for burst in bursts if _is_of(burst, true_s[0])]
    ended = [(burst.offset, true_s[1]) for burst, true_s in pairs if burst.offset is not None]
    return Train(
        snr_db,
        fall_s,
        len(truth),
        len(bursts),
        tuple(_error_ms(burst.onset, true_s[0]) for burst, true_s in pairs),
        tuple(_error_ms(end, true_s) for end, true_s in ended),
        tuple(_covers(burst.onset, true_s[0]) for burst, true_s in pairs),
        tuple(_covers(end, true_s) for end, true_s in ended),
    )


def _is_of(burst: fo.Burst, start_s: float) -> bool:
    """Say whether an answer belongs to the burst that began then."""
    return burst.onset.time_s is not None and abs(burst.onset.time_s - start_s) < NEAR_S


def _error_ms(found: fo.Onset, true_s: float) -> float:
    """Error of a median; NaN where there is none."""
    return np.nan if found.time_s is None else 1e3 * (found.time_s - true_s)


def _covers(found: fo.Onset, true_s: float) -> bool:
    """Say whether a 90 % interval holds the truth."""
    return found.ci90_s is not None and found.ci90_s[0] <= true_s <= found.ci90_s[1]


def cell_of(trains: Sequence[Train], *, ends: bool) -> str:
    """Write median, 90th percentile, bias and coverage of beginnings or ends."""
    errors = np.array([e for train in trains for e in (train.offset_ms if ends else train.onset_ms)])
    covered = [c for train in trains for c in (train.offset_covered if ends else train.onset_covered)]
    size = np.sort(np.where(np.isnan(errors), np.inf, np.abs(errors)))
    spread = f"{np.median(size):.0f} / {size[int(0.9 * len(size))]:.0f} ms, {np.nanmedian(errors):+.0f}"
    return f"{spread}, {np.mean(covered):.0%}"


def measure_hour(seconds: float = 3600.0) -> list[str]:
    """Find the bursts of an hour of gait: how many, how long it takes, how much memory it needs."""
    rng = np.random.default_rng(FIRST_SEED)
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    phase = t % STRIDE_S
    level = np.clip(phase / 0.08, 0, 1) * np.clip((BURST_S - phase) / 0.1, 0, 1)
    emg = NOISE_UV * (10.0 * level * shaped_noise(rng, len(t), RATE_HZ) + rng.standard_normal(len(t)))
    began = time.process_time()
    bursts = fo.detect_bursts(emg, RATE_HZ)
    spent_s = time.process_time() - began
    tracemalloc.start()
    fo.detect_bursts(emg[: len(emg) // MEMORY_SHARE], RATE_HZ)
    peak_mib = tracemalloc.get_traced_memory()[1] / 2**20 * MEMORY_SHARE
    tracemalloc.stop()
    strides = str(round(seconds / STRIDE_S))
    memory = f"{peak_mib:.0f} MiB ({emg.nbytes / 2**20:.0f} MiB given)"
    return [f"{seconds / 60:.0f} min", strides, str(len(bursts)), f"{spent_s:.1f} s", memory]


def main(n: int = 4) -> list[Table]:
    """Run `n` trains for each SNR and fall on all cores, then the hour on one."""
    hour = measure_hour()
    tasks = [(snr, fall, FIRST_SEED + i) for snr in SNRS_DB for fall in FALLS_S for i in range(n)]
    with ProcessPoolExecutor() as pool:
        trains = list(pool.map(run_train, tasks))
    rows: list[list[str]] = []
    for snr_db in SNRS_DB:
        of_snr = [train for train in trains if train.snr_db == snr_db]
        n_true = sum(train.n_true for train in of_snr)
        missed = n_true - sum(len(train.onset_ms) for train in of_snr)
        more = sum(train.n_found for train in of_snr) - n_true + missed
        ends = [cell_of([train for train in of_snr if train.fall_s == fall], ends=True) for fall in FALLS_S]
        rows.append([f"{snr_db} dB", cell_of(of_snr, ends=False), *ends, f"{missed}, {more} of {n_true}"])
    falls = [f"end, fall of {1e3 * fall:.0f} ms" for fall in FALLS_S]
    return [
        Table(
            "Bursts: error median / p90, bias, coverage of the 90 % interval",
            ["SNR", "beginning", *falls, "missed, too many"],
            rows,
        ),
        Table("Bursts of gait at 1 kHz, one channel", ["length", "strides", "bursts", "CPU time", "memory"], [hour]),
    ]


if __name__ == "__main__":
    for table in main():
        print(table.to_markdown())
