"""The window leads: wait for the tone, lift now with a flash and a tone together, rest, hold, switch side."""

import threading
import wave
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from tests.gui.conftest import Clock
from tests.gui.synthetic import FakeHandle

from firingorder_gui.bottom_bar import Action
from firingorder_gui.cards import state_card
from firingorder_gui.model import Part, ViewModel
from firingorder_gui.qt import QtCore, QtGui
from firingorder_gui.status import top_content
from firingorder_gui.texts import ENGLISH, Texts
from firingorder_gui.tone import LENGTH_S, RATE_HZ, Tone, make_tone
from firingorder_gui.window import LiveWindow
from firingorder_session.events.guide_events import CueGiven, GuideBegan, SideSwitched
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.events.live_events import LiveEvent, Origin, Phase, PhaseChanged, TestStarted
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_signal.blocks import Side
from firingorder_signal.events import LiftEnded
from firingorder_signal.results import Lift

PRONE = find_protocol("prone_hip_extension")
STARTED = TestStarted(PRONE.name, PRONE.title, Side.RIGHT, 6, Origin.LIVE, cues=PRONE.cues)
BEGAN = GuideBegan(3.0, 1, Side.MIDDLE, 1)
CUE = CueGiven(5.0, 1, Side.RIGHT, 2.0)


def card_after(*events: LiveEvent, texts: Texts = ENGLISH) -> Sequence[str]:
    """Return kicker, word and body of the state card."""
    model = ViewModel(texts)
    model.feed([STARTED, *events])
    content = state_card(model)
    return content.kicker, content.word, content.body


def test_before_the_cue_the_card_says_to_wait_for_it() -> None:
    kicker, word, body = card_after(BEGAN, PhaseChanged(Phase.READY, lift=1))
    assert (kicker, word) == ("LIFT 1 OF 6", "Ready")
    assert body == "Wait for the tone. Lift the right leg about a hand's width"


def test_where_no_tone_comes_nobody_is_told_to_wait_for_one() -> None:
    silent = GuideBegan(3.0, 1, Side.MIDDLE, 1, gives_cues=False)
    assert card_after(silent, PhaseChanged(Phase.READY, lift=1))[2] == "Lift the right leg about a hand's width"


def test_the_words_of_the_test_come_in_the_windows_language() -> None:
    body = card_after(PhaseChanged(Phase.READY, lift=1), texts=Texts(language="de"))[2]
    assert body == "Das rechte Bein etwa eine Handbreit anheben"


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (PhaseChanged(Phase.LIFT, lift=2), ("LIFT 2 OF 6", "Lift now", "Lift the right leg about a hand's width")),
        (
            PhaseChanged(Phase.REST, lift=2, progress=0.5, seconds_left=3.2),
            ("LIFT 2 OF 6", "Rest", "Let the leg lie loose · 4 s left"),
        ),
        (PhaseChanged(Phase.SWITCH_SIDE, lift=7), ("", "Switch side", "Now the left leg: lie ready, then press next")),
    ],
)
def test_each_phase_is_one_word_and_one_instruction(phase: PhaseChanged, said: Sequence[str]) -> None:
    assert card_after(BEGAN, phase) == said


def test_a_hold_counts_down_and_says_which_it_is() -> None:
    hold = HoldStarted(5.0, 2, 6, Side.MIDDLE, 25.0)
    held = card_after(BEGAN, hold, PhaseChanged(Phase.HOLD, lift=2, progress=0.4, seconds_left=14.2))
    assert held == ("HOLD 2 OF 6", "Hold", "15 s left")
    assert card_after(BEGAN, hold, PhaseChanged(Phase.REST, lift=3, progress=0.0, seconds_left=50.0))[2] == (
        "Let go · 50 s left"
    )


def test_complete_holds_fill_the_circles() -> None:
    model = ViewModel()
    model.feed([STARTED, BEGAN, HoldStarted(5.0, 1, 6, Side.MIDDLE, 25.0)])
    model.feed([HoldEnded(9.0, 1, Side.MIDDLE, 5.0, complete=False), HoldEnded(60.0, 1, Side.MIDDLE, 35.0)])
    content = top_content(model)
    assert ([circle.filled for circle in content.circles].count(True), content.counter) == (1, "Hold")


def test_the_key_of_the_tone_is_there_where_something_can_play(window: LiveWindow) -> None:
    window.tick()
    assert window.bottom.hints[Action.TONE].isHidden()
    window.tone = Tone([lambda path: None])
    window.tick()
    assert not window.bottom.hints[Action.TONE].isHidden()


def test_the_other_side_begins_a_list_of_its_own() -> None:
    model = ViewModel()
    either = replace(STARTED, side=Side.MIDDLE)
    model.feed([either, GuideBegan(3.0, 1, Side.RIGHT, 2), LiftEnded(Lift(1, Side.RIGHT, 9.0, end_s=12.0))])
    assert (model.side, model.shown) == (Side.RIGHT, 1)
    assert model.feed([SideSwitched(20.0, Side.LEFT)]) is Part.ALL
    assert (model.side, model.lifts, model.shown, model.n_scored) == (Side.LEFT, {}, None, 0)


def test_flash_and_tone_come_with_the_cue_and_the_flash_goes(
    window: LiveWindow, handle: FakeHandle, clock: Clock
) -> None:
    played = threading.Event()
    window.tone = Tone([lambda path: played.set()])
    handle.waiting += [STARTED, BEGAN, PhaseChanged(Phase.READY, lift=1)]
    window.tick()
    assert not window.card.flashes
    handle.waiting += [CUE, PhaseChanged(Phase.LIFT, lift=1)]
    window.tick()
    assert window.card.flashes
    assert window.card.content.word == "Lift now"
    assert played.wait(5.0)
    clock.now_s += 0.19
    window.tick()
    assert window.card.flashes
    clock.now_s += 0.02
    window.tick()
    assert not window.card.flashes


def test_a_key_switches_the_tone(window: LiveWindow, handle: FakeHandle) -> None:
    played: list[Path] = []
    window.tone = Tone([played.append])
    press = QtGui.QKeyEvent(QtCore.QEvent.Type.KeyPress, QtCore.Qt.Key.Key_T, QtCore.Qt.KeyboardModifier.NoModifier)
    window.keyPressEvent(press)
    handle.waiting += [CUE]
    window.tick()
    window.tone.close()
    assert played == []
    assert window.card.flashes


def test_the_tone_is_a_wav_that_begins_and_ends_in_silence() -> None:
    with wave.open(BytesIO(make_tone())) as file:
        assert file.getnframes() == round(RATE_HZ * LENGTH_S)
        frames = file.readframes(file.getnframes())
    assert frames[:2] == b"\0\0"
    assert max(abs(int.from_bytes(frames[i : i + 2], "little", signed=True)) for i in range(0, len(frames), 2)) < 20_000


def test_a_player_that_fails_is_not_asked_again_and_the_next_one_plays() -> None:
    asked: list[str] = []
    done = threading.Event()

    def fail(path: Path) -> None:
        asked.append("first")
        raise OSError("no sound card")

    def play(path: Path) -> None:
        asked.append("second")
        assert path.read_bytes()[:4] == b"RIFF"
        done.set()

    tone = Tone([fail, play])
    tone.play()
    assert done.wait(5.0)
    tone.close()
    assert asked == ["first", "second"]
    assert not tone.on


def test_where_nothing_can_play_there_is_no_tone_and_no_error() -> None:
    tone = Tone(())
    tone.play()
    assert not tone.on
    tone.close()


def test_a_tone_that_still_sounds_holds_nothing_up() -> None:
    over, begun = threading.Event(), threading.Event()

    def play(path: Path) -> None:
        begun.set()
        over.wait(5.0)

    tone = Tone([play])
    tone.play()
    assert begun.wait(5.0)
    tone.play()
    over.set()
    tone.close()
