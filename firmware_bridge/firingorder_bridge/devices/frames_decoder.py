"""The decoder for links that bring OML/1 frames from a library: nobody is asked, and there is no radio with slots."""

from ..buffer import Framing
from ..decoder import SensorDecoder
from ..envelope import ClockParams
from ..events import BridgeEvent, DeviceReturned, SensorIdentified
from ..frames import Frame, FrameType
from ..messages import HelloReply, Op, Response
from ..session import State


class FramesDecoder(SensorDecoder):
    """Everything from frame to `SampleBlock` for a source that begins by itself; see `SensorDecoder`."""

    def __init__(self, link_name: str, origin_ns: int, *, autostart: bool = True) -> None:
        super().__init__(link_name, Framing.DATAGRAM, origin_ns, ClockParams(), autostart=autostart)
        self._state = State.CLOSED
        self._begins = autostart

    def product_of(self, who: SensorIdentified) -> str:
        """Nothing is known of what a library hides: its buffers, and the computer behind a stream."""
        return ""

    @property
    def state(self) -> State:
        """Where the conversation would be."""
        return self._state

    def link_opened(self) -> None:
        """Take note that the link is open."""
        self._state = State.STREAMING if self._begins else State.READY

    def link_lost(self, t_host_ns: int) -> list[BridgeEvent]:
        """Take note that the link died."""
        self._state = State.CLOSED
        return super().link_lost(t_host_ns)

    def link_restored(self, t_host_ns: int) -> list[BridgeEvent]:
        """Take note that the link is open again."""
        self.link_opened()
        return [DeviceReturned(t_host_ns)]

    def tick(self, now_ns: int) -> None:
        """Nothing is due."""

    def start(self) -> None:
        """Take note that data is wanted."""
        self._state = State.STREAMING

    def stop(self) -> None:
        """Take note that no more data is wanted; closing the link ends it."""
        self._state = State.READY

    def data_to_send(self) -> bytes:
        """Return nothing: a source is never asked."""
        return b""

    def decode_frame(self, frame: Frame, t_host_ns: int) -> list[BridgeEvent]:
        """Decode one frame; the introduction says the source's own name."""
        who = find_introduction(frame)
        return self._identify(who) if who is not None else super().decode_frame(frame, t_host_ns)


def find_introduction(frame: Frame) -> SensorIdentified | None:
    """Return who introduces himself in a frame; None where nobody does."""
    response = Response.decode(frame.payload) if frame.type_code == FrameType.RSP else None
    if response is None or response.op != Op.HELLO:
        return None
    reply = HelloReply.decode(response.data)
    if reply is None:
        return None
    name = response.data[len(reply.encode()) :].decode("ascii", "replace")
    return SensorIdentified(name or reply.uid.hex(), reply.firmware, reply.capabilities)
