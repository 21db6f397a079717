"""The named methods behind one signature, and what is said where a method gives no certainty."""

import numpy as np
import pytest
from benchmarks.onset_simulator import Channel, Scene, simulate

from firingorder_signal.arrays import compare_onsets, detect_onset
from firingorder_signal.blocks import FloatArray
from firingorder_signal.bursts import filter_in_chunks
from firingorder_signal.filters import BandDesign
from firingorder_signal.methods import DEFAULT_METHOD, METHODS, REFERENCE_METHOD, find_method
from firingorder_signal.reasons import describe
from firingorder_signal.results import ReasonCode, Verdict

RATE_HZ = 1000.0
REST_S = (0.2, 1.5)
ALTERNATIVES = tuple(name for name in METHODS if name != DEFAULT_METHOD)


def emg(seed: int = 0, lag_s: float = 0.1) -> tuple[FloatArray, FloatArray]:
    """Hamstring and glute, raw with an offset, and the true onsets."""
    scene = Scene((Channel(2.0, 0.08, 20.0), Channel(2.0 + lag_s, 0.08, 20.0)), duration_s=3.2)
    values, truth = simulate(scene, seed)
    return values + 250.0, truth


def test_the_methods_have_the_names_the_documentation_gives() -> None:
    assert tuple(METHODS) == ("ramp-likelihood", "hodges-bui", "tkeo", "glr")


@pytest.mark.parametrize("method", METHODS)
def test_a_clear_onset_is_found_and_the_result_says_by_which_method(method: str) -> None:
    values, truth = emg()
    onset = detect_onset(values[:, 0], RATE_HZ, REST_S, method=method)
    assert onset.estimator == method
    assert onset.time_s == pytest.approx(truth[0], abs=0.05)
    assert onset.snr_db is not None
    assert onset.reference_s is not None


@pytest.mark.parametrize("method", ALTERNATIVES)
def test_an_alternative_has_no_interval_and_no_rise(method: str) -> None:
    onset = detect_onset(emg()[0][:, 0], RATE_HZ, REST_S, method=method)
    assert (onset.ci90_s, onset.rise_s, onset.by_rise) == (None, None, ())


@pytest.mark.parametrize("method", ALTERNATIVES)
def test_an_alternative_gives_a_lag_but_judges_no_order(method: str) -> None:
    values, truth = emg()
    lag = compare_onsets(values[:, 0], values[:, 1], RATE_HZ, REST_S, method=method)
    assert lag.lag_s == pytest.approx(truth[1] - truth[0], abs=0.05)
    assert (lag.ci90_s, lag.p_hamstring_first, lag.null_lag_s, lag.band_s) == (None, None, None, None)
    assert lag.verdict is Verdict.NOT_JUDGED
    assert lag.reason is not None
    assert lag.reason.code is ReasonCode.NO_CERTAINTY
    assert DEFAULT_METHOD in describe(lag.reason)[1]
    assert {lag.hamstring.estimator, lag.glute.estimator} == {method}


@pytest.mark.parametrize("method", METHODS)
def test_swapping_the_muscles_mirrors_the_lag_exactly(method: str) -> None:
    values, _ = emg(1)
    straight = compare_onsets(values[:, 0], values[:, 1], RATE_HZ, REST_S, method=method)
    mirrored = compare_onsets(values[:, 1], values[:, 0], RATE_HZ, REST_S, method=method)
    assert straight.lag_s is not None
    assert mirrored.lag_s == -straight.lag_s


def test_the_reference_of_a_result_is_the_method_of_that_name() -> None:
    values, _ = emg(2)
    by_name = detect_onset(values[:, 0], RATE_HZ, REST_S, method=REFERENCE_METHOD)
    assert by_name.time_s == detect_onset(values[:, 0], RATE_HZ, REST_S).reference_s == by_name.reference_s


@pytest.mark.parametrize("method", ALTERNATIVES)
def test_the_scale_of_the_signal_does_not_matter(method: str) -> None:
    values, _ = emg(3)
    times = {
        detect_onset(scale * values[:, 0], RATE_HZ, REST_S, method=method).time_s for scale in (1.0, 2.0**-20, 1024.0)
    }
    assert len(times) == 1


@pytest.mark.parametrize("method", ALTERNATIVES)
def test_a_muscle_that_stays_at_rest_is_named(method: str) -> None:
    values, _ = emg(4)
    quiet = np.random.default_rng(0).standard_normal(len(values))
    lag = compare_onsets(values[:, 0], quiet, RATE_HZ, REST_S, method=method)
    assert lag.verdict is Verdict.GLUTE_NOT_DETECTED
    assert compare_onsets(quiet, values[:, 0], RATE_HZ, REST_S, method=method).verdict is (
        Verdict.HAMSTRING_NOT_DETECTED
    )
    both = compare_onsets(quiet, quiet[::-1], RATE_HZ, REST_S, method=method)
    assert both.verdict is Verdict.NOT_JUDGED
    assert both.reason == compare_onsets(quiet[::-1], quiet, RATE_HZ, REST_S, method=method).reason


@pytest.mark.parametrize("method", METHODS)
def test_a_rest_that_was_lost_is_said_to_be_too_short(method: str) -> None:
    values, _ = emg(5)
    values[200:1500, 0] = np.nan
    onset = detect_onset(values[:, 0], RATE_HZ, REST_S, method=method)
    assert onset.time_s is None
    assert onset.estimator == method
    assert onset.reason is not None
    assert onset.reason.code is ReasonCode.NO_BASELINE


@pytest.mark.parametrize("method", ALTERNATIVES)
def test_a_flat_signal_and_a_flat_rest_are_said_to_have_no_signal(method: str) -> None:
    noise = np.where(np.arange(3000) < 1500, 0.0, np.random.default_rng(0).standard_normal(3000))
    for values in (np.zeros(3000), noise):
        onset = detect_onset(values, RATE_HZ, REST_S, method=method)
        assert onset.time_s is None
        assert onset.reason is not None
        assert onset.reason.code is ReasonCode.FLAT_LINE


@pytest.mark.parametrize("method", METHODS)
def test_a_restless_signal_without_a_given_rest_says_so(method: str) -> None:
    x = np.random.default_rng(0).standard_normal(600) * np.geomspace(1, 30, 600)
    onset = detect_onset(x, RATE_HZ, method=method)
    assert onset.reason is not None
    assert onset.reason.code is ReasonCode.RESTLESS_BASELINE
    assert onset.estimator == method


def test_a_method_that_does_not_exist_is_refused_with_those_that_do() -> None:
    x = np.zeros(3000)
    with pytest.raises(ValueError, match="ramp-likelihood, hodges-bui, tkeo, glr"):
        detect_onset(x, RATE_HZ, method="bonato")
    with pytest.raises(ValueError, match="ramp-likelihood, hodges-bui, tkeo, glr"):
        compare_onsets(x, x, RATE_HZ, method="bonato")


@pytest.mark.parametrize("method", ALTERNATIVES)
def test_too_slow_a_rate_for_an_order_is_named_before_the_method(method: str) -> None:
    x = np.random.default_rng(0).standard_normal(1000)
    lag = compare_onsets(x, x, 250.0, method=method)
    assert lag.reason is not None
    assert lag.reason.code is ReasonCode.RATE_TOO_LOW
    assert lag.glute.estimator == method


@pytest.mark.parametrize("method", ALTERNATIVES)
def test_what_cannot_be_meant_is_refused(method: str) -> None:
    x = filter_in_chunks(np.ascontiguousarray(emg()[0][:, 0]), BandDesign(RATE_HZ))
    locate = find_method(method)
    with pytest.raises(ValueError, match="one channel"):
        locate(x[:, np.newaxis], RATE_HZ, (0, 900), (900, 2000))
    with pytest.raises(ValueError, match="rest"):
        locate(x, RATE_HZ, (900, 900), (900, 2000))
    with pytest.raises(ValueError, match="search"):
        locate(x, RATE_HZ, (0, 900), (-5, 2000))
    with pytest.raises(ValueError, match="within"):
        locate(x, RATE_HZ, (0, 900), (900, 90_000))
    with pytest.raises(ValueError, match="rate_hz"):
        locate(x, 0.0, (0, 900), (900, 2000))
