"""The demo's patient hears the tone and what the set-up page asks, and does it: from the test to the wearable."""

from collections.abc import Callable, Sequence

from firingorder_bridge.events import BridgeEvent
from firingorder_session.events.guide_events import CueGiven
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.events.live_events import LiveEvent, TestStarted
from firingorder_session.events.set_up_events import ReferencePhase, SetUpChanged
from firingorder_signal.blocks import Side
from firingorder_signal.identity_check import Hearing

#: What a reference position is called to the wearable.
HOLDS = {
    "squeeze": "max_squeeze",
    "bent_knee_lift": "max_bent_knee_lift",
    "bend_knee": "max_bend_knee",
    "reference_lift": "hold_lift",
}


class PatientEars:
    """Listen to a test, as its audience, and pass on each thing that is asked once.

    Parameters
    ----------
    tell
        Called with one line for the wearable: `squeeze right`, or `lift right` at a cue.
    worn
        The leg that is meant where no side is said.
    holds
        Whether the test is a static set, in which a tone asks for no lift. A test that is chosen later says so itself.
    """

    def __init__(self, tell: Callable[[str], None], worn: Side = Side.RIGHT, *, holds: bool = False) -> None:
        self._tell = tell
        self._worn, self._holds = worn, holds
        self._heard: object = None

    def put(self, events: Sequence[BridgeEvent | LiveEvent]) -> None:
        """Hear what happened."""
        for event in events:
            match event:
                case SetUpChanged():
                    self._listen(event)
                case TestStarted(hold=hold):
                    self._holds = hold is not None
                case CueGiven(side=side) if not self._holds:
                    self._tell(f"lift {self._side(side).value}")
                case HoldStarted(side=side):
                    self._tell(f"static_set {self._side(side).value}")
                case HoldEnded(side=side):
                    self._tell(f"let_go {self._side(side).value}")
                case _:
                    pass

    def _side(self, said: Side) -> Side:
        return self._worn if said is Side.MIDDLE else said

    def _listen(self, said: SetUpChanged) -> None:
        """Understand one state of the page."""
        identity, reference = said.identity, said.reference
        if identity is not None and identity.question is not None and identity.hearing is Hearing.LISTENING:
            question = identity.question
            which = (identity.number, identity.attempt, question)
            self._do(which, f"{question.ask.value} {question.side.value}")
        elif identity is not None and identity.question is None:
            self._heard = None  # asked again from the beginning, the same question is a new one
        elif reference is not None and reference.phase is ReferencePhase.WAITING:
            self._do((reference.task, reference.trial), f"{HOLDS[reference.task]} {self._side(said.side).value}")

    def _do(self, which: object, line: str) -> None:
        if which != self._heard:
            self._heard = which
            self._tell(line)
