"""What a careful user does before calling a detector: zero-phase band-pass, and a notch where the rest shows a line.

Peers get every advantage: the filters are without delay, the notch sits on the line that was measured, and the lower
corner of the band is one of the tuned parameters.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, iirnotch, sosfiltfilt, tf2sos

FloatArray = NDArray[np.float64]

#: Upper corner, Hz; SENIAM's 20-450 Hz is the band our own detector uses.
HIGH_HZ = 450.0
#: A line counts when its spectral bin has this many times the median power of the bins around it.
LINE_FACTOR = 10.0
MAINS_HZ = (50.0, 60.0)


@lru_cache(maxsize=64)
def _sections(kind: str, rate_hz: float, low_hz: float, high_hz: float) -> tuple[float, ...]:
    """Second-order sections of one filter, flat; designing takes longer than filtering."""
    if kind == "band":
        sos = np.asarray(butter(2, (low_hz, min(high_hz, 0.45 * rate_hz)), "bandpass", fs=rate_hz, output="sos"))
    else:
        sos = np.asarray(tf2sos(*iirnotch(low_hz, 30.0, fs=rate_hz)))
    return tuple(float(value) for value in sos.ravel())


def _filter(x: FloatArray, kind: str, rate_hz: float, low_hz: float, high_hz: float = 0.0) -> FloatArray:
    """Filter forwards and backwards."""
    sos = np.array(_sections(kind, rate_hz, low_hz, high_hz)).reshape(-1, 6)
    return np.asarray(sosfiltfilt(sos, x), dtype=np.float64)


def prepare(raw_uv: FloatArray, rest: tuple[int, int], rate_hz: float, low_hz: float) -> FloatArray:
    """Band-pass a channel from `low_hz` on and take out mains and third harmonic where the rest shows the line."""
    x = _filter(raw_uv, "band", rate_hz, low_hz, HIGH_HZ)
    for mains_hz in MAINS_HZ:
        for line_hz in (mains_hz, 3 * mains_hz):
            if line_hz > low_hz and has_line(x[slice(*rest)], rate_hz, line_hz):
                x = _filter(x, "notch", rate_hz, line_hz)
    return x


def has_line(rest_uv: FloatArray, rate_hz: float, line_hz: float) -> bool:
    """Say whether a line stands out of the spectrum of the rest."""
    spectrum = np.abs(np.fft.rfft(rest_uv * np.hanning(len(rest_uv)))) ** 2
    frequency = np.fft.rfftfreq(len(rest_uv), 1 / rate_hz)
    near = np.abs(frequency - line_hz) < 1.0
    around = (np.abs(frequency - line_hz) < 8.0) & ~near
    return bool(near.any() and around.any() and spectrum[near].max() > LINE_FACTOR * np.median(spectrum[around]))
