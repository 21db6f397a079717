"""The elements of a person's movement: each adds its part to the joint angles over time.

Angles are `Joint` rows of a (Joint.WIDTH, n) array in degrees; HEIGHT is in metres. A move begins and ends with zero
speed and is smooth between, so that any sum of moves has a derivative a gyroscope can measure.
"""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from firingorder_signal.blocks import FloatArray

from .motion_shape import min_jerk


class Joint(IntEnum):
    """Pelvis against its posture, hips against the pelvis (yaw, pitch, roll each), right knee, height of the pelvis.

    Pitch: anterior tilt, hip extension. Pelvis yaw: right side towards the head. Pelvis roll: left side dorsal.
    KNEE: flexion.
    """

    PELVIS_YAW = 0
    PELVIS_PITCH = 1
    PELVIS_ROLL = 2
    RIGHT_YAW = 3
    RIGHT_PITCH = 4
    RIGHT_ROLL = 5
    LEFT_YAW = 6
    LEFT_PITCH = 7
    LEFT_ROLL = 8
    KNEE = 9
    HEIGHT = 10
    WIDTH = 11


# An abrupt start has its full speed after this share of the way's duration: within 60-100 ms (judgement).
ABRUPT_RISE = 0.07


def soft_step(progress: FloatArray, power: float) -> FloatArray:
    """Share of the way, 0..1, with a speed like s^power (1 - s)^2; power 2 is minimum jerk, power 0 an abrupt start.

    At power 0 the speed rises in a straight line within `ABRUPT_RISE`: nothing real starts at full speed.

    Examples
    --------
    >>> bool(np.allclose(soft_step(np.array([0.3]), 2.0), min_jerk(np.array([0.3]))))
    True
    """
    s = np.clip(progress, 0.0, 1.0)
    if power == 0.0:
        rise = np.minimum(s, ABRUPT_RISE)
        rising = rise * rise * (0.5 + rise * (0.25 * rise - 2.0 / 3.0)) / ABRUPT_RISE
        return np.asarray((rising + ((1.0 - rise) ** 3 - (1.0 - s) ** 3) / 3.0) / _ABRUPT_WAY)
    first, second, third = 1.0 / (power + 1.0), 2.0 / (power + 2.0), 1.0 / (power + 3.0)
    return np.asarray(s ** (power + 1.0) * (first + s * (third * s - second)) / (first - second + third))


def peak_factor(power: float) -> float:
    """Peak speed of `soft_step` with respect to its mean, 1.875 for minimum jerk."""
    if power == 0.0:
        return (1.0 - ABRUPT_RISE) ** 2 / _ABRUPT_WAY
    s = power / (power + 2.0)
    return float(s**power * (1.0 - s) ** 2 / (1.0 / (power + 1.0) - 2.0 / (power + 2.0) + 1.0 / (power + 3.0)))


_ABRUPT_WAY = ABRUPT_RISE * (0.5 + ABRUPT_RISE * (0.25 * ABRUPT_RISE - 2.0 / 3.0)) + (1.0 - ABRUPT_RISE) ** 3 / 3.0


@dataclass(frozen=True)
class Ramp:
    """Joints go by `changes` (degrees) from where they are, smoothly, and stay there."""

    start_s: float
    duration_s: float
    changes: dict[Joint, float]

    def add(self, joints: FloatArray, t_s: FloatArray) -> None:
        """Add this move to the joints at sorted times (n,)."""
        first, stop = np.searchsorted(t_s, [self.start_s, self.start_s + self.duration_s])
        share = min_jerk((t_s[first:stop] - self.start_s) / self.duration_s)
        for joint, change in self.changes.items():
            joints[joint, first:stop] += change * share
            joints[joint, stop:] += change


@dataclass(frozen=True)
class Swing:
    """Joints swing about where they are, at `hz` times a number of their own, fading in and out.

    Attributes
    ----------
    waves : (amplitude, multiple of hz, phase in turns)
    """

    start_s: float
    end_s: float
    hz: float
    fade_s: float
    waves: dict[Joint, tuple[float, float, float]] = field(default_factory=dict[Joint, tuple[float, float, float]])

    def add(self, joints: FloatArray, t_s: FloatArray) -> None:
        """Add this move to the joints at sorted times (n,)."""
        first, stop = np.searchsorted(t_s, [self.start_s, self.end_s])
        t = t_s[first:stop]
        fade = min_jerk((t - self.start_s) / self.fade_s) * min_jerk((self.end_s - t) / self.fade_s)
        for joint, (amplitude, multiple, phase) in self.waves.items():
            turns = multiple * self.hz * (t - self.start_s) + phase
            joints[joint, first:stop] += amplitude * fade * np.sin(2.0 * np.pi * turns)


@dataclass(frozen=True)
class Restlessness:
    """Slow sinusoids, fixed at random, all the time: sway of every joint, and breathing.

    Attributes
    ----------
    hz : shape (waves,)
    mix : shape (2 * waves, joints)
        Share of the cosines, then of the sines, in each joint, degrees.
    breathing_deg, breathing_hz, phase
        The pelvis's pitch; the thigh, lying on the table, hardly follows.
    """

    hz: FloatArray
    mix: FloatArray
    breathing_deg: float
    breathing_hz: float
    phase: float
    thigh_share: float

    def add(self, joints: FloatArray, t_s: FloatArray) -> None:
        """Add this move to the joints at times (n,)."""
        waves = 2.0 * np.pi * self.hz[:, None] * t_s
        for wave, shares in zip((*np.cos(waves), *np.sin(waves)), self.mix, strict=True):
            for joint, share in enumerate(shares):
                joints[joint] += share * wave
        breath = self.breathing_deg * np.sin(2.0 * np.pi * self.breathing_hz * t_s + self.phase)
        joints[Joint.PELVIS_PITCH] += breath
        for joint in (Joint.RIGHT_PITCH, Joint.LEFT_PITCH):
            joints[joint] -= (1.0 - self.thigh_share) * breath
