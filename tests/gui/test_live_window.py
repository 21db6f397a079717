"""The window offscreen: keys, cards, lanes and truths, frame by frame without its timer."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from tests.gui.conftest import Clock
from tests.gui.pictures import draw, pixels
from tests.gui.synthetic import (
    GLUTE,
    HAMSTRING,
    KIT_2,
    KIT_4,
    KIT_8,
    FakeHandle,
    Plan,
    SyntheticTest,
    make_lift,
    make_set,
)

from firingorder_gui.bottom_bar import Action
from firingorder_gui.hold import HOLD_S
from firingorder_gui.qt import QtCore, QtGui, QtWidgets
from firingorder_gui.stall import STALL_S
from firingorder_gui.texts import ENGLISH
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import (
    Command,
    LiveEvent,
    Origin,
    Phase,
    PhaseChanged,
    ReplayIdle,
    SessionEnded,
    TestStarted,
)
from firingorder_signal.blocks import FloatArray, Side
from firingorder_signal.events import LiftEnded, LiftStarted, ProvisionalOrder, SetUpdated
from firingorder_signal.results import Verdict

Key = QtCore.Qt.Key
PRESS, RELEASE = QtCore.QEvent.Type.KeyPress, QtCore.QEvent.Type.KeyRelease


def press(window: LiveWindow, key: QtCore.Qt.Key, *, kind: QtCore.QEvent.Type = PRESS, repeat: bool = False) -> None:
    """Send one key event to the window."""
    event = QtGui.QKeyEvent(kind, key, QtCore.Qt.KeyboardModifier.NoModifier, "", repeat)
    QtWidgets.QApplication.sendEvent(window, event)


def play(window: LiveWindow, clock: Clock, plan: Plan, until_s: float, *, paint: bool = False) -> SyntheticTest:
    """Play the made-up test into the window up to a time; `paint` also paints every frame."""
    test = SyntheticTest(plan)
    handle = window.session
    assert isinstance(handle, FakeHandle)
    while clock.now_s < until_s:
        clock.now_s += 0.05
        handle.waiting += test.until(clock.now_s)
        window.tick()
        if paint:
            QtWidgets.QApplication.processEvents()
    QtWidgets.QApplication.processEvents()
    return test


def show(window: LiveWindow, *events: LiveEvent) -> None:
    """Let the window take events."""
    handle = window.session
    assert isinstance(handle, FakeHandle)
    handle.waiting += events
    window.tick()


def sweep_picture(window: LiveWindow) -> FloatArray:
    """Grab the sweep alone."""
    box = window.traces.place.sweep
    whole = draw(window.traces)
    return whole[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Key.Key_Space, Command.NEXT),
        (Key.Key_Return, Command.NEXT),
        (Key.Key_Enter, Command.NEXT),
        (Key.Key_PageDown, Command.NEXT),
        (Key.Key_R, Command.REPEAT),
        (Key.Key_PageUp, Command.REPEAT),
        (Key.Key_M, Command.MARK),
    ],
)
def test_a_key_sends_its_command(window: LiveWindow, handle: FakeHandle, key: QtCore.Qt.Key, command: Command) -> None:
    press(window, key)
    assert handle.commands == [command]


def test_a_key_held_down_counts_once(window: LiveWindow, handle: FakeHandle) -> None:
    press(window, Key.Key_Space)
    press(window, Key.Key_Space, repeat=True)
    assert handle.commands == [Command.NEXT]


def test_escape_stops_after_one_second_and_not_before(window: LiveWindow, handle: FakeHandle, clock: Clock) -> None:
    press(window, Key.Key_Escape)
    clock.now_s += HOLD_S * 0.9
    window.tick()
    assert handle.commands == []
    assert window.bottom.hints[Action.STOP].share == pytest.approx(0.9)
    clock.now_s += HOLD_S * 0.2
    window.tick()
    window.tick()
    assert handle.commands == [Command.STOP]


def test_escape_let_go_early_stops_nothing(window: LiveWindow, handle: FakeHandle, clock: Clock) -> None:
    press(window, Key.Key_Escape)
    press(window, Key.Key_Escape, kind=RELEASE)
    clock.now_s += 2 * HOLD_S
    window.tick()
    assert handle.commands == []


def test_a_held_escape_that_the_server_repeats_is_still_held(
    window: LiveWindow, handle: FakeHandle, clock: Clock
) -> None:
    """A busy machine hands repeats on as plain releases and presses."""
    press(window, Key.Key_Escape)
    while clock.now_s < HOLD_S * 1.1:
        press(window, Key.Key_Escape, kind=RELEASE)
        clock.now_s += 0.04
        press(window, Key.Key_Escape)
        window.tick()
    assert handle.commands == [Command.STOP]


def test_a_click_on_a_key_hint_is_the_key(window: LiveWindow, handle: FakeHandle) -> None:
    window.bottom.hints[Action.NEXT].click()
    assert handle.commands == [Command.NEXT]


def test_help_opens_and_any_key_closes_it_without_effect(window: LiveWindow, handle: FakeHandle) -> None:
    press(window, Key.Key_Question)
    assert window.help.isVisible()
    press(window, Key.Key_Space)
    assert not window.help.isVisible()
    assert handle.commands == []


def test_there_are_no_traces_before_there_is_data(window: LiveWindow) -> None:
    window.tick()
    assert window.traces.isHidden()
    assert window.traces.lens.picture is None
    assert window.card.content.word == "Connecting…"


@pytest.mark.parametrize("kit", [KIT_2, KIT_4, KIT_8], ids=len)
def test_there_is_a_lane_for_each_muscle_and_one_for_the_angles(
    window: LiveWindow, clock: Clock, kit: tuple[object, ...]
) -> None:
    play(window, clock, Plan({2: KIT_2, 4: KIT_4, 8: KIT_8}[len(kit)]), 2.0)
    assert [row.site is None for row in window.traces.place.rows] == [True] + [False] * len(kit)
    assert not window.traces.isHidden()


def test_a_whole_test_ends_with_the_sets_verdict_and_six_rows(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 36.0)
    assert window.card.content.word == "Hamstring first"
    assert sorted(window.table.rows) == [1, 2, 3, 4, 5, 6]
    assert all(row.isVisible() for row in window.table.rows.values())
    assert window.traces.lens.picture is not None
    assert window.traces.lens.picture.number == 6


def test_the_screen_after_partial_repaints_equals_a_full_one(window: LiveWindow, clock: Clock) -> None:
    # What is on the (offscreen) screen, as partial repaints left it, against everything drawn anew.
    play(window, clock, Plan(KIT_2), 13.3, paint=True)
    shown = pixels(window.screen().grabWindow(window.winId()))
    redrawn = pixels(window.grab())
    assert redrawn.std() > 5
    # A line cut at a repaint's edge is antialiased a shade differently (2 of 255 seen).
    assert np.abs(shown - redrawn).max() < 8


def test_lost_samples_leave_a_gap_in_the_sweep(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2, gap_s=(6.2, 6.8)), 9.0)
    row = next(row for row in window.traces.place.rows if row.site == HAMSTRING)
    box, view = window.traces.place.sweep, draw(window.traces)
    middle = int(row.middle)
    gap = view[middle - 4 : middle + 4, int(box.left + box.width * 0.63) : int(box.left + box.width * 0.67)]
    lane = view[middle - 4 : middle + 4, int(box.left + box.width * 0.53) : int(box.left + box.width * 0.60)]
    card = QtGui.QColor(window.look.theme.colour("card"))
    ground = np.array([card.red(), card.green(), card.blue()])
    assert np.median(np.abs(gap - ground)) == 0
    assert np.median(np.abs(lane - ground)) > 20


def test_markers_go_when_the_head_passes_them(window: LiveWindow, clock: Clock) -> None:
    plan = Plan(KIT_2, n_lifts=1)
    play(window, clock, plan, 8.5)
    sweep = window.traces.sweep
    assert [marker.label for marker in sweep.shown] == ["", "", "leg moves", "17°", "5°"]
    test = SyntheticTest(replace(plan, n_lifts=4))
    show(window, *test.traces(8.5, 15.3))  # ten seconds after the onsets, not yet after the peak
    assert [marker.label for marker in sweep.shown] == ["17°", "5°"]
    show(window, *test.traces(15.3, 17.0))
    assert sweep.shown == ()


def test_freezing_holds_the_sweep_and_says_so(window: LiveWindow, clock: Clock, handle: FakeHandle) -> None:
    test = play(window, clock, Plan(KIT_2), 8.0)
    press(window, Key.Key_F)
    window.tick()
    before = sweep_picture(window)
    handle.waiting += test.until(9.0)
    window.tick()
    assert np.array_equal(before, sweep_picture(window))
    assert window.traces.banner.text == ENGLISH.frozen
    press(window, Key.Key_F)
    window.tick()
    assert window.traces.banner.text == ""
    assert not np.array_equal(before, sweep_picture(window))


def test_silence_is_said_within_a_second(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 3.0)
    assert window.traces.banner.text == ""
    clock.now_s += STALL_S + 0.1
    window.tick()
    assert window.traces.banner.text == "NO DATA FOR 1 s"
    assert window.card.content.word == ENGLISH.trouble.silent, "also where nobody is left who could say so"
    assert STALL_S < 1.0
    play(window, clock, Plan(KIT_2), 4.0)
    assert window.card.content.word != ENGLISH.trouble.silent


def test_silence_in_a_replay_is_judged_by_the_clock_of_the_replay(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 3.0)
    show(window, TestStarted("prone_hip_extension", "Prone hip extension", Side.RIGHT, 6, Origin.REPLAY))
    clock.now_s += 5.0  # the analysis of a fast replay is behind
    window.tick()
    assert window.traces.banner.text == ""
    assert window.traces.banner.text == ""
    show(window, ReplayIdle(5.5))
    assert window.traces.banner.text == "NO DATA FOR 2 s"


def test_an_ended_session_does_not_complain_about_silence(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 3.0)
    show(window, SessionEnded())
    clock.now_s += 10
    window.tick()
    assert window.traces.banner.text == ""


def test_a_number_key_and_a_click_show_an_earlier_lift(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 19.5)
    press(window, Key.Key_1)
    assert window.traces.lens.picture is not None
    assert window.traces.lens.picture.number == 1
    assert window.order.content.title.endswith("lift 1")
    window.table.rows[2].click()
    assert window.traces.lens.picture.number == 2


def test_the_lens_is_completed_when_its_last_samples_have_come(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 5.46)
    assert window.traces.lens.picture is not None
    play(window, clock, Plan(KIT_2), 5.7)
    assert window.traces.lens.picture.complete


def test_space_closes_the_window_once_the_session_has_ended(window: LiveWindow, handle: FakeHandle) -> None:
    show(window, SessionEnded())
    press(window, Key.Key_Space)
    assert not window.isVisible()
    assert handle.commands == []
    assert handle.closed == 1


def test_origin_is_in_the_title(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 0.2)
    assert window.windowTitle() == "FiringOrder · Prone hip extension · SIMULATED"


def test_controls_have_names_for_screen_readers(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 9.0)
    assert window.card.accessibleName() == "Hamstring first"
    assert "84 ms before glute max" in window.card.accessibleDescription()
    assert window.table.rows[1].accessibleName() == "1, Hamstring first, +84 ms, 17°, 5°"
    for widget in window.findChildren(QtWidgets.QWidget):
        if isinstance(widget, QtWidgets.QAbstractButton):
            assert widget.accessibleName()


def test_no_control_takes_the_keys_from_the_window(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 9.0)
    focusable = [
        widget
        for widget in window.findChildren(QtWidgets.QWidget)
        if widget.focusPolicy() != QtCore.Qt.FocusPolicy.NoFocus
    ]
    assert focusable == []


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (2560, 1440), (1920, 1200), (700, 420)])
def test_every_size_draws(window: LiveWindow, clock: Clock, size: tuple[int, int]) -> None:
    play(window, clock, Plan(KIT_4), 12.0)
    window.resize(*size)
    window.tick()
    assert draw(window).shape == (size[1], size[0], 3)
    assert window.store.n_columns == int(window.traces.place.sweep.width)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_draws(window: LiveWindow, clock: Clock, verdict: Verdict) -> None:
    play(window, clock, Plan(KIT_4, verdicts=(verdict,)), 9.0)
    assert draw(window).std() > 5


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_phase_draws_in_both_themes(qapp: object, handle: FakeHandle, theme: str, phase: Phase) -> None:
    live = LiveWindow(handle, theme=theme)
    live.resize(1280, 720)
    live.show()
    show(live, PhaseChanged(phase, lift=1, progress=0.3, seconds_left=2.0))
    assert draw(live).std() > 1
    live.close()
    live.deleteLater()


def test_a_provisional_order_is_one_small_line_on_the_card(window: LiveWindow) -> None:
    lag = make_lift().lag
    assert lag is not None
    show(window, LiftStarted(1, 5.0, Side.RIGHT), PhaseChanged(Phase.LIFTING, lift=1))
    before = pixels(window.card.grab())
    show(window, ProvisionalOrder(Side.RIGHT, 5.1, replace(lag, p_hamstring_first=0.97)))
    changed = (pixels(window.card.grab()) != before).reshape(len(before), -1).any(axis=1)
    assert window.card.accessibleName() == "Lifting…"
    assert 0 < np.count_nonzero(changed) < 0.15 * len(changed)
    assert np.flatnonzero(changed).min() > len(changed) / 2


def lengthen(text: str) -> str:
    """Make a text 40 % longer, as another language may be."""
    return text + "ü" * (len(text) * 2 // 5)


def test_texts_two_fifths_longer_still_fit(qapp: object, handle: FakeHandle) -> None:
    longer: dict[str, Any] = {name: lengthen(text) for name, text in vars(ENGLISH).items() if isinstance(text, str)}
    live = LiveWindow(handle, texts=replace(ENGLISH, **longer))
    live.resize(1920, 1080)
    live.show()
    started = TestStarted("x", lengthen("Prone hip extension"), Side.RIGHT, 6, Origin.LIVE)
    lift = make_lift(1)
    show(live, started, LiftEnded(lift), SetUpdated(make_set([lift])), PhaseChanged(Phase.ANSWER, 1))
    view = draw(live.card)
    # The word may not run into the card's right edge: the last columns before the rounded edge stay empty.
    card = QtGui.QColor(live.look.theme.colour("card"))
    assert np.abs(view[60:250, -24:-8] - [card.red(), card.green(), card.blue()]).max() < 8
    live.close()
    live.deleteLater()


def test_a_timer_pulls_by_itself(window: LiveWindow, handle: FakeHandle, qtbot: QtBot) -> None:
    handle.waiting += [PhaseChanged(Phase.READY, lift=1)]
    window.start()
    qtbot.waitUntil(lambda: window.card.content.word == "Ready", timeout=5000)


def test_glute_is_named_in_its_lane(window: LiveWindow, clock: Clock) -> None:
    play(window, clock, Plan(KIT_2), 2.0)
    labels = {label.letter: label for label in window.traces.labels.labels if label is not None}
    assert (labels["G"].name, labels["G"].side, labels["G"].note) == ("Glute max", "right", "")
    assert window.store.lane(GLUTE) is not None
