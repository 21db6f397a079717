"""What the pelvis did while the leg moved, as a therapist asks: how much, when, and from which angle on.

No validated limit exists for any of these figures; bands that a view may show are labelled as such
(`PELVIS_NOTE_DEG`), and what changes less between visits than inertial sensors can tell apart is not interpreted
(`VISIT_CHANGE_DEG`).
"""

import numpy as np
from numpy.typing import NDArray

from .angle_rows import Angle, Posture
from .blocks import FloatArray
from .lift_stretch import LiftStretch
from .results import PelvisMotion

#: Pelvic tilt is also read where the hip has reached 10 degrees (the target of the test; Tateuchi 2012).
TILT_AT_DEG = 10.0
#: Anterior tilt worth a note and a second one, degrees: not norms (judgement, after Oh 2007: about 10 -> 3 degrees).
PELVIS_NOTE_DEG = (5.0, 10.0)
#: Rotation worth a note, degrees: no norm either (judgement).
ROTATION_NOTE_DEG = 5.0
#: Change between visits below which lumbopelvic angles cannot be told apart (PMC5034504: 5-15 degrees).
VISIT_CHANGE_DEG = 10.0
# When the pelvis began is told where it tilted by at least this: below, breathing (0.3 deg) decides.
TIMED_DEG = 2.0
# Both courses are timed where they pass this share of their largest value: low enough for a beginning, above sway.
TIMED_SHARE = 0.3
# Tilting back in flexion is told from this much on, degrees: below, the bend is lost in breathing (7 degrees off).
BACK_DEG = 4.0


def measure_pelvis(stretch: LiftStretch) -> PelvisMotion:
    """Measure the pelvis during a lift, from its rest just before."""
    tilt = stretch.change(Angle.TILT)
    hike = stretch.turned(Angle.DORSAL_RATE)
    obliquity = _held_mean(stretch.change(Angle.OBLIQUITY), stretch.held)
    return PelvisMotion(
        tilt_deg=_largest(tilt),
        tilt_at_10_deg=_value_where(tilt, stretch.height_deg >= TILT_AT_DEG),
        tilt_lead_s=_lead_s(stretch, tilt),
        rotation_deg=_rotation_deg(stretch, obliquity),
        hike_deg=None if hike is None else -hike,
        obliquity_deg=obliquity,
        back_from_deg=_back_from(stretch, tilt) if stretch.direction < 0 else None,
    )


def _rotation_deg(stretch: LiftStretch, obliquity_deg: float | None) -> float | None:
    """Turn about the pelvis's long axis: lying, gravity shows it without drift; else its turn rate is added up."""
    side = {Posture.PRONE: 1.0, Posture.SUPINE: -1.0}.get(Posture(int(stretch.lift(Angle.KIND)[0])))
    if side is None:
        return stretch.turned(Angle.LONG_RATE)
    return None if obliquity_deg is None else side * obliquity_deg


def _lead_s(stretch: LiftStretch, tilt: FloatArray) -> float | None:
    """Tell how long before the hip the pelvis moved, on the way up; negative = after it."""
    up = slice(0, stretch.peak + 1)
    size = np.abs(np.nan_to_num(tilt[up]))
    largest = float(np.max(size, initial=0.0))
    if largest < TIMED_DEG:
        return None
    pelvis = int(np.argmax(size > TIMED_SHARE * largest))
    hip = int(np.argmax(np.nan_to_num(stretch.height_deg[up]) > TIMED_SHARE * stretch.range_deg))
    return (hip - pelvis) / stretch.grid_hz


def _back_from(stretch: LiftStretch, tilt: FloatArray) -> float | None:
    """Find the hip flexion from which on the pelvis tilted backwards: the bend of two straight lines, degrees."""
    up = slice(0, stretch.peak + 1)
    flexion, back = stretch.lift(Angle.FLEXION)[up], -tilt[up]
    known = ~np.isnan(flexion) & ~np.isnan(back)
    flexion, back = flexion[known], back[known]
    if len(flexion) == 0 or float(np.max(back)) < BACK_DEG:
        return None
    bends = np.arange(np.ceil(float(np.min(flexion))), float(np.max(flexion)) - 1.0)
    if len(bends) == 0:
        return None
    # One value a degree: a slow part of the movement must not weigh more than a fast one.
    steps = np.floor(flexion).astype(np.int64)
    steps -= int(np.min(steps))
    count = np.bincount(steps)
    seen = count > 0
    angle, level = (np.bincount(steps, part)[seen] / count[seen] for part in (flexion, back))
    rise = np.maximum(angle - bends[:, None], 0.0)
    power = np.maximum((rise * rise).sum(axis=1), 1e-12)
    slope = np.maximum((rise * level).sum(axis=1) / power, 0.0)
    cost = ((level - slope[:, None] * rise) ** 2).sum(axis=1)
    return float(bends[np.argmin(cost)])


def _largest(values: FloatArray) -> float | None:
    """Find the value furthest from zero, with its sign."""
    known = values[~np.isnan(values)]
    return float(known[np.argmax(np.abs(known))]) if len(known) else None


def _value_where(values: FloatArray, condition: NDArray[np.bool_]) -> float | None:
    at = np.flatnonzero(condition & ~np.isnan(values))
    return float(values[at[0]]) if len(at) else None


def _held_mean(values: FloatArray, held: NDArray[np.bool_]) -> float | None:
    known = values[held & ~np.isnan(values)]
    return float(np.mean(known)) if len(known) else None
