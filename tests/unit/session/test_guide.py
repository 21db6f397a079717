"""The guide leads: tone after a wait drawn by lot, rest, repeat, other side, done; and all of it is played back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest

from firingorder_session.events.guide_events import (
    GUIDE_EVENTS,
    CueGiven,
    CueUnanswered,
    GuideBegan,
    GuideEvent,
    RestBegun,
    RestOver,
    SideSwitched,
    read_steps,
    write_step,
)
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.events.live_events import Phase, PhaseChanged
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.protocols.protocol_plan import Protocol, SideOrder
from firingorder_session.running.guide import Guide, GuideParams, RecordedGuide, Steps
from firingorder_session.running.phases import PhaseTable, Trigger
from firingorder_signal.blocks import Side
from firingorder_signal.results import Lag, Lift, Onset, Verdict

PRONE = find_protocol("prone_hip_extension")
LAG = Lag(0.08, (0.06, 0.1), 0.99, 0.0, Verdict.HAMSTRING_FIRST, None, Onset(1.0), Onset(1.08))
STEP_S = 0.02
Event = TypeVar("Event")


@dataclass
class Room:
    """A test with its guide, its phases and a clock that the test winds."""

    guide: Steps
    phases: PhaseTable
    now_s: float = 0.0
    said: list[GuideEvent | PhaseChanged] = field(default_factory=list[GuideEvent | PhaseChanged])

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass."""
        end_s = self.now_s + seconds
        while self.now_s < end_s and not until():
            self.now_s = round(self.now_s + STEP_S, 6)
            self.said += self.phases.pass_time(self.now_s)
            while (step := self.guide.next_step(self.now_s, self.phases)) is not None:
                self.said += [step, *self.phases.follow(step)]

    def until(self, phase: Phase, seconds: float = 30.0) -> None:
        """Let time pass until a phase."""
        self.run(seconds, lambda: self.phases.phase is phase)
        assert self.phases.phase is phase

    def lift(self, number: int, n_valid: int, side: Side = Side.RIGHT, *, valid: bool = True) -> Lift:
        """Lift the leg for three seconds."""
        lift = Lift(number, side, self.now_s, lag=LAG)
        self.guide.note_start()
        self.said += self.phases.start_lift(number)
        self.run(1.0)
        self.said += self.phases.judge_lift(lift)
        self.run(2.0)
        lift = replace(lift, end_s=self.now_s, valid=valid)
        self.guide.note_end(lift.end_s)
        self.said += self.phases.end_lift(lift, n_valid)
        return lift

    def stands_in(self, phase: Phase) -> bool:
        """Tell whether the test stands in a phase now."""
        return self.phases.phase is phase

    def of(self, kind: type[Event]) -> list[Event]:
        """Return what was said of one kind."""
        return [each for each in self.said if isinstance(each, kind)]


def room(
    protocol: Protocol = PRONE,
    sides: Sequence[Side] = (Side.RIGHT,),
    seed: int | None = 1,
    params: GuideParams | None = None,
) -> Room:
    """Make a test whose sensors are ready and whose first rest is over."""
    guide = Guide(protocol, seed, params)
    phases = PhaseTable(protocol.rest_s, protocol.wanted, holds=protocol.hold is not None)
    phases.fire(Trigger.SENSORS_READY)
    guide.begin(sides)
    made = Room(guide, phases)
    made.until(Phase.READY)
    return made


def test_the_tone_comes_after_a_wait_within_the_tests_range() -> None:
    waits: list[float] = []
    for seed in range(20):
        test = room(seed=seed)
        ready_s = test.now_s
        test.until(Phase.LIFT)
        (cue,) = test.of(CueGiven)
        assert cue.fore_period_s == pytest.approx(cue.time_s - ready_s, abs=2 * STEP_S)
        waits.append(cue.fore_period_s)
    assert 1.0 <= min(waits) < 1.5
    assert 2.5 < max(waits) <= 3.0 + STEP_S


def test_without_a_seed_every_test_waits_otherwise() -> None:
    seeds = {room(seed=None).of(GuideBegan)[0].seed for _ in range(5)}
    assert len(seeds) == 5


def test_a_test_without_a_fore_period_gives_no_tone() -> None:
    test = room(find_protocol("hip_extension_range_passive"))
    test.run(20.0)
    assert test.of(CueGiven) == []
    assert test.stands_in(Phase.READY)


def test_the_rest_counts_from_the_lifts_end_and_is_counted_down() -> None:
    test = room()
    test.until(Phase.LIFT)
    lift = test.lift(1, 1)
    assert lift.end_s is not None
    test.until(Phase.REST)
    test.until(Phase.LIFT)
    (rest,) = test.of(RestBegun)
    (over,) = test.of(RestOver)
    assert rest.until_s == pytest.approx(lift.end_s + 8.0)
    assert over.time_s == pytest.approx(rest.until_s, abs=2 * STEP_S)
    assert 1.0 <= test.of(CueGiven)[1].time_s - over.time_s <= 3.1
    left = [said.seconds_left for said in test.of(PhaseChanged) if said.phase is Phase.REST and said.seconds_left]
    assert left == sorted(left, reverse=True)
    assert {said.lift for said in test.of(PhaseChanged) if said.phase is Phase.REST} == {2}


def test_moving_on_by_hand_does_not_shorten_the_rest() -> None:
    test = room()
    test.until(Phase.LIFT)
    lift = test.lift(1, 1)
    test.said += test.phases.next()
    test.until(Phase.LIFT)
    assert lift.end_s is not None
    assert test.of(CueGiven)[1].time_s - lift.end_s >= 9.0


def test_an_answer_stands_until_the_leg_is_down() -> None:
    test = room(params=GuideParams(answer_s=0.1))
    test.until(Phase.LIFT)
    test.lift(1, 1)
    phases = [said.phase for said in test.of(PhaseChanged)]
    assert phases[-2:] == [Phase.LIFTING, Phase.ANSWER]


def test_nobody_moves_and_there_is_another_cue() -> None:
    test = room()
    test.until(Phase.LIFT)
    test.until(Phase.READY)
    test.until(Phase.LIFT)
    (silence,) = test.of(CueUnanswered)
    first, second = test.of(CueGiven)
    assert silence.time_s - first.time_s == pytest.approx(6.0, abs=2 * STEP_S)
    assert (first.number, second.number) == (1, 1)


@pytest.mark.parametrize("phase", [Phase.READY, Phase.REST])
def test_who_lifts_without_waiting_is_followed_and_gets_no_tone_meanwhile(phase: Phase) -> None:
    test = room()
    if phase is Phase.REST:
        test.until(Phase.LIFT)
        test.lift(1, 1)
        test.until(Phase.REST)
    n_cues, number = len(test.of(CueGiven)), test.phases.in_turn
    test.lift(number, number)
    assert test.stands_in(Phase.ANSWER)
    assert len(test.of(CueGiven)) == n_cues


def test_a_lift_that_does_not_count_is_repeated_until_enough_do() -> None:
    test = room(replace(PRONE, rules=replace(PRONE.rules, lifts_wanted=2)))
    for number, (valid, n_valid) in enumerate([(True, 1), (False, 1), (True, 2)], start=1):
        test.until(Phase.LIFT)
        assert test.of(CueGiven)[-1].number == number
        test.lift(number, n_valid, valid=valid)
    assert test.stands_in(Phase.DONE)
    test.run(30.0)
    assert len(test.of(CueGiven)) == 3


def test_a_lost_link_holds_the_tone_back_and_the_wait_begins_anew() -> None:
    test = room()
    test.run(0.9)
    test.phases.lose_link()
    test.run(20.0)
    assert test.of(CueGiven) == []
    test.phases.restore_link()
    back_s = test.now_s
    test.until(Phase.LIFT)
    assert test.of(CueGiven)[0].time_s - back_s >= 1.0


def test_a_mute_sensor_holds_the_tone_back_and_the_wait_begins_anew() -> None:
    test = room()
    test.run(0.9)
    test.phases.is_mute = True
    test.run(20.0)
    assert test.of(CueGiven) == []
    test.phases.is_mute = False
    back_s = test.now_s
    test.until(Phase.LIFT)
    assert test.of(CueGiven)[0].time_s - back_s >= 1.0


def test_a_sensor_that_is_mute_during_a_hold_does_not_cut_it_short() -> None:
    test = room(find_protocol("glute_set"))
    test.until(Phase.HOLD)
    test.run(5.0)
    test.phases.is_mute = True
    test.run(1.0)
    test.phases.is_mute = False
    test.run(25.0, lambda: bool(test.of(HoldEnded)))
    assert [hold.complete for hold in test.of(HoldEnded)] == [True]


TWO = replace(PRONE, rules=replace(PRONE.rules, lifts_wanted=1), side_order=SideOrder.RIGHT_FIRST)
BOTH = (Side.LEFT, Side.RIGHT)


def test_the_other_side_follows_and_ends_the_test() -> None:
    test = room(TWO, BOTH)
    test.until(Phase.LIFT)
    assert (test.of(CueGiven)[0].side, test.phases.side) == (Side.RIGHT, Side.RIGHT)
    test.lift(1, 1)
    assert test.stands_in(Phase.SWITCH_SIDE)
    test.run(60.0)
    assert test.stands_in(Phase.SWITCH_SIDE)
    test.said += test.phases.next()
    test.until(Phase.LIFT)
    cue = test.of(CueGiven)[-1]
    assert (cue.side, cue.number) == (Side.LEFT, 1)
    assert len(test.of(SideSwitched)) == 1
    test.lift(1, 1, Side.LEFT)
    assert test.stands_in(Phase.DONE)


def test_a_lift_set_aside_while_the_sides_change_keeps_its_side() -> None:
    test = room(TWO, BOTH)
    test.until(Phase.LIFT)
    test.lift(1, 1)
    test.said += test.phases.repeat()
    test.until(Phase.LIFT)
    assert (test.of(CueGiven)[-1].side, test.of(SideSwitched)) == (Side.RIGHT, [])
    test.lift(2, 1)
    assert test.stands_in(Phase.SWITCH_SIDE)


def test_which_side_begins_is_drawn_by_lot_and_one_side_alone_is_not_switched() -> None:
    first = {room(PRONE, BOTH, seed).of(GuideBegan)[0].side for seed in range(20)}
    assert first == {Side.LEFT, Side.RIGHT}
    alone = room(TWO, (Side.LEFT,))
    alone.until(Phase.LIFT)
    alone.lift(1, 1, Side.LEFT)
    assert alone.stands_in(Phase.DONE)


HOLDS = find_protocol("glute_set")


def test_a_static_set_holds_rests_twice_as_long_and_ends() -> None:
    test = room(HOLDS)
    test.run(600.0, lambda: test.stands_in(Phase.DONE))
    started, ended = test.of(HoldStarted), test.of(HoldEnded)
    assert [hold.number for hold in started] == [hold.number for hold in ended] == [1, 2, 3, 4, 5]
    assert {hold.target_percent for hold in started} == {(30.0, 60.0)}
    assert all(hold.complete and hold.time_s - hold.start_s == pytest.approx(25.0, abs=0.1) for hold in ended)
    rests = [after.time_s - before.time_s for before, after in zip(ended, started[1:], strict=False)]
    assert all(51.0 <= rest <= 53.2 for rest in rests)
    assert len(test.of(CueGiven)) == 5


def test_a_hold_that_is_cut_short_says_so_and_is_done_again() -> None:
    test = room(HOLDS)
    test.until(Phase.HOLD)
    test.run(5.0)
    test.said += test.phases.next()
    test.until(Phase.HOLD, 70.0)
    (cut,) = test.of(HoldEnded)
    assert (cut.number, cut.complete) == (1, False)
    assert [hold.number for hold in test.of(HoldStarted)] == [1, 1]


def test_a_lost_link_ends_the_hold() -> None:
    test = room(HOLDS)
    test.until(Phase.HOLD)
    test.phases.lose_link()
    test.run(1.0)
    assert [hold.complete for hold in test.of(HoldEnded)] == [False]


IN_TURN = find_protocol("single_leg_bridge_hold")


def test_legs_that_alternate_hold_in_turn_and_each_rests_twice_as_long() -> None:
    test = room(IN_TURN, BOTH)
    test.run(600.0, lambda: test.stands_in(Phase.DONE))
    ended, first = test.of(HoldEnded), test.of(GuideBegan)[0].side
    other = Side.LEFT if first is Side.RIGHT else Side.RIGHT
    assert [hold.side for hold in ended] == [first, other] * 3
    assert [hold.side for hold in test.of(HoldStarted)] == [cue.side for cue in test.of(CueGiven)] == [first, other] * 3
    assert [(hold.number, hold.wanted) for hold in test.of(HoldStarted)] == [(n, 6) for n in range(1, 7)]
    for side in BOTH:
        own = [hold for hold in ended if hold.side is side]
        rests = [after.start_s - before.time_s for before, after in zip(own, own[1:], strict=False)]
        assert all(40.0 <= rest <= 50.0 for rest in rests)
    changes = [after.start_s - before.time_s for before, after in zip(ended, ended[1:], strict=False)]
    assert all(11.0 <= change <= 23.1 for change in changes)
    rest = next(said for said in test.of(PhaseChanged) if said.phase is Phase.REST)
    assert (rest.side, rest.lift) == (other, 2)


def test_a_hold_in_turn_that_is_cut_short_is_done_again_by_the_same_leg() -> None:
    test = room(IN_TURN, BOTH)
    test.until(Phase.HOLD)
    test.run(5.0)
    test.said += test.phases.next()
    test.until(Phase.HOLD, 70.0)
    assert [(hold.number, hold.side) for hold in test.of(HoldStarted)] == [(1, test.of(GuideBegan)[0].side)] * 2
    assert test.of(SideSwitched) == []


def test_one_leg_alone_holds_every_time_and_rests_in_full() -> None:
    test = room(IN_TURN, (Side.LEFT,))
    test.run(600.0, lambda: test.stands_in(Phase.DONE))
    ended = test.of(HoldEnded)
    assert [hold.side for hold in ended] == [Side.LEFT] * 3
    assert all(b.start_s - a.time_s >= 40.0 for a, b in zip(ended, ended[1:], strict=False))


def test_a_movement_is_no_lift_of_a_static_set() -> None:
    test = room(HOLDS)
    test.until(Phase.HOLD)
    test.lift(1, 1)
    assert test.stands_in(Phase.HOLD)


@pytest.mark.parametrize("protocol", [TWO, HOLDS, IN_TURN], ids=["lifts", "holds", "holds in turn"])
def test_what_was_recorded_is_played_back_at_the_same_instants(protocol: Protocol) -> None:
    live = room(protocol, BOTH)
    for _ in range(2):
        live.run(40.0, lambda: live.phases.phase is Phase.LIFT)
        live.run(0.1)
        if protocol is TWO:
            live.lift(1, 1)
            live.said += live.phases.next()
    steps = [step for step in live.said if isinstance(step, GUIDE_EVENTS)]
    read = read_steps([write_step(step) for step in steps])
    assert list(read) == steps
    replayed = Room(RecordedGuide(read), PhaseTable(protocol.rest_s, protocol.wanted, holds=protocol.hold is not None))
    replayed.phases.fire(Trigger.SENSORS_READY)
    replayed.run(live.now_s)
    assert [step for step in replayed.said if isinstance(step, GUIDE_EVENTS)] == steps
    assert replayed.phases.side == live.phases.side
