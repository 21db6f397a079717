"""What one lift was: its figures, and whether it counts.

The gates are those of the prone hip extension (`rules.JudgementRules`); another exercise brings its own. A lift that
does not count says the first thing that was wrong with it, with the figure and the limit, in the order in which the
figures can be trusted: a range measured through a gap says nothing about how far the leg went.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .angles import Angle
from .blocks import FloatArray
from .motion_events import LiftFinished
from .results import Movement, Reason, ReasonCode
from .rules import JudgementRules
from .runs import longest_run

# The column after the incoming ones: hip rate smoothed over 50 ms, deg/s (`lifts.py` adds it).
RATE = int(Angle.WIDTH)


@dataclass(frozen=True)
class LiftGates:
    """Limits a lift must keep.

    Attributes
    ----------
    range_deg, speed_deg_s
        Accepted hip extension and peak speed on the way up (`JudgementRules`, with their sources).
    still_s, still_deg_s
        The thigh must have been slower than this for this long before it moved: one second of verified silence before
        each lift is the protocol's; the speed is twice that of breathing and small corrections.
    settle_s
        Left out of that second, just before the start: the start itself is good to about 50 ms.
    hold_share, hold_deg_s, hold_drop_s
        A hold lasts while the angle is above this share of its peak and slower than this, drops up to the last allowed
        (simulation: 0.3-0.4 s longer than the plateau, whose soft
        ends count).
    gap_s
        Longest gap bridged; for the words of the reason.
    lost_s
        A longer one means that the sensor, not some samples, was lost.
    """

    range_deg: tuple[float, float] = (JudgementRules.hip_min_deg, JudgementRules.hip_max_deg)
    speed_deg_s: tuple[float, float] = (JudgementRules.speed_min_deg_s, JudgementRules.speed_max_deg_s)
    still_s: float = 1.0
    still_deg_s: float = 5.0
    settle_s: float = 0.1
    hold_share: float = 0.7
    hold_deg_s: float = 5.0
    hold_drop_s: float = 0.25
    gap_s: float = 0.1
    lost_s: float = 1.0

    @classmethod
    def from_rules(cls, rules: JudgementRules) -> "LiftGates":
        """Take range and speed from the rules of judgement."""
        return cls(
            range_deg=(rules.hip_min_deg, rules.hip_max_deg), speed_deg_s=(rules.speed_min_deg_s, rules.speed_max_deg_s)
        )


# Pelvic tilt is also read where the hip has reached 10 degrees (the target of the test; Tateuchi 2012).
TILT_AT_DEG = 10.0


@dataclass(frozen=True)
class LiftStretch:
    """The rows of one lift with some rest before it; `first_s` is the time of the first, `rest_deg` the hip at rest."""

    rows: FloatArray
    first_s: float
    start_s: float
    rest_deg: float
    grid_hz: float
    ended_early: bool = False

    @property
    def start_row(self) -> int:
        """Row of the start of movement."""
        return min(max(round((self.start_s - self.first_s) * self.grid_hz), 0), len(self.rows) - 1)


def describe_lift(number: int, movement: Movement | None, stretch: LiftStretch, gates: LiftGates) -> LiftFinished:
    """Measure and judge a lift that ends with the stretch's last row."""
    hz, start = stretch.grid_hz, stretch.start_row
    lift = stretch.rows[start:]
    height = lift[:, Angle.HIP] - stretch.rest_deg
    peak = int(np.argmax(np.nan_to_num(height, nan=-np.inf)))
    range_deg = float(np.fmax.reduce(height, initial=0.0))
    speed = float(np.fmax.reduce(np.abs(lift[: peak + 1, RATE]), initial=0.0))
    tilt = _tilt_change(stretch)
    reason = _find_fault(stretch, gates, range_deg, speed)
    return LiftFinished(
        number=number,
        start_s=stretch.start_s,
        peak_s=stretch.first_s + (start + peak) / hz,
        end_s=stretch.first_s + (len(stretch.rows) - 1) / hz,
        hip_range_deg=range_deg,
        tilt_range_deg=_largest(tilt),
        tilt_at_10_deg=_value_where(tilt, height >= TILT_AT_DEG),
        peak_speed_deg_s=speed,
        hold_s=hold_time_s(height, lift[:, RATE], hz, gates),
        valid=reason is None,
        reason=reason,
        movement=movement,
    )


def hold_time_s(height_deg: FloatArray, rate_deg_s: FloatArray, grid_hz: float, gates: LiftGates) -> float:
    """Return the longest stretch near the peak and nearly still, short drops allowed, seconds."""
    peak = float(np.fmax.reduce(height_deg, initial=0.0))
    held = (height_deg > gates.hold_share * peak) & (np.abs(rate_deg_s) < gates.hold_deg_s)
    at = np.flatnonzero(held)
    if len(at) == 0:
        return 0.0
    breaks = np.flatnonzero(np.diff(at) > gates.hold_drop_s * grid_hz)
    firsts, lasts = np.concatenate([at[:1], at[breaks + 1]]), np.concatenate([at[breaks], at[-1:]])
    return float(np.max(lasts - firsts)) / grid_hz


def _tilt_change(stretch: LiftStretch) -> FloatArray:
    """Pelvic tilt during the lift, from its mean in the half second before."""
    tilt = stretch.rows[:, Angle.TILT]
    rest = tilt[max(stretch.start_row - round(0.5 * stretch.grid_hz), 0) : stretch.start_row]
    rest = rest[~np.isnan(rest)]
    return tilt[stretch.start_row :] - (float(np.mean(rest)) if len(rest) else 0.0)


def _largest(values: FloatArray) -> float | None:
    """Find the value furthest from zero, with its sign."""
    known = values[~np.isnan(values)]
    return float(known[np.argmax(np.abs(known))]) if len(known) else None


def _value_where(values: FloatArray, condition: NDArray[np.bool_]) -> float | None:
    at = np.flatnonzero(condition & ~np.isnan(values))
    return float(values[at[0]]) if len(at) else None


def _find_fault(stretch: LiftStretch, gates: LiftGates, range_deg: float, speed_deg_s: float) -> Reason | None:
    """Find the first thing that keeps a lift from counting."""
    lost_s = _longest_loss_s(stretch)
    if lost_s >= gates.lost_s:
        return Reason(ReasonCode.SENSOR_LOST, lost_s, gates.lost_s, "s")
    if lost_s > 0:
        return Reason(ReasonCode.SAMPLES_LOST, lost_s + gates.gap_s, gates.gap_s, "s")
    if stretch.ended_early:
        return Reason(ReasonCode.ENDED_EARLY)
    if range_deg < gates.range_deg[0]:
        return Reason(ReasonCode.LIFT_TOO_SMALL, range_deg, gates.range_deg[0], "deg")
    if range_deg > gates.range_deg[1]:
        return Reason(ReasonCode.LIFT_TOO_LARGE, range_deg, gates.range_deg[1], "deg")
    if speed_deg_s > gates.speed_deg_s[1]:
        return Reason(ReasonCode.LIFT_TOO_FAST, speed_deg_s, gates.speed_deg_s[1], "deg/s")
    if speed_deg_s < gates.speed_deg_s[0]:
        return Reason(ReasonCode.LIFT_TOO_SLOW, speed_deg_s, gates.speed_deg_s[0], "deg/s")
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
