"""The program dies in the middle of a lift, is started again, and the test goes on: processes, ports, kill -9."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.sim.test_live_chain import child, read_lifts, seconds_recorded, virtual_sensors, wait_until
from tests.unfinished_recording import rows_of

from firingorder.cli import main
from firingorder_session.judging.analysis import analyze
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.running.open_test import open_replay
from firingorder_session.running.taking_up import TAKEN_UP
from firingorder_signal.results import ReasonCode, SetResult, Verdict

#: What of a recording may be missing after kill -9, seconds (`docs/recording.md`).
MOST_LOST_S = 0.5


def kill_in_lift_3(ports: list[str], folder: Path, path: Path) -> tuple[float, float]:
    """Record until the third lift, then kill the program; return when, and where its recording ends, host seconds."""
    log, truth = folder / "live.log", folder / "truth.json"
    with child(["live", *ports, "--offscreen", "--out", str(path)], log) as live:
        wait_until(lambda: len(read_lifts(truth)) > 2, log)
        moves_s = read_lifts(truth)[2]["move_s"]
        wait_until(lambda: seconds_recorded(path) > moves_s + 0.8, log)
        os.kill(live.pid, signal.SIGKILL)
        killed_s = time.monotonic()
        live.wait()
    frames = [row for row in rows_of(path) if isinstance(row[4], bytes)]
    return killed_s, frames[-1][2] * 1e-9


def judged(path: Path) -> SetResult:
    """Return what the batch says, after the replay has said the same."""
    (result,) = analyze(FileRecording(path)).sets
    test = open_replay(path, speed=None)
    test.start()
    while not test.wait(0.02):
        test.drain()
    test.close()
    assert test.results == (result,)
    return result


@pytest.mark.timeout(300)
def test_a_test_killed_in_lift_3_is_taken_up_and_has_its_six_lifts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Takes 75 s of real time: three lifts, the death of the program, and four more."""
    path, log = tmp_path / "visit.fo", tmp_path / "again.log"
    with virtual_sensors(tmp_path, "--lifts", "6", "--truth", str(tmp_path / "truth.json")) as ports:
        killed_s, last_s = kill_in_lift_3(ports, tmp_path, path)
        assert killed_s - last_s < MOST_LOST_S
        before = rows_of(path)
        lifts_before = [lift for lift in analyze(FileRecording(path)).sets[0].lifts if lift.valid]
        assert len(lifts_before) == 2

        # In a terminal it is told in a line, and nothing else happens to it.
        words = ["live", *ports, "--offscreen", "--out", str(tmp_path / "other.fo")]
        with child(words, tmp_path / "offer.log") as other:
            offer = tmp_path / "offer.log"
            wait_until(lambda: f"2 of 6 lifts counted; --resume {path}" in offer.read_text(encoding="utf-8"), offer)
            os.kill(other.pid, signal.SIGKILL)
        assert rows_of(path) == before

        with child(["live", *ports, "--offscreen", "--resume", str(path)], log) as live:
            wait_until(lambda: "lift 2: " in log.read_text(encoding="utf-8"), log)
            wait_until(lambda: "lift 6: " in log.read_text(encoding="utf-8"), log)
            time.sleep(3.0)  # until the last lift is down
            live.send_signal(signal.SIGINT)
            assert live.wait(60.0) == 0
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    after = rows_of(path)
    assert after[: len(before)] == before, "nothing that was recorded is touched"
    (event,) = [event for event in FileRecording(path).events() if event.kind == TAKEN_UP]
    assert event.data["shift_ns"] == 0
    assert event.data["gap_s"] > 0
    result = judged(path)
    assert len(result.lifts) >= 6
    assert list(result.lifts[:2]) == lifts_before
    assert result.lifts[2].verdict is Verdict.NOT_JUDGED
    assert result.lifts[2].reason is not None
    assert result.lifts[2].reason.code is ReasonCode.SENSOR_LOST
    assert sum(bool(lift.valid) for lift in result.lifts[3:]) >= 2
    # The table that was printed is the table of the batch.
    assert main(["analyze", str(path)]) == 0
    _, _, table = capsys.readouterr().out.partition("\n\n")
    assert table.strip() in said


def test_resume_with_a_file_of_its_own_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["live", "nowhere", "--offscreen", "--resume", str(tmp_path / "a.fo"), "--out", str(tmp_path / "b.fo")]
    assert main(words) == 1
    assert "--resume goes on in its own file" in capsys.readouterr().err


def test_resume_of_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    words = ["live", "nowhere", "--offscreen", "--resume", str(tmp_path / "a.fo")]
    done = subprocess.run([sys.executable, "-m", "firingorder", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "there is no such file" in done.stderr
