"""The causal band-pass every EMG channel goes through first, with carried state and a known delay.

Zero-phase filtering is refused: it cannot be done live, and it smears a burst backwards over the very onset that is
sought. A lost sample is bridged by the last good one, so that the state survives a gap, and stays NaN in the output.

In this package `scipy` is imported where it is used: loading `scipy.signal` takes half of the time to a first window
(1.0 of 2.2 s of processor time on a busy machine), and a window that leaves the analysis to others never needs it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .blocks import FloatArray
from .stage import Stage

#: Below this the EMG band is cut to an envelope, and nothing is said of an onset (the rate gates are in `rules.py`).
USABLE_RATE_HZ = 200.0
#: Slowest and fastest rate a stage runs at, Hz: an envelope, and ten times what any surface electrode system samples.
RATE_LIMITS_HZ = (1.0, 100_000.0)
#: Where the rate is too low for the band, the lower corner is this share of it: a stage must run at any rate.
LOW_SHARE = 0.2
#: Order of the Butterworth high-pass, and of the low-pass; `BandDesign.sos` says why.
ORDER = 4


def check_rate(rate_hz: float) -> None:
    """Raise ValueError unless the rate is one that can be meant for a signal of a muscle."""
    if not (RATE_LIMITS_HZ[0] <= rate_hz <= RATE_LIMITS_HZ[1]):
        low, high = RATE_LIMITS_HZ
        raise ValueError(f"rate_hz must be between {low:g} and {high:g}; got {rate_hz!r}. Pass the sampling rate in Hz")


def emg_power_spectrum(frequency_hz: FloatArray, low_hz: float = 60.0, high_hz: float = 120.0) -> FloatArray:
    """Power of surface EMG over frequency, any scale.

    Source: Stulen & De Luca 1981, in the form of Farina & Merletti 2000 (f_low 60 Hz, f_high 120 Hz).
    """
    f2 = frequency_hz**2
    return np.asarray(high_hz**4 * f2 / ((f2 + low_hz**2) * (f2 + high_hz**2) ** 2))


@lru_cache(maxsize=32)
def _sections(rate_hz: float, low_hz: float, high_hz: float) -> tuple[float, ...]:
    """Second-order sections, flat; designing them takes as long as filtering ten seconds."""
    from scipy.signal import butter

    high_pass = butter(ORDER, low_hz, "highpass", fs=rate_hz, output="sos")
    low_pass = butter(ORDER, high_hz, "lowpass", fs=rate_hz, output="sos")
    sections: FloatArray = np.asarray(np.concatenate([high_pass, low_pass]), dtype=np.float64)
    return tuple(float(value) for value in sections.ravel())


@dataclass(frozen=True)
class BandDesign:
    """The band-pass of one rate: Butterworth high-pass and low-pass, second-order sections.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz.
    band_hz
        Corners, Hz; the upper one is lowered to 0.45 of the rate, the lower one to 0.2 of it. Default 20-450 Hz: De
        Luca 2010 and SENIAM.
    """

    rate_hz: float
    band_hz: tuple[float, float] = (20.0, 450.0)

    def __post_init__(self) -> None:
        """Refuse a rate that cannot be meant."""
        check_rate(self.rate_hz)

    @property
    def low_hz(self) -> float:
        """Lower corner in force."""
        return min(self.band_hz[0], LOW_SHARE * self.rate_hz)

    @property
    def high_hz(self) -> float:
        """Upper corner in force."""
        return min(self.band_hz[1], 0.45 * self.rate_hz)

    @property
    def sos(self) -> FloatArray:
        """Second-order sections: two of high-pass, two of low-pass.

        Fourth order on each side: the high-pass must take a 1-9 Hz swing 20 times the noise down to below it, the
        low-pass allows the onset to be worked out at half of 2 kHz.
        """
        return np.array(_sections(self.rate_hz, self.low_hz, self.high_hz)).reshape(-1, 6)

    def gain(self, frequency_hz: FloatArray) -> FloatArray:
        """Magnitude of the response at frequencies in Hz."""
        from scipy.signal import sosfreqz

        return np.abs(np.asarray(sosfreqz(self.sos, frequency_hz, fs=self.rate_hz)[1]))

    @property
    def delay_s(self) -> float:
        """Group delay averaged over the EMG spectrum: how much later a burst begins behind the filter, seconds."""
        from scipy.signal import group_delay

        f = np.linspace(self.low_hz, 0.98 * self.high_hz, 400)
        weight = emg_power_spectrum(f) * self.gain(f) ** 2
        delay = np.zeros_like(f)
        for section in self.sos:
            delay += np.asarray(group_delay((section[:3], section[3:]), f, fs=self.rate_hz)[1])
        return float(np.sum(weight * delay) / np.sum(weight) / self.rate_hz)


class CausalBand(Stage[[FloatArray], FloatArray]):
    """The band-pass of one stream, all channels at once, with carried state.

    Parameters
    ----------
    design
        Corners and rate.
    n_channels
        Columns.

    Notes
    -----
    The first good sample of each channel is taken as its zero, so that an electrode offset makes no transient.
    """

    def __init__(self, design: BandDesign, n_channels: int) -> None:
        self._design = design
        self._n_channels = n_channels
        self._sos = design.sos
        self.reset()

    @property
    def delay_s(self) -> float:
        """Group delay for EMG, seconds."""
        return self._design.delay_s

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._state = np.zeros((len(self._sos), 2, self._n_channels))
        self._zero: FloatArray = np.full(self._n_channels, np.nan)
        self._started = False  # whether every channel has its zero
        self._held: FloatArray = np.full(self._n_channels, np.nan)
        return self

    def update(self, values_uv: FloatArray) -> FloatArray:
        """Filter the next samples, shape (n_samples, n_channels); NaN rows stay NaN, the state goes on."""
        from scipy.signal import sosfilt

        if len(values_uv) == 0:
            return values_uv.copy()
        lost = np.isnan(values_uv)
        has_lost = bool(lost.any())
        bridged = self._bridge(values_uv, lost) if has_lost else values_uv
        if not self._started:
            self._set_zero(bridged)
        x = bridged - self._zero
        if not self._started:  # rows before a channel's first good sample
            x = np.nan_to_num(x, nan=0.0)
        self._started = self._started or not np.isnan(self._zero).any()
        self._held = bridged[-1].copy()
        y, self._state = sosfilt(self._sos, x, axis=0, zi=self._state)
        filtered: FloatArray = np.asarray(y, dtype=np.float64)
        if has_lost:
            filtered[lost] = np.nan
        return filtered

    def _bridge(self, values_uv: FloatArray, lost: NDArray[np.bool_]) -> FloatArray:
        """Repeat the last good sample over lost ones."""
        padded = np.concatenate([self._held[np.newaxis], values_uv])
        rows = np.arange(len(padded))[:, np.newaxis]
        good = np.concatenate([np.ones((1, lost.shape[1]), dtype=bool), ~lost])
        newest = np.maximum.accumulate(np.where(good, rows, 0), axis=0)
        return np.asarray(np.take_along_axis(padded, newest, axis=0)[1:])

    def _set_zero(self, bridged: FloatArray) -> None:
        """Take each channel's first good sample as its zero."""
        for channel in np.flatnonzero(np.isnan(self._zero)):
            good = np.flatnonzero(~np.isnan(bridged[:, channel]))
            if len(good):
                self._zero[channel] = bridged[good[0], channel]
