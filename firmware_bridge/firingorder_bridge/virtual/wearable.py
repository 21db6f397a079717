"""Two sensors, one patient: the virtual wearable without a port. Simulated time, as fast as the machine can.

The door for tests: `write` what a host would send, `run` for some simulated seconds, take the chunks with their arrival
times. `ports.py` puts the same object behind real pseudo-terminals.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from firingorder_signal.blocks import Side

from .asked import LET_GO, Effort, answer
from .chance import generator
from .faults import Fault, FaultKind
from .feed import PAGE_S
from .firmware import Firmware
from .identity import SensorParams, default_sensors, other_sensors
from .line import USB, DelayParams, Line
from .patient import draw_patient
from .plan import LiftPlan
from .settings import SetParams
from .truth import ClockTruth, LiftTruth, SetTruth, Truth, describe
from .world import World

# World time 0 on the simulated host's monotonic clock: any number that is not 0 finds code that assumes 0.
HOST_ORIGIN_NS = 1_000_000_000_000
# Samples are made up to a page ahead, and the patient must still rest in those.
QUIET_MIN_S = 2 * PAGE_S


class Chunk(NamedTuple):
    """Bytes that arrived together: host time of arrival, number of the sensor, the bytes."""

    t_host_ns: int
    sensor: int
    data: bytes


@dataclass(frozen=True)
class PlugEvent:
    """A cable was pulled or put back at a world time."""

    sensor: int
    plugged: bool
    world_s: float


class VirtualWearable:
    """Sensors on a simulated patient, with faults on request.

    Parameters
    ----------
    params
        The patient and the test; None draws one from the seed.
    other_leg
        The same patient's other leg, where it wears sensors too.
    seed
        Same seed and same commands at the same times give the same bytes.
    sensors
        None = the usual two: 0 is A (glute, pelvis), 1 is B (hamstring, thigh); with another leg the same two for it.
    start_after_s
        World time at which the set begins; None = when every sensor has been started.
    replug_after_s
        How long an unplugged cable stays out; None = for good.
    waits
        The set begins when `begin` is called, and not by itself: the patient first does what he is asked.

    Attributes
    ----------
    truth
        What is true, growing as sets begin and faults happen.
    now_s
        World time reached.
    """

    def __init__(
        self, params: SetParams | None = None, *, seed: int = 0, sensors: tuple[SensorParams, ...] | None = None,
        faults: tuple[Fault, ...] = (), start_after_s: float | None = None, replug_after_s: float | None = None,
        delay: DelayParams = USB, host_origin_ns: int = HOST_ORIGIN_NS, waits: bool = False,
        other_leg: SetParams | None = None,
    ) -> None:  # fmt: skip
        self.params = params if params is not None else draw_patient(seed)
        if self.params.quiet_s < QUIET_MIN_S:
            raise ValueError(f"quiet_s is {self.params.quiet_s:g}; a streamed set needs at least {QUIET_MIN_S:g} s")
        if sensors is None:
            sensors = default_sensors(seed) + (other_sensors(seed) if other_leg is not None else ())
        self.sensors = sensors
        self.now_s = 0.0
        self.host_origin_ns = host_origin_ns
        self.truth = Truth(seed, describe(self.params))
        grid_hz = 2.0 * max(sensor.emg_rate_hz for sensor in self.sensors)
        self.world = World(self.params, seed, grid_hz)
        self.legs = [self.world] if other_leg is None else [self.world, self.world.add_leg(other_leg, grid_hz)]
        self._start_after_s = start_after_s
        self._waits = waits
        self._replug_after_s = replug_after_s
        self.firmwares = [
            Firmware(sensor, self.leg_of(sensor), faults, partial(self._note, number))
            for number, sensor in enumerate(self.sensors)
        ]
        self._lines = [self._make_line(number, faults, delay, seed) for number in range(len(self.sensors))]
        self._unplugs = [
            (fault.start_s, number)
            for fault in faults
            for number, sensor in enumerate(self.sensors)
            if fault.kind is FaultKind.UNPLUG and fault.concerns((sensor.name, *sensor.muscles))
        ]
        self._plugged = [True] * len(self.sensors)
        self._replugs: list[tuple[float, int]] = []
        self._plug_events: list[PlugEvent] = []
        swaps = [fault.target for fault in faults if fault.kind is FaultKind.SWAP]
        self.truth.faults += [{"kind": FaultKind.SWAP.value, "what": what} for what in swaps]
        # Every sensor was stopped by its host since the set began: the next start of all is a new set.
        self._is_over = False

    def leg_of(self, sensor: SensorParams) -> World:
        """Return the leg that a sensor is worn on."""
        return self.legs[int(sensor.on_other_leg)]

    def _make_line(self, number: int, faults: tuple[Fault, ...], delay: DelayParams, seed: int) -> Line:
        sensor = self.sensors[number]
        own = tuple(fault for fault in faults if fault.concerns((sensor.name, *sensor.muscles)))
        return Line(delay, own, self.world.timeline, generator(seed, "line", sensor.name), partial(self._note, number))

    # The host's side

    def write(self, sensor: int, data: bytes) -> None:
        """Let the host send bytes to a sensor, now."""
        if not self._plugged[sensor]:
            return
        self.firmwares[sensor].receive(data, self.now_s)
        self._after_command()

    def hang_up(self, sensor: int) -> None:
        """Let the host close the port: the sensor stops."""
        self.firmwares[sensor].halt()
        self._after_command()

    def is_plugged(self, sensor: int) -> bool:
        """Whether the sensor's cable is in."""
        return self._plugged[sensor]

    def take_plug_events(self) -> list[PlugEvent]:
        """Take what happened to the cables since the last call."""
        events, self._plug_events = self._plug_events, []
        return events

    def run(self, duration_s: float) -> list[Chunk]:
        """Go on for some simulated seconds and return what arrived, in order of arrival."""
        return self.advance_to(self.now_s + duration_s)

    def advance_to(self, world_s: float) -> list[Chunk]:
        """Go on to a world time and return what arrived, in order of arrival."""
        chunks: list[Chunk] = []
        while (moment := self._next_moment_s()) <= world_s:
            chunks += self._carry(moment)
            self._do_moment(moment)
        chunks += self._carry(world_s)
        return sorted(chunks, key=lambda chunk: chunk.t_host_ns)

    @property
    def set_ends_s(self) -> float:
        """World time at which the last lift of the set is over, on every leg; infinite while lifts are to come."""
        return max(leg.timeline.origin_s + leg.timeline.duration_s for leg in self.legs)

    @property
    def due_s(self) -> float:
        """World time at which something happens next, so that a real-time door can sleep until then."""
        dues = [self._next_moment_s()]
        for firmware, line in zip(self.firmwares, self._lines, strict=True):
            dues += [firmware.due_s, line.due_s]
        return min(dues)

    def prepare(self) -> None:
        """Make samples ahead while there is time."""
        for firmware in self.firmwares:
            firmware.prepare()

    def ask(self, what: str, side: Side) -> Effort:
        """Ask the patient to do something outside of a set, now; raise ValueError for what he cannot.

        `let_go` ends what is done last, a moment later, wherever it is.
        """
        done = [leg.timeline.efforts for leg in self.legs]
        if what == LET_GO and done[0]:
            for efforts in done:
                efforts[-1] = efforts[-1].let_go(self.now_s)
            self.truth.asked[-1]["stop_s"] = done[0][-1].stop_s
            return done[0][-1]
        answers = [answer(what, side, leg.params.hamstring.site.side, self.now_s) for leg in self.legs]
        for efforts, each in zip(done, answers, strict=True):
            efforts.append(each)
        effort = answers[0]
        true = {"what": what, "side": side.value, "start_s": effort.start_s, "stop_s": effort.stop_s}
        tiring = {"growth_s": dict(effort.growth_s), "drift_s": dict(effort.drift_s)} if effort.drift_s else {}
        self.truth.asked.append({**true, **tiring})
        return effort

    def begin(self) -> None:
        """Begin a set, now."""
        self._begin_set()

    def lift(self, side: Side) -> LiftPlan | None:
        """Let the patient lift a leg, now that there is a cue; the first one begins a set that goes by cues.

        None where no sensor is on that leg. Raises ValueError while it is still up, and once all lifts are done.
        """
        leg = next((leg for leg in self.legs if leg.params.hamstring.site.side is side), None)
        if leg is None:
            return None
        if not leg.timeline.waits_for_cues:
            self._begin_set(on_cue=True)
        lift = leg.timeline.lift(self.now_s)
        self._tell_lifts()
        return lift

    # What happens by itself

    def _carry(self, until_s: float) -> list[Chunk]:
        """Move frames from the sensors to the host up to a world time."""
        chunks: list[Chunk] = []
        for number, (firmware, line) in enumerate(zip(self.firmwares, self._lines, strict=True)):
            for at_s, frame in firmware.advance(until_s):
                if self._plugged[number]:
                    line.send(at_s, frame)
            chunks += [Chunk(self._host_ns(at_s), number, data) for at_s, data in line.collect(until_s)]
        self.now_s = max(self.now_s, until_s)
        return chunks

    def _next_moment_s(self) -> float:
        origin_s = self.world.timeline.origin_s
        moments = [origin_s + start_s for start_s, _ in self._unplugs] + [at_s for at_s, _ in self._replugs]
        if self._start_after_s is not None:
            moments.append(self._start_after_s)
        return min(moments, default=float("inf"))

    def _do_moment(self, at_s: float) -> None:
        if self._start_after_s is not None and at_s >= self._start_after_s:
            self._start_after_s = None
            self._begin_set()
            return
        origin_s = self.world.timeline.origin_s
        for moment in [each for each in self._unplugs if origin_s + each[0] <= at_s]:
            self._unplugs.remove(moment)
            self._plug(moment[1], False, at_s)
        for moment in [each for each in self._replugs if each[0] <= at_s]:
            self._replugs.remove(moment)
            self._plug(moment[1], True, at_s)

    def _plug(self, sensor: int, plugged: bool, at_s: float) -> None:
        self._plugged[sensor] = plugged
        self._plug_events.append(PlugEvent(sensor, plugged, at_s))
        if plugged:
            return
        self._lines[sensor].cut()
        self.firmwares[sensor].halt()
        self._note(sensor, FaultKind.UNPLUG, at_s, {})
        if self._replug_after_s is not None:
            self._replugs.append((at_s + self._replug_after_s, sensor))

    def _after_command(self) -> None:
        streaming = [bool(firmware.streaming) for firmware in self.firmwares]
        has_begun = self.world.timeline.has_begun
        if has_begun and not any(streaming) and all(self._plugged):
            self._is_over = True
        if self._waits:
            return
        if all(streaming) and self._start_after_s is None and (self._is_over or not has_begun):
            self._begin_set()

    def _begin_set(self, *, on_cue: bool = False) -> None:
        self._is_over = False
        for leg in self.legs:
            (leg.timeline.begin_on_cue if on_cue else leg.timeline.begin)(self.now_s)
        timeline = self.world.timeline
        origin_ns = self._host_ns(timeline.origin_s)
        self.truth.sets.append(SetTruth(timeline.set_number, self.params.task.name, origin_ns, ()))
        self._tell_lifts()
        self.truth.clocks = [self._clock_truth(firmware) for firmware in self.firmwares]

    def _tell_lifts(self) -> None:
        """Write into the truth what lifts are known of the set, those of two legs in their order."""
        lifts = [LiftTruth.of(lift, leg.params) for leg in self.legs for lift in leg.timeline.lifts]
        self.truth.sets[-1] = replace(self.truth.sets[-1], lifts=tuple(sorted(lifts, key=lambda lift: lift.move_s)))

    def _clock_truth(self, firmware: Firmware) -> ClockTruth:
        sensor, origin_s = firmware.params, self.world.timeline.origin_s
        device_us = int(firmware.clock.device_s(origin_s) * 1e6)
        boot_id = self.leg_of(sensor).boot_id(sensor.name, firmware.boots)
        ppm = firmware.clock.rate_ppm(origin_s)
        muscle = ",".join(sensor.muscles)
        return ClockTruth(sensor.name, sensor.uid.hex(), muscle, sensor.segment, device_us, ppm, boot_id)

    def _note(self, sensor: int, kind: FaultKind, at_s: float, facts: dict[str, int]) -> None:
        patient_s = at_s - self.world.timeline.origin_s if self.world.timeline.has_begun else None
        name = self.sensors[sensor].name
        self.truth.faults.append({"kind": kind.value, "sensor": name, "patient_s": patient_s, **facts})

    def _host_ns(self, world_s: float) -> int:
        return self.host_origin_ns + round(world_s * 1e9)
