"""Where a burst roughly is: the whitened power of a stretch, its rest level, and the burst that reaches highest.

It serves `onset.py`, which needs to know where to look closely, and refuses what is no burst at all: nothing above
rest, or something as short as a heartbeat.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .blocks import FloatArray

#: Power is averaged over this long: one cycle of the slowest motor unit at recruitment is 125 ms, half of that.
SMOOTH_S = 0.05
#: A burst begins where power falls below this share of its peak, or near rest, whichever is higher: -15 dB lies above
#: what the neighbour's burst leaves in a channel (5-15 % in amplitude), well below the plateau.
PEAK_SHARE = 0.03
#: Bins of 20 ms, of the ten after the beginning, that must stand above rest: a QRS complex fills three.
BIN_S, N_BINS, N_HIGH = 0.02, 10, 4


@dataclass(frozen=True)
class RoughBurst:
    """Rows of the decimated stretch: where the burst seems to begin, and where its power is highest."""

    start: int
    peak: int


def whitened_power(x: FloatArray, prediction: FloatArray, variance: float) -> FloatArray:
    """Squared prediction error over its variance at rest, 1 on average at rest; NaN where samples are lost.

    Parameters
    ----------
    x : shape (n_samples,)
    prediction : shape (order + 1,)
        Prediction error filter of the rest.
    """
    padded = np.concatenate([np.zeros(len(prediction) - 1), np.nan_to_num(x, nan=0.0)])
    residual = sliding_window_view(padded, len(prediction)) @ prediction[::-1]
    return np.where(np.isnan(x), np.nan, residual * residual / variance)


def moving_mean(power: FloatArray, n: int, clip: float = 1e12) -> FloatArray:
    """Mean of rows i..i+n of a power with lost samples left out, shape (n_samples - n + 1,)."""
    known = ~np.isnan(power)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, np.minimum(power, clip), 0.0))])
    count = np.concatenate([[0], np.cumsum(known)])
    return np.asarray((total[n:] - total[:-n]) / np.maximum(count[n:] - count[:-n], 1))


def find_rough_burst(
    power: FloatArray, rate_hz: float, rest: tuple[int, int], search: tuple[int, int]
) -> RoughBurst | None:
    """Find the burst with the highest power in `search` and walk back to where it begins; None if it is no burst.

    Parameters
    ----------
    power : shape (n_samples,)
        Whitened power, see `whitened_power`.
    """
    n = max(round(SMOOTH_S * rate_hz), 2)
    smooth = moving_mean(power, n)
    quiet = smooth[rest[0] : max(rest[1] - n, rest[0] + 1)]
    base, spread = float(np.mean(quiet)), float(np.std(quiet))
    first, last = search[0], min(search[1], len(power)) - n
    if last <= first:
        return None
    peak = first + int(np.argmax(smooth[first : last + 1]))
    near_rest = max(base + 4 * spread, 1.3 * base)
    threshold = max(near_rest, PEAK_SHARE * float(smooth[peak]))
    if smooth[peak] <= near_rest:
        return None
    below = np.flatnonzero(smooth[first:peak] < threshold)
    start = first + int(below[-1]) + n // 2 if len(below) else first
    return RoughBurst(start, peak) if _lasts(power, rate_hz, start, search[1], near_rest) else None


def _lasts(power: FloatArray, rate_hz: float, start: int, stop: int, threshold: float) -> bool:
    """Say whether enough of the 200 ms after `start` stands above the threshold."""
    n = max(round(BIN_S * rate_hz), 1)
    after = power[start : min(start + n * N_BINS, stop)]
    whole = len(after) // n
    if whole == 0:
        return False
    bins = moving_mean(after[: whole * n], n)[::n]
    return int(np.count_nonzero(bins > threshold)) >= min(N_HIGH, whole)
