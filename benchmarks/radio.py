"""Four sensors by radio for five minutes: what was lost, what came twice, how late, at what cost.

The sensors are in another process, behind a virtual Bluetooth controller (bumble) and behind a stand-in for BlueZ on a
private message bus; the links, bleak, the acquisition, the recording and the decoding are the real ones. Frames leave
at the slots of a connection interval of 15 ms; the latency is from there to the link's callback. CPU is this process's
share of one core, bumble's own host stack included where it is used. No real radio is in this.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tests.radio.processes import air, child, message_bus, peripheral
from tests.radio.sent import FrameKey, key_of, read_sent

from benchmarks.report import Table
from firingorder_bridge.events import BridgeEvent, ClockUpdated, DuplicateFrame, Samples, SamplesLost
from firingorder_bridge.links.base import OnData, OnLost
from firingorder_bridge.links.ble_link import BleLink
from firingorder_bridge.links.radio import Radio
from firingorder_session.acquisition import Acquisition
from firingorder_session.head import RecordingHead
from firingorder_session.live_events import SensorChanged
from firingorder_session.recorder import Recorder

SECONDS = 300.0
#: The rows beside the long one.
SHORT_S = 20.0
INTERVAL_MS = 15.0
NAMES = "ABCD"
TWICE_NAMES = "ABCDEFGH"
HEAD = (
    "link",
    "sensors",
    "seconds",
    "kB/s",
    "frames/s",
    "latency p50",
    "p99",
    "samples lost",
    "doubled",
    "clock",
    "CPU",
)


@dataclass
class Course:
    """What was seen of one run."""

    n_seconds: float = 0.0
    n_bytes: int = 0
    arrived: dict[FrameKey, int] = field(default_factory=dict[FrameKey, int])
    n_arrived: int = 0
    n_samples: int = 0
    n_lost: int = 0
    n_doubled: int = 0
    uncertainty_s: float = 0.0
    cpu_s: float = 0.0

    def take(self, events: Sequence[BridgeEvent]) -> None:
        """Count."""
        for event in events:
            match event:
                case Samples():
                    self.n_samples += event.block.n_samples
                case SamplesLost():
                    self.n_lost += event.n_samples
                case DuplicateFrame():
                    self.n_doubled += 1
                case ClockUpdated():
                    self.uncertainty_s = event.uncertainty_s
                case _:
                    pass


class TappedLink(BleLink):
    """A link that notes when each frame arrived."""

    def __init__(self, number: int, course: Course, name: str, radio: Radio, acquire: bool) -> None:
        super().__init__(f"OML-{name}", radio=radio, acquire=acquire)
        self._number, self._course = number, course

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Open, and note."""

        def noted(chunk: bytes, t_host_ns: int) -> None:
            self._course.n_bytes += len(chunk)
            self._course.n_arrived += 1
            self._course.arrived.setdefault(key_of(self._number, chunk), t_host_ns)
            on_data(chunk, t_host_ns)

        super().open(noted, on_lost)


def stream(folder: Path, names: str, n_seconds: float, radio: Radio, acquire: bool = False) -> Course:
    """Record sensors for some seconds, decoding as a test does."""
    course, told = Course(), list[SensorChanged]()
    links = [TappedLink(number, course, name, radio, acquire) for number, name in enumerate(names)]
    origin_ns = time.monotonic_ns()
    recorder = Recorder(folder / "radio.fo", RecordingHead.now(origin_ns), lambda event: None)
    acquisition = Acquisition(links, origin_ns=origin_ns, emit=told.append, recorder=recorder)
    acquisition.start()
    began, cpu = time.monotonic(), time.process_time()
    while time.monotonic() - began < n_seconds:
        course.take(acquisition.sink.take(0.1))
    course.n_seconds, course.cpu_s = time.monotonic() - began, time.process_time() - cpu
    acquisition.stop()
    course.take(acquisition.sink.take(0.0))
    return course


@contextmanager
def own_folder() -> Generator[Path]:
    """Give a folder for one run."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def over_bumble(label: str, names: str, n_seconds: float, *words: str) -> list[str]:
    """Measure over a virtual controller."""
    from tests.radio.bumble_backend import radio_on

    with own_folder() as folder:
        sent = folder / "sent"
        options = ("--interval-ms", str(INTERVAL_MS), "--sent", str(sent), *words)
        with air(folder, 1 + len(names)) as ports, radio_on(ports[0]) as radio:
            with peripheral(folder, ports[1:], names, *options):
                course = stream(folder, names, n_seconds, radio)
                time.sleep(1.0)  # what the sensors have noted reaches the file
        return row(label, names, course, read_sent(sent))


def over_bluez(label: str, names: str, n_seconds: float, acquire: bool) -> list[str]:
    """Measure over bleak's own BlueZ backend."""
    with own_folder() as folder, message_bus(folder) as address:
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = address
        sent, radio = folder / "sent", Radio()
        words = ["--names", names, "--interval-ms", str(INTERVAL_MS), "--sent", str(sent)]
        with child("tests.radio.bluez", words, folder, dict(os.environ)):
            course = stream(folder, names, n_seconds, radio, acquire)
            radio.stop()
        return row(label, names, course, read_sent(sent))


def row(label: str, names: str, course: Course, sent: dict[FrameKey, int]) -> list[str]:
    """Write one row. A frame is known by its sequence number, which wraps after a quarter of an hour."""
    late_ms = [1e-6 * (t_ns - sent[key]) for key, t_ns in course.arrived.items() if key in sent]
    p50, p99 = np.percentile(late_ms, (50, 99)) if late_ms else (np.nan, np.nan)
    return [
        label,
        str(len(names)),
        f"{course.n_seconds:.0f}",
        f"{course.n_bytes / course.n_seconds / 1000:.1f}",
        f"{course.n_arrived / course.n_seconds:.0f}",
        f"{p50:.1f} ms",
        f"{p99:.1f} ms",
        f"{course.n_lost} of {course.n_samples}",
        str(course.n_doubled),
        f"±{course.uncertainty_s * 1000:.1f} ms",
        f"{course.cpu_s / course.n_seconds:.0%}",
    ]


def main(n_seconds: float = SECONDS) -> Table:
    """Measure all."""
    short_s = min(SHORT_S, n_seconds)
    rows = [
        over_bumble("virtual controller", NAMES, n_seconds),
        over_bumble("the same, twice the sensors", TWICE_NAMES, short_s),
        over_bumble("the same, 1 % of frames lost", NAMES, short_s, "--fault", "lose:0.01"),
        over_bluez("BlueZ stand-in, StartNotify", NAMES, short_s, acquire=False),
        over_bluez("BlueZ stand-in, AcquireNotify", NAMES, short_s, acquire=True),
    ]
    return Table("Radio: 2 kHz EMG and a 200 Hz IMU a sensor, connection interval 15 ms", HEAD, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.radio", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="length of the long run (default 300)")
    print(main(parser.parse_args().seconds).to_markdown())
    sys.exit(0)
