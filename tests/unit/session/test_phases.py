"""The phases of a test: one word at a time, and never a step that is not in the table."""

from dataclasses import replace

from firingorder_session.live_events import Phase
from firingorder_session.phases import PhaseTable, Trigger
from firingorder_signal.blocks import Side
from firingorder_signal.results import Lag, Lift, Onset, Reason, ReasonCode, Verdict

LAG = Lag(0.08, (0.06, 0.1), 0.99, 0.0, Verdict.HAMSTRING_FIRST, None, Onset(1.0), Onset(1.08))
LIFT = Lift(1, Side.RIGHT, 1.0, lag=LAG)
LOW_SNR = Reason(ReasonCode.LOW_SNR, 7.0, 10.0, "dB")


def table_in(phase: Phase, lifts_wanted: int = 6) -> PhaseTable:
    """Make a table that stands in a phase."""
    return PhaseTable(rest_s=2.0, lifts_wanted=lifts_wanted, phase=phase)


def test_rest_is_counted_by_the_signals_time() -> None:
    table = table_in(Phase.LIE_STILL)
    first, middle, last = (table.pass_time(10.0), table.pass_time(11.0), table.pass_time(12.0))
    assert (first[0].progress, middle[0].progress, middle[0].seconds_left) == (0.0, 0.5, 1.0)
    assert last[0].phase is Phase.READY


def test_rest_progress_is_not_repeated() -> None:
    table = table_in(Phase.LIE_STILL)
    table.pass_time(10.0)
    assert table.pass_time(10.001) == []


def test_a_judged_lift_is_an_answer() -> None:
    assert table_in(Phase.LIFTING).judge_lift(LIFT)[0].phase is Phase.ANSWER


def test_a_lift_that_cannot_be_judged_says_why() -> None:
    lag = replace(LAG, verdict=Verdict.NOT_JUDGED, reason=LOW_SNR)
    changed = table_in(Phase.LIFTING).judge_lift(replace(LIFT, lag=lag))[0]
    assert (changed.phase, changed.reason) == (Phase.CHECK, LOW_SNR)


def test_gates_can_still_refuse_an_answer() -> None:
    small = Reason(ReasonCode.LIFT_TOO_SMALL, 3.0, 5.0, "deg")
    changed = table_in(Phase.ANSWER).end_lift(replace(LIFT, valid=False, reason=small), n_valid=0)[0]
    assert (changed.phase, changed.reason) == (Phase.CHECK, small)


def test_the_last_lift_ends_the_test() -> None:
    changed = table_in(Phase.ANSWER, lifts_wanted=1).end_lift(replace(LIFT, valid=True), n_valid=1)
    assert changed[0].phase is Phase.DONE


def test_next_announces_the_next_lift() -> None:
    changed = table_in(Phase.ANSWER).next()[0]
    assert (changed.phase, changed.lift) == (Phase.READY, 2)


def test_next_means_nothing_while_connecting() -> None:
    assert table_in(Phase.CONNECTING).next() == []


def test_a_movement_that_was_no_lift_leads_back() -> None:
    assert table_in(Phase.LIFTING).fire(Trigger.LIFT_DISMISSED)[0].phase is Phase.READY


def test_a_lost_link_is_said_in_every_phase() -> None:
    phases = [phase for phase in Phase if phase is not Phase.LINK_LOST]
    assert {table_in(phase).fire(Trigger.LINK_LOST)[0].phase for phase in phases} == {Phase.LINK_LOST}


def test_an_old_lift_does_not_change_the_phase_of_the_next() -> None:
    table = table_in(Phase.LIFTING)
    table.lift = 2
    assert table.judge_lift(LIFT) == []
