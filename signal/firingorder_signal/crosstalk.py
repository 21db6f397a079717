"""Take out of one channel what it hears of the neighbouring muscle.

A burst of the neighbour reaches an electrode at 5-15 % of its amplitude, smoothed and a little later. Beneath a strong
neighbour that looks like an early, weak onset. The leak is a short filter, found by least squares where the own muscle
is silent: each sample counts with the inverse of the local power of what the leak does not explain, anew in each round.
The own signal is never explained away, because the filter's taps are held small and the muscles are independent.
Source: iteratively re-weighted least squares (Holland & Welsch 1977); leak after Farina et al. 2004 (5-15 %, 0-2 ms).
"""

import numpy as np

from .blocks import FloatArray
from .ridge import solve_ridge
from .whitening import MAX_ORDER, autocovariance, levinson

#: Taps before and after the present sample, one a millisecond: a leak arrives 0-2 ms late and is smoothed over a few.
TAPS_BEFORE, TAPS_AFTER = 1, 5
#: Spacing of the taps, seconds: the band-pass leaves 450 Hz.
TAP_S = 0.001
#: Prior standard deviation of a tap: leaks of up to 15 %, spread over three to five taps (0.06 fits noise, tuned).
TAP_SD = 0.03
#: Local power is averaged over this long, seconds.
LOCAL_S = 0.025
#: The neighbour is heard only while it is active: this many times its power at rest.
LOUD = 4.0
#: A rest this share of the whole signal's power or less holds no noise at all, as in a synthetic signal: 90 dB.
SILENT = 1e-9
#: Rounds of weighting; the weights settle after three.
ROUNDS = 4


def cancel_crosstalk(own_uv: FloatArray, other_uv: FloatArray, rate_hz: float, rest: tuple[int, int]) -> FloatArray:
    """Subtract the neighbour's leak from a channel.

    Parameters
    ----------
    own_uv, other_uv : shape (n_samples,), band-passed microvolts
        The channel to be cleaned and its neighbour, row by row at the same time; NaN = lost.
    rate_hz
        Their sampling rate.
    rest
        Rows `(start, stop)` in which both muscles are quiet: what they have in common there (mains, heart) is no leak.

    Returns
    -------
    shape (n_samples,)
        The cleaned channel; unchanged where the neighbour is lost.
    """
    step = max(round(TAP_S * rate_hz), 1)
    quiet = slice(rest[0] // step, max(rest[1] // step, rest[0] // step + 2))
    n_local = max(round(LOCAL_S * rate_hz / step), 1)
    whitening = _whitening(own_uv[::step][quiet])
    target, source = (_whiten(x[::step], whitening) for x in (own_uv, other_uv))
    inputs = _delayed_copies(source, 1)
    floor = max(float(np.mean(target[quiet] ** 2)), SILENT * float(np.mean(target * target)), 1e-300)
    other_power = _local_mean(source * source, n_local)
    loud = other_power > LOUD * float(np.mean(source[quiet] ** 2))
    usable = loud & ~np.isnan(own_uv[::step]) & ~np.isnan(other_uv[::step])
    if not usable.any():
        return own_uv.copy()
    # Only where the neighbour is loud does anything count, with what the local power there is averaged over.
    counting = np.flatnonzero(usable)
    span = slice(max(int(counting[0]) - n_local, 0), int(counting[-1]) + n_local + 1)
    target, inputs, usable = target[span], np.ascontiguousarray(inputs[:, span]), usable[span]
    taps: FloatArray = np.zeros(len(inputs))
    with np.errstate(over="ignore"):  # sums at the edge of all numbers, which `solve_ridge` leaves unexplained
        for _ in range(ROUNDS):
            residual = target - taps @ inputs
            weighted = inputs * (usable / np.maximum(_local_mean(residual * residual, n_local), floor))
            taps = solve_ridge(_products(weighted, inputs), weighted @ target, TAP_SD)
    return np.asarray(own_uv - taps @ _delayed_copies(np.nan_to_num(other_uv, nan=0.0), step))


def resample_onto(
    other_uv: FloatArray, other_rate_hz: float, other_offset_s: float, rate_hz: float, offset_s: float, n_samples: int
) -> FloatArray:
    """Bring a neighbour of another sensor to this channel's sample times.

    Parameters
    ----------
    other_uv : shape (n_other,), band-passed microvolts
    other_rate_hz, other_offset_s
        Its rate and the time of its row 0.
    rate_hz, offset_s, n_samples
        Rate, time of row 0 and length of this channel.

    Returns
    -------
    shape (n_samples,)
        NaN where the neighbour is lost or was not recorded.

    Notes
    -----
    Source: cubic spline; at 1 kHz its error is below 5 % up to 200 Hz, where a leak has its power.
    """
    from scipy.interpolate import CubicSpline

    position = (offset_s + np.arange(n_samples) / rate_hz - other_offset_s) * other_rate_hz
    lost = np.isnan(other_uv)
    spline = CubicSpline(np.arange(len(other_uv)), np.where(lost, 0.0, other_uv))
    inside = (position >= 0) & (position <= len(other_uv) - 1)
    nearest = np.clip(np.rint(position), 0, len(other_uv) - 1).astype(np.int64)
    return np.where(inside & ~lost[nearest], spline(np.clip(position, 0, len(other_uv) - 1)), np.nan)


def _whitening(quiet: FloatArray) -> FloatArray:
    """Prediction error filter of a rest, so that mains and heart do not outweigh the leak; shape (n_taps,)."""
    order = min(MAX_ORDER, len(quiet) // 20)
    covariance = autocovariance(quiet, order)
    covariance[0] = covariance[0] * 1.0001 + 1e-300
    return np.asarray(levinson(covariance[np.newaxis])[0][0])


def _whiten(x: FloatArray, prediction: FloatArray) -> FloatArray:
    """Filter with lost samples as silence."""
    from scipy.signal import lfilter

    return np.asarray(lfilter(prediction, [1.0], np.nan_to_num(x, nan=0.0)))


def _local_mean(power: FloatArray, n: int) -> FloatArray:
    """Average around each row, shape (n_samples,)."""
    return np.convolve(power, np.full(n, 1.0 / n), mode="same")


def _delayed_copies(x: FloatArray, step: int) -> FloatArray:
    """Stack the signal delayed by each tap, shape (n_taps, n_samples)."""
    out = np.zeros((TAPS_BEFORE + TAPS_AFTER + 1, len(x)))
    for row, tap in enumerate(range(-TAPS_BEFORE, TAPS_AFTER + 1)):
        shift = tap * step
        if shift >= 0:
            out[row, shift:] = x[: len(x) - shift]
        else:
            out[row, :shift] = x[-shift:]
    return out


def _products(a: FloatArray, b: FloatArray) -> FloatArray:
    """Sum of a_i b_j over samples, in pieces that stay on one thread (`whitening.SINGLE_THREAD_PRODUCT`)."""
    total = np.zeros((len(a), len(b)))
    for start in range(0, a.shape[1], 2000):
        total += a[:, start : start + 2000] @ b[:, start : start + 2000].T
    return total
