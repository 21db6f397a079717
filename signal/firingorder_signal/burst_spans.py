"""Cut a long alarm into the bursts it holds: where a muscle stays calm, and far below what follows, a new burst begins.

A live alarm knows one level of rest. After a strong contraction a muscle may stay above it until the next one, and a
single alarm covers both. With the whole recording at hand the pause between them is plain: it is steady, close to
rest, and a tenth of the power on either side.
"""

from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray
from .means import mean_power
from .runs import Flags, find_runs

#: Power is taken in bins, seconds, and smoothed over so many (100 ms, as the SNR is).
BIN_S, SMOOTH_BINS = 0.02, 5
#: Rows squared at a time: what is needed beside the signal stays small.
CHUNK_BINS = 10_000
#: A pause is this far below the burst on each side, and no more than this above rest (both 10 dB: what an order needs).
BELOW_PEAK, ABOVE_REST = 0.1, 10.0
#: It lasts this many bins (0.3 s, the shortest pause of gait), and its first and last third differ by less than this.
PAUSE_BINS, STEADY = 15, 2.5


@dataclass(frozen=True)
class Span:
    """Rows between which a burst was noticed; `off` is None for one that goes on to the end of the recording."""

    on: int
    off: int | None


class PowerBins:
    """Smoothed power of a channel in bins of 20 ms.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), band-passed microvolts
        NaN = lost.
    """

    def __init__(self, filtered_uv: FloatArray, rate_hz: float) -> None:
        self.n_bin = max(round(BIN_S * rate_hz), 1)
        n = len(filtered_uv) // self.n_bin
        power = np.empty(n)
        for first in range(0, n, CHUNK_BINS):
            rows = filtered_uv[first * self.n_bin : min(first + CHUNK_BINS, n) * self.n_bin, np.newaxis]
            power[first : first + CHUNK_BINS] = mean_power(rows, self.n_bin)[:, 0]
        known = ~np.isnan(power)
        kernel = np.ones(SMOOTH_BINS)
        n_known = np.convolve(known, kernel, mode="same") if n >= SMOOTH_BINS else known.astype(np.float64)
        total = np.nan_to_num(power, nan=0.0)
        total = np.convolve(total, kernel, mode="same") if n >= SMOOTH_BINS else total
        #: Mean of what is known of 100 ms; 0 where nothing is.
        self.smooth: FloatArray = np.asarray(total / np.maximum(n_known, 1.0))
        self._known = known

    def peak(self, start: int, stop: int) -> float:
        """Power of the strongest 100 ms between two rows."""
        return float(np.max(self.smooth[self._bins(start, stop)], initial=0.0))

    def quietest(self, start: int, stop: int) -> float:
        """Power of the quietest 100 ms between two rows; infinite where there is none."""
        inside = self.smooth[start // self.n_bin + SMOOTH_BINS // 2 : stop // self.n_bin - SMOOTH_BINS // 2]
        return float(np.min(inside, initial=np.inf))

    def first_above(self, power: float, start: int, stop: int) -> int:
        """Row from which on the power is above a limit; `start` if it never is."""
        over = np.flatnonzero(self.smooth[self._bins(start, stop)] >= power)
        return start if len(over) == 0 else max(start, (start // self.n_bin + int(over[0])) * self.n_bin)

    def split(self, span: Span, rest_power: float | None) -> list[Span]:
        """Cut a span at its pauses.

        Parameters
        ----------
        rest_power
            Power of the muscle at rest, µV²; None where not known.
        """
        n_rows = len(self.smooth) * self.n_bin
        start, stop = span.on, n_rows if span.off is None else span.off
        bins = self._bins(start, stop)
        power = self.smooth[bins]
        near_rest = self._known[bins] & (power < (np.inf if rest_power is None else ABOVE_REST * rest_power))
        low_before = near_rest & (power < BELOW_PEAK * np.maximum.accumulate(power))
        low_after = near_rest & (power < BELOW_PEAK * np.maximum.accumulate(power[::-1])[::-1])
        calm: Flags = low_before & low_after
        calm |= np.logical_and.accumulate(low_after) | np.logical_and.accumulate(low_before[::-1])[::-1]
        first = start // self.n_bin
        pieces: list[Span] = []
        on: int | None = start
        for begin, end in find_runs(calm):
            if end - begin < PAUSE_BINS or not _is_steady(power[begin:end]):
                continue
            if on is not None and begin > 0:
                pieces.append(Span(on, min((first + begin + SMOOTH_BINS) * self.n_bin, stop)))
            on = (first + end) * self.n_bin if end < len(power) else None
        if on is not None:
            pieces.append(Span(on, span.off))
        return pieces

    def _bins(self, start: int, stop: int) -> slice:
        """Bins of a piece."""
        return slice(start // self.n_bin, max(stop // self.n_bin, start // self.n_bin + 1))


def _is_steady(power: FloatArray) -> bool:
    """Say whether a pause neither rises nor falls: a slow beginning or end is none."""
    third = len(power) // 3
    early, late = float(np.mean(power[:third])), float(np.mean(power[-third:]))
    return max(early, late) <= STEADY * min(early, late)
