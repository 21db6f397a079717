"""A test of holds on a real X server, from the first hold to its review: bars, lens and list as the screen shows them.

The patient and his sensors are virtual, the chain is the real one, in real time: it takes a little over a minute.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import numpy as np
import pytest
from tests.gui.pictures import image_pixels
from tests.gui.x_screen import X_MARKS, x_screen

from firingorder_gui.qt import QtGui
from firingorder_gui.theme import DARK
from firingorder_session.judging.analysis import analyze
from firingorder_session.recordings.read import read
from firingorder_signal.blocks import FloatArray

PROGRAM = Path(__file__).with_name("hold_window.py")
SIZE = (1920, 1080)
#: Where the right column has the effort card's bars, and where the lens lies, pixels at that size.
BARS, LENS = (slice(400, 700), slice(1330, 1690)), (slice(80, 1010), slice(890, 1205))
STEP_S, PRESSES = 40.0, 4

pytestmark = X_MARKS


class Journey:
    """A program on a display, what it says, and keys for it."""

    def __init__(self, display: str, folder: Path, *words: str) -> None:
        """Start it."""
        self.folder = folder
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.process = subprocess.Popen(
            [sys.executable, *words], env=self.environment, stdout=subprocess.PIPE, text=True, cwd=folder
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.tool("search", "--sync", "--onlyvisible", "--name", "FiringOrder")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())

    def wait_for(self, start: str) -> str:
        """Wait for a line that begins so."""
        deadline = time.monotonic() + STEP_S
        while time.monotonic() < deadline:
            try:
                line = self._lines.get(timeout=1.0)
            except Empty:
                continue
            if line.startswith(start):
                return line
        pytest.fail(f"no line {start!r} within {STEP_S} s")

    def tool(self, *words: str) -> str:
        """Run xdotool."""
        done = subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout.strip()

    def key(self, *keys: str) -> None:
        """Press keys in the window."""
        window = self.tool("search", "--sync", "--onlyvisible", "--name", "FiringOrder").splitlines()[-1]
        self.tool("windowactivate", "--sync", window)
        self.tool("key", "--delay", "60", *keys)

    def until(self, came: Callable[[], bool], *keys: str) -> None:
        """Press keys, again where they were not heard, until something has come of it."""
        for _ in range(PRESSES):
            self.key(*keys)
            deadline = time.monotonic() + STEP_S / PRESSES
            while time.monotonic() < deadline:
                if came():
                    return
                time.sleep(0.2)
        pytest.fail(f"{keys}, and nothing came of it")

    def picture(self, name: str) -> FloatArray:
        """Save what the X server shows, and return its pixels."""
        path = self.folder / name
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, timeout=60, check=True)
        return image_pixels(QtGui.QImage(str(path)))

    def stop(self) -> None:
        """End it, if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(timeout=60)
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture
def display() -> Iterator[str]:
    with x_screen(*SIZE) as name:
        yield name


def of_colour(pixels: FloatArray, part: tuple[slice, slice], role: str) -> int:
    """Count the pixels of a part of the screen that have a role's colour."""
    colour = QtGui.QColor(DARK.colour(role))
    wanted = np.array([colour.red(), colour.green(), colour.blue()])
    # The channels of an image lie in either order, by the machine's.
    found = pixels[part][..., :3]
    same = [np.abs(found - each).max(axis=-1) < 12 for each in (wanted, wanted[::-1])]
    return int(np.sum(same[0] | same[1]))


def test_a_journey_through_a_test_of_holds_and_its_review(display: str, tmp_path: Path) -> None:
    path = tmp_path / "holds.fo"
    journey = Journey(display, tmp_path, str(PROGRAM), str(path))
    try:
        journey.wait_for("PHASE ready")
        ready = journey.picture("1-ready.png")
        journey.wait_for("SHARE")
        for _ in range(6):
            journey.wait_for("SHARE")
        hold = journey.picture("2-hold.png")
        assert of_colour(hold, BARS, "G") > 2 * of_colour(ready, BARS, "G")
        journey.wait_for("HOLD 1")
        time.sleep(0.5)  # the next frames draw it
        rest = journey.picture("3-rest.png")
        # What was an outline is the hold itself now.
        assert of_colour(rest, LENS, "G") > of_colour(hold, LENS, "G")
        journey.wait_for("HOLD 2")
        time.sleep(0.5)
        journey.picture("4-done.png")
        journey.key("1")
        time.sleep(0.5)
        journey.picture("5-first-again.png")
        journey.tool("keydown", "Escape")
        time.sleep(1.6)
        journey.tool("keyup", "Escape")
        journey.until(lambda: journey.process.poll() is not None, "space")
    finally:
        journey.stop()
    assert [each.hold.complete for each in analyze(read(path)).hold_summaries] == [True, True]
    review = Journey(display, tmp_path, "-m", "firingorder", "review", str(path), "--by", "AB")
    try:
        # A picture can be saved once all is analysed.
        review.until(lambda: (tmp_path / "holds-review-1.png").exists(), "e")
        first = review.picture("6-review.png")
        review.key("Right")
        time.sleep(1.0)
        second = review.picture("7-second-hold.png")
        assert (first != second).any()
        assert min(of_colour(each, BARS, "G") for each in (first, second)) > 0
        assert min(of_colour(each, LENS, "G") for each in (first, second)) > 0
    finally:
        review.stop()
