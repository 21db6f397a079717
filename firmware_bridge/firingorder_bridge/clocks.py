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

import numpy as np
from numpy.typing import NDArray

from .envelope import ClockParams, Estimate, estimate_offset
from .slots import SlotHistory

NS = 1_000_000_000
#: No oscillator is off by as much. What a port had kept from before it was opened comes all at once: there device time
#: runs ahead of the host's by its whole length, and its delays are those of the port.
BACKLOG_RATE = 0.2
_U32 = 1 << 32
_HALF_U32 = 1 << 31


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
        borders: list[int] = (np.flatnonzero(keys[1:] != keys[:-1]) + 1).tolist()
        for start, stop in zip([0, *borders], [*borders, keys.size], strict=True):
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
        self._forget_backlog()
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

    def _forget_backlog(self) -> None:
        """Drop the first bins as long as a later one lies below them by more than any oscillator explains."""
        keys = sorted(self._bins)
        lowest = float("inf")
        first = len(keys) - 1
        for place in range(len(keys) - 1, -1, -1):
            each = self._bins[keys[place]]
            height = each.min_ns + BACKLOG_RATE * each.t_min_ns
            if height <= lowest:
                lowest, first = height, place
        for key in keys[:first]:
            del self._bins[key]

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
