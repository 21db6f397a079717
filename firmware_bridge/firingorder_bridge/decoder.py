"""From a link's chunks to events, and back: the whole protocol for one sensor, without I/O.

    chunk --frames()--> RawFrame (recorded) --decode()--> events        tick(), data_to_send() --> bytes for the sensor

`frames` only cuts; what it returns is what a recording keeps. `decode` is a deterministic function of the recorded
frames, and `decode_all` the same function for many of them at once. Any bytes at all give events, never an exception.
"""

from collections.abc import Iterable, Mapping

from firingorder_signal.blocks import Alignment, SyncClass

from . import bulk
from .buffer import FrameBatch, Framing, LinkMark, RawFrame, RecordedItem, make_framer
from .capacity import wire_bytes_s
from .envelope import ClockParams
from .events import (
    BridgeEvent,
    DeviceDropped,
    DeviceReturned,
    FrameCorrupt,
    Refused,
    RefusedWhat,
    SensorIdentified,
    SensorStatus,
    UndescribedData,
    UnknownFrame,
)
from .frames import VERSION, Flag, Frame, FrameFault, FrameType, find_fault, parse_checked
from .messages import EventMessage, HelloReply, Op, Response, Status, StatusMessage, TimeMessage
from .places import Places
from .salvage import salvage
from .sensor import ClockMaker, Sensor, make_live_clock
from .session import Cue, Session, State
from .stuffing import stuff, unstuff

# A sensor that has sent data for so long without saying who it is never will; its link's name must do.
NAMELESS_NS = 3_000_000_000
# Descriptors kept while nobody knows whose they are; a sensor has a handful of streams.
DESCRIPTORS_KEPT = 32


class SensorDecoder:
    """Everything from chunk to `SampleBlock` for the sensor on one link.

    Parameters
    ----------
    link_name
        The link's name; stands for the uid of a sensor that never answers.
    framing
        How the link tells frames apart.
    origin_ns
        Monotonic host time that counts as 0 s in the recording.
    clock
        What the clock estimator takes for granted; by default a radio's slots for datagrams, none for a cable.
    autostart
        Ask the sensor for data as soon as it is described.

    Attributes
    ----------
    alignments
        What was measured of sensors' constant delays, by uid; set before the first frame.
    make_clock
        Makes a sensor's clock; set before the first frame.
    places
        Where the user says that the sensor sits; set before the first frame.
    """

    #: How what is behind a clock came to share it; see `Dialect`.
    sync = SyncClass.UNVERIFIED

    def __init__(
        self,
        link_name: str,
        framing: Framing,
        origin_ns: int,
        clock: ClockParams | None = None,
        *,
        autostart: bool = True,
    ) -> None:
        self.link_name = link_name
        self.framing = framing
        self.origin_ns = origin_ns
        self.clock_params = clock or ClockParams(slotted=framing is Framing.DATAGRAM)
        self.alignments: Mapping[str, Alignment] = {}
        self.make_clock: ClockMaker = make_live_clock
        self.places = Places()
        self.session = Session(autostart)
        self.sensor: Sensor | None = None
        self._sensors: dict[str, Sensor] = {}
        self._framer = make_framer(framing)
        self._unclaimed: dict[tuple[int, int], Frame] = {}
        self._first_data_ns: int | None = None
        self._version_refused = False
        self._seq = 0

    @property
    def state(self) -> State:
        """Where the conversation with the sensor is."""
        return self.session.state

    @property
    def bytes_a_second(self) -> float | None:
        """Return what the sensor sends, as it is configured now; None where that is not known."""
        if self.sensor is None:
            return None
        layouts = [stream.layout for stream in self.sensor.streams.values()]
        return sum(wire_bytes_s(float(layout.stream.rate_hz), layout.bytes_per_sample) for layout in layouts)

    def product_of(self, who: SensorIdentified) -> str:
        """Say what kind of sensor it is, on what kind of link (`StreamInfo`); empty where that is not known."""
        return f"oml {self.framing.value} {who.firmware}" if who.declared else ""

    # --- the link's side

    def link_opened(self) -> None:
        """Begin the conversation: the link is open for the first time."""
        self.session.cue(Cue.OPENED)

    def link_lost(self, t_host_ns: int) -> list[BridgeEvent]:
        """Take note that the link died. Record `LinkMark(t_host_ns, False)`, so that a replay does the same."""
        self._framer.reset()
        self.session.cue(Cue.LOST)
        self._version_refused = False
        return [DeviceDropped(t_host_ns)]

    def link_restored(self, t_host_ns: int) -> list[BridgeEvent]:
        """Take note that the link is open again. Record `LinkMark(t_host_ns, True)`."""
        self.session.cue(Cue.OPENED)
        return [DeviceReturned(t_host_ns)]

    def frames(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut the next chunk into frames, to be recorded and decoded."""
        return self._framer.feed(chunk, t_host_ns)

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return the bytes of a begun frame as damage, to be recorded and decoded: the link was lost, or is closed."""
        return self._framer.flush(t_host_ns)

    def tick(self, now_ns: int) -> None:
        """Tell the time, monotonic ns; only overdue commands depend on it."""
        self.session.tick(now_ns)

    def stop(self) -> None:
        """Ask the sensor to stop."""
        self.session.cue(Cue.STOP)

    def start(self) -> None:
        """Ask a described sensor for data, where `autostart` was off or it was stopped."""
        self.session.cue(Cue.START)

    def data_to_send(self) -> bytes:
        """Return the bytes to write to the link now; empty when there are none."""
        sent: list[bytes] = []
        for command in self.session.commands_to_send():
            data = Frame(FrameType.CMD, seq=self._seq, payload=command.encode()).encode()
            self._seq = (self._seq + 1) % 65536
            sent.append(stuff(data) if self.framing is Framing.COBS else data)
        return b"".join(sent)

    # --- the recording's side

    def decode(self, item: RecordedItem) -> list[BridgeEvent]:
        """Decode one frame, or follow one mark of the link."""
        if isinstance(item, LinkMark):
            return self.link_restored(item.t_host_ns) if item.up else self.link_lost(item.t_host_ns)
        return self.decode_oml(item)

    def decode_oml(self, item: RawFrame) -> list[BridgeEvent]:
        """Decode one frame of OML/1, whatever is spoken on the link itself."""
        fault = self._why_damaged(item.data) if item.damaged else find_fault(item.data)
        if fault is not None:
            return self._damaged(item, fault)
        return self.decode_frame(parse_checked(item.data), item.t_host_ns)

    def decode_all(self, items: Iterable[RecordedItem]) -> list[BridgeEvent]:
        """Decode a recording's frames: the same events as one by one, contiguous blocks of one timebase merged.

        Order is kept within each stream, and within all other events; between them, blocks come first.
        """
        return bulk.decode_all(self, items)

    def decode_batch(self, batch: FrameBatch) -> list[BridgeEvent]:
        """Decode many frames, as `decode_all` does."""
        return bulk.decode_batch(self, batch)

    def decode_frame(self, frame: Frame, t_host_ns: int) -> list[BridgeEvent]:
        """Decode one frame whose checksum was right."""
        if frame.version != VERSION:
            return self._refuse_version(frame.version)
        if frame.type_code == FrameType.DATA:
            return self._data(frame, t_host_ns)
        events: list[BridgeEvent] = []
        if self.sensor is not None and frame.flags & Flag.CLOCK_RESTARTED:
            events += self.sensor.take_restart_flag(frame, t_host_ns)
        if frame.type_code == FrameType.DESC:
            return events + self._descriptor(frame)
        if self.sensor is not None:
            self.sensor.saw_control()
        if frame.type_code == FrameType.RSP:
            return events + self._response(frame)
        return events + self._report(frame)

    def _damaged(self, item: RawFrame, fault: FrameFault) -> list[BridgeEvent]:
        """Report damage, and decode the whole frame at its end where a lost delimiter glued one to it."""
        events: list[BridgeEvent] = [FrameCorrupt(fault, len(item.data), item.t_host_ns)]
        found = salvage(item.data, self.sensor) if self.framing is Framing.COBS and item.damaged else None
        return events if found is None else events + self.decode_frame(found, item.t_host_ns)

    def _why_damaged(self, data: bytes) -> FrameFault:
        """Return what is wrong with bytes as they came over the link."""
        frame = unstuff(data) if self.framing is Framing.COBS else data
        return FrameFault.STUFFING if frame is None else find_fault(frame) or FrameFault.CHECKSUM

    def _refuse_version(self, version: int) -> list[BridgeEvent]:
        """Refuse a sensor of another major version, once for each time that the link is open."""
        self.session.cue(Cue.MISMATCHED)
        if self._version_refused:
            return []
        self._version_refused = True
        text = f"the sensor speaks version {version} of the protocol; this program speaks {VERSION}"
        return [Refused(RefusedWhat.VERSION, text)]

    def _data(self, frame: Frame, t_host_ns: int) -> list[BridgeEvent]:
        """Take a DATA frame."""
        self.session.saw_data()
        if self._first_data_ns is None:
            self._first_data_ns = t_host_ns
        events: list[BridgeEvent] = []
        if self.sensor is None and self._unclaimed and t_host_ns - self._first_data_ns >= NAMELESS_NS:
            events += self._identify(SensorIdentified(self.link_name, declared=False))
        if self.sensor is None:
            return [UndescribedData(frame.stream, frame.n_samples)]
        return events + self.sensor.take_data(frame, t_host_ns)

    def _descriptor(self, frame: Frame) -> list[BridgeEvent]:
        """Take a DESC frame; keep it where nobody knows yet whose it is."""
        if self.sensor is not None:
            return self.sensor.describe(frame)
        if len(self._unclaimed) < DESCRIPTORS_KEPT:
            self._unclaimed[frame.stream, frame.desc_id] = frame
        return []

    def _response(self, frame: Frame) -> list[BridgeEvent]:
        """Take an answer to a command."""
        response = Response.decode(frame.payload)
        if response is None:
            return [UnknownFrame(frame.type_code, frame.stream)]
        refusal = self.session.answer(response)
        if refusal is not None:
            mismatched = self.session.state is State.REFUSED
            return [Refused(RefusedWhat.VERSION if mismatched else RefusedWhat.COMMAND, refusal)]
        reply = HelloReply.decode(response.data) if response.op == Op.HELLO else None
        if reply is None or response.status != Status.OK:
            return []
        return self._identify(SensorIdentified(reply.uid.hex(), reply.firmware, reply.capabilities))

    def _identify(self, who: SensorIdentified) -> list[BridgeEvent]:
        """Go on as this sensor: a new one, the same one again, or another in its place."""
        if who.uid not in self._sensors:
            self._sensors[who.uid] = Sensor(
                who.uid,
                self.origin_ns,
                self.clock_params,
                self.product_of(who),
                self.sync,
                self.alignments.get(who.uid),
                self.make_clock,
                self.places,
            )
        self.sensor = self._sensors[who.uid]
        events: list[BridgeEvent] = [who]
        for frame in self._unclaimed.values():
            events += self.sensor.describe(frame)
        self._unclaimed.clear()
        return events

    def _report(self, frame: Frame) -> list[BridgeEvent]:
        """Take a TIME, STATUS or EVENT frame; skip what this version does not know."""
        if frame.type_code == FrameType.STATUS and (status := StatusMessage.decode(frame.payload)):
            return [SensorStatus(status)]
        if frame.type_code == FrameType.TIME and (time := TimeMessage.decode(frame.payload)):
            return self.sensor.take_time(time) if self.sensor is not None else []
        if frame.type_code == FrameType.EVENT and (event := EventMessage.decode(frame.payload)):
            return [self.sensor.take_event(event)] if self.sensor is not None else []
        return [UnknownFrame(frame.type_code, frame.stream)]
