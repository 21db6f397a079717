"""One run of the real links, acquisition, recording and decoding: what came, what did not, how late, at what cost."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tests.radio.sent import FrameKey

from firingorder_bridge.events import BridgeEvent, DuplicateFrame, Samples, SamplesLost
from firingorder_bridge.frames import CONTROL_STREAM
from firingorder_bridge.links.base import Link, OnData, OnLost
from firingorder_session.acquiring.acquisition import Acquisition
from firingorder_session.events.live_events import SensorChanged
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder

#: Length of a row, unless it says otherwise.
SHORT_S = 20.0
#: Processes that a busy machine has besides: one for each core, each of which takes all that it can get.
N_BUSY = len(os.sched_getaffinity(0))
#: How long is waited for events at once.
TAKE_S = 0.1
RECORDING = "course.fo"
HEAD = (
    "link",
    "machine",
    "seconds",
    "kB/s",
    "chunks/s",
    "latency p50",
    "p99",
    "samples lost",
    "frames missing",
    "doubled",
    "clock",
    "CPU",
)


class Arrival(NamedTuple):
    """A chunk at a link's callback: the link's number, the bytes, the time the link gives it, and the time it was."""

    link: int
    chunk: bytes
    t_told_ns: int
    t_ns: int


class Marked(NamedTuple):
    """Something the sender took note of, and when it was here."""

    key: FrameKey
    t_ns: int


#: What a kind of link's chunks have brought.
FindKeys = Callable[[Iterable[Arrival]], Iterator[Marked]]


@dataclass
class Course:
    """What was seen of one run.

    Attributes
    ----------
    busy
        Whether the machine is to be busy meanwhile.
    began_ns, ended_ns
        Between opening and closing: rates, latency and CPU are of this time.
    n_samples
        That were measured, lost ones included, from the opening of the links on.
    n_lost
        Of these, as the program itself says.
    """

    busy: bool = False
    began_ns: int = 0
    ended_ns: int = 0
    cpu_s: float = 0.0
    arrivals: list[Arrival] = field(default_factory=list[Arrival])
    n_samples: int = 0
    n_lost: int = 0
    n_doubled: int = 0
    uncertainty_s: float | None = None

    def take(self, events: Iterable[BridgeEvent]) -> None:
        """Count."""
        for event in events:
            match event:
                case Samples():
                    self.n_samples += event.block.n_samples
                case SamplesLost():
                    self.n_lost += event.n_samples
                    # Rows of NaN stand for the others, and were counted with their block.
                    self.n_samples += 0 if event.filled else event.n_samples
                case DuplicateFrame():
                    self.n_doubled += 1
                case _:
                    pass

    @property
    def n_seconds(self) -> float:
        """How long it was measured."""
        return 1e-9 * (self.ended_ns - self.began_ns)

    @property
    def n_bytes(self) -> list[int]:
        """Bytes of each chunk that came while it was measured."""
        return [len(each.chunk) for each in self.arrivals if self.measured(each.t_ns)]

    def measured(self, t_ns: int) -> bool:
        """Whether this moment counts."""
        return self.began_ns <= t_ns < self.ended_ns

    def end(self, acquisition: Acquisition) -> None:
        """Take what is left once it has stopped; raise RuntimeError where the counts are not to be trusted."""
        self.take(acquisition.sink.take(0.0))
        counts = acquisition.counts
        self.uncertainty_s = counts.clock_uncertainty_s
        if acquisition.error or counts.events_dropped or counts.losses_of_link:
            raise RuntimeError(f"{acquisition.error or 'a link was lost, or events were dropped'}: {counts}")


class TappedLink(Link):
    """A link whose chunks are noted as they reach its callback; what they are is found out when all is over."""

    def __init__(self, link: Link, number: int, course: Course) -> None:
        self.name, self.speech, self.opens_slowly = link.name, link.speech, link.opens_slowly
        self._link, self._number, self._arrivals = link, number, course.arrivals

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Open, and note."""

        def noted(chunk: bytes, t_host_ns: int) -> None:
            self._arrivals.append(Arrival(self._number, chunk, t_host_ns, time.monotonic_ns()))
            on_data(chunk, t_host_ns)

        self._link.open(noted, on_lost)

    def write(self, data: bytes) -> None:
        """Write."""
        self._link.write(data)

    def close(self) -> None:
        """Close."""
        self._link.close()


def ignore(event: object) -> None:
    """Take an event and do nothing."""


def record(links: Sequence[Link], folder: Path, n_seconds: float, *, busy: bool = False) -> Course:
    """Record links for some seconds into a folder, decoding as a test does."""
    course, origin_ns = Course(busy), time.monotonic_ns()
    recorder = Recorder(folder / RECORDING, RecordingHead.now(origin_ns), ignore)
    told: list[SensorChanged] = []
    acquisition = Acquisition(tap(links, course), origin_ns=origin_ns, emit=told.append, recorder=recorder)
    return follow(acquisition, course, n_seconds)


def tap(links: Sequence[Link], course: Course) -> list[Link]:
    """Put a tap on each link."""
    return [TappedLink(link, number, course) for number, link in enumerate(links)]


def follow(acquisition: Acquisition, course: Course, n_seconds: float) -> Course:
    """Run an acquisition for some seconds, or until it ends by itself."""
    try:
        acquisition.start()
        with busy_machine(N_BUSY if course.busy else 0):
            cpu_s, course.began_ns = time.process_time(), time.monotonic_ns()
            until_ns = course.began_ns + n_seconds * 1e9
            while time.monotonic_ns() < until_ns and acquisition.running:
                course.take(acquisition.sink.take(TAKE_S))
            course.cpu_s, course.ended_ns = time.process_time() - cpu_s, time.monotonic_ns()
    finally:
        acquisition.stop()
    course.end(acquisition)
    return course


@contextmanager
def busy_machine(n_processes: int) -> Generator[None]:
    """Let processes spin meanwhile."""
    spinning = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(n_processes)]
    try:
        yield
    finally:
        for each in spinning:
            each.kill()
            each.wait()


@contextmanager
def own_folder() -> Generator[Path]:
    """Give a folder for one run."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


class Way(NamedTuple):
    """What the sender's own log says of a run: how late each frame was, s, and how many never came."""

    late_s: Sequence[float]
    n_missing: int | None = None


def compare(course: Course, find_keys: FindKeys, sent: Mapping[FrameKey, int]) -> Way:
    """Compare what came with what the sender says that it sent.

    Missing is what a stream sent between the first and the last of it that came: what a sensor says to nobody does not
    count. Keys end with a 16-bit number: it must not wrap, as it does after a quarter of an hour.
    """
    arrived: dict[FrameKey, int] = {}
    for key, t_ns in find_keys(course.arrivals):
        arrived.setdefault(key, t_ns)
    known = {key: t_ns for key, t_ns in arrived.items() if key in sent}
    spans: dict[tuple[int, int], list[int]] = {}
    for key in known:
        spans.setdefault(key[:2], []).append(sent[key])
    ends = {stream: (min(times), max(times)) for stream, times in spans.items() if stream[1] != CONTROL_STREAM}
    missing = (key for key in sent.keys() - known.keys() if key[:2] in ends)
    n_missing = sum(ends[key[:2]][0] < sent[key] < ends[key[:2]][1] for key in missing)
    late_s = [1e-9 * (t_ns - sent[key]) for key, t_ns in known.items() if course.measured(t_ns)]
    return Way(late_s, n_missing)


def write_row(label: str, course: Course, way: Way) -> list[str]:
    """Write one row."""
    p50, p99 = "-", "-"
    if way.late_s:
        p50, p99 = (f"{1000 * float(each):.1f} ms" for each in np.percentile(way.late_s, (50, 99)))
    return [
        label,
        "busy" if course.busy else "quiet",
        f"{course.n_seconds:.0f}" if course.n_seconds >= 10 else f"{course.n_seconds:.1f}",
        f"{sum(course.n_bytes) / course.n_seconds / 1000:.1f}",
        f"{len(course.n_bytes) / course.n_seconds:.0f}",
        p50,
        p99,
        f"{course.n_lost} of {course.n_samples}",
        "-" if way.n_missing is None else str(way.n_missing),
        str(course.n_doubled),
        "-" if course.uncertainty_s is None else f"±{course.uncertainty_s * 1000:.1f} ms",
        f"{course.cpu_s / course.n_seconds:.0%}",
    ]
