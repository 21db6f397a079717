"""Device time to host time, with an uncertainty that is meant: lower envelope and robust slope. No I/O, no clock read.

How to think about it. A frame that the device stamped at `t_dev` arrives at `t_host`; `d = t_host - t_dev` is the
offset of the two clocks, which drifts by tens of µs a second, plus a delay, which is never negative. So the smallest
delays tell the offset, and the mean delay tells nothing: it differs between two sensors by tens of ms. The estimator is
"adaptive" of the simulations this project made: a running minimum over the first 12 s, in which drift is negligible;
later the minima of 16 blocks of a 60 s window, their Theil-Sen slope, and the median of what remains.

What cannot be seen this way is a delay that never varies. Where a link only sends at slots (`slotted`: a radio's
connection events), the wait for the slot takes few values when the packets' period and the slots' share a divisor, and
the smallest one seen may be far from zero; `slots.py` measures that and it is part of the uncertainty.

The map that blocks are stamped with (`ClockSegment`) is continuous: each update bends it towards the new estimate by
at most a slew limit, and only an error too large for that makes a step. All observations are whole nanoseconds, so
that sums and minima do not depend on the order or grouping in which frames were looked at.
"""

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from .robust import median, quantiles
from .slots import SlotHistory

NS = 1_000_000_000
_U32 = 1 << 32
_HALF_U32 = 1 << 31


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
    slew: float = 0.0005
    early_slew: float = 0.02
    step_s: float = 0.050


@dataclass(frozen=True)
class ClockSegment:
    """An affine piece of the map: host seconds since the origin = time_s + (t_dev_ns - t_dev0_ns) x rate / 1e9.

    After `bent_ns` of it the correction in `rate` has done its work, and the piece goes on with `rate - correction`:
    an update that comes late, after a gap, must not find the map far beyond where it was bent to.
    """

    t_dev0_ns: int
    time_s: float
    rate: float
    uncertainty_s: float
    correction: float = 0.0
    bent_ns: int = 0
    number: int = 0

    def time_of(self, t_dev_ns: float) -> float:
        """Host time of a device time."""
        past_ns = max(t_dev_ns - self.t_dev0_ns - self.bent_ns, 0)
        return self.time_s + ((t_dev_ns - self.t_dev0_ns) * self.rate - past_ns * self.correction) * 1e-9


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


@dataclass
class _Bin:
    """Observations of a fraction of a second, reduced to whole numbers."""

    count: int = 0
    total_ns: int = 0
    min_ns: int = 0
    t_min_ns: int = 0

    def add(self, count: int, total_ns: int, min_ns: int, t_min_ns: int) -> None:
        """Take observations in; of equal minima the one sent first stays."""
        if self.count == 0 or (min_ns, t_min_ns) < (self.min_ns, self.t_min_ns):
            self.min_ns, self.t_min_ns = min_ns, t_min_ns
        self.count += count
        self.total_ns += total_ns

    def as_row(self) -> tuple[int, int, int, int]:
        """Return count, sum, minimum, and when that was."""
        return self.count, self.total_ns, self.min_ns, self.t_min_ns


def unwrap_u32(t_us: int, expected_us: int) -> int:
    """Return the value nearest to `expected_us` whose low 32 bits are `t_us`.

    Examples
    --------
    >>> unwrap_u32(5, 2**32 - 10) == 2**32 + 5
    True
    """
    return expected_us + (t_us - expected_us + _HALF_U32) % _U32 - _HALF_U32


@dataclass
class DeviceClock:
    """One run of one device's clock.

    Parameters
    ----------
    params
        See `ClockParams`.
    origin_ns
        Monotonic host time that counts as 0 s.

    Notes
    -----
    `observe` is the algorithm; `observe_many` takes a run of observations between two updates in one go and leaves the
    identical state, provided that none of them reaches `next_update_ns`; on a slotted link with `remember_slots`.
    """

    params: ClockParams
    origin_ns: int
    epoch: int = 0
    segment: ClockSegment | None = None
    next_update_ns: int = 0
    estimate: Estimate | None = None
    stepped: bool = False
    _t0_ns: int = 0
    _d0_ns: int = 0  # keeps the sums of a sensor that has been on for months inside 64 bits
    _bins: dict[int, _Bin] = field(default_factory=dict[int, _Bin])
    _slots: SlotHistory = field(default_factory=SlotHistory)

    @property
    def bin_ns(self) -> int:
        """Length of the finest bins: 16 of them make the early stage, 80 the window."""
        return int(self.params.early_s / self.params.n_blocks * NS)

    def observe(self, t_dev_ns: int, t_host_ns: int) -> bool:
        """Take one frame's sending and arrival time; return whether the map was updated by it."""
        if self.segment is None:
            self._t0_ns = t_dev_ns
            self._d0_ns = t_host_ns - self.origin_ns - t_dev_ns
        d = t_host_ns - self.origin_ns - t_dev_ns - self._d0_ns
        self._bins.setdefault((t_dev_ns - self._t0_ns) // self.bin_ns, _Bin()).add(1, d, d, t_dev_ns)
        if self.params.slotted:
            self._slots.add(t_dev_ns, t_host_ns)
        if self.segment is not None and t_dev_ns < self.next_update_ns:
            return False
        self._update(t_dev_ns)
        return True

    def observe_many(self, t_dev_ns: NDArray[np.int64], t_host_ns: NDArray[np.int64]) -> None:
        """Take a run of observations in order of sending, none of which reaches `next_update_ns`."""
        d = t_host_ns - self.origin_ns - t_dev_ns - self._d0_ns
        keys = (t_dev_ns - self._t0_ns) // self.bin_ns
        starts: list[int] = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1)).tolist()
        for start, stop in zip(starts, [*starts[1:], keys.size], strict=True):
            part = d[start:stop]
            first = int(part.argmin())
            lowest = (int(part[first]), int(t_dev_ns[start + first]))
            self._bins.setdefault(int(keys[start]), _Bin()).add(stop - start, int(part.sum()), *lowest)

    def remember_slots(self, t_dev_ns: NDArray[np.int64], t_host_ns: NDArray[np.int64]) -> None:
        """Take a run of observations, in order of arrival, into the history of a slotted link."""
        self._slots.add_many(t_dev_ns, t_host_ns)

    def _interval_ns(self, age_s: float) -> int:
        """Time to the next update: often while much is learnt, then with each of the window's blocks."""
        early, coarse_s = self.params.early_s, self.params.window_s / self.params.n_blocks
        return int((0.25 if age_s < 2 else 1.0 if age_s < 5 * early else coarse_s) * NS)

    def _update(self, now_ns: int) -> None:
        """Estimate anew and bend the map towards it."""
        newest = max(self._bins)
        oldest = newest - round(self.params.window_s * NS / self.bin_ns)
        for key in [key for key in self._bins if key <= oldest]:
            del self._bins[key]
        # After a silence longer than the window the clock is as young as what it has seen since.
        age_s = min(now_ns - self._t0_ns, (newest - min(self._bins) + 1) * self.bin_ns) * 1e-9
        hidden_s = self._slots.hidden_s() if self.params.slotted else 0.0
        estimate = estimate_offset(self._arrays(), now_ns, age_s, self.params)
        offset_ns = estimate.offset_ns + self._d0_ns
        uncertainty_s = estimate.uncertainty_s + hidden_s
        self.estimate = replace(estimate, offset_ns=offset_ns, uncertainty_s=uncertainty_s)
        interval_ns = self._interval_ns(age_s)
        self.segment, self.stepped = bend(self.segment, self.estimate, now_ns, interval_ns, age_s, self.params)
        self.next_update_ns = now_ns + interval_ns

    def _arrays(self) -> NDArray[np.int64]:
        """Return the bins in order of time, shape (n_bins, 5): number, count, sum, minimum, when."""
        rows = sorted((key, *each.as_row()) for key, each in self._bins.items())
        return np.array(rows, dtype=np.int64)


def bend(
    old: ClockSegment | None, estimate: Estimate, now_ns: int, interval_ns: int, age_s: float, params: ClockParams
) -> tuple[ClockSegment, bool]:
    """Return the next piece of the map, and whether it had to step.

    The piece starts where the old one ends, and its slope takes it to the estimate by the next update where the slew
    limit allows; what is left to go is added to the uncertainty.
    """
    target_s = (now_ns + estimate.d_at(now_ns)) * 1e-9
    rate = 1.0 + estimate.drift
    if old is None:
        return ClockSegment(now_ns, target_s, rate, estimate.uncertainty_s), False
    start_s = old.time_of(now_ns)
    error_s = target_s - start_s
    number = old.number + 1
    if abs(error_s) > params.step_s:
        return ClockSegment(now_ns, target_s, rate, estimate.uncertainty_s, number=number), True
    slew = params.early_slew if age_s < params.early_s else params.slew
    correction = min(max(error_s / (interval_ns * 1e-9), -slew), slew)
    uncertainty_s = estimate.uncertainty_s + abs(error_s)
    return ClockSegment(now_ns, start_s, rate + correction, uncertainty_s, correction, interval_ns, number), False


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
    envelope_s = max((params.prior_s + 3.0 * spread_s) / count, _edge_s(bins, spread_s))
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
