"""How strong a burst is: the level that SNRs are told by."""

import numpy as np

from .blocks import FloatArray

#: The level of a burst is its strongest stretch of this length within this time of the onset, seconds (J: 100 ms of EMG
#: tell it to 1 dB, and half a second holds the plateau of the slowest rise).
ACTIVE_S, ACTIVE_WITHIN_S = 0.1, 0.5


def strongest_uv(filtered_uv: FloatArray, rate_hz: float) -> float:
    """RMS of the strongest `ACTIVE_S` of a stretch, microvolts; 0 where nothing is known.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), band-passed
        NaN = a lost sample, which does not count.
    rate_hz
        Its sampling rate.
    """
    n = min(max(round(ACTIVE_S * rate_hz), 1), len(filtered_uv))
    known = np.concatenate([[0], np.cumsum(~np.isnan(filtered_uv))])
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(filtered_uv * filtered_uv, nan=0.0))])
    return float(np.sqrt(np.max((total[n:] - total[:-n]) / np.maximum(known[n:] - known[:-n], 1))))


def snr_db_of(active_uv: float, rest_uv: float) -> float:
    """20 log10 of RMS active over RMS at rest, told as if neither were below a picovolt."""
    return 20.0 * float(np.log10(max(active_uv, 1e-12) / max(rest_uv, 1e-12)))
