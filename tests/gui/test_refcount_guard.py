"""Guard against a binding that drops references to None (PySide6 6.12.0 on Python 3.11 aborts within 100 frames).

Only there can it be seen: from Python 3.12 on None is immortal. The pin in `pyproject.toml` keeps it away.
"""

import sys

import pytest

from firingorder_gui.qt import QtWidgets
from firingorder_gui.window import LiveWindow

CALLS = 3000
#: Short runs show a noise of some dozen references; the fault is one a call.
NOISE = 300


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None has no count from Python 3.12 on")
def test_qt_calls_keep_the_references_to_none(qapp: object) -> None:
    widget = QtWidgets.QWidget()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        widget.update()
    assert abs(sys.getrefcount(None) - before) < NOISE
    widget.deleteLater()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None has no count from Python 3.12 on")
def test_frames_keep_the_references_to_none(window: LiveWindow) -> None:
    for _ in range(100):
        window.tick()
    before = sys.getrefcount(None)
    for _ in range(1000):
        window.traces.sweep.update()
        window.card.update()
        window.tick()
    assert abs(sys.getrefcount(None) - before) < NOISE
