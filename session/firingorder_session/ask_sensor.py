"""Ask who is on a port: the greeting and the descriptors, without starting any data."""

from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic_ns

from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.errors import LinkError
from firingorder_bridge.events import BridgeEvent, SensorIdentified, StreamDescribed
from firingorder_bridge.links.base import Link
from firingorder_bridge.session import State
from firingorder_signal.blocks import StreamInfo

from .sensor_channel import CAPABILITY_SIMULATED

#: A pseudo-terminal answers in 1 ms; a board that resets on being opened needs about a second to boot (J).
ANSWER_S = 1.5
#: How often commands that are due are sent.
TURN_S = 0.02


@dataclass(frozen=True)
class SensorFound:
    """Who answered on a port.

    Attributes
    ----------
    error
        Why the port cannot be used; empty where it can. Without `uid` and `error` nobody answered.
    """

    port: str
    uid: str = ""
    firmware: int | None = None
    simulated: bool = False
    streams: tuple[StreamInfo, ...] = ()
    error: str = ""


def ask_sensor(link: Link, answer_s: float = ANSWER_S) -> SensorFound:
    """Open a closed link, greet, listen, and close it again; takes at most `answer_s`."""
    chunks: SimpleQueue[tuple[bytes, int]] = SimpleQueue()
    began_ns = monotonic_ns()
    decoder = SensorDecoder(link.name, link.framing, began_ns, autostart=False)
    try:
        link.open(lambda chunk, t_host_ns: chunks.put((chunk, t_host_ns)), lambda error: None)
        decoder.link_opened()
        events = _converse(link, decoder, chunks, began_ns + round(answer_s * 1e9))
    except LinkError as error:
        return SensorFound(link.name, error=str(error))
    finally:
        link.close()
    return _summarize(link.name, events)


def _converse(
    link: Link, decoder: SensorDecoder, chunks: "SimpleQueue[tuple[bytes, int]]", deadline_ns: int
) -> list[BridgeEvent]:
    """Speak and listen until the sensor is described, or the time is over."""
    events: list[BridgeEvent] = []
    while monotonic_ns() < deadline_ns and decoder.session.state is not State.READY:
        decoder.tick(monotonic_ns())
        if data := decoder.data_to_send():
            link.write(data)
        try:
            chunk, t_host_ns = chunks.get(timeout=TURN_S)
        except Empty:
            continue
        for frame in decoder.frames(chunk, t_host_ns):
            events += decoder.decode(frame)
    return events


def _summarize(port: str, events: list[BridgeEvent]) -> SensorFound:
    """Say who it was."""
    who = next((event for event in events if isinstance(event, SensorIdentified) and event.declared), None)
    if who is None:
        return SensorFound(port)
    streams = {event.stream.stream_id: event.stream for event in events if isinstance(event, StreamDescribed)}
    simulated = bool(who.capabilities & CAPABILITY_SIMULATED)
    return SensorFound(port, who.uid, who.firmware, simulated, tuple(streams.values()))
