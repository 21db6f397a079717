"""The window run to its end by itself: a picture of it, and an exit code."""

from pathlib import Path

import pytest
from tests.gui.synthetic import KIT_2, FakeHandle, Plan, SyntheticTest

from firingorder_gui.app import run_window
from firingorder_gui.qt import QtGui
from firingorder_session.events.live_events import LiveEvent, SessionEnded
from firingorder_session.messages import Message, MessageCode


def ending(events: list[LiveEvent]) -> FakeHandle:
    """Return a session that plays events and then ends."""
    handle = FakeHandle()
    handle.waiting = events
    return handle


@pytest.mark.parametrize(("error", "code"), [(None, 0), (Message(MessageCode.ANALYSIS_FAILED), 1)])
def test_run_window_leaves_a_picture_and_an_exit_code(
    qapp: object, tmp_path: Path, error: Message | None, code: int
) -> None:
    path = tmp_path / "window.png"
    events = [*SyntheticTest(Plan(KIT_2)).until(20.0), SessionEnded(error)]
    handle = ending(events)
    assert run_window(handle, screenshot=path, close_when_ended=True) == code
    image = QtGui.QImage(str(path))
    assert (image.width(), image.height()) == (1920, 1080)
    assert handle.closed == 1


def test_a_picture_that_cannot_be_written_is_an_error(qapp: object, tmp_path: Path) -> None:
    assert run_window(ending([SessionEnded()]), screenshot=tmp_path / "no" / "a.png", close_when_ended=True) == 1
