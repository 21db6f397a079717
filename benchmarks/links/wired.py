"""The rows of serial lines, TCP, the Lab Streaming Layer and replays."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.radio.processes import child
from tests.radio.sent import read_sent

from benchmarks.links.course import (
    RECORDING,
    SHORT_S,
    Course,
    FindKeys,
    Way,
    compare,
    follow,
    ignore,
    own_folder,
    record,
    tap,
    write_row,
)
from benchmarks.links.keys import by_count, by_frame, by_value
from benchmarks.links.senders import N_SENSORS, SENT
from firingorder_bridge.devices.catalogue import open_address
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.links.base import Link
from firingorder_bridge.links.lsl_library import load_lsl
from firingorder_bridge.links.pace import Pace
from firingorder_bridge.links.replay_link import ReplayLink
from firingorder_session.acquiring.acquisition import Acquisition
from firingorder_session.acquiring.replay import REPLAY_PARAMS
from firingorder_session.recordings.file_recording import FileRecording

#: Makes the links to what a sender says in its first line, and the folder that it was given.
MakeLinks = Callable[[str, Path], list[Link]]


def sent_by(
    kind: str, folder: Path, make_links: MakeLinks, find_keys: FindKeys, n_seconds: float, *, busy: bool
) -> tuple[Course, Way]:
    """Record a sender of another process."""
    with child("benchmarks.links.senders", [kind, str(folder)], folder) as sender:
        links = make_links(sender.said.splitlines()[0], folder)
        course = record(links, folder, n_seconds, busy=busy)
    return course, compare(course, find_keys, read_sent(folder / SENT))


def over_serial(folder: Path, n_seconds: float, *, busy: bool) -> tuple[Course, Way]:
    """Measure over four pseudo-terminals."""

    def ports(_: str, folder: Path) -> list[Link]:
        return [open_address(str(folder / f"sensor-{name}")) for name in "abcdefgh"[:N_SENSORS]]

    return sent_by("serial", folder, ports, by_frame, n_seconds, busy=busy)


def over_tcp(folder: Path, n_seconds: float, *, busy: bool) -> tuple[Course, Way]:
    """Measure over the sockets of one Trigno base."""
    return sent_by("tcp", folder, lambda said, _: [open_address(said)], by_count, n_seconds, busy=busy)


def over_lsl(folder: Path, n_seconds: float, *, busy: bool) -> tuple[Course, Way]:
    """Measure over eight streams of the Lab Streaming Layer, two a sensor."""

    def inlets(_: str, folder: Path) -> list[Link]:
        return [open_address(f"lsl:?source_id={folder.name}-{number}") for number in range(2 * N_SENSORS)]

    return sent_by("lsl", folder, inlets, by_value, n_seconds, busy=busy)


def replayed(path: Path, speed: float | None, *, busy: bool = False) -> tuple[Course, Way]:
    """Measure a replay: how much later than its recorded time each item comes, or how fast all can be taken."""
    recording, course, looks = FileRecording(path), Course(busy), list[int]()

    def now_ns() -> int:
        looks.append(time.monotonic_ns())
        return looks[-1]

    pace = Pace(speed, recording.start_ns, now_ns=now_ns)
    links = [ReplayLink(recording.link_items(row.link), row.name, pace, speech=row.speech) for row in recording.links]
    acquisition = Acquisition(
        tap(links, course),
        origin_ns=recording.head.origin_ns,
        emit=ignore,
        params=REPLAY_PARAMS,
        waits=True,
        is_over=lambda: all(link.finished.is_set() for link in links),
    )
    follow(acquisition, course, float("inf"))
    if speed is None:
        return course, Way([])
    # The clock of a replay starts with its first look at the time.
    due_ns = [looks[0] + (each.t_told_ns - recording.start_ns) / speed for each in course.arrivals]
    return course, Way([1e-9 * (each.t_ns - due) for each, due in zip(course.arrivals, due_ns, strict=True)])


def serial_rows(n_seconds: float = SHORT_S) -> Iterator[list[str]]:
    """Measure serial lines."""
    for busy in (False, True):
        with own_folder() as folder:
            yield write_row("serial (4 pseudo-terminals)", *over_serial(folder, n_seconds, busy=busy))


def tcp_rows(n_seconds: float = SHORT_S) -> Iterator[list[str]]:
    """Measure TCP."""
    for busy in (False, True):
        with own_folder() as folder:
            yield write_row("TCP (Trigno base, 1926 and 148 Hz)", *over_tcp(folder, n_seconds, busy=busy))


def lsl_rows(n_seconds: float = SHORT_S) -> Iterator[list[str]]:
    """Measure the Lab Streaming Layer, where it is installed."""
    try:
        load_lsl("lsl")
    except DeviceNotFound as error:
        print(error, file=sys.stderr)
        return
    for busy in (False, True):
        with own_folder() as folder:
            yield write_row("LSL (8 streams)", *over_lsl(folder, n_seconds, busy=busy))


def replay_rows(n_seconds: float = SHORT_S) -> Iterator[list[str]]:
    """Measure replays of a recording of serial lines."""
    with own_folder() as folder:
        over_serial(folder, n_seconds, busy=False)
        path = folder / RECORDING
        for busy in (False, True):
            yield write_row("replay of a file", *replayed(path, 1.0, busy=busy))
        yield write_row("the same, as fast as it is taken", *replayed(path, None))
