"""The decoder of a device that speaks a dialect of its own: the same door as `SensorDecoder`, translated."""

from ..buffer import FrameBatch, Framing, LinkMark, RawFrame, RecordedItem
from ..decoder import SensorDecoder
from ..events import BridgeEvent, FrameCorrupt, SensorIdentified
from ..frames import Frame, FrameFault
from ..session import State
from .dialect import Dialect, UnitFrame


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
        if item.damaged:
            return [FrameCorrupt(FrameFault.CHECKSUM, len(item.data), item.t_host_ns)]
        events: list[BridgeEvent] = []
        for spoken in self.dialect.translate(item):
            if isinstance(spoken, Frame):
                events += self.decode_frame(spoken, item.t_host_ns)
            elif isinstance(spoken, UnitFrame):
                events += self._turn_to(SensorIdentified(spoken.uid))
                events += self.decode_frame(spoken.frame, item.t_host_ns)
            elif isinstance(spoken, SensorIdentified):
                events += self._turn_to(spoken)
            else:
                events.append(spoken)
        return events

    def decode_batch(self, batch: FrameBatch) -> list[BridgeEvent]:
        """Decode many runs of packets: one by one, for a run is as long as a chunk already."""
        return [event for row in range(len(batch.data)) for event in self.decode(batch.frame(row))]

    def _turn_to(self, who: SensorIdentified) -> list[BridgeEvent]:
        """Go on as this sensor; it is announced once."""
        events = self._identify(who)
        if who.uid in self._known:
            return [event for event in events if event is not who]
        self._known.add(who.uid)
        return events
