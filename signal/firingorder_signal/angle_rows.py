"""What one row of oriented sensors becomes: angles of pelvis, hip and knee, and the columns they travel in.

pitch = atan2(-up_x, up_z) with up in the segment's axes; hip extension = thigh pitch - pelvis pitch; pelvic tilt =
pelvis pitch, anterior positive; obliquity = how far the pelvis's left side is above its right. All come from gravity
and need no heading. What needs one (abduction, the hip's rotation) is not offered; how far the pelvis turned within
one lift is, from its turn rates (`lift_record.py`).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from .blocks import FloatArray
from .segments import SegmentAxes


class Motion(IntEnum):
    """Columns coming in: up (unit) and turn rate (rad/s) of each sensor, in its own axes; NaN for one not worn."""

    PELVIS_UP = 0
    PELVIS_RATE = 3
    THIGH_UP = 6
    THIGH_RATE = 9
    OTHER_UP = 12
    OTHER_RATE = 15
    SHANK_UP = 18
    SHANK_RATE = 21
    WIDTH = 24


class Angle(IntEnum):
    """Columns going out: degrees, degrees a second, or as said.

    Attributes
    ----------
    HIP, TILT, OBLIQUITY
        Hip extension and anterior tilt from neutral; left side of the pelvis up.
    HIP_RATE, THIGH_SPEED
        Extension positive; thigh about any horizontal axis.
    POSTURE
        Cosine of the pelvis's departure from neutral.
    THIGH_X, THIGH_Y, THIGH_Z
        Turn rate of the thigh in sensor axes.
    LONG_RATE, DORSAL_RATE
        Turn rate of the pelvis about its axis towards the head, left side backwards positive, and about the one out of
        the back, head to the left positive.
    OTHER_HIP
        Hip extension of the other leg.
    KNEE
        Knee flexion from neutral.
    FLEXION
        Hip flexion from lying straight, whatever the neutral in use.
    KIND
        Value of `Posture` of the neutral in use.
    """

    HIP = 0
    TILT = 1
    HIP_RATE = 2
    THIGH_SPEED = 3
    POSTURE = 4
    THIGH_X = 5
    THIGH_Y = 6
    THIGH_Z = 7
    OBLIQUITY = 8
    LONG_RATE = 9
    DORSAL_RATE = 10
    OTHER_HIP = 11
    KNEE = 12
    FLEXION = 13
    KIND = 14
    WIDTH = 15


class Posture(IntEnum):
    """How somebody lies, sits or stands, as far as pelvis and thigh tell."""

    UNKNOWN = 0
    PRONE = 1
    SUPINE = 2
    SEATED = 3
    STANDING = 4
    SIDE = 5


@dataclass(frozen=True)
class BodyAxes:
    """Axes in use.

    Attributes
    ----------
    pelvis, thigh, other, shank
        From the neutral in use; None for a sensor not worn.
    straight
        Pelvis and thigh axes of the last rest lying with the leg straight, from which flexion is counted.
    posture
        Of that neutral.
    """

    pelvis: SegmentAxes
    thigh: SegmentAxes
    other: SegmentAxes | None = None
    shank: SegmentAxes | None = None
    straight: tuple[SegmentAxes, SegmentAxes] | None = None
    posture: Posture = Posture.UNKNOWN


# Limits of the cosine of up with the case's axes (simulation with getting up and rolling over: enter prone at 0.80,
# supine at -0.70, upright and side at 0.75).
PRONE_Z, SUPINE_Z, UPRIGHT_X, SIDE_Y = 0.8, -0.7, 0.75, 0.75
# A seated thigh lies flatter than this sine, a standing one does not (45 degrees: half way).
SEATED_X = 0.707
# A thigh this level while lying (20 degrees: cushions and mounting) is a straight leg's, and is zero of flexion.
STRAIGHT_Z = 0.94
# Prone nobody bends the hip by much, so that what a sensor is inclined by is how it sits: 8 degrees an axis, up to 23.
PRONE_STRAIGHT_Z = 0.87


def name_posture(pelvis_up: FloatArray, thigh_up: FloatArray) -> Posture:
    """Name the posture of a rest from up in the case's axes, each of shape (3,): x to the head, z out of the back.

    Examples
    --------
    >>> name_posture(np.array([0.0, 0.0, -1.0]), np.array([0.0, 0.0, -1.0])).name
    'SUPINE'
    """
    x, y, z = (float(part) for part in pelvis_up)
    if z > PRONE_Z:
        return Posture.PRONE
    if z < SUPINE_Z:
        return Posture.SUPINE
    if x > UPRIGHT_X:
        return Posture.SEATED if abs(float(thigh_up[0])) < SEATED_X else Posture.STANDING
    return Posture.SIDE if abs(y) > SIDE_Y else Posture.UNKNOWN


def pitch_deg(up: FloatArray, axes: SegmentAxes) -> FloatArray:
    """Pitch about the left axis, degrees (n,), from up in sensor axes (n, 3).

    Examples
    --------
    >>> axes = SegmentAxes((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    >>> pitch_deg(np.array([[-0.5, 0.0, 0.75**0.5]]), axes).round(6).tolist()
    [30.0]
    """
    return np.rad2deg(np.arctan2(-dot(up, axes.x), dot(up, axes.z)))


def compute_angles(rows: FloatArray, axes: BodyAxes | None) -> FloatArray:
    """Compute outgoing rows (n, `Angle.WIDTH`); without axes only the thigh's turning is known."""
    out = np.full((len(rows), Angle.WIDTH), np.nan)
    thigh_up = _vectors(rows, Motion.THIGH_UP)
    thigh_rate = np.rad2deg(_vectors(rows, Motion.THIGH_RATE))
    out[:, Angle.THIGH_X : Angle.THIGH_X + 3] = thigh_rate
    vertical = dot(thigh_rate, thigh_up)
    out[:, Angle.THIGH_SPEED] = np.sqrt(np.maximum(dot(thigh_rate, thigh_rate) - vertical * vertical, 0.0))
    out[:, Angle.KIND] = axes.posture if axes else Posture.UNKNOWN
    if axes is None:
        return out
    pelvis_up = _vectors(rows, Motion.PELVIS_UP)
    pelvis_rate = np.rad2deg(_vectors(rows, Motion.PELVIS_RATE))
    tilt, thigh = pitch_deg(pelvis_up, axes.pelvis), pitch_deg(thigh_up, axes.thigh)
    out[:, Angle.HIP] = _turned(thigh - tilt)
    out[:, Angle.TILT] = tilt
    out[:, Angle.OBLIQUITY] = np.rad2deg(np.arcsin(np.clip(dot(pelvis_up, axes.pelvis.y), -1.0, 1.0)))
    out[:, Angle.HIP_RATE] = dot(thigh_rate, axes.thigh.y) - dot(pelvis_rate, axes.pelvis.y)
    out[:, Angle.POSTURE] = dot(pelvis_up, axes.pelvis.z)
    # The axes lying on the back point the other way round (z is up): x follows the arrow on the case.
    headwards = 1.0 if axes.pelvis.x[0] >= 0 else -1.0
    out[:, Angle.LONG_RATE] = headwards * dot(pelvis_rate, axes.pelvis.x)
    out[:, Angle.DORSAL_RATE] = headwards * dot(pelvis_rate, axes.pelvis.z)
    if axes.other is not None:
        out[:, Angle.OTHER_HIP] = _turned(pitch_deg(_vectors(rows, Motion.OTHER_UP), axes.other) - tilt)
    if axes.shank is not None:
        out[:, Angle.KNEE] = _turned(pitch_deg(_vectors(rows, Motion.SHANK_UP), axes.shank) - thigh)
    if axes.straight is not None:
        pelvis, leg = axes.straight
        out[:, Angle.FLEXION] = _turned(pitch_deg(pelvis_up, pelvis) - pitch_deg(thigh_up, leg))
    return out


def _turned(angle_deg: FloatArray) -> FloatArray:
    """Bring an angle to -180..180 degrees."""
    return np.asarray(angle_deg - 360.0 * np.round(angle_deg / 360.0))


def _vectors(rows: FloatArray, column: int) -> FloatArray:
    return rows[:, column : column + 3]


def dot(vectors: FloatArray, other: FloatArray | tuple[float, float, float]) -> FloatArray:
    """Dot product over the last axis, written out so that the bits do not depend on the number of rows."""
    if isinstance(other, tuple):
        return vectors[..., 0] * other[0] + vectors[..., 1] * other[1] + vectors[..., 2] * other[2]
    return vectors[..., 0] * other[..., 0] + vectors[..., 1] * other[..., 1] + vectors[..., 2] * other[..., 2]
