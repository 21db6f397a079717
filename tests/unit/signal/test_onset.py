"""The onset estimator on simulated signals with a known truth, and on everything that is not an onset."""

import numpy as np
import pytest
from benchmarks.onset_simulator import SHAPES, Channel, Scene, simulate

from firingorder_signal.blocks import FloatArray
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.onset import NoOnset, OnsetPosterior, locate_onset
from firingorder_signal.results import ReasonCode


def _trial(seed: int, scene: Scene) -> tuple[FloatArray, float]:
    """Band-passed channel 0 up to 300 ms after the onset, and the true onset."""
    emg, truth = simulate(scene, seed)
    filtered = CausalBand(BandDesign(scene.rate_hz), emg.shape[1]).update(emg)
    return np.ascontiguousarray(filtered[: round((truth[0] + 0.3) * scene.rate_hz), 0]), float(truth[0])


def _locate(x: FloatArray, rate_hz: float = 1000.0) -> OnsetPosterior | NoOnset:
    """Locate an onset sought in the last second, against the rest up to 0.6 s before the end."""
    n = len(x)
    return locate_onset(x, rate_hz, (round(0.3 * rate_hz), n - round(0.6 * rate_hz)), (n - round(rate_hz), n))


def _errors(n: int, scene: Scene, first_seed: int = 0) -> list[float]:
    """Errors of the median, seconds; a miss is infinite."""
    out: list[float] = []
    for seed in range(first_seed, first_seed + n):
        x, truth = _trial(seed, scene)
        found = _locate(x, scene.rate_hz)
        out.append(found.median_s - truth if isinstance(found, OnsetPosterior) else np.inf)
    return out


@pytest.mark.parametrize(("snr_db", "limit_ms"), [(10.0, 22.0), (15.0, 12.0), (20.0, 8.0), (30.0, 7.0)])
def test_a_linear_rise_is_located_closely(snr_db: float, limit_ms: float) -> None:
    errors = _errors(25, Scene((Channel(2.6, 0.1, snr_db),), duration_s=3.2))
    assert np.median(np.abs(errors)) * 1e3 < limit_ms


def test_motor_units_are_located_closely() -> None:
    errors = _errors(20, Scene((Channel(2.6, 0.1, 20.0),), "mu", duration_s=3.2))
    assert np.median(np.abs(errors)) < 0.006


@pytest.mark.parametrize("rate_hz", [250.0, 500.0, 1926.0, 2000.0, 4000.0])
def test_other_rates_work(rate_hz: float) -> None:
    errors = _errors(12, Scene((Channel(2.6, 0.05, 20.0),), rate_hz=rate_hz, duration_s=3.2))
    assert np.median(np.abs(errors)) < (0.018 if rate_hz < 500 else 0.009)
    assert abs(np.median(errors)) < 0.014


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "quadratic"])
def test_the_interval_covers_every_rise_that_begins_to_be_seen(shape: str) -> None:
    scene = Scene((Channel(2.6, 0.1, 20.0, shape),), duration_s=3.2)
    inside = 0
    for seed in range(20):
        x, truth = _trial(seed, scene)
        found = _locate(x)
        assert isinstance(found, OnsetPosterior)
        low, high = found.ci90_s
        inside += low - 0.005 <= truth <= high + 0.005
    assert inside >= 14  # a quadratic rise hides its beginning: see the lag's interval in test_order.py


@pytest.mark.parametrize("seed", range(8))
def test_noise_has_no_onset(seed: int) -> None:
    x, _ = _trial(seed, Scene((Channel(9.0, 0.1, 20.0),), duration_s=4.0))
    assert isinstance(_locate(x), NoOnset)


@pytest.mark.parametrize("seed", range(4))
def test_dirty_rest_has_no_onset(seed: int) -> None:
    scene = Scene((Channel(9.0, 0.1, 20.0), Channel(9.0, 0.1, 20.0)), dirty=True, duration_s=4.0)
    x, _ = _trial(seed, scene)
    assert isinstance(_locate(x), NoOnset)


@pytest.mark.parametrize("known_s", [0.0, 0.02, 0.05, 0.08, 0.12, 0.2])
def test_a_burst_at_the_end_of_the_data_is_an_onset_or_none_and_never_an_error(known_s: float) -> None:
    x, truth = _trial(6, Scene((Channel(2.6, 0.05, 25.0),), duration_s=3.2))
    found = _locate(x[: round((truth + known_s) * 1000)])
    assert isinstance(found, NoOnset) or abs(found.median_s - truth) < 0.05
    assert isinstance(found, OnsetPosterior) or known_s < 0.2


def test_no_onset_still_says_how_loud_it_was() -> None:
    x, _ = _trial(0, Scene((Channel(9.0, 0.1, 20.0),), duration_s=4.0))
    onset = _locate(x).to_onset()
    assert onset.time_s is None
    assert onset.rest_uv is not None
    assert 1.0 < onset.rest_uv < 6.0


def test_the_scale_changes_no_answer() -> None:
    x, _ = _trial(1, Scene((Channel(2.6, 0.1, 15.0),), duration_s=3.2))
    one, thousand = _locate(x), _locate(x * 1000.0)
    assert isinstance(one, OnsetPosterior)
    assert isinstance(thousand, OnsetPosterior)
    np.testing.assert_allclose(one.median_s, thousand.median_s, atol=1e-6)
    np.testing.assert_allclose(one.snr_db, thousand.snr_db, atol=1e-6)


def test_the_same_input_gives_the_same_bits() -> None:
    x, _ = _trial(2, Scene((Channel(2.6, 0.1, 15.0),), duration_s=3.2))
    one, two = _locate(x), _locate(x.copy())
    assert isinstance(one, OnsetPosterior)
    assert isinstance(two, OnsetPosterior)
    np.testing.assert_array_equal(one.by_shape, two.by_shape)


def test_samples_lost_at_the_onset_widen_the_interval() -> None:
    x, truth = _trial(3, Scene((Channel(2.6, 0.05, 25.0),), duration_s=3.2))
    whole = _locate(x)
    x[round(truth * 1000) - 40 : round(truth * 1000) + 40] = np.nan
    holed = _locate(x)
    assert isinstance(whole, OnsetPosterior)
    assert isinstance(holed, OnsetPosterior)
    assert np.diff(holed.ci90_s)[0] > 2 * np.diff(whole.ci90_s)[0]
    assert holed.ci90_s[0] - 0.005 <= truth <= holed.ci90_s[1] + 0.005


def test_snr_and_rise_are_reported_as_they_are() -> None:
    snr: list[float] = []
    rise: list[float] = []
    for seed in range(12):
        found = _locate(_trial(seed, Scene((Channel(2.6, 0.1, 20.0),), duration_s=3.2))[0])
        assert isinstance(found, OnsetPosterior)
        snr.append(found.snr_db)
        rise.append(found.rise_s)
    assert abs(np.median(snr) - 20.5) < 2.0
    assert 0.05 < np.median(rise) < 0.2


def test_the_reference_stands_beside_it() -> None:
    x, truth = _trial(4, Scene((Channel(2.6, 0.05, 25.0),), duration_s=3.2))
    onset = _locate(x).to_onset(10.0)
    assert onset.reference_s is not None
    assert abs(onset.reference_s - 10.0 - truth) < 0.05
    assert onset.time_s is not None
    assert abs(onset.time_s - 10.0 - truth) < 0.02


def test_a_flat_channel_has_no_onset_and_says_why() -> None:
    found = _locate(np.zeros(3000))
    assert isinstance(found, NoOnset)
    assert found.reason is not None
    assert found.reason.code is ReasonCode.ELECTRODE_OFF


def test_a_rest_of_zeros_does_not_hide_a_burst() -> None:
    x = np.where(np.arange(3000) < 2700, 0.0, np.random.default_rng(0).standard_normal(3000))
    found = _locate(x)
    assert isinstance(found, OnsetPosterior)
    assert abs(found.median_s - 2.7) < 0.005


def test_a_rest_lost_throughout_is_no_onset() -> None:
    x, _ = _trial(5, Scene((Channel(2.6, 0.1, 15.0),), duration_s=3.2))
    x[: len(x) - 600] = np.nan
    found = _locate(x)
    assert isinstance(found, NoOnset)
    assert found.reason is not None
    assert found.reason.code is ReasonCode.NO_BASELINE


@pytest.mark.parametrize(
    ("rest", "search", "shape"),
    [
        ((-1, 100), (0, 900), (1000,)),
        ((0, 100), (0, 1001), (1000,)),
        ((50, 50), (0, 900), (1000,)),
        ((0, 1), (0, 1), (5, 2)),
    ],
)
def test_ranges_and_shapes_that_cannot_be_meant_are_refused(
    rest: tuple[int, int], search: tuple[int, int], shape: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="must"):
        locate_onset(np.zeros(shape), 1000.0, rest, search)
