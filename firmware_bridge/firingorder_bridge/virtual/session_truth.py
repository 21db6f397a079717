"""What a simulated motion session truly was: the records any generator fills and any measurement is held against.

A session is one person with sensors on pelvis, thighs and shank doing lifts and other things. Anatomical axes are x
towards the head, y to the left, z away from the back; extension of the hip and anterior tilt of the pelvis are
positive. All times are seconds from the first sample.
"""

from dataclasses import dataclass, field

from firingorder_signal.blocks import FloatArray, Side

#: What counts as a repetition.
LIFT_KINDS = ("prone_lift", "single_leg_bridge", "bilateral_bridge", "static_hold", "hip_flexion")
#: What does not: being still in a posture, and moving about.
ACT_KINDS = ("prone", "supine", "seated", "standing", "getting_up", "walking", "rolling", "fidgeting")


@dataclass(frozen=True)
class TrueLift:
    """One repetition as it was made.

    Attributes
    ----------
    kind
        One of `LIFT_KINDS`.
    side
        The leg that moved; `MIDDLE` = both.
    start_s, peak_s, lower_s, end_s
        First movement of the leg's bones (not of the skin), arrival at the top, begin of lowering, end of movement.
    range_deg
        Hip movement between rest and top: extension, or flexion for `hip_flexion`; never negative.
    tilt_deg, turn_deg
        Pelvic tilt at the top and axial rotation at the top, both from the rest just before.
    tilt_start_s
        When the pelvis began to tilt; None where it stayed.
    knee_deg
        Change of knee flexion during the lift.
    passive
        The examiner lifts the leg.
    bulge_s
        How long before `start_s` the muscle's own swelling began to turn the thigh sensor; 0 = it did not.
    fault
        Why it should not count, by the name of the reason: `lift_too_small`, `lift_too_large`, `lift_too_fast`,
        `lift_too_slow`, `knee_bent`, `not_still_before`; None for a good one.
    """

    kind: str
    side: Side
    start_s: float
    peak_s: float
    lower_s: float
    end_s: float
    range_deg: float
    peak_speed_deg_s: float
    tilt_deg: float = 0.0
    turn_deg: float = 0.0
    tilt_start_s: float | None = None
    knee_deg: float = 0.0
    passive: bool = False
    bulge_s: float = 0.0
    fault: str | None = None


@dataclass(frozen=True)
class TrueAct:
    """Something that is no repetition: one of `ACT_KINDS`."""

    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class MotionSession:
    """What the sensors gave and what was true.

    Attributes
    ----------
    imu : dict of shape (n, 6), m/s² and rad/s
        By site as `Site` writes it: `pelvis`, `thigh/right`, `thigh/left`, `shank/right`. Accelerometer first.
    hip_deg, tilt_deg, obliquity_deg, turn_deg, knee_deg : shape (n,), degrees
        Of the right leg and the pelvis's bones, on the sensors' samples; `turn_deg` is the pelvis's rotation about its
        own long axis.
    """

    rate_hz: float
    imu: dict[str, FloatArray]
    hip_deg: FloatArray
    tilt_deg: FloatArray
    obliquity_deg: FloatArray
    turn_deg: FloatArray
    knee_deg: FloatArray
    lifts: tuple[TrueLift, ...]
    acts: tuple[TrueAct, ...] = field(default=())
