"""Whether the motion sensors sit where they should, told from lying still and one lift of the leg.

Gravity at rest tells which way a case faces. While a prone person's leg is lifted the thigh turns about three times as
fast as the pelvis (simulation of 200 lifts: ratio of turn rates 0.28, at most 0.43), so that swapped sensors show the
inverse and a sensor on the leg that stays down shows neither. The direction in which gravity leaves the thigh's z axis
is the way to the head, whatever way the case is turned. A turned thigh sensor is corrected by the axes (`segments.py`)
and only mentioned; everything else asks for a fix.

On the back the knee rises (`supine.py`). There a bridge turns the pelvis about as fast as the thigh, but the other way,
and a straight leg that is bent goes far. On the other leg a sensor stays, or goes where the pelvis goes.

What cannot be told: left for right where both legs do the same (the cue says which leg), and a pelvis sensor turned in
plane, since a pelvis may rotate instead of tilting in any person.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .angle_rows import Motion
from .blocks import FloatArray, mark_unmeasurable
from .errors import SignalError
from .orientation import OrientationParams, OrientationStage
from .results import Reason, ReasonCode
from .segments import lift_axis
from .supine import CROOK_DEG, FLEXED_DEG, bent_deg, bent_left, flexion_left, is_supine

# A case whose z looks down by this much faces the body (cosine; mounting scatters by 8 degrees an axis).
FACE_DOWN_Z = -0.5
# Ratio of turn rates, pelvis over thigh: above the first the thigh did not move by itself, above the second it is the
# one that sits on the pelvis. Half way, as ratios go, between what is normal and what is not.
ALONE_RATIO, SWAPPED_RATIO = 0.65, 1.2
# A lift turns the moving sensor by at least this: the smallest that counts.
LIFT_DEG = 5.0
# A sensor that turns by this is on the thigh and not on the pelvis (simulation of 90 lifts each: a lifted thigh turned
# by 7.9-19.8 degrees, the pelvis by 1.3-6.0).
SWAPPED_DEG = 6.8
# A lift's own axis lies 7 degrees (95 %: 15) from the left one, mounting adds 8 (15 at most): a turn is mentioned from
# half way to a quarter on, and allowed for from `segments.TURNED_DEG` on.
MENTIONED_DEG = 45.0
#: What the angles allow for and is only mentioned; everything else asks for a fix.
ALLOWED_FOR = frozenset({ReasonCode.THIGH_TURNED})
# A case that tips by so much did move: a bridge tilts the pelvis by 9-25 degrees.
SINKS_DEG = 4.0
# Rest taken before a cue, and how long after it the leg is up: reaction 0.2-1 s, lift 1-2 s.
REST_S, CUED_S = 1.0, 3.0


@dataclass(frozen=True)
class CuedLift:
    """What is judged: up of both sensors at rest, each of shape (3,), and the rows of the lift, `Motion` columns."""

    pelvis_rest: FloatArray
    thigh_rest: FloatArray
    rows: FloatArray

    def change_deg(self, column: int, rest: FloatArray) -> FloatArray:
        """Angle of a sensor's up from its rest at each row."""
        up = self.rows[:, column : column + 3]
        cosine = up[:, 0] * rest[0] + up[:, 1] * rest[1] + up[:, 2] * rest[2]
        return np.asarray(np.rad2deg(np.arccos(np.clip(cosine, -1.0, 1.0))))


def judge_placement(lift: CuedLift) -> tuple[Reason, ...]:
    """Say what is wrong with the sensors' places, from a rest lying and one lift; empty = nothing.

    Raises
    ------
    ValueError
        There is no row in which both sensors were seen: a mistake of the caller.
    """
    seen = ~np.isnan(lift.rows[:, : Motion.OTHER_UP]).any(axis=1)
    if not bool(seen.any()):
        raise ValueError("no row of the lift has both sensors")
    lift = CuedLift(lift.pelvis_rest, lift.thigh_rest, lift.rows[seen])
    pelvis_deg = lift.change_deg(Motion.PELVIS_UP, lift.pelvis_rest)
    thigh_deg = lift.change_deg(Motion.THIGH_UP, lift.thigh_rest)
    ratio = _rate_ratio(lift.rows)
    # With a case on its face a bridge from a leg that looks straight is told by the pelvis, which goes as fast.
    mixed = float(lift.pelvis_rest[2]) * float(lift.thigh_rest[2]) < 0.0
    far_deg = float(max(np.max(pelvis_deg), np.max(thigh_deg)))
    if is_supine(lift.pelvis_rest, lift.thigh_rest, far_deg) or (mixed and ratio > ALONE_RATIO):
        return _judge_supine(lift, pelvis_deg, thigh_deg, ratio)
    found = _face_down(lift, -FACE_DOWN_Z, -1.0)
    if ratio > SWAPPED_RATIO and float(np.max(pelvis_deg)) >= SWAPPED_DEG:
        return (*found, Reason(ReasonCode.SENSORS_SWAPPED, ratio, SWAPPED_RATIO, "times"))
    if ratio > ALONE_RATIO or float(np.max(thigh_deg)) < LIFT_DEG:
        return (*found, Reason(ReasonCode.THIGH_STAYED, float(np.max(thigh_deg)), LIFT_DEG, "deg"))
    turn = thigh_turn_deg(lift.thigh_rest, lift.rows[int(np.argmax(thigh_deg)), Motion.THIGH_UP : Motion.THIGH_RATE])
    return _mention_turn(found, turn)


def _judge_supine(lift: CuedLift, pelvis_deg: FloatArray, thigh_deg: FloatArray, ratio: float) -> tuple[Reason, ...]:
    """Judge a bridge or a flexion by how far both sensors turned at each row, (n,), and the ratio of their rates."""
    found = _face_down(lift, 0.0, 1.0)
    pelvis_far, thigh_far = float(np.max(pelvis_deg)), float(np.max(thigh_deg))
    moved = _moved(lift, thigh_deg)
    sinks = _sink(lift, moved)
    if pelvis_far > max(FLEXED_DEG, thigh_far):
        return (*found, Reason(ReasonCode.SENSORS_SWAPPED, pelvis_far, FLEXED_DEG, "deg"))
    flexes = thigh_far > FLEXED_DEG
    if not flexes and sinks == [1, -1]:
        return (*found, Reason(ReasonCode.SENSORS_SWAPPED, pelvis_far, SINKS_DEG, "deg"))
    crook = bent_deg(lift.thigh_rest) > CROOK_DEG
    bridges = not flexes and (sinks == [-1, 1] or (crook and bent_deg(moved[1]) < bent_deg(lift.thigh_rest)))
    if thigh_far < LIFT_DEG or (not bridges and ratio > ALONE_RATIO):
        alone_deg = min(thigh_far, abs(thigh_far - pelvis_far))
        return (*found, Reason(ReasonCode.THIGH_STAYED, alone_deg, LIFT_DEG, "deg"))
    if not flexes and crook:
        return _mention_turn(found, _turn_of(bent_left(lift.thigh_rest)))
    return _mention_turn(found, 0.0 if bridges else _turn_of(flexion_left(lift.thigh_rest, moved[1])))


def is_aside(lift: CuedLift) -> bool:
    """Whether a movement on the back tells nothing: it began from what was held up, or the leg just stirred."""
    pelvis_deg = lift.change_deg(Motion.PELVIS_UP, lift.pelvis_rest)
    thigh_deg = lift.change_deg(Motion.THIGH_UP, lift.thigh_rest)
    far_deg = float(np.fmax(np.fmax.reduce(pelvis_deg), np.fmax.reduce(thigh_deg)))
    if not is_supine(lift.pelvis_rest, lift.thigh_rest, far_deg):
        return False
    rests = (lift.pelvis_rest, lift.thigh_rest)
    moved = _moved(lift, np.fmax(pelvis_deg, thigh_deg))
    bends = [(bent_deg(rest), bent_deg(up)) for rest, up in zip(rests, moved, strict=True)]
    # The thigh's is the sensor that is ever further from level.
    pelvis_is_thigh = max(bends[0]) > max(bends[1])
    if far_deg > FLEXED_DEG:
        rest_bent, moved_bent = bends[0 if pelvis_is_thigh else 1]
        return rest_bent > moved_bent
    sinks = _sink(lift, moved)
    # A leg that moves by less while the pelvis stays does nothing that a test asks for.
    return sinks[0] == 0 or (sinks == [-1, 1] if pelvis_is_thigh else sinks[0] == 1)


def _moved(lift: CuedLift, course_deg: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Up of both sensors where the axis of a turn is told best: a quarter turn away."""
    return _ups(lift.rows[int(np.nanargmax(np.sin(np.deg2rad(course_deg))))])


def _sink(lift: CuedLift, moved: tuple[FloatArray, FloatArray]) -> list[int]:
    """Whether the far end of pelvis and thigh, their arrows to the head, sank (1), rose (-1) or stayed.

    In a bridge the thigh's sinks towards the level while the pelvis's rises.
    """
    changes_deg = [
        float(np.rad2deg(np.arcsin(np.clip(up[0], -1.0, 1.0)) - np.arcsin(np.clip(rest[0], -1.0, 1.0))))
        for up, rest in zip(moved, (lift.pelvis_rest, lift.thigh_rest), strict=True)
    ]
    return [int(np.sign(change)) * (abs(change) > SINKS_DEG) for change in changes_deg]


def _face_down(lift: CuedLift, limit: float, side: float) -> list[Reason]:
    """Name the cases whose z is beyond a limit on the wrong side: 1 = up, on the back; -1 = down."""
    rests = ((ReasonCode.PELVIS_FACE_DOWN, lift.pelvis_rest), (ReasonCode.THIGH_FACE_DOWN, lift.thigh_rest))
    return [Reason(code) for code, rest in rests if side * float(rest[2]) > limit]


def _mention_turn(found: list[Reason], turn_deg: float) -> tuple[Reason, ...]:
    """Add a turned thigh sensor to what was found, unless a fix is needed first."""
    if found or abs(turn_deg) <= MENTIONED_DEG:
        return tuple(found)
    return (Reason(ReasonCode.THIGH_TURNED, turn_deg, MENTIONED_DEG, "deg"),)


def check_placement(pelvis_imu: ArrayLike, thigh_imu: ArrayLike, rate_hz: float, cue_s: float) -> tuple[Reason, ...]:
    """Say what is wrong with the sensors' places, from somebody lying who lifts the leg, or the pelvis, when asked.

    Parameters
    ----------
    pelvis_imu, thigh_imu : shape (n_samples, 6), m/s² and rad/s
        Accelerometer and gyroscope, from a second of lying still before the cue to three seconds after it.
    rate_hz
        Sampling rate of both, Hz.
    cue_s
        When the person was asked to lift, seconds from the first sample.

    Returns
    -------
    tuple of Reason
        Empty = nothing; `reasons.describe` has the words.

    Raises
    ------
    ValueError
        Arrays of another shape, or too short for the cue.
    SignalError
        All samples before the cue are lost.
    """
    pelvis, thigh = (mark_unmeasurable(np.array(imu, dtype=np.float64)) for imu in (pelvis_imu, thigh_imu))
    if pelvis.ndim != 2 or pelvis.shape[1] != 6 or pelvis.shape != thigh.shape:
        raise ValueError(f"expected two arrays (n_samples, 6), not {pelvis.shape} and {thigh.shape}")
    first, cue, stop = (round((cue_s + after) * rate_hz) for after in (-REST_S, 0.0, CUED_S))
    if first < 0 or cue >= len(pelvis):
        raise ValueError(f"the cue at {cue_s} s needs {REST_S} s before it and samples after it")
    params = OrientationParams(tau_acc_s=1.0)
    rows = np.full((len(pelvis), Motion.WIDTH), np.nan)
    rows[:, Motion.PELVIS_UP : Motion.THIGH_UP] = OrientationStage(rate_hz, params).process(pelvis)
    rows[:, Motion.THIGH_UP : Motion.OTHER_UP] = OrientationStage(rate_hz, params).process(thigh)
    before = rows[first:cue, : Motion.OTHER_UP]
    if np.isnan(before).all(axis=0).any():
        raise SignalError("nothing was measured in the second before the cue; expected samples of both sensors")
    rest = np.nanmean(before, axis=0)
    lift = CuedLift(rest[Motion.PELVIS_UP :][:3], rest[Motion.THIGH_UP :][:3], rows[cue:stop])
    return judge_placement(lift)


def thigh_turn_deg(up_rest: FloatArray, up_lifted: FloatArray) -> float:
    """Angle by which a case is turned about its own z, -180..180 degrees, from up at rest and during a lift.

    Examples
    --------
    >>> thigh_turn_deg(np.array([0.0, 0.0, 1.0]), np.array([-0.2, 0.0, 0.98])) + 0.0
    0.0
    """
    return _turn_of(lift_axis(up_rest, up_lifted))


def _turn_of(left: FloatArray) -> float:
    """Angle of left from `CASE_LEFT`, along y; positive = turned to the wearer's left, seen from behind."""
    return float(np.rad2deg(np.arctan2(left[0], left[1])))


def _ups(row: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Up of pelvis and thigh."""
    return row[Motion.PELVIS_UP : Motion.PELVIS_RATE], row[Motion.THIGH_UP : Motion.THIGH_RATE]


def _rate_ratio(rows: FloatArray) -> float:
    """Ratio of turn rates, pelvis over thigh."""
    return _rms(rows, Motion.PELVIS_RATE) / max(_rms(rows, Motion.THIGH_RATE), 1e-9)


def _rms(rows: FloatArray, column: int) -> float:
    rate = rows[:, column : column + 3]
    return float(np.sqrt(float(np.sum(rate * rate)) / len(rate)))
