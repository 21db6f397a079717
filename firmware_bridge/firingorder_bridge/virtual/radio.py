"""The virtual wearable behind a radio's GATT server, in real time: frames as notifications, commands as writes.

What carries them is the caller's: a virtual controller, or a stand-in for a system's Bluetooth service. The connection
interval is the fault `burst`: frames that are complete wait for the next slot of the radio. A pulled cable is a sensor
that has gone: it disconnects and does not advertise until it is back.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from ..buffer import CobsFramer
from ..frames import CONTROL_STREAM, FrameType
from ..links.gatt import COMMAND, EMG, MOTION
from ..stuffing import stuff
from .chance import generator
from .faults import Fault, FaultKind
from .identity import EMG_STREAM, SensorParams, default_sensors
from .line import IMMEDIATE
from .oscillator import PPM_MAX, ClockParams
from .wearable import VirtualWearable

# Closer to a deadline than this, no samples are made ahead: a page takes one or two milliseconds.
PREPARE_S = 0.003
IDLE_S = 0.02
NAMES = "ABCDEFGH"

#: Called with the number of the sensor, the UUID of a characteristic, and a notification for it.
Notify = Callable[[int, str, bytes], None]
#: Called with the number of a sensor that went or came back, and whether it is there.
Plug = Callable[[int, bool], None]


def radio_sensors(n_sensors: int, seed: int = 0, *, needs_bond: bool = False) -> tuple[SensorParams, ...]:
    """Make sensors for a radio, 2 kHz EMG and IMU each: the usual two, over and over, each with a clock of its own."""
    usual = default_sensors(seed)
    sensors: list[SensorParams] = []
    for number, name in enumerate(NAMES[:n_sensors]):
        rng = generator(seed, "radio", name)
        clock = ClockParams(float(rng.uniform(5.0, 4000.0)), float(rng.uniform(-PPM_MAX, PPM_MAX)))
        uid = b"VIRTUAL" + name.encode()
        sensors.append(replace(usual[number % 2], name=name, uid=uid, clock=clock, needs_bond=needs_bond))
    return tuple(sensors)


def slots(interval_ms: float) -> Fault:
    """Return a radio's connection interval as a fault of the way."""
    return Fault(FaultKind.BURST, value=interval_ms / 1000)


def characteristic_of(frame: bytes) -> str:
    """Return on which characteristic a frame is notified; one that is damaged on the way keeps its own."""
    kind, stream = frame[0] & 15, frame[1] if len(frame) > 1 else CONTROL_STREAM
    if kind == FrameType.RSP:
        return COMMAND
    return EMG if stream == EMG_STREAM and kind in (FrameType.DATA, FrameType.DESC) else MOTION


class RadioSensors:
    """Run sensors behind a radio until cancelled.

    Parameters
    ----------
    repeat
        Probability that a notification comes twice, as some stacks do after a reconnect.
    """

    def __init__(
        self, sensors: tuple[SensorParams, ...], notify: Notify, plug: Plug, *, seed: int = 0,
        faults: tuple[Fault, ...] = (), replug_after_s: float | None = None, repeat: float = 0.0,
    ) -> None:  # fmt: skip
        self.wearable = VirtualWearable(
            seed=seed, sensors=sensors, faults=faults, replug_after_s=replug_after_s, delay=IMMEDIATE
        )
        self._notify = notify
        self._plug = plug
        self._repeat = repeat
        self._rng = generator(seed, "repeat")
        self._framers = [CobsFramer() for _ in sensors]
        self._origin_ns = time.monotonic_ns()
        self.wearable.host_origin_ns = self._origin_ns

    def write(self, sensor: int, frame: bytes) -> None:
        """Take a command frame that a host wrote."""
        self._advance()
        self.wearable.write(sensor, stuff(frame))
        self._advance()

    def hang_up(self, sensor: int) -> None:
        """Take note that a host has gone."""
        self.wearable.hang_up(sensor)

    async def run(self) -> None:
        """Stream in real time."""
        while True:
            self._advance()
            wait_s = self.wearable.due_s - self._now_s()
            if wait_s > PREPARE_S:
                self.wearable.prepare()
                wait_s = self.wearable.due_s - self._now_s()
            await asyncio.sleep(max(0.0, min(wait_s, IDLE_S)))

    def _advance(self) -> None:
        """Let everything happen that is due."""
        for chunk in self.wearable.advance_to(self._now_s()):
            for raw in self._framers[chunk.sensor].feed(chunk.data, chunk.t_host_ns):
                n_times = 2 if self._repeat and self._rng.random() < self._repeat else 1
                for _ in range(n_times):
                    self._notify(chunk.sensor, characteristic_of(raw.data), raw.data)
        for event in self.wearable.take_plug_events():
            self._plug(event.sensor, event.plugged)

    def _now_s(self) -> float:
        return (time.monotonic_ns() - self._origin_ns) * 1e-9
