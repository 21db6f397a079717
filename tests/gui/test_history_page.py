"""The page of visits in its windows: by keys and by pointer, with names for all, in every language and size."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.gui.fingers import click, press_key, write
from tests.gui.history_states import CODE, LAGS_S, day_of, fill
from tests.gui.scaled_history import look_at_history
from tests.gui.scaled_window import TEXTS
from tests.gui.synthetic import FakeHandle

from firingorder_gui.bottom_bar import Action
from firingorder_gui.history_desk import HistoryDesk
from firingorder_gui.history_model import PageState
from firingorder_gui.history_page import HistoryPage
from firingorder_gui.history_window import HistoryWindow
from firingorder_gui.qt import QtCore, QtWidgets
from firingorder_gui.review_window import ReviewWindow
from firingorder_gui.texts import ENGLISH, Texts
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import RecordingChanged, SessionEnded
from firingorder_session.history.engine import VARIABLE
from firingorder_session.history.store import History
from firingorder_session.judging.quantities import Quantity
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
PATIENCE_S = 30.0
SIZES = ((1280, 720), (1920, 1080), (800, 600))
Key = QtCore.Qt.Key


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "history.sqlite"))
    return tmp_path


def wait_for(page: HistoryPage, tick: Callable[[], None]) -> None:
    """Go on until all is done."""
    deadline_s = time.monotonic() + PATIENCE_S
    while page.desk.is_busy:
        tick()
        assert time.monotonic() < deadline_s


def middle(widget: QtWidgets.QWidget) -> QtCore.QPoint:
    return widget.rect().center()


def open_review(place: Path) -> ReviewWindow:
    path = Path(shutil.copyfile(FIXTURE, place / "visit.fo"))
    window = ReviewWindow(Review(read(path)))
    window.resize(1280, 720)
    window.show()
    while window.model.done is not None:
        window.tick()
    return window


def test_a_recording_without_a_code_is_filed_by_keys_and_pointer(qapp: object, place: Path) -> None:
    window = open_review(place)
    page = window.history
    window.bottom.hints[Action.HISTORY].click()
    wait_for(page, window.tick)
    assert page.model.state is PageState.CODE
    write(page.code.field, "jd1985")  # looks like initials and a date
    press_key(page.code.field, Key.Key_Return)
    wait_for(page, window.tick)
    assert "JD1985 may tell who somebody is" in page.model.message
    page.code.field.clear()
    page.model.type_code("")
    page.code.refresh()
    (row,) = [row for row in page.code.rows if row.isVisible()]
    click(row, middle(row))
    wait_for(page, window.tick)
    fresh = page.model.wanted.fresh
    assert page.content is not None
    assert page.content.title == f"VISITS OF {fresh}"
    assert page.content.simulated == ENGLISH.history.simulated
    press_key(window, Key.Key_6)
    press_key(window, Key.Key_Tab)
    click(page.questions.steps[1][10], middle(page.questions.steps[1][10]))
    press_key(window, Key.Key_Right)
    wait_for(page, window.tick)
    assert page.model.shown is Quantity.RANGE
    with History.open() as history:
        (rating,) = history.ratings(fresh)
    assert (rating.feels_glute, rating.pain) == (6, 10)
    press_key(window, Key.Key_H)
    assert page.isHidden()
    window.save_pictures(lens_alone=True)
    wait_for(page, window.tick)
    window.close()
    with History.open() as history:
        assert {file.kind for file in history.files(fresh)} == {"picture"}
        assert all(file.path.exists() for file in history.files(fresh))


def test_escape_leaves_the_question_whose_it_is(qapp: object, place: Path) -> None:
    window = open_review(place)
    press_key(window, Key.Key_H)
    wait_for(window.history, window.tick)
    press_key(window.history.code.field, Key.Key_Down)
    press_key(window.history.code.field, Key.Key_Escape)
    assert window.history.isHidden()
    assert window.isVisible()
    window.close()
    with History.open() as history:
        assert history.subjects() == ()


def test_the_live_window_shows_visits_once_its_test_is_over(qapp: object, place: Path) -> None:
    handle = FakeHandle()
    window = LiveWindow(handle)
    window.show()
    window.tick()
    path = Path(shutil.copyfile(FIXTURE, place / "visit.fo"))
    with History.open() as history:
        history.add_subject(CODE)
    handle.waiting = [RecordingChanged(str(path), True)]
    window.tick()
    assert window.bottom.hints[Action.HISTORY].isHidden()
    press_key(window, Key.Key_H)
    assert window.bottom.line == ENGLISH.history.none_yet
    handle.waiting = [RecordingChanged(str(path), False), SessionEnded()]
    window.tick()
    assert not window.bottom.hints[Action.HISTORY].isHidden()
    press_key(window, Key.Key_H)
    wait_for(window.history, window.tick)
    press_key(window.history.code.field, Key.Key_Return)
    wait_for(window.history, window.tick)
    press_key(window, Key.Key_4)
    window.close()  # what was answered is kept
    with History.open() as history:
        assert len(history.sets(CODE)) == 1
        assert history.ratings(CODE)[0].feels_glute == 4


def test_a_test_that_is_not_to_be_filed_shows_no_visits(qapp: object, place: Path) -> None:
    handle = FakeHandle()
    window = LiveWindow(handle)
    window.keeps_history = False
    handle.waiting = [RecordingChanged(str(FIXTURE), False), SessionEnded()]
    window.tick()
    press_key(window, Key.Key_H)
    assert window.history.isHidden()
    assert window.bottom.hints[Action.HISTORY].isHidden()
    window.close()


def test_a_history_that_cannot_be_opened_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "mysql://nobody")
    desk, said = HistoryDesk(), list[object]()
    desk.show(CODE)
    while not said:
        outcome = desk.follow()
        said += [outcome] if outcome is not None else []
    assert "neither" in str(said[0])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep a history of six visits."""
    path = tmp_path_factory.mktemp("history") / "history.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(path))
        with History.open() as history:
            fill(history)
    return path


def open_window(texts: Texts, size: tuple[int, int]) -> HistoryWindow:
    window = HistoryWindow(CODE, theme="light", texts=texts)
    window.resize(*size)
    window.show()
    wait_for(window.history, window.history.follow)
    return window


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", sorted(TEXTS))
def test_all_fits_and_has_a_name(qapp: object, name: str, size: tuple[int, int]) -> None:
    assert {key: sorted(found) for key, found in look_at_history(TEXTS[name], *size).items() if found} == {}


def test_a_small_figure_becomes_the_large_one(qapp: object, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(kept))
    window = open_window(ENGLISH, SIZES[0])
    page = window.history
    click(page.small[3], middle(page.small[3]))
    assert page.chart.accessibleName() == "Feels the glute"
    assert "+1 since 2026-03-23" in page.changes.accessibleDescription()
    assert page.questions.of == f"Visit of {day_of(len(LAGS_S) - 1)}"
    press_key(window, Key.Key_Escape)
    assert not window.isVisible()
    window.deleteLater()
