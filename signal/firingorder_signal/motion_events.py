"""What the motion chain tells the pipeline: angles, starts of movement and finished lifts. Times: host seconds."""

from dataclasses import dataclass

from .blocks import FloatArray
from .exercise import Exercise
from .results import Movement, PelvisMotion, Reason


@dataclass(frozen=True)
class AnglesReady:
    """Angles on the even grid, each of shape (n,), degrees, from neutral.

    Hip extension, anterior pelvic tilt, and how far the pelvis's left side is above its right. NaN where a sensor's
    samples were lost, or where it has not lain still yet.
    """

    time_s: FloatArray
    hip_deg: FloatArray
    tilt_deg: FloatArray
    obliquity_deg: FloatArray


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
        Largest hip movement from the rest just before the lift: extension, or flexion in hip flexion.
    hold_s
        Time above 70 % of the range at less than 5 deg/s.
    knee_deg
        Largest change of knee flexion while the leg was held up; None without a shank sensor.
    flexion_deg
        Hip flexion at the largest height, from lying straight; None where nobody lay straight before.
    """

    number: int
    start_s: float
    peak_s: float
    end_s: float
    hip_range_deg: float
    peak_speed_deg_s: float
    hold_s: float
    valid: bool
    reason: Reason | None
    movement: Movement | None
    exercise: Exercise = Exercise.PRONE_LIFT
    pelvis: PelvisMotion = PelvisMotion()
    knee_deg: float | None = None
    flexion_deg: float | None = None


@dataclass(frozen=True)
class PlacementChanged:
    """What is wrong with the places of the motion sensors, from now on; empty = nothing any more."""

    time_s: float
    reasons: tuple[Reason, ...]


MotionEvent = AnglesReady | MovementTriggered | MovementRefined | MovementDismissed | LiftFinished | PlacementChanged
