"""Log-likelihood of each sample under Gaussian models of given colour: linear prediction, all models at once.

A model is a covariance sequence; Levinson's recursion turns it into a prediction error filter, and the filtered
signal into a log-likelihood per sample. What a sample loses by being non-Gaussian is bounded (`CLIP`).
Source: Levinson 1947 / Durbin 1960; the use of it for onsets: Staude 2001, section II.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .blocks import FloatArray
from .filters import BandDesign, emg_power_spectrum

#: Order of prediction at 1 kHz: 24 ms of memory resolve a mains line from EMG (onset study, section "alarm").
MAX_ORDER = 24
#: A squared residual counts for no more than this many variances: five SD, so that a glitch is not an onset, while the
#: first volley of a fast burst (thousands of variances) still weighs more than the pause that follows it.
CLIP = 25.0

#: Multiplications in one matrix product that OpenBLAS still does on one thread (its threshold is 2^18).
SINGLE_THREAD_PRODUCT = 250_000


def autocovariance(x: FloatArray, n_lags: int) -> FloatArray:
    """Biased autocovariance at lags 0..n_lags of a zero-mean stretch, NaN taken as absent.

    Returns
    -------
    shape (n_lags + 1,)
    """
    good = np.nan_to_num(x, nan=0.0)
    n_good = max(int(np.count_nonzero(~np.isnan(x))), 1)
    kept = (max(len(good) - lag, 0) for lag in range(n_lags + 1))
    return np.array([good[:n] @ good[len(good) - n :] for n in kept]) / n_good


@lru_cache(maxsize=32)
def _model_covariance(rate_hz: float, design: BandDesign, kind: str) -> tuple[float, ...]:
    """Autocovariance of unit power of what passes the band, sampled at `rate_hz`."""
    f = np.arange(0.0, 2000.0, 0.5) + 0.25
    power = emg_power_spectrum(f) if kind == "emg" else 1.0 / (f + 1.0) ** 6
    passed = np.where(f < design.rate_hz / 2, f, design.rate_hz / 2 - 0.1)
    power = power * design.gain(passed) ** 2 * (f < design.rate_hz / 2)
    lags = np.arange(MAX_ORDER + 1) / rate_hz
    r = np.cos(2 * np.pi * lags[:, np.newaxis] * f) @ power
    return tuple(float(value) for value in r / r[0])


def emg_covariance(rate_hz: float, design: BandDesign) -> FloatArray:
    """Autocovariance of unit-power EMG behind the band-pass, shape (MAX_ORDER + 1,)."""
    return np.array(_model_covariance(rate_hz, design, "emg"))


def artefact_covariance(rate_hz: float, design: BandDesign) -> FloatArray:
    """Autocovariance of what a heartbeat or a pulled cable leaves behind the band-pass, unit power.

    A power spectrum of 1/f^6: a QRS complex of 80 ms and smooth swings fall off at least that fast above 20 Hz, a
    volley of motor units does not.
    """
    return np.array(_model_covariance(rate_hz, design, "artefact"))


def levinson(covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Solve for the prediction error filters of many models.

    Parameters
    ----------
    covariance : shape (n_models, order + 1)

    Returns
    -------
    filters : shape (n_models, order + 1), first column 1
    variance : shape (n_models,)
        Variance of the residual.
    """
    if len(covariance) == 1:
        return _levinson_of_one(covariance[0])
    by_lag = np.ascontiguousarray(covariance.T)
    n, n_models = by_lag.shape
    a = np.zeros((n, n_models))
    a[0] = 1.0
    variance = by_lag[0].copy()
    scratch, reflection = np.empty((n, n_models)), np.empty(n_models)
    # 24 small steps: without temporaries each is a fifth faster.
    for m in range(1, n):
        product = scratch[:m]
        np.multiply(a[:m], by_lag[m:0:-1], out=product)
        np.add.reduce(product, axis=0, out=reflection)
        np.divide(reflection, variance, out=reflection)
        np.multiply(reflection, a[:m][::-1], out=product)
        a[1 : m + 1] -= product
        np.multiply(reflection, reflection, out=reflection)
        np.subtract(1.0, reflection, out=reflection)
        variance *= reflection
    return np.ascontiguousarray(a.T), variance


def _levinson_of_one(covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Solve for the filter of a single model, as `levinson` does, with a third of its steps."""
    n = len(covariance)
    backwards = np.ascontiguousarray(covariance[::-1])
    a = np.zeros(n)
    a[0] = 1.0
    variance = covariance[:1].copy()
    for m in range(1, n):
        reflection = (a[:m] @ backwards[n - 1 - m : n - 1]) / variance
        a[1 : m + 1] -= reflection * a[:m][::-1]
        variance *= 1.0 - reflection * reflection
    return a[np.newaxis], variance


def log_likelihood(x: FloatArray, filters: FloatArray, variance: FloatArray, tail: float = CLIP) -> FloatArray:
    """Log-likelihood of each sample under each model, up to a constant.

    Parameters
    ----------
    x : shape (n_samples,)
        NaN = lost; a sample whose prediction needs a lost one says nothing (0 under every model).

    Returns
    -------
    shape (n_models, n_samples)
    """
    order = filters.shape[1] - 1
    out = surprise(x, filters, variance, tail)
    np.subtract(-0.5 * np.log(variance)[:, np.newaxis], out, out=out)
    if np.isnan(x).any():
        out[:, ~usable(~np.isnan(x), order)] = 0.0
    return out


def surprise(x: FloatArray, filters: FloatArray, variance: FloatArray, tail: float = CLIP) -> FloatArray:
    """Squared prediction error of each sample under each model, in half variances, bounded by `tail` variances.

    Parameters
    ----------
    x : shape (n_samples,)
        NaN = lost, taken as silence.

    Returns
    -------
    shape (n_models, n_samples)

    Notes
    -----
    Matrix products small enough for one thread: a larger one would be spread over threads, whose start costs fifty
    times the product itself. What they give is squared and bounded while it is in the cache.
    """
    n_models, n_taps = filters.shape
    padded = np.concatenate([np.zeros(n_taps - 1), np.nan_to_num(x, nan=0.0)])
    past = np.ascontiguousarray(sliding_window_view(padded, n_taps).T)
    backwards = np.ascontiguousarray((filters / np.sqrt(2.0 * variance)[:, np.newaxis])[:, ::-1])
    out = np.empty((n_models, len(x)))
    piece = max(SINGLE_THREAD_PRODUCT // (n_models * n_taps), 1)
    for start in range(0, len(x), piece):
        error = backwards @ past[:, start : start + piece]
        error *= error
        np.minimum(error, tail / 2.0, out=out[:, start : start + piece])
    return out


def usable(known: NDArray[np.bool_], order: int) -> NDArray[np.bool_]:
    """Mark the samples of `known` that are known together with the `order` before them; before the start all are."""
    lost = np.concatenate([[0], np.cumsum(~known)])
    start = np.maximum(np.arange(len(known)) - order, 0)
    return np.asarray(lost[1:] == lost[start])
