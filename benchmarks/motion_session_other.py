"""A second generator of motion sessions with exact truth, built on other choices: nothing is ever tuned on it.

Same records and the same meaning of every figure as `firingorder_bridge.virtual.motion_session`, whose plans and
placements it takes too; everything else differs. A person is drawn (build, habits of the pelvis, flesh), the plan as
well; a chain of segments hands on gravity, rates and forces exactly (`motion_other_chain`); cases sit on flesh that
follows late and in a share that varies with the angle. The one addition to the truth's meaning: where the pelvis leads
a bridge, the hip has begun to open before `start_s`, which is the thigh's.
"""

from dataclasses import replace

import numpy as np

from benchmarks.motion_other_chain import FloatArray, Frame, moved, pitch_deg, turned, world
from benchmarks.motion_other_joints import Joint
from benchmarks.motion_other_params import RATES_HZ, OtherParams, Person, draw_person, draw_plan
from benchmarks.motion_other_script import Script, Writer
from benchmarks.motion_other_sensor import SITES, measure, worn_at
from benchmarks.motion_other_unrest import draw_breathing, draw_unrest
from firingorder_bridge.virtual.session_truth import MotionSession, TrueLift

# A heel's or a body's meeting the ground as felt at each site (share of the shank's), how it rings and dies away.
SHOCK_SHARE = {"pelvis": 0.3, "thigh/right": 0.5, "thigh/left": 0.5, "shank/right": 1.0}
SHOCK_HZ, SHOCK_S, SHOCK_LASTS_S = 14.0, 0.025, 0.4
# Flesh follows large angles of the hip no further than about this.
FLESH_END_DEG = 45.0


def simulate_session(seed: int, params: OtherParams | None = None) -> MotionSession:
    """Simulate one session; the same seed and parameters give the same bits.

    Raises
    ------
    ValueError
        The plan asks for something its posture does not allow: a mistake of the caller.
    """
    params = params or OtherParams()
    drawing = np.random.default_rng([seed, 1])
    rate_hz = RATES_HZ[int(drawing.integers(len(RATES_HZ)))]
    rate_hz = params.rate_hz or rate_hz
    plan = draw_plan(drawing)
    person = draw_person(np.random.default_rng([seed, 2]), params)
    script = Writer(np.random.default_rng([seed, 3]), params, person, params.plan or plan).write()
    rest = np.random.default_rng([seed, 4])
    breathing_deg, restless_deg = (float(rest.uniform(*x)) for x in (params.breathing_deg, params.restless_deg))
    script.parts += [
        draw_breathing(rest, breathing_deg, script.end_s),
        draw_unrest(rest, restless_deg, script.end_s),
    ]
    t_s = np.arange(round(script.end_s * rate_hz)) / rate_hz
    joints = script.at(t_s)
    bones, cases = _body(person, script, t_s, joints)
    shock = _shock(script, t_s)
    felt = {site: (cases[site].force + SHOCK_SHARE[site] * shock * cases[site].up, cases[site].rate) for site in SITES}
    tilt_deg = pitch_deg(bones["pelvis"])
    hip_deg = (pitch_deg(bones["thigh/right"]) - tilt_deg + 180.0) % 360.0 - 180.0
    return MotionSession(
        rate_hz=rate_hz,
        imu={site: measure(seed, params, site, rate_hz, felt[worn_at(params.placement, site)]) for site in SITES},
        hip_deg=hip_deg,
        tilt_deg=(tilt_deg + 150.0) % 360.0 - 150.0,
        obliquity_deg=joints[0, Joint.OBLIQUITY].copy(),
        turn_deg=joints[0, Joint.TURN].copy(),
        knee_deg=joints[0, Joint.KNEE].copy(),
        lifts=tuple(_with_speed(lift, hip_deg, rate_hz) for lift in script.lifts),
        acts=tuple(script.acts),
    )


def _body(
    person: Person, script: Script, t_s: FloatArray, joints: FloatArray
) -> tuple[dict[str, Frame], dict[str, Frame]]:
    """Feel with pelvis and thighs in their joints, and with the cases where they sit; both by site."""
    frame = world(joints[2, Joint.HEIGHT])
    for axis, joint in (
        (2, Joint.HEADING), (1, Joint.PITCH), (0, Joint.ROLL), (2, Joint.OBLIQUITY), (1, Joint.TILT), (0, Joint.TURN),
    ):  # fmt: skip
        frame = turned(frame, axis, joints[:, joint])
    bones = {"pelvis": frame}
    cases = {"pelvis": turned(moved(frame, person.pelvis_lever_m), 1, joints[:, Joint.PELVIS_FLESH])}
    late = script.at(t_s - person.lag_s, (Joint.RIGHT_PITCH, Joint.LEFT_PITCH))
    along, aside, out = person.thigh_lever_m
    down, side, deep = person.hip_m
    for site, first, sign in (("thigh/right", Joint.RIGHT_YAW, -1.0), ("thigh/left", Joint.LEFT_YAW, 1.0)):
        thigh = moved(frame, (down, sign * side, deep))
        for number, axis in enumerate((2, 1, 0)):
            thigh = turned(thigh, axis, joints[:, first + number])
        bones[site] = thigh
        flesh = _flesh(person, late[:, first + 1])
        if site == "thigh/right":
            flesh = flesh + joints[:, Joint.THIGH_FLESH]
        # The flesh turns the case about the bone beneath it.
        cases[site] = moved(turned(moved(thigh, (along, sign * aside, 0.0)), 1, flesh), (0.0, 0.0, out))
    shank = turned(moved(bones["thigh/right"], (-person.thigh_m, 0.0, 0.0)), 1, joints[:, Joint.KNEE])
    cases["shank/right"] = moved(shank, person.shank_lever_m)
    return bones, cases


def _flesh(person: Person, hip: FloatArray) -> FloatArray:
    """How far the skin stays behind a course (3, n) of the hip, which the share varies with; shape (3, n), degrees."""
    bounded = np.tanh(hip[0] / FLESH_END_DEG)
    slope = 1.0 - bounded**2
    first, second = hip[1] * slope, hip[2] * slope - 2.0 * bounded * slope * hip[1] ** 2 / FLESH_END_DEG
    x, bend = bounded * FLESH_END_DEG, 2.0 * person.tissue_bend / FLESH_END_DEG
    value = x + 0.5 * bend * x**2
    return -person.tissue * np.array([value, first * (1.0 + bend * x), second * (1.0 + bend * x) + bend * first**2])


def _shock(script: Script, t_s: FloatArray) -> FloatArray:
    """Upward acceleration by blows at times (n,), m/s² at the shank."""
    shock = np.zeros(len(t_s))
    for blow_s, size in script.shocks:
        first, last = np.searchsorted(t_s, [blow_s, blow_s + SHOCK_LASTS_S])
        since = (t_s[first:last] - blow_s) / SHOCK_S
        shock[first:last] += size * np.e * since * np.exp(-since) * np.cos(2.0 * np.pi * SHOCK_HZ * SHOCK_S * since)
    return shock


def _with_speed(lift: TrueLift, hip_deg: FloatArray, rate_hz: float) -> TrueLift:
    rows = slice(round(lift.start_s * rate_hz), round(lift.peak_s * rate_hz) + 1)
    return replace(lift, peak_speed_deg_s=float(np.max(np.abs(np.gradient(hip_deg[rows], 1.0 / rate_hz)))))
