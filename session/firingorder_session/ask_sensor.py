"""Ask who is on a port: the greeting and the descriptors, without starting any data."""

from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic_ns

from firingorder_bridge.devices.catalogue import make_decoder
from firingorder_bridge.errors import LinkError
from firingorder_bridge.events import SensorIdentified, StreamDescribed
from firingorder_bridge.links.base import Link
from firingorder_bridge.session import State
from firingorder_signal.blocks import StreamInfo

from .opening import END_S, MOMENT_S, Opening

#: A pseudo-terminal answers in 1 ms; a board that resets on being opened needs about a second to boot (J).
ANSWER_S = 1.5
#: How often commands that are due are sent.
TURN_S = 0.02


@dataclass(frozen=True)
class SensorFound:
    """Who answered on a port.

    Attributes
    ----------
    bytes_s
        What it would send a second; 0 where that is not known.
    error
        Why the port cannot be used; empty where it can. Without `uid` and `error` nobody answered.
    """

    port: str
    uid: str = ""
    firmware: int | None = None
    simulated: bool = False
    streams: tuple[StreamInfo, ...] = ()
    error: str = ""
    bytes_s: float = 0.0


class Inquiry:
    """A closed link, opened to ask who is there; `close` closes it again.

    Parameters
    ----------
    now_ns
        Monotonic time, ns.
    apart
        Do not wait for the link to be opened, nor to be closed.

    Attributes
    ----------
    is_open
        Whether the link is open.
    identity
        Who answered; None as long as nobody has.
    streams
        What he described so far, by stream id.

    Raises
    ------
    LinkError
        The link cannot be opened; where that is not waited for, `step` raises it.
    """

    def __init__(self, link: Link, now_ns: int, *, apart: bool = False) -> None:
        self.link = link
        self.identity: SensorIdentified | None = None
        self.streams: dict[str, StreamInfo] = {}
        self._heard = False
        self._chunks: SimpleQueue[tuple[bytes, int]] = SimpleQueue()
        self._decoder = make_decoder(link.name, link.speech, now_ns, autostart=False)
        self.is_open = False
        self._apart = apart
        self._opening = Opening(
            link, lambda chunk, t_host_ns: self._chunks.put((chunk, t_host_ns)), lambda error: None, apart=apart
        )
        if not apart:
            self._opening.wait()
            self._greet()

    @property
    def complete(self) -> bool:
        """Whether the sensor has described itself: descriptors follow the answer, so one quiet step ends them."""
        return self._decoder.state is State.READY and bool(self.streams) and not self._heard

    @property
    def bytes_s(self) -> float:
        """What the sensor would send a second; 0 where that is not known."""
        return self._decoder.bytes_a_second or 0.0

    def step(self, now_ns: int, wait_s: float = 0.0) -> None:
        """Send what is due and hear what has come, waiting a little for the first chunk; raise LinkError if it died."""
        if not self.is_open:
            self._greet()
        if not self.is_open:
            return
        self._decoder.tick(now_ns)
        if data := self._decoder.data_to_send():
            self.link.write(data)
        self._heard = False
        try:
            self._hear(*self._chunks.get(wait_s > 0, wait_s or None))
            while True:
                self._hear(*self._chunks.get_nowait())
        except Empty:
            return

    def close(self) -> None:
        """Close the link."""
        self._opening.end(MOMENT_S if self._apart else END_S)

    def _greet(self) -> None:
        """Begin the conversation, once the link is open."""
        if self._opening.done:
            if self._opening.error is not None:
                raise self._opening.error
            self.is_open = True
            self._decoder.link_opened()

    def _hear(self, chunk: bytes, t_host_ns: int) -> None:
        """Take note of who speaks and what it streams."""
        self._heard = True
        for frame in self._decoder.frames(chunk, t_host_ns):
            for event in self._decoder.decode(frame):
                if isinstance(event, SensorIdentified) and event.declared:
                    self.identity = event
                elif isinstance(event, StreamDescribed):
                    self.streams[event.stream.stream_id] = event.stream


def ask_sensor(link: Link, answer_s: float = ANSWER_S) -> SensorFound:
    """Open a closed link, greet, listen, and close it again; takes at most `answer_s` once the link is open."""
    try:
        inquiry = Inquiry(link, monotonic_ns())
        deadline_ns = monotonic_ns() + round(answer_s * 1e9)
        while monotonic_ns() < deadline_ns and not inquiry.complete:
            inquiry.step(monotonic_ns(), TURN_S)
    except LinkError as error:
        return SensorFound(link.name, error=str(error))
    finally:
        link.close()
    who = inquiry.identity
    if who is None:
        return SensorFound(link.name)
    streams = tuple(inquiry.streams.values())
    return SensorFound(link.name, who.uid, who.firmware, who.simulated, streams, bytes_s=inquiry.bytes_s)
