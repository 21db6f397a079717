"""The quiet stretch before a burst: the reference every onset is measured against.

The quietest contiguous half second by the median of 20 ms powers (a heartbeat does not move a median), grown as far as
the quiet goes. It refuses a stretch with 10 ms lost, with a burst, or with a trend, and says by how much.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .blocks import FloatArray
from .filters import BandDesign, check_rate
from .means import mean_power
from .results import Reason, ReasonCode
from .rules import JudgementRules

DEFAULT_RULES = JudgementRules()
#: Length of a power bin, seconds: one cycle of 50 Hz mains.
BIN_S = 0.02
#: A bin this many times above the median is loud. Band-limited noise exceeds 2.5 in one 20 ms bin of 2000 (simulated).
LOUD = 2.5
#: That share holds at 1 kHz; with fewer samples in a bin, noise alone exceeds it more often, and is allowed more.
LOUD_RARELY, LOUD_RATE_HZ = 1 / 2000, 1000.0
#: Loud bins in a row that are a burst and not a heartbeat (QRS behind a 20 Hz high-pass: 60 ms).
BURST_BINS = 5
#: The halves of a quiet stretch may differ in median power by this factor (3 dB) before it counts as a trend.
TREND = 2.0
#: Longest rest used, seconds: two seconds give the colour of the noise to 5 % (`rules.baseline_search_s`).
LONGEST_S = 2.0


def find_rest(
    filtered_uv: FloatArray, rate_hz: float, rules: JudgementRules = DEFAULT_RULES
) -> tuple[int, int] | Reason:
    """Find the quiet stretch in a piece of band-passed EMG.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), microvolts
        Band-passed, ending where the burst may begin; NaN = lost.
    rate_hz
        Sampling rate.

    Returns
    -------
    tuple
        Rows `(start, stop)`, at least `rules.baseline_s` long.
    Reason
        `NO_BASELINE` with the seconds there are, or `RESTLESS_BASELINE` with how much louder than its median the
        quietest half second gets.

    Notes
    -----
    Source: quietest 500 ms by median, refused with a trend or burst inside (J, `docs/judgement.md`).
    """
    check_rate(rate_hz)
    n_bin = max(round(BIN_S * rate_hz), 1)
    window = max(round(rules.baseline_s / BIN_S), 2)
    n_bins = len(filtered_uv) // n_bin
    offset = len(filtered_uv) - n_bins * n_bin  # bins end where the array ends
    power = _bin_power(filtered_uv[offset:], n_bin)
    level, unrest = _examine(power, window)
    if not np.isfinite(level).any():
        known_s = float(np.count_nonzero(~np.isnan(filtered_uv))) / rate_hz
        return Reason(ReasonCode.NO_BASELINE, known_s, rules.baseline_s, "s")
    calm = np.where(unrest <= 1.0, level, np.inf)
    first = int(np.argmin(calm))
    if not np.isfinite(calm[first]):
        best = float(unrest[int(np.argmin(level))])
        return Reason(ReasonCode.RESTLESS_BASELINE, best * LOUD, LOUD, "times")
    first, last = _grow(power, first, first + window, loud_times(rate_hz) * float(level[first]))
    return offset + first * n_bin, offset + last * n_bin


@lru_cache(maxsize=32)
def loud_times(rate_hz: float) -> float:
    """Return how many times the median a 20 ms bin must be to be loud; `LOUD` from 1 kHz on.

    The power of n independent values of noise, two for each hertz of the band and second, is a chi-square of n degrees
    of freedom. Held to `LOUD`, a rest at 250 Hz would lose its loudest sixth, and all that follows would stand 1 dB
    above it.

    Examples
    --------
    >>> [round(loud_times(rate_hz), 1) for rate_hz in (250.0, 500.0, 1000.0, 2000.0)]
    [6.3, 3.7, 2.5, 2.5]
    """
    from scipy.special import gammaincinv

    if rate_hz >= LOUD_RATE_HZ:
        return LOUD
    design = BandDesign(rate_hz, DEFAULT_RULES.band_hz)
    half = (design.high_hz - design.low_hz) * BIN_S
    return max(LOUD, float(gammaincinv(half, 1.0 - LOUD_RARELY) / gammaincinv(half, 0.5)))


def measure_unrest(filtered_uv: FloatArray, rate_hz: float, rest: tuple[int, int]) -> float:
    """Measure how much louder than a rest a whole stretch gets for at least 100 ms, in times of its power.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), microvolts
        Band-passed; NaN = lost, and neither loud nor quiet.
    rest
        Rows `(start, stop)` of its quiet part.
    """
    n_bin = max(round(BIN_S * rate_hz), 1)
    power = np.nan_to_num(_bin_power(filtered_uv[: len(filtered_uv) // n_bin * n_bin], n_bin), nan=0.0)
    quiet = _bin_power(filtered_uv[rest[0] : rest[0] + (rest[1] - rest[0]) // n_bin * n_bin], n_bin)
    quiet = quiet[~np.isnan(quiet)]
    if len(power) < BURST_BINS or len(quiet) == 0:
        return 0.0
    loudest = float(sliding_window_view(power, BURST_BINS).min(axis=1).max())
    level = float(np.median(quiet))
    return loudest / level if level > 0.0 else (np.inf if loudest > 0.0 else 0.0)


def _bin_power(x: FloatArray, n_bin: int) -> FloatArray:
    """Power of what is known in each bin; NaN for a bin that has lost more than half."""
    power = mean_power(x[:, np.newaxis], n_bin)[:, 0]
    power[np.count_nonzero(np.isnan(x).reshape(-1, n_bin), axis=1) > n_bin / 2] = np.nan
    return power


def _examine(power: FloatArray, window: int) -> tuple[FloatArray, FloatArray]:
    """Measure every window of bins: its median power, and the worse of burst and trend relative to their limits.

    Both of shape (n_windows,), infinite where a window has lost samples; 1 = at the limit.
    """
    if len(power) < window:
        return np.empty(0), np.empty(0)
    unknown = np.isnan(power)
    lost = np.asarray(sliding_window_view(unknown, window).any(axis=1))
    known = np.where(unknown, 1.0, power)
    level = _medians(known, window)
    floor = np.maximum(level, 1e-200)
    n_run = min(BURST_BINS, window)
    in_run = sliding_window_view(known, n_run).min(axis=1)
    loudest = sliding_window_view(in_run, window - n_run + 1).max(axis=1)
    half = window // 2
    early, late = _medians(known, half)[: len(level)], _medians(known[half:], window - half)
    trend = np.maximum(early, late) / np.maximum(np.minimum(early, late), np.maximum(1e-12 * floor, 1e-200))
    unrest = np.where(level > 0.0, np.maximum(loudest / floor / LOUD, trend / TREND), 0.0)
    return np.where(lost, np.inf, level), np.where(lost, np.inf, unrest)


def _medians(values: FloatArray, n: int) -> FloatArray:
    """Median of each run of `n` values, shape (n_values - n + 1,)."""
    runs = np.sort(sliding_window_view(values, n), axis=1)  # sorting such short rows is faster than `np.median`
    return np.asarray((runs[:, (n - 1) // 2] + runs[:, n // 2]) / 2.0)


def _grow(power: FloatArray, first: int, last: int, limit: float) -> tuple[int, int]:
    """Extend a window of bins both ways while no two bins exceed a limit, up to `LONGEST_S`."""
    loud = np.isnan(power) | (power > limit)
    longest = round(LONGEST_S / BIN_S)
    while first > 0 and last - first < longest and not loud[max(first - 2, 0) : first].any():
        first -= 1
    while last < len(power) and last - first < longest and not loud[last : last + 2].any():
        last += 1
    return first, last
