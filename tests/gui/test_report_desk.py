"""A report from the window: by a key, beside the recording, while the window goes on."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.gui.fingers import press_key
from tests.gui.synthetic import SyntheticTest

from firingorder_gui.qt import QtCore
from firingorder_gui.report_desk import ReportDesk, report_path
from firingorder_gui.review_window import ReviewWindow
from firingorder_gui.texts import ENGLISH
from firingorder_gui.texts_de import GERMAN
from firingorder_gui.theme import LIGHT
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import Asked, LiveEvent, RecordingChanged, SessionEnded
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read
from firingorder_session.report import palette
from firingorder_signal.blocks import Side

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
PATIENCE_S = 30.0
REPORT_KEY = QtCore.Qt.Key.Key_P


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, copy)
    return copy


def wait_for(desk: ReportDesk, follow: Callable[[], None]) -> None:
    """Go on until the report is there."""
    deadline_s = time.monotonic() + PATIENCE_S
    while desk.is_busy:
        follow()
        assert time.monotonic() < deadline_s


def test_the_review_writes_a_report_beside_its_recording(qapp: object, path: Path) -> None:
    window = ReviewWindow(Review(read(path)), texts=GERMAN)
    window.resize(1280, 720)
    while window.model.done is not None:
        window.tick()
    press_key(window, REPORT_KEY)
    assert window.bottom.line == GERMAN.review.report_making
    wait_for(window.reports, window.tick)
    assert (path.parent / "visit-report.pdf").read_bytes().startswith(b"%PDF-")
    assert window.bottom.line == GERMAN.review.report_saved.format(path=path.parent / "visit-report.pdf")
    window.close()


class EndedTest(SyntheticTest):
    """A made-up test whose recording is a real one."""

    said: list[LiveEvent]

    def drain(self) -> list[LiveEvent]:
        """Return what is left to say."""
        events, self.said = self.said, []
        return events

    def command(self, command: Asked) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def test_the_live_window_writes_one_once_its_test_is_over(qapp: object, path: Path) -> None:
    test = EndedTest()
    test.said = [RecordingChanged(str(path), True)]
    window = LiveWindow(test)
    window.tick()
    press_key(window, REPORT_KEY)
    assert window.bottom.line == ENGLISH.review.report_none
    test.said = [RecordingChanged(str(path), False), SessionEnded()]
    window.tick()
    press_key(window, REPORT_KEY)
    wait_for(window.reports, window.tick)
    assert report_path(path).exists()
    window.close()


def test_a_file_that_is_no_recording_is_said_to_be_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken.fo"
    broken.write_bytes(b"nothing")
    said: list[str] = []
    desk = ReportDesk(ENGLISH, said.append)
    desk.ask(broken)
    wait_for(desk, desk.follow)
    assert said[-1].startswith("No report: ")
    assert not report_path(broken).exists()


def test_a_report_that_cannot_be_written_is_told_in_the_windows_language(path: Path) -> None:
    report_path(path).mkdir()  # nobody, not even root, writes a file over a folder
    said: list[str] = []
    desk = ReportDesk(GERMAN, said.append)
    desk.ask(path)
    wait_for(desk, desk.follow)
    assert said[-1].startswith("Kein Bericht: der Bericht ließ sich nicht nach ")


def test_the_reports_colours_are_the_windows() -> None:
    letters = {"hamstring_lateral": "H", "hamstring_medial": "M", "gluteus_maximus": "G", "multifidus": "D"}
    letters |= {"gluteus_medius": "E", "tensor_fasciae_latae": "T", "rectus_femoris": "F"}
    assert {part: LIGHT.colour(letter) for part, letter in letters.items()} == palette.MUSCLES
    assert (palette.BACK[Side.LEFT], palette.BACK[Side.RIGHT]) == (LIGHT.colour("L"), LIGHT.colour("R"))
    assert (palette.INK, palette.MUTED, palette.LINE) == tuple(map(LIGHT.colour, ("text", "muted", "line")))
