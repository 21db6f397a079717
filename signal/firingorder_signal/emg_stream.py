"""One EMG stream on its way through the pipeline: filter, quality, alarms, and a history that can be asked by time.

It joins stages and keeps what judging a lift needs to look back at; it decides nothing. A sample number that jumps
(a gap too long to be filled with NaN) starts the history anew.
"""

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray, SampleBlock, Site, StreamInfo, Timebase
from .emg import EmgParams, EmgStage
from .events import ChannelQuality, EmgAlarm, EmgTrace
from .history import History
from .quality import QualityMonitor
from .rules import JudgementRules

EmgEvent = EmgTrace | EmgAlarm | ChannelQuality


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


class EmgStream:
    """The stages and the look-back of one EMG stream.

    Parameters
    ----------
    hold_s
        Collect this much signal before working on it: 0 live. In batch some seconds save most of the cost of many
        small blocks; nobody looks then, so there are no traces and no quality reports either.
    shows_traces
        Give the traces all the same: somebody will look later.

    Attributes
    ----------
    end_s, arrived_s
        Host time up to which samples have been worked on, and have come.
    """

    def __init__(
        self, info: StreamInfo, rules: JudgementRules, hold_s: float = 0.0, *, shows_traces: bool = False
    ) -> None:
        self.info = info
        self.rate_hz = float(info.rate_hz)
        self.end_s = self.arrived_s = float("-inf")
        self.alarms: list[list[Alarm]] = [[] for _ in info.sites]
        # What waits here and what waits in other streams must not outrun the history.
        history_s = EmgParams().history_s + 2 * hold_s
        params = EmgParams(band_hz=rules.band_hz, history_s=history_s)
        self.history_s = history_s
        self._stage = EmgStage(self.rate_hz, info.n_channels, params)
        self._quality = QualityMonitor(info) if hold_s == 0.0 else None
        self._shows_traces = shows_traces
        self._untold: list[EmgEvent] = []
        self._raw = History(info.n_channels, round(history_s * self.rate_hz))
        self._hold = round(hold_s * self.rate_hz)
        self._held: list[FloatArray] = []
        self._held_from = 0
        self._next_index = 0
        self._timebases: list[Timebase] = []
        self._starts: list[int] = []

    def update(self, block: SampleBlock) -> list[EmgEvent]:
        """Take the next samples; return the trace, the alarms and, about once a second, each electrode's state."""
        if not self._timebases or self._timebases[-1] != block.timebase:
            self._timebases.append(block.timebase)
            self._starts.append(block.first_index)
        if self._held and block.first_index != self._next_index:
            self._work()
        if not self._held:
            self._held_from = block.first_index
        self._held.append(block.values)
        self._next_index, self.arrived_s = block.next_index, block.end_s
        return self.flush() if self._next_index - self._held_from >= self._hold else []

    def flush(self) -> list[EmgEvent]:
        """Work on all that has come, and say what that brought."""
        events = self._work()
        untold, self._untold = self._untold, []
        return [*untold, *events]

    def _work(self) -> list[EmgEvent]:
        """Work on all that has come; what was collected is told with the next `flush`."""
        if not self._held:
            return []
        values = self._held[0] if len(self._held) == 1 else np.concatenate(self._held)
        self._held = []
        update = self._stage.update(values, self._held_from)
        self._raw.append(self._held_from, values)
        self.end_s = self.arrived_s
        events: list[EmgEvent] = []
        for channel, index, is_on in update.alarms:
            alarm = Alarm(self.time_of(index), is_on)
            self.alarms[channel].append(alarm)
            if is_on:
                events.append(EmgAlarm(self.info.sites[channel], alarm.time_s))
        if self._quality is None:
            self._untold += self._cut_traces(update.filtered) if self._shows_traces else []
            return []
        timebase = self._timebases[-1]
        trace = EmgTrace(self.info, self._held_from, update.filtered, timebase)
        return [trace, *events, *self._quality.update(values, self._held_from, timebase)]

    def _cut_traces(self, filtered: FloatArray) -> list[EmgEvent]:
        """Cut what was collected where the map from samples to time changed, as live blocks are."""
        stop = self._held_from + len(filtered)
        place = max(bisect_right(self._starts, self._held_from) - 1, 0)
        traces: list[EmgEvent] = []
        for start, timebase, end in zip(
            self._starts[place:], self._timebases[place:], [*self._starts[place + 1 :], stop], strict=True
        ):
            first = max(start, self._held_from)
            if first < min(end, stop):
                values = filtered[first - self._held_from : min(end, stop) - self._held_from]
                traces.append(EmgTrace(self.info, first, values, timebase))
        return traces

    def known_until_s(self, horizon_s: float) -> float:
        """Return the time up to which this stream is known, or up to which nothing more of it will come."""
        if self.arrived_s >= horizon_s:
            return self.end_s
        self._work()
        return horizon_s

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
        """Sample nearest to a time, by the first map that reaches it.

        The first: where a later map steps back over a time that was known already, the answer stays the same.
        """
        place = max(bisect_right(self._starts, self._timebases[-1].index_of(time_s)) - 1, 0)
        while place + 1 < len(self._starts) and self._timebases[place].index_of(time_s) > self._starts[place + 1]:
            place += 1
        while place > 0 and self._timebases[place - 1].index_of(time_s) <= self._starts[place]:
            place -= 1
        return round(self._timebases[place].index_of(time_s))

    def stretch(self, site: Site, start_s: float, stop_s: float, around_s: float) -> Stretch:
        """Cut a piece of one channel.

        The rows are mapped to time by the nominal rate around `around_s`, which keeps the error of a sensor whose
        true rate differs by 1 % at 1 ms or less within 0.1 s of it.
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

    def may_last(self, site: Site, start_s: float, stop_s: float, lasting_s: float, known_s: float) -> bool:
        """Say whether a burst that begins in a window goes on at `known_s` and has not lasted long enough yet."""
        alarms = [alarm for alarm in self.alarms[self.info.sites.index(site)] if alarm.time_s <= known_s]
        newest = alarms[-1] if alarms else None
        if newest is None or not newest.on:
            return False
        return start_s <= newest.time_s <= stop_s and newest.time_s > known_s - lasting_s

    def forget_before(self, time_s: float) -> None:
        """Drop alarms and timebases that nobody will ask for again."""
        self.alarms = [[alarm for alarm in alarms if alarm.time_s >= time_s] for alarms in self.alarms]
        keep = max(bisect_right(self._starts, self.index_of(time_s)) - 1, 0) if time_s > float("-inf") else 0
        del self._starts[:keep], self._timebases[:keep]
