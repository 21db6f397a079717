"""What holds a test up is said on the state card, and goes when it is mended."""

import pytest

from firingorder_gui.cards import state_card
from firingorder_gui.model import ViewModel
from firingorder_session.events.live_events import (
    DataHealth,
    LiveEvent,
    Origin,
    Phase,
    PhaseChanged,
    RecordingChanged,
    SensorChanged,
    SensorPhase,
    SessionEnded,
    TestStarted,
)
from firingorder_session.messages import Message, MessageCode
from firingorder_signal.blocks import Side, Site

STARTED = TestStarted("prone_hip_extension", "Prone hip extension", Side.RIGHT, 6, Origin.LIVE)
READY = PhaseChanged(Phase.READY, lift=2)
SITES = (Site.parse("gluteus_maximus/right"),)
FULL = RecordingChanged("a.fo", recording=False, error=Message(MessageCode.DISK_FULL))
STALE = SensorChanged("port", SensorPhase.STALE, sites=SITES)
LATE = DataHealth(20.0, 0, 0, 0, analysis_delay_s=2.6)


def card_after(*events: LiveEvent) -> tuple[str, str]:
    """Return the word and the body of the state card."""
    model = ViewModel()
    model.feed((STARTED, READY, *events))
    card = state_card(model)
    return card.word, card.body


@pytest.mark.parametrize(
    ("event", "word", "body"),
    [
        (FULL, "Not recorded", "The disk is full. What came before is kept"),
        (STALE, "No data", "Glute: nothing has come"),
        (LATE, "Computer too slow", "3 s late"),
    ],
)
def test_a_trouble_outweighs_ready(event: LiveEvent, word: str, body: str) -> None:
    shown = card_after(event)
    assert shown[0] == word
    assert body in shown[1]
    assert card_after(event, SessionEnded())[0] != word


def test_the_recording_comes_first() -> None:
    assert card_after(LATE, STALE, FULL)[0] == "Not recorded"
    assert card_after(LATE, STALE)[0] == "No data"


def test_what_is_mended_is_not_said_any_more() -> None:
    back = SensorChanged("port", SensorPhase.STREAMING, sites=SITES)
    assert card_after(STALE, back)[0] == "Ready"
    assert card_after(LATE, DataHealth(21.0, 0, 0, 0, analysis_delay_s=0.1))[0] == "Ready"


@pytest.mark.parametrize("phase", [SensorPhase.LOST, SensorPhase.CONNECTING])
def test_a_link_that_is_open_again_is_no_data_yet(phase: SensorPhase) -> None:
    sensor = SensorChanged("port", SensorPhase.STREAMING, sites=SITES)
    again = SensorChanged("port", phase, sites=SITES)
    assert card_after(again)[0] == "Ready", "one that never sent anything is waited for before a test"
    assert card_after(sensor, STALE, again)[0] == "No data"
    assert card_after(sensor, STALE, again, sensor)[0] == "Ready"


def test_where_nothing_reaches_the_window_it_says_so_by_itself() -> None:
    model = ViewModel()
    model.feed((STARTED, READY))
    model.note_quiet(True)
    assert state_card(model).word == "No data"
    model.feed((STALE,))
    assert "Glute" in state_card(model).body, "whoever it is is named, once that is known"
    model.note_quiet(False)
    model.feed((SensorChanged("port", SensorPhase.STREAMING, sites=SITES),))
    assert state_card(model).word == "Ready"


def test_a_replay_is_not_too_slow() -> None:
    model = ViewModel()
    model.feed((TestStarted("p", "t", Side.RIGHT, 6, Origin.REPLAY), READY, LATE))
    assert state_card(model).word == "Ready"
