"""A chain of turning segments: what is felt in one segment follows from the one before, exactly.

The recursion of Luh, Walker & Paul 1980 (forward half): gravity, angular rate, angular acceleration and specific force
are handed from segment to segment, each in its own axes, so nothing is differentiated numerically.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
GRAVITY_M_S2 = 9.80665


@dataclass(frozen=True)
class Frame:
    """What a point of a segment feels, all shapes (3, n), in the segment's axes.

    `up` is the world's up; `rate` and `turning` are angular rate (rad/s) and acceleration; `force` is specific force.
    """

    up: FloatArray
    rate: FloatArray
    turning: FloatArray
    force: FloatArray


def world(rising_m_s2: FloatArray) -> Frame:
    """Axes of the world, carried up and down with an acceleration (n,)."""
    nothing = np.zeros((3, len(rising_m_s2)))
    up = nothing.copy()
    up[2] = 1.0
    return Frame(up, nothing, nothing, up * (GRAVITY_M_S2 + rising_m_s2))


def turned(frame: Frame, axis: int, course_deg: FloatArray) -> Frame:
    """Axes turned about their own x (0), y (1) or z (2) by a course of angle, rate and acceleration, shape (3, n)."""
    angle, rate, acceleration = np.radians(course_deg)
    cosine, sine = np.cos(angle), np.sin(angle)
    one, two = (axis + 1) % 3, (axis + 2) % 3

    def seen(vector: FloatArray) -> FloatArray:
        out = vector.copy()
        out[one] = cosine * vector[one] + sine * vector[two]
        out[two] = cosine * vector[two] - sine * vector[one]
        return out

    spin, turning = seen(frame.rate), seen(frame.turning)
    turning[one] += spin[two] * rate
    turning[two] -= spin[one] * rate
    turning[axis] += acceleration
    spin[axis] += rate
    return Frame(seen(frame.up), spin, turning, seen(frame.force))


def moved(frame: Frame, lever_m: tuple[float, float, float]) -> Frame:
    """Feel the same segment at a point `lever_m` away."""
    lever = np.array(lever_m)[:, None] * np.ones_like(frame.rate)
    pull = np.cross(frame.turning, lever, axis=0)
    pull += np.cross(frame.rate, np.cross(frame.rate, lever, axis=0), axis=0)
    return Frame(frame.up, frame.rate, frame.turning, frame.force + pull)


def pitch_deg(frame: Frame) -> FloatArray:
    """Turn about the left axis against lying prone, shape (n,)."""
    return np.asarray(np.degrees(np.arctan2(-frame.up[0], frame.up[2])), dtype=np.float64)
