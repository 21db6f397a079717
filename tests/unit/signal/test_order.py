"""Two onsets into a lag: symmetry, uncertainty, gates and the words that follow."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.onset_simulator import Channel, Scene, simulate
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_signal.blocks import FloatArray
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.levels import SHAPE_PRIOR, SHAPES
from firingorder_signal.onset import locate_onset
from firingorder_signal.order import LagDistribution, compare_posteriors, lag_distribution
from firingorder_signal.posterior import NoOnset, OnsetPosterior
from firingorder_signal.results import Lag, Reason, ReasonCode, Verdict
from firingorder_signal.rules import JudgementRules

RULES = JudgementRules()


def _onset(at_s: float, sd_s: float = 0.005, snr_db: float = 20.0, rise_s: float = 0.1) -> OnsetPosterior:
    """Make a Gaussian posterior."""
    grid: FloatArray = np.asarray(round(at_s, 3) + np.arange(-200, 201) * 0.001, dtype=np.float64)
    p = np.exp(-0.5 * ((grid - at_s) / sd_s) ** 2)
    by_shape = np.outer(SHAPE_PRIOR, p / p.sum())
    return OnsetPosterior(grid, by_shape, snr_db, rise_s, 3.0, 30.0, at_s)


def _compare(
    hamstring: OnsetPosterior | NoOnset,
    glute: OnsetPosterior | NoOnset,
    rate_hz: float = 1000.0,
    sync_s: float = 0.0,
    cautions: tuple[Reason, ...] = (),
) -> Lag:
    """Compare two onsets of one clock."""
    return compare_posteriors(hamstring, glute, (0.0, 0.0), rate_hz, sync_s, RULES, cautions)


def test_a_positive_lag_is_hamstring_first() -> None:
    lag = _compare(_onset(1.0), _onset(1.1))
    assert lag.lag_s == pytest.approx(0.1, abs=1e-6)
    assert lag.verdict is Verdict.HAMSTRING_FIRST
    assert lag.p_hamstring_first == pytest.approx(1.0)


def test_the_interval_is_that_of_the_difference() -> None:
    lag = _compare(_onset(1.0, 0.010), _onset(1.1, 0.020))
    assert lag.ci90_s is not None
    half = 1.645 * np.hypot(0.010, 0.020)
    assert lag.ci90_s[0] == pytest.approx(0.1 - half, abs=0.002)
    assert lag.ci90_s[1] == pytest.approx(0.1 + half, abs=0.002)


@settings(max_examples=50, deadline=None)
@given(a=st.floats(0.5, 1.5), b=st.floats(0.5, 1.5), sd_a=st.floats(0.002, 0.04), sd_b=st.floats(0.002, 0.04))
def test_swapping_the_channels_mirrors_the_answer_exactly(a: float, b: float, sd_a: float, sd_b: float) -> None:
    one, other = _onset(a, sd_a), _onset(b, sd_b)
    straight = lag_distribution(one, other, (0.0, 0.3), 0.002)
    mirrored = lag_distribution(other, one, (0.3, 0.0), 0.002)
    np.testing.assert_array_equal(straight.probability, mirrored.probability[::-1])
    np.testing.assert_array_equal(straight.lag_s, -mirrored.lag_s[::-1])


def test_equal_onsets_are_simultaneous_and_even_odds() -> None:
    lag = _compare(_onset(1.0), _onset(1.0))
    assert lag.verdict is Verdict.SIMULTANEOUS
    assert lag.p_hamstring_first == pytest.approx(0.5)


def test_a_clear_but_tiny_lag_is_not_called() -> None:
    assert _compare(_onset(1.0, 0.002), _onset(1.02, 0.002)).verdict is Verdict.SIMULTANEOUS


def test_wide_posteriors_are_inconclusive() -> None:
    assert _compare(_onset(1.0, 0.05), _onset(1.06, 0.05)).verdict is Verdict.INCONCLUSIVE


def test_offsets_are_the_times_of_row_0() -> None:
    lag = compare_posteriors(_onset(1.0), _onset(1.0), (5.0, 5.1), 1000.0, 0.0, RULES)
    assert lag.lag_s == pytest.approx(0.1, abs=1e-6)
    assert lag.hamstring.time_s == pytest.approx(6.0, abs=0.001)


def test_different_grids_are_brought_together() -> None:
    fine, coarse = _onset(1.0), _onset(1.1)
    kept = slice(None, None, 4)
    by_shape = coarse.by_shape[:, kept]
    coarse = replace(coarse, time_s=coarse.time_s[kept], by_shape=by_shape / by_shape.sum())
    assert _compare(fine, coarse).lag_s == pytest.approx(0.1, abs=0.002)


def test_low_snr_is_not_judged_with_its_figure() -> None:
    lag = _compare(_onset(1.0), _onset(1.1, snr_db=8.0))
    assert lag.verdict is Verdict.NOT_JUDGED
    assert lag.reason == Reason(ReasonCode.LOW_SNR, 8.0, RULES.snr_min_db, "dB")
    assert lag.lag_s is not None


def test_moderate_snr_is_a_caution() -> None:
    lag = _compare(_onset(1.0), _onset(1.1, snr_db=12.0))
    assert lag.verdict is Verdict.HAMSTRING_FIRST
    assert [reason.code for reason in lag.cautions] == [ReasonCode.LOW_SNR]


def test_a_low_rate_widens_the_band_and_a_lower_one_forbids() -> None:
    full, low = _compare(_onset(1.0), _onset(1.1)), _compare(_onset(1.0), _onset(1.1), rate_hz=500.0)
    assert full.band_s is not None
    assert low.band_s is not None
    assert low.band_s > full.band_s
    refused = _compare(_onset(1.0), _onset(1.1), rate_hz=250.0)
    assert refused.verdict is Verdict.NOT_JUDGED
    assert refused.reason is not None
    assert refused.reason.code is ReasonCode.RATE_TOO_LOW
    assert (refused.lag_s, refused.ci90_s, refused.null_lag_s) == (full.lag_s, full.ci90_s, full.null_lag_s)


def test_clock_error_widens_then_forbids() -> None:
    some, much = _compare(_onset(1.0), _onset(1.03), sync_s=0.016), _compare(_onset(1.0), _onset(1.1), sync_s=0.03)
    assert some.verdict is not Verdict.HAMSTRING_FIRST
    assert ReasonCode.CLOCKS_NOT_ALIGNED in [reason.code for reason in some.cautions]
    assert much.verdict is Verdict.NOT_JUDGED
    assert much.reason is not None
    assert much.reason.code is ReasonCode.CLOCKS_NOT_ALIGNED


def test_the_band_is_at_least_twice_the_clock_error() -> None:
    lag = _compare(_onset(1.0), _onset(1.1), sync_s=0.018)
    assert lag.band_s is not None
    assert lag.band_s >= 0.036


def test_a_missing_muscle_is_named() -> None:
    assert _compare(_onset(1.0), NoOnset()).verdict is Verdict.GLUTE_NOT_DETECTED
    assert _compare(NoOnset(), _onset(1.0)).verdict is Verdict.HAMSTRING_NOT_DETECTED


def test_two_missing_muscles_are_not_judged_with_a_reason() -> None:
    lag = _compare(NoOnset(), NoOnset())
    assert lag.verdict is Verdict.NOT_JUDGED
    assert lag.reason is not None


def test_a_muscle_that_could_not_be_examined_is_not_called_missing() -> None:
    reason = Reason(ReasonCode.NO_BASELINE, 0.2, 0.5, "s")
    lag = _compare(_onset(1.0), NoOnset(reason))
    assert lag.verdict is Verdict.NOT_JUDGED
    assert lag.reason == reason


def test_methods_that_disagree_are_a_caution() -> None:
    lag = _compare(_onset(1.0), replace(_onset(1.1), reference_s=1.2))
    assert ReasonCode.METHODS_DISAGREE in [reason.code for reason in lag.cautions]


def test_given_cautions_are_kept() -> None:
    caution = Reason(ReasonCode.MOVEMENT_ARTEFACT)
    assert caution in _compare(_onset(1.0), _onset(1.1), cautions=(caution,)).cautions


def test_the_interval_holds_equal_onsets_of_rises_that_hide_their_beginning() -> None:
    scene = Scene((Channel(2.6, 0.1, 20.0, "quadratic"), Channel(2.6, 0.2, 10.0, "quadratic")), duration_s=3.3)
    held = 0
    for seed in range(20):
        emg_uv, truth_s = simulate(scene, seed)
        filtered = CausalBand(BandDesign(1000.0), 2).update(emg_uv)[: round((truth_s.max() + 0.3) * 1000)]
        pair = [locate_onset(np.ascontiguousarray(x), 1000.0, (300, 2200), (1900, len(filtered))) for x in filtered.T]
        lag = _compare(pair[0], pair[1])
        held += lag.ci90_s is not None and lag.ci90_s[0] <= 0.0 <= lag.ci90_s[1]
    assert held >= 15  # of 20; without the kinds' own intervals 11


def _moved_by_its_kind(at_s: float, by_kind_s: float) -> OnsetPosterior:
    """Make a posterior that lies `by_kind_s` later under each further kind of rise."""
    grid: FloatArray = np.asarray(at_s + np.arange(-200, 401) * 0.001, dtype=np.float64)
    p = np.exp(-0.5 * ((grid - at_s - by_kind_s * np.arange(len(SHAPES))[:, np.newaxis]) / 0.003) ** 2)
    by_shape = np.array(SHAPE_PRIOR)[:, np.newaxis] * p / p.sum(axis=1, keepdims=True)
    return OnsetPosterior(grid, by_shape, 20.0, 0.1, 3.0, 30.0, at_s)


def test_an_error_in_the_kind_of_rise_leaves_the_lag_alone_because_both_muscles_rise_alike() -> None:
    lag = _compare(_moved_by_its_kind(1.0, 0.04), _moved_by_its_kind(1.1, 0.04))
    assert lag.ci90_s is not None
    assert lag.ci90_s == pytest.approx((0.1, 0.1), abs=0.012)
    assert lag.hamstring.ci90_s is not None
    assert lag.hamstring.ci90_s[1] - lag.hamstring.ci90_s[0] > 0.1


def test_an_order_that_one_plausible_kind_of_rise_would_undo_is_not_called() -> None:
    glute = _onset(1.1)
    by_shape = glute.by_shape.copy()
    by_shape[0] = np.roll(by_shape[0], -100)  # the least likely climb beforehand: together, were this the kind
    lag = _compare(_onset(1.0), replace(glute, by_shape=by_shape))
    assert lag.p_hamstring_first is not None
    assert lag.p_hamstring_first > RULES.p_decided
    assert lag.verdict is Verdict.INCONCLUSIVE


def test_an_order_must_be_as_sure_as_the_rules_ask() -> None:
    posteriors = _onset(1.0, 0.03), _onset(1.1, 0.03)
    strict = replace(RULES, p_decided=0.999)
    called, refused = (
        compare_posteriors(posteriors[0], posteriors[1], (0.0, 0.0), 1000.0, 0.0, rules) for rules in (RULES, strict)
    )
    assert called.verdict is Verdict.HAMSTRING_FIRST
    assert refused.verdict is Verdict.INCONCLUSIVE


def test_a_kind_of_rise_is_as_likely_as_the_signals_make_it_whatever_it_was_beforehand() -> None:
    by_kind = lag_distribution(_onset(1.0), _onset(1.1), (0.0, 0.0), 0.0).by_kind
    np.testing.assert_allclose(by_kind.sum(axis=1), 1.0)


@pytest.mark.parametrize(("likelihood", "high_s"), [(0.04, 0.001), (0.06, 0.4)])
def test_a_kind_of_rise_enters_the_interval_unless_it_is_twenty_times_less_likely(
    likelihood: float, high_s: float
) -> None:
    lags: FloatArray = np.asarray(np.arange(-500, 501) * 0.001, dtype=np.float64)
    here, there = (np.asarray(lags == lags[row], dtype=np.float64) for row in (500, 900))
    lag = LagDistribution(lags, here, np.stack([here, likelihood * there]))
    assert lag.interval_s() == pytest.approx((0.0, high_s), abs=0.001)


def test_the_null_lag_of_equal_snrs_is_that_of_the_rises() -> None:
    lag = _compare(_onset(1.0, snr_db=12.0, rise_s=0.02), _onset(1.0, snr_db=12.0, rise_s=0.14))
    assert lag.null_lag_s is not None
    assert 0.010 < lag.null_lag_s < 0.025


def test_the_null_lag_grows_with_what_hides_the_second_muscle() -> None:
    alike = _compare(_onset(1.0, snr_db=20.0, rise_s=0.1), _onset(1.0, snr_db=20.0, rise_s=0.1))
    slower = _compare(_onset(1.0, snr_db=20.0, rise_s=0.1), _onset(1.0, snr_db=10.0, rise_s=0.14))
    assert alike.null_lag_s == 0.0
    assert slower.null_lag_s is not None
    assert 0.005 < slower.null_lag_s < 0.030


def test_the_null_lag_is_what_equal_onsets_show() -> None:
    shown: list[float] = []
    expected: list[float] = []
    for seed in range(24):
        shape = ("linear", "quadratic", "cosine", "sqrt")[seed % 4]
        scene = Scene((Channel(2.6, 0.1, 20.0, shape), Channel(2.6, 0.2, 10.0, shape)), duration_s=3.3)
        emg_uv, truth_s = simulate(scene, 500 + seed)
        filtered = CausalBand(BandDesign(1000.0), 2).update(emg_uv)[: round((truth_s.max() + 0.3) * 1000)]
        pair = [locate_onset(np.ascontiguousarray(x), 1000.0, (300, 2200), (1900, len(filtered))) for x in filtered.T]
        lag = _compare(pair[0], pair[1])
        assert lag.lag_s is not None
        assert lag.null_lag_s is not None
        shown.append(lag.lag_s)
        expected.append(lag.null_lag_s)
    assert np.mean(shown) == pytest.approx(np.mean(expected), abs=0.015)
    assert np.mean(expected) > 0.008
