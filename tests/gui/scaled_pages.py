"""The comparison of two visits and the offer of an unfinished test, drawn in a language and size: what did not fit."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from tests.gui.layout_watch import watching

from firingorder_gui.compare import change_content, visit_of
from firingorder_gui.compare_window import CompareWindow
from firingorder_gui.offer import offer_content
from firingorder_gui.offer_window import OfferWindow
from firingorder_gui.qt import QtWidgets
from firingorder_gui.texts import Texts
from firingorder_session.events.effort_events import EffortEvent
from firingorder_session.judging.review import Review
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.recordings.read import read
from firingorder_session.running.unfinished import Unfinished
from firingorder_signal.blocks import Side, Site
from firingorder_signal.events import PipelineEvent

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
GLUTE = Site.parse("gluteus_maximus/right")
MOVED_S = 0.1
#: The test with the longest name.
LONGEST = "prone_hip_extension_knee_bent_glute_cue"
#: What was found: texts that were cut, that ran out of their room, that lie over others.
Found = dict[str, set[str]]


class HeardReview(Review):
    """A review whose analysis is over, and can be heard again by each window."""

    parts: tuple[tuple[float, list[PipelineEvent | EffortEvent]], ...] = ()

    def analyze(self) -> Iterator[tuple[float, list[PipelineEvent | EffortEvent]]]:
        """Give what came of it."""
        yield from self.parts or super().analyze()


@cache
def two_visits() -> tuple[HeardReview, HeardReview]:
    """Analyse the fixture once as two visits; in the second every onset of the glute was moved by hand."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    first = HeardReview(read(FIXTURE))
    first.parts = tuple(first.analyze())
    second = HeardReview(read(Path(shutil.copyfile(FIXTURE, Path(folder) / "a-later-visit-of-the-same.fo"))))
    parts = list(second.analyze())
    for lift in second.results[0].lifts:
        onset_s = lift.onsets[GLUTE].time_s
        assert onset_s is not None
        parts.append((1.0, [*second.move(lift, GLUTE, onset_s + MOVED_S, "ABC")]))
    second.parts = tuple(parts)
    return first, second


def look_at(window: QtWidgets.QWidget, found: Found) -> None:
    """Draw a window, and add what does not fit."""
    with watching() as watch:
        window.grab()
    for name, texts in (("cut", watch.cut), ("outside", watch.outside), ("over", watch.over)):
        found.setdefault(name, set()).update(texts)


def look_at_comparison(texts: Texts, width: int, height: int) -> Found:
    """Draw two visits: while they are analysed, with a difference, without, and not to be compared at all."""
    found: Found = {}
    window = CompareWindow(two_visits(), texts=texts)
    window.resize(width, height)
    window.show()
    look_at(window, found)
    while not window.is_done:
        window.tick()
    look_at(window, found)
    before, now = (visit_of(column.intake) for column in window.columns)
    key = replace(now.key, protocol=LONGEST, side=Side.LEFT, words="other")
    other = replace(now, test=find_protocol(LONGEST).title, key=key, subject="other")
    for visit in (before, replace(now, result=None), other):
        window.change.show_content(change_content(before, visit, texts))
        look_at(window, found)
    window.close()
    window.deleteLater()
    return found


def look_at_offer(texts: Texts, width: int, height: int) -> Found:
    """Draw the offer to go on with the test of the longest name."""
    found: Found = {}
    begun = datetime(2026, 3, 4, 14, 3).astimezone()
    unfinished = Unfinished(Path("visit.fo"), find_protocol(LONGEST), Side.RIGHT, begun, 12, 16)
    window = OfferWindow(offer_content(unfinished, texts), texts=texts)
    window.resize(width, height)
    window.show()
    look_at(window, found)
    window.close()
    window.deleteLater()
    return found
