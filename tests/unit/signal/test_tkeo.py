"""The Teager-Kaiser rule does what its papers describe, on examples worked out by hand."""

import numpy as np
import pytest

from firingorder_signal.blocks import FloatArray
from firingorder_signal.methods import METHODS
from firingorder_signal.tkeo import TkeoParams, TkeoStage, teager_kaiser

RATE_HZ = 1000.0
REST, SEARCH = (100, 900), (500, 2000)


def burst(seed: int = 0, gain: float = 10.0) -> FloatArray:
    """Noise that grows at 1 s."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(2000) * np.where(np.arange(2000) < 1000, 2.0, 2.0 * gain)


USUAL = TkeoParams()


def find(x: FloatArray, params: TkeoParams = USUAL) -> int | None:
    """Return the onset's row."""
    found = TkeoStage(RATE_HZ, 1, REST, SEARCH, params).process(x[:, np.newaxis], 0)
    return found[0].index if found else None


@pytest.mark.parametrize("frequency_hz", [20.0, 80.0, 250.0])
def test_a_sinusoid_has_the_constant_energy_of_its_amplitude_and_frequency(frequency_hz: float) -> None:
    omega = 2 * np.pi * frequency_hz / RATE_HZ
    energy = teager_kaiser(3.0 * np.sin(omega * np.arange(200) + 0.4))
    np.testing.assert_allclose(energy, 9.0 * np.sin(omega) ** 2, rtol=1e-9)


def test_the_energy_of_a_straight_line_is_its_slope_squared() -> None:
    # x = 5 n: (5 n)^2 - 5 (n - 1) 5 (n + 1) = 25.
    np.testing.assert_allclose(teager_kaiser(5.0 * np.arange(10.0)), 25.0)


def test_the_onset_is_the_first_row_above_that_enough_rows_follow() -> None:
    x = burst(1)
    energy = np.concatenate([[np.nan], teager_kaiser(x), [np.nan]])
    quiet = energy[slice(*REST)]
    above = energy > quiet.mean() + 6.0 * quiet.std(ddof=1)
    expected = next(row for row in range(500, 1975) if above[row] and above[row : row + 25].sum() >= 3)
    assert find(x) == expected


def test_the_threshold_is_that_of_the_energy_itself() -> None:
    # A threshold made of the signal at rest, in microvolts, would change with the unit.
    assert find(1000.0 * burst(2)) == find(burst(2)) == find(1e-3 * burst(2))
    assert find(burst(2)) is not None


def test_one_spike_is_no_onset() -> None:
    x = burst(3, gain=1.0)
    x[1500] = 500.0
    assert find(x, TkeoParams(n_sd=20.0, share=0.16)) is None


def test_lost_samples_hide_their_neighbours_energy_only() -> None:
    x = burst(4)
    x[1004] = np.nan
    found = find(x)
    assert found is not None
    assert found not in (1003, 1004, 1005)
    assert abs(found - 1000) < 20


def test_a_result_names_the_method_and_has_no_interval() -> None:
    onset = METHODS["tkeo"](burst(), RATE_HZ, REST, SEARCH).to_onset()
    assert onset.estimator == "tkeo"
    assert onset.ci90_s is None
    assert onset.time_s == pytest.approx((find(burst()) or 0) / RATE_HZ)
