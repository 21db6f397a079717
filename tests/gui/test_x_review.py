"""The review on a real X server: a recording is opened, looked through, corrected by keys and pointer, and saved."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gui.x_program import XProgram
from tests.gui.x_screen import X_MARKS, x_screen

from firingorder_session.recordings.corrections import OnsetMoved, find_corrections
from firingorder_session.recordings.recording_file import RecordingReader

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"

pytestmark = X_MARKS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, copy)
    return copy


@pytest.fixture
def screen(path: Path) -> Iterator[XProgram]:
    with x_screen(1920, 1080) as display:
        shown = XProgram(display, path.parent, "review", str(path), "--by", "AB")
        yield shown
        shown.stop()


def corrections(path: Path) -> list[OnsetMoved]:
    with RecordingReader(path) as reader:
        return list(find_corrections(reader.events()).values())


def test_a_journey_through_the_review(screen: XProgram, path: Path) -> None:
    folder = path.parent
    # A picture can be saved once all is analysed.
    screen.until(lambda: (folder / "visit-review-1.png").exists(), "e")
    screen.key("3")
    screen.picture("lift-3.png")
    screen.until(lambda: bool(corrections(path)), "Tab", "shift+Right", "Return")
    (moved,) = corrections(path)
    assert (moved.number, moved.correction.by) == (3, "AB")
    screen.picture("corrected.png")
    screen.until(lambda: not corrections(path), "u")
    screen.until(lambda: (folder / "visit-lens-1.svg").exists(), "shift+e")
    screen.picture("undone.png")
