"""The links benchmark counts rightly: what the virtual sensors know of their losses is the truth."""

from pathlib import Path

import pytest
from benchmarks.links.course import HEAD, Arrival, Course, compare, write_row
from benchmarks.links.keys import TRIGNO_FRAME, by_count, by_notification
from benchmarks.links.wired import over_serial, over_tcp, replayed
from tests.emulators.delsys import N_EMG
from tests.radio.sent import FrameKey

from firingorder_bridge.buffer import Framing
from firingorder_bridge.devices.delsys import AUX, EMG
from firingorder_bridge.events import Samples
from firingorder_bridge.frames import Frame, FrameType
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.wearable import VirtualWearable

MS = 1_000_000


def test_lost_samples_are_those_that_the_sensors_know_to_be_lost() -> None:
    wearable = VirtualWearable(seed=3, faults=(Fault.parse("lose:0.05"),))
    loopback, course = Loopback(wearable, Framing.DATAGRAM), Course()
    loopback.run(10.0)
    course.take(each.event for each in loopback.events)
    came: dict[tuple[str, int], range] = {}
    for sensor, event in loopback.events:
        if isinstance(event, Samples):
            stream = wearable.sensors[sensor].name, int(event.block.stream.stream_id.rpartition("/")[2])
            first = came[stream].start if stream in came else event.block.first_index
            came[stream] = range(first, event.block.next_index)
    data = [fault for fault in wearable.truth.faults if fault["type"] == FrameType.DATA]
    truth = [fault for fault in data if fault["index"] in came[fault["sensor"], fault["stream"]]]
    assert len(truth) > 50
    assert course.n_lost == sum(fault["n"] for fault in truth)
    assert course.n_samples == sum(map(len, came.values()))


def frame(seq: int) -> bytes:
    """Return a frame with samples."""
    return Frame(FrameType.DATA, 0, seq, n_samples=1, payload=b"\0\0").encode()


def test_what_never_came_is_missing_and_what_came_is_as_late_as_it_was() -> None:
    sent: dict[FrameKey, int] = {(0, 0, seq): seq * 10 * MS for seq in range(20)}
    # The first two were said to nobody, 7 and 8 were lost, 9 came twice, and the last one is still on its way.
    came = [seq for seq in range(2, 19) if seq not in (7, 8)]
    arrivals = [Arrival(0, frame(seq), 0, (seq * 10 + 3) * MS) for seq in (*came, 9)]
    way = compare(Course(began_ns=0, ended_ns=10**9, arrivals=arrivals), by_notification, sent)
    assert way.n_missing == 2
    assert way.late_s == pytest.approx([0.003] * len(came))


def test_only_what_came_while_it_was_measured_is_late() -> None:
    sent: dict[FrameKey, int] = {(0, 0, seq): 0 for seq in range(4)}
    arrivals = [Arrival(0, frame(seq), 0, (seq + 1) * MS) for seq in range(4)]
    course = Course(began_ns=2 * MS, ended_ns=4 * MS, arrivals=arrivals)
    assert compare(course, by_notification, sent).late_s == pytest.approx([0.002, 0.003])
    assert len(course.n_bytes) == 2


def test_a_trigno_frame_is_there_with_its_last_byte() -> None:
    half = TRIGNO_FRAME[EMG] // 2
    pieces = [(EMG, half), (AUX, TRIGNO_FRAME[AUX] - 1), (EMG, half + 1), (AUX, 1), (EMG, 2 * half - 1)]
    arrivals = [Arrival(0, tag + bytes(n), 0, number) for number, (tag, n) in enumerate(pieces)]
    assert list(by_count(arrivals)) == [((0, 0, 0), 2), ((0, 1, 0), 3), ((0, 0, 1), 4)]
    assert half * 2 == N_EMG * 64


def test_rows_of_a_moment(tmp_path: Path) -> None:
    for measure in (over_serial, over_tcp):
        folder = tmp_path / measure.__name__
        folder.mkdir()
        course, way = measure(folder, 1.0, busy=False)
        assert (course.n_lost, course.n_doubled, way.n_missing) == (0, 0, 0)
        assert course.n_samples > 1000
        assert len(way.late_s) > 50
        assert min(way.late_s) > 0
        assert len(write_row("", course, way)) == len(HEAD)
    again, way = replayed(tmp_path / over_serial.__name__ / "course.fo", None)
    assert again.n_samples > 1000
    assert not way.late_s
