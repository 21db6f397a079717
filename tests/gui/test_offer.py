"""The offer to go on with an unfinished test: its words, its keys, its buttons, at every size."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from firingorder_gui.offer import CHOICES, Choice, offer_content
from firingorder_gui.offer_window import OfferWindow
from firingorder_gui.qt import QtCore, QtGui
from firingorder_gui.texts import ENGLISH, Texts
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.unfinished import Unfinished
from firingorder_signal.blocks import Side

BEGUN = datetime(2026, 3, 4, 14, 3).astimezone()
BROKEN_OFF = Unfinished(Path("visit.fo"), find_protocol("prone_hip_extension"), Side.RIGHT, BEGUN, 3, 6)
Key = QtCore.Qt.Key


@pytest.fixture
def window(qapp: object) -> Iterator[OfferWindow]:
    """Show the offer."""
    shown = OfferWindow(offer_content(BROKEN_OFF, ENGLISH))
    shown.resize(1920, 1080)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def press(window: OfferWindow, key: Key, *, repeated: bool = False) -> None:
    """Press a key."""
    modifiers = QtCore.Qt.KeyboardModifier.NoModifier
    window.keyPressEvent(QtGui.QKeyEvent(QtCore.QEvent.Type.KeyPress, key, modifiers, "", repeated))


def test_it_says_when_which_leg_and_how_far() -> None:
    content = offer_content(BROKEN_OFF, ENGLISH)
    assert content.kicker == "Prone hip extension · right leg · from 14:03"
    assert content.count == "3 of 6 lifts counted"
    assert content.question == "Go on with it, or begin a new one?"
    assert all(words in content.spoken for words in (content.kicker, content.count, content.question, content.kept))


def test_without_a_side_or_with_holds_it_says_so() -> None:
    holds = replace(BROKEN_OFF, protocol=find_protocol("glute_set"), side=None)
    content = offer_content(holds, ENGLISH)
    assert "leg" not in content.kicker
    assert content.count == "3 of 6 holds counted"


def test_the_tests_name_comes_in_the_windows_language() -> None:
    assert offer_content(BROKEN_OFF, Texts(language="de")).kicker.startswith("Hüftstreckung in Bauchlage")


@pytest.mark.parametrize(
    ("key", "choice"),
    [
        (Key.Key_Space, Choice.GO_ON),
        (Key.Key_PageDown, Choice.GO_ON),
        (Key.Key_N, Choice.NEW),
        (Key.Key_Escape, Choice.NEITHER),
    ],
)
def test_a_key_chooses_and_closes(window: OfferWindow, key: Key, choice: Choice) -> None:
    press(window, key)
    assert window.choice is choice
    assert window.isHidden()


def test_other_keys_and_keys_held_from_before_choose_nothing(window: OfferWindow) -> None:
    press(window, Key.Key_M)
    press(window, Key.Key_Space, repeated=True)
    assert not window.isHidden()
    assert window.choice is Choice.NEITHER
    assert Key.Key_M not in CHOICES


@pytest.mark.parametrize("choice", [Choice.GO_ON, Choice.NEW])
def test_the_pointer_chooses_too(window: OfferWindow, choice: Choice) -> None:
    window.buttons[choice].click()
    assert window.choice is choice
    assert window.isHidden()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (800, 600), (3840, 2160), (640, 1200)])
def test_card_and_buttons_fit_at_every_size(window: OfferWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    assert window.rect().contains(window.card.geometry())
    first, second = window.buttons.values()
    assert window.card.rect().contains(first.geometry())
    assert window.card.rect().contains(second.geometry())
    assert not first.geometry().intersects(second.geometry())


def test_every_control_has_a_name(window: OfferWindow) -> None:
    assert window.card.accessibleName() == "Unfinished test"
    assert "3 of 6 lifts" in window.card.accessibleDescription()
    assert [button.accessibleName() for button in window.buttons.values()] == ["Go on (Space)", "New test (N)"]
