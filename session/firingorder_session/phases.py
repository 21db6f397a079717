"""The phases of a running test as a table: what the person at the table should know or do now.

How to think about it: the pipeline finds and judges lifts on its own and never looks at the phase, so that a replay
without anybody pressing a key gives the same result. The phase only tells the people in the room where the test
stands. Each input is a `Trigger`; `TRANSITIONS` holds every legal step, and a trigger that is not listed for a phase
changes nothing.
"""

from dataclasses import dataclass
from enum import Enum, auto

from firingorder_signal.results import Lift, Reason, Verdict

from .live_events import Phase, PhaseChanged


class Trigger(Enum):
    """What can move a test on."""

    SENSORS_READY = auto()
    RESTED = auto()
    NEXT = auto()
    LIFT_STARTED = auto()
    LIFT_DISMISSED = auto()
    LIFT_JUDGED = auto()
    LIFT_REFUSED = auto()
    ALL_LIFTS_DONE = auto()
    LINK_LOST = auto()
    LINK_RESTORED = auto()


TRANSITIONS: dict[tuple[Phase, Trigger], Phase] = {
    (Phase.CONNECTING, Trigger.SENSORS_READY): Phase.LIE_STILL,
    (Phase.LIE_STILL, Trigger.RESTED): Phase.READY,
    (Phase.LIE_STILL, Trigger.NEXT): Phase.READY,
    (Phase.LIE_STILL, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.READY, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.LIFTING, Trigger.LIFT_DISMISSED): Phase.READY,
    (Phase.LIFTING, Trigger.LIFT_JUDGED): Phase.ANSWER,
    (Phase.LIFTING, Trigger.LIFT_REFUSED): Phase.CHECK,
    (Phase.LIFTING, Trigger.NEXT): Phase.READY,
    (Phase.ANSWER, Trigger.LIFT_REFUSED): Phase.CHECK,
    (Phase.ANSWER, Trigger.LIFT_DISMISSED): Phase.READY,
    (Phase.ANSWER, Trigger.NEXT): Phase.READY,
    (Phase.ANSWER, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.ANSWER, Trigger.ALL_LIFTS_DONE): Phase.DONE,
    (Phase.CHECK, Trigger.NEXT): Phase.READY,
    (Phase.CHECK, Trigger.LIFT_DISMISSED): Phase.READY,
    (Phase.CHECK, Trigger.ALL_LIFTS_DONE): Phase.DONE,
    (Phase.CHECK, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.DONE, Trigger.NEXT): Phase.READY,
    (Phase.DONE, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.LINK_LOST, Trigger.LINK_RESTORED): Phase.READY,
    **{(phase, Trigger.LINK_LOST): Phase.LINK_LOST for phase in Phase if phase is not Phase.LINK_LOST},
}

#: The rest's progress is told this often, in steps of the whole.
REST_STEPS = 20


@dataclass
class PhaseTable:
    """Where a test stands.

    Attributes
    ----------
    rest_s
        Complete rest asked for at the start, seconds of signal.
    """

    rest_s: float
    lifts_wanted: int
    phase: Phase = Phase.CONNECTING
    lift: int = 1
    _rest_from_s: float | None = None
    _rest_step: int = -1

    def begin(self) -> PhaseChanged:
        """Say the first phase."""
        return PhaseChanged(self.phase)

    def fire(self, trigger: Trigger, reason: Reason | None = None, detail: str = "") -> list[PhaseChanged]:
        """Take one step; nothing happens when the trigger means nothing here."""
        after = TRANSITIONS.get((self.phase, trigger))
        if after is None:
            return []
        self.phase = after
        return [PhaseChanged(after, lift=self.lift, reason=reason, detail=detail)]

    def pass_time(self, time_s: float) -> list[PhaseChanged]:
        """Count the rest at the start by the signal's own time."""
        if self.phase is not Phase.LIE_STILL:
            return []
        if self._rest_from_s is None:
            self._rest_from_s = time_s
        done = min((time_s - self._rest_from_s) / self.rest_s, 1.0)
        if done >= 1.0:
            return self.fire(Trigger.RESTED)
        if int(done * REST_STEPS) == self._rest_step:
            return []
        self._rest_step = int(done * REST_STEPS)
        left_s = self.rest_s * (1.0 - done)
        return [PhaseChanged(self.phase, progress=done, seconds_left=left_s)]

    def start_lift(self, number: int) -> list[PhaseChanged]:
        """Note that a lift began."""
        self.lift = number
        return self.fire(Trigger.LIFT_STARTED)

    def judge_lift(self, lift: Lift) -> list[PhaseChanged]:
        """Note that the order of the lift is known, or why it is not."""
        if lift.number != self.lift:
            return []
        if lift.verdict is Verdict.NOT_JUDGED:
            return self.fire(Trigger.LIFT_REFUSED, reason=lift.reason or (lift.lag.reason if lift.lag else None))
        return self.fire(Trigger.LIFT_JUDGED)

    def end_lift(self, lift: Lift, n_valid: int) -> list[PhaseChanged]:
        """Note that the lift is over: its gates may still refuse it; the last one wanted ends the test."""
        if lift.valid is False and lift.number == self.lift:
            return self.fire(Trigger.LIFT_REFUSED, reason=lift.reason)
        if n_valid >= self.lifts_wanted:
            return self.fire(Trigger.ALL_LIFTS_DONE)
        return []

    def next(self) -> list[PhaseChanged]:
        """Move on, as the clinician asks."""
        changed = self.fire(Trigger.NEXT)
        return [PhaseChanged(step.phase, lift=self.lift + 1 if self.phase is Phase.READY else None) for step in changed]
