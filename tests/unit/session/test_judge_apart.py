"""A recording judged in another process says what one judged here says, and a process that is gone is told."""

import multiprocessing
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from firingorder_session.errors import SessionError
from firingorder_session.judging.judge import Found
from firingorder_session.judging.judge_apart import JudgeLost
from firingorder_session.judging.review import Review
from firingorder_session.recordings.read import read
from firingorder_signal.blocks import Site

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
GLUTE = Site.parse("gluteus_maximus/right")
#: The child's start takes a second of processor time, on a busy machine many of waiting.
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy = tmp_path / "visit.fo"
    shutil.copyfile(FIXTURE, copy)
    return copy


@pytest.fixture
def apart(path: Path) -> Iterator[Review]:
    review = Review(read(path), apart=True)
    yield review
    review.close()
    assert not multiprocessing.active_children()


def found(review: Review) -> list[Found]:
    """Analyse; return what was found."""
    return [event for _, events in review.analyze() for event in events]


def shown(events: list[Found]) -> list[str]:
    """Write events so that they can be compared: some hold arrays."""
    return [repr(event) for event in events]


def test_it_says_the_same_and_corrects_the_same(apart: Review, path: Path) -> None:
    here = Review(read(path))
    assert shown(found(apart)) == shown(found(here))
    assert apart.results == here.results
    lift = here.results[0].lifts[1]
    onset_s = lift.onsets[GLUTE].time_s
    assert onset_s is not None
    moved = apart.move(lift, GLUTE, onset_s + 0.02, "AB")
    again = Review(read(path))
    found(again)
    assert apart.results == again.results != here.results
    assert moved
    apart.undo("AB")
    assert apart.results == here.results


def test_the_results_stay_when_the_process_is_ended(apart: Review) -> None:
    found(apart)
    results = apart.results
    apart.close()
    assert apart.results == results
    with pytest.raises(JudgeLost, match="open the recording again"):
        apart.move(results[0].lifts[0], GLUTE, 1.0, "AB")


def test_a_process_that_is_gone_is_told(apart: Review) -> None:
    pieces = apart.analyze()
    next(pieces)
    (child,) = multiprocessing.active_children()
    child.kill()
    child.join()
    with pytest.raises(JudgeLost, match="open the recording again"):
        list(pieces)


def test_what_is_damaged_inside_is_refused_as_here(apart: Review, path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(bytes(65536))
    with pytest.raises(SessionError, match="damaged"):
        found(apart)
