"""The reference method does what Hodges & Bui 1996 describe."""

import numpy as np
import pytest

from firingorder_signal.blocks import FloatArray
from firingorder_signal.hodges_bui import Envelope, HodgesBuiParams, find_hodges_bui

RATE_HZ = 1000.0
REST, SEARCH = (100, 900), (500, 2000)


def burst(seed: int = 0, gain: float = 10.0) -> FloatArray:
    """Noise that grows at 1 s."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(2000) * np.where(np.arange(2000) < 1000, 2.0, 2.0 * gain)


def envelope(x: FloatArray, rate_hz: float = RATE_HZ) -> FloatArray:
    """Return the whole envelope of a signal."""
    stage = Envelope(rate_hz)
    return np.concatenate([stage.update(x), stage.finish()])


@pytest.mark.parametrize("rate_hz", [200.0, 250.0, 500.0, 1000.0, 2000.0, 10_000.0])
def test_the_low_pass_is_3_db_down_at_50_hz_and_has_no_phase(rate_hz: float) -> None:
    t = np.arange(round(4 * rate_hz)) / rate_hz
    for frequency_hz, gain in ((0.0, 1.0), (10.0, 1.0), (50.0, 0.5**0.5)):
        wave = np.cos(2 * np.pi * frequency_hz * t)
        smooth = envelope(2.0 + wave, rate_hz)[len(t) // 4 : -len(t) // 4] - 2.0
        expected = gain * wave[len(t) // 4 : -len(t) // 4]
        np.testing.assert_allclose(smooth, expected, atol=0.002)


def test_the_envelope_is_that_of_the_rectified_signal() -> None:
    x = np.full(500, -3.0)
    np.testing.assert_allclose(envelope(x), 3.0, rtol=1e-12)


def test_a_clear_burst_is_found_where_it_begins() -> None:
    found = find_hodges_bui(burst(), RATE_HZ, REST, SEARCH)
    assert found is not None
    assert abs(found - 1000) < 20


def test_the_onset_is_the_first_row_from_which_the_envelope_stays_above() -> None:
    x, params = burst(1), HodgesBuiParams()
    found = find_hodges_bui(x, RATE_HZ, REST, SEARCH, params)
    smooth = envelope(x[100:])
    quiet = smooth[:800]
    above = smooth > quiet.mean() + params.n_sd * quiet.std(ddof=1)
    assert found is not None
    assert above[found - 100 : found - 75].all()
    assert not any(above[row : row + 25].all() for row in range(400, found - 100))


def test_the_threshold_is_not_that_of_the_raw_rectified_signal() -> None:
    # The SD of the rectified signal is three times that of its envelope: a threshold of it would miss this rise.
    x = burst(4, gain=2.0)
    smooth, rectified = envelope(x)[REST[0] : REST[1]], np.abs(x[slice(*REST)])
    found = find_hodges_bui(x, RATE_HZ, REST, SEARCH)
    assert found is not None
    raw_threshold = rectified.mean() + 3.0 * rectified.std(ddof=1)
    assert not (envelope(x)[found : found + 25] > raw_threshold).all()
    assert (envelope(x)[found : found + 25] > smooth.mean() + 3.0 * smooth.std(ddof=1)).all()


@pytest.mark.parametrize("scale", [1e-6, 0.5, 1000.0])
def test_the_unit_does_not_matter(scale: float) -> None:
    assert find_hodges_bui(scale * burst(2), RATE_HZ, REST, SEARCH) == find_hodges_bui(burst(2), RATE_HZ, REST, SEARCH)


@pytest.mark.parametrize("seed", range(5))
def test_noise_alone_has_no_onset_above_ten_deviations(seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal(2000)
    assert find_hodges_bui(x, RATE_HZ, REST, (900, 2000), HodgesBuiParams(n_sd=10.0)) is None


def test_a_burst_shorter_than_the_hold_is_none() -> None:
    x = burst(5, gain=1.0)
    x[1200:1210] *= 30.0
    assert find_hodges_bui(x, RATE_HZ, REST, (1000, 2000), HodgesBuiParams(low_pass_hz=400.0)) is None


def test_a_rest_without_samples_has_no_onset() -> None:
    x = burst(3)
    x[100:900] = np.nan
    assert find_hodges_bui(x, RATE_HZ, REST, (900, 2000)) is None


def test_lost_samples_in_the_burst_do_not_look_like_silence() -> None:
    x = burst(6)
    whole = find_hodges_bui(x, RATE_HZ, REST, SEARCH)
    x[1010:1013] = np.nan
    assert whole is not None
    assert find_hodges_bui(x, RATE_HZ, REST, SEARCH) == pytest.approx(whole, abs=5)


def test_the_rest_may_lie_behind_the_onset() -> None:
    x = burst(7)[::-1]
    x = np.concatenate([burst(7), x])
    assert find_hodges_bui(x, RATE_HZ, (3200, 3900), (200, 2000)) == pytest.approx(1000, abs=20)


@pytest.mark.parametrize(("n_lost", "n_unknown"), [(4, 0), (12, 12)])
def test_the_envelope_of_a_gap_is_known_while_half_of_its_weight_is(n_lost: int, n_unknown: int) -> None:
    x = np.ones(400)
    x[200 : 200 + n_lost] = np.nan
    envelope = Envelope(RATE_HZ)
    smooth = np.concatenate([envelope.update(x), envelope.finish()])
    assert np.count_nonzero(np.isnan(smooth)) == n_unknown
    np.testing.assert_allclose(smooth[~np.isnan(smooth)], 1.0)


def test_an_onset_just_before_the_end_of_the_data_is_found() -> None:
    assert find_hodges_bui(burst()[:1035], RATE_HZ, REST, (900, 1035)) == pytest.approx(1000, abs=10)
