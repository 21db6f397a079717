"""What the second motion generator draws from: the plan, the person, the sensors. All limits are uniform.

Figures without a source are judgement, set without looking at what any measurement makes of them.
"""

from dataclasses import dataclass, field

import numpy as np

from benchmarks.motion_other_shapes import SHAPES
from firingorder_bridge.virtual.session_params import Placement, Step

Range = tuple[float, float]

#: What a person's pelvis does while the leg goes up: tilts before, with or after it, backwards, or not.
STYLES = ("early", "together", "late", "posterior", "still")
#: Sample rates of common boards (104 and 208 Hz: LSM6DS family).
RATES_HZ = (100.0, 104.0, 208.0)


@dataclass(frozen=True)
class SensorErrors:
    """How far an inertial chip is from ideal; scale, cross-axis and bias are drawn up to these.

    Attributes
    ----------
    gyr_noise_dps_rthz, acc_noise_g_rthz
        Noise densities; a consumer part of ten years ago.
    drift_dps_k, warming_k
        Bias per degree of temperature, and how much the case warms up on the skin.
    gyr_range_dps, acc_range_g
        Full scale of 16 bits; 0 = not quantised.
    """

    gyr_noise_dps_rthz: float = 0.010
    acc_noise_g_rthz: float = 250e-6
    scale: float = 0.02
    cross_axis: float = 0.01
    gyr_bias_dps: float = 1.5
    acc_bias_g: float = 0.03
    drift_dps_k: float = 0.03
    warming_k: float = 6.0
    gyr_range_dps: float = 2000.0
    acc_range_g: float = 4.0


IDEAL = SensorErrors(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class OtherParams:
    """A session of the second generator; the same seed and parameters give the same bits.

    Attributes
    ----------
    rate_hz, plan, style
        None: drawn by the seed, from `RATES_HZ`, `draw_plan` and `STYLES`.
    shapes
        Which of `motion_other_shapes.SHAPES` lifts are made of.
    rest_s
        Stillness before a lift, after any fidget.
    fault_share
        Share of the plan's good prone lifts that get a fault drawn from `motion_other_lifts.FAULTS`.
    soft_tissue, lag_s, bulge_deg, bulge_share
        Share of the hip angle the thigh's skin does not follow (it varies with the angle) and how late it is; largest
        turn by the muscle's swelling and in what share of active lifts there is one.
    mounting_deg
        Cases are stuck on up to this far off about each axis.
    gyr_bias_dps
        Every gyroscope axis has this bias, of random sign, in place of a drawn one.
    """

    rate_hz: float | None = None
    plan: tuple[Step, ...] | None = None
    style: str | None = None
    shapes: tuple[str, ...] = SHAPES
    rest_s: Range = (1.8, 4.5)
    fidget_share: float = 0.5
    fault_share: float = 0.0
    breathing_deg: Range = (0.1, 0.45)
    restless_deg: Range = (0.03, 0.2)
    soft_tissue: Range = (0.03, 0.14)
    lag_s: Range = (0.03, 0.08)
    bulge_deg: float = 1.6
    bulge_share: float = 0.6
    mounting_deg: float = 15.0
    sensor: SensorErrors = field(default_factory=SensorErrors)
    gyr_bias_dps: float | None = None
    placement: Placement = field(default_factory=Placement)


#: Nobody restless, firm flesh, cases on straight, ideal sensors, no fidgets.
CALM = OtherParams(
    fidget_share=0.0,
    breathing_deg=(0.0, 0.0),
    restless_deg=(0.0, 0.0),
    soft_tissue=(0.0, 0.0),
    bulge_deg=0.0,
    mounting_deg=0.0,
    sensor=IDEAL,
)


@dataclass(frozen=True)
class Person:
    """One body and its habits: lengths in metres, levers from the joint above, angles in degrees."""

    pelvis_lever_m: tuple[float, float, float]
    hip_m: tuple[float, float, float]
    thigh_m: float
    thigh_lever_m: tuple[float, float, float]
    shank_lever_m: tuple[float, float, float]
    style: str
    tilt_share: float
    turn_deg: float
    yaw_share: float
    roll_share: float
    tissue: float
    tissue_bend: float
    lag_s: float


def draw_person(rng: np.random.Generator, params: OtherParams) -> Person:
    """Draw somebody: 1.5 to 2 m tall, one in three with a pelvis that turns."""

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    thigh_m = between(0.36, 0.50)
    style = STYLES[int(rng.integers(len(STYLES)))]
    return Person(
        pelvis_lever_m=(between(-0.02, 0.09), between(-0.02, 0.02), between(0.07, 0.14)),
        hip_m=(between(-0.10, -0.06), between(0.075, 0.105), between(-0.04, 0.0)),
        thigh_m=thigh_m,
        thigh_lever_m=(-between(0.35, 0.75) * thigh_m, between(-0.03, 0.03), between(0.045, 0.09)),
        shank_lever_m=(-between(0.10, 0.28), between(-0.02, 0.02), between(0.03, 0.06)),
        style=params.style or style,
        tilt_share=between(0.12, 0.40),
        turn_deg=between(2.0, 6.0) * float(rng.choice([-1.0, 1.0])) if rng.random() < 1 / 3 else between(-0.8, 0.8),
        yaw_share=between(-0.18, 0.10),
        roll_share=between(-0.15, 0.15),
        tissue=between(*params.soft_tissue),
        tissue_bend=between(-0.4, 0.4),
        lag_s=between(*params.lag_s),
    )


def draw_plan(rng: np.random.Generator) -> tuple[Step, ...]:
    """Draw a session of three to six minutes: where it begins, how often, and in which order."""

    def times(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    first = [Step("seated", float(rng.uniform(3.0, 5.0)))] if rng.random() < 0.25 else []
    prone = [Step("prone", float(rng.uniform(4.0, 8.0))), Step("prone_lift", times(5, 8))]
    prone += [Step("prone_lift", 1, passive=True), Step("static_hold", 1)]
    back = [Step("supine", float(rng.uniform(3.0, 6.0)))]
    bridges = [Step("single_leg_bridge", times(2, 4)), Step("bilateral_bridge", times(3, 5))]
    flexions = [Step("hip_flexion", times(1, 3))]
    back += bridges + flexions if rng.random() < 0.5 else flexions + bridges
    about = [Step("standing", float(rng.uniform(1.0, 3.0))), Step("walking", float(rng.uniform(8.0, 20.0)))]
    sitting = [Step("seated", float(rng.uniform(2.0, 5.0))), Step("hip_flexion", times(1, 2)), Step("fidgeting", 1)]
    middle = [about, sitting, back]
    order = [middle[int(i)] for i in rng.permutation(3)]
    again = [Step("prone", float(rng.uniform(3.0, 6.0))), Step("prone_lift", times(2, 5))]
    return tuple([*first, *prone, *(step for part in order for step in part), *again])
