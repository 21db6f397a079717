"""Angle rows with what the lift machine decides by: a smoothed rate, and for how long each thing has been so.

Each row depends on earlier ones alone, so that it does not matter how they came in.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .angle_rows import Angle
from .blocks import FloatArray
from .lift_gates import LiftGates
from .lift_stretch import RATE
from .movement import MovementParams
from .runs import held_since, run_lengths

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class LiftParams:
    """When a movement is a lift and when it is over.

    Attributes
    ----------
    begin_deg
        Hip movement from its rest that makes it a lift.
    end_share, end_deg_s
        The lift is over below this share of its peak once lowering is slower than this.
    settle_s, settle_share
        A leg that has come to rest for so long below the smallest range was laid elsewhere (lifts are held for 2 s);
        one that came to rest for `calm_s` this much nearer to neutral, from a rest on the other side, came back to it.
    lost_s
        Angles missing for so long end the lift.
    max_s
        Longest lift; static holds last up to 30 s.
    turned_deg
        A pelvis this far from neutral belongs to a body that is turning over or getting up.
    calm_s
        Stillness wanted after that, before anything counts again.
    flexed_deg, bent_s
        Hip flexion, from lying straight, that makes a flexion one to be followed: 90 degrees less what soft tissue
        hides and axes err; a leg that is bent less and at rest for so long was drawn up, as for a bridge.
    bridge_share
        Pelvic tilt per degree of hip extension without which it is no bridge but legs being stretched out: a pelvis
        that rises from the table while the shoulders stay tilts by a third or more of it.
    """

    grid_hz: float = 100.0
    begin_deg: float = 2.0
    end_share: float = 0.35
    end_deg_s: float = 1.5
    settle_s: float = 4.0
    settle_share: float = 0.6
    lost_s: float = 1.0
    max_s: float = 40.0
    turned_deg: float = 35.0
    calm_s: float = 1.0
    flexed_deg: float = 75.0
    bent_s: float = 1.5
    bridge_share: float = 0.15
    gates: LiftGates = field(default_factory=LiftGates)
    movement: MovementParams = field(default_factory=MovementParams)


# The rate that decides about holding and lowering is a mean over 50 ms: wobble of 6-12 Hz must not end a lift.
SMOOTH_S = 0.05
# Columns added to the incoming rows: smoothed hip rate; rows in a row that were fast, quiet, without a hip angle; and
# whether the body has been still long enough since it last turned or was not seen.
FAST, QUIET, LOST, CALM = RATE + 1, RATE + 2, RATE + 3, RATE + 4
WIDTH = CALM + 1


def extend_rows(held: FloatArray, rows: FloatArray, params: LiftParams) -> FloatArray:
    """Add the columns to new angle rows (n, `Angle.WIDTH`); `held` are the extended rows just before."""
    hz, move = params.grid_hz, params.movement
    n, width = len(rows), round(SMOOTH_S * hz)
    before = held[-1, FAST:] if len(held) else np.zeros(WIDTH - FAST)
    rates = np.concatenate(
        [np.zeros(max(0, width - 1 - len(held))), held[-(width - 1) :, Angle.HIP_RATE], rows[:, Angle.HIP_RATE]]
    )
    smooth = sum((rates[shift : shift + n] for shift in range(1, width)), rates[:n].copy()) / width
    speed = rows[:, Angle.THIGH_SPEED]
    masks = (speed > move.trigger_deg_s, speed <= move.trigger_deg_s, np.isnan(rows[:, Angle.HIP]))
    runs = [run_lengths(mask, float(count)) for mask, count in zip(masks, before[:-1], strict=True)]
    away = has_turned(rows, params) | np.isnan(rows[:, Angle.POSTURE])
    still = runs[1] >= params.calm_s * hz
    return np.column_stack([rows, smooth, *runs, held_since(still, away, bool(before[-1]))])


def is_lost(rows: FloatArray, params: LiftParams) -> BoolArray:
    """Tell at which rows the angles have been missing for too long."""
    return np.asarray(rows[:, LOST] >= params.lost_s * params.grid_hz)


def has_turned(rows: FloatArray, params: LiftParams) -> BoolArray:
    """Tell at which rows the pelvis is far from neutral: the person turns over or gets up."""
    return np.asarray(rows[:, Angle.POSTURE] < np.cos(np.deg2rad(params.turned_deg)))
