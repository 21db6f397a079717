"""A burst with two beginnings: the onset is the first, the interval holds both."""

import numpy as np
import pytest

import firingorder as fo
from firingorder_signal.blocks import FloatArray
from firingorder_signal.main_rise import LARGEST_SHARE, share_of

RATE_HZ = 1000.0
FIRST_S, MAIN_S = 2.0, 2.06


def _burst(seed: int, low_uv: float, main_uv: float = 80.0) -> FloatArray:
    """EMG that holds a low level from 2.00 s on, and its plateau from 2.06 s on, over 2 µV of noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(3200) / RATE_HZ
    level = np.where(t >= MAIN_S, main_uv, np.where(t >= FIRST_S, low_uv, 0.0))
    emg = np.convolve(rng.standard_normal(len(t)), np.hanning(7) / np.linalg.norm(np.hanning(7)), mode="same")
    return np.asarray(2.0 * rng.standard_normal(len(t)) + level * emg)


def _onset(signal: FloatArray) -> tuple[float, tuple[float, float]]:
    """Time and interval."""
    onset = fo.detect_onset(signal, RATE_HZ, (0.5, 1.7))
    assert onset.time_s is not None
    assert onset.ci90_s is not None
    return onset.time_s, onset.ci90_s


def test_the_interval_reaches_from_the_low_level_to_the_main_rise() -> None:
    found = [_onset(_burst(seed, 6.0)) for seed in range(20)]
    assert np.median([time_s for time_s, _ in found]) == pytest.approx(FIRST_S, abs=0.015)
    reach = [low_s < FIRST_S + 0.01 and high_s > MAIN_S - 0.01 for _, (low_s, high_s) in found]
    assert sum(reach) >= 12  # 14 of 20; without the second beginning 4


def test_a_burst_that_begins_once_has_an_interval_around_its_beginning() -> None:
    found = [_onset(_burst(seed, 0.0)) for seed in range(20)]
    assert np.median([high_s - low_s for _, (low_s, high_s) in found]) < 0.015
    assert all(low_s < MAIN_S + 0.01 and high_s > MAIN_S - 0.01 for _, (low_s, high_s) in found)


def test_no_evidence_moves_more_than_its_share() -> None:
    assert share_of(0.0, 1000.0) == LARGEST_SHARE
    assert share_of(0.0, -10.0) == 0.0
    assert 0.0 < share_of(0.0, -1.0) < LARGEST_SHARE


def test_a_lags_interval_holds_the_second_beginning_and_its_mirror_too() -> None:
    twice, once = _burst(1, 6.0), _burst(2, 0.0)
    lag = fo.compare_onsets(twice, once, RATE_HZ, (0.5, 1.7))
    mirrored = fo.compare_onsets(once, twice, RATE_HZ, (0.5, 1.7))
    assert lag.ci90_s is not None
    assert mirrored.ci90_s is not None
    assert lag.ci90_s[0] < 0.01
    assert lag.ci90_s[1] > 0.05
    assert mirrored.ci90_s == (-lag.ci90_s[1], -lag.ci90_s[0])
