"""The last seconds of one stream as they came: a preallocated ring of values and their times.

The lens and every rebuild of the sweep (new width, end of a freeze) read from here. Older rows are overwritten.
"""

import numpy as np

from firingorder_signal.blocks import FloatArray


class SampleRing:
    """Rows of values with a time each; appending never allocates.

    Parameters
    ----------
    capacity
        Rows kept.
    n_channels
        Columns of a row.
    """

    def __init__(self, capacity: int, n_channels: int) -> None:
        """Allocate everything at once."""
        self._values = np.empty((capacity, n_channels), dtype=np.float64)
        self._times_s = np.empty(capacity, dtype=np.float64)
        self._capacity = capacity
        self._written = 0

    @property
    def n_rows(self) -> int:
        """Rows that can be read back."""
        return min(self._written, self._capacity)

    def append(self, times_s: FloatArray, values: FloatArray) -> None:
        """Add rows, `times_s` of shape (n,) not decreasing, `values` of shape (n, n_channels)."""
        times_s, values = times_s[-self._capacity :], values[-self._capacity :]
        start = self._written % self._capacity
        first = min(len(times_s), self._capacity - start)
        self._values[start : start + first] = values[:first]
        self._times_s[start : start + first] = times_s[:first]
        rest = len(times_s) - first
        self._values[:rest] = values[first:]
        self._times_s[:rest] = times_s[first:]
        self._written += len(times_s)

    def rows(self) -> tuple[FloatArray, FloatArray]:
        """Copy everything out, oldest first: times of shape (n,), values of shape (n, n_channels)."""
        if self._written <= self._capacity:
            return self._times_s[: self._written].copy(), self._values[: self._written].copy()
        start = self._written % self._capacity
        return np.roll(self._times_s, -start), np.roll(self._values, -start, axis=0)

    def between(self, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Copy out the rows with start_s <= time < stop_s, oldest first, and no others: all are a megabyte."""
        newest = self._written % self._capacity
        held = [slice(0, newest)] if self._written < self._capacity else [slice(newest, None), slice(0, newest)]
        times_s = [self._times_s[part] for part in held]
        keep = [(part_s >= start_s) & (part_s < stop_s) for part_s in times_s]
        values = [self._values[part] for part in held]
        return (
            np.concatenate([part_s[each] for part_s, each in zip(times_s, keep, strict=True)]),
            np.concatenate([part[each] for part, each in zip(values, keep, strict=True)]),
        )
