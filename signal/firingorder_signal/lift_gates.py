"""Whether a lift counts: the gates, in the order in which the figures can be trusted.

A lift that does not count says the first thing that was wrong with it, with the figure and the limit: a range measured
through a gap says nothing about how far the leg went. Limits of range and speed belong to the exercise
(`exercise.py`).
"""

from dataclasses import dataclass, field

import numpy as np

from .angle_rows import Angle
from .exercise import Exercise, gates_of
from .lift_stretch import LiftStretch
from .results import Reason, ReasonCode
from .rules import JudgementRules
from .runs import longest_run


@dataclass(frozen=True)
class LiftGates:
    """Limits a lift must keep.

    Attributes
    ----------
    rules
        Accepted hip extension and peak speed of a prone lift, with their sources.
    still_s, still_deg_s
        The thigh must have been slower than this for this long before it moved: one second of verified silence before
        each lift is the protocol's; the speed is twice that of breathing and small corrections.
    settle_s
        Left out of that second, just before the start: the start itself is good to about 50 ms.
    knee_deg
        Largest change of the knee during a lift (protocol of the prone hip extension; judgement).
    gap_s
        Longest gap bridged; for the words of the reason.
    lost_s
        A longer one means that the sensor, not some samples, was lost.
    """

    rules: JudgementRules = field(default_factory=JudgementRules)
    still_s: float = 1.0
    still_deg_s: float = 5.0
    settle_s: float = 0.1
    knee_deg: float = 10.0
    gap_s: float = 0.1
    lost_s: float = 1.0


def find_fault(
    stretch: LiftStretch, gates: LiftGates, exercise: Exercise, speed_deg_s: float, knee_deg: float | None
) -> Reason | None:
    """Find the first thing that keeps a lift from counting."""
    lost_s = _longest_loss_s(stretch)
    if lost_s >= gates.lost_s:
        return Reason(ReasonCode.SENSOR_LOST, lost_s, gates.lost_s, "s")
    if lost_s > 0:
        return Reason(ReasonCode.SAMPLES_LOST, lost_s + gates.gap_s, gates.gap_s, "s")
    if stretch.ended_early:
        return Reason(ReasonCode.ENDED_EARLY)
    limits, range_deg = gates_of(exercise, gates.rules), stretch.range_deg
    if range_deg < limits.range_deg[0]:
        return Reason(ReasonCode.LIFT_TOO_SMALL, range_deg, limits.range_deg[0], "deg")
    if range_deg > limits.range_deg[1]:
        return Reason(ReasonCode.LIFT_TOO_LARGE, range_deg, limits.range_deg[1], "deg")
    if speed_deg_s > limits.speed_deg_s[1]:
        return Reason(ReasonCode.LIFT_TOO_FAST, speed_deg_s, limits.speed_deg_s[1], "deg/s")
    if speed_deg_s < limits.speed_deg_s[0]:
        return Reason(ReasonCode.LIFT_TOO_SLOW, speed_deg_s, limits.speed_deg_s[0], "deg/s")
    if exercise is Exercise.PRONE_LIFT and knee_deg is not None and abs(knee_deg) > gates.knee_deg:
        return Reason(ReasonCode.KNEE_BENT, abs(knee_deg), gates.knee_deg, "deg")
    return _find_unrest(stretch, gates)


def _find_unrest(stretch: LiftStretch, gates: LiftGates) -> Reason | None:
    """Find movement in the second before the start."""
    hz = stretch.grid_hz
    stop = stretch.start_row - round(gates.settle_s * hz)
    before = stretch.rows[max(stop - round((gates.still_s - gates.settle_s) * hz), 0) : max(stop, 0), Angle.THIGH_SPEED]
    fastest = float(np.fmax.reduce(before, initial=0.0))
    if fastest > gates.still_deg_s:
        return Reason(ReasonCode.NOT_STILL_BEFORE, fastest, gates.still_deg_s, "deg/s")
    return None


def _longest_loss_s(stretch: LiftStretch) -> float:
    """Return the longest run of rows without a hip angle during the lift, seconds."""
    missing = np.isnan(stretch.rows[stretch.start_row :, Angle.HIP])
    return longest_run(missing) / stretch.grid_hz
