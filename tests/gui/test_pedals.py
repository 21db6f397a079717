"""Pedals and presenters are keyboards: each of their keys does what somebody with full hands expects."""

import pytest
from tests.gui.conftest import Clock
from tests.gui.synthetic import FakeHandle

from firingorder_gui.bottom_bar import Action
from firingorder_gui.hold import HOLD_S, REPEAT_S
from firingorder_gui.qt import QtCore, QtGui, QtWidgets
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import Command, SessionEnded

Key = QtCore.Qt.Key
PRESS, RELEASE = QtCore.QEvent.Type.KeyPress, QtCore.QEvent.Type.KeyRelease
#: What a presenter (Logitech R400 and its like) and common pedals send.
TURN_ON = [Key.Key_Space, Key.Key_Return, Key.Key_Enter, Key.Key_PageDown]
BLACK = [Key.Key_B, Key.Key_Period]


def send(window: LiveWindow, key: Key, kind: QtCore.QEvent.Type = PRESS, *, repeated: bool = False) -> None:
    """Send a key as the keyboard does."""
    event = QtGui.QKeyEvent(kind, key, QtCore.Qt.KeyboardModifier.NoModifier, "", repeated)
    QtWidgets.QApplication.sendEvent(window, event)


def tap(window: LiveWindow, key: Key) -> None:
    """Press a key and let it go."""
    send(window, key)
    send(window, key, RELEASE)


@pytest.mark.parametrize("key", TURN_ON, ids=lambda key: key.name)
def test_a_pedal_moves_on(window: LiveWindow, handle: FakeHandle, key: Key) -> None:
    tap(window, key)
    assert handle.commands == [Command.NEXT]


def test_a_pedal_that_is_stood_on_moves_on_once(window: LiveWindow, handle: FakeHandle) -> None:
    send(window, Key.Key_PageDown)
    for _ in range(20):
        send(window, Key.Key_PageDown, repeated=True)
    assert handle.commands == [Command.NEXT]


def test_a_presenter_turns_back(window: LiveWindow, handle: FakeHandle) -> None:
    tap(window, Key.Key_PageUp)
    assert handle.commands == [Command.REPEAT]


@pytest.mark.parametrize("key", BLACK, ids=lambda key: key.name)
def test_a_presenters_black_screen_freezes_and_goes_on(window: LiveWindow, handle: FakeHandle, key: Key) -> None:
    tap(window, key)
    assert window.store.frozen
    tap(window, key)
    assert not window.store.frozen
    assert handle.commands == []


def test_a_presenter_that_begins_a_show_fills_the_screen(window: LiveWindow, handle: FakeHandle) -> None:
    tap(window, Key.Key_F5)
    assert window.isFullScreen()
    tap(window, Key.Key_F5)
    assert not window.isFullScreen()
    assert handle.commands == []


def test_a_presenter_that_ends_a_show_does_not_end_the_test(
    window: LiveWindow, handle: FakeHandle, clock: Clock
) -> None:
    tap(window, Key.Key_Escape)
    for _ in range(20):
        clock.now_s += REPEAT_S
        window.tick()
    assert handle.commands == []
    assert window.isVisible()


def test_escape_held_stops(window: LiveWindow, handle: FakeHandle, clock: Clock) -> None:
    send(window, Key.Key_Escape)
    window.tick()
    clock.now_s += HOLD_S + 0.01
    window.tick()
    assert handle.commands == [Command.STOP]


@pytest.mark.parametrize("key", [*TURN_ON, Key.Key_PageUp, *BLACK, Key.Key_F5], ids=lambda key: key.name)
def test_any_key_first_puts_the_help_away(window: LiveWindow, handle: FakeHandle, key: Key) -> None:
    window.act(Action.HELP, True)
    tap(window, key)
    assert window.help.isHidden()
    assert handle.commands == []
    assert not window.store.frozen


def test_a_pedal_closes_the_window_of_an_ended_test(window: LiveWindow, handle: FakeHandle) -> None:
    handle.waiting = [SessionEnded()]
    window.tick()
    tap(window, Key.Key_PageDown)
    assert window.isHidden()
    assert handle.commands == []
