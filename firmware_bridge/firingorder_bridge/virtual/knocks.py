"""A blow on an electrode and its housing: what the EMG input and the accelerometer show of it, functions of time."""

from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray

from .chance import generator
from .faults import Fault

# How the input comes back: the coupling of an amplifier with a corner of 2.5-32 Hz, exp(-t / tau) (judgement).
DECAY_S = (0.005, 0.06)
# Its cable whips on: this share of the leap, at these frequencies, for so long (judgement).
WHIP_SHARE = (0.0, 0.4)
WHIP_HZ = (20.0, 90.0)
WHIP_DECAY_S = (0.02, 0.1)
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
    whip_share, whip_hz, whip_decay_s
        The swinging of the cable on top of it, as a share of the leap.
    peak_m_s2
        The first swing of the accelerometer.
    direction : three components of length 1, in the case's axes
    """

    at_s: float
    leap_uv: float
    decay_s: float = 0.02
    whip_share: float = 0.2
    whip_hz: float = 50.0
    whip_decay_s: float = 0.05
    peak_m_s2: float = 15.0
    ring_hz: float = 40.0
    ring_decay_s: float = 0.02
    direction: tuple[float, float, float] = (0.0, 0.0, 1.0)

    @classmethod
    def draw(cls, fault: Fault, seed: int) -> "Knock":
        """Make a fault's blow: the same for the EMG and the motion of one sensor."""
        rng = generator(seed, "knock", round(1000 * fault.start_s))
        leap_uv = fault.value * float(rng.choice([-1.0, 1.0]))

        def draw(span: tuple[float, float]) -> float:
            return float(rng.uniform(*span))

        axis = rng.standard_normal(3)
        x, y, z = (axis / np.linalg.norm(axis)).tolist()
        return cls(
            at_s=fault.start_s,
            leap_uv=leap_uv,
            decay_s=draw(DECAY_S),
            whip_share=draw(WHIP_SHARE),
            whip_hz=draw(WHIP_HZ),
            whip_decay_s=draw(WHIP_DECAY_S),
            peak_m_s2=draw(PEAK_M_S2),
            ring_hz=draw(RING_HZ),
            ring_decay_s=draw(RING_DECAY_S),
            direction=(x, y, z),
        )

    def emg_uv(self, patient_s: FloatArray) -> FloatArray:
        """Give what is added to the EMG input, shape (n,)."""
        since_s = np.maximum(patient_s - self.at_s, 0.0)
        whip = np.sin(2 * np.pi * self.whip_hz * since_s) * np.exp(-since_s / self.whip_decay_s)
        leap = np.exp(-since_s / self.decay_s) - np.exp(-since_s / RISE_S)
        return np.asarray(self.leap_uv * (leap + self.whip_share * whip))

    def acc_m_s2(self, patient_s: FloatArray) -> FloatArray:
        """Give what is added to the accelerometer, shape (n, 3)."""
        since_s = np.maximum(patient_s - self.at_s, 0.0)
        swing = np.sin(2 * np.pi * self.ring_hz * since_s) * np.exp(-since_s / self.ring_decay_s)
        return np.asarray(self.peak_m_s2 * swing[:, np.newaxis] * np.array(self.direction))
