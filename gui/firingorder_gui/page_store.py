"""One page of a whole recording as the store of the sweep: ten seconds from anywhere, nothing moving. No Qt."""

import math

import numpy as np

from firingorder_signal.blocks import FloatArray, Site

from .columns import ColumnRing
from .ring import SampleRing
from .traces import WINDOW_S, StreamTrace, TraceStore
from .whole_traces import WholeTraces


class PageStore(TraceStore):
    """Shows a page; `show` turns to another.

    Parameters
    ----------
    whole
        The recording's traces; they may still be coming.
    """

    def __init__(self, whole: WholeTraces, n_columns: int = 640) -> None:
        """Start at the beginning."""
        super().__init__(n_columns)
        self.whole = whole
        self.start_s = 0.0

    @property
    def gap(self) -> int:
        """No head runs here, so that no column ahead of one is blank."""
        return 0

    @property
    def last_start_s(self) -> float:
        """The last page's start."""
        return max(self.whole.duration_s - WINDOW_S, 0.0)

    def column_of(self, time_s: float) -> int:
        """Column number of a time on this page."""
        return math.floor((time_s - self.start_s) / self.column_s)

    def show(self, start_s: float) -> None:
        """Turn to the page that begins at a time, as near as the recording allows."""
        self.start_s = min(max(start_s, 0.0), self.last_start_s)
        self._rebuild()

    def _rebuild(self) -> None:
        """Reduce the page's samples to columns."""
        start_s, stop_s = self.start_s, self.start_s + WINDOW_S
        self.latest_s = self.whole.duration_s
        self.head = self.n_columns - 1
        self.streams = {}
        for stream_id, stream in self.whole.streams.items():
            columns = ColumnRing(self.n_columns, self.column_s, stream.info.n_channels)
            columns.add(*self._on_page(*stream.spool.between(start_s, stop_s)))
            self.streams[stream_id] = StreamTrace(stream.info, SampleRing(1, stream.info.n_channels), columns)
        if self.whole.motion is not None:
            self.motion = self._new_lines()
            self.motion.add(*self._on_page(*self.whole.motion_between(start_s, stop_s)))
        self._dirty = None

    def _on_page(self, times_s: FloatArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Count times from the page's start, and leave out what rounding puts behind its end."""
        on_page = times_s - self.start_s
        keep = on_page < self.n_columns * self.column_s - 1e-9
        return np.ascontiguousarray(on_page[keep]), values[keep]

    def emg_between(self, site: Site, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Read from the whole recording: the lens may lie off the page."""
        return self.whole.emg_between(site, start_s, stop_s)

    def motion_between(self, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Read from the whole recording."""
        return self.whole.motion_between(start_s, stop_s)
