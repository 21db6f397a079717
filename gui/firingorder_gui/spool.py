"""One stream of a whole recording, kept on disk as single-precision rows: any stretch is read back at once. No Qt.

An hour of eight channels at 2 kHz is 230 MB, too much to hold in memory beside everything else. Single precision holds
a trace of millivolts to a tenth of a nanovolt; it is drawn from, never measured from.
"""

import tempfile
from array import array

import numpy as np

from firingorder_signal.blocks import FloatArray

STORED = np.dtype("<f4")


class Spool:
    """Rows of one stream, appended in order, read by time.

    Parameters
    ----------
    n_channels
        Columns of a row.
    """

    def __init__(self, n_channels: int) -> None:
        """Open a file without a name, which goes with this object."""
        self._file = tempfile.TemporaryFile()
        self._n_channels = n_channels
        self.n_rows = 0
        # Of each piece with one map from rows to time: its first row, that row's time, and the time between rows.
        self._first_rows = array("q")
        self._starts_s = array("d")
        self._periods_s = array("d")

    def append(self, start_s: float, period_s: float, values: FloatArray) -> None:
        """Add rows of shape (n, n_channels), the first at `start_s`, the others `period_s` apart."""
        if len(values) == 0:
            return
        self._first_rows.append(self.n_rows)
        self._starts_s.append(start_s)
        self._periods_s.append(period_s)
        self._file.seek(0, 2)
        self._file.write(np.ascontiguousarray(values, dtype=STORED).tobytes())
        self.n_rows += len(values)

    def between(self, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Read the rows with start_s <= time < stop_s: times of shape (n,), values of shape (n, n_channels)."""
        starts = np.frombuffer(self._starts_s) if self._starts_s else np.empty(0)
        # One piece before the window may reach into it.
        first = max(int(np.searchsorted(starts, start_s, side="right")) - 1, 0)
        last = int(np.searchsorted(starts, stop_s, side="left"))
        if last <= first:
            return np.empty(0), np.empty((0, self._n_channels))
        borders = [*self._first_rows[first:last], self._first_rows[last] if last < len(starts) else self.n_rows]
        times_s: FloatArray = np.concatenate(
            [
                self._starts_s[piece] + np.arange(end - begin, dtype=np.float64) * self._periods_s[piece]
                for piece, begin, end in zip(range(first, last), borders[:-1], borders[1:], strict=True)
            ]
        )
        keep = (times_s >= start_s) & (times_s < stop_s)
        return times_s[keep], self._read(borders[0], borders[-1])[keep]

    def _read(self, start: int, stop: int) -> FloatArray:
        """Read rows back."""
        width = self._n_channels * STORED.itemsize
        self._file.seek(start * width)
        data = self._file.read((stop - start) * width)
        return np.frombuffer(data, dtype=STORED).reshape(-1, self._n_channels).astype(np.float64)

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
