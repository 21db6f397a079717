"""Mean power of every channel over short bins of the absolute sample number: what levels are read from.

Bins begin at multiples of their length in the stream's own count, so that how the stream is cut changes nothing. A bin
with a lost sample is not given.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from .blocks import FloatArray, Timebase
from .stage import Stage

#: Length of a bin: short against any burst (0.5 s and more), long against a period of the EMG band (50 ms: the view's
#: envelope).
BIN_S = 0.05


@dataclass(frozen=True)
class PowerBin:
    """One bin: its middle and the mean square of each channel, shape (n_channels,), µV²."""

    time_s: float
    power: FloatArray


class PowerBins(Stage[[FloatArray, int, Timebase], list[PowerBin]]):
    """Cut filtered samples into bins.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz.
    squared
        Give the mean of the squares; without, the mean itself: for attitudes.
    """

    def __init__(self, rate_hz: float, n_channels: int, *, squared: bool = True) -> None:
        self._squared = squared
        self._size = max(round(BIN_S * rate_hz), 1)
        self._rate_hz = rate_hz
        self._n_channels = n_channels
        self.reset()

    @property
    def delay_s(self) -> float:
        """A bin is given when it is over."""
        return self._size / self._rate_hz

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._rows: FloatArray = np.zeros((0, self._n_channels))
        self._first: int | None = None
        return self

    def update(self, filtered_uv: FloatArray, first_index: int, timebase: Timebase) -> list[PowerBin]:
        """Take filtered samples, shape (n_samples, n_channels), µV, the first of them number `first_index`."""
        if self._first is None or first_index != self._first + len(self._rows):
            self._rows, self._first = np.zeros((0, self._n_channels)), first_index
        rows, first = np.concatenate([self._rows, filtered_uv]), self._first
        skip = min(-first % self._size, len(rows))
        bins: list[PowerBin] = []
        while len(rows) - skip >= self._size:
            part = rows[skip : skip + self._size]
            power = np.asarray(np.mean(part * part if self._squared else part, axis=0), dtype=np.float64)
            if not np.isnan(power).any():
                bins.append(PowerBin(timebase.time_of(first + skip + 0.5 * self._size), power))
            skip += self._size
        self._rows, self._first = rows[skip:].copy(), first + skip
        return bins
