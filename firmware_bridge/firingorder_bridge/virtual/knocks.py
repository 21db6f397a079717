"""A blow on an electrode and its housing: what the EMG input and the accelerometer show of it, functions of time."""

from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray

from .chance import generator
from .faults import Fault

# How the input comes back: the coupling of an amplifier with a corner of 2.5-32 Hz, exp(-t / tau) (judgement).
DECAY_S = (0.005, 0.06)
# A sensor on skin rings at 20-60 Hz and is still after some periods (Ziegert & Lewis 1979, doi 10.1115/1.3426257).
RING_HZ = (20.0, 60.0)
RING_DECAY_S = (0.01, 0.03)
# A fingertip or a sleeve on a worn sensor (judgement; on a hand-held one it is 20-80 m/s²).
PEAK_M_S2 = (5.0, 40.0)
# Charge does not move at once.
RISE_S = 0.0005


@dataclass(frozen=True)
class Knock:
    """One blow at a patient time.

    Attributes
    ----------
    leap_uv
        How far the EMG input leaps, either way.
    decay_s
        Time constant with which it comes back.
    peak_m_s2
        The first swing of the accelerometer.
    direction : three components of length 1, in the case's axes
    """

    at_s: float
    leap_uv: float
    decay_s: float = 0.02
    peak_m_s2: float = 15.0
    ring_hz: float = 40.0
    ring_decay_s: float = 0.02
    direction: tuple[float, float, float] = (0.0, 0.0, 1.0)

    @classmethod
    def draw(cls, fault: Fault, seed: int) -> "Knock":
        """Make a fault's blow: the same for the EMG and the motion of one sensor."""
        rng = generator(seed, "knock", round(1000 * fault.start_s))
        leap_uv = fault.value * float(rng.choice([-1.0, 1.0]))
        decay_s, peak, ring_hz, ring_decay_s = (
            float(rng.uniform(*span)) for span in (DECAY_S, PEAK_M_S2, RING_HZ, RING_DECAY_S)
        )
        axis = rng.standard_normal(3)
        x, y, z = (axis / np.linalg.norm(axis)).tolist()
        return cls(fault.start_s, leap_uv, decay_s, peak, ring_hz, ring_decay_s, (x, y, z))

    def emg_uv(self, patient_s: FloatArray) -> FloatArray:
        """What is added to the EMG input, shape (n,)."""
        since_s = np.maximum(patient_s - self.at_s, 0.0)
        return np.asarray(self.leap_uv * (np.exp(-since_s / self.decay_s) - np.exp(-since_s / RISE_S)))

    def acc_m_s2(self, patient_s: FloatArray) -> FloatArray:
        """What is added to the accelerometer, shape (n, 3)."""
        since_s = np.maximum(patient_s - self.at_s, 0.0)
        swing = np.sin(2 * np.pi * self.ring_hz * since_s) * np.exp(-since_s / self.ring_decay_s)
        return np.asarray(self.peak_m_s2 * swing[:, np.newaxis] * np.array(self.direction))
