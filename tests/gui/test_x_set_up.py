"""The set-up as a person goes through it: a real X window, keys, the virtual wearable, and what the recording says."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.gui.x_screen import X_MARKS

PATIENCE_S = 90.0

pytestmark = X_MARKS


@pytest.fixture
def display() -> Iterator[str]:
    """Run an X server with a window manager."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        name = f":{pipe.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": name}, stderr=subprocess.DEVNULL)
    yield name
    for process in (manager, server):
        process.terminate()
        process.wait(timeout=60)


class Journey:
    """The demo in its window, and keys sent to it."""

    def __init__(self, display: str, folder: Path) -> None:
        """Start it with two electrodes exchanged."""
        self.path = folder / "journey.fo"
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        words = ["demo", "--setup", "--swap", "channels", "--lifts", "1", "--out", str(self.path)]
        self.process = subprocess.Popen([sys.executable, "-m", "firingorder", *words], env=self.environment, cwd=folder)

    def xdotool(self, *words: str) -> str:
        """Run xdotool on its display."""
        done = subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout.strip()

    def press(self, *keys: str) -> None:
        """Press keys in the window, a moment apart."""
        window = self.xdotool("search", "--sync", "--onlyvisible", "--name", "FiringOrder").splitlines()[-1]
        self.xdotool("windowactivate", "--sync", window)
        for key in keys:
            self.xdotool("key", key)
            time.sleep(0.3)

    def wait_for(self, kind: str, *keys: str) -> dict[str, Any]:
        """Wait for an event in the recording; press keys every two seconds until it is there."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
                found = connection.execute("SELECT data FROM events WHERE kind = ?", (kind,)).fetchone()
            if found is not None:
                return dict(json.loads(found[0]))
            if keys:
                self.press(*keys)
            time.sleep(2.0)
        pytest.fail(f"no {kind} in the recording within {PATIENCE_S:.0f} s")

    def wait_for_samples(self) -> None:
        """Wait until some seconds of both sensors are recorded, so that the electrodes' state is known."""
        deadline = time.monotonic() + PATIENCE_S
        n_frames = 0
        while n_frames < 1000 and time.monotonic() < deadline:
            time.sleep(0.5)
            if self.path.exists():
                with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
                    (n_frames,) = connection.execute("SELECT count(*) FROM frames").fetchone()


@pytest.mark.timeout(300)
def test_exchanged_electrodes_are_found_named_and_put_right(display: str, tmp_path: Path) -> None:
    """Takes a minute of real time: the patient hears, moves, and lets go, three times; then rest is measured."""
    journey = Journey(display, tmp_path)
    try:
        journey.press("Right", "space", "space")
        journey.wait_for_samples()
        journey.press("space")
        identity = journey.wait_for("identity")
        assert identity["muscles"]["outcome"] == "exchanged"
        assert identity["segments"]["outcome"] == "as_marked"
        names = journey.wait_for("relabel", "x")
        after = {site for stream in names["streams"].values() for site in stream["after"]}
        assert after == {"gluteus_maximus/right", "hamstring_lateral/right"}
        journey.press("space")
        time.sleep(6.0)
        rest = journey.wait_for("rest_level", "space")
        assert all(level < 5.0 for level in rest["rms_uv"].values())
        began = journey.wait_for("test_began", "space")
        assert began["from_s"] > 10.0
    finally:
        journey.process.terminate()
        journey.process.wait(timeout=60)
