"""The causal band-pass against scipy on the whole array, and what it does with lost samples and offsets."""

import numpy as np
import pytest
from scipy.signal import sosfilt

from firingorder_signal.filters import BandDesign, CausalBand, check_rate, emg_power_spectrum


def test_blocks_give_what_scipy_gives_on_the_whole() -> None:
    x = np.random.default_rng(0).standard_normal((3000, 2))
    x[0] = 0.0
    band = CausalBand(BandDesign(1000.0), 2)
    ours = np.concatenate([band.update(x[i : i + 37]) for i in range(0, len(x), 37)])
    np.testing.assert_allclose(ours, sosfilt(BandDesign(1000.0).sos, x, axis=0), atol=1e-12)


def test_an_electrode_offset_makes_no_transient() -> None:
    filtered = CausalBand(BandDesign(1000.0), 1).update(np.full((500, 1), 12_345.0))
    assert np.max(np.abs(filtered)) < 1e-9


def test_lost_samples_stay_nan_and_do_not_disturb_the_rest() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((4000, 1)) + 500.0
    holed = x.copy()
    holed[1500:1600] = np.nan
    whole = CausalBand(BandDesign(1000.0), 1).update(x)
    filtered = CausalBand(BandDesign(1000.0), 1).update(holed)
    assert np.isnan(filtered[1500:1600]).all()
    assert not np.isnan(filtered[1600:]).any()
    np.testing.assert_allclose(filtered[2600:], whole[2600:], atol=1e-6)


def test_a_channel_that_starts_lost_is_filtered_from_its_first_sample() -> None:
    x = np.full((600, 2), 80.0)
    x[:100, 0] = np.nan
    filtered = CausalBand(BandDesign(1000.0), 2).update(x)
    assert np.max(np.abs(filtered[100:, 0])) < 1e-9
    assert np.isnan(filtered[:100, 0]).all()


@pytest.mark.parametrize("rate_hz", [200.0, 250.0, 500.0, 1000.0, 1926.0, 2000.0, 4000.0])
def test_every_accepted_rate_passes_emg_and_stops_swings(rate_hz: float) -> None:
    design = BandDesign(rate_hz)
    assert design.high_hz <= 0.45 * rate_hz
    gain = design.gain(np.array([5.0, 60.0]))
    assert gain[0] < 0.005
    assert gain[1] > 0.9


def test_the_delay_is_a_few_milliseconds() -> None:
    assert 0.0 < BandDesign(1000.0).delay_s < 0.01


@pytest.mark.parametrize("rate_hz", [0.0, -1000.0, float("nan"), 1e6])
def test_a_rate_without_emg_is_refused_with_its_figure(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="rate_hz must be between"):
        check_rate(rate_hz)


def test_emg_power_peaks_where_emg_does() -> None:
    f = np.arange(1.0, 500.0)
    assert 50.0 < f[np.argmax(emg_power_spectrum(f))] < 100.0
