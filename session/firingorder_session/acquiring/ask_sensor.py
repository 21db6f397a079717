"""Ask who is behind a link: the greeting and the descriptors, without starting any data where that is enough.

OML/1 says all without data, and so do a BITalino and a Shimmer3. A device that is known by what it sends alone (uMyo, a
Trigno base, a BITalino of old) is started for a moment and stopped again.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic_ns

from firingorder_bridge.buffer import is_oml
from firingorder_bridge.devices.catalogue import make_decoder
from firingorder_bridge.errors import LinkError
from firingorder_bridge.events import BridgeEvent, Refused, SensorIdentified, SensorStatus, StreamDescribed
from firingorder_bridge.links.base import Link
from firingorder_bridge.session import State
from firingorder_signal.blocks import StreamInfo

from .opening import END_S, MOMENT_S, Opening

#: A pseudo-terminal answers in 1 ms; a board that resets on being opened needs about a second to boot (J).
ANSWER_S = 1.5
#: A device of another kind waits for quiet, is asked a dozen questions over a radio of its own, and asked again (J).
NATIVE_S = 8.0
#: How long others are waited for once a device has described itself: a base's other units, a battery's state. A uMyo
#: sends every 7 ms.
GATHER_NS = 500_000_000
#: How often commands that are due are sent.
TURN_S = 0.02


@dataclass(frozen=True)
class SensorFound:
    """Who answered on a port.

    Attributes
    ----------
    uid
        Who it is; of several behind one base the first.
    bytes_s
        What it would send a second; 0 where that is not known.
    battery_mv
        Of each sensor that told it, by its uid.
    refusal
        What of it cannot be read; empty where all can.
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
    battery_mv: Mapping[str, int] = field(default_factory=dict[str, int])
    refusal: str = ""


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
        Who answered, by an id of his own; None as long as nobody has.
    device
        The same, also where it is known by its place alone, as a BITalino is.
    streams
        What he described so far, by stream id.
    battery_mv
        What the sensors told of their batteries, by uid.
    refusal
        What cannot be read of it, in a line; empty where nothing was refused.

    Raises
    ------
    LinkError
        The link cannot be opened; where that is not waited for, `step` raises it.
    """

    def __init__(self, link: Link, now_ns: int, *, apart: bool = False) -> None:
        self.link = link
        self.identity: SensorIdentified | None = None
        self.device: SensorIdentified | None = None
        self.streams: dict[str, StreamInfo] = {}
        self.battery_mv: dict[str, int] = {}
        self.refusal = ""
        self._lost: LinkError | None = None
        self._is_native = not is_oml(link.speech)
        self._is_started = False
        self._now_ns = self._described_ns = now_ns
        self._heard = False
        self._chunks: SimpleQueue[tuple[bytes, int]] = SimpleQueue()
        self._decoder = make_decoder(link.name, link.speech, now_ns, autostart=False)
        self.is_open = False
        self._apart = apart
        self._opening = Opening(
            link, lambda chunk, t_host_ns: self._chunks.put((chunk, t_host_ns)), self._lose, apart=apart
        )
        if not apart:
            self._opening.wait()
            self._greet()

    @property
    def complete(self) -> bool:
        """Whether the sensor has described itself: descriptors follow the answer, so one quiet step ends them."""
        if self._is_native:
            return bool(self.streams) and self._now_ns - self._described_ns > GATHER_NS
        return self._decoder.state is State.READY and bool(self.streams) and not self._heard

    @property
    def is_refused(self) -> bool:
        """Whether nothing more is to be expected."""
        return self._decoder.state is State.REFUSED

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
        self._now_ns = now_ns
        self._decoder.tick(now_ns)
        if self._is_native and not self.streams and not self._is_started and self._decoder.state is State.READY:
            self._is_started = True
            self._decoder.start()
        self._send()
        self._heard = False
        try:
            self._hear(*self._chunks.get(wait_s > 0, wait_s or None))
            while True:
                self._hear(*self._chunks.get_nowait())
        except Empty:
            if self._lost is not None:
                raise self._lost from None

    def close(self) -> None:
        """Stop what was started, and close the link."""
        if self._is_started and self.is_open and self._lost is None:
            self._decoder.stop()
            with suppress(LinkError):
                self._send()
        self._opening.end(MOMENT_S if self._apart else END_S)

    def _send(self) -> None:
        """Write the commands that are due."""
        if data := self._decoder.data_to_send():
            self.link.write(data)

    def _lose(self, error: LinkError) -> None:
        """Take note that the link has died; in the link's thread."""
        self._lost = error

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
                self._note(event)

    def _note(self, event: BridgeEvent) -> None:
        """Take note of one event."""
        match event:
            case SensorIdentified():
                self.device = self.device or event
                self.identity = event if event.declared else self.identity
            case StreamDescribed():
                self.streams[event.stream.stream_id] = event.stream
                self._described_ns = self._now_ns
            case SensorStatus() if event.status.battery_mv and self._decoder.sensor is not None:
                self.battery_mv[self._decoder.sensor.uid] = event.status.battery_mv
            case Refused():
                self.refusal = event.detail
            case _:
                pass


def ask_sensor(link: Link, answer_s: float | None = None) -> SensorFound:
    """Open a closed link, greet, listen, and close it again; takes at most `answer_s` once the link is open.

    By default a sensor with OML/1 has `ANSWER_S` to answer, another `NATIVE_S`.
    """
    wait_s = answer_s or (ANSWER_S if is_oml(link.speech) else NATIVE_S)
    try:
        inquiry = Inquiry(link, monotonic_ns())
    except LinkError as error:
        link.close()
        return SensorFound(link.name, error=str(error))
    try:
        deadline_ns = monotonic_ns() + round(wait_s * 1e9)
        while monotonic_ns() < deadline_ns and not (inquiry.complete or inquiry.is_refused):
            inquiry.step(monotonic_ns(), TURN_S)
    except LinkError as error:
        return SensorFound(link.name, error=_say(link.name, inquiry.refusal) or str(error))
    finally:
        inquiry.close()
    who = inquiry.identity if is_oml(link.speech) else inquiry.device
    if who is None or not (inquiry.streams or is_oml(link.speech)):
        return SensorFound(link.name, error=_say(link.name, inquiry.refusal))
    return SensorFound(
        link.name,
        who.uid,
        who.firmware,
        who.simulated,
        tuple(inquiry.streams.values()),
        bytes_s=inquiry.bytes_s,
        battery_mv=inquiry.battery_mv,
        refusal=inquiry.refusal,
    )


def _say(name: str, refusal: str) -> str:
    """Say who refuses; empty where nobody does."""
    return f"{name}: {refusal}" if refusal else ""
