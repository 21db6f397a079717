"""EMG as a sum of motor unit action potentials.

Recruitment and rate coding of Fuglevand, Winter & Patla 1993 (J. Neurophysiol. 70:2470): exponentially spread
thresholds, firing rates rising linearly with excitation above the threshold, interval variation 20 %. Each unit's
potential is a Hermite-Rodriguez shape cut to a finite length, so that "the start of the first action potential", the
truth here, is a definite moment.
"""

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from .activation import FALL_S, rise
from .settings import EMG_BAND_HZ, RiseShape

IndexArray = NDArray[np.int64]

N_UNITS = 80
# Excitation of the plateau recruits this many of the units.
N_RECRUITED = 60
# Fuglevand 1993: range of recruitment thresholds, minimum and peak rates, variation of intervals.
THRESHOLD_RANGE = 30.0
MIN_RATE_HZ = 8.0
PEAK_RATE_HZ = (35.0, 25.0)
RATE_GAIN_HZ = 1.0
INTERVAL_CV = 0.2
# Range of amplitudes over the pool (Fuglevand 1993: 100-fold in force; potentials spread less).
AMPLITUDE_RANGE = 30.0
# Lengths of surface action potentials, seconds (Merletti & Farina 2016, chapter 2: 8-15 ms).
LENGTH_S = (0.008, 0.015)
# Excitation is followed on this grid.
GRID_HZ = 1000.0


class MotorUnitPool:
    """A pool of motor units under one pair of electrodes; its plateau has unit RMS in 20-450 Hz."""

    def __init__(self, rng: np.random.Generator, rate_hz: float) -> None:
        order = np.arange(1, N_UNITS + 1) / N_UNITS
        self._rate_hz = rate_hz
        self._thresholds = THRESHOLD_RANGE**order
        self._plateau = float(self._thresholds[N_RECRUITED - 1])
        self._peaks_hz = np.linspace(PEAK_RATE_HZ[0], PEAK_RATE_HZ[1], N_UNITS)
        self._lengths_s = rng.uniform(LENGTH_S[0], LENGTH_S[1], N_UNITS)
        # The second shape parameter mixes a triphasic part in; polarity depends on where the endplates lie.
        self._mixes = rng.uniform(-0.5, 0.5, N_UNITS)
        amplitudes = AMPLITUDE_RANGE**order * rng.choice([-1.0, 1.0], N_UNITS) * rng.uniform(0.7, 1.3, N_UNITS)
        self._amplitudes = amplitudes / self._plateau_rms(amplitudes)

    def _plateau_rms(self, amplitudes: FloatArray) -> float:
        """RMS of the plateau in 20-450 Hz by Campbell's theorem: rate times the energy of each potential."""
        n_fft = 4096
        t_s = np.arange(n_fft) / self._rate_hz
        shapes = self._potential(np.tile(t_s, (N_UNITS, 1)), np.arange(N_UNITS), amplitudes)
        spectra = np.abs(np.fft.rfft(shapes, axis=1) / self._rate_hz) ** 2
        freq_hz = np.fft.rfftfreq(n_fft, 1 / self._rate_hz)
        inside = (freq_hz >= EMG_BAND_HZ[0]) & (freq_hz <= EMG_BAND_HZ[1])
        energies = 2.0 * spectra[:, inside].sum(axis=1) * freq_hz[1]
        rates_hz = self._rates(np.array([self._plateau]))[:, 0]
        return float(np.sqrt(np.sum(rates_hz * energies)))

    def _potential(self, age_s: FloatArray, units: IndexArray, amplitudes: FloatArray) -> FloatArray:
        """Give the potentials of `units`, one a row, `age_s` after their starts; 0 before and after."""
        length_s = self._lengths_s[units][:, None]
        x = (age_s / length_s - 0.5) * 6.0
        window = np.where(np.abs(x) < 3.0, np.cos(np.pi * x / 6.0) ** 2, 0.0)
        shape = (x + self._mixes[units][:, None] * (x * x - 1.0)) * np.exp(-0.5 * x * x)
        return np.asarray(amplitudes[units][:, None] * shape * window)

    def _rates(self, excitation: FloatArray) -> FloatArray:
        """Give the firing rates, shape (N_UNITS, n): 0 below the threshold."""
        above = excitation[None, :] - self._thresholds[:, None]
        rates_hz = np.minimum(MIN_RATE_HZ + RATE_GAIN_HZ * above, self._peaks_hz[:, None])
        return np.where(above >= 0.0, rates_hz, 0.0)

    def spikes(
        self, rng: np.random.Generator, plateau_end_s: float, rise_s: float, shape: RiseShape
    ) -> tuple[FloatArray, IndexArray]:
        """Draw the spikes of one burst: times from the first one on, seconds, and the unit of each."""
        t_s = np.arange(0.0, plateau_end_s + FALL_S, 1 / GRID_HZ)
        drive = rise(t_s / rise_s, shape) * (1.0 - rise((t_s - plateau_end_s) / FALL_S, RiseShape.COSINE))
        counts = np.cumsum(self._rates(self._plateau * drive), axis=1) / GRID_HZ
        most = int(counts[:, -1].max()) + 12
        intervals = np.clip(rng.normal(1.0, INTERVAL_CV, (N_UNITS, most)), 0.3, 1.7)
        # A random phase per unit makes the pool stationary: nobody fires in step at recruitment.
        fired = np.cumsum(intervals, axis=1) - intervals[:, :1] * rng.uniform(0.0, 1.0, (N_UNITS, 1))
        before_end = fired < counts[:, -1:]
        times_s: list[FloatArray] = [
            np.asarray(np.interp(fired[unit, before_end[unit]], counts[unit], t_s), dtype=np.float64)
            for unit in range(N_UNITS)
        ]
        units = np.repeat(np.arange(N_UNITS), before_end.sum(axis=1))
        all_s = np.concatenate(times_s)
        return all_s - all_s.min(initial=np.inf), units

    def burst(
        self, rng: np.random.Generator, start: float, plateau_end_s: float, rise_s: float, shape: RiseShape
    ) -> tuple[int, FloatArray]:
        """Render a burst whose first action potential starts at the fractional sample `start`.

        Returns
        -------
        tuple
            Index of the first sample, and the samples, shape (n,), unit plateau RMS.
        """
        times_s, units = self.spikes(rng, plateau_end_s, rise_s, shape)
        first = int(np.ceil(start))
        positions = start + times_s * self._rate_hz
        width = int(np.ceil(LENGTH_S[1] * self._rate_hz)) + 1
        columns = np.ceil(positions).astype(np.int64)[:, None] + np.arange(width)
        values = self._potential((columns - positions[:, None]) / self._rate_hz, units, self._amplitudes)
        samples = np.bincount((columns - first).ravel(), weights=values.ravel())
        return first, np.asarray(samples, dtype=np.float64)
