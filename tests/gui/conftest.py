"""Qt without a screen, chosen before Qt is imported; the X window test starts its own processes with their own."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
# `tests.gui.synthetic` is shared with the benchmarks; `pytest` alone does not put the root on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.gui.synthetic import FakeHandle

from firingorder_gui.window import LiveWindow


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        """Start at zero."""
        self.now_s = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    """Make a clock to move by hand."""
    return Clock()


@pytest.fixture
def handle() -> FakeHandle:
    """Make a session that plays what the test puts in."""
    return FakeHandle()


@pytest.fixture
def window(qapp: object, handle: FakeHandle, clock: Clock) -> Iterator[LiveWindow]:
    """Show a window of the design's size, without its timer running: `tick` is called by the test."""
    live = LiveWindow(handle, clock=clock)
    live.resize(1920, 1080)
    live.show()
    yield live
    live.close()
    live.deleteLater()
