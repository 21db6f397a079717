"""The decoder of a device that speaks a dialect of its own: the same door as `SensorDecoder`, translated."""

from collections.abc import Sequence
from itertools import groupby

from ..buffer import FrameBatch, Framing, LinkMark, RawFrame, RecordedItem
from ..decoder import SensorDecoder
from ..events import BridgeEvent, FrameCorrupt, SensorIdentified
from ..frames import MAX_FRAME_CABLE, MIN_FRAME, Frame, FrameFault
from ..session import State
from .dialect import Dialect, Spoken, UnitFrame

#: Fewer frames are decoded as fast one by one: looking at many costs 0.3 ms (measured).
GATHERED_MIN = 32


class NativeDecoder(SensorDecoder):
    """Everything from chunk to `SampleBlock` for a native device on one link; see `SensorDecoder`.

    Parameters
    ----------
    dialect
        How the device speaks; belongs to this decoder alone.
    """

    def __init__(self, link_name: str, dialect: Dialect, origin_ns: int, *, autostart: bool = True) -> None:
        super().__init__(link_name, Framing.DATAGRAM, origin_ns, dialect.clock, autostart=autostart)
        self.dialect = dialect
        self.sync = dialect.sync
        self._autostart = autostart
        self._known: set[str] = set()

    @property
    def bytes_a_second(self) -> float | None:
        """Return what the device sends, as far as its dialect knows."""
        return self.dialect.bytes_a_second

    def product_of(self, who: SensorIdentified) -> str:
        """Say what kind of sensor it is: its kind, and its firmware where it tells."""
        return f"{self.dialect.spec.partition(' ')[0]} {who.firmware}"

    @property
    def state(self) -> State:
        """Where the conversation is."""
        return self.dialect.state

    def link_opened(self) -> None:
        """Begin the conversation."""
        self.dialect.open()
        if self._autostart:
            self.dialect.start()

    def link_lost(self, t_host_ns: int) -> list[BridgeEvent]:
        """Take note that the link died."""
        self.dialect.reset()
        return super().link_lost(t_host_ns)

    def link_restored(self, t_host_ns: int) -> list[BridgeEvent]:
        """Take note that the link is open again."""
        self.link_opened()
        return super().link_restored(t_host_ns)

    def frames(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut the next chunk into runs of packets."""
        return self.dialect.cut(chunk, t_host_ns)

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return begun packets as damage."""
        return self.dialect.flush(t_host_ns)

    def tick(self, now_ns: int) -> None:
        """Tell the time, monotonic ns."""
        self.dialect.tick(now_ns)

    def start(self) -> None:
        """Ask for data."""
        self.dialect.start()

    def stop(self) -> None:
        """Ask the device to stop."""
        self.dialect.stop()

    def data_to_send(self) -> bytes:
        """Return the bytes to write to the link now."""
        return self.dialect.data_to_send()

    def decode(self, item: RecordedItem) -> list[BridgeEvent]:
        """Decode one run of packets, or follow one mark of the link."""
        if isinstance(item, LinkMark):
            return super().decode(item)
        events: list[BridgeEvent] = []
        for spoken in self._translate(item):
            if isinstance(spoken, Frame):
                events += self.decode_frame(spoken, item.t_host_ns)
            else:
                events += self._hear(spoken, item.t_host_ns)
        return events

    def decode_batch(self, batch: FrameBatch) -> list[BridgeEvent]:
        """Decode many runs of packets: all are translated, and what frames follow each other decoded together."""
        events: list[BridgeEvent] = []
        gathered: list[tuple[Frame, int]] = []
        for row in range(len(batch.data)):
            item = batch.frame(row)
            for spoken in self._translate(item):
                if isinstance(spoken, Frame):
                    gathered.append((spoken, item.t_host_ns))
                    continue
                events += self._decode_gathered(gathered)
                events += self._hear(spoken, item.t_host_ns)
        return events + self._decode_gathered(gathered)

    def _translate(self, item: RawFrame) -> Sequence[Spoken]:
        """Say what a recorded run of packets says."""
        if item.damaged:
            return [FrameCorrupt(FrameFault.CHECKSUM, len(item.data), item.t_host_ns)]
        return self.dialect.translate(item)

    def _hear(self, spoken: UnitFrame | BridgeEvent, t_host_ns: int) -> list[BridgeEvent]:
        """Take what is no frame of the sensor on the link."""
        if isinstance(spoken, UnitFrame):
            return self._turn_to(SensorIdentified(spoken.uid)) + self.decode_frame(spoken.frame, t_host_ns)
        return self._turn_to(spoken) if isinstance(spoken, SensorIdentified) else [spoken]

    def _decode_gathered(self, gathered: list[tuple[Frame, int]]) -> list[BridgeEvent]:
        """Decode frames in bulk, and forget them; one by one where they are few, or too long for it."""
        events: list[BridgeEvent] = []
        for short, group in groupby(gathered, lambda each: len(each[0].payload) <= MAX_FRAME_CABLE - MIN_FRAME):
            frames = list(group)
            if short and len(frames) >= GATHERED_MIN:
                events += super().decode_batch(FrameBatch.of([RawFrame(t_ns, each.encode()) for each, t_ns in frames]))
            else:
                events += [event for each, t_ns in frames for event in self.decode_frame(each, t_ns)]
        gathered.clear()
        return events

    def _turn_to(self, who: SensorIdentified) -> list[BridgeEvent]:
        """Go on as this sensor; it is announced once."""
        events = self._identify(who)
        if who.uid in self._known:
            return [event for event in events if event is not who]
        self._known.add(who.uid)
        return events
