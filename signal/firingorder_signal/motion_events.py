"""What the motion chain tells the pipeline: angles, starts of movement and finished lifts. Times: host seconds."""

from dataclasses import dataclass

from .blocks import FloatArray
from .results import Movement, Reason


@dataclass(frozen=True)
class AnglesReady:
    """Angles on the even grid, each of shape (n,): hip extension and anterior pelvic tilt from neutral, degrees.

    NaN where a sensor's samples were lost, or where it has not lain still yet.
    """

    time_s: FloatArray
    hip_deg: FloatArray
    tilt_deg: FloatArray


@dataclass(frozen=True)
class MovementTriggered:
    """The thigh has begun to move: the causal trigger, 100-200 ms after the true start."""

    number: int
    time_s: float


@dataclass(frozen=True)
class MovementRefined:
    """The start of that movement, traced back."""

    number: int
    movement: Movement


@dataclass(frozen=True)
class MovementDismissed:
    """It was no lift (the hip did not extend, or the whole body turned); the number will be used again."""

    number: int
    time_s: float


@dataclass(frozen=True)
class LiftFinished:
    """One lift, complete.

    Attributes
    ----------
    hip_range_deg
        Largest hip extension above the rest just before the lift.
    tilt_range_deg
        Largest change of pelvic tilt from that rest, with its sign: positive = anterior.
    tilt_at_10_deg
        Change of tilt when the hip first reached 10 degrees; None when it did not.
    hold_s
        Time above 70 % of the range at less than 5 deg/s.
    """

    number: int
    start_s: float
    peak_s: float
    end_s: float
    hip_range_deg: float
    tilt_range_deg: float | None
    tilt_at_10_deg: float | None
    peak_speed_deg_s: float
    hold_s: float
    valid: bool
    reason: Reason | None
    movement: Movement | None


MotionEvent = AnglesReady | MovementTriggered | MovementRefined | MovementDismissed | LiftFinished
