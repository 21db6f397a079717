"""The review on a real X server: a recording is opened, looked through, corrected by keys and pointer, and saved."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.gui.x_screen import X_MARKS, x_screen

from firingorder_session.corrections import OnsetMoved, find_corrections
from firingorder_session.recording_file import RecordingReader

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
#: How long a step may take on a busy machine, and how often a key is pressed before it counts as unheard.
STEP_S, PRESSES = 20.0, 4

pytestmark = X_MARKS


class Screen:
    """A display with the review on it."""

    def __init__(self, display: str, folder: Path, *words: str) -> None:
        """Start `firingorder review`."""
        self.folder = folder
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        command = [sys.executable, "-m", "firingorder", "review", *words]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        self.tool("search", "--sync", "--onlyvisible", "--name", "FiringOrder")

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
            deadline = time.monotonic() + STEP_S
            while time.monotonic() < deadline:
                if came():
                    return
                time.sleep(0.1)
        pytest.fail(f"{keys}, and nothing came of it")

    def picture(self, name: str) -> Path:
        """Save what the X server shows."""
        path = self.folder / name
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, timeout=60, check=True)
        return path

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, copy)
    return copy


@pytest.fixture
def screen(path: Path) -> Iterator[Screen]:
    with x_screen(1920, 1080) as display:
        shown = Screen(display, path.parent, str(path), "--by", "AB")
        yield shown
        shown.stop()


def corrections(path: Path) -> list[OnsetMoved]:
    with RecordingReader(path) as reader:
        return list(find_corrections(reader.events()).values())


def test_a_journey_through_the_review(screen: Screen, path: Path) -> None:
    folder = path.parent
    # A picture can be saved once all is analysed.
    screen.until(lambda: (folder / "visit-review-1.png").exists(), "e")
    screen.key("3")
    screen.picture("lift-3.png")
    screen.until(lambda: bool(corrections(path)), "Tab", "shift+Right", "Return")
    (moved,) = corrections(path)
    assert (moved.number, moved.correction.by) == (3, "AB")
    screen.picture("corrected.png")
    screen.until(lambda: not corrections(path), "u")
    screen.until(lambda: (folder / "visit-lens-1.svg").exists(), "shift+e")
    screen.picture("undone.png")
