"""An onset moved by hand in a recording: kept as an event, read back by every door, taken back without a trace lost."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.replay.test_recorded_set import FIXTURE, play

import firingorder as fo
from firingorder.cli import main
from firingorder_session.recordings.append_event import EventRefused, append_event
from firingorder_session.recordings.corrections import CORRECT_ONSET, UNDO_CORRECTION, OnsetMoved
from firingorder_session.recordings.recording_file import RecordingReader
from firingorder_session.running.open_test import open_replay
from firingorder_signal.results import Correction, SetResult

GLUTE = fo.Site.parse("gluteus_maximus/right")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, copy)
    return copy


def move(path: Path, number: int = 2, later_s: float = 0.05) -> int:
    """Put the glute's onset of a lift later; return the event's place."""
    lift = set_of(path).lifts[number - 1]
    found = lift.onsets[GLUTE].time_s
    assert found is not None
    correction = Correction(found + later_s, 0.01, "AB", "2026-03-01T09:00:00+01:00")
    moved = OnsetMoved(fo.Side.RIGHT, number, lift.start_s, GLUTE, correction)
    return append_event(path, CORRECT_ONSET, moved.to_json()).seq


def set_of(path: Path, *, use_corrections: bool = True) -> SetResult:
    (result,) = fo.analyze(fo.read(path), use_corrections=use_corrections).sets
    return result


def test_a_correction_changes_its_lift_and_no_other(path: Path) -> None:
    before = set_of(path)
    move(path)
    after = set_of(path)
    assert [a == b for a, b in zip(before.lifts, after.lifts, strict=True)] == [True, False, True, True, True]
    old, new = before.lifts[1].lag, after.lifts[1].lag
    assert old is not None
    assert new is not None
    assert old.glute.time_s is not None
    assert new.glute.time_s == pytest.approx(old.glute.time_s + 0.05)
    assert after.lag_s != before.lag_s


def test_without_corrections_the_result_is_the_automatic_one(path: Path) -> None:
    before = set_of(path)
    move(path)
    assert set_of(path, use_corrections=False) == before


def test_undone_the_result_is_the_automatic_one(path: Path) -> None:
    before = set_of(path)
    seq = move(path)
    append_event(path, UNDO_CORRECTION, {"undoes": seq, "by": "AB", "at": ""})
    assert set_of(path) == before


def test_the_later_of_two_corrections_holds(path: Path) -> None:
    move(path, later_s=0.05)
    moved_s = set_of(path).lifts[1].onsets[GLUTE].time_s
    move(path, later_s=-0.02)  # from where it was put
    assert moved_s is not None
    assert set_of(path).lifts[1].onsets[GLUTE].time_s == pytest.approx(moved_s - 0.02)


def test_a_replay_shows_the_same_corrected_set(path: Path) -> None:
    move(path)
    replayed = open_replay(path, speed=None)
    play(replayed)
    assert replayed.results == (set_of(path),)


def test_nothing_that_was_recorded_is_touched(path: Path) -> None:
    def log() -> list[object]:
        with RecordingReader(path) as reader:
            return list(reader.log())

    before = log()
    move(path)
    after = log()
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert [name.name for name in path.parent.iterdir()] == ["visit.fo"]


def test_the_json_tells_both(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = set_of(path).lifts[1].onsets[GLUTE].time_s
    move(path)
    assert main(["analyze", str(path), "--json"]) == 0
    onset = json.loads(capsys.readouterr().out)["sets"][0]["lifts"][1]["onsets"][str(GLUTE)]
    assert found is not None
    assert onset["time_s"] == pytest.approx(found, abs=1e-6)
    assert onset["corrected"]["by"] == "AB"
    assert onset["corrected"]["time_s"] == pytest.approx(found + 0.05, abs=1e-6)


def test_the_table_names_who(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    move(path)
    assert main(["analyze", str(path)]) == 0
    assert "corrected by hand (AB): gluteus maximus/right" in capsys.readouterr().out
    assert main(["analyze", str(path), "--ignore-corrections"]) == 0
    assert "by hand" not in capsys.readouterr().out


def test_a_file_that_may_not_be_written_is_one_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(path: object, mode: int) -> bool:
        return False

    monkeypatch.setattr("os.access", deny)
    with pytest.raises(EventRefused, match="is read-only here"):
        append_event(path, "note", {})


def test_a_recording_that_is_being_made_is_left_alone(path: Path) -> None:
    recorder = sqlite3.connect(path)
    recorder.execute("PRAGMA journal_mode = WAL")
    recorder.execute("BEGIN IMMEDIATE")
    recorder.execute("INSERT INTO head VALUES ('x', '1')")
    with pytest.raises(EventRefused, match="still being recorded"):
        append_event(path, "note", {})
    recorder.rollback()
    recorder.close()


def test_an_event_reads_back(path: Path) -> None:
    move(path)
    with RecordingReader(path) as reader:
        (event,) = [row for row in reader.events() if row.kind == CORRECT_ONSET]
    moved = OnsetMoved.from_json(event.data)
    assert moved == OnsetMoved.from_json(moved.to_json())
    assert (moved.number, moved.site) == (2, GLUTE)
