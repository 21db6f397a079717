"""One repetition of the second generator: drawn, and taken apart into strokes of joints.

The thigh's own way in space is what is drawn; the hip is that less the pelvis's tilt. So a leg on the table stays there
while the pelvis tilts, and the first movement of its bones is exactly `start_s`.
"""

from dataclasses import replace

import numpy as np

from benchmarks.motion_other_joints import Joint
from benchmarks.motion_other_params import OtherParams, Person, Range
from benchmarks.motion_other_repetition import GivingWay, Lift, Maker
from benchmarks.motion_other_shapes import Shape, Stroke, draw_shape, peak_speed
from firingorder_bridge.virtual.session_params import Step
from firingorder_signal.blocks import Side

#: Faults of a prone lift, with the range in degrees, the speed in deg/s or the knee's bend it then has. The gates they
#: must miss are 5-20 deg, 5-60 deg/s and 10 deg (`firingorder_signal.rules`).
FAULTS: dict[str, Range] = {
    "lift_too_small": (2.0, 4.2),
    "lift_too_large": (22.5, 32.0),
    "lift_too_fast": (70.0, 125.0),
    "lift_too_slow": (2.5, 4.2),
    "knee_bent": (14.0, 70.0),
    "not_still_before": (0.0, 0.0),
}
# Good lifts, clear of the gates; a range in degrees, a speed in deg/s.
PRONE_DEG = (6.5, 17.5)
PRONE_DEG_S = (8.0, 40.0)
PASSIVE_DEG = (8.0, 24.0)
PASSIVE_DEG_S = (6.0, 18.0)
BRIDGE_DEG = {"bilateral_bridge": (28.0, 55.0), "static_hold": (28.0, 55.0), "single_leg_bridge": (22.0, 45.0)}
FLEXION_DEG = (93.0, 128.0)
FLEXION_TILT_DEG = (58.0, 102.0)
FLEXION_TILT_SHARE = (0.15, 0.5)
# Nobody bridges or bends the hip faster than this, deg/s.
BRIDGE_DEG_S, FLEXION_DEG_S = 65.0, 110.0
UP_S, DOWN_S = (0.5, 1.8), (0.6, 2.2)
# On the way down the mean speed stays below this, deg/s.
DOWN_DEG_S = 45.0
# A pelvis that tilts late may let the hip pass its range on the way by so much, degrees.
OVERSHOOT_DEG = 0.3
HOLD_S = {"prone_lift": (0.6, 3.0), "static_hold": (5.0, 25.0)}
SLOW_HOLD_S = (0.8, 6.0)


def draw_lift(
    rng: np.random.Generator, params: OtherParams, person: Person, step: Step, posture: str, start: tuple[float, float]
) -> Lift:
    """Draw one repetition; `start` is its time in seconds and the right hip's angle just before."""
    if posture == "prone":
        return _prone(rng, params, person, step, start[0])
    if step.kind == "hip_flexion":
        return _flexion(rng, params, posture, start)
    return _bridge(rng, params, step, start[0])


def _make(
    rng: np.random.Generator,
    params: OtherParams,
    start_s: float,
    range_deg: float,
    speed_deg_s: float,
    hold: Range,
    up: Shape,
) -> Maker:
    up_s = range_deg * peak_speed(up) / speed_deg_s
    peak_s = start_s + up_s
    lower_s = peak_s + float(rng.uniform(*hold))
    down_s = max(float(rng.uniform(*DOWN_S)), 0.6 * up_s, range_deg / DOWN_DEG_S)
    return Maker(rng, params, up, start_s, peak_s, lower_s, lower_s + down_s)


def _prone(rng: np.random.Generator, params: OtherParams, person: Person, step: Step, start_s: float) -> Lift:
    fault = step.fault or ""
    shape = draw_shape(rng, ("trapezoid",) if step.passive else params.shapes)
    wanted = FAULTS[fault] if fault in ("lift_too_small", "lift_too_large") else PRONE_DEG
    range_deg = float(rng.uniform(*(PASSIVE_DEG if step.passive else wanted)))
    steepness = range_deg * peak_speed(shape)
    limits = PASSIVE_DEG_S if step.passive else PRONE_DEG_S
    speed_deg_s = float(np.clip(steepness / rng.uniform(*UP_S), *limits))
    if fault in ("lift_too_fast", "lift_too_slow"):
        speed_deg_s = float(rng.uniform(*FAULTS[fault]))
    maker = _make(rng, params, start_s, range_deg, speed_deg_s, HOLD_S[step.kind], shape)
    up_s = maker.peak_s - start_s
    # The pelvis, by this person's habit; an examiner's lift takes it along a little.
    share = person.tilt_share * maker.between((0.8, 1.2))
    early_s, late = maker.between((0.05, 0.35)), maker.between((0.3, 0.5))
    style = "together" if step.passive else person.style
    sign = {"posterior": -0.5, "still": 0.0}.get(style, 1.0)
    tilt_deg = range_deg * sign * (0.3 * share if step.passive else share)
    begin_s, stop_s = {
        "early": (start_s - early_s, start_s + 0.8 * up_s),
        "late": (start_s + late * up_s, maker.peak_s),
    }.get(style, (start_s, maker.peak_s))
    begin_s, tilt_shape = _fitting_tilt(maker, range_deg, tilt_deg, begin_s, stop_s)
    knee_deg = maker.between(FAULTS[fault] if fault == "knee_bent" else (-3.0, 4.0))
    settle_deg, sag_deg = maker.between((-0.8, 0.8)), range_deg * maker.between((0.0, 0.06))
    raised_deg = range_deg + tilt_deg
    # During a long hold the leg sinks a little; a short one has no time to.
    if step.kind == "static_hold":
        maker.go({Joint.RIGHT_PITCH: -sag_deg}, maker.peak_s, maker.lower_s, draw_shape(rng))
    maker.there_and_back(
        {Joint.RIGHT_PITCH: raised_deg},
        {Joint.RIGHT_PITCH: settle_deg + (sag_deg if step.kind == "static_hold" else 0.0)},
    )
    turn_deg = person.turn_deg * maker.between((0.7, 1.2))
    maker.there_and_back(
        {
            Joint.RIGHT_YAW: person.yaw_share * raised_deg,
            Joint.RIGHT_ROLL: person.roll_share * raised_deg,
            Joint.TURN: turn_deg,
            Joint.OBLIQUITY: maker.between((-2.0, 2.0)),
            Joint.KNEE: knee_deg,
        }
    )
    maker.tilt(
        {Joint.TILT: tilt_deg, Joint.RIGHT_PITCH: -tilt_deg, Joint.LEFT_PITCH: -tilt_deg}, begin_s, stop_s, tilt_shape
    )
    truth = replace(
        maker.lift(step.kind, range_deg),
        tilt_deg=tilt_deg,
        turn_deg=turn_deg,
        tilt_start_s=begin_s if tilt_deg else None,
        knee_deg=knee_deg,
        passive=step.passive,
        bulge_s=maker.flesh(active=not step.passive),
        fault=step.fault,
    )
    return Lift(truth, tuple(maker.parts), settle_deg)


def _fitting_tilt(
    maker: Maker, range_deg: float, tilt_deg: float, begin_s: float, stop_s: float
) -> tuple[float, Shape]:
    """When the tilt begins and its shape, such that the hip's range is what it has at the top."""
    t_s = np.linspace(maker.start_s, maker.peak_s, 201)
    raised = Stroke(0, maker.start_s, maker.peak_s, range_deg + tilt_deg, maker.up).course(t_s)[0]
    for _ in range(8):
        shape = draw_shape(maker.rng, maker.params.shapes)
        hip = raised - Stroke(0, begin_s, stop_s, tilt_deg, shape).course(t_s)[0]
        if np.max(hip) < range_deg + OVERSHOOT_DEG:
            return begin_s, shape
        begin_s = min(begin_s, maker.start_s + 0.8 * (begin_s - maker.start_s))
    return min(begin_s, maker.start_s), maker.up


def _bridge(rng: np.random.Generator, params: OtherParams, step: Step, start_s: float) -> Lift:
    shape = draw_shape(rng, params.shapes)
    range_deg = float(rng.uniform(*BRIDGE_DEG[step.kind]))
    speed_deg_s = min(range_deg * peak_speed(shape) / float(rng.uniform(0.9, 2.2)), BRIDGE_DEG_S)
    maker = _make(rng, params, start_s, range_deg, speed_deg_s, HOLD_S.get(step.kind, SLOW_HOLD_S), shape)
    tilt_deg = -range_deg * maker.between((0.3, 0.55))
    one = step.kind == "single_leg_bridge"
    # In one bridge of two the pelvis rolls up before the thighs rise.
    begin_s = start_s - (maker.between((0.05, 0.3)) if rng.random() < 0.5 else 0.0)
    raised_deg = range_deg + tilt_deg
    knee_deg = -raised_deg * maker.between((0.4, 0.8))
    turn_deg = maker.between((-5.0, 5.0) if one else (-0.8, 0.8))
    maker.there_and_back(
        {
            Joint.RIGHT_PITCH: raised_deg,
            Joint.LEFT_PITCH: 0.0 if one else raised_deg,
            Joint.TURN: turn_deg,
            Joint.OBLIQUITY: maker.between((-4.0, 4.0) if one else (-0.8, 0.8)),
            Joint.KNEE: knee_deg,
            Joint.HEIGHT: maker.between((0.1, 0.2)),
        }
    )
    # A free leg goes where the pelvis goes.
    left = {} if one else {Joint.LEFT_PITCH: -tilt_deg}
    maker.tilt({Joint.TILT: tilt_deg, Joint.RIGHT_PITCH: -tilt_deg} | left, begin_s, maker.peak_s)
    truth = replace(
        maker.lift(step.kind, range_deg, Side.RIGHT if one else Side.MIDDLE),
        tilt_deg=tilt_deg,
        turn_deg=turn_deg,
        tilt_start_s=begin_s,
        knee_deg=knee_deg,
        bulge_s=maker.flesh(active=True),
    )
    return Lift(truth, tuple(maker.parts))


def _flexion(rng: np.random.Generator, params: OtherParams, posture: str, start: tuple[float, float]) -> Lift:
    start_s, rest_deg = start
    shape = draw_shape(rng, params.shapes)
    # Seated, the hip is bent to begin with: it goes on by 14 degrees at least, and gives way on the way up.
    range_deg = max(float(rng.uniform(*FLEXION_DEG)) + rest_deg, 14.0)
    speed_deg_s = min(range_deg * peak_speed(shape) / float(rng.uniform(1.2, 3.5)), FLEXION_DEG_S)
    maker = _make(rng, params, start_s, range_deg, speed_deg_s, SLOW_HOLD_S, shape)
    from_deg = float(np.clip(maker.between(FLEXION_TILT_DEG), 3.0 - rest_deg, range_deg - rest_deg - 4.0))
    maker.there_and_back({Joint.RIGHT_PITCH: -range_deg})
    hip = (maker.parts[0], maker.parts[1])
    strokes = tuple(part for part in hip if isinstance(part, Stroke))
    giving_way = GivingWay(strokes, rest_deg, from_deg, maker.between(FLEXION_TILT_SHARE))
    knee_deg = range_deg * maker.between((0.5, 0.95)) if posture == "supine" else maker.between((-5.0, 5.0))
    turn_deg = maker.between((-1.5, 1.5))
    maker.there_and_back(
        {Joint.KNEE: knee_deg, Joint.TURN: turn_deg, Joint.RIGHT_YAW: maker.between((-0.08, 0.08)) * range_deg}
    )
    maker.parts.append(giving_way)
    t_s = np.linspace(start_s, maker.peak_s, 5001)
    tilt = giving_way.course(t_s)[0]
    truth = replace(
        maker.lift("hip_flexion", range_deg),
        tilt_deg=float(tilt[-1]),
        turn_deg=turn_deg,
        tilt_start_s=float(t_s[np.flatnonzero(tilt < 0.0)[0]]),
        knee_deg=knee_deg,
        bulge_s=maker.flesh(active=True),
    )
    return Lift(truth, tuple(maker.parts))
