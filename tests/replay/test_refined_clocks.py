"""`analyze --refine-clocks`: an explicit, marked other answer; without it every answer is as it was live."""

import json
import shutil
import sqlite3
from pathlib import Path
from statistics import median
from typing import Any

import pytest

import firingorder as fo
from firingorder.cli import main
from firingorder_session.recordings.file_recording import REFINED_NOTE

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"


def test_a_refined_result_is_marked_surer_and_the_same_each_time() -> None:
    live, refined = fo.analyze(fo.read(FIXTURE)), fo.analyze(fo.read(FIXTURE, refine_clocks=True))
    assert (live.refined_clocks, refined.refined_clocks) == (False, True)
    assert any("whole recording" in note for note in refined.notes)
    assert refined.sets[0].verdict is live.sets[0].verdict
    pairs = zip(live.sets[0].lifts, refined.sets[0].lifts, strict=True)
    lags = [(one.lag, other.lag) for one, other in pairs if one.lag is not None and other.lag is not None]
    assert len(lags) == 5
    moved_s: list[float] = []
    for one, other in lags:
        assert one.lag_s is not None
        assert other.lag_s is not None
        assert one.ci90_s is not None
        # A movement found some milliseconds elsewhere moves the window in which onsets are sought, and with it at times
        # an onset, within what its interval says.
        assert one.ci90_s[0] < other.lag_s < one.ci90_s[1]
        moved_s.append(abs(other.lag_s - one.lag_s))
    assert median(moved_s) < 0.002
    assert max(other.sync_uncertainty_s for _, other in lags) <= max(one.sync_uncertainty_s for one, _ in lags)
    assert fo.analyze(fo.read(FIXTURE, refine_clocks=True)).to_json() == refined.to_json()


def test_the_command_says_class_and_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(FIXTURE), "--refine-clocks"]) == 0
    printed = capsys.readouterr().out
    assert "clocks: class D, not verified, within" in printed
    assert "`firingorder align` measures it, once" in " ".join(printed.split())
    assert "fitted over the whole recording" in printed
    assert main(["analyze", str(FIXTURE), "--refine-clocks", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["refined_clocks"] is True
    assert result["sets"][0]["sync_class"] == result["sets"][0]["lifts"][0]["sync_class"] == "D"


def test_with_one_clock_there_is_nothing_to_refine(tmp_path: Path) -> None:
    path = tmp_path / "one.fo"
    shutil.copyfile(FIXTURE, path)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM frames WHERE link = 2")
        connection.execute("DELETE FROM links WHERE link = 2")
        connection.execute("DELETE FROM streams")
    connection.close()
    live, refined = fo.analyze(fo.read(path)), fo.analyze(fo.read(path, refine_clocks=True))
    assert len({stream.clock_id for stream in fo.read(path).streams}) == 1
    assert REFINED_NOTE not in refined.notes
    assert refined.to_json() == live.to_json()


@pytest.mark.parametrize("ways", [{"redecode": True}, {"speech": ["cobs"]}, {"refine_clocks": True}])
def test_every_decoding_says_how_far_it_is(ways: dict[str, Any]) -> None:
    """To the end of the recording, of every pass but the one whose samples are judged, which is told by those."""
    told: list[tuple[str, float, float]] = []

    def hear(what: str, done_s: float, total_s: float) -> None:
        told.append((what, done_s, total_s))

    recording = fo.read(FIXTURE, report_progress=hear, **ways)
    done_s: list[float] = []
    fo.analyze(recording, report_progress=done_s.append)
    assert {what for what, _, _ in told} <= {"reading", "fitting the clocks"}
    assert told[-1][1] == pytest.approx(recording.duration_s, abs=0.1)
    assert {total_s for _, _, total_s in told} == {recording.duration_s}
    # What is held back to be judged at once is not done.
    assert 0.0 < max(done_s) < recording.duration_s
