"""Onsets and their order against exact truth: suite `mixed`, clean and dirty, beside the Hodges-Bui reference.

Seeds from 60 000 up are for reporting alone; nothing was tuned on them. A miss counts as an infinite error. The goals
and what published detectors reach are in `docs/onset.md`.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.onset_simulator import SHAPES, Channel, Scene, mixed_scene, simulate
from benchmarks.report import Table
from firingorder_signal.alarm import BurstAlarm
from firingorder_signal.crosstalk import cancel_crosstalk
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.onset import NoOnset, OnsetPosterior, locate_onset
from firingorder_signal.order import compare_posteriors
from firingorder_signal.rules import JudgementRules

FloatArray = NDArray[np.float64]
Value = TypeVar("Value")

FIRST_SEED = 60_000
RATE_HZ = 1000.0
SNRS_DB = (6, 10, 15, 20, 30)
MODELS = ("gauss", "mu")
#: Data used after the later onset: an alarm comes some 20 ms late, and a live verdict waits 240 ms after it.
AFTER_S = 0.26
RULES = JudgementRules()


@dataclass(frozen=True)
class Trial:
    """One simulated pair and what was found; errors in ms, NaN = missed."""

    model: str
    dirty: bool
    snr_db: int
    true_lag_s: float
    error_ms: tuple[float, float]
    covered: tuple[bool, bool]
    reference_ms: tuple[float, float]
    lag_s: float
    p_first: float
    lag_covered: bool
    alarm_ms: tuple[float, float]
    false_onset: bool


def run_trial(task: tuple[str, bool, int, int]) -> Trial:
    """Simulate one pair of the suite and analyse it."""
    model, dirty, snr_db, seed = task
    rng = np.random.default_rng([seed, snr_db, MODELS.index(model), dirty])
    scene = mixed_scene(rng, model, snr_db, dirty=dirty, rate_hz=RATE_HZ)
    emg, truth = simulate(scene, int(rng.integers(2**31)))
    filtered = CausalBand(BandDesign(RATE_HZ), 2).update(emg)
    first, stop = float(truth.min()), round((float(truth.max()) + AFTER_S) * RATE_HZ)
    rest = (round((first - 2.2) * RATE_HZ), round((first - 0.4) * RATE_HZ))
    search = (round((first - 0.7) * RATE_HZ), stop)
    found = _locate_pair(filtered[:stop], rest, search)
    lag = compare_posteriors(found[0], found[1], (0.0, 0.0), RATE_HZ, 0.0, RULES)
    true_lag_s = float(truth[1] - truth[0])
    quiet = np.ascontiguousarray(filtered[: rest[1], 0])
    return Trial(
        model,
        dirty,
        snr_db,
        true_lag_s,
        _pair(lambda c: _error_ms(found[c], float(truth[c]))),
        _pair(lambda c: _covers(found[c], float(truth[c]))),
        _pair(lambda c: _reference_ms(found[c], float(truth[c]))),
        lag.lag_s if lag.lag_s is not None else 0.0,
        lag.p_hamstring_first if lag.p_hamstring_first is not None else 0.5,
        lag.ci90_s is not None and lag.ci90_s[0] <= true_lag_s <= lag.ci90_s[1],
        _alarm_delays_ms(filtered, truth),
        not isinstance(locate_onset(quiet, RATE_HZ, (200, 1200), (1200, len(quiet))), NoOnset),
    )


def _pair(of: Callable[[int], Value]) -> tuple[Value, Value]:
    """Apply to both channels."""
    return of(0), of(1)


def _locate_pair(
    filtered: FloatArray, rest: tuple[int, int], search: tuple[int, int]
) -> list[OnsetPosterior | NoOnset]:
    """Clean each channel of the other's leak and locate its onset."""
    channels = [np.ascontiguousarray(filtered[:, c]) for c in range(2)]
    cleaned = [cancel_crosstalk(channels[c], channels[1 - c], RATE_HZ, rest) for c in range(2)]
    return [locate_onset(x, RATE_HZ, rest, search) for x in cleaned]


def _error_ms(found: OnsetPosterior | NoOnset, truth_s: float) -> float:
    """Error of the median."""
    return 1e3 * (found.median_s - truth_s) if isinstance(found, OnsetPosterior) else np.nan


def _reference_ms(found: OnsetPosterior | NoOnset, truth_s: float) -> float:
    """Error of the Hodges-Bui onset."""
    if isinstance(found, NoOnset) or found.reference_s is None:
        return np.nan
    return 1e3 * (found.reference_s - truth_s)


def _covers(found: OnsetPosterior | NoOnset, truth_s: float) -> bool:
    """Say whether the 90 % interval holds the truth."""
    return isinstance(found, OnsetPosterior) and found.ci90_s[0] <= truth_s <= found.ci90_s[1]


def _alarm_delays_ms(filtered: FloatArray, truth: FloatArray) -> tuple[float, float]:
    """Delay of each channel's first alarm after its onset, NaN without one."""
    events = BurstAlarm(RATE_HZ, 2).update(filtered, 0)

    def delay(channel: int) -> float:
        onset = float(truth[channel])
        times = [event.index / RATE_HZ - onset for event in events if event.on and event.channel == channel]
        after = [time for time in times if time > -0.02]
        return 1e3 * after[0] if after else np.nan

    return _pair(delay)


def _spread(errors: Sequence[float]) -> str:
    """Write median and 90th percentile of the absolute error, and the bias; a miss is infinite."""
    e = np.array(errors)
    size = np.where(np.isnan(e), np.inf, np.abs(e))
    return f"{np.median(size):.1f} / {np.sort(size)[int(0.9 * len(size))]:.0f} ms, {np.nanmedian(e):+.1f}"


def _share_right(true_s: FloatArray, found_s: FloatArray, low_s: float, high_s: float) -> str:
    """Write the share of pairs with the right sign among true lags of that size."""
    chosen = (np.abs(true_s) >= low_s) & (np.abs(true_s) < high_s)
    return f"{np.mean(np.sign(true_s[chosen]) == np.sign(found_s[chosen])):.3f}"


def summarize(trials: Sequence[Trial], name: str) -> list[list[str]]:
    """Write the row of the estimator and of the reference for clean or dirty trials of SNR >= 10 dB."""
    true_s = np.array([trial.true_lag_s for trial in trials])
    ours = np.array([trial.lag_s for trial in trials])
    reference = np.nan_to_num(np.array([(t.reference_ms[1] - t.reference_ms[0]) / 1e3 + t.true_lag_s for t in trials]))
    apart = np.abs(true_s) > 0.004
    p, first = np.array([trial.p_first for trial in trials])[apart], true_s[apart] > 0
    decided = (p >= RULES.p_decided) | (p <= 1 - RULES.p_decided)
    sizes = ((0.004, 1.0), (0.004, 0.015), (0.015, 0.03), (0.03, 1.0))
    return [
        [
            name,
            "this estimator",
            _spread([error for trial in trials for error in trial.error_ms]),
            *(_share_right(true_s, ours, low, high) for low, high in sizes),
            f"{np.mean(decided):.0%}, {np.mean((p > 0.5)[decided] == first[decided]):.3f}",
            f"{np.mean((p - first) ** 2):.3f}, {_calibration_error(p, first):.3f}",
            f"{np.mean([trial.lag_covered for trial in trials]):.0%}",
        ],
        [
            name,
            "Hodges-Bui",
            _spread([error for trial in trials for error in trial.reference_ms]),
            *(_share_right(true_s, reference, low, high) for low, high in sizes),
            *("-" * 3),
        ],
    ]


def _calibration_error(p: FloatArray, first: NDArray[np.bool_]) -> float:
    """Mean distance between stated and true share over ten bins of probability."""
    bins = np.clip((p * 10).astype(np.int64), 0, 9)
    parts = [(np.mean(bins == b), abs(p[bins == b].mean() - first[bins == b].mean())) for b in np.unique(bins)]
    return float(sum(share * distance for share, distance in parts))


def cell_rows(trials: Sequence[Trial]) -> list[list[str]]:
    """Write one row for each model and dirt, a column for each SNR: median error, coverage, misses."""
    rows: list[list[str]] = []
    for model, dirty in product(MODELS, (False, True)):
        row = [f"{model}, {'dirty' if dirty else 'clean'}"]
        for snr_db in SNRS_DB:
            cell = [t for t in trials if (t.model, t.dirty, t.snr_db) == (model, dirty, snr_db)]
            errors = np.array([error for trial in cell for error in trial.error_ms])
            covered = np.mean([one for trial in cell for one in trial.covered])
            row.append(f"{np.nanmedian(np.abs(errors)):.1f} ms, {covered:.0%}, {np.mean(np.isnan(errors)):.1%}")
        rows.append(row)
    return rows


def run_null(task: tuple[str, str, int]) -> tuple[str, str, float, bool]:
    """Simulate equal onsets, the glute weaker and slower; return the lag found in ms and whether 0 is inside."""
    model, shape, seed = task
    scene = Scene((Channel(2.6, 0.1, 20.0, shape), Channel(2.6, 0.2, 10.0, shape)), model, duration_s=3.6)
    emg, truth = simulate(scene, seed)
    filtered = CausalBand(BandDesign(RATE_HZ), 2).update(emg)
    stop = round((float(truth.max()) + AFTER_S + 0.05) * RATE_HZ)
    found = _locate_pair(filtered[:stop], (300, 2200), (1900, stop))
    lag = compare_posteriors(found[0], found[1], (0.0, 0.0), RATE_HZ, 0.0, RULES)
    true_s = float(truth[1] - truth[0])
    if lag.lag_s is None or lag.ci90_s is None:
        return model, shape, np.nan, False
    return model, shape, 1e3 * (lag.lag_s - true_s), lag.ci90_s[0] <= true_s <= lag.ci90_s[1]


def main(n: int = 100) -> list[Table]:
    """Run `n` pairs for each model, dirt and SNR on all cores."""
    tasks = [(m, d, s, FIRST_SEED + i) for m, d, s in product(MODELS, (False, True), SNRS_DB) for i in range(n)]
    equal = [(model, shape, FIRST_SEED + i) for model in MODELS for shape in SHAPES for i in range(n)]
    with ProcessPoolExecutor() as pool:
        trials = list(pool.map(run_trial, tasks, chunksize=16))
        nulls = list(pool.map(run_null, equal, chunksize=16))
    judged = [trial for trial in trials if trial.snr_db >= 10]
    head = ["signal", "method", "error median / p90, bias", "order right", "at 10 ms", "20 ms", "40+ ms"]
    head += ["decided at 0.95, accuracy", "Brier, calibration error", "lag interval covers"]
    rows = [
        row
        for name in ("clean", "dirty")
        for row in summarize([t for t in judged if t.dirty == (name == "dirty")], name)
    ]
    return [
        Table("Onsets and order, suite mixed, SNR 10 dB and more", head, rows),
        Table(
            "Median error, coverage of the 90 % interval, misses",
            ["", *(f"{s} dB" for s in SNRS_DB)],
            cell_rows(trials),
        ),
        Table(
            "Lag found for equal onsets: hamstring 20 dB, 100 ms; glute 10 dB, 200 ms",
            ["signal", "median lag", "interval holds 0"],
            [
                [f"{model}, {shape}", f"{np.nanmedian(lags):+.0f} ms", f"{np.mean(held):.0%}"]
                for model in MODELS
                for shape in SHAPES
                for lags, held in [tuple(zip(*[row[2:] for row in nulls if row[:2] == (model, shape)], strict=True))]
            ],
        ),
        _alarm_table(judged),
    ]


def _alarm_table(trials: Sequence[Trial]) -> Table:
    """Write how soon the alarm comes and how often rest is taken for an onset."""
    rows: list[list[str]] = []
    for name, dirty in (("clean", False), ("dirty", True)):
        chosen = [trial for trial in trials if trial.dirty == dirty]
        delays = np.array([delay for trial in chosen for delay in trial.alarm_ms])
        seconds = 2.0 * len(chosen)
        rows.append(
            [
                name,
                f"{np.nanmedian(delays):.0f} / {np.nanpercentile(delays, 90):.0f} ms",
                f"{np.mean(np.isnan(delays)):.1%}",
                f"{sum(trial.false_onset for trial in chosen)} in {seconds / 60:.0f} channel-minutes",
            ]
        )
    return Table(
        "Alarm and rest", ["signal", "alarm after the onset, median / p90", "no alarm", "onsets on rest"], rows
    )


if __name__ == "__main__":
    for table in main():
        print(table.to_markdown())
