"""The demo as its user runs it, offscreen: a patient lifts at the tone, one leg and the other; sensors that fail."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firingorder_session.events.guide_events import CueGiven, read_steps
from firingorder_session.judging.analysis import analyze
from firingorder_session.recordings.read import read
from firingorder_signal.blocks import Side

PATIENCE_S = 90.0
#: More than the empty recording: samples are coming in.
FLOWING_BYTES = 200_000


@contextmanager
def demo(folder: Path, *words: str) -> Generator["subprocess.Popen[str]"]:
    """Run a demo of one lift in a folder; end it by its pid whatever happens."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen(
        [sys.executable, "-m", "firingorder", "demo", "--lifts", "1", *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def count_recorded_bytes(folder: Path) -> int:
    """Tell how large the recording and its log are."""
    return sum(path.stat().st_size for path in folder.glob("demo.fo*"))


def find_sensors(parent: int) -> list[int]:
    """Return the children of a process, by the kernel's list."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(word) for word in children.read_text(encoding="ascii").split()]


@pytest.mark.timeout(180)
def test_the_patient_lifts_each_leg_at_its_cue_and_the_demo_ends_by_itself(tmp_path: Path) -> None:
    """Takes 25 s of real time: rest, a cue and a lift of one leg, then of the other."""
    with demo(tmp_path, "--side", "both", "--rest-s", "2") as running:
        said, problems = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 0, problems
    assert "recorded: demo.fo" in said
    assert (tmp_path / "demo.png").exists()
    recording = read(tmp_path / "demo.fo")
    steps = read_steps((event.kind, event.data) for event in recording.events())
    cues = {step.side: step.time_s for step in steps if isinstance(step, CueGiven)}
    lifts = {result.side: result.lifts for result in analyze(recording).sets}
    assert set(cues) == set(lifts) == {Side.LEFT, Side.RIGHT}
    for side, (lift,) in lifts.items():
        assert lift.valid
        # Hearing and moving take 1.3 s, and a busy machine hears late.
        assert 1.0 < lift.start_s - cues[side] < 4.0


@pytest.mark.timeout(180)
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the demo's child in /proc")
def test_a_demo_whose_sensors_die_says_so_and_ends(tmp_path: Path) -> None:
    with demo(tmp_path) as running:
        deadline = time.monotonic() + PATIENCE_S
        while count_recorded_bytes(tmp_path) < FLOWING_BYTES and time.monotonic() < deadline:
            time.sleep(0.05)
        assert running.poll() is None, running.communicate()
        (sensors,) = find_sensors(running.pid)
        os.kill(sensors, signal.SIGKILL)
        _, problems = running.communicate(timeout=PATIENCE_S)
    assert running.returncode == 1
    assert "the virtual wearable has ended" in problems
