"""The picture of each lift, cut while its recording is analysed: what a report draws, without reading the file twice.

The traces of the last minute are kept; a lift is cut from them once they have reached the end of its window, and
reduced to the lowest and highest value of a few hundred columns, so that an hour's lifts fit into a few megabytes. What
the raw samples say of the converter (its smallest step, samples lost) is counted on the way.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from firingorder_signal.blocks import FloatArray, SampleBlock, Side, Site, StreamKind
from firingorder_signal.events import EmgTrace, LiftEnded, MotionTrace, PipelineEvent
from firingorder_signal.results import Lift

#: Seconds shown before and after the zero line, at most, and room beside an onset: as the window's lens has them.
BEFORE_S, AFTER_S, MOST_S, ROOM_S = 0.36, 0.40, 0.90, 0.08
#: Columns of a picture: 1 s at some 0.15 mm on paper is finer than a printer's line.
N_COLUMNS = 640
#: Traces kept: a lift is told some 20 s after it began, its collected stretch of 10 s and a hold included (J).
KEPT_S = 60.0
#: Lifts that keep a picture; a test has six to twenty, an hour of walking thousands.
MOST_PICTURES = 1000
#: Samples of a channel that its smallest step is looked for in, and how far a multiple of it may be off.
STEP_SAMPLES, STEP_TOLERANCE = 4096, 0.02


@dataclass(frozen=True)
class Lane:
    """One muscle: lowest and highest band-passed value of each column, shape (N_COLUMNS,), µV; NaN = no sample."""

    low_uv: FloatArray
    high_uv: FloatArray


@dataclass(frozen=True)
class LiftPicture:
    """A lift's traces.

    Attributes
    ----------
    zero_s
        Start of movement, else the first onset, else the lift's start: what the picture's times count from.
    start_s, stop_s
        Its edges, seconds from the zero line.
    angle_times_s, hip_deg : shape (n,)
        The hip's angle, in times from the zero line; empty without motion sensors.
    """

    lift: Lift
    zero_s: float
    start_s: float
    stop_s: float
    lanes: dict[Site, Lane]
    angle_times_s: FloatArray
    hip_deg: FloatArray


@dataclass
class ChannelCount:
    """What the raw samples of one channel say."""

    n_samples: int = 0
    n_lost: int = 0
    step_uv: float | None = None
    looked: bool = False


@dataclass
class LiftPictures:
    """Takes what an analysis tells, in its order, and keeps the pictures of its lifts.

    Attributes
    ----------
    channels
        By stream id, one a channel.
    """

    pictures: dict[tuple[Side, int], LiftPicture] = field(default_factory=dict[tuple[Side, int], LiftPicture])
    channels: dict[str, list[ChannelCount]] = field(default_factory=dict[str, list[ChannelCount]])
    _emg: dict[str, deque[EmgTrace]] = field(default_factory=dict[str, deque[EmgTrace]])
    _motion: dict[Side, deque[MotionTrace]] = field(default_factory=dict[Side, deque[MotionTrace]])
    _waiting: list[Lift] = field(default_factory=list[Lift])

    def take(self, block: SampleBlock | None, events: Sequence[PipelineEvent]) -> None:
        """Take a block and what came of it; None at the end, when no more traces will come."""
        if block is not None and block.stream.kind is StreamKind.EMG:
            self._count(block)
        for event in events:
            match event:
                case EmgTrace():
                    emg = self._emg.setdefault(event.stream.stream_id, deque())
                    emg.append(event)
                    _drop_old(emg)
                case MotionTrace() if len(event.time_s):
                    motion = self._motion.setdefault(event.side, deque())
                    motion.append(event)
                    _drop_old(motion)
                case LiftEnded():
                    self._waiting.append(event.lift)
                case _:
                    pass
        self._cut_complete(at_end=block is None)

    def _count(self, block: SampleBlock) -> None:
        """Count samples, and look once for the converter's step."""
        values = block.values
        counts = self.channels.setdefault(block.stream.stream_id, [ChannelCount() for _ in range(values.shape[1])])
        for channel, count in enumerate(counts[: values.shape[1]]):
            column = values[:, channel]
            count.n_samples += len(column)
            count.n_lost += int(np.count_nonzero(np.isnan(column)))
            if not count.looked and len(column) >= STEP_SAMPLES // 4:
                count.step_uv, count.looked = find_step(column[:STEP_SAMPLES]), True

    def _cut_complete(self, *, at_end: bool) -> None:
        """Cut the lifts whose window all traces have passed."""
        reached_s = min((_end_s(traces[-1]) for traces in self._emg.values() if traces), default=float("-inf"))
        waiting, self._waiting = self._waiting, []
        for lift in waiting:
            zero_s = zero_of(lift)
            start_s, stop_s = window_of(lift, zero_s)
            if not at_end and reached_s < zero_s + stop_s:
                self._waiting.append(lift)
            elif len(self.pictures) < MOST_PICTURES:
                self.pictures[lift.side, lift.number] = self._cut(lift, zero_s, start_s, stop_s)

    def _cut(self, lift: Lift, zero_s: float, start_s: float, stop_s: float) -> LiftPicture:
        """Cut one lift."""
        lanes: dict[Site, Lane] = {}
        for traces in self._emg.values():
            for channel, site in enumerate(traces[-1].stream.sites):
                if site in lift.onsets:
                    lanes[site] = _columns(traces, channel, zero_s + start_s, zero_s + stop_s)
        times, hips = [np.empty(0)], [np.empty(0)]
        for trace in self._motion.get(lift.side, ()):
            inside = (trace.time_s >= zero_s + start_s) & (trace.time_s <= zero_s + stop_s)
            times.append(trace.time_s[inside] - zero_s)
            hips.append(trace.hip_deg[inside])
        return LiftPicture(lift, zero_s, start_s, stop_s, lanes, np.concatenate(times), np.concatenate(hips))


def zero_of(lift: Lift) -> float:
    """Find what a lift's times are counted from."""
    if lift.movement is not None:
        return lift.movement.time_s
    return min((onset.time_s for onset in lift.onsets.values() if onset.time_s is not None), default=lift.start_s)


def window_of(lift: Lift, zero_s: float) -> tuple[float, float]:
    """Choose the seconds around the zero line so that every onset and its interval lies inside."""
    start_s, stop_s = -BEFORE_S, AFTER_S
    for onset in lift.onsets.values():
        for time_s in (onset.time_s, *(onset.ci90_s or ())):
            if time_s is not None:
                start_s, stop_s = min(start_s, time_s - zero_s - ROOM_S), max(stop_s, time_s - zero_s + ROOM_S)
    return max(start_s, -MOST_S), min(stop_s, MOST_S)


def find_step(values: FloatArray) -> float | None:
    """Find the converter's step: what all differences between samples are multiples of; None where there is none.

    Examples
    --------
    >>> round(find_step(0.25 * np.array([3.0, 7, 4, 9, 3, 12, 5, 6])), 6)
    0.25
    >>> find_step(np.array([0.1, 0.35, 0.37, 1.0])) is None
    True
    """
    levels = np.unique(values[np.isfinite(values)])
    steps = np.diff(levels)
    # Levels one rounding apart are one level.
    steps = steps[steps > 1e-9 * max(float(np.max(np.abs(levels), initial=0.0)), 1e-12)]
    if len(steps) < 3:
        return None
    step = float(np.min(steps))
    multiples = steps / step
    off = float(np.max(np.abs(multiples - np.round(multiples)) / multiples))
    return step if off < STEP_TOLERANCE else None


def _drop_old(traces: deque[EmgTrace] | deque[MotionTrace]) -> None:
    """Drop what is too old for any lift that is still to be told."""
    while _end_s(traces[0]) < _end_s(traces[-1]) - KEPT_S:
        traces.popleft()


def _end_s(trace: EmgTrace | MotionTrace) -> float:
    """Return when a trace ends."""
    if isinstance(trace, EmgTrace):
        return trace.timebase.time_of(trace.first_index + len(trace.values))
    return float(trace.time_s[-1])


def _columns(traces: deque[EmgTrace], channel: int, start_s: float, stop_s: float) -> Lane:
    """Reduce a channel to columns."""
    low, high = np.full(N_COLUMNS, np.inf), np.full(N_COLUMNS, -np.inf)
    for trace in traces:
        first_s, period_s = trace.timebase.time_of(trace.first_index), trace.timebase.period_s
        first = max(int((start_s - first_s) / period_s) + 1, 0)
        last = min(int((stop_s - first_s) / period_s) + 1, len(trace.values))
        if first >= last:
            continue
        values = trace.values[first:last, channel]
        times_s = first_s + np.arange(first, last) * period_s
        places = np.clip(((times_s - start_s) / (stop_s - start_s) * N_COLUMNS).astype(np.int64), 0, N_COLUMNS - 1)
        known = np.isfinite(values)
        np.minimum.at(low, places[known], values[known])
        np.maximum.at(high, places[known], values[known])
    empty = ~np.isfinite(low)
    low[empty] = high[empty] = np.nan
    return Lane(low, high)
