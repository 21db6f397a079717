"""Tell heartbeats from bursts by what no muscle can do: repeat the same waveform beat after beat.

A QRS complex in surface EMG looks the same every time; two bursts of EMG never correlate. An alarm whose waveform
agrees with those of several others nearby is a heartbeat. It refuses nothing by rate or regularity: a slow, irregular
heart is a heart.
Source: template matching as used to remove ECG from EMG (a common practice; Drake & Callaghan 2006 compare methods).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .blocks import FloatArray

#: Waveform compared: from before to after the alarm, seconds; a QRS complex behind the band-pass fits in.
BEFORE_S, AFTER_S = 0.06, 0.10
#: Smoothing that leaves what a QRS complex is made of (below 40 Hz), seconds.
SMOOTH_S = 0.012
#: Two waveforms may be shifted against each other by this much, seconds: an alarm comes within a bin or three.
SHIFT_S = 0.04
#: Correlation from which two are the same. Smoothed EMG stays below 0.8 in 99 % of pairs, heartbeats reach 0.9.
SAME = 0.85
#: Others that must agree, among so many neighbours on either side.
AGREEING, NEIGHBOURS = 3, 12


def find_heartbeats(filtered_uv: FloatArray, rate_hz: float, alarms: list[int]) -> NDArray[np.bool_]:
    """Say of each alarm whether it was a heartbeat.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), band-passed microvolts
    rate_hz
        Sampling rate.
    alarms
        Rows at which alarms were given, ascending.

    Returns
    -------
    shape (n_alarms,)
    """
    n_smooth = max(round(SMOOTH_S * rate_hz), 1)
    smooth = np.convolve(np.nan_to_num(filtered_uv, nan=0.0), np.full(n_smooth, 1.0 / n_smooth), mode="same")
    before, after, shift = (round(seconds * rate_hz) for seconds in (BEFORE_S, AFTER_S, SHIFT_S))
    padded = np.concatenate([np.zeros(before + shift), smooth, np.zeros(after + shift)])
    agreeing = np.zeros(len(alarms), dtype=np.int64)
    for i, alarm in enumerate(alarms):
        template = _unit(padded[alarm + shift : alarm + shift + before + after])
        for j in range(i + 1, min(i + 1 + NEIGHBOURS, len(alarms))):
            place = padded[alarms[j] : alarms[j] + before + after + 2 * shift]
            if _best_correlation(template, place) > SAME:
                agreeing[i] += 1
                agreeing[j] += 1
    return agreeing >= AGREEING


def _unit(x: FloatArray) -> FloatArray:
    """Scale to unit length; silence stays silence."""
    length = float(np.sqrt(x @ x))
    return x / length if length > 0.0 else x


def _best_correlation(template: FloatArray, place: FloatArray) -> float:
    """Return the largest normalised correlation of a unit template along a place."""
    windows = sliding_window_view(place, len(template))
    lengths = np.sqrt(np.einsum("ij,ij->i", windows, windows))
    return float(np.max(windows @ template / np.maximum(lengths, 1e-300)))
