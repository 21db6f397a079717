"""Two sensors, two clocks, one grid: rows at even instants of the host clock, interpolated between samples.

Grid instants are whole multiples of the period since the recording's origin, so that they do not depend on where a
stream begins or how it is cut. Nothing is invented: between two samples further apart than `bridge_s` the grid holds
NaN. A sample whose time does not advance (a clock estimate that was corrected backwards) is dropped.
"""

from math import ceil, floor

import numpy as np

from .blocks import FloatArray


class GridResampler:
    """Bring one stream to the grid by linear interpolation.

    Parameters
    ----------
    grid_hz
        Rows a second.
    n_columns
        Width of the rows.
    bridge_s
        Longest distance between two samples that is interpolated across, seconds.
    """

    def __init__(self, grid_hz: float, n_columns: int, bridge_s: float) -> None:
        self._grid_hz, self._n_columns, self._bridge_s = grid_hz, n_columns, bridge_s
        self._knot_s = np.empty(0)
        self._knot = np.empty((0, n_columns))
        self._arrived_s = -np.inf
        self._parts: list[FloatArray] = []
        self.first_row: int | None = None
        self._queue_row = 0
        self.next_row = 0

    def update(self, time_s: FloatArray, values: FloatArray) -> None:
        """Take samples: times (n,), seconds, and rows (n, n_columns), NaN where lost."""
        if len(time_s) == 0:
            return
        seen = np.maximum.accumulate(np.concatenate([[self._arrived_s], time_s]))
        good = (time_s > seen[:-1]) & ~np.isnan(values).any(axis=1)
        self._arrived_s = float(seen[-1])
        knot_s = np.concatenate([self._knot_s, time_s[good]])
        knots = np.concatenate([self._knot, values[good]])
        if len(knot_s) == 0:
            return
        if self.first_row is None:
            self.first_row = self._queue_row = self.next_row = ceil(float(knot_s[0]) * self._grid_hz)
        self._interpolate(knot_s, knots)
        self._knot_s, self._knot = knot_s[-1:].copy(), knots[-1:].copy()
        if self._arrived_s - float(self._knot_s[0]) > self._bridge_s:
            self._append_lost(floor(self._arrived_s * self._grid_hz))

    def take(self, first_row: int, stop_row: int) -> FloatArray:
        """Hand over the rows `first_row:stop_row` and forget all up to there; NaN where there are none."""
        out = np.full((stop_row - first_row, self._n_columns), np.nan)
        queue = np.concatenate([np.empty((0, self._n_columns)), *self._parts])
        start, stop = max(first_row, self._queue_row), min(stop_row, self._queue_row + len(queue))
        if stop > start:
            out[start - first_row : stop - first_row] = queue[start - self._queue_row : stop - self._queue_row]
        used = min(max(stop_row - self._queue_row, 0), len(queue))
        self._parts, self._queue_row = [queue[used:].copy()], self._queue_row + used
        return out

    def _interpolate(self, knot_s: FloatArray, knots: FloatArray) -> None:
        """Append the rows before the last knot."""
        # Compared in seconds, not in rows: the product may round across a row that lies at a knot, and which side its
        # value then comes from would depend on how the stream was cut.
        rows = np.arange(self.next_row, ceil(float(knot_s[-1]) * self._grid_hz) + 1)
        rows = rows[rows / self._grid_hz < knot_s[-1]]
        if len(rows) == 0 or len(knot_s) < 2:
            return
        at_s = rows / self._grid_hz
        left = np.clip(np.searchsorted(knot_s, at_s, side="right") - 1, 0, len(knot_s) - 2)
        step_s = knot_s[left + 1] - knot_s[left]
        share = ((at_s - knot_s[left]) / step_s)[:, None]
        out = knots[left] + share * (knots[left + 1] - knots[left])
        out[step_s > self._bridge_s] = np.nan
        self._parts.append(out)
        self.next_row += len(rows)

    def _append_lost(self, stop_row: int) -> None:
        """Append rows that no later sample can fill."""
        if stop_row > self.next_row:
            self._parts.append(np.full((stop_row - self.next_row, self._n_columns), np.nan))
            self.next_row = stop_row
