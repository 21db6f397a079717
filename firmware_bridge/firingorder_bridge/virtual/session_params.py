"""What a simulated motion session is made of: the plan of acts, how lifts are made, tissue, sensors and placement.

Figures without a source are judgement, chosen wide enough that a measurement tuned on one session fails on another.
"""

from dataclasses import dataclass, field

from firingorder_signal.rules import JudgementRules

from .settings import ImuParams

Range = tuple[float, float]

#: How the speed of a lift begins: as this power of time (2 = minimum jerk, Flash & Hogan 1985; 0 = at once, see
#: `session_moves.soft_step`). `slow` is minimum jerk at the lowest speed a lift may have.
SHAPES = {"linear": 1.0, "square": 2.0, "cubic": 3.0, "abrupt": 0.0, "slow": 2.0}
#: Reasons a prone lift should not count, as `session_truth.TrueLift.fault` names them.
FAULTS = ("lift_too_small", "lift_too_large", "lift_too_fast", "lift_too_slow", "knee_bent", "not_still_before")


@dataclass(frozen=True)
class Step:
    """One item of the plan.

    Attributes
    ----------
    kind
        A posture (`prone`, `supine`, `seated`, `standing`: the way there is added), `walking`, `fidgeting` or one of
        `LIFT_KINDS`.
    amount
        Repetitions of a lift or a fidget; seconds of a posture or of walking.
    fault, passive
        Of a prone lift: what is wrong with it, one of `FAULTS`; the examiner lifts the leg.
    """

    kind: str
    amount: float = 1.0
    fault: str | None = None
    passive: bool = False


DEFAULT_PLAN = (
    Step("prone", 6.0),
    Step("prone_lift", 8),
    Step("static_hold", 1),
    Step("prone_lift", 1, passive=True),
    Step("standing", 1.5),
    Step("walking", 14.0),
    Step("supine", 4.0),
    Step("bilateral_bridge", 4),
    Step("single_leg_bridge", 3),
    Step("hip_flexion", 2),
    Step("prone", 3.0),
    Step("prone_lift", 4),
)


@dataclass(frozen=True)
class LiftRanges:
    """Between which limits each repetition of one kind is drawn, degrees and seconds."""

    range_deg: Range
    up_s: Range
    hold_s: Range
    down_s: Range
    tilt_share: Range
    tilt_delay_s: Range


@dataclass(frozen=True)
class Placement:
    """How the sensors were put on wrongly.

    Attributes
    ----------
    thigh_turn_deg, pelvis_turn_deg
        The right thigh's or the pelvis's case turned in the plane of the skin, about its outward normal.
    thigh_face_down, pelvis_face_down
        The case lies on its face, the arrow still towards the head.
    swapped
        The sensors of pelvis and right thigh sit in each other's place.
    wrong_leg
        The sensors of the two thighs sit in each other's place.
    """

    thigh_turn_deg: float = 0.0
    pelvis_turn_deg: float = 0.0
    thigh_face_down: bool = False
    pelvis_face_down: bool = False
    swapped: bool = False
    wrong_leg: bool = False


# Good prone lifts stay a fifth inside the protocol's gates, so that what a sensor must find is not on their edge.
_PRONE_DEG = (1.4 * JudgementRules.hip_min_deg, 0.85 * JudgementRules.hip_max_deg)


@dataclass(frozen=True)
class SessionParams:
    """A session; the same seed and parameters give the same bits.

    Attributes
    ----------
    rest_s
        Stillness before a lift, after the last fidget.
    fidget_share
        Share of the rests between lifts in which the person fidgets.
    fidget_deg
        Largest movement of the hip in a fidget.
    fault_share
        Share of the plan's prone lifts that get a fault of `faults`, besides those the plan asks for.
    flexion_deg, flexion_tilt_deg, flexion_tilt_share
        Hip angle reached in hip flexion, from which angle on the pelvis tilts backwards, and by how much per degree.
    free_leg_deg
        Hip of the leg that does not bridge, one of these: held up or lying flat.
    passive_deg, passive_deg_s
        Range and peak speed of a lift by the examiner.
    bulge_deg, bulge_lead_s
        Largest turn of the thigh sensor by the muscle's swelling and how long before the movement it begins
        (evidence: up to 1.5 deg, 50-200 ms); only with `imu.soft_tissue`.
    imu
        Sensors and restlessness; noise is given for 200 Hz and follows the rate.
    gyr_bias_dps
        Every gyroscope axis has this bias, of random sign, in place of a drawn one.
    """

    rate_hz: float = 200.0
    plan: tuple[Step, ...] = DEFAULT_PLAN
    prone_lift: LiftRanges = LiftRanges(_PRONE_DEG, (0.7, 1.5), (0.8, 2.5), (0.8, 2.0), (0.1, 0.35), (-0.1, 0.25))
    bilateral_bridge: LiftRanges = LiftRanges(
        (30.0, 50.0), (1.0, 2.0), (1.0, 4.0), (1.0, 2.0), (-0.5, -0.35), (0.0, 0.1)
    )
    single_leg_bridge: LiftRanges = LiftRanges(
        (25.0, 42.0), (1.0, 2.0), (1.0, 5.0), (1.0, 2.0), (-0.5, -0.35), (0.0, 0.1)
    )
    hip_flexion: LiftRanges = LiftRanges((0.0, 0.0), (1.5, 3.0), (1.0, 5.0), (1.5, 3.0), (0.0, 0.0), (0.0, 0.0))
    static_hold_s: Range = (5.0, 20.0)
    shapes: tuple[str, ...] = tuple(SHAPES)
    rest_s: Range = (2.0, 4.0)
    fidget_share: float = 0.4
    fidget_deg: float = 4.5
    fault_share: float = 0.0
    faults: tuple[str, ...] = FAULTS
    flexion_deg: Range = (90.0, 120.0)
    flexion_tilt_deg: Range = (60.0, 95.0)
    flexion_tilt_share: Range = (0.2, 0.5)
    free_leg_deg: tuple[float, ...] = (-45.0, 0.0)
    passive_deg: Range = (10.0, 22.0)
    passive_deg_s: Range = (7.0, 12.0)
    bulge_deg: float = 1.5
    bulge_lead_s: Range = (0.05, 0.2)
    imu: ImuParams = field(default_factory=ImuParams)
    gyr_bias_dps: float | None = None
    placement: Placement = field(default_factory=Placement)
