"""Whether a lift counts: the gates, in the order in which the figures can be trusted.

A lift that does not count says the first thing that was wrong with it, with the figure and the limit: a range measured
through a gap says nothing about how far the leg went. Limits of range and speed belong to the exercise
(`exercise.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .angle_rows import Angle
from .exercise import Exercise, RangeGates, gates_of
from .lift_stretch import LiftStretch
from .results import Reason, ReasonCode
from .rules import JudgementRules
from .runs import longest_run

# Soft tissue hides about a tenth of a movement from a sensor (simulation; Teufl 2018): what is measured may fall short
# of a lower limit by this much.
HIDDEN_SHARE = 0.1
# Unrest is a mean over this long: a shiver of 6-12 Hz is no movement of the leg.
UNREST_S = 0.2


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
        Left out of that second, just before the start: the muscle's bulge may move the sensor up to 200 ms before the
        leg, and the start itself is good to about 50 ms.
    knee_deg
        Largest change of the knee during a lift (protocol of the prone hip extension; judgement).
    gap_s
        Longest gap bridged; for the words of the reason.
    lost_s
        A longer one means that the sensor, not some samples, was lost.
    ranges
        Range and speed that a test asks of an exercise, where they are not those of `exercise.py`.
    pelvis_deg
        Largest pelvic tilt, either way; None = no lift is refused for its tilt: no cut-off is validated.
    """

    rules: JudgementRules = field(default_factory=JudgementRules)
    still_s: float = 1.0
    still_deg_s: float = 5.0
    settle_s: float = 0.25
    knee_deg: float = 10.0
    gap_s: float = 0.1
    lost_s: float = 1.0
    ranges: Mapping[Exercise, RangeGates] = field(default_factory=dict[Exercise, RangeGates])
    pelvis_deg: float | None = None

    def limits_of(self, exercise: Exercise) -> RangeGates:
        """Return the range and speed that an exercise must keep."""
        return self.ranges.get(exercise) or gates_of(exercise, self.rules)


def find_fault(
    stretch: LiftStretch,
    gates: LiftGates,
    exercise: Exercise,
    speed_deg_s: float,
    knee_deg: float | None,
    tilt_deg: float | None = None,
) -> Reason | None:
    """Find the first thing that keeps a lift from counting."""
    lost_s = _longest_loss_s(stretch, gates)
    if lost_s >= gates.lost_s:
        return Reason(ReasonCode.SENSOR_LOST, lost_s, gates.lost_s, "s")
    if lost_s > 0:
        return Reason(ReasonCode.SAMPLES_LOST, lost_s + gates.gap_s, gates.gap_s, "s")
    if stretch.ended_early:
        return Reason(ReasonCode.ENDED_EARLY)
    limits, range_deg = gates.limits_of(exercise), stretch.range_deg
    if range_deg < (1.0 - HIDDEN_SHARE) * limits.range_deg[0]:
        return Reason(ReasonCode.LIFT_TOO_SMALL, range_deg, limits.range_deg[0], "deg")
    if range_deg > limits.range_deg[1]:
        return Reason(ReasonCode.LIFT_TOO_LARGE, range_deg, limits.range_deg[1], "deg")
    if speed_deg_s > limits.speed_deg_s[1]:
        return Reason(ReasonCode.LIFT_TOO_FAST, speed_deg_s, limits.speed_deg_s[1], "deg/s")
    if speed_deg_s < (1.0 - HIDDEN_SHARE) * limits.speed_deg_s[0]:
        return Reason(ReasonCode.LIFT_TOO_SLOW, speed_deg_s, limits.speed_deg_s[0], "deg/s")
    if exercise is Exercise.PRONE_LIFT and knee_deg is not None and abs(knee_deg) > gates.knee_deg:
        return Reason(ReasonCode.KNEE_BENT, abs(knee_deg), gates.knee_deg, "deg")
    if gates.pelvis_deg is not None and tilt_deg is not None and abs(tilt_deg) > gates.pelvis_deg:
        return Reason(ReasonCode.PELVIS_TILTED, abs(tilt_deg), gates.pelvis_deg, "deg")
    return _find_unrest(stretch, gates)


def _find_unrest(stretch: LiftStretch, gates: LiftGates) -> Reason | None:
    """Find movement in the second before the start."""
    hz = stretch.grid_hz
    stop = stretch.start_row - round(gates.settle_s * hz)
    start = max(stop - round((gates.still_s - gates.settle_s) * hz), 0)
    rates = stretch.rows[start : max(stop, 0), Angle.THIGH_X : Angle.THIGH_Z + 1]
    rates = rates[~np.isnan(rates).any(axis=1)]
    width = round(UNREST_S * hz)
    if len(rates) < width:
        return None
    sums = np.cumsum(np.concatenate([np.zeros((1, 3)), rates]), axis=0)
    means = (sums[width:] - sums[:-width]) / width
    fastest = float(np.sqrt(np.max(np.sum(means * means, axis=1))))
    if fastest > gates.still_deg_s:
        return Reason(ReasonCode.NOT_STILL_BEFORE, fastest, gates.still_deg_s, "deg/s")
    return None


def _longest_loss_s(stretch: LiftStretch, gates: LiftGates) -> float:
    """Return the longest run of rows without a hip angle during the lift, seconds.

    Where the recording ends inside it, one sensor's samples reach further than the other's: what the other lacks is not
    lost, unless it had been silent for as long as a lost sensor.
    """
    missing = np.isnan(stretch.rows[stretch.start_row :, Angle.HIP])
    seen = np.flatnonzero(~missing)
    n_seen = int(seen[-1]) + 1 if len(seen) else 0
    if stretch.ended_early and len(missing) - n_seen < gates.lost_s * stretch.grid_hz:
        missing = missing[:n_seen]
    return longest_run(missing) / stretch.grid_hz
