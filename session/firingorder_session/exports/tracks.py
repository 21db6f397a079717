"""One stream of a recording while it is written: its rows by index, and when each was taken."""

import numpy as np
from scipy.interpolate import CubicSpline

from firingorder_signal.blocks import FloatArray, SampleBlock, StreamInfo

#: Rows beside a stretch that a spline through it sees: beyond three its answer does not change.
MARGIN_ROWS = 8


class Track:
    """Rows of a stream from `base` on, without holes: what is missing is NaN.

    Parameters
    ----------
    stream
        Which one.
    """

    def __init__(self, stream: StreamInfo) -> None:
        self.stream = stream
        self.rate_hz = float(stream.rate_hz)
        self.base = self.first = -1
        self.start_s = 0.0
        self._values: FloatArray = np.empty((0, stream.n_channels))
        self._knots = list[tuple[int, float]]()
        self._period_s = 1.0 / self.rate_hz

    @property
    def stop(self) -> int:
        """Index after the last row."""
        return self.base + len(self._values)

    @property
    def end_s(self) -> float:
        """Time of the last row; before everything where there is none."""
        return self.times(np.array([self.stop]))[0] if self._knots else float("-inf")

    def add(self, block: SampleBlock) -> None:
        """Take the next block; rows that were lost before it become NaN."""
        if self.base < 0:
            self.base = self.first = block.first_index
            self.start_s = block.timebase.time_of(block.first_index)
        n_lost = block.first_index - self.stop
        values = block.values[max(-n_lost, 0) :]
        lost = np.full((max(n_lost, 0), self.stream.n_channels), np.nan)
        self._values = np.concatenate([self._values, lost, values])
        self._period_s = block.timebase.period_s
        for index in (block.first_index, block.next_index):
            if not self._knots or index > self._knots[-1][0]:
                self._knots.append((index, block.timebase.time_of(index)))

    def times(self, indices: FloatArray) -> FloatArray:
        """Return when rows were taken, seconds; before the first and after the last one at the pace there."""
        at, time = (np.array(each, dtype=np.float64) for each in zip(*self._knots, strict=True))
        found = np.interp(indices, at, time)
        found += np.where(indices > at[-1], (indices - at[-1]) * self._period_s, 0.0)
        return np.asarray(found + np.where(indices < at[0], (indices - at[0]) * self._period_s, 0.0))

    def rows(self, start: int, stop: int) -> FloatArray:
        """Return rows by index, shape (stop - start, n_channels); NaN where there are none."""
        found = np.full((stop - start, self.stream.n_channels), np.nan)
        first, last = max(start, self.base), min(stop, self.stop)
        if first < last:
            found[first - start : last - start] = self._values[first - self.base : last - self.base]
        return found

    def at(self, times_s: FloatArray) -> FloatArray:
        """Return the stream at other times, by cubic splines; NaN where the nearest row is lost or there is none."""
        found = np.full((len(times_s), self.stream.n_channels), np.nan)
        if len(self._values) < 2 or not self._knots:
            return found
        own_s = self.times(np.arange(self.base, self.stop, dtype=np.float64))
        first, last = np.searchsorted(own_s, (times_s[0], times_s[-1]))
        rows = slice(max(int(first) - MARGIN_ROWS, 0), int(last) + MARGIN_ROWS)
        own_s, values = own_s[rows], self._values[rows]
        if len(own_s) < 2:
            return found
        inside = (times_s >= own_s[0] - 0.5 * self._period_s) & (times_s <= own_s[-1] + 0.5 * self._period_s)
        nearest = np.clip(np.rint(np.interp(times_s, own_s, np.arange(len(own_s)))), 0, len(own_s) - 1).astype(np.intp)
        lost = np.isnan(values)
        smooth = CubicSpline(own_s, np.where(lost, 0.0, values))(times_s)
        return np.where(inside[:, None] & ~lost[nearest], smooth, np.nan)

    def forget_before(self, index: int) -> None:
        """Drop rows that nobody will ask for again."""
        n_rows = min(max(index - self.base, 0), max(len(self._values) - 1, 0))
        if n_rows:
            self._values = self._values[n_rows:].copy()
            self.base += n_rows
            while len(self._knots) > 2 and self._knots[1][0] < self.base:
                self._knots.pop(0)
