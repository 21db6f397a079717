"""The set-up page: what it says at each step without Qt, then its keys and pointer in the window offscreen."""

from dataclasses import replace

import pytest
from tests.gui.conftest import Clock
from tests.gui.pictures import draw
from tests.gui.set_up_states import BEFORE, PAGES, STATES
from tests.gui.synthetic import GLUTE, HAMSTRING, FakeHandle
from tests.gui.test_live_window import press

from firingorder_gui.bottom_bar import Action
from firingorder_gui.qt import QtCore, QtGui, QtWidgets
from firingorder_gui.set_up_content import Choice, page_content
from firingorder_gui.set_up_parts import PageContent
from firingorder_gui.stall import STALL_S
from firingorder_gui.texts import ENGLISH
from firingorder_gui.theme import THEMES
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import Command, Origin, SessionEnded, TestStarted
from firingorder_session.events.set_up_events import ChooseReference, ChooseTest, ExchangeNames, SetUpStep
from firingorder_session.setting_up.references import ReferenceKind
from firingorder_signal.blocks import Side

Key = QtCore.Qt.Key
RIGHT = Choice("prone_hip_extension", Side.RIGHT)


def content(name: str) -> PageContent:
    """Derive a page."""
    return page_content(PAGES[name], RIGHT, ENGLISH)


def test_every_page_has_one_word_and_one_instruction() -> None:
    for name in PAGES:
        page = content(name)
        assert page.word, name
        assert page.body, name
        assert "{" not in page.spoken, name
        assert page.caps[0][0] == ENGLISH.cap_next


def test_an_exchange_is_named_with_its_figure_and_the_key() -> None:
    page = content("exchanged")
    assert page.word_role == "alarm"
    assert "marked right glute max answered for right hamstring (13 dB)" in page.body
    assert set(page.emphasis) == {GLUTE, HAMSTRING}
    assert "X" in dict(page.caps)
    assert "X" not in dict(content("renamed").caps)
    assert "X" not in dict(content("marked").caps)


def test_a_movement_that_was_skipped_is_not_said_to_have_answered() -> None:
    assert content("marked").word == "All as marked"
    page = content("partly")
    assert page.word == "Partly checked"
    assert page.body.startswith("1 of 3 movements answered")


def test_another_leg_is_named_as_that() -> None:
    assert "answered with the left leg" in content("other_leg").body


def test_the_first_electrode_to_mend_is_the_instruction() -> None:
    page = content("signal")
    assert page.word == "Mains hum"
    assert page.body.startswith("Right glute max: unplug the charger")
    assert page.emphasis == (GLUTE,)
    assert [row.well for row in page.rows] == [True, False, True, False]
    assert content("good").word_role == "text"


def test_what_is_remembered_is_labelled_so() -> None:
    page = content("place")
    assert "wording from memory" in page.spoken
    assert "20 mm" in page.body
    assert "arrow towards the head" in page.spoken


def test_rest_over_ten_microvolts_is_loud() -> None:
    page = content("rested")
    assert [row.well for row in page.rows] == [True, False]
    assert "10 µV" in page.body


def test_references_show_whether_trials_repeat() -> None:
    rows = {row.name: row for row in content("referenced").rows}
    assert "repeats well" in rows["right glute max"].word
    assert rows["right glute max"].detail == "knee bent"
    assert not rows["right hamstring"].well


def test_choices_go_round() -> None:
    assert RIGHT.moved(-1).protocol == RIGHT.tests[-1]
    assert RIGHT.number(2).protocol == RIGHT.tests[1]
    assert RIGHT.number(99) == RIGHT


def show(window: LiveWindow, handle: FakeHandle, name: str) -> None:
    """Show a page in the window."""
    handle.waiting += STATES[name]
    window.tick()


def test_the_page_covers_the_cards_and_goes_when_the_test_begins(window: LiveWindow, handle: FakeHandle) -> None:
    assert window.set_up.isHidden()
    show(window, handle, "place")
    assert window.set_up.isVisible()
    assert window.set_up.geometry().contains(window.card.geometry())
    assert window.set_up.geometry().contains(window.panel.geometry())
    handle.waiting += [replace(PAGES["place"], step=SetUpStep.DONE)]
    window.tick()
    assert window.set_up.isHidden()


def test_arrows_and_numbers_choose_and_space_goes_on(window: LiveWindow, handle: FakeHandle) -> None:
    handle.waiting += [*BEFORE, replace(PAGES["choose"], side=Side.MIDDLE)]
    window.tick()
    press(window, Key.Key_Space)
    assert handle.commands == []  # no leg is chosen yet
    press(window, Key.Key_Down)
    press(window, Key.Key_Left)
    press(window, Key.Key_Space)
    assert handle.commands == [ChooseTest(RIGHT.tests[1], Side.LEFT), Command.NEXT]
    press(window, Key.Key_1)
    press(window, Key.Key_Right)
    press(window, Key.Key_PageDown)
    assert handle.commands[2:] == [ChooseTest("prone_hip_extension", Side.RIGHT), Command.NEXT]


def test_the_pointer_chooses_too(window: LiveWindow, handle: FakeHandle) -> None:
    show(window, handle, "choose")
    draw(window.set_up)
    page = window.set_up
    page.choose(RIGHT)
    box = page.row_boxes[1]
    at = box.center()
    event = QtGui.QMouseEvent(
        QtCore.QEvent.Type.MouseButtonPress,
        at,
        page.mapToGlobal(at),
        QtCore.Qt.MouseButton.LeftButton,
        QtCore.Qt.MouseButton.LeftButton,
        QtCore.Qt.KeyboardModifier.NoModifier,
    )
    QtWidgets.QApplication.sendEvent(page, event)
    assert page.choice == Choice(RIGHT.tests[1], Side.RIGHT)


def test_x_exchanges_and_r_goes_back(window: LiveWindow, handle: FakeHandle) -> None:
    show(window, handle, "exchanged")
    press(window, Key.Key_X)
    press(window, Key.Key_R)
    press(window, Key.Key_PageUp)
    assert handle.commands == [ExchangeNames(), Command.REPEAT, Command.REPEAT]


def test_a_number_begins_a_reference(window: LiveWindow, handle: FakeHandle) -> None:
    show(window, handle, "reference")
    press(window, Key.Key_2)
    press(window, Key.Key_9)
    assert handle.commands == [ChooseReference(ReferenceKind.REFERENCE_LIFT)]


def test_levels_that_stopped_coming_are_not_shown_as_live(window: LiveWindow, handle: FakeHandle, clock: Clock) -> None:
    show(window, handle, "ask")
    clock.now_s += STALL_S + 0.1
    window.tick()
    assert window.set_up.stall == "NO DATA FOR 1 s"
    show(window, handle, "ask")
    assert window.set_up.stall == ""


def test_a_screen_reader_hears_the_instruction(window: LiveWindow, handle: FakeHandle) -> None:
    show(window, handle, "ask")
    assert window.set_up.accessibleName() == "Squeeze the right buttock"
    assert "right glute max: +17 dB" in window.set_up.accessibleDescription()


@pytest.mark.parametrize("theme", sorted(THEMES))
@pytest.mark.parametrize("size", [(1920, 1080), (900, 600)])
def test_every_page_can_be_drawn(qapp: object, theme: str, size: tuple[int, int]) -> None:
    handle = FakeHandle()
    live = LiveWindow(handle, theme=theme)
    live.resize(*size)
    live.show()
    for name in STATES:
        show(live, handle, name)
        assert draw(live.set_up).std() > 5, name
    live.close()
    live.deleteLater()


def test_a_set_up_that_is_played_back_takes_no_wishes_and_offers_the_test(
    window: LiveWindow, handle: FakeHandle
) -> None:
    handle.waiting = [
        replace(event, origin=Origin.REPLAY) if isinstance(event, TestStarted) else event
        for event in (*BEFORE, PAGES["exchanged"])
    ]
    window.tick()
    assert window.set_up.isVisible()
    assert window.set_up.content.caps == ((ENGLISH.cap_next, "on to the test"),)
    assert window.bottom.hints[Action.NEXT].meaning == "on to the test"
    press(window, Key.Key_X)
    assert handle.commands == []
    press(window, Key.Key_Space)
    assert handle.commands == [Command.NEXT]


def test_a_replay_that_has_ended_offers_the_review(window: LiveWindow, handle: FakeHandle) -> None:
    asked: list[bool] = []
    window.on_review = lambda: asked.append(True)
    handle.waiting = [*BEFORE, SessionEnded()]
    window.tick()
    assert window.bottom.hints[Action.NEXT].meaning == "review"
    press(window, Key.Key_Space)
    assert asked == [True]
    assert window.isVisible()
