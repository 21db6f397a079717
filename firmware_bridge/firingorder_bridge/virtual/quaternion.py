"""Rotations as unit quaternions of shape (4, n), real part first: many at once, cheap, and without a gimbal.

A quaternion here takes segment axes to the world, so `multiply(parent, joint)` is the child's attitude.
"""

import numpy as np

from firingorder_signal.blocks import FloatArray


def turn_about(axis: int, angle_deg: FloatArray | float) -> FloatArray:
    """Rotate about x (0), y (1) or z (2); shape (4, n), or (4, 1) for one angle."""
    half = np.radians(np.atleast_1d(np.asarray(angle_deg, dtype=np.float64))) / 2.0
    out = np.zeros((4, len(half)))
    out[0], out[axis + 1] = np.cos(half), np.sin(half)
    return out


def multiply(left: FloatArray, right: FloatArray) -> FloatArray:
    """Hamilton product of (4, n) and (4, n) or (4, 1).

    Examples
    --------
    >>> multiply(turn_about(2, 30.0), turn_about(2, 60.0)).round(4).ravel().tolist()
    [0.7071, 0.0, 0.0, 0.7071]
    """
    a, b, c, d = left
    e, f, g, h = right
    rows = (a * e - b * f - c * g - d * h, a * f + b * e + c * h - d * g)
    return np.array([*rows, a * g - b * h + c * e + d * f, a * h + b * g - c * f + d * e])


def conjugate(q: FloatArray) -> FloatArray:
    """Rotate the other way."""
    return np.asarray(q * np.array([[1.0], [-1.0], [-1.0], [-1.0]]))


def from_euler(yaw_deg: FloatArray | float, pitch_deg: FloatArray | float, roll_deg: FloatArray | float) -> FloatArray:
    """Yaw about z, then pitch about the new y, then roll about the new x, the order of `motion.Body`."""
    return multiply(multiply(turn_about(2, yaw_deg), turn_about(1, pitch_deg)), turn_about(0, roll_deg))


def rotate(q: FloatArray, vector: FloatArray) -> FloatArray:
    """Turn vectors (3, n), or one of shape (3, 1), by each rotation; shape (3, n)."""
    w, axis = q[0], q[1:]
    twice = 2.0 * _cross(axis, vector)
    return np.asarray(vector + w * twice + _cross(axis, twice))


def up_in(q: FloatArray) -> FloatArray:
    """Return the world's up in segment axes, shape (3, n)."""
    w, x, y, z = q
    return np.array([2.0 * (x * z - w * y), 2.0 * (y * z + w * x), w * w - x * x - y * y + z * z])


def slerp(start: FloatArray, stop: FloatArray, share: FloatArray) -> FloatArray:
    """Turn from one rotation (4, 1) to another the short way; `share` (n,) goes from 0 to 1 (Shoemake 1985)."""
    step = multiply(conjugate(start), stop)
    step = step if step[0, 0] >= 0.0 else -step
    sine = float(np.sqrt(np.sum(step[1:] ** 2)))
    axis = step[1:] / sine if sine > 0.0 else step[1:]
    angle = np.arctan2(sine, step[0, 0]) * share
    return multiply(start, np.concatenate([np.cos(angle)[None], axis * np.sin(angle)]))


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])
