"""What a slower rate must cost: the exact likelihood of the onset, at 1 kHz and brought down as converters do.

Gaussian EMG with a linear rise in white noise, as in model `gauss` but with everything known beforehand: the spectra,
the SNR, the plateau, the converter's filter, and that the rise takes one of the four times of suite `mixed`. The
median of the posterior is then the estimate of the least mean absolute error; where `onset_rates` grows about as much
from rate to rate, the band that is left is to blame more than the method.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.signal import resample_poly

from benchmarks.onset_simulator import MIXED_RISES_S, ramp
from benchmarks.report import Table

FloatArray = NDArray[np.float64]

#: A seed for reporting alone.
SEED = 70_000
RATE_HZ = 1000
#: Every so many rows are kept: 1 kHz, 500 Hz, 250 Hz.
STEPS = (1, 2, 4)
SNRS_DB = (10, 15, 20, 30)
#: The stretch and the grid of onsets, seconds from the middle of the true ones, and how far those lie about it.
TIME_S: FloatArray = np.arange(-0.15, 0.25, 1 / RATE_HZ)
GRID_S: FloatArray = np.arange(-0.0895, 0.0905, 0.002)
SPREAD_S = 0.004
#: White noise of unit power in 20-450 Hz, as the SNR is defined.
NOISE_POWER = RATE_HZ / 2 / 430


def keep_every(step: int) -> FloatArray:
    """Lay out as a matrix how `onset_rates` brings the stretch down, shape (n_rows // step, n_rows)."""
    matrix: FloatArray = resample_poly(np.eye(len(TIME_S)), 1, step, axis=0)
    return matrix


def emg_covariance() -> FloatArray:
    """Covariance of unit-power EMG with the Stulen-De Luca spectrum over the stretch, shape (n_rows, n_rows)."""
    f = np.fft.rfftfreq(4096, 1 / RATE_HZ)
    by_lag = np.fft.irfft(f**2 / ((f**2 + 60.0**2) * (f**2 + 120.0**2) ** 2))
    rows = np.arange(len(TIME_S))
    return np.asarray(by_lag[np.abs(np.subtract.outer(rows, rows))] / by_lag[0])


def errors_ms(rng: np.random.Generator, snr_db: int, n: int) -> FloatArray:
    """Errors of the posterior median over `n` trials for each rise time, shape (n_steps, n_trials)."""
    emg = emg_covariance()
    rises = np.repeat(MIXED_RISES_S, n)
    truth_s = rng.uniform(-SPREAD_S, SPREAD_S, len(rises))
    level = 10 ** (snr_db / 20)
    amplitude = np.array([level * ramp(TIME_S - at, rise, "linear") for at, rise in zip(truth_s, rises, strict=True)])
    shaped = rng.standard_normal(amplitude.shape) @ np.linalg.cholesky(emg + 1e-9 * np.eye(len(emg))).T
    x = (amplitude * shaped + np.sqrt(NOISE_POWER) * rng.standard_normal(amplitude.shape)).T
    slower = [keep_every(step) for step in STEPS]
    seen = [one @ x for one in slower]
    log_p = np.empty((len(STEPS), len(MIXED_RISES_S), len(GRID_S), len(rises)))
    for (i, rise), (j, at) in product(enumerate(MIXED_RISES_S), enumerate(GRID_S)):
        a = level * ramp(TIME_S - at, rise, "linear")
        covariance = a[:, np.newaxis] * a * emg + NOISE_POWER * np.eye(len(a))
        for k, one in enumerate(slower):
            root = np.linalg.cholesky(one @ covariance @ one.T)
            white: FloatArray = np.asarray(solve_triangular(root, seen[k], lower=True), dtype=np.float64)
            log_p[k, i, j] = -0.5 * (white * white).sum(axis=0) - np.log(np.diag(root)).sum()
    p = np.exp(log_p - log_p.max(axis=(1, 2), keepdims=True)).sum(axis=1)
    share = np.cumsum(p, axis=1) / p.sum(axis=1, keepdims=True)
    ends_s = GRID_S + (GRID_S[1] - GRID_S[0]) / 2
    medians = np.array([[np.interp(0.5, one, ends_s) for one in by_step.T] for by_step in share], dtype=np.float64)
    return 1e3 * (medians - truth_s)


def main(n: int = 160) -> Table:
    """Run `n` trials for each SNR and rise time."""
    rng = np.random.default_rng(SEED)
    by_snr = [errors_ms(rng, snr_db, n) for snr_db in SNRS_DB]
    rows: list[list[str]] = []
    for name, errors in zip(
        [*(f"{snr} dB" for snr in SNRS_DB), "all"], [*by_snr, np.concatenate(by_snr, axis=1)], strict=True
    ):
        median = np.median(np.abs(errors), axis=1)
        cells = [f"{one:.2f} ms, {one / median[0]:.2f}" for one in median]
        rows.append([name, *cells])
    head = ["SNR", *(f"{RATE_HZ // step} Hz: median error, of 1 kHz" for step in STEPS)]
    return Table("Onsets by sampling rate, exact likelihood, everything but onset and rise time known", head, rows)


if __name__ == "__main__":
    print(main().to_markdown())
