"""The neighbour's leak: removed where there is one, and nothing else with it."""

import numpy as np
from benchmarks.onset_simulator import Channel, Scene, simulate

from firingorder_signal.blocks import FloatArray
from firingorder_signal.crosstalk import cancel_crosstalk, resample_onto
from firingorder_signal.filters import BandDesign, CausalBand


def _pair(lag_s: float, seed: int) -> FloatArray:
    """Two clean channels, 25 dB, the second `lag_s` later."""
    emg, _ = simulate(Scene((Channel(2.5, 0.05, 25.0), Channel(2.5 + lag_s, 0.05, 25.0)), duration_s=3.2), seed)
    return CausalBand(BandDesign(1000.0), 2).update(emg)


def test_a_leak_is_removed_before_the_own_burst() -> None:
    pair = _pair(0.15, 0)
    leak = 0.15 * np.convolve(pair[:, 0], np.ones(3) / 3)[: len(pair)]
    dirty = pair[:, 1] + leak
    cleaned = cancel_crosstalk(dirty, np.ascontiguousarray(pair[:, 0]), 1000.0, (500, 2400))
    before = slice(2520, 2640)
    assert np.std(cleaned[before] - pair[before, 1]) < 0.35 * np.std(leak[before])


def test_a_channel_without_a_leak_is_left_alone() -> None:
    pair = _pair(0.05, 1)
    own = np.ascontiguousarray(pair[:, 1])
    cleaned = cancel_crosstalk(own, np.ascontiguousarray(pair[:, 0]), 1000.0, (500, 2400))
    assert np.std(cleaned[2500:] - own[2500:]) < 0.15 * np.std(own[2500:])


def test_common_hum_is_no_leak() -> None:
    pair = _pair(0.15, 2)
    hum = 20.0 * np.sin(2 * np.pi * 50.0 * np.arange(len(pair)) / 1000.0)
    own = pair[:, 1] + hum
    cleaned = cancel_crosstalk(own, pair[:, 0] + hum, 1000.0, (500, 2400))
    assert np.std((cleaned - own)[2650:]) < 0.15 * np.std(pair[2650:, 0])


def test_lost_samples_stay_lost_and_spread_no_further() -> None:
    pair = _pair(0.15, 3)
    own, other = pair[:, 1].copy(), pair[:, 0].copy()
    own[2700:2710] = np.nan
    other[2800:2810] = np.nan
    cleaned = cancel_crosstalk(own, other, 1000.0, (500, 2400))
    assert np.isnan(cleaned[2700:2710]).all()
    assert np.count_nonzero(np.isnan(cleaned)) == 10


def test_a_neighbour_of_another_sensor_is_brought_to_the_same_times() -> None:
    t_other, t = 0.0123 + np.arange(2100) / 1000.3, np.arange(2000) / 1000.0
    other = np.sin(2 * np.pi * 80.0 * t_other)
    moved = resample_onto(other, 1000.3, 0.0123, 1000.0, 0.0, len(t))
    known = ~np.isnan(moved)
    assert np.isnan(moved[:12]).all()
    np.testing.assert_allclose(moved[known], np.sin(2 * np.pi * 80.0 * t[known]), atol=0.01)


def test_a_rest_without_any_noise_leaves_a_solvable_leak() -> None:
    noise = np.random.default_rng(6597).standard_normal(100)
    x = np.where(np.arange(100) < 50, 0.0, noise)
    cleaned = cancel_crosstalk(x, np.roll(x, 10), 200.0, (0, 45))
    assert np.isfinite(cleaned).all()
