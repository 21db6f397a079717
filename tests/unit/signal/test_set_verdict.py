"""The set's verdict from its lags: each of the seven, and what would settle an open one."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student

from firingorder_signal.blocks import Side
from firingorder_signal.order import refuse
from firingorder_signal.results import Lag, Lift, Onset, Reason, ReasonCode, SetResult, Verdict
from firingorder_signal.rules import JudgementRules
from firingorder_signal.set_verdict import T95, judge_set

RULES = JudgementRules(lifts_min=3)


def make_lift(
    lag_s: float | None,
    *,
    verdict: Verdict = Verdict.INCONCLUSIVE,
    se_s: float = 0.01,
    valid: bool = True,
    reason: Reason | None = None,
    sync_s: float = 0.0,
    null_s: float = 0.0,
) -> Lift:
    """Build a judged lift with a lag and a single-lift standard error."""
    interval = None if lag_s is None else (lag_s - 1.645 * se_s, lag_s + 1.645 * se_s)
    lag = Lag(lag_s, interval, 0.5, null_s, verdict, reason, Onset(1.0), Onset(1.0), 0.025, sync_s)
    return Lift(1, Side.RIGHT, 0.0, valid=valid, lag=lag)


def judge(lags_s: list[float], se_s: float = 0.01, sync_s: float = 0.0, null_s: float = 0.0) -> SetResult:
    """Judge a set of valid lifts with these lags."""
    lifts = tuple(make_lift(lag, se_s=se_s, sync_s=sync_s, null_s=null_s) for lag in lags_s)
    return judge_set(lifts, Side.RIGHT, "test", RULES)


def test_quantiles_are_students() -> None:
    np.testing.assert_allclose(T95, student.ppf(0.95, np.arange(1, 31)), atol=5e-4)


def test_clear_positive_lags_are_hamstring_first() -> None:
    assert judge([0.09, 0.08, 0.1, 0.085, 0.095, 0.09]).verdict is Verdict.HAMSTRING_FIRST


def test_mirrored_lags_give_the_mirrored_answer() -> None:
    result = judge([-0.09, -0.08, -0.1, -0.085, -0.095, -0.09])
    assert result.verdict is Verdict.GLUTE_FIRST
    assert result.lag_s == pytest.approx(-0.09)


def test_small_lags_within_the_margin_are_simultaneous() -> None:
    assert judge([0.005, -0.01, 0.0, 0.01, -0.005, 0.0]).verdict is Verdict.SIMULTANEOUS


def test_scattered_lags_are_inconclusive_and_say_how_many_more_would_settle() -> None:
    result = judge([0.12, 0.0, 0.15, 0.02, 0.1, 0.03])
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.lifts_to_settle is not None
    assert result.lifts_to_settle > 0


def test_lifts_that_agree_by_luck_are_no_surer_than_each_was_measured() -> None:
    assert judge([0.04] * 3, se_s=0.05).verdict is Verdict.INCONCLUSIVE


def test_the_typical_null_lag_is_told_and_leaves_the_band_alone() -> None:
    result = judge([0.05] * 6, null_s=0.04)
    assert result.null_lag_s == 0.04
    assert result.band_s == judge([0.05] * 6).band_s


def test_clock_error_widens_the_band() -> None:
    assert judge([0.04] * 6, sync_s=0.0).verdict is Verdict.HAMSTRING_FIRST
    assert judge([0.04] * 6, sync_s=0.019).verdict is not Verdict.HAMSTRING_FIRST


def test_two_lifts_are_too_few() -> None:
    result = judge([0.09, 0.09])
    assert result.verdict is Verdict.NOT_JUDGED
    assert result.reason == Reason(ReasonCode.TOO_FEW_LIFTS, 2.0, 3.0)


def test_an_examiners_lift_gives_the_set_no_reason() -> None:
    silent, reason = Onset(None), Reason(ReasonCode.NO_ACTIVITY)
    lift = replace(make_lift(None, verdict=Verdict.NOT_JUDGED, reason=reason), hip_range_deg=20.0)
    passive = replace(lift, lag=refuse(reason, silent, silent))
    assert judge_set((lift,) * 6, Side.RIGHT, "test", RULES).reason == reason
    assert judge_set((passive,) * 6, Side.RIGHT, "test", RULES).reason == Reason(ReasonCode.TOO_FEW_LIFTS, 0.0, 3.0)


def test_the_reason_most_lifts_share_is_the_sets() -> None:
    reason = Reason(ReasonCode.LOW_SNR, 6.0, 10.0, "dB")
    lifts = tuple(make_lift(None, verdict=Verdict.NOT_JUDGED, reason=reason) for _ in range(6))
    assert judge_set(lifts, Side.RIGHT, "test", RULES).reason == reason


def test_a_glute_missing_in_half_the_lifts_is_not_detected() -> None:
    lifts = tuple(make_lift(None, verdict=Verdict.GLUTE_NOT_DETECTED) for _ in range(3))
    lifts += tuple(make_lift(0.09) for _ in range(3))
    assert judge_set(lifts, Side.RIGHT, "test", RULES).verdict is Verdict.GLUTE_NOT_DETECTED


def test_invalid_lifts_do_not_count() -> None:
    lifts = tuple(make_lift(0.09, valid=False) for _ in range(6))
    assert judge_set(lifts, Side.RIGHT, "test", RULES).n_valid == 0


def test_no_lifts_are_not_judged() -> None:
    result = judge_set((), Side.RIGHT, "test", RULES)
    assert (result.verdict, result.reason) == (Verdict.NOT_JUDGED, Reason(ReasonCode.NO_LIFT))


def test_a_low_emg_rate_widens_the_band() -> None:
    slow = Reason(ReasonCode.RATE_LOW, 500.0, 1000.0, "Hz")
    lifts = tuple(make_lift(0.029, se_s=0.001) for _ in range(6))
    assert judge_set(lifts, Side.RIGHT, "test", RULES).verdict is Verdict.HAMSTRING_FIRST
    lifts = tuple(replace(lift, lag=replace(lift.lag, cautions=(slow,))) for lift in lifts if lift.lag)
    result = judge_set(lifts, Side.RIGHT, "test", RULES)
    assert result.band_s == RULES.low_rate_band_s
    assert result.verdict is Verdict.SIMULTANEOUS


def test_lifts_whose_lag_was_not_to_be_trusted_do_not_count() -> None:
    low = Reason(ReasonCode.LOW_SNR, 9.0, 10.0, "dB")
    lifts = tuple(make_lift(0.09, verdict=Verdict.NOT_JUDGED, reason=low) for _ in range(6))
    result = judge_set(lifts, Side.RIGHT, "test", RULES)
    assert (result.n_valid, result.verdict, result.reason) == (0, Verdict.NOT_JUDGED, low)


def test_lifts_with_a_silent_muscle_count() -> None:
    lifts = tuple(make_lift(None, verdict=Verdict.GLUTE_NOT_DETECTED) for _ in range(6))
    assert judge_set(lifts, Side.RIGHT, "test", RULES).n_valid == 6


def test_one_lift_is_too_few_to_call_a_muscle_missing() -> None:
    lifts = (make_lift(None, verdict=Verdict.GLUTE_NOT_DETECTED),)
    result = judge_set(lifts, Side.RIGHT, "test", RULES)
    assert (result.verdict, result.reason) == (Verdict.NOT_JUDGED, Reason(ReasonCode.TOO_FEW_LIFTS, 0.0, 3.0))


def test_by_default_four_lifts_are_too_few() -> None:
    lifts = tuple(make_lift(0.09) for _ in range(5))
    assert judge_set(lifts[:4], Side.RIGHT, "test", JudgementRules()).verdict is Verdict.NOT_JUDGED
    assert judge_set(lifts, Side.RIGHT, "test", JudgementRules()).verdict is Verdict.HAMSTRING_FIRST
