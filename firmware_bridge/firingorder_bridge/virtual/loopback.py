"""A host without a cable: a virtual wearable and the bridge's own decoders, joined in simulated time.

For tests and benchmarks that want what the bridge makes of a stream, clocks and loss included, as fast as the machine
can. Everything that a recording would hold is kept.
"""

from typing import NamedTuple

import numpy as np

from firingorder_signal.blocks import FloatArray, SampleBlock

from ..buffer import CobsFramer, Framing, LinkMark, RecordedItem
from ..decoder import SensorDecoder
from ..events import BridgeEvent, Samples
from ..stuffing import stuff
from .wearable import VirtualWearable

# How often the simulated host looks; also the longest a command waits.
STEP_S = 0.02


class SensorEvent(NamedTuple):
    """What the decoder of one sensor said."""

    sensor: int
    event: BridgeEvent


class Loopback:
    """One decoder for each sensor of a wearable; `run` plays both sides.

    Parameters
    ----------
    framing
        `DATAGRAM` for sensors on a radio, each frame a notification; its connection interval is a fault of the
        wearable (`radio.slots`).

    Attributes
    ----------
    decoders
        One a sensor; they greet, describe and start their sensors by themselves.
    recorded
        For each sensor what a recording would hold.
    events
        Everything said so far, in order.
    """

    def __init__(self, wearable: VirtualWearable, framing: Framing = Framing.COBS) -> None:
        self.wearable = wearable
        origin_ns = wearable.host_origin_ns
        self.decoders = [
            SensorDecoder(f"virtual-{sensor.name.lower()}", framing, origin_ns) for sensor in wearable.sensors
        ]
        # A wearable's line is a cable; what its frames become on a radio is said here.
        self._framers = [CobsFramer() for _ in wearable.sensors] if framing is Framing.DATAGRAM else None
        self.recorded: list[list[RecordedItem]] = [[] for _ in self.decoders]
        self.events: list[SensorEvent] = []
        for decoder in self.decoders:
            decoder.link_opened()

    def run(self, duration_s: float) -> list[SensorEvent]:
        """Go on for some simulated seconds and return what was said in them."""
        before = len(self.events)
        end_s = self.wearable.now_s + duration_s
        while self.wearable.now_s < end_s:
            self._converse()
            for chunk in self.wearable.advance_to(min(end_s, self.wearable.now_s + STEP_S)):
                framer = self._framers[chunk.sensor] if self._framers else None
                cut = self.decoders[chunk.sensor].frames if framer is None else framer.feed
                for frame in cut(chunk.data, chunk.t_host_ns):
                    self._take(chunk.sensor, frame)
            for event in self.wearable.take_plug_events():
                at_ns = self.wearable.host_origin_ns + round(event.world_s * 1e9)
                self._take(event.sensor, LinkMark(at_ns, event.plugged))
        return self.events[before:]

    def run_set(self) -> list[SensorEvent]:
        """Go on until the set is over."""
        while not self.wearable.world.timeline.has_begun:
            self.run(0.1)
        timeline = self.wearable.world.timeline
        return self.run(timeline.origin_s + timeline.duration_s - self.wearable.now_s)

    def blocks(self, sensor: int, stream: int) -> list[SampleBlock]:
        """Give the sample blocks of one stream so far."""
        samples = [
            each.event.block for each in self.events if each.sensor == sensor and isinstance(each.event, Samples)
        ]
        return [block for block in samples if block.stream.stream_id.endswith(f"/{stream}")]

    def stream(self, sensor: int, stream: int) -> tuple[FloatArray, FloatArray]:
        """Give one stream so far as arrays: patient seconds by the bridge's clock (n,), and values (n, n_channels)."""
        timeline = self.wearable.world.timeline
        blocks = self.blocks(sensor, stream)
        times = [
            [block.timebase.time_of(block.first_index + row) for row in range(block.n_samples)] for block in blocks
        ]
        return np.concatenate(times) - timeline.origin_s, np.concatenate([block.values for block in blocks])

    def _converse(self) -> None:
        now_ns = self.wearable.host_origin_ns + round(self.wearable.now_s * 1e9)
        for number, decoder in enumerate(self.decoders):
            decoder.tick(now_ns)
            data = decoder.data_to_send()
            if data:
                self.wearable.write(number, stuff(data) if self._framers else data)

    def _take(self, sensor: int, item: RecordedItem) -> None:
        self.recorded[sensor].append(item)
        self.events += [SensorEvent(sensor, event) for event in self.decoders[sensor].decode(item)]
