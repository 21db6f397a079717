"""The window on a real X server with a window manager, driven by keys, judged by what the X server shows.

A widget's own picture is drawn anew in full and so cannot reveal what partial repaints left behind; only the root
window can. Skips where Xvfb, openbox, xdotool or ImageMagick are missing.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import numpy as np
import pytest
from tests.gui.pictures import image_pixels
from tests.gui.x_screen import X_MARKS, x_screen

from firingorder_gui.qt import QtGui

PROGRAM = Path(__file__).with_name("synthetic_window.py")
SIZE = (1920, 1080)
#: How often a key is pressed before it counts as unheard, and how long each time is waited, seconds.
PRESSES, KEY_S = 4, 6.0
#: How long a busy X server may take to show what was drawn, seconds.
SCREEN_S = 5.0

pytestmark = X_MARKS


class Program:
    """The window program under X, its lines of output, and keys sent to it."""

    def __init__(self, display: str, folder: Path, *arguments: str) -> None:
        """Start it."""
        self.display = display
        self.folder = folder
        self.grab = folder / "grab.png"
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.process = subprocess.Popen(
            [sys.executable, str(PROGRAM), "--picture", str(self.grab), *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        """Collect its lines."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())

    def wait_for(self, start: str, seconds: float = 20.0) -> str:
        """Wait for a line that begins so."""
        line = self._find(start, seconds)
        return line if line is not None else pytest.fail(f"no line {start!r} within {seconds} s")

    def _find(self, start: str, seconds: float) -> str | None:
        """Find a line that begins so; None when nothing is said for so long."""
        try:
            while True:
                line = self._lines.get(timeout=seconds)
                if line.startswith(start):
                    return line
        except Empty:
            return None

    def xdotool(self, *words: str) -> str:
        """Run xdotool on its display."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout.strip()

    def focus(self) -> None:
        """Wait until the window is shown, and give it the keys."""
        window = self.xdotool("search", "--sync", "--onlyvisible", "--name", "FiringOrder").splitlines()[-1]
        self.xdotool("windowactivate", "--sync", window)

    def press(self, key: str) -> str:
        """Press a key until the test hears of it; a busy machine may still be drawing the window. Return the line."""
        for _ in range(PRESSES):
            self.focus()
            self.xdotool("key", key)
            if (line := self._find("COMMAND", KEY_S)) is not None:
                return line
        pytest.fail(f"{PRESSES} times {key!r}, and no command")

    def root_picture(self, name: str) -> Path:
        """Save what the X server shows."""
        path = self.folder / name
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, timeout=60, check=True)
        return path

    def stop(self) -> None:
        """End it, if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=60)
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """Run an X server with a window manager."""
    with x_screen(*SIZE) as name:
        yield name


@pytest.fixture
def program(display: str, tmp_path: Path) -> Iterator[Program]:
    """Run the window on a made-up test, four times as fast."""
    running = Program(display, tmp_path, "--speed", "4")
    running.focus()
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("key", "command"), [("space", "next"), ("Next", "next"), ("Return", "next"), ("r", "repeat"), ("Prior", "repeat")]
)
def test_key_or_pedal_reaches_the_test(program: Program, key: str, command: str) -> None:
    assert program.press(key) == f"COMMAND {command}"


def test_escape_stops_only_when_held(program: Program) -> None:
    assert program.press("space") == "COMMAND next"
    program.xdotool("key", "Escape")
    assert program.press("r") == "COMMAND repeat"
    program.xdotool("keydown", "Escape")
    assert program.wait_for("COMMAND") == "COMMAND stop"
    program.xdotool("keyup", "Escape")


def test_screen_holds_what_a_full_redraw_holds(program: Program) -> None:
    # Twenty seconds of signal, so more than one whole sweep, at four times the speed; the keys are the clock.
    program.press("space")
    program.xdotool("key", "--delay", "1000", "--repeat", "5", "space")
    for _ in range(5):
        program.wait_for("COMMAND next")
    program.xdotool("key", "f")
    program.xdotool("key", "m")
    x, y, width, height, left, top = (int(word) for word in program.wait_for("SAVED").split()[1:])
    redrawn = image_pixels(QtGui.QImage(str(program.grab)))[y : y + height, x : x + width]
    assert redrawn.std() > 5, "the sweep is empty"
    # The traces stand still, so that what a repaint left behind stays; the last one may still be on its way.
    end_s = time.monotonic() + SCREEN_S
    while True:
        shown = image_pixels(QtGui.QImage(str(program.root_picture("root.png"))))[
            top + y : top + y + height, left + x : left + x + width
        ]
        wrong = np.abs(shown - redrawn).max(axis=-1) >= 8
        if not wrong.any() or time.monotonic() > end_s:
            break
    rows, columns = np.nonzero(wrong)
    assert not wrong.any(), f"{wrong.sum()} pixels, from {columns.min(), rows.min()} to {columns.max(), rows.max()}"


def test_closing_the_window_lets_the_test_go(program: Program) -> None:
    program.xdotool("key", "alt+F4")
    program.wait_for("CLOSED")
    assert program.process.wait(timeout=60) == 0
