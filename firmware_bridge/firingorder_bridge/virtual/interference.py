"""What electrodes pick up besides their muscle: mains, heart, movement of the cable; all functions of world time."""

import numpy as np

from firingorder_signal.blocks import FloatArray

from .chance import generator
from .plan import LiftPlan
from .settings import InterferenceParams
from .timeline import Timeline

# Share of the third harmonic in mains hum (amplitude; judgement), and how far the mains frequency may be off.
THIRD_HARMONIC = 0.3
MAINS_SPREAD_HZ = 0.05
# A resting heart (judgement): mean interval and its variation.
BEAT_S = 0.85
BEAT_CV = 0.04
# One beat as five bells, seconds from R, width, height over R (McSharry 2003, IEEE TBME 50:289, table 1).
BEAT_SHAPE = ((-0.2, 0.025, 0.1), (-0.035, 0.012, -0.12), (0.0, 0.011, 1.0), (0.035, 0.012, -0.25), (0.3, 0.05, 0.3))
BEAT_BEFORE_S = 0.3
BEAT_AFTER_S = 0.5
# Transients of a movement: how many a lift, their frequencies and lengths (evidence: 1-9 Hz, near the onset).
TRANSIENTS = 3
TRANSIENT_HZ = (1.0, 9.0)
TRANSIENT_SD_S = (0.05, 0.2)


class Mains:
    """Mains hum of unit RMS: fundamental and third harmonic, at a frequency of its own."""

    def __init__(self, nominal_hz: float, seed: int, site: str) -> None:
        # One grid for the whole building, one phase for each pair of electrodes.
        self._freq_hz = nominal_hz + generator(seed, "mains").uniform(-MAINS_SPREAD_HZ, MAINS_SPREAD_HZ)
        self._phases = generator(seed, "mains", site).uniform(0, 2 * np.pi, 2)

    def at(self, t_s: FloatArray) -> FloatArray:
        """Hum at world times, shape (n,)."""
        angle = 2 * np.pi * self._freq_hz * t_s
        hum = np.sin(angle + self._phases[0]) + THIRD_HARMONIC * np.sin(3 * angle + self._phases[1])
        return np.asarray(hum / np.sqrt(0.5 * (1 + THIRD_HARMONIC**2)))


class Heart:
    """The electrocardiogram with its R peak at 1; beats are drawn in order, as far as anybody has looked."""

    def __init__(self, seed: int) -> None:
        self._rng = generator(seed, "heart")
        self._beats_s = np.array([-float(self._rng.uniform(0, BEAT_S))])
        self._template_s = np.linspace(-BEAT_BEFORE_S, BEAT_AFTER_S, 1601)
        bells = [height * np.exp(-0.5 * ((self._template_s - at) / sd) ** 2) for at, sd, height in BEAT_SHAPE]
        self._template = np.asarray(np.sum(bells, axis=0), dtype=np.float64)

    def at(self, t_s: FloatArray) -> FloatArray:
        """Electrocardiogram at increasing world times, shape (n,)."""
        while self._beats_s[-1] < t_s[-1] + 2 * BEAT_S:
            gaps_s = BEAT_S * (1 + BEAT_CV * self._rng.standard_normal(64))
            self._beats_s = np.concatenate([self._beats_s, self._beats_s[-1] + np.cumsum(gaps_s)])
        near = np.searchsorted(self._beats_s - BEAT_BEFORE_S, t_s, side="right") - 1
        age_s = t_s - self._beats_s[np.maximum(near, 0)]
        return np.asarray(np.interp(age_s, self._template_s, self._template, left=0.0, right=0.0), dtype=np.float64)


class Artefact:
    """Transients around the start of each lift, the largest with a peak of 1: cable and skin move."""

    def __init__(self, timeline: Timeline, seed: int, site: str) -> None:
        self._timeline = timeline
        self._seed = seed
        self._site = site

    def at(self, t_s: FloatArray) -> FloatArray:
        """Transients at world times, shape (n,)."""
        values = np.zeros(len(t_s))
        patient_s = self._timeline.patient_s(t_s)
        for lift in self._timeline.lifts:
            reach_s = 5 * TRANSIENT_SD_S[1]
            first, stop = np.searchsorted(patient_s, [lift.move_s - reach_s, lift.move_s + reach_s])
            if first < stop:
                values[first:stop] += self._transients(lift, patient_s[first:stop])
        return values

    def _transients(self, lift: LiftPlan, t_s: FloatArray) -> FloatArray:
        rng = generator(self._seed, "artefact", self._site, self._timeline.set_number, lift.number)
        values = np.zeros(len(t_s))
        for peak in (1.0, *rng.uniform(0.2, 0.7, TRANSIENTS - 1)):
            since_s = t_s - (lift.move_s + rng.uniform(-0.15, 0.15))
            bell = np.exp(-0.5 * (since_s / rng.uniform(*TRANSIENT_SD_S)) ** 2)
            values += peak * np.cos(2 * np.pi * rng.uniform(*TRANSIENT_HZ) * since_s) * bell * rng.choice([-1.0, 1.0])
        return values


class Interference:
    """All of it, for one pair of electrodes, as multiples of the sensor noise."""

    def __init__(self, params: InterferenceParams, heart: Heart, timeline: Timeline, seed: int, site: str) -> None:
        self._params = params
        self._heart = heart
        self._mains = Mains(params.mains_hz, seed, site)
        self._artefact = Artefact(timeline, seed, site)

    def at(self, t_s: FloatArray) -> FloatArray:
        """Interference at increasing world times, shape (n,), in units of the noise RMS."""
        total = np.zeros(len(t_s))
        if self._params.mains:
            total += self._params.mains * self._mains.at(t_s)
        if self._params.ecg:
            total += self._params.ecg * self._heart.at(t_s)
        if self._params.artefact:
            total += self._params.artefact * self._artefact.at(t_s)
        return total

    def hum(self, t_s: FloatArray) -> FloatArray:
        """Give the mains alone, unit RMS: what an open input shows."""
        return self._mains.at(t_s)
