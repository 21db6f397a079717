"""The trace store: what streams arrived, kept raw for the lens and as pixel columns for the sweep. No Qt.

Owns the sweep's geometry in columns: where the head is, which columns are still to be shown, which must be drawn
again. While frozen, the sweep keeps showing a copy; the raw rings go on, so nothing is missing afterwards.
"""

import math
from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray, Site, StreamInfo
from firingorder_signal.events import EmgTrace, MotionTrace

from .columns import ColumnRing, LineColumns
from .ring import SampleRing
from .sites import row_key, tell_apart

#: Seconds across the sweep (the design, `live-view-dark.png`).
WINDOW_S = 10.0
#: Seconds kept raw: the sweep, and a lift that ends after a long hold still reaches back to its onsets.
KEPT_S = 30.0
#: Blank columns ahead of the head, as a share of the width.
GAP_SHARE = 1 / 64
#: Half width of the drawn envelope's window, seconds.
ENVELOPE_REACH_S = 0.05
#: Angles at 100 Hz and slower kits (>= 20 Hz) are joined; a longer hole is a gap.
ANGLE_JOIN_S = 0.06
#: Rate for sizing the angle ring: the IMU's own rate is the fastest grid (200 Hz).
ANGLE_RATE_HZ = 200.0


@dataclass
class StreamTrace:
    """One EMG stream: raw ring and columns."""

    info: StreamInfo
    ring: SampleRing
    columns: ColumnRing


class TraceStore:
    """All traces of the window, and the sweep's state in columns.

    Parameters
    ----------
    n_columns
        Width of the sweep in device pixels.
    """

    def __init__(self, n_columns: int = 640) -> None:
        """Start empty."""
        self.n_columns: int = n_columns
        self.column_s = WINDOW_S / n_columns
        self.streams: dict[str, StreamTrace] = {}
        self.motion: LineColumns | None = None
        self._motion_ring: SampleRing | None = None
        self.head: int | None = None
        self.frozen = False
        self.latest_s: float | None = None  # newest sample, frozen or not
        self._dirty: tuple[int, int] | None = None

    @property
    def gap(self) -> int:
        """Blank columns ahead of the head."""
        return max(4, round(self.n_columns * GAP_SHARE))

    @property
    def reach(self) -> int:
        """Columns on each side of the envelope's window."""
        return max(1, round(ENVELOPE_REACH_S / self.column_s))

    @property
    def oldest(self) -> int:
        """Oldest column still shown: everything older is blank, on screen and in fact."""
        return 0 if self.head is None else self.head + self.gap - self.n_columns + 1

    @property
    def sites(self) -> list[Site]:
        """Sites with a lane, in row order; those of one row in the order in which they came."""
        sites = dict.fromkeys(site for stream in self.streams.values() for site in stream.info.sites)
        return sorted(sites, key=row_key)

    def lane(self, site: Site) -> tuple[ColumnRing, int] | None:
        """Find the columns of a site and its channel in them; the newest stream of that site wins."""
        for stream in reversed(self.streams.values()):
            if site in stream.info.sites:
                return stream.columns, stream.info.sites.index(site)
        return None

    def column_of(self, time_s: float) -> int:
        """Column number of a time."""
        return math.floor(time_s / self.column_s)

    def add_emg(self, trace: EmgTrace) -> bool:
        """Take EMG samples; return whether a stream is new, which changes the lanes."""
        index = trace.first_index + np.arange(len(trace.values), dtype=np.float64)
        times_s: FloatArray = trace.timebase.time_s + (index - trace.timebase.index) * trace.timebase.period_s
        stream = self.streams.get(trace.stream.stream_id)
        is_new = stream is None
        if stream is None:
            stream = self._open(trace.stream)
            self.streams[trace.stream.stream_id] = stream
        stream.ring.append(times_s, trace.values)
        self._arrived(times_s)
        if not self.frozen:
            self._moved(stream.columns.add(times_s, trace.values))
        return is_new

    def add_motion(self, trace: MotionTrace) -> bool:
        """Take angles; return whether they are the first."""
        values = np.column_stack((trace.hip_deg, trace.tilt_deg))
        is_new = self.motion is None
        if self.motion is None or self._motion_ring is None:
            self.motion = self._new_lines()
            self._motion_ring = SampleRing(int(KEPT_S * ANGLE_RATE_HZ), 2)
        self._motion_ring.append(trace.time_s, values)
        self._arrived(trace.time_s)
        if not self.frozen:
            self._moved(self.motion.add(trace.time_s, values))
        return is_new

    def _open(self, info: StreamInfo) -> StreamTrace:
        """Make the ring and the columns of a new stream."""
        info = tell_apart(info)
        ring = SampleRing(int(KEPT_S * float(info.rate_hz)) + 1, info.n_channels)
        return StreamTrace(info, ring, ColumnRing(self.n_columns, self.column_s, info.n_channels))

    def _new_lines(self) -> LineColumns:
        """Make empty angle columns for the present width."""
        return LineColumns(self.n_columns, self.column_s, 2, ANGLE_JOIN_S)

    def _arrived(self, times_s: FloatArray) -> None:
        """Note the newest sample's time."""
        if len(times_s):
            latest_s = float(times_s[-1])
            self.latest_s = latest_s if self.latest_s is None else max(self.latest_s, latest_s)

    def _moved(self, touched: tuple[int, int] | None) -> None:
        """Move the head and note which columns changed."""
        if touched is None:
            return
        first, last = touched
        if self.head is None:
            self.head = last
        first = min(first, self.head)
        self.head = max(self.head, last)
        self._dirty = (first, last) if self._dirty is None else (min(first, self._dirty[0]), max(last, self._dirty[1]))

    def take_dirty(self) -> tuple[int, int] | None:
        """Return the first and last column to draw again since the last call, envelope and gap included."""
        if self._dirty is None or self.head is None:
            return None
        first, last = self._dirty
        self._dirty = None
        return max(first - 2 * self.reach - 1, self.head - self.n_columns + 1), max(last, self.head) + self.gap

    def set_width(self, n_columns: int) -> None:
        """Change the sweep's width: rebuild every column from the raw rings. Ends a freeze."""
        self.frozen = False
        if n_columns != self.n_columns:
            self.n_columns = n_columns
            self.column_s = WINDOW_S / n_columns
            self._rebuild()

    def freeze(self) -> None:
        """Keep showing what is shown; samples still go into the raw rings."""
        self.frozen = True

    def unfreeze(self) -> None:
        """Go on, with everything that came meanwhile."""
        if self.frozen:
            self.frozen = False
            self._rebuild()

    def _rebuild(self) -> None:
        """Make all columns anew from the raw rings; everything must be drawn again."""
        self.head, self._dirty = None, None
        for stream in self.streams.values():
            stream.columns = ColumnRing(self.n_columns, self.column_s, stream.info.n_channels)
            self._moved(stream.columns.add(*stream.ring.rows()))
        if self._motion_ring is not None:
            self.motion = self._new_lines()
            self._moved(self.motion.add(*self._motion_ring.rows()))
        self._dirty = None

    def emg_between(self, site: Site, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Copy out a site's raw samples: times and values of shape (n,); empty where there are none."""
        for stream in reversed(self.streams.values()):
            if site in stream.info.sites:
                times_s, values = stream.ring.between(start_s, stop_s)
                # A copy: whoever keeps one muscle must not keep all of its sensor's.
                return times_s, values[:, stream.info.sites.index(site)].copy()
        return np.empty(0), np.empty(0)

    def motion_between(self, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Copy out the angles: times of shape (n,), hip and tilt of shape (n, 2)."""
        if self._motion_ring is None:
            return np.empty(0), np.empty((0, 2))
        return self._motion_ring.between(start_s, stop_s)
