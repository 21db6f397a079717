"""The sensors in a process of their own, which note when each frame leaves them.

`python -m benchmarks.links.senders serial|tcp|lsl FOLDER`: says how to reach them in its first line, and sends until it
is killed. The notes are in `FOLDER/sent`.
"""

import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
from tests.emulators.delsys import Trigno
from tests.emulators.lsl_sender import make_outlet
from tests.radio.sent import SentLog

from benchmarks.links.keys import N_NUMBERS, TRIGNO_FRAME, TRIGNO_STREAM
from firingorder_bridge.buffer import CobsFramer
from firingorder_bridge.devices.delsys import AUX, EMG
from firingorder_bridge.virtual.line import IMMEDIATE
from firingorder_bridge.virtual.ports import PortServer
from firingorder_bridge.virtual.radio import radio_sensors
from firingorder_bridge.virtual.wearable import Chunk, VirtualWearable

N_SENSORS = 4
SENT = "sent"
#: What an LSL sensor pushes at once, 15 ms: the mean packet of the virtual wearable.
PUSH_S = 0.015
#: Rate, channels' labels, units and types of the two streams of an LSL sensor.
LSL_STREAMS = (
    (2000.0, "GM", "microvolts", "EMG"),
    (200.0, "acc x,acc y,acc z,gyr x,gyr y,gyr z", "g,g,g,deg/s,deg/s,deg/s", "ACC,ACC,ACC,GYR,GYR,GYR"),
)


class NotedWearable(VirtualWearable):
    """A virtual wearable that notes each frame as it goes to its port."""

    def __init__(self, sent: SentLog) -> None:
        super().__init__(sensors=radio_sensors(N_SENSORS), delay=IMMEDIATE)
        self._sent = sent
        self._framers = [CobsFramer() for _ in self.sensors]

    def advance_to(self, world_s: float) -> list[Chunk]:
        """Go on, and note."""
        chunks = super().advance_to(world_s)
        for chunk in chunks:
            for raw in self._framers[chunk.sensor].feed(chunk.data, chunk.t_host_ns):
                self._sent.note(chunk.sensor, raw.data)
        return chunks


class NotedTrigno(Trigno):
    """A Trigno server that notes each frame before it sends it."""

    def __init__(self, sent: SentLog) -> None:
        super().__init__(paired=tuple(range(1, N_SENSORS + 1)))
        self._sent = sent
        self._counts = {1: 0, 2: 0}

    def _send(self, number: int, data: bytes) -> None:
        """Send, and note."""
        tag = {1: EMG, 2: AUX}.get(number)
        if tag is not None:
            for _ in range(len(data) // TRIGNO_FRAME[tag]):
                self._sent.note_key((0, TRIGNO_STREAM[tag], self._counts[number] % N_NUMBERS))
                self._counts[number] += 1
        super()._send(number, data)


def serve_serial(folder: Path, sent: SentLog) -> None:
    """Serve each sensor on a pseudo-terminal."""
    server = PortServer(NotedWearable(sent), lambda record: print(record["event"], flush=True), link_dir=folder)
    server.run()


def serve_tcp(folder: Path, sent: SentLog) -> None:
    """Serve all sensors on the sockets of one base."""
    with NotedTrigno(sent) as server:
        print(server.address, flush=True)
        while True:
            time.sleep(1.0)


def serve_lsl(folder: Path, sent: SentLog) -> None:
    """Serve each sensor by two outlets; every sample says the number of its push."""
    outlets: list[tuple[Any, int, float]] = []
    for number in range(2 * N_SENSORS):
        rate_hz, labels, units, types = LSL_STREAMS[number % 2]
        described = Namespace(
            source_id=f"{folder.name}-{number}", name="", type=types.split(",")[0], rate=rate_hz, labels=labels,
            units=units, types=types, format="float32",
        )  # fmt: skip
        outlets.append((make_outlet(described), len(labels.split(",")), rate_hz))
    print("ready", flush=True)
    began, n_pushes = time.monotonic(), [0] * len(outlets)
    while True:
        for number, (outlet, n_channels, rate_hz) in enumerate(outlets):
            # Sensors do not send all at the same moment.
            first_s = began + PUSH_S * number / len(outlets)
            while time.monotonic() >= first_s + (n_pushes[number] + 1) * PUSH_S:
                n, push = round(rate_hz * PUSH_S), n_pushes[number]
                stamps = first_s + (push * n + np.arange(n)) / rate_hz
                sent.note_key((number, 0, push % N_NUMBERS))
                # liblsl's clock on Linux is the monotonic one.
                outlet.push_chunk(np.full((n, n_channels), push % N_NUMBERS, dtype=np.float32), stamps.tolist())
                n_pushes[number] += 1
        time.sleep(0.001)


if __name__ == "__main__":
    kind, where = sys.argv[1], Path(sys.argv[2])
    {"serial": serve_serial, "tcp": serve_tcp, "lsl": serve_lsl}[kind](where, SentLog(where / SENT))
