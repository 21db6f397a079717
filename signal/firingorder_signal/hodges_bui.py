"""The reference onset: the computer-based rule of Hodges & Bui 1996, as published.

Rectified EMG, low-passed at 50 Hz; the threshold is mean + 3 SD of *that same* quantity at rest; the onset is the
first sample after which it stays above for 25 ms. It has no interval and its bias grows with the rise time and with
falling SNR, which is why it stands beside the product's own estimate and never in its place.
Source: Hodges PW, Bui BH, Electroencephalogr Clin Neurophysiol 1996;101:511-519.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfiltfilt

from .blocks import FloatArray


@dataclass(frozen=True)
class HodgesBuiParams:
    """The published rule's three numbers (50 Hz, 3 SD, 25 ms: one of the combinations the paper recommends)."""

    low_pass_hz: float = 50.0
    n_sd: float = 3.0
    hold_s: float = 0.025


@lru_cache(maxsize=32)
def _low_pass(rate_hz: float, low_pass_hz: float) -> tuple[float, ...]:
    """Second-order Butterworth sections, flat; designing them takes longer than using them."""
    sos: FloatArray = np.asarray(butter(2, min(low_pass_hz, 0.45 * rate_hz), "lowpass", fs=rate_hz, output="sos"))
    return tuple(float(value) for value in sos.ravel())


def envelope(emg_uv: FloatArray, rate_hz: float, low_pass_hz: float = 50.0) -> FloatArray:
    """Rectify and low-pass without delay (second order, forwards and backwards); NaN counts as silence."""
    sos = np.array(_low_pass(rate_hz, low_pass_hz)).reshape(-1, 6)
    rectified = np.abs(np.nan_to_num(emg_uv, nan=0.0))
    return np.asarray(sosfiltfilt(sos, rectified, padlen=min(len(rectified) - 1, round(0.05 * rate_hz))))


def find_hodges_bui(
    emg_uv: FloatArray,
    rate_hz: float,
    rest: tuple[int, int],
    search: tuple[int, int],
    params: HodgesBuiParams = HodgesBuiParams(),
) -> int | None:
    """Return the row of the reference onset, or None.

    Parameters
    ----------
    emg_uv : shape (n_samples,), band-passed microvolts
    rest, search
        Row ranges `(start, stop)` of the quiet stretch and of where the onset is sought.

    Notes
    -----
    Source: Hodges & Bui 1996. The paper's smoothing is digital and without phase shift, hence forwards-backwards here.
    """
    smooth = envelope(emg_uv, rate_hz, params.low_pass_hz)
    quiet = smooth[slice(*rest)][~np.isnan(emg_uv[slice(*rest)])]
    if len(quiet) < 2:
        return None
    above = smooth[slice(*search)] > quiet.mean() + params.n_sd * quiet.std(ddof=1)
    hold = max(round(params.hold_s * rate_hz), 1)
    if len(above) < hold:
        return None
    count = np.cumsum(np.concatenate([[0], above]))
    held = np.flatnonzero(count[hold:] - count[:-hold] == hold)
    return search[0] + int(held[0]) if len(held) else None
