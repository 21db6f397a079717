"""Whether what raised an alarm is the channel's own, or what it hears of a louder neighbour.

A neighbour's burst reaches an electrode at 5-15 % of its amplitude, smoothed and up to 2 ms later. Above 15 dB that is
louder than rest and would call the muscle active before it is. A short filter from the louder channels, its taps held
small so that two muscles that merely start together explain nothing of each other, is fitted to the newest rows; what
it leaves must raise the alarm by itself.
Source: ridge regression (`ridge.py`); leak after Farina et al. 2004, as in `crosstalk.py`.
"""

import numpy as np

from .blocks import FloatArray
from .crosstalk import TAP_S, TAPS_AFTER, TAPS_BEFORE
from .ridge import solve_ridge

#: A channel leaks into another only if it is this many times as strong there: a leak of 30 % is -10 dB.
LOUDER = 10.0
#: Prior standard deviation of a tap: a leak of up to 15 % spread over a few (alarms come alike from 0.03 to 0.1).
TAP_SD = 0.05
#: What the filter is fitted to, seconds: several times its taps; 0.1 s finds no more.
FIT_S = 0.06
#: Rounds: the first takes all for leak, the second knows how much is left.
ROUNDS = 2


def take_leak_out(rows: FloatArray, channel: int, whitening: FloatArray, rate_hz: float) -> FloatArray | None:
    """Subtract from a channel what louder channels explain of it.

    Parameters
    ----------
    rows : shape (n_channels, n_rows)
        Newest rows of all channels, band-passed.
    channel
        The one that is asked about.
    whitening : shape (order + 1,)
        Prediction error filter of its rest, scaled so that a residual's square is in half variances.

    Returns
    -------
    shape (n_rows,) or None
        The channel without the leak; None where no other channel is loud enough to leak, or a sample is lost.
    """
    power = (rows * rows).mean(axis=1)
    others = np.flatnonzero(power > LOUDER * power[channel])
    if not len(others) or np.isnan(power[channel]):
        return None
    step = max(round(TAP_S * rate_hz), 1)
    copies = np.concatenate([_delayed(rows[other], step) for other in others])
    target, inputs = filtered(rows[channel], whitening), filtered(copies, whitening)
    left, taps = target, np.zeros(len(copies))
    for _ in range(ROUNDS):
        variance = max(float(np.mean(left * left)), 0.5)
        taps = solve_ridge(inputs @ inputs.T / variance, inputs @ target / variance, TAP_SD)
        left = np.asarray(target - taps @ inputs)
    return np.asarray(rows[channel] - taps @ copies)


def _delayed(row: FloatArray, step: int) -> FloatArray:
    """Stack a row with its neighbours in time, shape (n_taps, n_rows); zeros beyond its ends."""
    out = np.zeros((TAPS_BEFORE + 1 + TAPS_AFTER, len(row)))
    for position, lag in enumerate(range(-TAPS_BEFORE, TAPS_AFTER + 1)):
        shift = lag * step
        if abs(shift) >= len(row):
            # Of a few samples a second the newest rows are fewer than the taps.
            continue
        if shift >= 0:
            out[position, shift:] = row[: len(row) - shift]
        else:
            out[position, :shift] = row[-shift:]
    return out


def filtered(rows: FloatArray, taps: FloatArray) -> FloatArray:
    """Filter along the last axis; only where the whole memory is known, `len(taps) - 1` rows fewer."""
    from scipy.signal import lfilter

    return np.asarray(lfilter(taps, (1.0,), rows, axis=-1)[..., len(taps) - 1 :])
