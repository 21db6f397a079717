"""All traces of a recording under review: raw on disk for page and lens, and reduced for the overview. No Qt."""

from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray, Site, StreamInfo
from firingorder_signal.events import EmgTrace, MotionTrace

from .columns import ColumnRing, LineColumns
from .sites import row_key
from .spool import Spool

#: Columns of the overview: as many as the widest screens have pixels.
OVERVIEW_COLUMNS = 4096
#: Angles further apart than this are not joined in the overview either; there a column may be a second wide.
JOIN_S = 1.0


@dataclass
class WholeStream:
    """One EMG stream: every sample, and its columns over the whole recording."""

    info: StreamInfo
    spool: Spool
    columns: ColumnRing


class WholeTraces:
    """Takes the traces of an analysis as they come.

    Parameters
    ----------
    duration_s
        Length of the recording; nothing later is in the overview.
    """

    def __init__(self, duration_s: float) -> None:
        """Start empty."""
        self.duration_s = max(duration_s, 1.0)
        self.column_s = self.duration_s / OVERVIEW_COLUMNS
        self.streams: dict[str, WholeStream] = {}
        self.motion: LineColumns | None = None
        self._angles: Spool | None = None

    @property
    def sites(self) -> list[Site]:
        """Sites with a trace, in row order."""
        return sorted({site for stream in self.streams.values() for site in stream.info.sites}, key=row_key)

    def add_emg(self, trace: EmgTrace) -> None:
        """Take EMG samples."""
        stream = self.streams.get(trace.stream.stream_id)
        if stream is None:
            columns = ColumnRing(OVERVIEW_COLUMNS, self.column_s, trace.stream.n_channels)
            stream = WholeStream(trace.stream, Spool(trace.stream.n_channels), columns)
            self.streams[trace.stream.stream_id] = stream
        start_s, period_s = trace.timebase.time_of(trace.first_index), trace.timebase.period_s
        stream.spool.append(start_s, period_s, trace.values)
        times_s: FloatArray = start_s + np.arange(len(trace.values), dtype=np.float64) * period_s
        inside = (times_s >= 0.0) & (times_s < self.duration_s)
        stream.columns.add(times_s[inside], trace.values[inside])

    def add_motion(self, trace: MotionTrace) -> None:
        """Take angles; they lie on an even grid."""
        if len(trace.time_s) == 0:
            return
        if self.motion is None or self._angles is None:
            self.motion = LineColumns(OVERVIEW_COLUMNS, self.column_s, 2, JOIN_S)
            self._angles = Spool(2)
        values = np.column_stack((trace.hip_deg, trace.tilt_deg))
        n_rows = len(values)
        period_s = float(trace.time_s[-1] - trace.time_s[0]) / (n_rows - 1) if n_rows > 1 else 0.01
        self._angles.append(float(trace.time_s[0]), period_s, values)
        inside = (trace.time_s >= 0.0) & (trace.time_s < self.duration_s)
        self.motion.add(trace.time_s[inside], values[inside])

    def stream_of(self, site: Site) -> tuple[WholeStream, int] | None:
        """Find a site's stream and its channel there; the newest stream of that site wins."""
        for stream in reversed(self.streams.values()):
            if site in stream.info.sites:
                return stream, stream.info.sites.index(site)
        return None

    def emg_between(self, site: Site, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Read a site's samples: times and values of shape (n,); empty where there are none."""
        found = self.stream_of(site)
        if found is None:
            return np.empty(0), np.empty(0)
        times_s, values = found[0].spool.between(start_s, stop_s)
        return times_s, values[:, found[1]]

    def motion_between(self, start_s: float, stop_s: float) -> tuple[FloatArray, FloatArray]:
        """Read the angles: times of shape (n,), hip and tilt of shape (n, 2)."""
        if self._angles is None:
            return np.empty(0), np.empty((0, 2))
        return self._angles.between(start_s, stop_s)

    def peaks_uv(self, site: Site) -> FloatArray:
        """Largest magnitude of a site in each column of the overview, shape (n,), µV."""
        found = self.stream_of(site)
        return np.empty(0) if found is None else found[0].columns.peaks(0)[:, found[1]]

    @property
    def angle_limits_deg(self) -> tuple[float, float]:
        """Lowest and highest angle of the recording, degrees."""
        values = self.motion.values if self.motion is not None else np.empty(0)
        known = values[np.isfinite(values)]
        return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)

    def close(self) -> None:
        """Let the files go."""
        for stream in self.streams.values():
            stream.spool.close()
        if self._angles is not None:
            self._angles.close()
