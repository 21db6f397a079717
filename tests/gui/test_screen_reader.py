"""Everything that is shown has a name for screen readers, in every state and language; what changes is said."""

from collections.abc import Iterator

import pytest
from tests.gui.synthetic import GLUTE, KIT_4, FakeHandle, Plan, SyntheticTest, make_lift

from firingorder_gui.bottom_bar import Action
from firingorder_gui.languages import LANGUAGES
from firingorder_gui.qt import QtWidgets
from firingorder_gui.telling import tell
from firingorder_gui.window import LiveWindow
from firingorder_session.events.live_events import Phase, PhaseChanged, RecordingChanged, SensorChanged, SensorPhase
from firingorder_session.messages import Message, MessageCode
from firingorder_signal.events import ChannelQuality, LiftJudged
from firingorder_signal.results import Verdict

OPENED = (Action.HELP, Action.SENSORS, Action.ANSWER, Action.FREEZE)


@pytest.fixture(params=sorted(LANGUAGES))
def spoken(request: pytest.FixtureRequest, qapp: object) -> Iterator[tuple[LiveWindow, FakeHandle]]:
    """Show a window in each language, with traces and a lift."""
    handle = FakeHandle()
    window = LiveWindow(handle, texts=LANGUAGES[request.param])
    window.resize(1280, 720)
    window.show()
    handle.waiting = SyntheticTest(Plan(KIT_4)).until(9.0)
    window.tick()
    yield window, handle
    window.close()
    window.deleteLater()


def unnamed(window: LiveWindow) -> list[str]:
    """List what is shown and has no name."""
    shown = [each for each in window.findChildren(QtWidgets.QWidget) if each.isVisible()]
    assert len(shown) > 12
    return [type(each).__name__ for each in (window, *shown) if not each.accessibleName().strip()]


def test_everything_is_named_before_there_is_data(window: LiveWindow) -> None:
    window.tick()
    assert unnamed(window) == []


@pytest.mark.parametrize("phase", list(Phase), ids=lambda phase: phase.value)
def test_everything_is_named_in_every_phase(spoken: tuple[LiveWindow, FakeHandle], phase: Phase) -> None:
    window, handle = spoken
    handle.waiting = [PhaseChanged(phase, lift=2, progress=0.4, seconds_left=3.0)]
    window.tick()
    assert unnamed(window) == []
    assert window.card.accessibleName() == window.card.content.word
    assert window.card.accessibleDescription() == window.card.content.spoken


@pytest.mark.parametrize("action", OPENED, ids=lambda action: action.value)
def test_everything_is_named_whatever_is_open(spoken: tuple[LiveWindow, FakeHandle], action: Action) -> None:
    window, _ = spoken
    window.act(action, True)
    window.tick()
    assert unnamed(window) == []


@pytest.mark.parametrize("verdict", list(Verdict), ids=lambda verdict: verdict.value)
def test_a_verdict_is_said(spoken: tuple[LiveWindow, FakeHandle], verdict: Verdict) -> None:
    window, handle = spoken
    before = window.card.accessibleDescription()
    lift = make_lift(4, verdict, 30.0)
    phase = Phase.CHECK if verdict is Verdict.NOT_JUDGED else Phase.ANSWER
    handle.waiting = [LiftJudged(lift), PhaseChanged(phase, lift=4, reason=lift.reason)]
    window.tick()
    assert window.card.accessibleDescription() not in ("", before)
    assert window.card.content.figure in window.card.accessibleDescription()
    assert window.table.rows[4].accessibleName().startswith("4, ")


def test_troubles_are_said(spoken: tuple[LiveWindow, FakeHandle]) -> None:
    window, handle = spoken
    texts = window.texts
    assert window.panel.accessibleDescription() == ""
    assert texts.is_recording in window.top.accessibleDescription()
    handle.waiting = [
        ChannelQuality(GLUTE, 20.0, 10.0, 0.0, 0.9, 0.1, False, 0.0),
        SensorChanged("hamstring", SensorPhase.LOST, "hamstring"),
        RecordingChanged("visit.fo", False, Message(MessageCode.DISK_FULL)),
    ]
    window.tick()
    assert texts.note_mains in window.panel.accessibleDescription()
    assert texts.sensor_lost in window.top.accessibleDescription()
    assert tell(Message(MessageCode.DISK_FULL), texts) in window.top.accessibleDescription()
    assert texts.is_recording not in window.top.accessibleDescription()


def test_that_traces_are_frozen_is_said(spoken: tuple[LiveWindow, FakeHandle]) -> None:
    window, _ = spoken
    window.act(Action.FREEZE, True)
    window.tick()
    assert window.texts.frozen in window.panel.accessibleDescription()
    assert window.bottom.hints[Action.FREEZE].accessibleDescription() == window.texts.is_on
    window.act(Action.FREEZE, True)
    window.tick()
    assert window.panel.accessibleDescription() == ""
    assert window.bottom.hints[Action.FREEZE].accessibleDescription() == ""


def test_the_clock_is_not_said_every_second(spoken: tuple[LiveWindow, FakeHandle]) -> None:
    window, handle = spoken
    before = window.top.accessibleDescription()
    handle.waiting = SyntheticTest(Plan(KIT_4)).until(9.0)[-40:]
    window.tick()
    assert window.top.accessibleDescription() == before


def test_traces_are_named_with_their_sides(spoken: tuple[LiveWindow, FakeHandle]) -> None:
    window, _ = spoken
    english = window.texts.language == "en"
    assert window.panel.accessibleName() == (
        "Traces: Hamstring right, Glute max right, Low back left, Low back right"
        if english
        else "Kurven: Beinbeuger rechts, Gesäßmuskel rechts, Rückenstrecker links, Rückenstrecker rechts"
    )
