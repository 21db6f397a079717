"""The envelope of an EMG stream for a recorder elsewhere: a moving RMS, thinned out, at the times it belongs to."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from firingorder_signal.blocks import FloatArray
from firingorder_signal.events import EmgTrace
from firingorder_signal.filters import BandDesign

#: Width of the moving RMS, seconds: that of the envelope in the window's lens.
WINDOW_S = 0.050
#: Values a second that go out, about: five in a window lose nothing of it.
RATE_HZ = 100.0


@dataclass
class Envelope:
    """The moving RMS of one stream, in µV; NaN where a sample in the window was lost.

    Parameters
    ----------
    rate
        Samples a second of the stream.
    """

    rate: Fraction
    n_channels: int
    _rows: FloatArray = field(init=False)
    _next_index: int | None = None

    def __post_init__(self) -> None:
        """Begin without a past."""
        self.step = max(round(float(self.rate) / RATE_HZ), 1)
        self._width = max(round(float(self.rate) * WINDOW_S), 1)
        # The band-pass delays what it passes, and a window's RMS belongs to its middle.
        self._late_s = BandDesign(float(self.rate)).delay_s + (self._width - 1) / 2 / float(self.rate)
        self._rows = np.empty((0, self.n_channels))

    @property
    def rate_hz(self) -> float:
        """Values a second."""
        return float(self.rate) / self.step

    def update(self, trace: EmgTrace) -> tuple[FloatArray, FloatArray]:
        """Take the next band-passed samples.

        Returns
        -------
        tuple
            Values, shape (n_values, n_channels), and their times, shape (n_values,), seconds since the origin. They lie
            at whole multiples of `step` in the stream's sample numbers, however it was chopped.
        """
        if trace.first_index != self._next_index:
            self._rows = np.empty((0, self.n_channels))
        first = trace.first_index - len(self._rows)
        rows = np.concatenate([self._rows, trace.values**2])
        stop = first + len(rows)
        self._next_index = stop
        self._rows = rows[max(len(rows) - self._width + 1, 0) :]
        # Numbers of the last samples of the windows that this block completes.
        earliest = max(first + self._width - 1, trace.first_index)
        ends = np.arange(-(-earliest // self.step) * self.step, stop, self.step)
        if ends.size == 0:
            return np.empty((0, self.n_channels)), np.empty(0)
        windows = [rows[end - first - self._width + 1 : end - first + 1] for end in ends.tolist()]
        envelope: FloatArray = np.sqrt(np.mean(windows, axis=1, dtype=np.float64))
        since = (ends - trace.timebase.index).astype(np.float64)
        return envelope, trace.timebase.time_s + since * trace.timebase.period_s - self._late_s
