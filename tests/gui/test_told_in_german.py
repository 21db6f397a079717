"""Nothing that a session tells is shown in English by a German window: what it paints and says is held against English.

Two windows get the same events, one in each language. What both paint alike must be a name, or a sign, or a figure; and
of each code's English sentence no piece may be there, of its German one every piece must.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gui.message_samples import message_of, told
from tests.gui.synthetic import GLUTE, HAMSTRING, KIT_4, FakeHandle, Plan, SyntheticTest

from firingorder_gui import effort_card, painting, sensors_card
from firingorder_gui.cards import check_card
from firingorder_gui.picture import draw_svg
from firingorder_gui.qt import QtWidgets
from firingorder_gui.review_window import ReviewWindow
from firingorder_gui.telling import tell
from firingorder_gui.texts import ENGLISH, Texts
from firingorder_gui.texts_de import GERMAN
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import LiveEvent, Phase, PhaseChanged, SensorChanged, SensorPhase
from firingorder_session.judging.review import CorrectionRefused, Review
from firingorder_session.message_codes import MessageCode
from firingorder_session.messages import Fact, Message, Placed
from firingorder_session.recordings.read import read
from firingorder_signal.events import PipelineEvent
from firingorder_signal.results import Reason, ReasonCode

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "five-lifts.fo"
#: What may be alike in both languages: names, units and key caps. Everything else with three letters in a row is words.
ALIKE = re.compile(r"TFL|EMG.*Hz|Sensor\b.*|[\d:.,]+ (ms|Hz)|Esc|REC .*")
WORDS = re.compile(r"[^\W\d_]{3}")
LIVE = [code for code in MessageCode if not isinstance(told(code), Message)]
REVIEW = [code for code in MessageCode if isinstance(told(code), Message)]
#: Shorter pieces of a sentence may be found in another one by chance.
PIECE = 8


class Painted(list[str]):
    """What was painted: every line of text, as the outlines of a vector picture ask for it."""

    def take(self, painter: object, rect: object, text: str, *rest: object) -> None:
        """Take a line instead of drawing it."""
        self.append(text)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Painted:
    found = Painted()
    for module in (painting, sensors_card, effort_card):
        if hasattr(module, "draw_outlines"):
            monkeypatch.setattr(module, "draw_outlines", found.take)
    return found


@pytest.fixture
def pair(qapp: object) -> Iterator[tuple[LiveWindow, LiveWindow]]:
    windows = tuple(LiveWindow(FakeHandle(), texts=texts) for texts in (ENGLISH, GERMAN))
    for window in windows:
        window.resize(1920, 1080)
        window.show()
    yield windows[0], windows[1]
    for window in windows:
        window.close()
        window.deleteLater()


def show(window: LiveWindow, *events: LiveEvent) -> None:
    """Give a window events."""
    handle = window.session
    assert isinstance(handle, FakeHandle)
    handle.waiting = list(events)
    window.tick()


def shown(window: QtWidgets.QWidget, painted: Painted) -> set[str]:
    """Return all that a window paints, and what screen readers are told, in sentences."""
    painted.clear()
    draw_svg(window, window.rect())
    said = [window, *window.findChildren(QtWidgets.QWidget)]
    told = [text for each in said for text in (each.accessibleName(), each.accessibleDescription())]
    return {*painted, *(part.strip(" .") for text in told for part in re.split(r"\. |  ·  |, ", text))}


def names_in(fact: Fact | None) -> list[str]:
    """List the names in facts, which are as they are typed."""
    match fact:
        case str():
            return [fact]
        case Placed(name=name):
            return [name]
        case Message(facts=facts):
            return [name for each in facts.values() for name in names_in(each)]
        case tuple():
            return [name for each in fact for name in names_in(each)]
        case _:
            return []


def alike(english: set[str], german: set[str], names: list[str]) -> list[str]:
    """List the words that both languages show, but for names."""
    both = (text for text in english & german if WORDS.search(text) and not ALIKE.fullmatch(text))
    return [text for text in both if not any(text.strip(" .:'") in name for name in names)]


def pieces(code: MessageCode, texts: Texts) -> list[str]:
    """Return what stands between the facts of a code's sentence."""
    parts = re.split(r"\{\w+\}", texts.messages.sentences[code])
    return [part.strip().casefold() for part in parts if len(part.strip()) >= PIECE]


def said(window: QtWidgets.QWidget) -> str:
    """Return all that screen readers are told, for a search that knows no capitals."""
    return "\n".join(each.accessibleDescription() for each in window.findChildren(QtWidgets.QWidget)).casefold()


#: How a test begins: four muscles, one of them with an electrode that is loose, before its first lift.
BEGUN = SyntheticTest(Plan(KIT_4, n_lifts=6)).until(1.0)
NAMES = ["FiringOrder", "hamstring", "glute", *map(str, KIT_4)]


def check_alike(pair: tuple[LiveWindow, LiveWindow], painted: Painted, *events: LiveEvent, names: list[str]) -> None:
    """Give both windows the same events, and compare what they show."""
    for window in pair:
        show(window, *BEGUN, *events)
    english, german = (shown(window, painted) for window in pair)
    assert painted, "nothing was painted"
    assert alike(english, german, [*NAMES, *names]) == []


@pytest.mark.parametrize("code", LIVE, ids=lambda code: code.value)
def test_a_live_window_says_every_code_in_german(
    pair: tuple[LiveWindow, LiveWindow], painted: Painted, code: MessageCode
) -> None:
    event = told(code)
    assert not isinstance(event, Message)
    check_alike(pair, painted, PhaseChanged(Phase.CONNECTING), event, names=names_in(message_of(event)))
    english, german = map(said, pair)
    assert pieces(code, GERMAN)
    assert [piece for piece in pieces(code, GERMAN) if piece not in german] == []
    assert [piece for piece in pieces(code, ENGLISH) if piece not in english] == []
    assert [piece for piece in pieces(code, ENGLISH) if piece in german] == []


@pytest.mark.parametrize("phase", list(Phase), ids=lambda phase: phase.value)
def test_a_live_window_says_every_phase_in_german(
    pair: tuple[LiveWindow, LiveWindow], painted: Painted, phase: Phase
) -> None:
    check_alike(pair, painted, PhaseChanged(phase, lift=2, progress=0.4, seconds_left=3.0), names=[])


@pytest.mark.parametrize("phase", list(SensorPhase), ids=lambda phase: phase.value)
def test_what_the_terminal_is_told_of_a_sensor_stays_there(
    pair: tuple[LiveWindow, LiveWindow], painted: Painted, phase: SensorPhase
) -> None:
    detail = "one more thing, in English"
    check_alike(pair, painted, SensorChanged("glute", phase, "glute", (GLUTE,), detail), names=[])
    assert detail not in "\n".join(painted) + said(pair[1])


@pytest.mark.parametrize("code", list(ReasonCode), ids=lambda code: code.value)
def test_every_reason_is_said_in_german(code: ReasonCode) -> None:
    reason = Reason(code, 0.5, 1.0, "share", HAMSTRING)
    english, german = (check_card(2, reason, texts) for texts in (ENGLISH, GERMAN))
    assert {english.word, english.body, english.kicker}.isdisjoint({german.word, german.body, german.kicker})


@pytest.fixture(scope="module")
def review(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewWindow]:
    path = tmp_path_factory.mktemp("review") / "visit.fo"
    shutil.copyfile(FIXTURE, path)
    window = ReviewWindow(Review(read(path)), by="AB", texts=GERMAN)
    window.resize(1920, 1080)
    window.show()
    while window.model.is_analysing:
        window.tick()
    yield window
    window.close()


@pytest.mark.parametrize("code", REVIEW, ids=lambda code: code.value)
def test_the_review_says_every_code_in_german(
    review: ReviewWindow, monkeypatch: pytest.MonkeyPatch, code: MessageCode
) -> None:
    message = told(code)
    assert isinstance(message, Message)
    if code is MessageCode.FILE_BROKEN:
        monkeypatch.setattr(review.model, "problem", message)
        review.refresh()
    else:
        monkeypatch.setattr(review.review, "why_not", lambda: message)
        assert not review.hand.grip(GLUTE)
        assert tell(message, GERMAN) == review.bottom.line
        monkeypatch.setattr(review.model, "message", "")
        review.hand.choose_next(1)
        assert tell(message, GERMAN) == review.bottom.line
    german = said(review)
    assert pieces(code, GERMAN)
    assert [piece for piece in pieces(code, GERMAN) if piece not in german] == []
    assert [piece for piece in pieces(code, ENGLISH) if piece in german] == []


def test_every_way_of_the_hand_to_be_refused_is_said_in_german(
    review: ReviewWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `move` and `undo` raise reaches the bottom line by the same words."""

    def refuse(*arguments: object) -> list[PipelineEvent]:
        raise CorrectionRefused(Message(MessageCode.NOTHING_MOVED))

    monkeypatch.setattr(review.review, "undo", refuse)
    review.hand.undo()
    assert review.bottom.line == "Kein Einsatz wurde von Hand verschoben"
    monkeypatch.setattr(review.review, "move", refuse)
    review.hand.choose_next(1)
    review.hand.step(0.005)
    review.hand.keep()
    assert review.bottom.line == "Kein Einsatz wurde von Hand verschoben"


@pytest.mark.parametrize(
    ("code", "first"),
    [
        (MessageCode.NO_EMG, "Kein EMG"),
        (MessageCode.UNNAMED_BOTH, "Die Kanäle"),
        (MessageCode.ON_RADIO, "ble:OML-A"),
        (MessageCode.IN_USE, "visit.fo: "),
    ],
)
def test_a_sentence_begins_with_a_capital_unless_a_name_does(code: MessageCode, first: str) -> None:
    assert tell(message_of(told(code)), GERMAN).startswith(first)
