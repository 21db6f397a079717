"""The last seconds of a stream by absolute sample number, in one array."""

import numpy as np

from .blocks import FloatArray


class History:
    """Keep the newest rows; hand out columns by sample number, NaN where there is nothing.

    Parameters
    ----------
    n_channels
        Columns.
    capacity
        Rows to keep before the newest block, however long that is.

    Notes
    -----
    The array is twice as long as what is kept and is compacted when full, so that every stretch is contiguous and
    appending costs one copy. It grows for a block longer than any before.
    """

    def __init__(self, n_channels: int, capacity: int) -> None:
        self._before = capacity
        self._capacity = capacity + capacity // 4  # a block of up to a quarter does not make it grow
        self._rows = np.empty((2 * self._capacity, n_channels))
        self._first = 0  # sample number of row 0
        self._n = 0

    @property
    def next_index(self) -> int:
        """Sample number just after the newest row."""
        return self._first + self._n

    def append(self, first_index: int, values: FloatArray) -> None:
        """Add rows that begin at `first_index`; a jump in the numbering empties the history."""
        if first_index != self.next_index:
            self._first, self._n = first_index, 0
        if self._before + len(values) > self._capacity:
            self._grow(self._before + len(values))
        if self._n + len(values) > len(self._rows):
            self._compact()
        self._rows[self._n : self._n + len(values)] = values
        self._n += len(values)

    def _grow(self, capacity: int) -> None:
        """Make room for more rows, keeping those there are."""
        rows = np.empty((2 * capacity, self._rows.shape[1]))
        rows[: self._n] = self._rows[: self._n]
        self._rows, self._capacity = rows, capacity

    def _compact(self) -> None:
        """Move the newest rows to the front."""
        drop = max(self._n - self._capacity, 0)
        self._rows[: self._n - drop] = self._rows[drop : self._n].copy()
        self._first += drop
        self._n -= drop

    def value(self, channel: int, index: int) -> float:
        """Return one sample of one channel, NaN outside of what is kept."""
        row = index - self._first
        return float(self._rows[row, channel]) if 0 <= row < self._n else float("nan")

    def column(self, channel: int, start: int, stop: int) -> FloatArray:
        """Return samples `start:stop` of one channel, shape (stop - start,), NaN outside of what is kept."""
        out = np.full(max(stop - start, 0), np.nan)
        low, high = max(start, self._first), min(stop, self.next_index)
        if low < high:
            out[low - start : high - start] = self._rows[low - self._first : high - self._first, channel]
        return out
