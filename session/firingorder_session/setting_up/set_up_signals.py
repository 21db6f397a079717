"""What the set-up hears of every stream: levels and attitudes in short bins, and the state of each electrode."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from firingorder_signal.blocks import FloatArray, SampleBlock, Site, StreamInfo, StreamKind
from firingorder_signal.electrode_state import GOOD_UV, N_REPORTS, ElectrodeState, hears_heart, judge_electrode
from firingorder_signal.events import ChannelQuality
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.power_bins import PowerBins
from firingorder_signal.quality import QualityMonitor

#: Signal in which heartbeats are looked for, seconds, and how often: eight beats or so; it takes some milliseconds.
HEART_S, HEART_EVERY_S = 8.0, 2.0


@dataclass(frozen=True)
class Level:
    """Mean square of one muscle's band-passed signal over one bin, µV²."""

    site: Site
    time_s: float
    power: float


@dataclass(frozen=True)
class Up:
    """Mean acceleration of one motion sensor over one bin, shape (3,), m/s²."""

    site: Site
    time_s: float
    acceleration: FloatArray


class EmgListener:
    """One EMG stream: filter, bins, quality, heart."""

    def __init__(self, stream: StreamInfo) -> None:
        self.stream = stream
        self.rate_hz = float(stream.rate_hz)
        self._band = CausalBand(BandDesign(self.rate_hz), len(stream.sites))
        self._bins = PowerBins(self.rate_hz, len(stream.sites))
        self._quality = QualityMonitor(stream)
        self._reports: dict[Site, deque[ChannelQuality]] = {site: deque(maxlen=N_REPORTS) for site in stream.sites}
        self._kept: deque[FloatArray] = deque()
        self._n_kept = 0
        self._beats: dict[Site, bool] = {}
        self._looked_s = float("-inf")

    def take(self, block: SampleBlock) -> list[Level]:
        """Take a block; return the levels it completes."""
        filtered = self._band.update(block.values)
        for report in self._quality.update(block.values, block.first_index, block.timebase):
            self._reports[report.site].append(report)
        self._keep(filtered)
        self._look_for_beats(block.end_s)
        bins = self._bins.update(filtered, block.first_index, block.timebase)
        return [
            Level(site, each.time_s, float(each.power[channel]))
            for each in bins
            for channel, site in enumerate(self.stream.sites)
        ]

    def state(self, site: Site, rest_uv: float | None, worked_db: float | None) -> ElectrodeState:
        """Say how one of its electrodes is."""
        beats = self._beats.get(site, False)
        return judge_electrode(site, self._reports[site], rest_uv=rest_uv, beats=beats, worked_db=worked_db)

    def _keep(self, filtered: FloatArray) -> None:
        self._kept.append(filtered)
        self._n_kept += len(filtered)
        while self._n_kept - len(self._kept[0]) >= HEART_S * self.rate_hz:
            self._n_kept -= len(self._kept.popleft())

    def _look_for_beats(self, now_s: float) -> None:
        """Look for the heart now and then, in channels that are louder than good."""
        if now_s - self._looked_s < HEART_EVERY_S or self._n_kept < 0.5 * HEART_S * self.rate_hz:
            return
        self._looked_s = now_s
        loud = [
            channel
            for channel, site in enumerate(self.stream.sites)
            if self._reports[site] and (self._reports[site][-1].rms_uv or 0.0) > GOOD_UV
        ]
        self._beats = {}
        if loud:
            rows = np.concatenate(list(self._kept))
            self._beats = {self.stream.sites[each]: hears_heart(rows[:, each], self.rate_hz) for each in loud}


@dataclass
class SetUpSignals:
    """All streams, as they are called now."""

    _emg: dict[str, EmgListener] = field(default_factory=dict[str, EmgListener])
    _imu: dict[str, tuple[StreamInfo, PowerBins]] = field(default_factory=dict[str, tuple[StreamInfo, PowerBins]])

    @property
    def muscles(self) -> tuple[Site, ...]:
        """Muscles that flow."""
        return tuple(site for each in self._emg.values() for site in each.stream.sites)

    @property
    def segments(self) -> tuple[Site, ...]:
        """Segments whose sensors flow."""
        return tuple(stream.sites[0] for stream, _ in self._imu.values())

    def take(self, block: SampleBlock) -> list[Level | Up]:
        """Take a block of any stream; return what it completes."""
        stream = block.stream
        if stream.kind is StreamKind.EMG:
            listener = self._emg.get(stream.stream_id)
            if listener is None or listener.stream != stream:
                listener = self._emg[stream.stream_id] = EmgListener(stream)
            return list(listener.take(block))
        if stream.kind is not StreamKind.IMU:
            return []
        known = self._imu.get(stream.stream_id)
        if known is None or known[0] != stream:
            known = self._imu[stream.stream_id] = (stream, PowerBins(float(stream.rate_hz), 3, squared=False))
        bins = known[1].update(np.ascontiguousarray(block.values[:, :3]), block.first_index, block.timebase)
        return [Up(stream.sites[0], each.time_s, each.power) for each in bins]

    def states(
        self, rest_uv: dict[Site, float], worked_db: dict[Site, float], sites: Iterable[Site]
    ) -> tuple[ElectrodeState, ...]:
        """Say how each electrode is."""
        found = {site: each for each in self._emg.values() for site in each.stream.sites}
        return tuple(found[site].state(site, rest_uv.get(site), worked_db.get(site)) for site in sites if site in found)
