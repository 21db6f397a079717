"""Figures of merit, each from trials with known truth; None where a detector gives nothing to score."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.onset.found import FloatArray, Scores

#: Lags below this are "together" and have no order, seconds.
TOGETHER_S = 0.004
#: A decision counts as made at this probability or its complement (`rules.p_decided`).
DECIDED = 0.95


def error_quantile_ms(scores: Scores, share: float) -> float:
    """Quantile of the absolute error over all onsets; a miss is infinite."""
    size = np.abs(scores.error_s.ravel())
    return float(1e3 * np.sort(np.where(np.isnan(size), np.inf, size))[min(int(share * len(size)), len(size) - 1)])


def bias_ms(scores: Scores) -> float | None:
    """Median signed error over the onsets that were found."""
    error = scores.error_s
    return None if np.isnan(error).all() else float(1e3 * np.nanmedian(error))


def missed_percent(scores: Scores) -> float:
    """Share of onsets not found."""
    return 100.0 * float(np.mean(np.isnan(scores.found.onset_s)))


def order_right(scores: Scores, low_s: float = TOGETHER_S, high_s: float = 1.0) -> float | None:
    """Share of pairs with the right sign among true lags of that size; a tie counts half, a missed onset is wrong."""
    size = np.abs(scores.true_lag_s)
    chosen = (size >= low_s) & (size < high_s)
    if not chosen.any():
        return None
    found = np.nan_to_num(np.where(scores.found.lag_s == 0.0, 1e-12, scores.found.lag_s))[chosen]
    right = np.sign(found) == np.sign(scores.true_lag_s[chosen])
    credit: FloatArray = np.where(np.abs(found) == 1e-12, 0.5, right.astype(np.float64))
    return float(np.mean(credit))


def _probabilities(scores: Scores) -> tuple[FloatArray, NDArray[np.bool_]] | None:
    """Stated P(hamstring first) and what was true, of pairs that have an order."""
    apart = np.abs(scores.true_lag_s) >= TOGETHER_S
    p = scores.found.p_first[apart]
    return None if len(p) == 0 or np.isnan(p).any() else (p, scores.true_lag_s[apart] > 0)


def decided_share(scores: Scores) -> float | None:
    """Percentage of pairs decided at `DECIDED`."""
    pair = _probabilities(scores)
    if pair is None:
        return None
    return 100.0 * int(np.count_nonzero(np.abs(pair[0] - 0.5) >= DECIDED - 0.5)) / len(pair[0])


def decided_accuracy(scores: Scores) -> float | None:
    """Share of right ones among the decided."""
    pair = _probabilities(scores)
    if pair is None:
        return None
    decided = np.abs(pair[0] - 0.5) >= DECIDED - 0.5
    right = (pair[0] > 0.5) == pair[1]
    return float(np.count_nonzero(right & decided) / np.count_nonzero(decided)) if decided.any() else None


def _called(scores: Scores) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Tell which pairs that have an order are called (surely, and with the whole interval), and which rightly."""
    pair = _probabilities(scores)
    if pair is None:
        return None
    interval_s = scores.found.lag_ci90_s[np.abs(scores.true_lag_s) >= TOGETHER_S]
    one_side = (interval_s[:, 0] > 0.0) | (interval_s[:, 1] < 0.0)
    called = (np.abs(pair[0] - 0.5) >= DECIDED - 0.5) & one_side
    return called, called & ((pair[0] > 0.5) == pair[1])


def called_share(scores: Scores) -> float | None:
    """Percentage of pairs decided at `DECIDED` whose whole 90 % interval lies on one side of 0."""
    pair = _called(scores)
    return None if pair is None else 100.0 * float(np.mean(pair[0]))


def called_accuracy(scores: Scores) -> float | None:
    """Share of right ones among the called."""
    pair = _called(scores)
    if pair is None or not pair[0].any():
        return None
    return float(np.count_nonzero(pair[1]) / np.count_nonzero(pair[0]))


def brier(scores: Scores) -> float | None:
    """Mean squared error of the stated probability."""
    pair = _probabilities(scores)
    return None if pair is None else float(np.mean((pair[0] - pair[1]) ** 2))


def calibration_error(scores: Scores) -> float | None:
    """Mean distance between stated and true share over ten bins of probability, weighted by their pairs."""
    pair = _probabilities(scores)
    if pair is None:
        return None
    p, first = pair
    bins = np.clip((p * 10).astype(np.int64), 0, 9)
    apart = [float(abs(np.sum(p[bins == b]) - np.count_nonzero(first[bins == b]))) for b in range(10)]
    return sum(apart) / len(p)


def _held(interval_s: FloatArray, truth_s: FloatArray) -> float | None:
    """Percentage of intervals that hold the truth; no interval holds nothing. None when there is none at all."""
    if np.isnan(interval_s).all():
        return None
    return float(100 * np.mean((interval_s[..., 0] <= truth_s) & (truth_s <= interval_s[..., 1])))


def onset_coverage(scores: Scores) -> float | None:
    """Percentage of found onsets whose 90 % interval holds the truth."""
    found = ~np.isnan(scores.found.onset_s)
    return _held(scores.found.ci90_s[found], scores.truth_s[found]) if found.any() else None


def lag_coverage(scores: Scores) -> float | None:
    """Percentage of found lags whose 90 % interval holds the truth."""
    found = ~np.isnan(scores.found.lag_s)
    return _held(scores.found.lag_ci90_s[found], scores.true_lag_s[found]) if found.any() else None


def lag_bias_ms(scores: Scores) -> float | None:
    """Median error of the lag over the pairs that have one."""
    error = scores.found.lag_s - scores.true_lag_s
    return None if np.isnan(error).all() else float(1e3 * np.nanmedian(error))


def found_share(scores: Scores) -> float:
    """Percentage of channels in which an onset was found (on rest: a false one)."""
    return 100.0 - missed_percent(scores)


def false_per_30_minutes(scores: Scores, duration_s: float) -> float:
    """Count false onsets in 30 channel-minutes of rest."""
    found = int(np.count_nonzero(~np.isnan(scores.found.onset_s)))
    return 30.0 * found / (scores.found.onset_s.size * duration_s / 60.0)
