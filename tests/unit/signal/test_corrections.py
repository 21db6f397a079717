"""An onset put by hand: the lag follows it, the found one stays beside it, and no hand makes an order of nothing."""

from dataclasses import replace

import pytest

from firingorder_signal.blocks import Side, Site
from firingorder_signal.corrections import can_be_moved, correct_lift
from firingorder_signal.results import Correction, Lag, Lift, Onset, Reason, ReasonCode, RiseBelief, Verdict
from firingorder_signal.rules import JudgementRules

HAMSTRING, GLUTE, BACK = (
    Site.parse(name) for name in ("hamstring_lateral/right", "gluteus_maximus/right", "erector_spinae/right")
)
PAIR = (HAMSTRING, GLUTE)
RULES = JudgementRules()


def onset(time_s: float | None) -> Onset:
    if time_s is None:
        return Onset(None)
    rises = tuple(RiseBelief(kind, evidence, time_s, 0.005) for kind, evidence in (("step", -1.0), ("linear", 2.0)))
    return Onset(time_s, (time_s - 0.008, time_s + 0.012), 20.0, 0.1, by_rise=rises)


def make_lift(glute_s: float | None = 1.08, verdict: Verdict = Verdict.HAMSTRING_FIRST) -> Lift:
    onsets = {HAMSTRING: onset(1.0), GLUTE: onset(glute_s), BACK: onset(1.05)}
    lag_s = None if glute_s is None else glute_s - 1.0
    reason = Reason(ReasonCode.LOW_SNR) if verdict is Verdict.NOT_JUDGED else None
    interval = None if lag_s is None else (lag_s - 0.01, lag_s + 0.01)
    lag = Lag(lag_s, interval, 0.99, 0.004, verdict, reason, onsets[HAMSTRING], onsets[GLUTE], 0.025)
    return Lift(1, Side.RIGHT, 1.2, onsets=onsets, lag=lag, valid=True)


def put(time_s: float, within_s: float = 0.01) -> Correction:
    return Correction(time_s, within_s, "AB", "2026-01-01T12:00:00+00:00")


def test_the_lag_follows_a_moved_onset() -> None:
    lift = correct_lift(make_lift(), {GLUTE: put(1.12)}, PAIR, RULES)
    assert lift.lag is not None
    assert lift.lag.lag_s == pytest.approx(0.12)
    assert lift.lag.glute is lift.onsets[GLUTE]
    assert lift.onsets[GLUTE].ci90_s == pytest.approx((1.11, 1.13))


def test_the_interval_joins_the_stated_precision_and_the_other_onset() -> None:
    lift = correct_lift(make_lift(), {GLUTE: put(1.12, 0.02)}, PAIR, RULES)
    assert lift.lag is not None
    # hypot(20, 12) below, hypot(20, 8) above: the hamstring may be 12 ms later or 8 ms earlier.
    assert lift.lag.ci90_s == pytest.approx((0.12 - 0.02332, 0.12 + 0.02154), abs=1e-5)


def test_the_verdict_changes_with_the_order() -> None:
    lift = correct_lift(make_lift(), {GLUTE: put(0.90)}, PAIR, RULES)
    assert lift.verdict is Verdict.GLUTE_FIRST
    assert lift.lag is not None
    assert lift.lag.p_hamstring_first == pytest.approx(0.0, abs=1e-6)


def test_together_by_hand() -> None:
    assert correct_lift(make_lift(), {GLUTE: put(1.002)}, PAIR, RULES).verdict is Verdict.SIMULTANEOUS


def test_the_found_onset_stays_beside_it() -> None:
    before = make_lift()
    moved = correct_lift(before, {GLUTE: put(1.12)}, PAIR, RULES).onsets[GLUTE]
    assert moved.found == before.onsets[GLUTE]
    assert moved.corrected == put(1.12)


def test_a_moved_onset_speaks_for_no_kind_of_rise() -> None:
    moved = correct_lift(make_lift(), {GLUTE: put(1.12)}, PAIR, RULES).onsets[GLUTE]
    assert {(rise.log_evidence, rise.time_s) for rise in moved.by_rise} == {(0.0, 1.12)}


def test_another_muscle_moves_without_the_lag() -> None:
    before = make_lift()
    lift = correct_lift(before, {BACK: put(1.01)}, PAIR, RULES)
    assert lift.lag == before.lag
    assert lift.onsets[BACK].time_s == 1.01


def test_no_correction_is_no_change() -> None:
    before = make_lift()
    assert correct_lift(before, {}, PAIR, RULES) is before


def test_no_hand_makes_an_onset_where_none_was_found() -> None:
    before = make_lift(None, Verdict.GLUTE_NOT_DETECTED)
    assert not can_be_moved(before, GLUTE)
    assert correct_lift(before, {GLUTE: put(1.1)}, PAIR, RULES) is before


def test_no_hand_judges_what_the_signals_forbid() -> None:
    before = make_lift(verdict=Verdict.NOT_JUDGED)
    assert correct_lift(before, {GLUTE: put(1.1)}, PAIR, RULES) is before


def test_a_hand_has_no_known_bias() -> None:
    both = correct_lift(make_lift(), {GLUTE: put(1.12), HAMSTRING: put(0.99)}, PAIR, RULES).lag
    one = correct_lift(make_lift(), {GLUTE: put(1.12)}, PAIR, RULES).lag
    assert both is not None
    assert one is not None
    assert both.null_lag_s == 0.0
    assert one.null_lag_s is not None
    assert one.null_lag_s < 0.0


def test_the_clocks_error_stays_in_the_interval() -> None:
    lag = make_lift().lag
    assert lag is not None
    lift = replace(make_lift(), lag=replace(lag, sync_uncertainty_s=0.01))
    wide = correct_lift(lift, {GLUTE: put(1.12)}, PAIR, RULES).lag
    narrow = correct_lift(make_lift(), {GLUTE: put(1.12)}, PAIR, RULES).lag
    assert wide is not None
    assert wide.ci90_s is not None
    assert narrow is not None
    assert narrow.ci90_s is not None
    assert wide.ci90_s[0] < narrow.ci90_s[0]
