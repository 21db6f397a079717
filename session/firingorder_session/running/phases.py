"""The phases of a running test as a table: what the person at the table should know or do now.

How to think about it: the pipeline finds and judges lifts on its own and never looks at the phase, so that a replay
without anybody pressing a key gives the same result. The phase only tells the people in the room where the test
stands. Each input is a `Trigger`; `TRANSITIONS` holds every legal step, and a trigger that is not listed for a phase
changes nothing. A movement that was no lift leads back to what was said before it. A lost link lies over all of this:
while it lasts the steps go on unsaid, and when all links are back the phase they led to is said.
"""

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from firingorder_signal.blocks import Side
from firingorder_signal.results import Lift, Reason, ReasonCode, Verdict

from ..events.guide_events import (
    CueGiven,
    CueUnanswered,
    GuideBegan,
    GuideEvent,
    RestBegun,
    RestOver,
    SideSwitched,
)
from ..events.hold_events import HoldEnded, HoldStarted
from ..events.live_events import Phase, PhaseChanged


class Trigger(Enum):
    """What can move a test on."""

    SENSORS_READY = auto()
    RESTED = auto()
    NEXT = auto()
    LIFT_STARTED = auto()
    LIFT_JUDGED = auto()
    LIFT_REFUSED = auto()
    ALL_LIFTS_DONE = auto()
    SIDE_DONE = auto()
    SIDE_SWITCHED = auto()
    REPEAT = auto()
    CUE = auto()
    CUE_UNANSWERED = auto()
    REST = auto()
    HOLD = auto()


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
    # Led by the guide. Whoever lifts without waiting for it is followed all the same.
    (Phase.READY, Trigger.CUE): Phase.LIFT,
    (Phase.READY, Trigger.REST): Phase.REST,
    (Phase.LIFT, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.LIFT, Trigger.LIFT_REFUSED): Phase.CHECK,
    (Phase.LIFT, Trigger.CUE_UNANSWERED): Phase.READY,
    (Phase.LIFT, Trigger.NEXT): Phase.READY,
    (Phase.LIFT, Trigger.ALL_LIFTS_DONE): Phase.DONE,
    (Phase.ANSWER, Trigger.REST): Phase.REST,
    (Phase.ANSWER, Trigger.RESTED): Phase.READY,
    (Phase.CHECK, Trigger.REST): Phase.REST,
    (Phase.CHECK, Trigger.RESTED): Phase.READY,
    (Phase.REST, Trigger.RESTED): Phase.READY,
    (Phase.REST, Trigger.REST): Phase.REST,
    (Phase.REST, Trigger.LIFT_STARTED): Phase.LIFTING,
    (Phase.REST, Trigger.LIFT_REFUSED): Phase.CHECK,
    (Phase.REST, Trigger.ALL_LIFTS_DONE): Phase.DONE,
    # A replay in which nobody presses what was pressed then still shows its cues.
    (Phase.REST, Trigger.CUE): Phase.LIFT,
    (Phase.READY, Trigger.SIDE_DONE): Phase.SWITCH_SIDE,
    (Phase.LIFT, Trigger.SIDE_DONE): Phase.SWITCH_SIDE,
    (Phase.ANSWER, Trigger.SIDE_DONE): Phase.SWITCH_SIDE,
    (Phase.CHECK, Trigger.SIDE_DONE): Phase.SWITCH_SIDE,
    (Phase.REST, Trigger.SIDE_DONE): Phase.SWITCH_SIDE,
    (Phase.SWITCH_SIDE, Trigger.NEXT): Phase.READY,
    (Phase.SWITCH_SIDE, Trigger.REPEAT): Phase.READY,
    (Phase.SWITCH_SIDE, Trigger.SIDE_SWITCHED): Phase.READY,
    (Phase.SWITCH_SIDE, Trigger.LIFT_STARTED): Phase.LIFTING,
    # A static set.
    (Phase.LIFT, Trigger.HOLD): Phase.HOLD,
    (Phase.HOLD, Trigger.REST): Phase.REST,
    (Phase.HOLD, Trigger.NEXT): Phase.READY,
    (Phase.HOLD, Trigger.ALL_LIFTS_DONE): Phase.DONE,
}

#: Phases whose time is counted, by the signal's own.
TIMED = (Phase.REST, Phase.HOLD)
#: Phases that a lift has led to: the next one is the next in number.
AFTER_LIFT = (Phase.LIFTING, Phase.ANSWER, Phase.CHECK, Phase.DONE)

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
    holds
        Whether the test is a static set: no movement is a lift of it.
    side
        The side in turn, None where only one is tested or both at once.
    more_sides
        Whether another side follows this one.
    is_mute
        Whether nothing comes of a sensor although its link is there.
    side_is_done
        Whether all lifts of the side in turn are, and the other one has not begun.
    """

    rest_s: float
    lifts_wanted: int
    phase: Phase = Phase.CONNECTING
    lift: int = 1
    n_links_lost: int = 0
    is_mute: bool = False
    holds: bool = False
    side: Side | None = None
    more_sides: bool = False
    side_is_done: bool = False
    _has_lifted: bool = field(init=False)
    _span_s: tuple[float, float] = (0.0, 0.0)
    _said: PhaseChanged = field(init=False)
    _before_lift: PhaseChanged = field(init=False)
    _rest_from_s: float | None = None
    _rest_step: int = -1

    def __post_init__(self) -> None:
        """Begin in the first phase."""
        self._said = self._before_lift = PhaseChanged(self.phase, lift=self.lift)
        self._has_lifted = self.phase in AFTER_LIFT

    def begin(self) -> PhaseChanged:
        """Say the first phase."""
        return PhaseChanged(self.phase)

    def fire(self, trigger: Trigger, reason: Reason | None = None) -> list[PhaseChanged]:
        """Take one step; nothing happens when the trigger means nothing here."""
        after = TRANSITIONS.get((self.phase, trigger))
        if after is None:
            return []
        number = self.lift if after in AFTER_LIFT else self.in_turn
        return self._enter(PhaseChanged(after, lift=number, reason=reason, side=self.side))

    @property
    def in_turn(self) -> int:
        """Number of the lift that comes next."""
        return self.lift + 1 if self._has_lifted else self.lift

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
        self._rest_from_s, self._rest_step = None, -1
        return [] if self.n_links_lost else [self._said]

    def pass_time(self, time_s: float) -> list[PhaseChanged]:
        """Count the rest at the start by the signal's own time; and what the guide timed, whose end it says itself."""
        if self.n_links_lost:
            return []
        if self.phase in TIMED:
            return self._count(time_s, *self._span_s)
        if self.phase is not Phase.LIE_STILL:
            return []
        if self._rest_from_s is None:
            self._rest_from_s, self._rest_step = time_s, -1
        if time_s - self._rest_from_s >= self.rest_s:
            return self.fire(Trigger.RESTED)
        return self._count(time_s, self._rest_from_s, self._rest_from_s + self.rest_s)

    def _count(self, time_s: float, from_s: float, until_s: float) -> list[PhaseChanged]:
        """Say how far a span of time has come: each second, and each step of the whole."""
        length_s, gone_s = until_s - from_s, max(time_s - from_s, 0.0)
        done = min(gone_s / length_s, 1.0) if length_s > 0 else 1.0
        step = max(int(done * REST_STEPS), int(gone_s))
        if step == self._rest_step:
            return []
        self._rest_step = step
        number = None if self.phase is Phase.LIE_STILL else self._said.lift
        left_s = length_s * (1.0 - done)
        return [PhaseChanged(self.phase, lift=number, progress=done, seconds_left=left_s, side=self._said.side)]

    def follow(self, step: GuideEvent) -> list[PhaseChanged]:
        """Take a step of the guide."""
        match step:
            case GuideBegan():
                self.side = None if step.side is Side.MIDDLE else step.side
                self.more_sides = step.n_sides > 1 and not self.holds
                if self.holds:
                    self.lifts_wanted *= step.n_sides  # each side's own, in turn
                return self._enter(replace(self._said, side=self.side)) if self.side else []
            case CueGiven():
                return self.fire(Trigger.CUE)
            case CueUnanswered():
                return self.fire(Trigger.CUE_UNANSWERED)
            case RestBegun():
                self._span_s, self._rest_step = (step.time_s, step.until_s), -1
                return self.fire(Trigger.REST)
            case RestOver():
                return self.fire(Trigger.RESTED)
            case SideSwitched():
                return self._switch_to(step.side)
            case HoldStarted():
                self.lift, self._has_lifted = step.number, False
                self._span_s, self._rest_step = (step.time_s, step.time_s + step.work_s), -1
                return self.fire(Trigger.HOLD)
            case HoldEnded():
                self._has_lifted = step.complete
                is_last = step.complete and step.number >= self.lifts_wanted
                return self.fire(Trigger.ALL_LIFTS_DONE) if is_last else []

    def _switch_to(self, side: Side) -> list[PhaseChanged]:
        """Let the other side be in turn; whoever has moved on already is told whose turn it is."""
        if self.holds:
            self.side = side
            said = replace(self._said, side=side)
            # Right after a hold the rest follows, and says it.
            return self._enter(said) if self.phase is not Phase.HOLD else []
        self.side, self.more_sides, self.side_is_done = side, False, False
        if self.phase is not Phase.LIFTING:
            self.lift, self._has_lifted = 1, False
        if self.phase is Phase.SWITCH_SIDE:
            return self.fire(Trigger.SIDE_SWITCHED)
        return self._enter(replace(self._said, side=side, lift=self.lift))

    def start_lift(self, number: int) -> list[PhaseChanged]:
        """Note that a lift began."""
        if self.holds:
            return []
        if self.phase is not Phase.LIFTING:
            self._before_lift = self._said
        self.lift, self._has_lifted = number, True
        return self.fire(Trigger.LIFT_STARTED)

    def dismiss_lift(self, number: int) -> list[PhaseChanged]:
        """Note that what began as a lift was none: say again what was said before it, and begin a rest anew."""
        if number != self.lift or self.holds or self.phase not in (Phase.LIFTING, Phase.ANSWER, Phase.CHECK):
            return []
        self.lift = self._before_lift.lift or number
        self._has_lifted = self._before_lift.phase in AFTER_LIFT
        self._rest_from_s, self._rest_step = None, -1
        return self._enter(self._before_lift)

    def judge_lift(self, lift: Lift) -> list[PhaseChanged]:
        """Note that the order of the lift is known, or why it is not."""
        if lift.number != self.lift or self.holds:
            return []
        if lift.verdict is Verdict.NOT_JUDGED:
            return self.fire(Trigger.LIFT_REFUSED, reason=lift.reason or (lift.lag.reason if lift.lag else None))
        return self.fire(Trigger.LIFT_JUDGED)

    def end_lift(self, lift: Lift, n_valid: int) -> list[PhaseChanged]:
        """Note that the lift is over: its gates may still refuse it; the last one wanted ends the side, or the test."""
        if self.holds:
            return []
        set_aside = lift.reason is not None and lift.reason.code is ReasonCode.REPEATED
        if lift.valid is False and lift.number == self.lift and not set_aside:
            return self.fire(Trigger.LIFT_REFUSED, reason=lift.reason)
        if n_valid < self.lifts_wanted:
            return []
        if not self.more_sides:
            return self.fire(Trigger.ALL_LIFTS_DONE)
        self.side_is_done = True
        return self.fire(Trigger.SIDE_DONE)

    def repeat(self) -> list[PhaseChanged]:
        """Note that the last lift was set aside: its side is not done any more."""
        self.side_is_done = False
        return self.fire(Trigger.REPEAT) if self.phase is Phase.SWITCH_SIDE else self.next()

    def next(self) -> list[PhaseChanged]:
        """Move on, as the clinician asks."""
        after = TRANSITIONS.get((self.phase, Trigger.NEXT))
        if after is None:
            return []
        number = self.lift + 1 if self.phase in AFTER_LIFT else self.in_turn
        return self._enter(PhaseChanged(after, lift=number, side=self.side))
