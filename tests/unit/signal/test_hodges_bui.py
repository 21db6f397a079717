"""The reference method does what Hodges & Bui 1996 describe."""

import numpy as np
import pytest

from firingorder_signal.hodges_bui import HodgesBuiParams, envelope, find_hodges_bui

RATE_HZ = 1000.0


def _burst(seed: int = 0, gain: float = 10.0) -> np.ndarray:
    """Noise that grows at 1 s."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(2000) * np.where(np.arange(2000) < 1000, 2.0, 2.0 * gain)


def test_a_clear_burst_is_found_where_it_begins() -> None:
    found = find_hodges_bui(_burst(), RATE_HZ, (100, 900), (500, 2000))
    assert found is not None
    assert abs(found - 1000) < 20


def test_the_onset_is_the_first_row_after_which_the_envelope_stays_above() -> None:
    x, params = _burst(1), HodgesBuiParams()
    found = find_hodges_bui(x, RATE_HZ, (100, 900), (500, 2000), params)
    smooth = envelope(x, RATE_HZ)
    quiet = smooth[100:900]
    above = smooth > quiet.mean() + params.n_sd * quiet.std(ddof=1)
    assert found is not None
    assert above[found : found + 25].all()
    assert not any(above[row : row + 25].all() for row in range(500, found))


def test_the_threshold_comes_from_the_same_smoothed_quantity() -> None:
    scaled = find_hodges_bui(1000.0 * _burst(2), RATE_HZ, (100, 900), (500, 2000))
    assert scaled == find_hodges_bui(_burst(2), RATE_HZ, (100, 900), (500, 2000))


@pytest.mark.parametrize("seed", range(5))
def test_noise_alone_has_no_onset_above_ten_deviations(seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal(2000)
    assert find_hodges_bui(x, RATE_HZ, (100, 900), (900, 2000), HodgesBuiParams(n_sd=10.0)) is None


def test_a_rest_without_samples_has_no_onset() -> None:
    x = _burst(3)
    x[100:900] = np.nan
    assert find_hodges_bui(x, RATE_HZ, (100, 900), (900, 2000)) is None
