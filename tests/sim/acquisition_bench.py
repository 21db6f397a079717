"""Channels on links without ports, in simulated time: driven by hand, told what time it is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from firingorder_bridge.buffer import Framing, RawFrame, make_framer
from firingorder_bridge.errors import DeviceNotFound, LinkLost, LinkReason
from firingorder_bridge.events import BridgeEvent, Samples
from firingorder_bridge.frames import Frame, FrameType, parse_frame
from firingorder_bridge.links.base import Link, OnData, OnLost
from firingorder_bridge.links.replay_link import as_chunk
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_session.acquiring.sensor_channel import SensorChannel
from firingorder_session.bounded import BoundedQueue
from firingorder_session.events.live_events import SensorChanged, SensorPhase
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_signal.blocks import FloatArray, SampleBlock

STEP_S = 0.02


class HandLink(Link):
    """A link whose far end is a virtual wearable; its chunks are fetched by the test, not pushed by a thread."""

    speech = Framing.COBS.value

    def __init__(self, name: str, wearable: VirtualWearable, sensor: int) -> None:
        self.name = name
        self.wearable, self.sensor = wearable, sensor
        self.is_open = False
        self.is_there = True
        self.is_deaf = False
        self.n_opened = 0
        # Streams of the device that have died: their samples are kept back, their descriptors and all else come.
        self.dead_streams: tuple[int, ...] = ()
        self._framer = make_framer(Framing.COBS)

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Take the callbacks."""
        if not self.is_there:
            raise DeviceNotFound(self.name, LinkReason.NOT_FOUND, f"{self.name}: no such device")
        self.is_open, self.on_data, self.on_lost = True, on_data, on_lost
        self.n_opened += 1

    def bring(self, chunk: bytes, t_host_ns: int) -> None:
        """Deliver what a device sends, without the samples of its dead streams."""
        whole = self._framer.feed(chunk, t_host_ns)
        kept = [as_chunk(frame, self.speech) for frame in whole if not self._is_dead(frame)]
        if data := b"".join(kept) if self.dead_streams else chunk:
            self.on_data(data, t_host_ns)

    def _is_dead(self, frame: RawFrame) -> bool:
        """Return whether a frame brings samples of a dead stream."""
        parsed = parse_frame(frame.data)
        return isinstance(parsed, Frame) and parsed.type_code == FrameType.DATA and parsed.stream in self.dead_streams

    def write(self, data: bytes) -> None:
        """Hand the bytes to the wearable."""
        if not self.is_open:
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open")
        if not self.is_deaf:
            self.wearable.write(self.sensor, data)

    def close(self) -> None:
        """Hang up."""
        if self.is_open:
            self.is_open = False
            self.wearable.hang_up(self.sensor)


class Bench:
    """Two channels on one wearable, and everything they say."""

    def __init__(
        self, path: Path | None = None, faults: tuple[Fault, ...] = (), sink: BoundedQueue[BridgeEvent] | None = None
    ) -> None:
        self.wearable = VirtualWearable(seed=3, faults=faults)
        self.origin_ns = self.wearable.host_origin_ns
        self.sink: BoundedQueue[BridgeEvent] = sink or BoundedQueue(1_000_000)
        self.told: list[SensorChanged] = []
        head = RecordingHead.now(self.origin_ns)
        self.recorder = Recorder(path, head, lambda event: None, min_free_bytes=0) if path else None
        self.links = [HandLink(f"hand{number}", self.wearable, number) for number in range(2)]
        self.posts: list[Callable[[], None]] = []
        self.other_ports: list[HandLink] = []
        self.channels = [
            SensorChannel(
                number,
                link,
                self.origin_ns,
                self.recorder,
                self.sink,
                self.told.append,
                self._post_data,
                self._post_loss,
                find_ports=lambda: self.other_ports,
            )
            for number, link in enumerate(self.links, start=1)
        ]
        for channel in self.channels:
            channel.open(self.now_ns)

    @property
    def now_ns(self) -> int:
        """Host time of the simulation."""
        return self.origin_ns + round(self.wearable.now_s * 1e9)

    def _post_data(self, number: int, chunk: bytes, t_host_ns: int) -> None:
        self.posts.append(lambda: self.channels[number - 1].take(chunk, t_host_ns, self.now_ns))

    def _post_loss(self, number: int, run: int, error: LinkLost) -> None:
        self.posts.append(lambda: self.channels[number - 1].lose(run, error, self.now_ns, self.now_ns))

    def run(self, duration_s: float) -> None:
        """Go on for some simulated seconds."""
        for _ in range(round(duration_s / STEP_S)):
            ports = (*self.links, *self.other_ports)
            for wearable in dict.fromkeys(port.wearable for port in ports):
                for chunk in wearable.run(STEP_S):
                    for port in ports:
                        if port.is_open and (port.wearable, port.sensor) == (wearable, chunk.sensor):
                            port.bring(chunk.data, chunk.t_host_ns)
            for post in self.posts:
                post()
            self.posts.clear()
            for channel in self.channels:
                channel.tick(self.now_ns)

    def stop(self) -> None:
        """End as the acquisition ends."""
        for channel in self.channels:
            channel.begin_stop(self.now_ns)
        self.run(0.1)
        for channel in self.channels:
            channel.close()
        if self.recorder is not None:
            self.recorder.close()

    def counts_of(self, kind: type[BridgeEvent]) -> int:
        """Return how many events of a kind were handed on since the last look."""
        return sum(isinstance(event, kind) for event in self.sink.take(0))

    def phases(self, number: int) -> list[SensorPhase]:
        """Return the phases that one sensor went through, repetitions left out."""
        all_phases = [event.phase for event in self.told if event.link == f"hand{number}"]
        return [phase for phase, before in zip(all_phases, [None, *all_phases], strict=False) if phase != before]


def samples_of(events: list[BridgeEvent]) -> dict[str, list[SampleBlock]]:
    """Return the blocks of each stream."""
    blocks: dict[str, list[SampleBlock]] = {}
    for event in events:
        if isinstance(event, Samples):
            blocks.setdefault(event.block.stream.stream_id, []).append(event.block)
    return blocks


def whole(blocks: list[SampleBlock]) -> tuple[FloatArray, FloatArray]:
    """Return all values of a stream and the time of each row."""
    times = [block.timebase.time_of(block.first_index + row) for block in blocks for row in range(block.n_samples)]
    return np.concatenate([block.values for block in blocks]), np.array(times)
