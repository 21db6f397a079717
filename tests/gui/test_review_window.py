"""The review's window on a real recording: analysed once, then jumped about in, corrected, undone and drawn."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from tests.gui.fingers import click, drag, press_key, write
from tests.gui.pictures import draw

from firingorder_gui.qt import QtCore
from firingorder_gui.review_window import ReviewWindow
from firingorder_session.judging.analysis import analyze
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read
from firingorder_signal.blocks import Site

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
GLUTE = Site.parse("gluteus_maximus/right")
Key, Shift = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, copy)
    return copy


def open_window(path: Path, by: str = "AB") -> ReviewWindow:
    window = ReviewWindow(Review(read(path)), by=by)
    window.resize(1920, 1080)
    window.show()
    while window.model.done is not None:
        window.tick()
    return window


@pytest.fixture
def window(qapp: object, path: Path) -> Iterator[ReviewWindow]:
    shown = open_window(path)
    yield shown
    shown.close()
    shown.deleteLater()


def onset_s(window: ReviewWindow, number: int = 1) -> float:
    time_s = window.model.view.lifts[number].onsets[GLUTE].time_s
    assert time_s is not None
    return time_s


def take_glute(window: ReviewWindow) -> None:
    for _ in range(2):  # the hamstring's row comes first
        press_key(window, Key.Key_Tab)
    assert window.hand.draft is not None
    assert window.hand.draft.site == GLUTE


def test_it_shows_what_analyze_says(window: ReviewWindow, path: Path) -> None:
    assert window.review.results == analyze(read(path)).sets
    assert sorted(window.model.view.lifts) == [1, 2, 3, 4, 5]
    assert window.card.content.word == "Hamstring first"


def test_the_traces_of_a_page_are_those_of_the_recording(window: ReviewWindow) -> None:
    """The lens and the sweep read what a live window would have been told, to a float's precision."""
    times_s, values = window.whole.emg_between(GLUTE, 10.0, 12.0)
    assert len(times_s) == pytest.approx(4000, abs=3)
    assert np.all(np.diff(times_s) > 0.0)
    assert np.nanmax(np.abs(values)) > 10.0


def test_keys_go_from_lift_to_lift(window: ReviewWindow) -> None:
    press_key(window, Key.Key_Right)
    assert window.model.view.shown == 2
    press_key(window, Key.Key_5)
    lift = window.model.lift
    assert lift is not None
    assert lift.number == 5
    assert window.store.start_s <= lift.start_s <= window.store.start_s + 10.0
    press_key(window, Key.Key_PageUp)
    assert window.model.view.shown == 4


def test_zero_shows_the_set(window: ReviewWindow) -> None:
    press_key(window, Key.Key_0)
    assert "5 OF 5 LIFTS" in window.card.content.kicker


def test_a_click_in_the_bar_chooses_a_lift(window: ReviewWindow) -> None:
    span = window.overview.content.spans[3]
    x = window.overview.x_of((span.start_s + span.stop_s) / 2)
    at = QtCore.QPoint(round(x), round(window.overview.strip.center().y()))
    click(window.overview, at)
    assert window.model.view.shown == 4


def test_the_frame_can_be_dragged(window: ReviewWindow) -> None:
    bar = window.overview
    window.turn(0.0)
    at = bar.frame.center().toPoint()
    drag(bar, at, at + QtCore.QPoint(200, 0))
    expected_s = bar.time_at(bar.strip.left() + 200)
    assert window.store.start_s == pytest.approx(expected_s, abs=0.1)


def test_the_page_stays_inside_of_the_recording(window: ReviewWindow) -> None:
    window.turn(1e6)
    assert window.store.start_s == window.store.last_start_s
    window.turn(-1e6)
    assert window.store.start_s == 0.0


def test_arrows_move_an_onset_and_enter_keeps_it(window: ReviewWindow, path: Path) -> None:
    before_s = onset_s(window)
    take_glute(window)
    press_key(window, Key.Key_Right, Shift)
    press_key(window, Key.Key_Left)
    press_key(window, Key.Key_Return)
    assert onset_s(window) == pytest.approx(before_s + 0.009)
    (result,) = analyze(read(path)).sets
    corrected = result.lifts[0].onsets[GLUTE].corrected
    assert corrected is not None
    assert corrected.by == "AB"
    assert window.review.results == (result,)


def test_escape_drops_what_is_in_hand(window: ReviewWindow, path: Path) -> None:
    before, before_s = path.read_bytes(), onset_s(window)
    take_glute(window)
    press_key(window, Key.Key_Right)
    press_key(window, Key.Key_Escape)
    assert onset_s(window) == before_s
    assert path.read_bytes() == before


def test_undo_puts_it_back(window: ReviewWindow, path: Path) -> None:
    before = window.review.results
    take_glute(window)
    press_key(window, Key.Key_Right)
    press_key(window, Key.Key_Return)
    press_key(window, Key.Key_U)
    assert window.review.results == before
    assert analyze(read(path)).sets == before


def test_the_pointer_drags_an_onset_in_the_lens(window: ReviewWindow) -> None:
    lens, view = window.traces.lens, window.traces.viewport()
    picture = lens.picture
    assert picture is not None
    onset = picture.lanes[GLUTE].onset_s
    assert onset is not None
    row = next(row for row in lens.place.rows if row.site == GLUTE)
    before_s = onset_s(window)
    start = QtCore.QPoint(round(lens.x_of(onset)), round(row.middle))
    stop = QtCore.QPoint(round(lens.x_of(onset + 0.05)), round(row.middle))
    drag(view, start, stop)
    assert onset_s(window) == pytest.approx(before_s + 0.05, abs=0.004)
    assert window.table.rows[1].content.hand == "corrected by hand"


def test_initials_are_asked_for_once(qapp: object, path: Path) -> None:
    window = open_window(path, by="")
    before_s = onset_s(window)
    take_glute(window)
    press_key(window, Key.Key_Right)
    press_key(window, Key.Key_Return)
    assert window.ask.isVisible()
    assert onset_s(window) == before_s
    write(window.ask.field, "CD")
    press_key(window.ask.field, Key.Key_Return)
    assert onset_s(window) == pytest.approx(before_s + 0.001)
    take_glute(window)
    press_key(window, Key.Key_Right)
    press_key(window, Key.Key_Return)
    assert not window.ask.isVisible()
    assert onset_s(window) == pytest.approx(before_s + 0.002)
    window.close()


def test_without_initials_nothing_is_kept(qapp: object, path: Path) -> None:
    window = open_window(path, by="")
    before = path.read_bytes()
    take_glute(window)
    press_key(window, Key.Key_Right)
    press_key(window, Key.Key_Return)
    press_key(window.ask.field, Key.Key_Escape)
    assert path.read_bytes() == before
    assert window.hand.draft is None
    window.close()


def test_a_read_only_file_says_so_in_one_line(window: ReviewWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(path: object, mode: int) -> bool:
        return False

    monkeypatch.setattr("os.access", deny)
    press_key(window, Key.Key_Tab)
    assert window.hand.draft is None
    assert "read-only" in window.bottom.line


def test_nothing_of_the_draft_is_left_after_a_jump(window: ReviewWindow) -> None:
    take_glute(window)
    press_key(window, Key.Key_3)
    assert window.hand.draft is None
    assert window.traces.lens.chosen is None


def test_the_window_is_drawn(window: ReviewWindow) -> None:
    bar = draw(window.overview)
    assert len(np.unique(bar.reshape(-1, 3), axis=0)) > 20


def test_a_lift_can_be_looked_at_before_all_is_analysed(qapp: object, path: Path) -> None:
    window = ReviewWindow(Review(read(path)), by="AB", clock=Steps())
    window.resize(1920, 1080)
    window.show()
    while window.traces.lens.picture is None:
        window.tick()
    assert window.model.progress()
    assert "Analysing" in window.bottom.line
    first = window.store.start_s
    window.turn(first + 2.0)
    press_key(window, Key.Key_Tab)
    assert window.hand.draft is None
    while window.model.done is not None:
        window.tick()
    assert window.model.view.shown == 1
    assert window.store.start_s == first + 2.0
    take_glute(window)
    window.close()


def test_it_shows_the_same_when_another_process_analyses(qapp: object, path: Path) -> None:
    here, apart = open_window(path), ReviewWindow(Review(read(path), apart=True), by="AB")
    while apart.model.done is not None:
        apart.tick()
    assert apart.model.view.lifts == here.model.view.lifts
    assert apart.review.results == here.review.results
    told, expected = apart.whole.emg_between(GLUTE, 9.0, 14.0), here.whole.emg_between(GLUTE, 9.0, 14.0)
    assert np.array_equal(told[0], expected[0])
    assert np.array_equal(told[1], expected[1])
    here.close()
    apart.close()


class Steps:
    """A clock that is a second later each time it is asked: what is known so far is shown every few slices."""

    def __init__(self) -> None:
        """Start at zero."""
        self.now_s = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        self.now_s += 1.0
        return self.now_s


def test_a_recording_that_was_changed_says_so_in_the_bottom_line(qapp: object, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE frames SET t_host_ns = t_host_ns + 1 WHERE seq = 5000")
    window = open_window(path)
    assert window.model.bottom().startswith("changed since it was recorded: frames, row 5000 (")
    window.close()
    window.deleteLater()


def test_a_vector_picture_holds_no_pixels(window: ReviewWindow, tmp_path: Path) -> None:
    assert window.save_picture(tmp_path / "review.svg")
    svg = (tmp_path / "review.svg").read_text(encoding="utf-8")
    assert svg.count("<image") == 0, "the bar keeps a picture of itself for the screen alone"
    assert svg.count("<poly") > 1000
