"""Lead a test: when the tone comes, how long to rest, which side is in turn. No clock, no thread: the time is told.

How to think about it: the phase table says where the test stands, and this file says when it moves on by itself. It
looks at the phase, and returns one step at a time; whoever asks lets the table follow it, records it, and asks again.
The pipeline never asks here: a person who ignores the tone and lifts anyway is judged all the same. In a replay
`RecordedGuide` stands in its place and takes the recorded steps, so that nothing is drawn by lot again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from secrets import randbits
from typing import Protocol as Interface

from firingorder_signal.blocks import Side

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
from ..events.live_events import Phase
from ..protocols.protocol_plan import Protocol, SideOrder
from .hold_turns import HoldTurns
from .phases import PhaseTable

#: Bits of the seed: as many as JSON carries as a whole number in every language.
SEED_BITS = 53


@dataclass(frozen=True)
class GuideParams:
    """How a test is led.

    Attributes
    ----------
    answer_s
        How long an answer stands before the count-down of the rest takes its place (J: read from two metres, twice).
    unanswered_s
        Without movement for so long there is another cue (J).
    shortest_rest_s
        A rest shorter than this is not counted down (J).
    """

    answer_s: float = 5.0
    unanswered_s: float = 6.0
    shortest_rest_s: float = 0.5


class Steps(Interface):
    """What leads a test: the guide itself, or the record of one."""

    def begin(self, sides: Sequence[Side]) -> bool:
        """Begin; `sides` have all their sensors. Tell whether they take turns."""
        ...

    def note_start(self) -> None:
        """Note that a movement began."""
        ...

    def note_end(self, end_s: float | None) -> None:
        """Note that it is over; None = it was no lift."""
        ...

    def next_step(self, now_s: float, phases: PhaseTable) -> GuideEvent | None:
        """Return what is due, None when nothing is."""
        ...


class Guide:
    """Lead a test that is run.

    Parameters
    ----------
    protocol
        What is tested.
    seed
        Where the draws come from; None = the operating system's entropy.
    """

    def __init__(self, protocol: Protocol, seed: int | None = None, params: GuideParams | None = None) -> None:
        self._protocol = protocol
        self._params = params or GuideParams()
        self._seed = randbits(SEED_BITS) if seed is None else seed
        self._random = Random(self._seed)
        self._sides: list[Side] = []
        self._has_begun = self._moves = False
        self._phase, self._since_s = Phase.CONNECTING, 0.0
        self._rest_until_s = self._cue_s = float("-inf")
        self._due_s: float | None = None
        self._fore_period_s = 0.0
        self._hold: HoldStarted | None = None
        self._turns: HoldTurns | None = None
        self._side_said = Side.MIDDLE
        self._is_cut_short = False

    def go_on(self, steps: Sequence[GuideEvent]) -> None:
        """Go on behind the steps of a guide whose program died: what it settled stays, what it waited for begins anew.

        What it would have drawn is drawn anew as well. A hold under way then is done again.
        """
        for step in steps:
            match step:
                case GuideBegan():
                    other = Side.LEFT if step.side is Side.RIGHT else Side.RIGHT
                    self._has_begun = True
                    self._settle([step.side, other][: step.n_sides])
                case RestBegun():
                    self._rest_until_s = step.until_s
                case SideSwitched():
                    self._side_said = step.side
                case HoldStarted():
                    self._hold, self._is_cut_short = step, True
                case HoldEnded():
                    self._hold, self._is_cut_short = None, False
                    if self._turns is not None:
                        self._turns.end(step)
                case _:
                    pass

    @property
    def has_begun(self) -> bool:
        """Whether it was settled which side is first."""
        return bool(self._sides)

    def begin(self, sides: Sequence[Side]) -> bool:
        """Settle which side is first; two sides are tested one after the other where the test says so."""
        order = self._protocol.side_order
        both = [Side.LEFT, Side.RIGHT]
        if order is SideOrder.TOGETHER or not set(both) <= set(sides):
            self._settle([sides[0] if len(sides) == 1 and order is not SideOrder.TOGETHER else Side.MIDDLE])
            return False
        right_first = {SideOrder.RIGHT_FIRST: True, SideOrder.LEFT_FIRST: False}.get(order)
        if right_first is None:
            right_first = self._random.random() < 0.5
        self._settle(both[::-1] if right_first else both)
        return True

    def _settle(self, sides: list[Side]) -> None:
        """Settle the order of the sides."""
        self._sides, self._side_said = sides, sides[0]
        if self._protocol.hold is not None:
            self._turns = HoldTurns(self._protocol.hold, sides)

    def note_start(self) -> None:
        """Note that a movement began."""
        self._moves = True

    def note_end(self, end_s: float | None) -> None:
        """Note that it is over: the rest counts from there."""
        self._moves = False
        if end_s is not None:
            self._rest_until_s = max(self._rest_until_s, end_s + self._protocol.rest_between_s)

    def next_step(self, now_s: float, phases: PhaseTable) -> GuideEvent | None:
        """Return what is due, None when nothing is."""
        if not self._sides:
            return None
        if not self._has_begun:
            self._has_begun = True
            gives_cues = self._protocol.fore_period_s is not None
            return GuideBegan(now_s, self._seed, self._sides[0], len(self._sides), gives_cues)
        if self._is_cut_short:
            self._is_cut_short = False
            return self._end_hold(now_s, complete=False)
        if phases.phase is not self._phase:
            self._phase, self._since_s, self._due_s = phases.phase, now_s, None
        if phases.n_links_lost:
            self._due_s = None  # the wait begins anew when the sensor is back
            return self._end_hold(now_s, complete=False) if self._hold else None
        if self._hold is not None and phases.phase is not Phase.HOLD:
            return self._end_hold(now_s, complete=False)
        if self._hold is None and self._turns is not None and self._turns.side is not self._side_said:
            self._side_said = self._turns.side
            return SideSwitched(now_s, self._side_said)
        if phases.side_is_done and phases.phase is not Phase.SWITCH_SIDE:
            self._rest_until_s = float("-inf")  # that leg has not moved yet
            return SideSwitched(now_s, self._sides[-1])
        return self._step_in(phases, now_s)

    def _step_in(self, phases: PhaseTable, now_s: float) -> GuideEvent | None:
        """Return what is due in the phase the test is in."""
        match phases.phase:
            case Phase.READY:
                return self._wait_for_cue(phases, now_s)
            case Phase.LIFT if self._protocol.hold is not None:
                return self._begin_hold(now_s)
            case Phase.LIFT:
                return CueUnanswered(now_s) if now_s - self._cue_s >= self._params.unanswered_s else None
            case Phase.HOLD if self._hold is None:
                return RestBegun(now_s, self._rest_until_s)
            case Phase.HOLD:
                over = self._hold is not None and now_s >= self._hold.time_s + self._hold.work_s
                return self._end_hold(now_s, complete=True) if over else None
            case Phase.ANSWER | Phase.CHECK:
                read = now_s - self._since_s >= self._params.answer_s
                return self._rest(now_s) if read and not self._moves else None
            case Phase.REST:
                return RestOver(now_s) if now_s >= self._rest_until_s else None
            case _:
                return None

    def _rest(self, now_s: float) -> GuideEvent:
        """Begin the rest, or say that it is over where most of it is gone."""
        left_s = self._rest_until_s - now_s
        return RestBegun(now_s, self._rest_until_s) if left_s > self._params.shortest_rest_s else RestOver(now_s)

    def _wait_for_cue(self, phases: PhaseTable, now_s: float) -> GuideEvent | None:
        """Draw the wait for the tone, then give it; a rest that is not over comes first."""
        if self._moves:
            return None
        if phases.is_mute:
            self._due_s = None  # the wait begins anew once all sensors send
            return None
        if self._rest_until_s - now_s > self._params.shortest_rest_s:
            return RestBegun(now_s, self._rest_until_s)
        limits = self._protocol.fore_period_s
        if limits is None:
            return None
        if self._due_s is None:
            self._fore_period_s = self._random.uniform(*limits)
            self._due_s = now_s + self._fore_period_s
        if now_s < self._due_s:
            return None
        waited_s = self._fore_period_s + (now_s - self._due_s)
        self._due_s, self._cue_s = None, now_s
        return CueGiven(now_s, phases.in_turn, phases.side or Side.MIDDLE, waited_s)

    def _begin_hold(self, now_s: float) -> GuideEvent | None:
        """Begin a hold with its tone."""
        turns = self._turns
        if turns is None:
            return None
        plan = turns.plan
        self._hold = HoldStarted(now_s, turns.number, turns.wanted, turns.side, plan.work_s, plan.target_percent)
        return self._hold

    def _end_hold(self, now_s: float, *, complete: bool) -> GuideEvent | None:
        """End the hold under way; one that was cut short is done again."""
        hold, self._hold = self._hold, None
        if hold is None or self._turns is None:
            return None
        ended = HoldEnded(now_s, hold.number, hold.side, hold.time_s, complete)
        self._turns.end(ended)
        self._rest_until_s = self._turns.rest_until_s
        return ended


class RecordedGuide:
    """Lead a replay by the steps that were recorded.

    Parameters
    ----------
    steps
        From `read_steps`.
    """

    def __init__(self, steps: Iterable[GuideEvent]) -> None:
        self._steps = sorted(steps, key=lambda step: step.time_s)[::-1]

    def begin(self, sides: Sequence[Side]) -> bool:
        """Tell what was settled."""
        return any(isinstance(step, GuideBegan) and step.n_sides > 1 for step in self._steps)

    def note_start(self) -> None:
        """Take no note: it was taken."""

    def note_end(self, end_s: float | None) -> None:
        """Take no note: it was taken."""

    def next_step(self, now_s: float, phases: PhaseTable) -> GuideEvent | None:
        """Return the next step when its time has come."""
        return self._steps.pop() if self._steps and self._steps[-1].time_s <= now_s else None
