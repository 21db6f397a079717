"""An onset dragged by the pointer on a real X server: kept beside the found one, with who and when, and seen again."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.gui.x_program import XProgram
from tests.gui.x_screen import X_MARKS, x_screen

from firingorder_gui.review_window import ReviewWindow
from firingorder_session.judging.review import Review
from firingorder_session.recordings.corrections import OnsetMoved, find_corrections
from firingorder_session.recordings.read import read
from firingorder_session.recordings.recording_file import RecordingReader
from firingorder_signal.blocks import Site

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
GLUTE = Site.parse("gluteus_maximus/right")
MOVED_S = 0.06

pytestmark = X_MARKS


def open_review(path: Path, width: int, height: int) -> ReviewWindow:
    """Open the same recording in a window of that size, which shows nothing on the X server."""
    window = ReviewWindow(Review(read(path)))
    window.resize(width, height)
    window.show()
    while window.model.done is not None:
        window.tick()
    return window


def onset_places(window: ReviewWindow, by_s: float) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where the glute's onset stands in the window's lens, and where it would stand later, pixels."""
    lens, view = window.traces.lens, window.traces.viewport()
    assert lens.picture is not None
    onset_s = lens.picture.lanes[GLUTE].onset_s
    assert onset_s is not None
    row = next(row for row in lens.place.rows if row.site == GLUTE)
    corner = view.mapTo(window, view.rect().topLeft())
    y = corner.y() + round(row.middle)
    first, second = (corner.x() + round(lens.x_of(each)) for each in (onset_s, onset_s + by_s))
    return (first, y), (second, y)


def corrections(path: Path) -> list[OnsetMoved]:
    with RecordingReader(path) as reader:
        return list(find_corrections(reader.events()).values())


def test_a_dragged_onset_is_kept_beside_the_found_one(qapp: object, tmp_path: Path) -> None:
    """Takes 15 s: the recording of 40 s is analysed in the window, twice, and beside it."""
    path = Path(shutil.copyfile(FIXTURE, tmp_path / "visit.fo"))
    with x_screen(1600, 900) as display:
        program = XProgram(display, tmp_path, "review", str(path))
        program.until((tmp_path / "visit-review-1.png").exists, "e")
        left, top, width, height = program.place()
        beside = open_review(path, width, height)
        found_s = beside.model.view.lifts[1].onsets[GLUTE].time_s
        assert found_s is not None
        start, stop = ((left + x, top + y) for x, y in onset_places(beside, MOVED_S))
        beside.close()
        program.drag(start, stop)
        program.write("AB")
        program.picture("who.png")
        assert corrections(path) == []
        program.key("Return")
        assert program.wait(lambda: bool(corrections(path)))
        program.picture("kept.png")
        program.stop()
        (moved,) = corrections(path)
        assert (moved.number, moved.site, moved.correction.by) == (1, GLUTE, "AB")
        assert moved.correction.time_s == pytest.approx(found_s + MOVED_S, abs=0.004)
        assert abs((datetime.now(UTC) - datetime.fromisoformat(moved.correction.at)).total_seconds()) < 60.0
        again = XProgram(display, tmp_path, "review", str(path), "--lift", "1")
        again.until((tmp_path / "visit-review-2.png").exists, "e")
        again.picture("again.png")
        again.stop()
    reopened = open_review(path, width, height)
    picture = reopened.traces.lens.picture
    assert picture is not None
    lane = picture.lanes[GLUTE]
    assert lane.onset_s is not None
    assert lane.found_s == pytest.approx(lane.onset_s - MOVED_S, abs=0.004)
    assert "by hand: AB" in reopened.card.content.note
    assert "Glute max: by hand, AB, 20" in reopened.bottom.line
    reopened.close()
