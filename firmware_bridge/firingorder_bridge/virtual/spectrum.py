"""Noises with the right colour, sample after sample: shaped EMG noise, and the noise of a sensor.

EMG: the power spectrum of Stulen & De Luca 1981 (IEEE Trans. Biomed. Eng. 28:515), used for onset studies by Farina &
Merletti 2000: P(f) ~ f² / ((f² + fl²)(f² + fh²)²). It is the squared gain of s / ((s + wl)(s + wh)²), so that a small
recursive filter makes it and goes on from block to block (bilinear: 0.5 dB low at 400 Hz on a grid of 4 kHz, 2 dB low
at 2 kHz).
"""

import numpy as np
from scipy import signal

from firingorder_signal.blocks import FloatArray

from .settings import EMG_BAND_HZ

# Corner frequencies of the shaping filter for a large superficial muscle (Farina & Merletti 2000).
LOW_CORNER_HZ = 60.0
HIGH_CORNER_HZ = 120.0
# Pink noise by three poles (Smith, Spectral Audio Signal Processing, "Example: synthesis of 1/f noise").
PINK_B = (0.049922035, -0.095993537, 0.050612699, -0.004408786)
PINK_A = (1.0, -2.494956002, 2.017265875, -0.522189400)
# Shares of the sensor noise power in the EMG band.
WHITE_SHARE = 0.85


def band_gain(b: FloatArray, a: FloatArray, rate_hz: float) -> float:
    """RMS in the EMG band of unit white noise sent through `b`/`a`."""
    freq_hz = np.linspace(EMG_BAND_HZ[0], min(EMG_BAND_HZ[1], 0.5 * rate_hz), 2048)
    _, gain = signal.freqz(b, a, worN=freq_hz, fs=rate_hz)
    return float(np.sqrt(np.trapezoid(np.abs(gain) ** 2, freq_hz) * 2.0 / rate_hz))


class ColouredNoise:
    """Gaussian noise through a recursive filter, unit RMS in 20-450 Hz."""

    def __init__(self, rng: np.random.Generator, b: FloatArray, a: FloatArray, rate_hz: float) -> None:
        self._rng = rng
        self._b = b / band_gain(b, a, rate_hz)
        self._a = a
        self._zi = np.zeros(max(len(a), len(b)) - 1)

    def take(self, n: int) -> FloatArray:
        """Give the next `n` samples, shape (n,)."""
        white = self._rng.standard_normal(n)
        values, self._zi = signal.lfilter(self._b, self._a, white, zi=self._zi)
        return values


def emg_noise(rng: np.random.Generator, rate_hz: float) -> ColouredNoise:
    """Make the interference pattern of a steady contraction, unit RMS in 20-450 Hz."""
    low, high = 2 * np.pi * LOW_CORNER_HZ, 2 * np.pi * HIGH_CORNER_HZ
    b, a = signal.bilinear([1.0, 0.0], np.polymul([1.0, low], np.polymul([1.0, high], [1.0, high])), fs=rate_hz)
    return ColouredNoise(rng, np.asarray(b, dtype=float), np.asarray(a, dtype=float), rate_hz)


class SensorNoise:
    """Noise of amplifier and electrode: 85 % white, 15 % pink power, unit RMS in 20-450 Hz."""

    def __init__(self, white: np.random.Generator, pink: np.random.Generator, rate_hz: float) -> None:
        self._white = ColouredNoise(white, np.ones(1), np.ones(1), rate_hz)
        self._pink = ColouredNoise(pink, np.asarray(PINK_B), np.asarray(PINK_A), rate_hz)

    def take(self, n: int) -> FloatArray:
        """Give the next `n` samples, shape (n,)."""
        mixed = np.sqrt(WHITE_SHARE) * self._white.take(n) + np.sqrt(1 - WHITE_SHARE) * self._pink.take(n)
        return np.asarray(mixed, dtype=float)
