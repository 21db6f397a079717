"""The estimator of one clock's offset: lower envelope, robust slope, and how sure that is. Pure arithmetic on bins.

`clocks.py` says how to think about it. A bin is a row (number, count, sum, minimum, when) of delays in whole ns.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from .robust import median, quantiles


@dataclass(frozen=True)
class ClockParams:
    """What the estimator takes for granted.

    Attributes
    ----------
    slotted
        The link sends at slots of its own, as a radio does; a cable does not.
    early_s
        How long the running minimum is used: 50 ppm over 12 s are 0.6 ms (simulated, the best of 5-30 s).
    window_s, n_blocks
        Later: this many minima of this window (simulated: 16 of 60 s; more follow the noise, fewer the drift late).
    max_ppm
        Two crystals of +-50 ppm. A steeper slope is believed only when the minima agree on it.
    floor_s
        Stated at best. A USB frame is 1 ms and a host's scheduler 0.1 ms (pseudo-terminal, measured p50 0.11 ms).
    prior_s
        Delay that a single frame may have had: a cable's chunk, a radio's connection interval (J).
    first_s
        What may come on top for the very first frame, while nothing compares with it and ports open and threads start:
        a stall of the host, 50 ms on the average (exponential; J), 95 % of which end within three times that.
    slew, early_slew
        Share of time by which the map may be bent; 500 ppm make 0.05 ms of a 100 ms lag.
    step_s
        An error above this steps: slewing it would take longer than a test.
    """

    slotted: bool = False
    early_s: float = 12.0
    window_s: float = 60.0
    n_blocks: int = 16
    max_ppm: float = 100.0
    floor_s: float = 0.0003
    prior_s: float = 0.020
    first_s: float = 0.150
    slew: float = 0.0005
    early_slew: float = 0.02
    step_s: float = 0.050


@dataclass(frozen=True)
class Estimate:
    """What the observations say: d = offset_ns + (rate - 1) x (t_dev - t_ref), and how sure that is."""

    t_ref_ns: int
    offset_ns: float
    drift: float
    uncertainty_s: float
    spread_s: float
    n_observations: int

    def d_at(self, t_dev_ns: int) -> float:
        """Return the offset at a device time, ns."""
        return self.offset_ns + self.drift * (t_dev_ns - self.t_ref_ns)


def estimate_offset(bins: NDArray[np.int64], now_ns: int, age_s: float, params: ClockParams) -> Estimate:
    """Estimate offset and drift from bins, shape (n_bins, 5), as `DeviceClock` keeps them."""
    if age_s < params.early_s or bins.shape[0] < params.n_blocks // 2:
        return _early_estimate(bins, now_ns, age_s, params)
    return _late_estimate(bins, now_ns, params)


def _early_estimate(bins: NDArray[np.int64], now_ns: int, age_s: float, params: ClockParams) -> Estimate:
    """Estimate by the running minimum, no drift."""
    count, total = int(bins[:, 1].sum()), int(bins[:, 2].sum())
    lowest = int(bins[:, 3].min())
    spread_s = (total / count - lowest) * 1e-9
    # The minimum of n delays lies about their mean / n above the shortest possible; three times that is its 95 %.
    prior_s = params.prior_s + (params.first_s if count == 1 else 0.0)
    envelope_s = max((prior_s + 3.0 * spread_s) / count, _edge_s(bins, spread_s))
    drift_s = params.max_ppm * 0.5e-6 * age_s
    # A crystal worse than we think shows as recent minima that no longer come down to the old one.
    recent = int(bins[-max(2, bins.shape[0] // 4) :, 3].min())
    risen_s = (recent - lowest) * 1e-9
    uncertainty_s = params.floor_s + envelope_s + drift_s + risen_s
    return Estimate(now_ns, float(lowest), 0.0, uncertainty_s, spread_s, count)


def _edge_s(bins: NDArray[np.int64], spread_s: float) -> float:
    """Return how far the shortest delay may lie above the shortest possible one, told from the four shortest bins.

    A wait plus a jitter has a density that begins at zero and grows linearly, so that the k-th shortest of many lies
    proportionally to sqrt(k) above the edge, and the first as far from the edge as from the fourth. Before there are
    four, the same law with the mean delay for its width.
    """
    if bins.shape[0] < 4:
        return float(2.0 * spread_s / np.sqrt(bins[:, 1].sum()))
    ordered = np.sort(bins[:, 3])
    return float(ordered[3] - ordered[0]) * 1e-9


def _late_estimate(bins: NDArray[np.int64], now_ns: int, params: ClockParams) -> Estimate:
    """Estimate by the minima of about `n_blocks` blocks: Theil-Sen slope, median of what remains."""
    base = int(bins[0, 3])
    # The newest bin has only just begun; its minimum is not yet one.
    whole = bins[:-1] if bins.shape[0] > params.n_blocks // 2 else bins
    lows, times, counts = _block_minima(whole, params.n_blocks)
    d_s, t_s = _seconds(lows - base), _seconds(times - now_ns)
    drift, drift_error = theil_sen(t_s, d_s, params.max_ppm * 1e-6)
    remainder = d_s - drift * t_s
    offset_s = median(remainder)
    residual = remainder - offset_s
    spread_s = float((bins[:, 2].sum() / bins[:, 1].sum() - base) * 1e-9 - np.sum(d_s) / d_s.size)
    uncertainty_s = params.floor_s + _late_uncertainty(residual, t_s, spread_s, counts, drift_error)
    return Estimate(now_ns, base + offset_s * 1e9, drift, uncertainty_s, spread_s, int(bins[:, 1].sum()))


def _late_uncertainty(
    residual: FloatArray, t_s: FloatArray, spread_s: float, counts: NDArray[np.int64], drift_error: float
) -> float:
    """Return the parts of the uncertainty that the block minima show, seconds."""
    # Block minima lie above the edge by 1 (a jitter alone) to 1.9 (a wait plus a jitter, Rayleigh) of their scatter.
    scatter_s = 2.5 * 1.4826 * median(np.abs(residual))
    envelope_s = 3.0 * max(spread_s, 0.0) / median(counts)
    extrapolated_s = abs(float(np.sum(t_s)) / t_s.size) * drift_error
    # Delays that lately never came down to the line: it may have moved. Below the line is certain.
    recent = residual[-3:]
    moved_s = max(median(recent), 0.0) + max(-float(np.min(recent)), 0.0)
    return scatter_s + envelope_s + extrapolated_s + 0.5 * moved_s


def _block_minima(
    bins: NDArray[np.int64], n_blocks: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Reduce bins to at most about `n_blocks` blocks that end with the newest bin: minimum, when, how many."""
    span = int(bins[-1, 0] - bins[0, 0]) + 1
    size = max(1, -(-span // n_blocks))
    groups = (bins[-1, 0] - bins[:, 0]) // size
    starts = np.flatnonzero(np.diff(groups, prepend=groups[0] + 1))
    lows = np.minimum.reduceat(bins[:, 3], starts)
    counts = np.add.reduceat(bins[:, 1], starts)
    stops = np.append(starts[1:], groups.size)
    first = [start + int(bins[start:stop, 3].argmin()) for start, stop in zip(starts, stops, strict=True)]
    return lows, bins[first, 4], counts


def _seconds(time_ns: NDArray[np.int64]) -> FloatArray:
    """Return nanoseconds as seconds."""
    return time_ns.astype(np.float64) * 1e-9


@cache
def _pairs(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the indices of all pairs of n."""
    left, right = np.triu_indices(n, 1)
    return left.astype(np.int64), right.astype(np.int64)


def theil_sen(t_s: FloatArray, d_s: FloatArray, max_drift: float) -> tuple[float, float]:
    """Return the median of all pairwise slopes and its standard error.

    A slope beyond `max_drift` is cut to it, unless the pairs agree on it so well that the clock really is that bad.
    Source: Theil 1950, Sen 1968 (doi:10.1080/01621459.1968.10480934).
    """
    left, right = _pairs(t_s.size)
    apart = t_s[right] - t_s[left]
    usable = apart > 0.5 * float(np.max(apart, initial=0.0)) / max(t_s.size, 1)
    if not np.any(usable):
        return 0.0, max_drift
    slopes = (d_s[right] - d_s[left])[usable] / apart[usable]
    low, drift, high = quantiles(slopes, 0.25, 0.5, 0.75)
    error = (high - low) / 1.349 / t_s.size**0.5
    if abs(drift) > max_drift and abs(drift) - 4.0 * error < max_drift:
        return min(max(drift, -max_drift), max_drift), error
    return drift, error
