"""From joints to segments: attitude and place of pelvis, thighs and right shank, and of the cases on them."""

from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray, Side

from .chance import generator
from .inertial import LEVERS_M, STANDARD_GRAVITY
from .motion import BREATHING_HZ, BULGE_RISE_S, SWAY_HZ, SWAY_WAVES, THIGH_BREATHING, WOBBLE_DEG, WOBBLE_SD_S
from .motion_shape import min_jerk
from .quaternion import conjugate, from_euler, multiply, rotate, slerp, turn_about
from .session_lift import LiftMove
from .session_moves import Joint, Restlessness
from .session_params import SessionParams
from .session_script import ScriptWriter

#: Where a sensor can sit, as `blocks.Site` writes it.
SITES = ("pelvis", "thigh/right", "thigh/left", "shank/right")
# Hips lie 9 cm to the side and 8 cm towards the feet of the pelvis's centre, the knee 42 cm below (adult, rounded);
# on the shank the sensor sits a third of the way down, at the back.
HIP_M = {"thigh/right": (-0.08, -0.09, -0.02), "thigh/left": (-0.08, 0.09, -0.02)}
KNEE_M = (-0.42, 0.0, 0.0)
SHANK_LEVER_M = (-0.15, 0.0, 0.05)
# Step of the numerical derivatives, as in `inertial`.
STEP_S = 1e-3
# A heel strike: size by site (running up the leg it is damped), ringing and decay (judgement).
SHOCK_M_S2 = {"pelvis": 3.0, "thigh/right": 6.0, "thigh/left": 6.0, "shank/right": 12.0}
SHOCK_HZ = 18.0
SHOCK_DECAY_S = 0.03
SHOCK_RISE_S = 0.01
SHOCK_LASTS_S = 0.25
SITE_JOINTS = {"thigh/right": Joint.RIGHT_YAW, "thigh/left": Joint.LEFT_YAW}


@dataclass(frozen=True)
class Segments:
    """Attitudes of bones and cases, quaternions (4, n), and places of the cases, (3, n) metres, by site."""

    bones: dict[str, FloatArray]
    cases: dict[str, FloatArray]
    places_m: dict[str, FloatArray]


class SessionBody:
    """The person of one script."""

    def __init__(self, params: SessionParams, script: ScriptWriter, seed: int) -> None:
        self._params = params
        self._script = script
        rng = generator(seed, "session", "sway")
        mix = rng.normal(0.0, params.imu.sway_deg / np.sqrt(SWAY_WAVES), (2 * SWAY_WAVES, int(Joint.HEIGHT)))
        hz, phase = rng.uniform(*SWAY_HZ, SWAY_WAVES), float(rng.uniform(0, 2 * np.pi))
        self._restlessness = Restlessness(
            hz, mix, params.imu.breathing_deg, BREATHING_HZ, phase, thigh_share=THIGH_BREATHING
        )
        self._wobble_hz = rng.uniform(6.0, 12.0, len(script.lifts))

    def joints(self, t_s: FloatArray) -> FloatArray:
        """Joint angles at sorted times (n,), shape (Joint.WIDTH, n)."""
        joints = np.zeros((int(Joint.WIDTH), len(t_s)))
        for joint, level in self._script.first_levels.items():
            joints[joint] = level
        for move in (*self._script.moves, self._restlessness):
            move.add(joints, t_s)
        return joints

    def segments(self, t_s: FloatArray, joints: FloatArray) -> Segments:
        """Attitudes and places at sorted times (n,)."""
        pelvis = multiply(self._posture(t_s), from_euler(*joints[Joint.PELVIS_YAW : Joint.PELVIS_ROLL + 1]))
        centre = np.zeros((3, len(t_s)))
        centre[2] = joints[Joint.HEIGHT]
        bones, cases = {"pelvis": pelvis}, {"pelvis": pelvis}
        places = {"pelvis": centre + rotate(pelvis, _column(LEVERS_M["pelvis"]))}
        hips: dict[str, FloatArray] = {}
        for site, first in SITE_JOINTS.items():
            bones[site] = multiply(pelvis, from_euler(*joints[first : first + 3]))
            cases[site] = multiply(bones[site], turn_about(1, self._skin_deg(site, t_s, joints)))
            # The flesh turns the case about the bone beneath it, not about the hip.
            along, _, out = LEVERS_M["thigh"]
            hips[site] = centre + rotate(pelvis, _column(HIP_M[site]))
            places[site] = hips[site] + rotate(bones[site], _column((along, 0.0, 0.0)))
            places[site] = places[site] + rotate(cases[site], _column((0.0, 0.0, out)))
        knee = hips["thigh/right"] + rotate(bones["thigh/right"], _column(KNEE_M))
        bones["shank/right"] = cases["shank/right"] = multiply(bones["thigh/right"], turn_about(1, joints[Joint.KNEE]))
        places["shank/right"] = knee + rotate(bones["shank/right"], _column(SHANK_LEVER_M))
        return Segments(bones, cases, places)

    def sense(self, t_s: FloatArray) -> tuple[FloatArray, Segments, dict[str, tuple[FloatArray, FloatArray]]]:
        """Joints, segments, and by site true specific force and angular rate in the case's axes, shapes (3, n)."""
        joints = self.joints(t_s)
        now = self.segments(t_s, joints)
        before, after = (self.segments(t, self.joints(t)) for t in (t_s - STEP_S, t_s + STEP_S))
        shock = self._shock(t_s)
        sensed: dict[str, tuple[FloatArray, FloatArray]] = {}
        for site in SITES:
            turn = multiply(conjugate(before.cases[site]), after.cases[site])
            rate = np.sign(turn[0]) * turn[1:] / STEP_S
            force = (after.places_m[site] - 2.0 * now.places_m[site] + before.places_m[site]) / STEP_S**2
            force[2] += STANDARD_GRAVITY + SHOCK_M_S2[site] * shock
            sensed[site] = rotate(conjugate(now.cases[site]), force), rate
        return joints, now, sensed

    def _posture(self, t_s: FloatArray) -> FloatArray:
        out = np.empty((4, len(t_s)))
        for turn in self._script.turns:
            first, stop = np.searchsorted(t_s, [turn.start_s, turn.start_s + turn.duration_s])
            share = min_jerk((t_s[first:stop] - turn.start_s) / turn.duration_s)
            out[:, first:stop] = slerp(turn.start, turn.stop, share)
            out[:, stop:] = turn.stop
        return out

    def _skin_deg(self, site: str, t_s: FloatArray, joints: FloatArray) -> FloatArray:
        """How far soft tissue turns a thigh's case against the bone at times (n,), degrees."""
        tissue = self._params.imu.soft_tissue
        skin_deg = -tissue * joints[SITE_JOINTS[site] + 1]
        for lift, wobble_hz in zip(self._script.lifts if tissue else (), self._wobble_hz, strict=False):
            if site == "thigh/right" or lift.side is Side.MIDDLE:
                first, stop = np.searchsorted(t_s, [lift.start_s - 1.0, lift.end_s + 1.0])
                skin_deg[first:stop] += _bulge_deg(lift, float(wobble_hz), t_s[first:stop])
        return np.asarray(skin_deg)

    def _shock(self, t_s: FloatArray) -> FloatArray:
        """Upward acceleration of heel strikes at times (n,), for a site of size 1."""
        shock = np.zeros(len(t_s))
        for strike_s in self._script.strikes_s:
            first, stop = np.searchsorted(t_s, [strike_s, strike_s + SHOCK_LASTS_S])
            since_s = t_s[first:stop] - strike_s
            ringing = np.cos(2 * np.pi * SHOCK_HZ * since_s) * np.exp(-since_s / SHOCK_DECAY_S)
            shock[first:stop] += min_jerk(since_s / SHOCK_RISE_S) * ringing
        return shock


def _bulge_deg(lift: LiftMove, wobble_hz: float, t_s: FloatArray) -> FloatArray:
    """Add the muscle's swelling while it works to the flesh's wobble as the leg sets off (as in `motion.Body`)."""
    shape = min_jerk((t_s - lift.start_s + lift.bulge_s) / BULGE_RISE_S) - min_jerk((t_s - lift.end_s) / BULGE_RISE_S)
    since_s = t_s - lift.start_s - 2 * WOBBLE_SD_S
    wobble = np.sin(2 * np.pi * wobble_hz * since_s) * np.exp(-0.5 * (since_s / WOBBLE_SD_S) ** 2)
    return np.asarray(lift.bulge_deg * shape + WOBBLE_DEG * wobble)


def _column(vector: tuple[float, float, float]) -> FloatArray:
    return np.array(vector)[:, None]
