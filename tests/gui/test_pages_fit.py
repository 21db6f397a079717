"""Nothing is cut and all has a name on the set-up page and in the review, in every language and in a long one."""

import shutil
from pathlib import Path

import pytest
from tests.gui.layout_watch import Watch, watching
from tests.gui.scaled_window import TEXTS
from tests.gui.set_up_states import BEFORE, PAGES
from tests.gui.synthetic import FakeHandle

from firingorder_gui.qt import QtWidgets
from firingorder_gui.review_window import ReviewWindow
from firingorder_gui.window import LiveWindow
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"


def check(window: QtWidgets.QWidget, watch: Watch) -> None:
    """Check what was drawn, and that what is shown has a name."""
    assert (watch.cut, watch.outside, watch.over) == ([], [], [])
    shown = [each for each in window.findChildren(QtWidgets.QWidget) if each.isVisible()]
    assert [type(each).__name__ for each in shown if not each.accessibleName().strip()] == []


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_page_of_the_set_up_fits(qapp: object, name: str) -> None:
    handle = FakeHandle()
    window = LiveWindow(handle, texts=TEXTS[name])
    window.resize(1280, 720)
    window.show()
    handle.waiting = list(BEFORE)
    window.tick()
    for page in PAGES.values():
        handle.waiting = [page]
        window.tick()
        with watching() as watch:
            window.grab()
        check(window, watch)
    window.close()
    window.deleteLater()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_the_review_fits(qapp: object, name: str, tmp_path: Path) -> None:
    path = Path(shutil.copyfile(FIXTURE, tmp_path / "visit.fo"))
    window = ReviewWindow(Review(read(path)), by="AB", texts=TEXTS[name])
    window.resize(1280, 720)
    window.show()
    while window.model.done is not None:
        window.tick()
    with watching() as watch:
        window.grab()
    check(window, watch)
    window.close()
    window.deleteLater()
