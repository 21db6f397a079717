"""The phases of a running test as a table: what the person at the table should know or do now.

How to think about it: the pipeline finds and judges lifts on its own and never looks at the phase, so that a replay
without anybody pressing a key gives the same result. The phase only tells the people in the room where the test
stands. Each input is a `Trigger`; `TRANSITIONS` holds every legal step, and a trigger that is not listed for a phase
changes nothing. A movement that was no lift leads back to what was said before it. A lost link lies over all of this:
while it lasts the steps go on unsaid, and when all links are back the phase they led to is said.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from firingorder_signal.results import Lift, Reason, ReasonCode, Verdict

from .live_events import Phase, PhaseChanged


class Trigger(Enum):
    """What can move a test on."""

    SENSORS_READY = auto()
    RESTED = auto()
    NEXT = auto()
    LIFT_STARTED = auto()
    LIFT_JUDGED = auto()
    LIFT_REFUSED = auto()
    ALL_LIFTS_DONE = auto()


TRANSITIONS: dict[tuple[Phase, Trigger], Phase] = {
    (Phase.CONNECTING, Trigger.SENSORS_READY): Phase.LIE_STILL,
    (Phase.LIE_STILL, Trigger.RESTED): Phase.READY,
    (Phase.LIE_STILL, Trigger.NEXT): Phase.READY,
    (Phase.LIE_STILL, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.READY, Trigger.LIFT_STARTED): Phase.LIFTING,
    # Whoever moves on while the leg is still up learns all the same how that lift ended.
    (Phase.READY, Trigger.LIFT_REFUSED): Phase.CHECK,
    (Phase.READY, Trigger.ALL_LIFTS_DONE): Phase.DONE,
    (Phase.LIFTING, Trigger.LIFT_JUDGED): Phase.ANSWER,
    (Phase.LIFTING, Trigger.LIFT_REFUSED): Phase.CHECK,
    (Phase.ANSWER, Trigger.LIFT_REFUSED): Phase.CHECK,
    (Phase.ANSWER, Trigger.NEXT): Phase.READY,
    (Phase.ANSWER, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.ANSWER, Trigger.ALL_LIFTS_DONE): Phase.DONE,
    (Phase.CHECK, Trigger.NEXT): Phase.READY,
    (Phase.CHECK, Trigger.ALL_LIFTS_DONE): Phase.DONE,
    (Phase.CHECK, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.DONE, Trigger.NEXT): Phase.READY,
    (Phase.DONE, Trigger.LIFT_STARTED): Phase.LIFTING,
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
    n_links_lost
        Links that are lost at present.
    """

    rest_s: float
    lifts_wanted: int
    phase: Phase = Phase.CONNECTING
    lift: int = 1
    n_links_lost: int = 0
    _said: PhaseChanged = field(init=False)
    _before_lift: PhaseChanged = field(init=False)
    _rest_from_s: float | None = None
    _rest_step: int = -1

    def __post_init__(self) -> None:
        """Begin in the first phase."""
        self._said = self._before_lift = PhaseChanged(self.phase, lift=self.lift)

    def begin(self) -> PhaseChanged:
        """Say the first phase."""
        return PhaseChanged(self.phase)

    def fire(self, trigger: Trigger, reason: Reason | None = None) -> list[PhaseChanged]:
        """Take one step; nothing happens when the trigger means nothing here."""
        after = TRANSITIONS.get((self.phase, trigger))
        return [] if after is None else self._enter(PhaseChanged(after, lift=self.lift, reason=reason))

    def _enter(self, said: PhaseChanged) -> list[PhaseChanged]:
        """Stand in a phase, and say so unless a lost link is what matters now."""
        self.phase, self._said = said.phase, said
        return [] if self.n_links_lost else [said]

    def lose_link(self) -> list[PhaseChanged]:
        """Note that a sensor's link is lost."""
        self.n_links_lost += 1
        return [PhaseChanged(Phase.LINK_LOST)] if self.n_links_lost == 1 else []

    def restore_link(self) -> list[PhaseChanged]:
        """Note that a link is back; once all are, say where the test stands. A rest begins anew: part of it is lost."""
        self.n_links_lost = max(self.n_links_lost - 1, 0)
        self._rest_from_s = None
        return [] if self.n_links_lost else [self._said]

    def pass_time(self, time_s: float) -> list[PhaseChanged]:
        """Count the rest at the start by the signal's own time."""
        if self.phase is not Phase.LIE_STILL or self.n_links_lost:
            return []
        if self._rest_from_s is None:
            self._rest_from_s, self._rest_step = time_s, -1
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
        if self.phase is not Phase.LIFTING:
            self._before_lift = self._said
        self.lift = number
        return self.fire(Trigger.LIFT_STARTED)

    def dismiss_lift(self, number: int) -> list[PhaseChanged]:
        """Note that what began as a lift was none: say again what was said before it, and begin a rest anew."""
        if number != self.lift or self.phase not in (Phase.LIFTING, Phase.ANSWER, Phase.CHECK):
            return []
        self.lift = self._before_lift.lift or number
        self._rest_from_s = None
        return self._enter(self._before_lift)

    def judge_lift(self, lift: Lift) -> list[PhaseChanged]:
        """Note that the order of the lift is known, or why it is not."""
        if lift.number != self.lift:
            return []
        if lift.verdict is Verdict.NOT_JUDGED:
            return self.fire(Trigger.LIFT_REFUSED, reason=lift.reason or (lift.lag.reason if lift.lag else None))
        return self.fire(Trigger.LIFT_JUDGED)

    def end_lift(self, lift: Lift, n_valid: int) -> list[PhaseChanged]:
        """Note that the lift is over: its gates may still refuse it; the last one wanted ends the test."""
        set_aside = lift.reason is not None and lift.reason.code is ReasonCode.REPEATED
        if lift.valid is False and lift.number == self.lift and not set_aside:
            return self.fire(Trigger.LIFT_REFUSED, reason=lift.reason)
        if n_valid >= self.lifts_wanted:
            return self.fire(Trigger.ALL_LIFTS_DONE)
        return []

    def next(self) -> list[PhaseChanged]:
        """Move on, as the clinician asks."""
        after = TRANSITIONS.get((self.phase, Trigger.NEXT))
        if after is None:
            return []
        started = self.phase is not Phase.LIE_STILL
        return self._enter(PhaseChanged(after, lift=self.lift + 1 if started else self.lift))
