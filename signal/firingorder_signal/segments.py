"""From a sensor's axes to a body segment's: x towards the head, y to the left, z away from the body when prone.

Without effort from anybody: lying still gives z (gravity), and either the arrow on the case (x towards the head) or
the first lift gives y. A lift is needed only when the sensor sits turned about the skin's normal: below about 10 deg
the two agree within 0.1 deg of hip angle, at 20-50 deg the arrow costs 2 deg (up to 5) and the lift 0.5 (simulation,
40 sessions of 10 lifts). It refuses to guess where the sensor cannot tell: an axis that is nearly vertical.
"""

from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray

#: The case as the guide shows it: x along the arrow (towards the head), so y points left when z faces out.
CASE_LEFT = (0.0, 1.0, 0.0)
# A lift's own axis lies 7 deg (95 %: 15) from the anatomical one, since people abduct and rotate (same simulation);
# from here on the hip angle is better by it (0.21 deg RMSE with 14, 0.24 with 20).
TURNED_DEG = 14.0


@dataclass(frozen=True)
class SegmentAxes:
    """A segment's axes as unit vectors in sensor axes, each of three numbers."""

    x: tuple[float, float, float]
    y: tuple[float, float, float]
    z: tuple[float, float, float]


def axes_from_rest(up: FloatArray, left: FloatArray) -> SegmentAxes | None:
    """Build axes from up at rest and a direction that is roughly left, both shape (3,), in sensor axes.

    Returns None when left is within 30 deg of vertical, where its horizontal part says too little.
    """
    z = up / float(np.sqrt(np.sum(up * up)))
    flat = left - float(np.sum(left * z)) * z
    length = float(np.sqrt(np.sum(flat * flat)))
    if length < 0.5 * float(np.sqrt(np.sum(left * left))):
        return None
    y = flat / length
    return SegmentAxes(_triple(np.cross(y, z)), _triple(y), _triple(z))


def lift_axis(up_rest: FloatArray, up_lifted: FloatArray) -> FloatArray:
    """Return left, a unit vector (3,) in sensor axes, from up before and during a lift of a prone person's leg.

    Extension turns the thigh about the left axis, so up moves from z towards -x, and the cross product of up lifted
    with up at rest is left: gravity gives the sign whatever way the sensor is turned.
    """
    left = np.cross(up_lifted, up_rest)
    return left / float(np.sqrt(np.sum(left * left)))


def turn_deg(axes: SegmentAxes, left: FloatArray) -> float:
    """Angle between the axes' y and another estimate of left, 0..180 degrees."""
    return angle_deg(np.array(axes.y), left)


def angle_deg(first: FloatArray, second: FloatArray) -> float:
    """Angle between two vectors of shape (3,), 0..180 degrees."""
    lengths = float(np.sqrt(np.sum(first * first) * np.sum(second * second)))
    return float(np.rad2deg(np.arccos(np.clip(float(np.sum(first * second)) / lengths, -1.0, 1.0))))


def _triple(vector: FloatArray) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])
