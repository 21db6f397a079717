"""Signs of fatigue in a steady hold: how fast median frequency and amplitude change, with 95 % intervals.

Median frequency down with amplitude up is what fatigue looks like; both down means that the effort fell. Said only of a
hold that lasted 15 s and was steady, since both figures follow the force as well; else the reason is given with its
figure. There is no norm for glute max in submaximal holds of 20-30 s, and none is pretended. Source: De Luca 1997 and
common practice: windows of 1 s, half in common; slopes in percent of the intercept a second. The windows are tapered
(Hann), so that neighbours share almost nothing and the interval of a line may take them as independent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10, sqrt

import numpy as np

from .blocks import FloatArray, Site
from .lines import Line, fit_line
from .results import Reason, ReasonCode

#: Shortest hold of which a slope is told, seconds, and how unsteady its amplitude may be (clinical practice: 15-20 %).
HOLD_MIN_S, CV_MAX = 15.0, 0.20
#: Slower streams hold too little of the band to tell its middle (De Luca 1997: 20-450 Hz).
RATE_MIN_HZ = 1000.0
#: A muscle less than this above its rest does not hold: the spectrum would be the sensor's (as for an onset).
SNR_MIN_DB = 10.0
#: Windows that may be lost to missing samples.
LOST_MAX = 0.2


@dataclass(frozen=True)
class Spectrum:
    """One second of EMG: median frequency of the band, Hz, and RMS, µV."""

    median_hz: float
    rms_uv: float


@lru_cache(maxsize=8)
def _taper(n: int) -> FloatArray:
    """Return the squared-sum-one Hann taper of n samples."""
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(n) + 0.5) / n)
    return np.asarray(taper / np.sqrt(np.sum(taper**2)))


def spectrum_of(window_uv: FloatArray, rate_hz: float, band_hz: tuple[float, float]) -> Spectrum | None:
    """Return median frequency and RMS of a window; None where samples are lost or there is no power.

    Parameters
    ----------
    window_uv : shape (n_samples,), contiguous
        Band-passed.
    """
    if np.isnan(window_uv).any():
        return None
    tapered = window_uv * _taper(len(window_uv))
    # In turn, not pairwise: a sum must not depend on where the array lies.
    rms = sqrt(float(np.cumsum(tapered * tapered)[-1]))
    step_hz = rate_hz / len(window_uv)
    power = np.abs(np.fft.rfft(tapered)) ** 2
    first, last = int(np.ceil(band_hz[0] / step_hz)), int(band_hz[1] / step_hz)
    sums = np.cumsum(power[first : last + 1])
    if len(sums) == 0 or not float(sums[-1]) > 0.0:
        return None
    half = float(sums[-1]) / 2
    place = int(np.searchsorted(sums, half))
    before = float(sums[place - 1]) if place else 0.0
    within = (half - before) / (float(sums[place]) - before)
    return Spectrum((first + place - 0.5 + within) * step_hz, rms)


@dataclass(frozen=True)
class Slope:
    """How a figure changes: what it was at the start of the hold, and percent of that a second, 95 % interval."""

    at_start: float
    percent_s: float
    interval_percent_s: tuple[float, float]

    @property
    def direction(self) -> int:
        """1 where it surely rises, -1 where it surely falls, 0 where neither can be told."""
        low, high = self.interval_percent_s
        return 1 if low > 0.0 else -1 if high < 0.0 else 0


@dataclass(frozen=True)
class Fatigue:
    """What a hold shows, or why nothing is said; `cv` is told where there were windows to tell it from."""

    frequency: Slope | None = None
    amplitude: Slope | None = None
    reason: Reason | None = None
    cv: float | None = None


def judge_fatigue(
    time_s: Sequence[float],
    spectra: Sequence[Spectrum],
    hold_s: float,
    rate_hz: float,
    rest_uv: float | None,
    site: Site | None = None,
    n_windows: int | None = None,
) -> Fatigue:
    """Fit both slopes of one muscle in one hold.

    Parameters
    ----------
    time_s
        Middle of each window, seconds from the start of the hold.
    spectra
        The windows that are whole.
    hold_s
        How long was held.
    rest_uv
        RMS at rest; None = not known, and then not asked.
    n_windows
        How many windows there should be; None = as many as there are.
    """
    levels = np.array([spectrum.rms_uv for spectrum in spectra])
    cv = float(np.std(levels, ddof=1) / np.mean(levels)) if len(levels) > 1 and float(np.mean(levels)) > 0.0 else None
    reason = _find_reason(levels, cv, hold_s, rate_hz, rest_uv, site, n_windows or len(levels))
    if reason is not None:
        return Fatigue(reason=reason, cv=cv)
    t = np.array(time_s)
    frequency = _slope(fit_line(t, np.array([spectrum.median_hz for spectrum in spectra])))
    return Fatigue(frequency, _slope(fit_line(t, levels)), cv=cv)


def _find_reason(
    levels: FloatArray,
    cv: float | None,
    hold_s: float,
    rate_hz: float,
    rest_uv: float | None,
    site: Site | None,
    n_windows: int,
) -> Reason | None:
    """Say why nothing is said, the plainest first."""
    if hold_s < HOLD_MIN_S:
        return Reason(ReasonCode.HOLD_SHORT, hold_s, HOLD_MIN_S, "s", site)
    if rate_hz < RATE_MIN_HZ:
        return Reason(ReasonCode.RATE_NO_SPECTRUM, rate_hz, RATE_MIN_HZ, "Hz", site)
    lost = 1.0 - len(levels) / n_windows if n_windows else 1.0
    if lost > LOST_MAX or len(levels) < 4 or cv is None:
        return Reason(ReasonCode.SAMPLES_MISSING, lost, LOST_MAX, "share", site)
    if rest_uv is not None and rest_uv > 0.0:
        above_db = 20.0 * log10(float(np.mean(levels)) / rest_uv)
        if above_db < SNR_MIN_DB:
            return Reason(ReasonCode.HOLD_NEAR_REST, above_db, SNR_MIN_DB, "dB", site)
    return Reason(ReasonCode.HOLD_UNSTEADY, cv, CV_MAX, "share", site) if cv >= CV_MAX else None


def _slope(line: Line | None) -> Slope | None:
    """Tell a line in percent of its start; None where that is not above zero."""
    if line is None or line.intercept <= 0.0:
        return None
    ratio, (low, high) = line.relative
    return Slope(line.intercept, 100.0 * ratio, (100.0 * low, 100.0 * high))
