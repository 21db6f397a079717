"""The program inside a virtual sensor: commands in, frames out, as Open Muscle Link 1 says. No port, no waiting.

Time is told to it: `receive` and `advance` take world seconds. Frames get their sequence number in the moment they
leave, so whatever the host commands takes effect at once.
"""

import math
import struct
from collections.abc import Callable
from functools import partial

from ..buffer import CobsFramer
from ..frames import CONTROL_STREAM, VERSION, FrameType, parse_checked
from ..messages import (
    Command,
    Op,
    PingReply,
    Response,
    Status,
    StatusMessage,
    TimeMessage,
    started_streams,
)
from .chance import generator
from .faults import Fault, FaultKind
from .hardware import describe_streams, make_feeds
from .identity import STREAMS, SensorParams
from .oscillator import Oscillator
from .outbox import Outbox
from .world import World

# Wire specification: DESC every 10 s, TIME every second; STATUS is free and comes every 5 s here.
PERIODS_S = {FrameType.DESC: 10.0, FrameType.TIME: 1.0, FrameType.STATUS: 5.0}
BATTERY_MV = 3950
TEMPERATURE_C = 31
_U64 = struct.Struct("<Q")

#: Told of a fault as it happens: kind, world seconds, facts.
OnFault = Callable[[FaultKind, float, dict[str, int]], None]
_Handler = Callable[[bytes, float], tuple[Status, bytes]]


class Firmware:
    """A sensor that answers and streams.

    Attributes
    ----------
    streaming
        The streams that are on.
    boots
        How often it has restarted.
    blinks
        How often IDENTIFY made the light blink.
    """

    def __init__(
        self, params: SensorParams, world: World, faults: tuple[Fault, ...] = (), on_fault: OnFault | None = None
    ) -> None:
        self.params = params
        self.streaming: frozenset[int] = frozenset()
        self.boots = 0
        self.blinks = 0
        self.clock = Oscillator(params.clock, generator(world.seed, "clock", params.name))
        self._on_fault = on_fault
        self._timeline = world.timeline
        self._world = world
        own = tuple(fault for fault in faults if fault.concerns((params.name, *params.muscles)))
        self._drops = [fault for fault in own if fault.kind is FaultKind.DROP]
        self._restarts = [fault for fault in own if fault.kind in (FaultKind.RESTART, FaultKind.REBOOT)]
        self._rng = generator(world.seed, "firmware", params.name)
        self._framer = CobsFramer()
        self._outbox = Outbox(STREAMS)
        self._descriptors = describe_streams(params, world.params, faults)
        self._feeds = make_feeds(params, world, self.clock, own)
        self._has_started = False
        self._dropped = [0, 0]
        self._due_s: dict[FrameType, float] = dict.fromkeys(PERIODS_S, math.inf)

    def receive(self, data: bytes, now_s: float) -> None:
        """Take bytes from the host at world time `now_s`; damaged frames are ignored, as firmware does."""
        for raw in self._framer.feed(data, 0):
            frame = None if raw.damaged else parse_checked(raw.data)
            command = Command.decode(frame.payload) if frame and frame.type_code == FrameType.CMD else None
            if command is not None:
                self._answer(command, now_s)

    def _answer(self, command: Command, now_s: float) -> None:
        handlers: dict[int, _Handler] = {
            Op.HELLO: self._hello,
            Op.GET_DESC: self._get_desc,
            Op.START: self._start,
            Op.STOP: self._stop,
            Op.PING: self._ping,
            Op.IDENTIFY: self._identify,
        }
        handler = handlers.get(command.op)
        mark = self._outbox.mark()
        status, data = handler(command.args, now_s) if handler else (Status.UNKNOWN_OP, b"")
        response = Response(command.op, command.tag, status, data)
        self._outbox.put_control(FrameType.RSP, response.encode(), now_s, self._device_us(now_s))
        self._outbox.move_last_to(mark)

    def _hello(self, args: bytes, now_s: float) -> tuple[Status, bytes]:
        if len(args) < 2:
            return Status.BAD_ARGUMENT, b""
        if not args[0] <= VERSION <= args[1]:
            return Status.REFUSED, b""
        return Status.OK, self.params.hello.encode()

    def _get_desc(self, args: bytes, now_s: float) -> tuple[Status, bytes]:
        stream = args[0] if args else CONTROL_STREAM
        if stream not in (*STREAMS, CONTROL_STREAM):
            return Status.BAD_ARGUMENT, b""
        self._send_descriptors(STREAMS if stream == CONTROL_STREAM else {stream}, now_s)
        return Status.OK, b""

    def _start(self, args: bytes, now_s: float) -> tuple[Status, bytes]:
        streams = started_streams(args, STREAMS)
        if not streams:
            return Status.BAD_ARGUMENT, b""
        # A converter starts on a whole microsecond of its own clock.
        now_us = math.ceil(self.clock.device_s(now_s) * 1e6)
        if not self._has_started:
            self._has_started = True
            for feed in self._feeds.values():
                feed.begin(now_us)
        for stream in streams - self.streaming:
            self._feeds[stream].skip_to(now_us)
        self.streaming = streams
        self._send_descriptors(streams, now_s)
        self._set_timers(now_s)
        return Status.OK, b""

    def _stop(self, args: bytes, now_s: float) -> tuple[Status, bytes]:
        self.halt()
        return Status.OK, b""

    def _ping(self, args: bytes, now_s: float) -> tuple[Status, bytes]:
        if len(args) < _U64.size:
            return Status.BAD_ARGUMENT, b""
        now_us = self._device_us(now_s)
        return Status.OK, PingReply(_U64.unpack_from(args)[0], now_us, now_us).encode()

    def _identify(self, args: bytes, now_s: float) -> tuple[Status, bytes]:
        self.blinks += 1
        return Status.OK, b""

    def halt(self) -> None:
        """Stop streaming: the host said so, or is gone."""
        self.streaming = frozenset()
        self._due_s = dict.fromkeys(PERIODS_S, math.inf)

    @property
    def due_s(self) -> float:
        """World time of the next frame, or of the next restart."""
        return min(self._next()[0], self._outbox.due_s)

    def prepare(self) -> None:
        """Make samples ahead while there is time."""
        for stream in self.streaming:
            self._feeds[stream].prepare()

    def advance(self, until_s: float) -> list[tuple[float, bytes]]:
        """Run to a world time and return the frames that left, in order, each with its moment."""
        while True:
            at_s, act = self._next()
            if at_s > until_s:
                return self._outbox.take()
            act(at_s)

    def _next(self) -> tuple[float, Callable[[float], None]]:
        """Find the earliest thing that is to be done: when, and what."""
        things: list[tuple[float, Callable[[float], None]]] = [
            (at_s, partial(self._send_timed, kind)) for kind, at_s in self._due_s.items()
        ]
        for stream in sorted(self.streaming):
            things.append((self._feeds[stream].due_s, partial(self._send_run, stream)))
        for fault in self._restarts:
            things.append((self._timeline.origin_s + fault.start_s, partial(self._restart, fault)))
        return min(things, key=lambda thing: thing[0])

    def _set_timers(self, now_s: float) -> None:
        """Set all timers; the first TIME leaves at once, so that the host has the clock from the first second."""
        self._due_s = {kind: now_s + period_s for kind, period_s in PERIODS_S.items()}
        self._due_s[FrameType.TIME] = now_s

    def _send_timed(self, kind: FrameType, at_s: float) -> None:
        self._due_s[kind] = at_s + PERIODS_S[kind]
        if kind is FrameType.DESC:
            self._send_descriptors(self.streaming, at_s)
            return
        device_us = self._device_us(at_s)
        frames, samples = self._dropped
        message = StatusMessage(BATTERY_MV, 0, frames, samples, temperature_c=TEMPERATURE_C).encode()
        if kind is FrameType.TIME:
            boot_id = self._world.boot_id(self.params.name, self.boots)
            message = TimeMessage(device_us, boot_id, dropped_total=self._dropped[1]).encode()
        self._outbox.put_control(kind, message, at_s, device_us)

    def _send_descriptors(self, streams: frozenset[int] | set[int], at_s: float) -> None:
        for stream in sorted(streams):
            payload, index = self._descriptors[stream].encode(), self._feeds[stream].index
            self._outbox.put_descriptor(stream, payload, at_s, self._device_us(at_s), index)

    def _send_run(self, stream: int, at_s: float) -> None:
        run = self._feeds[stream].take()
        rates = [fault.value for fault in self._drops if fault.holds(at_s - self._timeline.origin_s)]
        if rates and self._rng.random() < max(rates):
            self._dropped = [self._dropped[0] + 1, self._dropped[1] + run.n_samples]
            self._outbox.note_drop(stream)
            self._tell(FaultKind.DROP, at_s, {"stream": stream, "index": run.index, "n": run.n_samples})
        else:
            self._outbox.put_run(stream, run, at_s)

    def _restart(self, fault: Fault, at_s: float) -> None:
        """Begin anew: clock, sample index and sequence numbers at 0, a new boot number."""
        self._restarts.remove(fault)
        self.boots += 1
        self.clock.restart(at_s)
        self._outbox.restart()
        self._dropped = [0, 0]
        for feed in self._feeds.values():
            feed.begin(0)
        if fault.kind is FaultKind.REBOOT:
            self._has_started = False
            self.halt()
        elif self.streaming:
            self._set_timers(at_s)
        self._tell(fault.kind, at_s, {"boot_id": self._world.boot_id(self.params.name, self.boots)})

    def _tell(self, kind: FaultKind, at_s: float, facts: dict[str, int]) -> None:
        if self._on_fault is not None:
            self._on_fault(kind, at_s, facts)

    def _device_us(self, world_s: float) -> int:
        return int(self.clock.device_s(world_s) * 1e6)
