"""The generalized likelihood ratio does what Staude describes: against likelihoods computed the long way."""

import numpy as np
import pytest
from scipy.signal import lfilter

from firingorder_signal.blocks import FloatArray
from firingorder_signal.glr import GlrStage, find_change, fit_whitener, log_ratio
from firingorder_signal.methods import METHODS

RATE_HZ = 1000.0
REST, SEARCH = (100, 900), (500, 2000)


def burst(seed: int = 0, gain: float = 5.0, *, coloured: bool = True) -> FloatArray:
    """Noise that grows at 1 s."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(2000) * np.where(np.arange(2000) < 1000, 2.0, 2.0 * gain)
    return np.asarray(lfilter([1.0], [1.0, -1.2, 0.6], x)) if coloured else x


def find(x: FloatArray) -> int | None:
    """Return the onset's row."""
    found = GlrStage(RATE_HZ, 1, REST, SEARCH).process(x[:, np.newaxis], 0)
    return found[0].index if found else None


def gaussian(x: FloatArray, variance: float) -> float:
    """Log-likelihood of independent samples of mean zero."""
    return float(-0.5 * np.sum(np.log(2 * np.pi * variance) + x * x / variance))


def test_the_ratio_is_that_of_two_gaussian_likelihoods() -> None:
    x = 1.7 * np.random.default_rng(0).standard_normal(50)
    v = float(np.mean(x * x))
    np.testing.assert_allclose(log_ratio(np.array([v]), np.array([50.0])), gaussian(x, v) - gaussian(x, 1.0))


def test_a_quieter_window_speaks_for_rest() -> None:
    assert log_ratio(np.array([0.2]), np.array([100.0])).tolist() == [0.0]


@pytest.mark.parametrize("seed", range(8))
def test_the_change_is_where_the_likelihood_is_greatest_by_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(100) * np.where(np.arange(100) < 60, 1.0, 3.0)
    likelihoods: list[float] = []
    for change in range(100):
        raised = max(float(np.mean(x[change:] ** 2)), 1.0)
        likelihoods.append(gaussian(x[:change], 1.0) + gaussian(x[change:], raised))
    sums = np.zeros((2, 101))
    sums[0, 1:], sums[1, 1:] = np.cumsum(x * x), np.arange(1, 101)
    assert find_change(sums) == int(np.argmax(likelihoods))


def whiten(x: FloatArray) -> FloatArray:
    """Whiten by ordinary least squares on the rest, order 24, in units of the deviation there."""
    rows = np.arange(REST[0] + 24, REST[1])
    past = np.stack([x[rows - lag] for lag in range(1, 25)], axis=1)
    prediction = np.concatenate([[1.0], -np.linalg.lstsq(past, x[rows])[0]])
    error = np.asarray(lfilter(prediction, [1.0], x), dtype=np.float64)
    return np.asarray(error / error[rows].std())


def ratio(e: FloatArray) -> float:
    """Log-likelihood ratio of whitened samples, the formula of the paper."""
    r = float(np.mean(e * e))
    return len(e) / 2 * (r - np.log(r) - 1.0) if r > 1.0 else 0.0


@pytest.mark.parametrize("seed", range(5))
def test_the_whole_rule_agrees_with_the_papers_formulas_written_out(seed: int) -> None:
    e = whiten(burst(seed))
    alarm = next(row for row in range(SEARCH[0] + 100, SEARCH[1] + 1) if ratio(e[row - 100 : row]) >= 20.0)
    expected = max(range(alarm - 100, alarm), key=lambda start: ratio(e[start:alarm]))
    assert find(burst(seed)) == pytest.approx(expected, abs=2)


def test_whitening_takes_the_colour_of_the_rest_away() -> None:
    x = burst(3)[:1000]
    whitener = fit_whitener(x[slice(*REST)])
    assert whitener is not None
    assert float(np.mean(whitener.squares(x[slice(*REST)]))) == pytest.approx(1.0)
    # AR(2) with coefficients 1.2 and -0.6, driven by a deviation of 2.
    np.testing.assert_allclose(whitener.prediction[:3], [1.0, -1.2, 0.6], atol=0.1)
    assert whitener.variance == pytest.approx(4.0, rel=0.1)


@pytest.mark.parametrize("scale", [1e-6, 1000.0])
def test_the_unit_does_not_matter(scale: float) -> None:
    assert find(scale * burst(2)) == find(burst(2))


@pytest.mark.parametrize("rate_hz", [500.0, 1926.0, 4000.0, 10_000.0])
def test_any_rate_finds_the_onset(rate_hz: float) -> None:
    rng = np.random.default_rng(1)
    n = round(2 * rate_hz)
    x = rng.standard_normal(n) * np.where(np.arange(n) < n // 2, 1.0, 5.0)
    rest, search = (round(0.1 * rate_hz), round(0.9 * rate_hz)), (round(0.5 * rate_hz), n)
    onset = METHODS["glr"](x, rate_hz, rest, search).to_onset()
    assert onset.time_s == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_noise_alone_has_no_onset(seed: int) -> None:
    assert find(burst(seed, gain=1.0)) is None


def test_lost_samples_count_for_nothing() -> None:
    x = burst(4)
    x[980:1010] = np.nan
    assert find(x) == pytest.approx(1010 + 24, abs=10)  # the first sample whose past is known


def test_a_rest_without_samples_or_without_noise_has_no_onset() -> None:
    for value in (np.nan, 0.0):
        x = burst(5)
        x[100:900] = value
        assert find(x) is None
