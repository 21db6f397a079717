"""The start of a lift's movement: traced back once the rise is there, doubted once the whole lift is."""

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from .angle_rows import Angle
from .blocks import FloatArray
from .lift_stretch import RATE, LiftStretch
from .movement import (
    SLOW_COURSE,
    MovementParams,
    find_course_start,
    find_movement_start,
    largest_dip,
    project_on_movement,
)
from .results import Movement


@dataclass(frozen=True)
class Before:
    """What was before a movement, seconds: when it was over, and when a movement too small for a lift began and ended.

    The latter only just before, as a muscle's shiver may be that the lift itself began with.
    """

    over_s: float
    shiver: tuple[float, float] | None = None


def trace_start(rows: FloatArray, first_s: float, trigger_s: float, grid_hz: float, params: MovementParams) -> Movement:
    """Trace the start back in angle rows from before the trigger to `ahead_s` after it, the first of them at `first_s`.

    Where it cannot be found, the trigger stands for it, as doubtful.
    """
    rates = np.ascontiguousarray(rows[:, Angle.THIGH_X : Angle.THIGH_Z + 1])
    rate = project_on_movement(rates, round(params.ahead_s * grid_hz))
    found = find_movement_start(rate, grid_hz)
    if found is None:
        return Movement(trigger_s, trigger_s, confident=False)
    rest = rate[: max(len(rate) // 3, 1)]
    confident = abs(found[0] - found[1]) <= params.agree_s and float(np.std(rest)) <= params.quiet_deg_s
    return Movement(first_s + found[0], trigger_s, confident)


def check_start(
    movement: Movement, stretch: LiftStretch, before: Before, params: MovementParams
) -> tuple[Movement, float]:
    """Doubt a start that the whole lift does not bear out; return the movement, and when the lift began.

    A lift so slow that its beginning lay further back than was looked at live began where its course says, but not
    before what was before it was over; unless that was the shiver the muscle gave as the lift began.
    """
    height = stretch.direction * (stretch.rows[:, Angle.HIP] - stretch.rest_deg)
    peak = int(np.argmax(np.nan_to_num(height, nan=-np.inf)))
    found, early = (find_course_start(height[: peak + 1], stretch.grid_hz, *course) for course in ((), (SLOW_COURSE,)))
    course_s = inf if found is None else stretch.first_s + found
    rising = stretch.direction * stretch.rows[stretch.start_row :, RATE]
    agrees = course_s - stretch.start_s <= params.course_agree_s and largest_dip(rising) <= params.dip_deg_s
    early_s = inf if early is None else stretch.first_s + early
    speed = float(np.fmax.reduce(stretch.direction * stretch.rows[: peak + 1, RATE], initial=0.0))
    if before.shiver is not None and speed < params.slow_deg_s and early_s < before.shiver[1] + params.course_agree_s:
        # Half way, since neither can be trusted alone.
        began_s = 0.5 * (before.shiver[0] + float(np.clip(early_s, *before.shiver)))
        return replace(movement, time_s=began_s, confident=False), began_s
    early_s = max(early_s, before.over_s)
    if early_s < stretch.start_s - params.course_slow_s and speed < params.slow_deg_s:
        # Half way, as above.
        began_s = max(0.5 * (stretch.start_s + early_s), stretch.start_s - params.course_most_s)
        return replace(movement, time_s=began_s, confident=False), began_s
    return replace(movement, confident=movement.confident and agrees), stretch.start_s
