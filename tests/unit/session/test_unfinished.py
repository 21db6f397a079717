"""Which unfinished test is offered, and which is not: only the newest, of the same test, person and sensors."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.unfinished_recording import IN_LIFT_3, break_off

from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.recordings.recorder import Recorder
from firingorder_session.running.unfinished import TestAtHand, Unfinished, find_unfinished
from firingorder_signal.blocks import Side

PRONE = find_protocol("prone_hip_extension")
AT_HAND = TestAtHand(frozenset({("port0", "cobs"), ("port1", "cobs")}), PRONE)


def find(folder: Path, test: TestAtHand = AT_HAND) -> Unfinished | None:
    """Look for an unfinished test; nothing may be told."""
    told: list[str] = []
    found = find_unfinished(folder, test, told.append)
    assert told == []
    return found


def test_a_test_that_broke_off_is_offered_with_how_far_it_had_come(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    found = find(tmp_path)
    assert found is not None
    assert (found.path, found.protocol.name, found.side) == (path, "prone_hip_extension", None)
    assert (found.counted, found.wanted) == (2, 6)
    begun_before = datetime.now().astimezone() - found.begun
    assert timedelta(minutes=3) <= begun_before < timedelta(minutes=4)


@pytest.mark.parametrize(
    "other",
    [
        replace(AT_HAND, protocol=find_protocol("glute_set")),
        replace(AT_HAND, protocol=replace(PRONE, text=PRONE.text + "# changed")),
        replace(AT_HAND, side=Side.LEFT),
        replace(AT_HAND, subject="K7Q2"),
        replace(AT_HAND, links=frozenset({("port0", "cobs")})),
        replace(AT_HAND, links=frozenset({("port0", "cobs"), ("port1", "bitalino")})),
        replace(AT_HAND, links=frozenset({("port0", "cobs"), ("port2", "cobs")})),
    ],
)
def test_another_test_person_or_sensor_is_not_offered(tmp_path: Path, other: TestAtHand) -> None:
    break_off(tmp_path / "visit.fo", IN_LIFT_3)
    assert find(tmp_path, other) is None


def test_where_the_test_is_not_settled_any_will_do(tmp_path: Path) -> None:
    break_off(tmp_path / "visit.fo", IN_LIFT_3)
    assert find(tmp_path, replace(AT_HAND, protocol=None)) is not None


def test_a_test_of_hours_ago_is_not_offered(tmp_path: Path) -> None:
    break_off(tmp_path / "visit.fo", IN_LIFT_3, ago=timedelta(hours=2, minutes=1))
    assert find(tmp_path) is None


def test_a_recording_in_which_no_test_began_is_not_offered(tmp_path: Path) -> None:
    break_off(tmp_path / "visit.fo", IN_LIFT_3, began=False)
    assert find(tmp_path) is None


def test_a_recording_that_was_ended_in_order_is_not_offered(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    Recorder(path, FileRecording(path).head, lambda event: None, min_free_bytes=0, goes_on=True).close()
    assert find(tmp_path) is None


def test_whoever_began_a_new_one_is_not_asked_again(tmp_path: Path) -> None:
    break_off(tmp_path / "first.fo", IN_LIFT_3)
    path = break_off(tmp_path / "second.fo", IN_LIFT_3)
    Recorder(path, FileRecording(path).head, lambda event: None, min_free_bytes=0, goes_on=True).close()
    assert find(tmp_path) is None


def test_one_that_is_being_recorded_is_not_offered(tmp_path: Path) -> None:
    path = break_off(tmp_path / "visit.fo", IN_LIFT_3)
    recorder = Recorder(path, FileRecording(path).head, lambda event: None, min_free_bytes=0, goes_on=True)
    assert find(tmp_path) is None
    recorder.discard()
    assert find(tmp_path) is not None


def test_a_damaged_file_is_named_in_one_line_and_the_one_before_it_offered(tmp_path: Path) -> None:
    path = break_off(tmp_path / "a.fo", IN_LIFT_3)
    damaged = tmp_path / "b.fo"
    damaged.write_bytes(path.read_bytes()[:100_000])
    told: list[str] = []
    found = find_unfinished(tmp_path, AT_HAND, told.append)
    assert found is not None
    assert found.path == path
    (line,) = told
    assert line.startswith(f"not offered to go on with: {damaged}")
    assert "\n" not in line


def test_a_test_of_a_later_version_is_named_in_one_line_and_the_one_before_it_offered(tmp_path: Path) -> None:
    path = break_off(tmp_path / "before.fo", IN_LIFT_3)
    newest = break_off(tmp_path / "newest.fo", IN_LIFT_3, ago=timedelta(minutes=1))
    with closing(sqlite3.connect(newest)) as connection, connection:
        text = json.dumps(PRONE.text + "\n[of_a_later_version]\nkey = 1\n")
        connection.execute("INSERT OR REPLACE INTO head VALUES ('protocol_file', ?)", (text,))
    told: list[str] = []
    found = find_unfinished(tmp_path, AT_HAND, told.append)
    assert found is not None
    assert found.path == path
    (line,) = told
    assert "newest.fo" in line
    assert "of_a_later_version" in line


def test_a_file_with_a_torn_page_is_not_offered(tmp_path: Path) -> None:
    path = break_off(tmp_path / "a.fo", IN_LIFT_3)
    with closing(sqlite3.connect(path)) as connection:
        page_bytes = int(connection.execute("PRAGMA page_size").fetchone()[0])
    torn = bytearray(path.read_bytes())
    for page in range(20, 30):
        torn[page * page_bytes : page * page_bytes + 500] = bytes(500)
    path.write_bytes(torn)
    told: list[str] = []
    assert find_unfinished(tmp_path, AT_HAND, told.append) is None
    assert len(told) == 1
    assert "damaged" in told[0]


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert find(tmp_path / "nowhere") is None
