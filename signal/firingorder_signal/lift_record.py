"""What one lift was: its exercise, its figures, and whether it counts."""

import numpy as np
from numpy.typing import NDArray

from .angle_rows import Angle
from .blocks import FloatArray
from .compensation import measure_pelvis
from .exercise import Exercise, name_bridge
from .lift_gates import LiftGates, find_fault
from .lift_stretch import RATE, LiftStretch
from .motion_events import LiftFinished
from .results import Movement

# A hold lasts while the leg is held up and slower than this, drops up to the last allowed (simulation: 0.3-0.4 s
# longer than the plateau, whose soft ends count).
HOLD_DEG_S, HOLD_DROP_S = 5.0, 0.25
# Knee and other hip are read as means over this long around the largest height, so that wobble does not count.
AROUND_S = 0.1


def describe_lift(
    number: int, exercise: Exercise, movement: Movement | None, stretch: LiftStretch, gates: LiftGates
) -> LiftFinished:
    """Measure and judge a lift that ends with the stretch's last row."""
    hz, peak = stretch.grid_hz, stretch.peak
    rate = stretch.lift(RATE)
    speed = float(np.fmax.reduce(np.abs(rate[: peak + 1]), initial=0.0))
    knee = _largest_change(stretch, Angle.KNEE)
    other = _largest_change(stretch, Angle.OTHER_HIP)
    flexion = stretch.lift(Angle.FLEXION)[peak]
    if exercise.is_bridge:
        exercise = name_bridge(None if other is None else abs(other))
    pelvis = measure_pelvis(stretch)
    reason = find_fault(stretch, gates, exercise, speed, knee, pelvis.tilt_deg)
    return LiftFinished(
        number=number,
        exercise=exercise,
        start_s=stretch.start_s,
        peak_s=stretch.first_s + (stretch.start_row + peak) / hz,
        end_s=stretch.first_s + (len(stretch.rows) - 1) / hz,
        hip_range_deg=stretch.range_deg,
        peak_speed_deg_s=speed,
        hold_s=hold_time_s(stretch.held, rate, hz),
        pelvis=pelvis,
        knee_deg=knee,
        flexion_deg=None if np.isnan(flexion) else float(flexion),
        valid=reason is None,
        reason=reason,
        movement=movement,
    )


def hold_time_s(held: NDArray[np.bool_], rate_deg_s: FloatArray, grid_hz: float) -> float:
    """Return the longest stretch held up and nearly still, short drops allowed, seconds."""
    at = np.flatnonzero(held & (np.abs(rate_deg_s) < HOLD_DEG_S))
    if len(at) == 0:
        return 0.0
    breaks = np.flatnonzero(np.diff(at) > HOLD_DROP_S * grid_hz)
    firsts, lasts = np.concatenate([at[:1], at[breaks + 1]]), np.concatenate([at[breaks], at[-1:]])
    return float(np.max(lasts - firsts)) / grid_hz


def _largest_change(stretch: LiftStretch, column: int) -> float | None:
    """Largest change of an angle from its rest while the leg was held up, with its sign; None where not seen."""
    change = stretch.change(column)[stretch.held]
    width = max(round(AROUND_S * stretch.grid_hz), 1)
    known = change[~np.isnan(change)]
    if len(known) < width:
        return None
    sums = np.cumsum(np.concatenate([[0.0], known]))
    means = (sums[width:] - sums[:-width]) / width
    return float(means[np.argmax(np.abs(means))])
