"""The calls for people with arrays: answers with units, and clear words for what cannot be meant."""

import numpy as np
import pytest
from benchmarks.onset_simulator import Channel, Scene, simulate

from firingorder_signal.arrays import compare_onsets, detect_bursts, detect_onset
from firingorder_signal.results import ReasonCode, Verdict

RATE_HZ = 1000.0


def _emg(seed: int = 0, lag_s: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Hamstring and glute, raw with an offset, and the true onsets."""
    scene = Scene((Channel(2.0, 0.08, 20.0), Channel(2.0 + lag_s, 0.08, 20.0)), duration_s=3.2)
    emg, truth = simulate(scene, seed)
    return emg + 250.0, truth


def test_an_onset_is_found_with_and_without_a_given_rest() -> None:
    emg, truth = _emg()
    for rest_s in ((0.2, 1.5), None):
        onset = detect_onset(emg[:, 0], RATE_HZ, rest_s)
        assert onset.time_s is not None
        assert abs(onset.time_s - truth[0]) < 0.02
        assert onset.ci90_s is not None
        assert onset.snr_db is not None


def test_integers_and_lists_are_taken() -> None:
    emg, truth = _emg()
    counts = np.round(emg[:, 0] * 10).astype(np.int16)
    for given in (counts, counts.tolist()):
        onset = detect_onset(given, RATE_HZ, (0.2, 1.5))
        assert onset.time_s is not None
        assert abs(onset.time_s - truth[0]) < 0.02


def test_the_order_of_two_muscles_is_told() -> None:
    emg, truth = _emg()
    lag = compare_onsets(emg[:, 0], emg[:, 1], RATE_HZ, rest_s=(0.2, 1.5))
    assert lag.verdict is Verdict.HAMSTRING_FIRST
    assert lag.lag_s is not None
    assert abs(lag.lag_s - (truth[1] - truth[0])) < 0.03
    assert lag.null_lag_s is not None
    assert lag.hamstring.time_s is not None


def test_swapping_the_muscles_mirrors_the_lag_exactly() -> None:
    emg, _ = _emg(1)
    straight = compare_onsets(emg[:, 0], emg[:, 1], RATE_HZ, rest_s=(0.2, 1.5))
    mirrored = compare_onsets(emg[:, 1], emg[:, 0], RATE_HZ, rest_s=(0.2, 1.5))
    assert straight.lag_s is not None
    assert mirrored.lag_s == -straight.lag_s
    assert mirrored.verdict is Verdict.GLUTE_FIRST


def test_250_hz_is_refused_for_an_order_but_not_for_an_onset() -> None:
    emg, truth = simulate(Scene((Channel(2.0, 0.08, 20.0),), rate_hz=250.0, duration_s=3.2), 3)
    lag = compare_onsets(emg[:, 0], emg[:, 0], 250.0, rest_s=(0.2, 1.5))
    assert lag.verdict is Verdict.NOT_JUDGED
    assert lag.reason is not None
    assert lag.reason.code is ReasonCode.RATE_TOO_LOW
    onset = detect_onset(emg[:, 0], 250.0, (0.2, 1.5))
    assert onset.time_s is not None
    assert abs(onset.time_s - truth[0]) < 0.03


def test_restless_signal_without_a_given_rest_says_so() -> None:
    x = np.random.default_rng(0).standard_normal(600) * np.geomspace(1, 30, 600)
    onset = detect_onset(x, RATE_HZ)
    assert onset.time_s is None
    assert onset.reason is not None
    assert onset.reason.code is ReasonCode.RESTLESS_BASELINE


@pytest.mark.parametrize(
    ("emg", "rate_hz", "rest_s", "error", "words"),
    [
        (np.zeros((100, 2)), 1000.0, None, ValueError, "one channel"),
        (np.zeros(3000), 0.0, None, ValueError, "rate_hz"),
        (np.zeros(3000), -1000.0, None, ValueError, "rate_hz"),
        (np.zeros(3000), np.nan, None, ValueError, "rate_hz"),
        (np.zeros(3000), np.inf, None, ValueError, "rate_hz"),
        (np.zeros(3000, dtype=np.complex128), 1000.0, None, ValueError, "real numbers"),
        (np.array(["a"] * 3000), 1000.0, None, ValueError, "could not convert"),
        (np.zeros(3000), 1000.0, (2.0, 5.0), ValueError, "rest_s"),
        (np.zeros(3000), 1000.0, (1.0, 0.5), ValueError, "rest_s"),
        (np.zeros(3000), 1000.0, (0.0, np.nan), ValueError, "rest_s"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    emg: np.ndarray, rate_hz: float, rest_s: tuple[float, float] | None, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        detect_onset(emg, rate_hz, rest_s)


def test_channels_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="same number"):
        compare_onsets(np.zeros(3000), np.zeros(2999), RATE_HZ)


def test_a_negative_clock_error_is_refused() -> None:
    with pytest.raises(ValueError, match="sync_uncertainty_s"):
        compare_onsets(np.zeros(3000), np.zeros(3000), RATE_HZ, sync_uncertainty_s=-0.001)


def test_a_flat_signal_has_no_onset_and_no_bursts() -> None:
    assert detect_onset(np.zeros(3000), RATE_HZ).time_s is None
    assert detect_bursts(np.zeros(3000), RATE_HZ) == []
