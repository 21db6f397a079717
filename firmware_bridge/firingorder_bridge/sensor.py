"""One sensor: its clock, its streams, its restarts. Frames in, events out; who it is and what it is told is above.

Everything here is a function of the frames and their recorded arrival times alone, so that a recording decodes to the
same blocks, bit by bit.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from firingorder_signal.blocks import Alignment, SyncClass

from .clocks import DeviceClock, unwrap_u32
from .descriptors import StreamLayout, read_layout
from .envelope import ClockParams
from .events import (
    BridgeEvent,
    ClockRestarted,
    ClockUpdated,
    DeviceEvent,
    DuplicateFrame,
    FrameCorrupt,
    Refused,
    RefusedWhat,
    StreamDescribed,
    UndescribedData,
)
from .frames import Flag, Frame, FrameFault
from .loss import Arrival, Course
from .messages import Descriptor, EventMessage, Kind, TimeMessage
from .places import Places
from .streams import SensorStream

# A first frame flagged as a restart is one only if the device's time went back by more than streams differ (J).
BACKWARDS_US = 1_000_000
# Far below the 35 min at which differences of 32-bit times become ambiguous; over a longer silence the host's clock
# tells how often they wrapped.
PAUSE_MAX_NS = 1_000 * 1_000_000_000
# A sensor that changes its configuration has one descriptor in flight, hardly two.
LAYOUTS_KEPT = 4

#: Makes the clock of a sensor's run: its id, what is taken for granted, the origin, and how often it had restarted.
ClockMaker = Callable[[str, ClockParams, int, int], DeviceClock]


def make_live_clock(clock_id: str, params: ClockParams, origin_ns: int, epoch: int) -> DeviceClock:
    """Make the estimator that learns as frames come."""
    return DeviceClock(params, origin_ns, epoch)


@dataclass
class Sensor:
    """State of one sensor.

    Parameters
    ----------
    uid
        Its own id; streams are `<uid>/<number>`, its clock is `<uid>`.
    origin_ns
        Monotonic host time that counts as 0 s.
    product
        See `StreamInfo`; it and the alignment go into the streams.
    sync
        How what is behind its clock came to share it, as far as its kind tells.
    make_clock
        Another than the live estimator in a second pass over a recording.
    places
        Where the user says that it sits.
    """

    uid: str
    origin_ns: int
    params: ClockParams
    product: str = ""
    sync: SyncClass = SyncClass.UNVERIFIED
    alignment: Alignment | None = None
    make_clock: ClockMaker = make_live_clock
    places: Places = Places()
    streams: dict[int, SensorStream] = field(default_factory=dict[int, SensorStream])
    epoch: int = 0
    boot_id: int | None = None
    t_us: int | None = None
    t_host_ns: int = 0
    clock: DeviceClock = field(init=False)
    _control_epoch: int | None = None
    _flagged: set[tuple[int, int, int]] = field(default_factory=set[tuple[int, int, int]])

    def __post_init__(self) -> None:
        """Begin with a clock that knows nothing."""
        self.clock = self.make_clock(self.uid, self.params, self.origin_ns, 0)

    def describe(self, frame: Frame) -> list[BridgeEvent]:
        """Take a DESC frame."""
        known = self.streams.get(frame.stream)
        if known is not None and known.epoch == self.epoch:
            known.tracker.control(frame.seq)
        # It comes every 10 s, nearly always the same.
        if known is not None and known.payloads.get(frame.desc_id) == frame.payload:
            return []
        descriptor = Descriptor.decode(frame.payload)
        if descriptor is None:
            return [Refused(RefusedWhat.DESCRIPTOR, f"{len(frame.payload)} bytes are too few", frame.stream)]
        placed = self._place(descriptor, frame.stream)
        if isinstance(placed, str):
            return [Refused(RefusedWhat.DESCRIPTOR, placed, frame.stream)]
        layout = read_layout(placed, f"{self.uid}/{frame.stream}", self.uid)
        if isinstance(layout, str):
            return [Refused(RefusedWhat.DESCRIPTOR, layout, frame.stream)]
        layout = self._align(layout)
        if known is None:
            known = SensorStream.begin(layout, frame.desc_id, self.epoch)
            self.streams[frame.stream] = known
        else:
            known.learn(frame.desc_id, layout, LAYOUTS_KEPT)
        known.payloads[frame.desc_id] = frame.payload
        return [StreamDescribed(layout.stream)]

    def _place(self, descriptor: Descriptor, number: int) -> Descriptor | str:
        """Put the user's sites into a descriptor; or say in one line why that cannot be."""
        if not self.places.cover(descriptor.kind):
            return descriptor
        # In which order several are described is chance, and a wrong guess would swap two muscles.
        kind = Kind(descriptor.kind).name
        if any(number != other and stream.layout.stream.kind.name == kind for other, stream in self.streams.items()):
            what = "sites" if descriptor.kind == Kind.EMG else "segment"
            return f"the sensor has several {kind} streams, so that {what} cannot say which is where; leave it out"
        try:
            return self.places.put(descriptor)
        except ValueError as error:
            return str(error)

    def _align(self, layout: StreamLayout) -> StreamLayout:
        """Say what sensor a stream is of, and take the constant out that was measured of it."""
        stream = replace(layout.stream, product=self.product, sync=self.sync)
        if self.alignment is not None and self.alignment.product == self.product:
            latency_s = stream.latency_s + self.alignment.offset_s
            # What the kind tells stays: taps mend neither arrival times, nor do they make more of what shares a clock.
            sync = SyncClass.VERIFIED if self.sync is SyncClass.UNVERIFIED else self.sync
            stream = replace(stream, latency_s=latency_s, sync=sync, alignment=self.alignment)
        return replace(layout, stream=stream)

    def take_data(self, frame: Frame, t_host_ns: int) -> list[BridgeEvent]:
        """Take a DATA frame."""
        stream = self.streams.get(frame.stream)
        if stream is None or frame.desc_id not in stream.layouts:
            return [UndescribedData(frame.stream, frame.n_samples)]
        n_bytes = frame.n_samples * stream.layouts[frame.desc_id].bytes_per_sample
        if len(frame.payload) < n_bytes:
            return [FrameCorrupt(FrameFault.LENGTH, len(frame.payload), t_host_ns)]
        if frame.n_samples == 0:
            stream.tracker.control(frame.seq)
            return []
        return self._take_samples(stream, frame, frame.payload[:n_bytes], t_host_ns)

    def take_time(self, message: TimeMessage) -> list[BridgeEvent]:
        """Take a TIME message: its boot id tells a restart whose flagged frames were lost."""
        if self.boot_id is None:
            self.boot_id = message.boot_id
        if self.boot_id == message.boot_id:
            return []
        events = self._restart()
        self.boot_id = message.boot_id
        return events

    def take_restart_flag(self, frame: Frame, t_host_ns: int) -> list[BridgeEvent]:
        """Take a frame without samples that is flagged as a stream's first after a restart.

        The first such frame of any stream tells the restart; those of the other streams say the same again.
        """
        identity = (frame.stream, frame.seq, frame.t_us)
        if self.t_us is None or identity in self._flagged:
            return []
        self._flagged.add(identity)
        stream = self.streams.get(frame.stream)
        told = self._control_epoch if stream is None else stream.epoch
        went_back = self.unwrap(frame.t_us, t_host_ns) < self.t_us - BACKWARDS_US
        if went_back if told is None else told == self.epoch:
            events = self._restart()
            self._flagged.add(identity)
            return events
        return []

    def saw_control(self) -> None:
        """Take note that the control stream is of the present run."""
        self._control_epoch = self.epoch

    def take_event(self, message: EventMessage) -> DeviceEvent:
        """Take an EVENT message."""
        segment, time_s = self.clock.segment, None
        if segment is not None and self.t_us is not None:
            # The clock counts from the first frame's 32 bits; a device that has been on for longer says more here.
            time_s = segment.time_of(unwrap_u32(message.t_us, self.t_us) * 1000)
        return DeviceEvent(message.kind, message.arg, message.t_us, time_s)

    def unwrap(self, t_us: int, t_host_ns: int) -> int:
        """Return a frame's device time in full, told from when it arrived: 32 bits wrap every 71.6 min."""
        if self.t_us is None:
            return t_us
        silence_ns = t_host_ns - self.t_host_ns
        passed_us = silence_ns // 1000 if abs(silence_ns) > PAUSE_MAX_NS else 0
        return unwrap_u32(t_us, self.t_us + passed_us)

    def _take_samples(self, stream: SensorStream, frame: Frame, payload: bytes, t_host_ns: int) -> list[BridgeEvent]:
        """Place the samples of a frame, whatever its counters say."""
        arrival = self._arrival(frame, t_host_ns)
        stream.use(frame.desc_id)
        step = stream.tracker.step(arrival, stream.epoch < self.epoch)
        if step.course is Course.OLD:
            return [DuplicateFrame(stream.layout.stream.stream_id, frame.seq)]
        events: list[BridgeEvent] = []
        restarted = step.course is Course.RESTARTED
        if step.course is Course.FIRST and stream.epoch == self.epoch and self._went_back(arrival):
            events += self._restart()
            arrival = self._arrival(frame, t_host_ns)
        if restarted:
            events += self._restart() if stream.epoch == self.epoch else []
            stream.tracker.restart()
            arrival = self._arrival(frame, t_host_ns)
            step = stream.tracker.step(arrival)
        stream.epoch = self.epoch
        events += self._observe(stream, arrival, t_host_ns)
        segment = self.clock.segment
        if segment is not None:
            events += stream.place(arrival, step, segment, restarted)
        events += stream.change_flags(arrival.flags)
        stream.note(arrival)
        return [*events, stream.emit(payload)]

    def _arrival(self, frame: Frame, t_host_ns: int) -> Arrival:
        """Return the frame's counters, its time unwrapped."""
        t_us = self.unwrap(frame.t_us, t_host_ns)
        return Arrival(frame.seq, frame.index, frame.n_samples, frame.flags, t_us)

    def _went_back(self, arrival: Arrival) -> bool:
        """Return whether a stream's very first frame tells of a restart that another stream has not told yet."""
        flagged = arrival.flags & Flag.CLOCK_RESTARTED
        return bool(flagged) and self.t_us is not None and arrival.t_us < self.t_us - BACKWARDS_US

    def _observe(self, stream: SensorStream, arrival: Arrival, t_host_ns: int) -> list[BridgeEvent]:
        """Show the frame to the clock: it was sent when its last sample was there."""
        self.t_us, self.t_host_ns = arrival.t_us, t_host_ns
        sent_ns = arrival.t_us * 1000 + stream.span_ns(arrival.n_samples)
        return [self.clock_update()] if self.clock.observe(sent_ns, t_host_ns) else []

    def clock_update(self) -> ClockUpdated:
        """Return what the clock's last update says."""
        estimate, segment = self.clock.estimate, self.clock.segment
        if estimate is None or segment is None:
            raise ValueError("the clock has not been updated yet")
        return ClockUpdated(
            clock_id=self.uid,
            time_s=segment.time_s,
            uncertainty_s=segment.uncertainty_s,
            ppm=estimate.drift * 1e6,
            spread_s=estimate.spread_s,
            n_observations=estimate.n_observations,
            stepped=self.clock.stepped,
        )

    def _restart(self) -> list[BridgeEvent]:
        """Begin a new run of the device's clock; each stream follows with its next frame."""
        self.epoch += 1
        self.boot_id = self.t_us = None
        self._flagged.clear()
        self.clock = self.make_clock(self.uid, self.params, self.origin_ns, self.epoch)
        return [ClockRestarted(self.uid, self.epoch)]
