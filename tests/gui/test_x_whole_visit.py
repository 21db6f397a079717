"""A whole visit on a real X server, played back: the set-up as it was, the test, six lifts, the verdict, the review.

Then the page of visits, on which the visit is filed under a code by lot and the person says something, and the report.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.gui.pictures import image_pixels
from tests.gui.x_program import XProgram
from tests.gui.x_screen import X_MARKS, x_screen
from tests.whole_visit import write_visit

from firingorder_gui.qt import QtGui
from firingorder_session.history.engine import VARIABLE
from firingorder_session.history.hand_out import known_history
from firingorder_session.history.store import History
from firingorder_signal.blocks import FloatArray

#: How long a busy machine may take to play the minute.
PLAYED_S = 60.0
HAMSTRING_RGB = np.array([230.0, 159.0, 0.0])  # Okabe-Ito orange

pytestmark = X_MARKS


def count_orange(picture: Path, part: tuple[slice, slice]) -> int:
    """Count the pixels of the hamstring's colour in a part of the screen."""
    pixels: FloatArray = image_pixels(QtGui.QImage(str(picture)))[part]
    return int(np.count_nonzero(np.abs(pixels - HAMSTRING_RGB).max(axis=-1) < 8.0))


def kept(read: Callable[[History, str], bool]) -> bool:
    """Look into the history, once it has a subject."""
    with known_history() as history:
        codes = [each.code for each in history.subjects()] if history is not None else []
        return history is not None and len(codes) == 1 and read(history, codes[0])


@pytest.mark.timeout(180)
def test_set_up_six_lifts_verdict_review_visits_and_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes 30 s: a minute of signal is made up, then played eight times as fast."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "history.sqlite"))
    write_visit(tmp_path / "visit.fo")
    card = (slice(56, 240), slice(827, 1267))
    with x_screen(1280, 720) as display:
        program = XProgram(display, tmp_path, "replay", "visit.fo")
        program.wait(lambda: False, 3.0)
        program.picture("set-up.png")
        program.key("plus", "plus", "plus", "space")  # eight times as fast, and on to the test
        assert program.wait(lambda: count_orange(program.picture("first-lift.png"), card) > 500)
        # What is played moves; the verdict stands.
        seen: list[FloatArray] = [np.zeros(0)]

        def stands() -> bool:
            seen.append(image_pixels(QtGui.QImage(str(program.picture("verdict.png")))))
            return np.array_equal(seen[-1], seen[-2])

        assert program.wait(stands, PLAYED_S)
        assert count_orange(tmp_path / "verdict.png", card) > 500
        program.until(
            lambda: "REVIEW" in program.tool("search", "--onlyvisible", "--name", "REVIEW", "getwindowname"), "space"
        )
        program.until((tmp_path / "visit-review-1.png").exists, "e")
        program.picture("review.png")
        program.key("h")
        # The page asks for a code once the recording is analysed; the one that was drawn is chosen.

        def filed() -> bool:
            program.key("Return")
            return kept(lambda history, code: bool(history.sets(code)))

        assert program.wait(filed)
        program.until(lambda: kept(lambda history, code: history.ratings(code)[0].feels_glute == 6), "6")
        assert count_orange(program.picture("visits.png"), card) == 0
        program.until(lambda: count_orange(program.picture("back.png"), card) > 500, "h")
        report = tmp_path / "visit-report.pdf"
        program.until(lambda: report.exists() and report.read_bytes().endswith(b"%%EOF"), "p")
        assert kept(lambda history, code: report in [file.path for file in history.files(code)])
        assert program.close() == 0
    said = program.said.read_text(encoding="utf-8")
    assert "right: hamstring first" in said
    assert "6 lifts" in said
