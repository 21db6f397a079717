"""Two visits side by side on a real X server, the second one with an onset moved by hand: looked at, and saved."""

import shutil
from pathlib import Path

import numpy as np
from tests.gui.pictures import image_pixels
from tests.gui.x_program import XProgram
from tests.gui.x_screen import X_MARKS, x_screen

from firingorder_gui.qt import QtGui
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read
from firingorder_signal.blocks import Site

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
HAMSTRING_RGB = np.array([230.0, 159.0, 0.0])  # Okabe-Ito orange
GLUTE = Site.parse("gluteus_maximus/right")

pytestmark = X_MARKS


def move_by_hand(path: Path, by_s: float) -> None:
    """Move every onset of the glute, as somebody would who sees them elsewhere."""
    review = Review(read(path))
    for _ in review.analyze():
        pass
    for lift in review.results[0].lifts:
        onset_s = lift.onsets[GLUTE].time_s
        assert onset_s is not None
        review.move(lift, GLUTE, onset_s + by_s, "AB")


def test_two_visits_are_compared_and_saved(tmp_path: Path) -> None:
    """Takes 10 s: two recordings of 40 s are analysed, one after the other."""
    may, june = (Path(shutil.copyfile(FIXTURE, tmp_path / name)) for name in ("may.fo", "june.fo"))
    move_by_hand(june, 0.1)
    with x_screen(1920, 1080) as display:
        program = XProgram(display, tmp_path, "review", str(may), str(june))
        # A picture can be saved once both are analysed.
        program.until((tmp_path / "two-visits-1.svg").exists, "e")
        shown = image_pixels(QtGui.QImage(str(program.picture("compared.png"))))
        assert program.close() == 0
    saved = image_pixels(QtGui.QImage(str(tmp_path / "two-visits-1.png")))
    assert saved.std() > 10.0
    # Lenses of both visits: the hamstring's colour is in either half.
    for half in (shown[:, :960], shown[:, 960:]):
        assert np.count_nonzero(np.abs(half - HAMSTRING_RGB).max(axis=-1) < 8.0) > 500
