"""Everything the second generator's person does besides lifts and changes of posture: breath, unrest, fidgets, gait."""

import numpy as np
from scipy.interpolate import CubicSpline

from benchmarks.motion_other_joints import Joint
from benchmarks.motion_other_shapes import Freeform

# Breaths are 0.2-0.35 a second, every one as long and deep as it likes within these shares (judgement).
BREATH_HZ = (0.2, 0.35)
BREATH_SPREAD = 0.18
# Restlessness is an Ornstein-Uhlenbeck process seen every so often; it forgets itself within about (seconds).
UNREST_STEP_S = 0.25
UNREST_FORGETS_S = (0.6, 3.0)
UNRESTFUL = tuple(joint for joint in Joint if Joint.OBLIQUITY <= joint <= Joint.LEFT_ROLL)
# What moves fast is drawn at so many knots a second: eight to a cycle of the fastest scratch.
KNOTS_HZ = 40.0
#: Kinds of fidget.
FIDGETS = ("scratching", "foot_wiggle", "hip_shift", "leg_crossing")
# No fidget bends or extends a hip by more: prone, 5 degrees would be a lift.
FIDGET_DEG = 4.5


def draw_breathing(rng: np.random.Generator, amplitude_deg: float, end_s: float) -> Freeform:
    """Breathe from before the session to after it: pelvis and hips pitch, the trunk rises by millimetres."""
    n = int(end_s * BREATH_HZ[1] * 1.5) + 8
    breath_s = 1.0 / float(rng.uniform(*BREATH_HZ)) * np.exp(rng.normal(0.0, BREATH_SPREAD, n))
    begin_s = np.concatenate([[0.0], np.cumsum(breath_s)])[:-1] - 8.0
    depth = np.exp(rng.normal(0.0, BREATH_SPREAD, n))
    knots_s = np.stack([begin_s, begin_s + 0.4 * breath_s, begin_s + 0.75 * breath_s], axis=1).ravel()
    chest = np.stack([np.zeros(n), depth, 0.15 * depth], axis=1).ravel()
    parts = {Joint.TILT: 1.0, Joint.RIGHT_PITCH: -0.6, Joint.LEFT_PITCH: -0.7, Joint.HEIGHT: 0.004}
    knots_s, chest = np.append(knots_s, knots_s[-1] + 1.0), np.append(chest, 0.0)
    return Freeform(tuple(parts), knots_s, amplitude_deg * np.outer(chest, list(parts.values())))


def draw_unrest(rng: np.random.Generator, sd_deg: float, end_s: float) -> Freeform:
    """Every joint wanders about by itself, from before the session to after it."""
    knots_s = np.arange(-4.0, end_s + 4.0, UNREST_STEP_S)
    kept = np.exp(-UNREST_STEP_S / rng.uniform(*UNREST_FORGETS_S, len(UNRESTFUL)))
    pushes = rng.standard_normal((len(knots_s), len(UNRESTFUL)))
    values = np.empty_like(pushes)
    values[0] = pushes[0]
    for row in range(1, len(knots_s)):
        values[row] = kept * values[row - 1] + np.sqrt(1.0 - kept**2) * pushes[row]
    return Freeform(UNRESTFUL, knots_s, sd_deg * rng.uniform(0.5, 1.5, len(UNRESTFUL)) * values)


def draw_fidget(rng: np.random.Generator, start_s: float, kind: str | None = None) -> Freeform:
    """Draw one fidget that begins at `start_s` and leaves everything where it was."""
    kind = kind or FIDGETS[int(rng.integers(len(FIDGETS)))]
    side = float(rng.choice([-1.0, 1.0]))
    if kind in ("scratching", "foot_wiggle"):
        duration_s = float(rng.uniform(0.8, 2.5))
        hz = float(rng.uniform(3.0, 5.0) if kind == "scratching" else rng.uniform(0.9, 2.2))
        sizes = {Joint.RIGHT_PITCH: 0.8, Joint.RIGHT_ROLL: 0.7, Joint.TURN: 0.5, Joint.KNEE: 1.0}
        if kind == "foot_wiggle":
            sizes = {Joint.RIGHT_ROLL: 5.0, Joint.LEFT_ROLL: 4.0, Joint.KNEE: 4.0, Joint.RIGHT_YAW: 1.5}
        knots_s = _knots_s(start_s, duration_s)
        phases = 2.0 * np.pi * (hz * (knots_s - start_s)[:, None] + rng.uniform(0.0, 1.0, len(sizes)))
        wave = np.sin(phases) * np.sin(np.pi * (knots_s - start_s)[:, None] / duration_s) ** 2
        return Freeform(tuple(sizes), knots_s, wave * list(sizes.values()) * rng.uniform(0.3, 1.0))
    size = float(rng.uniform(0.3, 1.0))
    shifts = {
        Joint.TILT: FIDGET_DEG * side * float(rng.uniform(0.0, 0.6)),
        Joint.TURN: float(rng.uniform(-4.0, 4.0)),
        Joint.OBLIQUITY: float(rng.uniform(-4.0, 4.0)),
        Joint.RIGHT_PITCH: FIDGET_DEG * float(rng.choice([-1.0, 1.0])),
        Joint.LEFT_PITCH: float(rng.uniform(-FIDGET_DEG, FIDGET_DEG)),
    }
    if kind == "leg_crossing":
        names = ("RIGHT_YAW", "RIGHT_PITCH", "RIGHT_ROLL") if side > 0 else ("LEFT_YAW", "LEFT_PITCH", "LEFT_ROLL")
        shifts = dict(zip((Joint[name] for name in names), (side * 14.0, FIDGET_DEG, side * 8.0), strict=True))
        shifts |= {Joint.KNEE: 18.0} if side > 0 else {}
    out_s, stay_s, back_s = (float(rng.uniform(*limits)) for limits in ((0.4, 1.1), (0.2, 2.5), (0.4, 1.1)))
    knots_s = start_s + np.cumsum([0.0, 0.35 * out_s, 0.65 * out_s, 0.5 * stay_s, 0.5 * stay_s, 0.6 * back_s])
    knots_s = np.append(knots_s, knots_s[-1] + 0.4 * back_s)
    course = np.array([0.0, 0.25, 0.95, 0.9, 0.95, 0.3, 0.0])
    # A spline swings beyond its knots; nobody here beyond the largest shift.
    fine_s = np.linspace(float(knots_s[0]), float(knots_s[-1]), 200)
    swung = np.asarray(CubicSpline(knots_s, course, bc_type="clamped")(fine_s))
    course /= np.max(np.abs(swung))
    return Freeform(tuple(shifts), knots_s, size * np.outer(course, list(shifts.values())))


def draw_walk(rng: np.random.Generator, start_s: float, end_s: float) -> tuple[Freeform, list[tuple[float, float]]]:
    """Walk between two times; also when heels strike and how hard, m/s² at the shank."""
    knots_s = _knots_s(start_s, end_s - start_s)
    hz = float(rng.uniform(0.72, 1.08)) * (1.0 + 0.06 * np.sin(0.9 * knots_s + float(rng.uniform(0.0, 6.0))))
    cycle = np.cumsum(hz) / KNOTS_HZ
    fade = np.clip(np.minimum(knots_s - start_s, end_s - knots_s) / 1.2, 0.0, 1.0)
    fade = fade**2 * (3.0 - 2.0 * fade)
    second, ahead = float(rng.uniform(0.15, 0.35)), float(rng.uniform(0.0, 1.0))

    def wave(size: float, times: float, phase: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.asarray(size * np.sin(2.0 * np.pi * (times * cycle + phase)), dtype=np.float64)

    swing = float(rng.uniform(17.0, 25.0))
    rows = {
        Joint.RIGHT_PITCH: wave(swing, 1, 0.0) + wave(second * swing, 2, ahead) - 6.0,
        Joint.LEFT_PITCH: wave(swing, 1, 0.5) + wave(second * swing, 2, ahead) - 6.0,
        Joint.KNEE: 26.0 + wave(20.0, 1, 0.3) + wave(11.0, 2, 0.15),
        Joint.OBLIQUITY: wave(4.0, 1, 0.15),
        Joint.TURN: wave(4.0, 1, 0.6),
        Joint.TILT: 3.0 + wave(1.8, 2, 0.35),
        Joint.RIGHT_YAW: wave(2.5, 1, 0.8),
        Joint.LEFT_YAW: wave(2.5, 1, 0.4),
        Joint.HEIGHT: wave(0.02, 2, 0.7),
    }
    strikes = np.flatnonzero(np.diff(np.floor(2.0 * cycle)) > 0)
    shocks = [(float(knots_s[row]), float(fade[row] * rng.uniform(5.0, 16.0))) for row in strikes if fade[row] > 0.2]
    return Freeform(tuple(rows), knots_s, fade[:, None] * np.stack(list(rows.values()), axis=1)), shocks


def _knots_s(start_s: float, duration_s: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return start_s + np.linspace(0.0, duration_s, max(int(duration_s * KNOTS_HZ), 4) + 1)
