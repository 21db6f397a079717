"""A test taken up where its program died, at any moment: nothing recorded is touched, and live is batch to the bit."""

import sqlite3
from pathlib import Path

import pytest
from tests.unfinished_recording import ALL, IN_LIFT_3, break_off, rows_of, set_host_clock

import firingorder as fo
from firingorder_bridge.buffer import Framing
from firingorder_bridge.errors import LinkError, LinkReason
from firingorder_bridge.links.base import Link, OnData, OnLost
from firingorder_session.errors import RecordingRefused, UnreadableFile
from firingorder_session.events.guide_events import CueGiven, GuideBegan, GuideEvent, RestBegun, SideSwitched
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.events.live_events import Phase, RecordingChanged
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.recordings.file_recording import LINK_LOST, LINK_RESTORED, FileRecording
from firingorder_session.recordings.recorder import Recorder
from firingorder_session.recordings.recording_file import LinkRow
from firingorder_session.recordings.recover import recover
from firingorder_session.running.guide import Guide
from firingorder_session.running.open_test import open_replay, open_taken_up
from firingorder_session.running.phases import PhaseTable
from firingorder_session.running.taking_up import TAKEN_UP, find_shift, match_links
from firingorder_signal.blocks import Side
from firingorder_signal.events import LiftEnded
from firingorder_signal.results import Verdict

HOUR_NS = 3_600_000_000_000


class MuteLink(Link):
    """A sensor that is there, and says nothing."""

    def __init__(self, name: str, speech: str = Framing.COBS.value) -> None:
        self.name, self.speech = name, speech

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Open."""

    def write(self, data: bytes) -> None:
        """Take a command."""

    def close(self) -> None:
        """Close."""


class MissingLink(MuteLink):
    """A port that is not there."""

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Refuse."""
        raise LinkError(self.name, LinkReason.NOT_FOUND, f"{self.name} is not there")


def links() -> list[Link]:
    """Return the links of the recording, in another order than it has them."""
    return [MuteLink("port1"), MuteLink("port0")]


@pytest.mark.parametrize("n_entries", [500, 2_411, 4_321, IN_LIFT_3, 7_777, ALL])
def test_whenever_it_died_the_lifts_so_far_are_there_and_the_batch_agrees(tmp_path: Path, n_entries: int) -> None:
    path = break_off(tmp_path / "visit.fo", n_entries)
    before = rows_of(path)
    judged_before = [lift for result in fo.analyze(fo.read(path)).sets for lift in result.lifts if lift.valid]
    test = open_taken_up(links(), path)
    test.start()
    test.close()
    after = rows_of(path)
    assert after[: len(before)] == before, "nothing that was recorded is touched"
    assert test.results == fo.analyze(fo.read(path)).sets
    assert [lift for result in test.results for lift in result.lifts if lift.valid] == judged_before
    told = [event.lift for event in test.drain() if isinstance(event, LiftEnded)]
    assert told == [lift for result in test.results for lift in result.lifts]
    with pytest.raises(RecordingRefused, match="ended in order"):
        open_taken_up(links(), path)


def test_the_gap_is_explicit_and_replayed(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    last_ns = rows_of(path)[-1][2]
    test = open_taken_up(links(), path)
    test.start()
    test.close()
    recording = FileRecording(path)
    events = [event for event in recording.events() if event.kind in (LINK_LOST, LINK_RESTORED, TAKEN_UP)]
    # In the order in which the links were named now; each under the number that it was recorded by.
    assert [(event.kind, event.link) for event in events] == [
        (LINK_LOST, 2),
        (LINK_RESTORED, 2),
        (LINK_LOST, 1),
        (LINK_RESTORED, 1),
        (TAKEN_UP, None),
    ]
    assert {event.t_host_ns for event in events if event.kind == LINK_LOST} == {last_ns}
    gap_s = events[-1].data["gap_s"]
    assert gap_s == pytest.approx(180.0 - (last_ns - recording.head.origin_ns) * 1e-9, abs=20.0)
    replayed = open_replay(path, speed=None)
    replayed.start()
    assert replayed.wait(60.0)
    replayed.close()
    assert replayed.results == test.results


def test_the_lift_in_which_it_died_is_not_judged(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    test = open_taken_up(links(), path)
    test.start()
    test.close()
    (result,) = test.results
    assert [lift.valid for lift in result.lifts] == [True, True, False]
    assert result.lifts[-1].verdict is Verdict.NOT_JUDGED


def test_it_can_die_again_and_again(tmp_path: Path) -> None:
    """Each time before anything new came; the file grows by the marks alone, and each part goes on behind the last."""
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    for _ in range(3):
        test = open_taken_up(links(), path)
        test.start()
        test.close()
        with sqlite3.connect(path) as connection:
            connection.execute("DELETE FROM head WHERE key = 'ended'")
        connection.close()
        assert test.results == fo.analyze(fo.read(path)).sets
    times = [row[2] for row in rows_of(path)]
    assert times[-1] > times[-6] > times[-11] > times[-16]
    shifts = [event.data["shift_ns"] for event in FileRecording(path).events() if event.kind == TAKEN_UP]
    assert len(set(shifts)) == 1, "the same clock goes on"


@pytest.mark.parametrize("ahead_ns", [-900 * 10**9, 0, 100 * HOUR_NS])
def test_a_computer_that_was_started_anew_goes_on_behind_what_was_recorded(tmp_path: Path, ahead_ns: int) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    set_host_clock(path, ahead_ns)
    last_ns = rows_of(path)[-1][2]
    origin_ns = FileRecording(path).head.origin_ns
    test = open_taken_up(links(), path)
    test.start()
    test.close()
    event = FileRecording(path).events()[-1]
    assert event.kind == TAKEN_UP
    # Begun three minutes ago by the wall clock.
    assert (event.t_host_ns - origin_ns) * 1e-9 == pytest.approx(180.0, abs=20.0)
    assert event.t_host_ns > last_ns
    assert test.results == fo.analyze(fo.read(path)).sets


def test_a_link_that_cannot_be_opened_leaves_the_recording_as_it_was(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    before = rows_of(path)
    test = open_taken_up([MissingLink("port0"), MuteLink("port1")], path)
    with pytest.raises(LinkError):
        test.start()
    test.close()
    assert rows_of(path) == before
    assert open_taken_up(links(), path).plan.goes_on


def test_while_somebody_records_nobody_takes_up(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    events: list[RecordingChanged] = []
    recorder = Recorder(path, FileRecording(path).head, events.append, min_free_bytes=0, goes_on=True)
    with pytest.raises(RecordingRefused, match="another program has it open"):
        Recorder(path, FileRecording(path).head, events.append, min_free_bytes=0, goes_on=True)
    recorder.discard()
    assert path.exists()


def test_what_cannot_be_taken_up_is_one_line(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3, began=False)
    with pytest.raises(RecordingRefused, match="nothing to go on with"):
        open_taken_up(links(), path)
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    with pytest.raises(RecordingRefused, match="other sensors: port0 .cobs., port1 .cobs."):
        open_taken_up([MuteLink("port0")], path)
    damaged = tmp_path / "damaged.fo"
    damaged.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableFile, match="damaged"):
        open_taken_up(links(), damaged)


def test_what_was_saved_from_a_damaged_file_can_be_taken_up(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    torn = bytearray(path.read_bytes())
    for page in range(60, 64):
        torn[page * 4096 : page * 4096 + 500] = bytes(500)
    path.write_bytes(torn)
    with pytest.raises(UnreadableFile, match="damaged"):
        open_taken_up(links(), path)
    saved = tmp_path / "saved.fo"
    recover(path, saved)
    test = open_taken_up(links(), saved)
    test.start()
    test.close()
    assert test.results == fo.analyze(fo.read(saved)).sets
    assert sum(bool(lift.valid) for lift in test.results[0].lifts) >= 1


def test_a_sensor_on_another_port_goes_on_the_link_that_is_left() -> None:
    recorded = [LinkRow(1, "COM3", "cobs"), LinkRow(2, "COM4", "cobs"), LinkRow(3, "COM5", "bitalino")]
    there = [MuteLink("COM9"), MuteLink("COM5", "bitalino"), MuteLink("COM3")]
    assert [row.link for row in match_links(Path("x.fo"), recorded, there)] == [2, 3, 1]


def test_a_clock_that_was_shifted_goes_on_with_the_same_shift() -> None:
    assert find_shift(100 * 10**9, 50 * 10**9, 151 * 10**9, before_ns=100 * 10**9) == 100 * 10**9


def test_a_guide_goes_on_with_its_sides_and_counts_no_hold_that_was_cut_short() -> None:
    steps: list[GuideEvent] = [
        GuideBegan(1.0, 7, Side.RIGHT, 2),
        CueGiven(3.0, 1, Side.RIGHT, 1.0),
        HoldStarted(3.0, 1, 3, Side.MIDDLE, 20.0, None),
        HoldEnded(23.0, 1, Side.MIDDLE, 3.0, True),
        RestBegun(24.0, 63.0),
        HoldStarted(65.0, 2, 3, Side.MIDDLE, 20.0, None),
    ]
    guide = Guide(find_protocol("glute_set"))
    guide.go_on(steps)
    assert guide.has_begun
    phases = PhaseTable(3.0, 3, phase=Phase.HOLD, holds=True)
    step = guide.next_step(300.0, phases)
    assert isinstance(step, HoldEnded)
    assert (step.number, step.complete) == (2, False)


def test_a_guide_of_legs_in_turn_goes_on_with_the_leg_whose_turn_it_was() -> None:
    steps: list[GuideEvent] = [
        GuideBegan(1.0, 7, Side.RIGHT, 2),
        HoldStarted(3.0, 1, 6, Side.RIGHT, 20.0, None),
        HoldEnded(23.0, 1, Side.RIGHT, 3.0, True),
    ]
    guide = Guide(find_protocol("single_leg_bridge_hold"))
    guide.go_on(steps)
    assert guide.next_step(30.0, PhaseTable(3.0, 3, phase=Phase.READY, holds=True)) == SideSwitched(30.0, Side.LEFT)
    guide.go_on([SideSwitched(23.0, Side.LEFT)])
    assert not isinstance(guide.next_step(30.0, PhaseTable(3.0, 3, phase=Phase.READY, holds=True)), SideSwitched)
