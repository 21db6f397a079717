"""Sample streams reduced to pixel columns: what the sweep draws.

A sample belongs to the column `floor(time / column_s)`, counted from the recording's origin, so a column's content
depends on the samples alone and never on how they arrived; the picture cannot wiggle. A column that holds a lost
sample (NaN) is blank: a gap must stay visible at any zoom. Reduces for drawing only; nothing here is measured from.
"""

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Number of a column that was never written.
NEVER = np.iinfo(np.int64).min


class ColumnRing:
    """Minimum, maximum and power per pixel column of one stream, for the newest `n_columns` columns.

    Column number c lies in slot `c % n_columns`; `numbers` says which column a slot holds.
    """

    def __init__(self, n_columns: int, column_s: float, n_channels: int) -> None:
        """Allocate everything at once, all slots empty."""
        self.n_columns = n_columns
        self.column_s = column_s
        self.low = np.full((n_columns, n_channels), np.inf)
        self.high = np.full((n_columns, n_channels), -np.inf)
        self.power = np.zeros((n_columns, n_channels))
        self.counts = np.zeros(n_columns)
        self.numbers: IntArray = np.full(n_columns, NEVER, dtype=np.int64)
        self.last: int | None = None
        self._carry = np.full(n_channels, np.nan)

    def add(self, times_s: FloatArray, values: FloatArray) -> tuple[int, int] | None:
        """Take samples in order, shapes (n,) and (n, n_channels); return the first and last column touched."""
        if len(times_s) == 0:
            return None
        numbers: IntArray = np.floor(times_s / self.column_s).astype(np.int64)
        if self.last is not None:
            # A clock correction may step back by less than a column: never rewrite what is drawn.
            np.maximum(numbers, self.last, out=numbers)
        previous = np.concatenate((self._carry[np.newaxis], values[:-1]))
        newest = int(numbers[-1])
        begin = int(np.searchsorted(numbers, newest - self.n_columns, side="right"))
        numbers, values, previous = numbers[begin:], values[begin:], previous[begin:]
        starts: IntArray = np.concatenate(([0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1))
        before = previous[starts]
        # Each column begins at the sample before it, so that steep edges stay connected; a lost one is not carried.
        low = np.fmin(np.minimum.reduceat(values, starts), before)
        high = np.fmax(np.maximum.reduceat(values, starts), before)
        lost = np.isnan(np.add.reduceat(values, starts))
        low[lost] = np.nan
        high[lost] = np.nan
        slots = numbers[starts] % self.n_columns
        self._open(slots, numbers[starts])
        self.low[slots] = np.minimum(self.low[slots], low)
        self.high[slots] = np.maximum(self.high[slots], high)
        self.power[slots] += np.add.reduceat(values * values, starts)
        self.counts[slots] += np.concatenate((starts[1:], [len(values)])) - starts
        self._carry = values[-1].copy()
        self.last = newest
        return int(numbers[0]), newest

    def _open(self, slots: IntArray, numbers: IntArray) -> None:
        """Clear the slots of new columns; the one begun before goes on."""
        fresh = slots[self.numbers[slots] != numbers]
        self.low[fresh], self.high[fresh] = np.inf, -np.inf
        self.power[fresh], self.counts[fresh] = 0.0, 0.0
        self.numbers[slots] = numbers

    def holds(self, slots: IntArray, oldest: int, newest: int) -> BoolArray:
        """Say which slots hold a column of `oldest..newest`."""
        numbers = self.numbers[slots]
        return (numbers >= oldest) & (numbers <= newest)

    def envelope(self, slots: IntArray, reach: int) -> FloatArray:
        """Root mean square over each slot's column and `reach` columns on both sides, shape (n_slots, n_channels).

        NaN where any of them is missing, lost or not yet there: the line ends where the data does.
        """
        offsets = np.arange(-reach, reach + 1)
        around = (slots[:, np.newaxis] + offsets) % self.n_columns
        there = (self.numbers[around] == self.numbers[slots][:, np.newaxis] + offsets).all(axis=1)
        # The newest column is still being filled.
        there &= self.numbers[slots] + reach != (self.last if self.last is not None else NEVER)
        counts = self.counts[around].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            level: FloatArray = np.sqrt(self.power[around].sum(axis=1) / counts[:, np.newaxis])
        level[~there] = np.nan
        return level

    def peaks(self, oldest: int) -> FloatArray:
        """Largest magnitude per column since `oldest`, shape (n, n_channels); lost and empty columns left out."""
        live = self.numbers >= oldest
        size: FloatArray = np.fmax(np.abs(self.low[live]), np.abs(self.high[live]))
        return size[np.isfinite(size).all(axis=1)]


class LineColumns:
    """One value per pixel column of slow signals (angles), joined by straight lines; NaN where there is no data.

    Slow samples may lie further apart than columns: columns between two samples are interpolated, unless the samples
    are further apart than `join_s` or one of them is lost.
    """

    def __init__(self, n_columns: int, column_s: float, n_channels: int, join_s: float) -> None:
        """Allocate everything at once, all slots empty."""
        self.n_columns = n_columns
        self.column_s = column_s
        self.join_s = join_s
        self.values = np.full((n_columns, n_channels), np.nan)
        self.numbers: IntArray = np.full(n_columns, NEVER, dtype=np.int64)
        self.last: int | None = None
        self._time_s: float | None = None
        self._value = np.full(n_channels, np.nan)

    def add(self, times_s: FloatArray, values: FloatArray) -> tuple[int, int] | None:
        """Take samples in order, shapes (n,) and (n, n_channels); return the first and last column touched."""
        if len(times_s) == 0:
            return None
        if self._time_s is not None:
            times_s = np.concatenate(([self._time_s], times_s))
            values = np.concatenate((self._value[np.newaxis], values))
        columns = np.floor(times_s / self.column_s).astype(np.int64)
        first = int(columns[0]) if self.last is None else self.last + 1
        newest = int(columns[-1])
        numbers: IntArray = np.arange(max(first, newest - self.n_columns + 1), newest + 1, dtype=np.int64)
        self._time_s, self._value = float(times_s[-1]), values[-1].copy()
        if len(numbers) == 0:
            return None
        self._write(numbers, times_s, values)
        self.last = newest
        return int(numbers[0]), self.last

    def _write(self, numbers: IntArray, times_s: FloatArray, values: FloatArray) -> None:
        """Fill columns, each at its left edge's time, from the samples around it."""
        edges_s = np.maximum(numbers * self.column_s, times_s[0])
        after = np.clip(np.searchsorted(times_s, edges_s, side="left"), 0, len(times_s) - 1)
        before = np.maximum(after - 1, 0)
        span_s = times_s[after] - times_s[before]
        share = np.divide(edges_s - times_s[before], span_s, out=np.ones_like(edges_s), where=span_s > 0)
        filled = values[before] + (values[after] - values[before]) * np.clip(share, 0.0, 1.0)[:, np.newaxis]
        filled[span_s > self.join_s] = np.nan
        slots = numbers % self.n_columns
        self.values[slots] = filled
        self.numbers[slots] = numbers

    def holds(self, slots: IntArray, oldest: int, newest: int) -> BoolArray:
        """Say which slots hold a column of `oldest..newest`."""
        numbers = self.numbers[slots]
        return (numbers >= oldest) & (numbers <= newest)
