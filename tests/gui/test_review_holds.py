"""A recording of holds under review: the hold under the playhead with its bars, and all of them in the list."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gui.fingers import click, press_key
from tests.gui.hold_recording import GLUTE, HAMSTRING, HOLDS, make_holds
from tests.gui.pictures import draw

from firingorder_gui.effort_history import EffortHistory
from firingorder_gui.qt import QtCore
from firingorder_gui.review_window import ReviewWindow
from firingorder_session.events.live_events import Phase
from firingorder_session.judging.analysis import analyze
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read

Key = QtCore.Qt.Key


def open_window(path: Path) -> ReviewWindow:
    window = ReviewWindow(Review(read(path)), by="AB")
    window.resize(1920, 1080)
    window.show()
    while window.model.done is not None:
        window.tick()
    return window


@pytest.fixture
def window(qapp: object, tmp_path: Path) -> Iterator[ReviewWindow]:
    shown = open_window(make_holds(tmp_path / "holds.fo"))
    yield shown
    shown.close()
    shown.deleteLater()


def history_of(window: ReviewWindow) -> EffortHistory:
    assert window.model.holds is not None
    return window.model.holds.history


def test_it_says_what_analyze_says(window: ReviewWindow, tmp_path: Path) -> None:
    assert window.review.hold_summaries == analyze(read(tmp_path / "holds.fo")).hold_summaries
    assert tuple(each.hold for each in history_of(window).holds) == HOLDS
    assert window.review.started.hold is not None


def test_it_opens_in_the_first_hold_with_bars_band_share_timer_and_list(window: ReviewWindow) -> None:
    effort, holds = window.holds.effort, window.holds.table
    assert effort.isVisible()
    assert holds.isVisible()
    assert window.order.isHidden()
    assert window.table.isHidden()
    content = effort.content
    assert [bar.letter for bar in content.bars] == ["H", "G"]
    assert all(bar.percent is not None for bar in content.bars)
    assert content.target == (30.0, 60.0)
    assert len(content.shares) == 1
    # Two seconds into a hold that was to last 20.
    assert (content.ring_word, content.ring_figure) == ("hold", "18")
    assert content.counter == "0 of 3 holds"
    assert content.lines[0][0] == "Hold 1"
    assert any("no slopes" in text for text, _ in content.lines)
    assert [row.cells[0] for row in holds.contents] == ["1", "2", "2"]
    assert [row.complete for row in holds.contents] == [True, False, True]
    assert holds.contents[1].cells[2] == "cut short"
    assert window.card.content.kicker == "HOLD 1"
    assert window.card.content.word.startswith("Glute ")
    assert window.traces.lens.hold is not None
    assert window.traces.lens.hold.title == "HOLD 1"


def test_keys_rows_and_spans_go_from_hold_to_hold(window: ReviewWindow) -> None:
    press_key(window, Key.Key_Right)
    assert window.card.content.kicker == "HOLD 2, CUT SHORT"
    press_key(window, Key.Key_Right)
    press_key(window, Key.Key_Right)
    assert [row.selected for row in window.holds.table.contents] == [False, False, True]
    press_key(window, Key.Key_Left)
    press_key(window, Key.Key_1)
    assert window.card.content.kicker == "HOLD 1"
    press_key(window, Key.Key_2)  # the newest of that number
    assert window.card.content.kicker == "HOLD 2"
    window.holds.table.buttons[0].click()
    assert window.card.content.kicker == "HOLD 1"
    window.overview.repaint()
    click(window.overview, QtCore.QPoint(round(window.overview.x_of(40.0)), window.overview.height() // 2))
    assert window.card.content.kicker == "HOLD 2"


def test_the_pointer_moves_the_playhead_on_the_page(window: ReviewWindow) -> None:
    box, view = window.traces.place.sweep, window.traces.viewport()
    start_s = window.store.start_s
    click(view, QtCore.QPoint(round(box.left + box.width * 0.05), round(box.middle)))
    assert window.model.holds is not None
    assert window.model.holds.moment_s == pytest.approx(start_s + 0.5, abs=0.05)
    assert window.model.holds.place is None
    assert window.card.content.body == "Before the first hold"
    assert window.holds.effort.content.lines == ()
    assert window.traces.lens.hold is not None
    assert window.traces.lens.hold.lanes == {}


def test_pages_take_the_playhead_along(window: ReviewWindow) -> None:
    assert window.model.holds is not None
    before_s, page_s = window.model.holds.moment_s, window.store.start_s
    press_key(window, Key.Key_Period)
    moved_s = window.store.start_s - page_s
    assert moved_s > 0.0
    assert window.model.holds.moment_s == pytest.approx(before_s + moved_s)


def test_a_moment_has_the_bars_and_the_timer_that_were_shown_then(window: ReviewWindow) -> None:
    history = history_of(window)
    state, rest = history.state_at(22.0), history.phase_at(22.0)
    assert set(state.levels) == {GLUTE, HAMSTRING}
    assert all(abs(level.time_s - 22.0) <= 0.11 for level in state.levels.values())
    assert (rest.phase, rest.lift) == (Phase.REST, 2)
    assert rest.seconds_left == pytest.approx(2.0)
    assert history.phase_at(2.0).phase is Phase.READY
    assert history.phase_at(50.0).phase is Phase.DONE
    assert [history.n_held_at(time_s) for time_s in (2.0, 21.0, 28.0, 47.0)] == [0, 1, 1, 2]
    assert history.state_at(1e4).levels == {}


def test_without_a_reference_no_band_is_shown(qapp: object, tmp_path: Path) -> None:
    shown = open_window(make_holds(tmp_path / "none.fo", with_references=False))
    content = shown.holds.effort.content
    assert (content.target, content.target_text) == (None, "target needs a reference")
    assert shown.holds.table.contents[0].cells[2] == ""
    assert shown.traces.lens.hold is not None
    assert shown.traces.lens.hold.target is None
    shown.close()
    shown.deleteLater()


def test_a_test_of_holds_in_which_none_was_done_says_so(qapp: object, tmp_path: Path) -> None:
    shown = open_window(make_holds(tmp_path / "empty.fo", ()))
    press_key(shown, Key.Key_Right)
    assert shown.card.content.body == "No hold was found in this recording"
    draw(shown)
    shown.close()
    shown.deleteLater()


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 600)])
def test_it_is_drawn(window: ReviewWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    one = draw(window.traces)
    press_key(window, Key.Key_Right)
    assert (draw(window.traces) != one).any()
