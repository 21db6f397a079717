"""The verdict and its milliseconds can be read from two metres: a machine reads them in what an eye resolves there.

Skipped where tesseract or its German is missing; `python tools/system_packages.py test` installs both.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.gui.effort_states import in_hold
from tests.gui.synthetic import GLUTE, HAMSTRING, FakeHandle, make_lift
from tests.gui.two_metres import FIGURE, WORD, read, seen_at_two_metres

from firingorder_gui.languages import texts_of
from firingorder_gui.painting import text_width
from firingorder_gui.qt import QtCore
from firingorder_gui.style import BOLD
from firingorder_gui.verdict_card import FIGURE_PX
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import Phase, PhaseChanged
from firingorder_signal.events import LiftJudged
from firingorder_signal.results import Verdict

TRAINED = {"en": "eng", "de": "deu"}
WITH_FIGURE = (Verdict.HAMSTRING_FIRST, Verdict.GLUTE_FIRST, Verdict.SIMULTANEOUS, Verdict.INCONCLUSIVE)


def missing_reader() -> str:
    """Say what is missing to read pictures; empty where nothing is."""
    if shutil.which("tesseract") is None:
        return "no tesseract here: install tesseract-ocr and tesseract-ocr-deu"
    told = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False, timeout=20).stdout
    missing = sorted(set(TRAINED.values()) - set(told.split()))
    return f"tesseract has no {', '.join(missing)}: install tesseract-ocr-deu" if missing else ""


MISSING = missing_reader()
pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def window_of(verdict: Verdict, theme: str, language: str) -> LiveWindow:
    """Show the answer of one lift, with nothing else in the window that matters."""
    handle = FakeHandle()
    window = LiveWindow(handle, theme=theme, texts=texts_of(language))
    window.resize(1920, 1080)
    window.show()
    lift = make_lift(1, verdict, 10.0)
    judged = verdict is not Verdict.NOT_JUDGED
    phase = PhaseChanged(Phase.ANSWER if judged else Phase.CHECK, lift=1, reason=lift.reason)
    handle.waiting = [LiftJudged(lift), phase]
    window.tick()
    return window


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("verdict", list(Verdict), ids=lambda verdict: verdict.value)
def test_the_verdict_is_read_from_two_metres(
    qapp: object, verdict: Verdict, theme: str, language: str, tmp_path: Path
) -> None:
    window = window_of(verdict, theme, language)
    dark, trained, content = theme == "dark", TRAINED[language], window.card.content
    # The badge of a silent muscle reaches into the line; words are small enough there to begin under it.
    line = WORD.adjusted(0, 30, 0, 0) if content.hollow_badge else WORD
    word = read(seen_at_two_metres(window, line), trained, tmp_path, dark=dark)
    figure = ""
    if content.figure:
        width = 16 + text_width(window.look.font(FIGURE_PX, BOLD, tabular=True), content.figure) / window.look.scale
        figure = read(seen_at_two_metres(window, FIGURE, width), trained, tmp_path, dark=dark)
    window.close()
    window.deleteLater()
    assert squeezed(content.word) in squeezed(word)
    assert squeezed(figure) == squeezed(content.figure)
    assert bool(figure) is (verdict in WITH_FIGURE)


#: Where the effort card draws the figure of its first bar, design px: rows of 136 under a head of 44.
BAR_FIGURE, BAR_PX = QtCore.QRectF(-230, 44, 0, 136), 136.0
#: The ring's seconds, within its line (`effort_card.py`): from the card's foot.
RING_SIDE, RING_FIGURE = 148.0, QtCore.QRectF(50, 0, 0, 70)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_effort_and_seconds_left_are_read_from_two_metres(
    qapp: object, theme: str, language: str, tmp_path: Path
) -> None:
    handle = FakeHandle()
    window = LiveWindow(handle, theme=theme, texts=texts_of(language))
    window.resize(1920, 1080)
    window.show()
    handle.waiting = in_hold({HAMSTRING: 23.0, GLUTE: 146.0})
    window.tick()
    content, dark, trained = window.effort.content, theme == "dark", TRAINED[language]
    told: list[str] = []
    for row in range(len(content.bars)):
        line = BAR_FIGURE.translated(0, row * BAR_PX)
        told.append(read(seen_at_two_metres(window, line, 216, window.effort), trained, tmp_path, dark=dark))
    height = window.effort.height() / window.look.scale
    line = RING_FIGURE.translated(0, height - 14 - RING_SIDE + 30)
    seconds = read(seen_at_two_metres(window, line, 96, window.effort), trained, tmp_path, dark=dark)
    window.close()
    window.deleteLater()
    assert [squeezed(each) for each in told] == [squeezed(bar.figure) for bar in content.bars]
    assert squeezed(seconds) == content.ring_figure


def squeezed(text: str) -> str:
    """Leave out what a reader takes differently: spaces, which tabular digits have wide, and capitals."""
    return "".join(text.split()).casefold()


def test_small_print_is_not_read_from_two_metres(qapp: object, tmp_path: Path) -> None:
    # The reader is no better than an eye: what is written for half a metre is lost at two.
    window = window_of(Verdict.HAMSTRING_FIRST, "light", "en")
    line = QtCore.QRectF(20, 262, 640, 30)
    told = read(seen_at_two_metres(window, line), "eng", tmp_path, dark=False)
    note = window.card.content.note
    window.close()
    window.deleteLater()
    assert squeezed(note) not in squeezed(told)
