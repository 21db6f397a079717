"""The phases of a test: one word at a time, and never a step that is not in the table."""

from dataclasses import replace

import pytest

from firingorder_session.events.live_events import Phase, PhaseChanged
from firingorder_session.running.phases import PhaseTable
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


def test_next_in_mid_lift_does_not_lose_its_answer() -> None:
    table = table_in(Phase.LIFTING)
    assert table.next() == []
    assert table.judge_lift(LIFT)[0].phase is Phase.ANSWER


def test_next_during_the_rest_announces_the_first_lift() -> None:
    assert table_in(Phase.LIE_STILL).next()[0].lift == 1


def test_moving_on_while_the_leg_is_up_still_ends_the_test() -> None:
    table = table_in(Phase.ANSWER, lifts_wanted=1)
    table.next()
    assert table.end_lift(replace(LIFT, valid=True), n_valid=1)[0].phase is Phase.DONE


def test_a_lift_set_aside_by_hand_is_not_refused_once_more() -> None:
    table = table_in(Phase.ANSWER)
    table.next()
    aside = replace(LIFT, valid=False, reason=Reason(ReasonCode.REPEATED))
    assert table.end_lift(aside, n_valid=0) == []


@pytest.mark.parametrize("phase", [Phase.LIE_STILL, Phase.READY, Phase.ANSWER, Phase.CHECK, Phase.DONE])
def test_a_movement_that_was_no_lift_leads_back(phase: Phase) -> None:
    table = table_in(phase)
    table.start_lift(2)
    assert table.dismiss_lift(2) == [PhaseChanged(phase, lift=1)]


def test_a_refused_lift_that_was_none_leads_back_to_the_answer_before_it() -> None:
    table = table_in(Phase.LIFTING)
    answer = table.judge_lift(LIFT)
    table.start_lift(2)
    table.judge_lift(replace(LIFT, number=2, lag=replace(LAG, verdict=Verdict.NOT_JUDGED, reason=LOW_SNR)))
    assert table.dismiss_lift(2) == answer


def test_a_lost_link_is_said_in_every_phase() -> None:
    phases = [phase for phase in Phase if phase is not Phase.LINK_LOST]
    assert {table_in(phase).lose_link()[0].phase for phase in phases} == {Phase.LINK_LOST}


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.LINK_LOST])
def test_a_link_that_is_back_leaves_the_phase_as_it_was(phase: Phase) -> None:
    table = table_in(phase)
    table.lose_link()
    assert [step.phase for step in table.restore_link()] == [phase]


def test_the_link_is_lost_until_all_are_back() -> None:
    table = table_in(Phase.READY)
    assert len(table.lose_link() + table.lose_link()) == 1
    assert table.restore_link() == []
    assert table.restore_link()[0].phase is Phase.READY


def test_what_happens_while_a_link_is_lost_is_said_afterwards() -> None:
    table = table_in(Phase.LIFTING)
    table.lose_link()
    assert table.judge_lift(LIFT) == []
    assert table.restore_link() == [PhaseChanged(Phase.ANSWER, lift=1)]


def test_a_rest_that_a_lost_link_broke_begins_anew() -> None:
    table = table_in(Phase.LIE_STILL)
    table.pass_time(10.0)
    table.lose_link()
    assert table.pass_time(13.0) == []
    table.restore_link()
    assert table.pass_time(13.0)[0].progress == 0.0
    assert table.pass_time(15.0)[0].phase is Phase.READY


def test_an_old_lift_does_not_change_the_phase_of_the_next() -> None:
    table = table_in(Phase.LIFTING)
    table.lift = 2
    assert table.judge_lift(LIFT) == []
