"""Linear prediction against scipy's Toeplitz solver, and likelihoods against the exact Gaussian."""

import numpy as np
from scipy.linalg import toeplitz
from scipy.signal import lfilter

from firingorder_signal.blocks import FloatArray
from firingorder_signal.filters import BandDesign
from firingorder_signal.whitening import artefact_covariance, autocovariance, emg_covariance, levinson, log_likelihood


def _covariances() -> FloatArray:
    """Three valid covariance sequences."""
    design = BandDesign(1000.0)
    white = np.zeros(25)
    white[0] = 1.0
    return np.array([white, emg_covariance(1000.0, design) + 0.1 * white, artefact_covariance(1000.0, design) + white])


def _log_density(x: FloatArray, covariance: FloatArray) -> float:
    """Log density of a stationary Gaussian stretch without its constant."""
    matrix: FloatArray = np.asarray(toeplitz(covariance))
    return float(-0.5 * (np.linalg.slogdet(matrix)[1] + x @ np.linalg.solve(matrix, x)))


def test_levinson_solves_the_normal_equations() -> None:
    covariances = _covariances()
    filters, variance = levinson(covariances)
    for row in range(len(covariances)):
        a: FloatArray = filters[row]
        r: FloatArray = covariances[row]
        np.testing.assert_allclose(toeplitz(r[:-1]) @ a[1:], -r[1:], atol=1e-8)
        assert np.isclose(variance[row], r @ a)


def test_likelihood_is_the_exact_gaussian_once_the_memory_is_filled() -> None:
    r = _covariances()[1]
    filters, variance = levinson(r[np.newaxis])
    noise: FloatArray = np.random.default_rng(0).standard_normal(400)
    x: FloatArray = np.asarray(lfilter([1.0], filters[0], noise), dtype=np.float64)
    given = log_likelihood(x, filters, variance, tail=1e9)[0, 24:].sum()
    order = len(r) - 1
    exact = 0.0
    for i in range(order, len(x)):
        exact += _log_density(x[i - order : i + 1], r) - _log_density(x[i - order : i], r[:-1])
    assert np.isclose(given, exact, rtol=1e-6)


def test_a_lost_sample_speaks_for_no_model() -> None:
    filters, variance = levinson(_covariances())
    x = np.random.default_rng(1).standard_normal(200)
    x[100] = np.nan
    likelihood = log_likelihood(x, filters, variance)
    assert (likelihood[:, 100:125] == 0.0).all()
    assert (likelihood[:, 99] != 0.0).all()
    assert (likelihood[:, 125] != 0.0).all()


def test_autocovariance_leaves_lost_samples_out() -> None:
    x = np.array([1.0, 2.0, np.nan, 3.0])
    np.testing.assert_allclose(autocovariance(x, 1), [14.0 / 3, 2.0 / 3])


def test_emg_has_more_power_above_60_hz_than_an_artefact() -> None:
    design = BandDesign(1000.0)
    assert artefact_covariance(1000.0, design)[5] > 0.6
    assert emg_covariance(1000.0, design)[5] < 0.2
