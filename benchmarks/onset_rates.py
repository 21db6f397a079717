"""The onset's error against the sampling rate: the same trials, simulated at 4 kHz and brought down as converters do.

Suite `mixed`, clean, 10 dB and more, through `compare_onsets`. 10 kHz is simulated by itself. What counts is the median
against that of 1 kHz: 30 % more at 500 Hz, twice at 250 Hz, nothing at faster rates.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

import firingorder as fo
from benchmarks.onset_simulator import mixed_scene, simulate
from benchmarks.report import Table

FloatArray = NDArray[np.float64]

#: Seeds for reporting alone.
FIRST_SEED = 70_000
MODELS = ("gauss", "mu")
SNRS_DB = (10, 15, 20, 30)
SIMULATED_HZ, FASTEST_HZ = 4000, 10_000
RATES_HZ = (250, 500, 1000, 2000, 4000)
REFERENCE_HZ = 1000
#: Data used after the later onset, and the rest that is given: as in `benchmarks.onset`.
AFTER_S, REST_BEFORE_S = 0.26, (2.2, 0.4)


@dataclass(frozen=True)
class Answer:
    """One trial at one rate: errors of both onsets in ms (NaN = missed), whether the intervals hold, the signs."""

    rate_hz: int
    error_ms: tuple[float, ...]
    covered: tuple[bool, ...]
    true_lag_s: float
    lag_s: float


def analyze_at(emg_uv: FloatArray, truth_s: FloatArray, rate_hz: int) -> Answer:
    """Analyse a trial as a live stream would have it: cut after the later onset."""
    first = float(truth_s.min())
    stop = round((float(truth_s.max()) + AFTER_S) * rate_hz)
    rest_s = first - REST_BEFORE_S[0], first - REST_BEFORE_S[1]
    lag = fo.compare_onsets(emg_uv[:stop, 0], emg_uv[:stop, 1], rate_hz, rest_s)
    onsets = (lag.hamstring, lag.glute)
    times = [np.nan if onset.time_s is None else onset.time_s for onset in onsets]
    covered = [
        onset.ci90_s is not None and onset.ci90_s[0] <= float(true_s) <= onset.ci90_s[1]
        for onset, true_s in zip(onsets, truth_s, strict=True)
    ]
    errors = [1e3 * (time_s - float(true_s)) for time_s, true_s in zip(times, truth_s, strict=True)]
    return Answer(rate_hz, tuple(errors), tuple(covered), float(truth_s[1] - truth_s[0]), float(times[1] - times[0]))


def run_trial(task: tuple[str, int, int]) -> list[Answer]:
    """Simulate a trial and answer it at every rate."""
    model, snr_db, seed = task
    answers: list[Answer] = []
    for simulated_hz, rates_hz in ((SIMULATED_HZ, RATES_HZ), (FASTEST_HZ, (FASTEST_HZ,))):
        rng = np.random.default_rng([seed, snr_db, MODELS.index(model)])
        scene = mixed_scene(rng, model, snr_db, dirty=False, rate_hz=float(simulated_hz))
        emg, truth = simulate(scene, int(rng.integers(2**31)))
        for rate_hz in rates_hz:
            answers.append(analyze_at(_slower(emg, simulated_hz // rate_hz), truth, rate_hz))
    return answers


def _slower(emg_uv: FloatArray, step: int) -> FloatArray:
    """Bring a signal down to a fraction of its rate, without what would alias."""
    slower: FloatArray = resample_poly(emg_uv, 1, step, axis=0)
    return slower


def row_of(answers: Sequence[Answer], reference_ms: float) -> list[str]:
    """Write one rate's row."""
    errors = np.array([error for answer in answers for error in answer.error_ms])
    size = np.where(np.isnan(errors), np.inf, np.abs(errors))
    true_s = np.array([answer.true_lag_s for answer in answers])
    lag_s = np.array([0.0 if np.isnan(answer.lag_s) else answer.lag_s for answer in answers])
    apart = np.abs(true_s) > 0.004
    right = np.sign(lag_s[apart]) == np.sign(true_s[apart])
    return [
        f"{answers[0].rate_hz} Hz",
        f"{np.median(size):.1f} / {np.sort(size)[int(0.9 * len(size))]:.0f} ms, {np.nanmedian(errors):+.1f}",
        f"{np.median(size) / reference_ms:.2f}",
        f"{np.mean(right):.3f}",
        f"{np.mean([one for answer in answers for one in answer.covered]):.0%}",
        f"{np.mean(np.isnan(errors)):.1%}",
    ]


def main(n: int = 60) -> Table:
    """Run `n` trials for each model and SNR on all cores."""
    tasks = [(model, snr_db, FIRST_SEED + i) for model, snr_db in product(MODELS, SNRS_DB) for i in range(n)]
    with ProcessPoolExecutor() as pool:
        answers = [answer for found in pool.map(run_trial, tasks, chunksize=8) for answer in found]
    by_rate = {rate: [a for a in answers if a.rate_hz == rate] for rate in (*RATES_HZ, FASTEST_HZ)}
    reference = [abs(error) for answer in by_rate[REFERENCE_HZ] for error in answer.error_ms]
    reference_ms = float(np.median(np.nan_to_num(reference, nan=np.inf)))
    return Table(
        "Onsets by sampling rate, suite mixed, clean, SNR 10 dB and more",
        ["rate", "error median / p90, bias", "of 1 kHz", "order right", "interval covers", "missed"],
        [row_of(found, reference_ms) for found in by_rate.values()],
    )


if __name__ == "__main__":
    print(main().to_markdown())
