"""The product through its public calls: its own estimator and the named alternatives, on the same trials.

Nothing here reaches inside: `firingorder.compare_onsets` and `detect_onset` get raw microvolts and, in the live suites,
the rest.
"""

from collections.abc import Sequence
from time import process_time

import numpy as np

import firingorder as fo
from benchmarks.onset.found import Found
from benchmarks.onset.trials import RATE_HZ, Cell, Trial
from firingorder_signal.methods import DEFAULT_METHOD, METHODS

#: Headings of the columns; a method without one stands under its name.
HEADINGS = {
    DEFAULT_METHOD: "FiringOrder",
    "hodges-bui": "Hodges-Bui as published",
    "tkeo": "TKEO double threshold",
    "glr": "approximate GLR (Staude)",
}
#: Stands for an interval that is not given.
NO_INTERVAL = (float("nan"), float("nan"))
#: Method -> heading, the product's own first.
COLUMNS = {name: HEADINGS.get(name, name) for name in METHODS}


def run_method(method: str, cell: Cell, trials: Sequence[Trial]) -> tuple[Found, float]:
    """Analyse every trial; the second value is the CPU time per sample and channel, µs, all included."""
    began = process_time()
    found = _rest_onsets(method, trials) if cell.suite == "rest" else _compare(method, cell, trials)
    spent_s = process_time() - began
    return found, 1e6 * spent_s / max(sum(trial.emg_uv.size for trial in trials), 1)


def _rest_onsets(method: str, trials: Sequence[Trial]) -> Found:
    """Look for an onset where there is none, channel by channel."""
    onsets = [
        [_or_nan(fo.detect_onset(trial.emg_uv[:, c], RATE_HZ, trial.rest_s, method=method).time_s) for c in range(2)]
        for trial in trials
    ]
    return Found.of_onsets(np.array(onsets))


def _compare(method: str, cell: Cell, trials: Sequence[Trial]) -> Found:
    """Compare the two channels of every trial."""
    lags: list[fo.Lag] = []
    for trial in trials:
        rest_s = None if cell.suite == "whole" else trial.rest_s
        lags.append(fo.compare_onsets(trial.emg_uv[:, 0], trial.emg_uv[:, 1], RATE_HZ, rest_s, method=method))
    pairs = [(lag.hamstring, lag.glute) for lag in lags]
    return Found(
        np.array([[_or_nan(onset.time_s) for onset in pair] for pair in pairs]),
        np.array([[onset.ci90_s or NO_INTERVAL for onset in pair] for pair in pairs]),
        np.array([_or_nan(lag.lag_s) for lag in lags]),
        np.array([_probability(lag, method) for lag in lags]),
        np.array([lag.ci90_s or NO_INTERVAL for lag in lags]),
    )


def _probability(lag: fo.Lag, method: str) -> float:
    """P(hamstring first): one half where our own estimator says nothing, NaN for a method that gives none."""
    if lag.p_hamstring_first is not None:
        return lag.p_hamstring_first
    return 0.5 if method == DEFAULT_METHOD else float("nan")


def _or_nan(value: float | None) -> float:
    """Write an absent time as NaN, for columns of numbers."""
    return float("nan") if value is None else value
