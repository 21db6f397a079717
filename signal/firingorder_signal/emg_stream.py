"""One EMG stream on its way through the pipeline: filter, quality, alarms, and a history that can be asked by time.

It joins stages and keeps what judging a lift needs to look back at; it decides nothing. A sample number that jumps
(a gap too long to be filled with NaN) starts the history anew.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np

from .blocks import FloatArray, SampleBlock, Site, StreamInfo, Timebase
from .emg import EmgParams, EmgStage
from .events import ChannelQuality, EmgAlarm, EmgTrace
from .history import History
from .quality import QualityMonitor
from .rules import JudgementRules


@dataclass(frozen=True)
class Alarm:
    """A muscle's burst began (`on`) or ended at `time_s`."""

    time_s: float
    on: bool


@dataclass(frozen=True)
class Stretch:
    """A piece of one channel, with the map from its rows to time.

    Attributes
    ----------
    filtered_uv, raw_uv : shape (n_samples,)
        Band-passed and raw µV, NaN where samples were lost.
    offset_s
        Host time of row 0, exact at the row the stretch was asked around.
    """

    filtered_uv: FloatArray
    raw_uv: FloatArray
    offset_s: float
    rate_hz: float
    range_uv: float | None = None

    def row_of(self, time_s: float) -> int:
        """Row nearest to a time, clipped to the stretch."""
        return int(np.clip(round((time_s - self.offset_s) * self.rate_hz), 0, len(self.filtered_uv)))


@dataclass
class EmgStream:
    """The stages and the look-back of one EMG stream."""

    info: StreamInfo
    rules: JudgementRules
    end_s: float = float("-inf")
    alarms: list[list[Alarm]] = field(default_factory=list[list[Alarm]])
    _timebases: list[Timebase] = field(default_factory=list[Timebase])
    _starts: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        """Build the stages for the stream's rate and channels."""
        self.rate_hz = float(self.info.rate_hz)
        self.alarms = [[] for _ in self.info.sites]
        params = EmgParams(band_hz=self.rules.band_hz)
        self._stage = EmgStage(self.rate_hz, self.info.n_channels, params)
        self._quality = QualityMonitor(self.info)
        self.history_s = params.history_s
        self._raw = History(self.info.n_channels, round(params.history_s * self.rate_hz))

    def update(self, block: SampleBlock) -> list[EmgTrace | EmgAlarm | ChannelQuality]:
        """Take the next samples; return the trace, the alarms and, about once a second, each electrode's state."""
        if not self._timebases or self._timebases[-1] != block.timebase:
            self._timebases.append(block.timebase)
            self._starts.append(block.first_index)
        update = self._stage.update(block.values, block.first_index)
        self._raw.append(block.first_index, block.values)
        self.end_s = block.end_s
        events: list[EmgTrace | EmgAlarm | ChannelQuality] = [
            EmgTrace(self.info, block.first_index, update.filtered, block.timebase)
        ]
        for channel, index, is_on in update.alarms:
            alarm = Alarm(self.time_of(index), is_on)
            self.alarms[channel].append(alarm)
            if is_on:
                events.append(EmgAlarm(self.info.sites[channel], alarm.time_s))
        return events + list(self._quality.update(block.values, block.first_index, block.timebase))

    @property
    def has_samples(self) -> bool:
        """Whether anything has come yet."""
        return bool(self._timebases)

    def timebase_at(self, index: float) -> Timebase:
        """Return the map that was in force at a sample."""
        return self._timebases[max(bisect_right(self._starts, index) - 1, 0)]

    def time_of(self, index: float) -> float:
        """Host time of a sample."""
        return self.timebase_at(index).time_of(index)

    def index_of(self, time_s: float) -> int:
        """Sample nearest to a time, by the map in force there."""
        for start, timebase in zip(reversed(self._starts), reversed(self._timebases), strict=True):
            index = timebase.index_of(time_s)
            if index >= start:
                return round(index)
        return round(self._timebases[0].index_of(time_s))

    def stretch(self, site: Site, start_s: float, stop_s: float, around_s: float) -> Stretch:
        """Cut a piece of one channel.

        The rows are mapped to time by the nominal rate around `around_s`, which keeps the error of a sensor whose
        true rate differs by 1 % below 1 ms within 0.1 s of it.
        """
        channel = self.info.sites.index(site)
        start, stop, anchor = self.index_of(start_s), self.index_of(stop_s), self.index_of(around_s)
        return Stretch(
            filtered_uv=self._stage.stretch(channel, start, stop),
            raw_uv=self._raw.column(channel, start, stop),
            offset_s=self.time_of(anchor) - (anchor - start) / self.rate_hz,
            rate_hz=self.rate_hz,
            range_uv=self.info.range_uv,
        )

    def first_on(self, site: Site, start_s: float, stop_s: float) -> float | None:
        """Time of the first burst that begins in a window; None without one."""
        times = [alarm.time_s for alarm in self.alarms[self.info.sites.index(site)] if alarm.on]
        return next((time for time in times if start_s <= time <= stop_s), None)

    def lasting(self, site: Site, start_s: float, stop_s: float, lasting_s: float, known_s: float) -> list[float]:
        """List the times of the bursts that begin in a window and are known by `known_s` to have lasted."""
        alarms = self.alarms[self.info.sites.index(site)]
        found: list[float] = []
        for place, alarm in enumerate(alarms):
            if not alarm.on or not start_s <= alarm.time_s <= min(stop_s, known_s - lasting_s):
                continue
            ended_s = next((later.time_s for later in alarms[place + 1 :] if not later.on), float("inf"))
            if ended_s - alarm.time_s >= lasting_s:
                found.append(alarm.time_s)
        return found

    def forget_before(self, time_s: float) -> None:
        """Drop alarms and timebases that nobody will ask for again."""
        self.alarms = [[alarm for alarm in alarms if alarm.time_s >= time_s] for alarms in self.alarms]
        keep = max(bisect_right(self._starts, self.index_of(time_s)) - 1, 0) if self._starts else 0
        del self._starts[:keep], self._timebases[:keep]
