"""A whole session of simulated movement with exact truth: lifts of every kind, and everything between them.

`simulate_session` plays a plan (`session_params.DEFAULT_PLAN`: prone lifts with fidgets, getting up, walking, bridges,
hip flexion, rolling over, more lifts) on a jointed body and lets a cheap inertial chip on each site measure it. Rigid
bones, ball joints, sensors that follow the skin; no magnetometer, no gaps, one clock. Truth is on the sensors' samples:

* `hip_deg`: sagittal pitch of the right thigh less that of the pelvis (`angles.py`), within +-180; `tilt_deg`: that of
  the pelvis, prone 0, standing -90, supine 180, from -150 to 210. On the side these lose their meaning, as they do for
  anybody who measures them.
* `turn_deg`, `obliquity_deg`: rotation about the pelvis's long axis (left side dorsal) and about its dorsal axis (right
  side towards the head), against the posture.
* `lifts[].peak_speed_deg_s`: of the hip on the way up.
* `acts`: a posture lasts from arriving to leaving; lifts, fidgets and walking lie within. Bending the legs before
  bridging is a fidget.
"""

from dataclasses import replace

import numpy as np

from firingorder_signal.blocks import FloatArray

from .chance import generator
from .inertial import InertialChip, draw_mounting
from .quaternion import up_in
from .session_body import SITES, Segments, SessionBody
from .session_lift import LiftMove
from .session_moves import Joint
from .session_params import Placement, SessionParams
from .session_script import ScriptWriter
from .session_truth import MotionSession, TrueLift
from .settings import ImuParams

# The noise figures of `ImuParams` are those of a stream at this rate; white noise grows with the root of the rate.
NOISE_RATE_HZ = 200.0


def simulate_session(seed: int, params: SessionParams | None = None) -> MotionSession:
    """Simulate one session; the same seed and parameters give the same bits.

    Raises
    ------
    ValueError
        The plan asks for something its posture does not allow: a mistake of the caller.
    """
    params = params or SessionParams()
    script = ScriptWriter(params, seed)
    script.write()
    t_s = np.arange(round(script.now_s * params.rate_hz)) / params.rate_hz
    joints, segments, sensed = SessionBody(params, script, seed).sense(t_s)
    imu = {site: _measure(params, site, seed, *sensed[_worn_at(params.placement, site)]) for site in SITES}
    hip_deg, tilt_deg = _sagittal_truth(segments)
    return MotionSession(
        rate_hz=params.rate_hz,
        imu=imu,
        hip_deg=hip_deg,
        tilt_deg=tilt_deg,
        obliquity_deg=joints[Joint.PELVIS_YAW].copy(),
        turn_deg=joints[Joint.PELVIS_ROLL].copy(),
        knee_deg=joints[Joint.KNEE].copy(),
        lifts=tuple(_true_lift(lift, hip_deg, params.rate_hz) for lift in script.lifts),
        acts=tuple(sorted(script.acts, key=lambda act: act.start_s)),
    )


def _worn_at(placement: Placement, site: str) -> str:
    """Where the sensor that is called `site` really sits."""
    if placement.swapped:
        site = {"pelvis": "thigh/right", "thigh/right": "pelvis"}.get(site, site)
    if placement.wrong_leg:
        site = {"thigh/right": "thigh/left", "thigh/left": "thigh/right"}.get(site, site)
    return site


def _measure(params: SessionParams, site: str, seed: int, force: FloatArray, rate: FloatArray) -> FloatArray:
    """Let the chip at `site` read true force and rate, each (3, n); shape (n, 6)."""
    rng = generator(seed, "session", "imu", site)
    per_rate = np.sqrt(params.rate_hz / NOISE_RATE_HZ)
    imu: ImuParams = replace(
        params.imu,
        gyr_noise_dps=params.imu.gyr_noise_dps * per_rate,
        acc_noise_m_s2=params.imu.acc_noise_m_s2 * per_rate,
    )
    mounting = _placed(params.placement, site) @ draw_mounting(imu, rng)
    chip = InertialChip(imu, params.rate_hz, rng, generator(seed, "session", "imu", site, "noise"))
    if params.gyr_bias_dps is not None:
        chip.gyr_bias_rad_s = np.radians(params.gyr_bias_dps) * rng.choice([-1.0, 1.0], 3)
    return np.ascontiguousarray(chip.read(force.T @ mounting.T, rate.T @ mounting.T))


def _placed(placement: Placement, site: str) -> FloatArray:
    """Matrix (3, 3) from the axes of a case put on well to those of the case as it was put on."""
    turn_deg, face_down = {
        "pelvis": (placement.pelvis_turn_deg, placement.pelvis_face_down),
        "thigh/right": (placement.thigh_turn_deg, placement.thigh_face_down),
    }.get(site, (0.0, False))
    cosine, sine = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    turned = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(np.diag([1.0, -1.0, -1.0]) @ turned if face_down else turned)


def _sagittal_truth(segments: Segments) -> tuple[FloatArray, FloatArray]:
    """Hip angle and pelvic tilt, shapes (n,), degrees."""
    pitches: list[FloatArray] = []
    for site in ("thigh/right", "pelvis"):
        up = up_in(segments.bones[site])
        pitches.append(np.degrees(np.arctan2(-up[0], up[2])))
    thigh, pelvis = pitches
    return (thigh - pelvis + 180.0) % 360.0 - 180.0, (pelvis + 150.0) % 360.0 - 150.0


def _true_lift(lift: LiftMove, hip_deg: FloatArray, rate_hz: float) -> TrueLift:
    rows = slice(round(lift.start_s * rate_hz), round(lift.top_s * rate_hz) + 1)
    speed = np.gradient(hip_deg[rows], 1.0 / rate_hz)
    return replace(lift.truth(), peak_speed_deg_s=float(np.max(np.abs(speed))))
