"""All streams of a recording on even grids that begin together and stay in step, stretch by stretch.

Other formats know one clock. The first EMG stream's is it: it and whatever shares its clock keep their very samples,
in their places by index. Streams of other clocks drift against it by parts in ten thousand and are interpolated at its
times; `interpolated` names them.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from itertools import count
from math import gcd, lcm

import numpy as np

from firingorder_signal.blocks import FloatArray, StreamInfo, StreamKind

from ..recordings.recording import Recording
from .contract import ExportRefused
from .tracks import MARGIN_ROWS, Track

#: A stream so far behind the others has ended: recordings give their blocks out in batches of at most 80 s.
ENDED_S = 120.0
#: A grid that should be so much longer than what came is a clock gone wrong, not a recording (J: a day).
MAX_S = 86_400.0


class EvenStreams:
    """The streams of a recording on one clock.

    Parameters
    ----------
    recording
        Whatever has streams with a place in time.

    Raises
    ------
    ExportRefused
        It has no streams.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.streams = tuple(recording.streams)
        if not self.streams:
            raise ExportRefused(f"{recording.info.name}: holds no samples; nothing to write")
        emg = [stream for stream in self.streams if stream.kind is StreamKind.EMG]
        self.reference: StreamInfo = (emg or list(self.streams))[0]
        self.start_s = 0.0

    @property
    def interpolated(self) -> tuple[StreamInfo, ...]:
        """Streams of other clocks than the reference."""
        return tuple(stream for stream in self.streams if stream.clock_id != self.reference.clock_id)

    def say_interpolated(self) -> list[str]:
        """Say of each stream of another clock what becomes of it."""
        words = "runs on a clock of its own: interpolated at the first EMG stream's times"
        return [f"{stream.stream_id} {words}" for stream in self.interpolated]

    def stretch_s(self) -> Fraction:
        """Return the shortest stretch of at least a second in which every stream has a whole number of rows."""
        whole = reduce(_common_multiple, (1 / stream.rate_hz for stream in self.streams))
        return whole * max(round(1 / whole), 1)

    def stretches(self, stretch_s: Fraction) -> Iterator[list[FloatArray]]:
        """Yield the rows of every stream in stretches of so many seconds, NaN where samples are missing.

        Parameters
        ----------
        stretch_s
            Must hold a whole number of rows of each stream. The last stretch is filled up with NaN.
        """
        tracks = {stream.stream_id: Track(stream) for stream in self.streams}
        done = 0
        for block in self.recording.blocks():
            tracks[block.stream.stream_id].add(block)
            while self._is_complete(tracks, done, stretch_s):
                yield self._take(tracks, done, stretch_s)
                done += 1
        for number in count(done):
            if not self._is_begun(tracks, number, stretch_s):
                return
            yield self._take(tracks, number, stretch_s)

    def _time_of(self, tracks: dict[str, Track], number: int, stretch_s: Fraction) -> float:
        """Return the time at which a stretch begins."""
        reference = tracks[self.reference.stream_id]
        index = reference.first + float(number * stretch_s * reference.stream.rate_hz)
        return float(reference.times(np.array([index]))[0])

    def _is_complete(self, tracks: dict[str, Track], number: int, stretch_s: Fraction) -> bool:
        """Tell whether every stream has all of a stretch, or has ended."""
        if tracks[self.reference.stream_id].first < 0:
            return False
        end_s = self._time_of(tracks, number + 1, stretch_s)
        newest_s = max(track.end_s for track in tracks.values())
        margin_s = MARGIN_ROWS / min(track.rate_hz for track in tracks.values())
        return all(track.end_s > end_s + margin_s for track in tracks.values()) or newest_s > end_s + ENDED_S

    def _is_begun(self, tracks: dict[str, Track], number: int, stretch_s: Fraction) -> bool:
        """Tell whether anything was measured within or after a stretch."""
        if tracks[self.reference.stream_id].first < 0 or number * stretch_s > MAX_S:
            return False
        # A thousandth of a row less: the end of the last row is not the beginning of another stretch.
        half_row_s = 0.5 / max(track.rate_hz for track in tracks.values())
        return max(track.end_s for track in tracks.values()) > self._time_of(tracks, number, stretch_s) + half_row_s

    def _take(self, tracks: dict[str, Track], number: int, stretch_s: Fraction) -> list[FloatArray]:
        """Return one stretch of every stream."""
        reference = tracks[self.reference.stream_id]
        self.start_s = self._time_of(tracks, 0, stretch_s) if number == 0 else self.start_s
        rows = list[FloatArray]()
        for stream in self.streams:
            track, n_rows = tracks[stream.stream_id], int(stretch_s * stream.rate_hz)
            if stream.clock_id == self.reference.clock_id and track.first >= 0:
                shift = 0 if track is reference else round((track.start_s - self.start_s) * track.rate_hz)
                start = track.first - shift + number * n_rows
                rows.append(track.rows(start, start + n_rows))
                track.forget_before(start + n_rows)
            else:
                step = float(reference.stream.rate_hz / stream.rate_hz)
                first = reference.first + float(number * stretch_s * reference.stream.rate_hz)
                times_s = reference.times(first + np.arange(n_rows, dtype=np.float64) * step)
                rows.append(track.at(times_s))
                track.forget_before(track.stop if track.base < 0 else _index_before(track, float(times_s[-1])))
        return rows


def measured(stretches: Iterable[list[FloatArray]], chosen: Sequence[int]) -> Iterator[FloatArray]:
    """Yield some streams of one rate side by side, stretch by stretch, the last one only up to its last sample.

    Parameters
    ----------
    stretches
        From `EvenStreams.stretches`.
    chosen
        Places of the streams.
    """
    held: FloatArray | None = None
    for rows in stretches:
        if held is not None:
            yield held
        held = np.column_stack([rows[number] for number in chosen])
    if held is not None:
        yield held[: count_measured(held)]


def count_measured(rows: FloatArray) -> int:
    """Return how many rows there are up to the last one with a sample.

    Examples
    --------
    >>> count_measured(np.array([[1.0], [np.nan], [2.0], [np.nan]]))
    3
    """
    known = np.flatnonzero(~np.isnan(rows).all(axis=1))
    return int(known[-1]) + 1 if len(known) else 0


def _index_before(track: Track, time_s: float) -> int:
    """Return the index from which on rows are needed for times after this one."""
    own_s = track.times(np.arange(track.base, track.stop, dtype=np.float64))
    return track.base + int(np.searchsorted(own_s, time_s)) - 2 * MARGIN_ROWS


def _common_multiple(one: Fraction, other: Fraction) -> Fraction:
    """Return the smallest number that both divide.

    Examples
    --------
    >>> _common_multiple(Fraction(1, 2000), Fraction(27, 4000))
    Fraction(27, 2000)
    """
    return Fraction(lcm(one.numerator, other.numerator), gcd(one.denominator, other.denominator))
