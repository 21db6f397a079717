"""One stream of one sensor: frames with numbers in, contiguous blocks on the host's clock out.

A stream's `first_index` never goes back and has no holes that are not told: samples lost are NaN rows, up to a limit
beyond which the index jumps. After a restart of the device the index goes on by host time.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray, SampleBlock, Timebase

from .clocks import ClockSegment
from .descriptors import StreamLayout
from .events import BridgeEvent, LossCause, Samples, SamplesLost, SignalFlags
from .frames import Flag
from .loss import Arrival, LossTracker, Step
from .sample_clock import SampleClock

# A gap up to this is filled with NaN rows; over a longer one the index jumps, because a sensor that was away for an
# hour must not bring an hour of rows into memory.
FILL_MAX_S = 60.0
# Nor may few seconds of a very wide, very fast stream: 32 MB of float64.
FILL_MAX_VALUES = 4_000_000
_OPINION = int(Flag.CLIP | Flag.LEAD_OFF | Flag.HARDWARE_SYNCED)


@dataclass
class SensorStream:
    """State of one stream. `next_index` is the host's sample index; the device's own is in `tracker`."""

    layout: StreamLayout
    desc_id: int
    tracker: LossTracker
    clock: SampleClock
    epoch: int
    next_index: int | None = None
    flags: int = 0
    layouts: dict[int, StreamLayout] = field(default_factory=dict[int, StreamLayout])
    payloads: dict[int, bytes] = field(default_factory=dict[int, bytes])

    @classmethod
    def begin(cls, layout: StreamLayout, desc_id: int, epoch: int) -> "SensorStream":
        """Return a stream that has had no frame yet."""
        clock = SampleClock(layout.period_ns, layout.stream.latency_s)
        return cls(layout, desc_id, LossTracker(layout.period_ns / 1000), clock, epoch, layouts={desc_id: layout})

    def use(self, desc_id: int) -> None:
        """Read frames by another descriptor from now on."""
        if desc_id == self.desc_id:
            return
        self.desc_id = desc_id
        self._adopt(self.layouts[desc_id])

    def _adopt(self, layout: StreamLayout) -> None:
        """Read frames by this layout from now on."""
        self.layout = layout
        self.tracker.period_us = layout.period_ns / 1000
        self.clock.forget()
        self.clock.period_ns, self.clock.latency_s = layout.period_ns, layout.stream.latency_s

    def learn(self, desc_id: int, layout: StreamLayout, n_kept: int) -> None:
        """Keep another descriptor for frames that carry its id; the oldest of too many is forgotten."""
        self.layouts.pop(desc_id, None)
        self.layouts[desc_id] = layout
        if desc_id == self.desc_id:
            self._adopt(layout)
        while len(self.layouts) > n_kept:
            oldest = next(each for each in self.layouts if each != self.desc_id)
            del self.layouts[oldest]
            self.payloads.pop(oldest, None)

    def span_ns(self, n_samples: int) -> int:
        """Return the nominal time from a frame's first sample to its last, whole ns."""
        period = self.layout.period_ns
        return (n_samples - 1) * period.numerator // period.denominator

    def note(self, frame: Arrival) -> None:
        """Take note of where a placed frame's first sample lies in device time."""
        self.clock.note(self._index, frame.t_us * 1000)

    def place(self, frame: Arrival, step: Step, segment: ClockSegment, restarted: bool) -> list[BridgeEvent]:
        """Find the frame's place on the host's index, fill what is missing before it, renew the timebase if due."""
        cause = LossCause.RESTART if restarted else step.cause
        n_lost = step.n_lost
        if self.next_index is None:
            self.next_index = frame.index
        elif restarted:
            n_lost = self._missed(frame, segment)
        if restarted or cause is LossCause.PAUSE:
            self.clock.forget()
        start = self.next_index + n_lost
        self.renew_if_due(start, frame.t_us * 1000, segment, contiguous=n_lost == 0 and not restarted)
        return self._fill(n_lost, step, cause) if n_lost or step.n_frames else []

    def renew_if_due(self, index: int, t_dev_ns: int, segment: ClockSegment, *, contiguous: bool) -> None:
        """Renew the timebase where the clock's map has been, or the stream jumped."""
        if self.clock.segment_number != segment.number or self.clock.timebase is None:
            self.clock.renew(index, t_dev_ns, segment, contiguous=contiguous)

    def has_flags(self, flags: int) -> bool:
        """Return whether these flags change nothing in the device's opinion of its inputs."""
        return flags & _OPINION == self.flags

    def emit(self, payload: bytes) -> Samples:
        """Decode a payload into the block that comes next."""
        return self._emit_values(self.layout.decode(payload))

    def _emit_values(self, values: FloatArray) -> Samples:
        """Return decoded samples as the block that comes next."""
        block = SampleBlock(self.layout.stream, self._index, values, self._timebase)
        self.next_index = block.next_index
        return Samples(block)

    def emit_run(
        self, values: FloatArray, offsets: NDArray[np.int64], t_dev_ns: NDArray[np.int64], segment: ClockSegment
    ) -> Samples:
        """Return the decoded frames of a run without loss as one block, under one timebase.

        Parameters
        ----------
        offsets, t_dev_ns : shape (n_frames,)
            Which row is a frame's first, and when that was in device time.
        """
        self.renew_if_due(self._index, int(t_dev_ns[0]), segment, contiguous=True)
        self.clock.note_many(self._index + offsets, t_dev_ns)
        return self._emit_values(values)

    def change_flags(self, flags: int) -> list[BridgeEvent]:
        """Return what the device's opinion of its inputs has become, where it changed."""
        opinion = flags & _OPINION
        if opinion == self.flags:
            return []
        self.flags = opinion
        clipped, lead_off = bool(flags & Flag.CLIP), bool(flags & Flag.LEAD_OFF)
        synced = self.clock.hardware = bool(flags & Flag.HARDWARE_SYNCED)
        return [SignalFlags(self.layout.stream.stream_id, self._index, clipped, lead_off, synced)]

    @property
    def _index(self) -> int:
        """Host index of the next sample; only asked once there is one."""
        return self.next_index or 0

    @property
    def _timebase(self) -> Timebase:
        """The timebase in force; only asked after `place`."""
        return self.clock.timebase or Timebase(self._index, 0.0, float(self.layout.period_ns) * 1e-9)

    def _missed(self, frame: Arrival, segment: ClockSegment) -> int:
        """Return how many samples a restart cost, by host time."""
        now_s = segment.time_of(frame.t_us * 1000) - self.layout.stream.latency_s
        period_s = float(self.layout.period_ns) * 1e-9
        return max(round((now_s - self._timebase.time_of(self._index)) / period_s), 0)

    def _fill(self, n_lost: int, step: Step, cause: LossCause) -> list[BridgeEvent]:
        """Report a gap, and fill it with NaN rows where it is not too long."""
        stream = self.layout.stream
        filled = n_lost <= FILL_MAX_S * stream.rate_hz and n_lost * stream.n_channels <= FILL_MAX_VALUES
        first = self._index
        lost = SamplesLost(stream.stream_id, first, n_lost, step.n_frames, step.n_by_device, cause, filled)
        self.next_index = first + n_lost
        if not filled or n_lost == 0:
            return [lost]
        rows = np.full((n_lost, len(self.layout.columns)), np.nan)
        return [lost, Samples(SampleBlock(stream, first, rows, self._timebase))]
