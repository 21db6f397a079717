"""The product as its user runs it: processes, pseudo-terminals, files, and a `kill -9` in the middle of a lift."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from firingorder.cli import main
from firingorder_session.events.guide_events import GUIDE_EVENTS, CueGiven, GuideBegan, read_steps
from firingorder_session.events.live_events import LiveEvent, Phase, PhaseChanged
from firingorder_session.judging.analysis import analyze as analyze_recording
from firingorder_session.protocols.catalogue import read_protocol_text
from firingorder_session.recordings.read import read
from firingorder_session.running.open_test import open_replay

PATIENCE_S = 60.0


def _listen_to_ctrl_c() -> None:
    """Undo what a shell does to its background jobs: they, and so their children, ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def child(words: Sequence[str], log: Path) -> Generator["subprocess.Popen[bytes]"]:
    """Run `firingorder` with its output in a file; end it by its pid whatever happens."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "firingorder", *words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=_listen_to_ctrl_c,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def virtual_sensors(folder: Path, *options: str) -> Generator[list[str]]:
    """Run the virtual wearable; yield its two ports."""
    ports = [folder / "sensor-a", folder / "sensor-b"]
    log = folder / "sensor.log"
    with child(["sensor", "--link", str(folder), "--lifts", "2", "--quiet-s", "3.5", "--rest-s", "2", *options], log):
        wait_until(lambda: all(port.exists() for port in ports), log)
        yield [str(port) for port in ports]


def wait_until(condition: Callable[[], bool], log: Path) -> None:
    """Wait for something to become true, or fail with what the child said."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(log.read_text(encoding="utf-8"))
        time.sleep(0.05)


def seconds_recorded(path: Path) -> float:
    """Tell how much of a recording another process can see."""
    if not path.exists():
        return 0.0
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            first, last = connection.execute("SELECT min(t_host_ns), max(t_host_ns) FROM frames").fetchone()
    except sqlite3.OperationalError:
        return 0.0
    return 0.0 if first is None else (last - first) * 1e-9


def read_lifts(truth: Path) -> list[dict[str, float]]:
    """Read the true lifts, once the set has begun."""
    if not truth.exists():
        return []
    sets = json.loads(truth.read_text(encoding="utf-8"))["sets"]
    return list(sets[0]["lifts"]) if sets else []


def analyze(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Run `firingorder analyze --json` and read its answer."""
    assert main(["analyze", str(path), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["sets"]
    return dict(result)


@pytest.mark.timeout(180)
def test_a_test_killed_in_mid_lift_keeps_all_but_half_a_second(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Takes 15 s of real time: the patient rests for 3.5 s, lifts, and is interrupted in the second lift."""
    path, log = tmp_path / "killed.fo", tmp_path / "live.log"
    truth = tmp_path / "truth.json"
    with virtual_sensors(tmp_path, "--truth", str(truth)) as ports:
        with child(["live", *ports, "--offscreen", "--out", str(path)], log) as live:
            wait_until(lambda: bool(read_lifts(truth)), log)
            lifts = read_lifts(truth)
            wait_until(lambda: seconds_recorded(path) > lifts[1]["move_s"] + 0.8, log)
            before_s = seconds_recorded(path)
            os.kill(live.pid, signal.SIGKILL)
            live.wait()
    assert seconds_recorded(path) >= before_s
    result = analyze(path, capsys)
    lifts_judged = result["lifts"]
    assert isinstance(lifts_judged, list)
    assert lifts_judged[0]["valid"] is True
    assert lifts_judged[0]["lag_s"] == pytest.approx(lifts[0]["lag_s"], abs=0.08)


@pytest.mark.timeout(180)
def test_ctrl_c_ends_a_live_test_cleanly(tmp_path: Path) -> None:
    path, log = tmp_path / "ended.fo", tmp_path / "live.log"
    with virtual_sensors(tmp_path) as ports:
        with child(["live", *ports, "--offscreen", "--out", str(path)], log) as live:
            wait_until(lambda: seconds_recorded(path) > 1.0, log)
            live.send_signal(signal.SIGINT)
            assert live.wait(PATIENCE_S) in (0, 130)
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert not path.with_name("ended.fo-wal").exists()


OWN_TEST = read_protocol_text("prone_hip_extension").replace('name = "prone_hip_extension"', 'name = "own"')


@pytest.mark.timeout(180)
def test_a_test_that_is_led_is_replayed_with_its_cues_and_judged_by_its_own_file(tmp_path: Path) -> None:
    """Takes 20 s of real time: rest, a tone, and a lift that does not wait for it."""
    path, log, own = tmp_path / "led.fo", tmp_path / "live.log", tmp_path / "own.toml"
    own.write_text(OWN_TEST.replace("height_deg = [5.0, 20.0]", "height_deg = [5.0, 45.0]"), encoding="utf-8")
    with virtual_sensors(tmp_path, "--quiet-s", "9") as ports:
        words = ["live", *ports, "--offscreen", "--protocol", str(own), "--out", str(path)]
        with child(words, log) as live:
            wait_until(lambda: seconds_recorded(path) > 17.0, log)
            live.send_signal(signal.SIGINT)
            live.wait(PATIENCE_S)
    own.unlink()
    recording = read(path)
    steps = read_steps((event.kind, event.data) for event in recording.events())
    assert {type(step) for step in steps} >= {GuideBegan, CueGiven}
    test = open_replay(path, speed=None)
    seen: list[LiveEvent] = []
    test.start()
    while not test.wait(0.02):
        seen += test.drain()
    seen += test.drain()
    test.close()
    assert tuple(event for event in seen if isinstance(event, GUIDE_EVENTS)) == steps
    assert Phase.LIFT in {event.phase for event in seen if isinstance(event, PhaseChanged)}
    result = analyze_recording(recording)
    assert (result.protocol, result.sets) == ("own", test.results)
    assert result.cues == tuple(step for step in steps if isinstance(step, CueGiven))


def test_a_port_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.fo"
    assert main(["live", str(tmp_path / "nothing"), "--offscreen", "--out", str(path)]) == 1
    captured = capsys.readouterr()
    assert len(captured.err.strip().splitlines()) == 1
    assert "no such device" in captured.err


def test_a_folder_that_is_not_there_is_said_before_the_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", "nowhere", "--offscreen", "--out", str(tmp_path / "no" / "x.fo")]) == 1
    assert "cannot record to" in capsys.readouterr().err
