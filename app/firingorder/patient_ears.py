"""The demo's patient hears what the set-up page asks, and does it: from the page to the virtual wearable."""

from collections.abc import Callable, Sequence

from firingorder_bridge.events import BridgeEvent
from firingorder_session.hold_events import HoldEnded, HoldStarted
from firingorder_session.live_events import LiveEvent
from firingorder_session.set_up_events import ReferencePhase, SetUpChanged, SetUpStep
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
        Called with one line for the wearable: `squeeze right`, or `begin` once the set-up is done.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._heard: object = None

    def put(self, events: Sequence[BridgeEvent | LiveEvent]) -> None:
        """Hear what happened."""
        for event in events:
            if isinstance(event, SetUpChanged):
                self._listen(event)
            elif isinstance(event, HoldStarted | HoldEnded):
                what = "static_set" if isinstance(event, HoldStarted) else "let_go"
                side = Side.RIGHT if event.side is Side.MIDDLE else event.side  # the right leg is the one that is worn
                self._tell(f"{what} {side.value}")

    def _listen(self, said: SetUpChanged) -> None:
        """Understand one state of the page."""
        identity, reference = said.identity, said.reference
        if said.step is SetUpStep.DONE:
            self._do("done", "begin")
        elif identity is not None and identity.question is not None and identity.hearing is Hearing.LISTENING:
            question = identity.question
            which = (identity.number, identity.attempt, question)
            self._do(which, f"{question.ask.value} {question.side.value}")
        elif identity is not None and identity.question is None:
            self._heard = None  # asked again from the beginning, the same question is a new one
        elif reference is not None and reference.phase is ReferencePhase.WAITING:
            side = Side.RIGHT if said.side is Side.MIDDLE else said.side
            self._do((reference.task, reference.trial), f"{HOLDS[reference.task]} {side.value}")

    def _do(self, which: object, line: str) -> None:
        if which != self._heard:
            self._heard = which
            self._tell(line)
