"""Everything a person does besides lifting: walking, fidgeting, and the untidiness of changing posture."""

import numpy as np

from .session_moves import Joint, Swing

# Walking: stride rate and thigh swing (the 25 deg at about 0.9 Hz); knee, pelvis and bob are the usual sizes of
# gait (judgement): the knee swings 30 deg about 30, the pelvis hitches 3.5, turns 5 and bobs 2.5 cm twice a stride.
STRIDE_HZ = (0.8, 1.0)
THIGH_SWING_DEG = 25.0
WALK_KNEE_DEG = 30.0
WALK_FADE_S = 1.5
BOB_M = 0.025
# Small restless movements (judgement): how long out or back, how long they stay, how many are scratching.
FIDGET_S = (0.3, 0.9)
FIDGET_STAY_S = (0.0, 1.5)
SCRATCH_SHARE = 0.2
SCRATCH_HZ = (2.5, 4.5)
# While changing posture nothing is quite smooth: swings of pelvis and legs, degrees, from so many waves.
BUSTLE_DEG = 2.0
BUSTLE_HZ = (0.4, 1.5)
BUSTLE_WAVES = 4


def draw_walk(rng: np.random.Generator, start_s: float, end_s: float) -> tuple[list[Swing], list[float]]:
    """Swings of a walk between two times, and when the heels strike."""
    hz = float(rng.uniform(*STRIDE_HZ))
    swing = THIGH_SWING_DEG * float(rng.uniform(0.85, 1.15))
    waves = {
        Joint.RIGHT_PITCH: (swing, 1.0, 0.0),
        Joint.LEFT_PITCH: (swing, 1.0, 0.5),
        Joint.RIGHT_YAW: (3.0, 1.0, 0.3),
        Joint.LEFT_YAW: (3.0, 1.0, 0.8),
        Joint.KNEE: (WALK_KNEE_DEG, 1.0, 0.85),
        Joint.PELVIS_YAW: (3.5, 1.0, 0.2),
        Joint.PELVIS_ROLL: (5.0, 1.0, 0.0),
        Joint.PELVIS_PITCH: (1.5, 2.0, 0.1),
        Joint.HEIGHT: (BOB_M, 2.0, 0.4),
    }
    steps = np.arange(int((end_s - start_s - WALK_FADE_S) * 2.0 * hz))
    strikes_s = start_s + WALK_FADE_S / 2 + (steps + 0.4) / (2.0 * hz)
    return [Swing(start_s, end_s, hz, WALK_FADE_S, waves)], [float(strike) for strike in strikes_s]


def draw_fidget(rng: np.random.Generator, size_deg: float) -> dict[Joint, float]:
    """By how much which joints go when a leg stirs, a knee bends or the hips shift; the hip by `size_deg` at most."""

    def about(largest: float) -> float:
        return float(rng.uniform(0.3, 1.0) * largest * rng.choice([-1.0, 1.0]))

    kind = str(rng.choice(["leg", "other leg", "knee", "shift"]))
    if kind == "leg":
        return {Joint.RIGHT_PITCH: about(size_deg), Joint.RIGHT_YAW: about(6.0), Joint.RIGHT_ROLL: about(10.0)}
    if kind == "other leg":
        return {Joint.LEFT_PITCH: about(size_deg), Joint.LEFT_YAW: about(6.0), Joint.LEFT_ROLL: about(10.0)}
    if kind == "knee":
        return {Joint.KNEE: abs(about(60.0)), Joint.RIGHT_PITCH: about(0.3 * size_deg)}
    return {
        Joint.PELVIS_ROLL: about(4.0),
        Joint.PELVIS_YAW: about(4.0),
        Joint.PELVIS_PITCH: about(0.6 * size_deg),
        Joint.RIGHT_PITCH: about(0.6 * size_deg),
    }


def draw_scratch(rng: np.random.Generator, start_s: float) -> Swing:
    """Shake the body a little at the rhythm of a hand that scratches."""
    waves = {
        joint: (float(rng.uniform(0.2, 0.6)), float(rng.uniform(0.9, 1.1)), float(rng.random()))
        for joint in (Joint.PELVIS_PITCH, Joint.PELVIS_ROLL, Joint.PELVIS_YAW, Joint.RIGHT_ROLL)
    }
    return Swing(start_s, start_s + float(rng.uniform(1.2, 2.5)), float(rng.uniform(*SCRATCH_HZ)), 0.3, waves)


def draw_bustle(rng: np.random.Generator, start_s: float, end_s: float) -> list[Swing]:
    """Swings of every joint while the posture changes."""
    swings: list[Swing] = []
    for _ in range(BUSTLE_WAVES):
        waves = {
            joint: (BUSTLE_DEG * float(rng.normal()), float(rng.uniform(0.7, 1.4)), float(rng.random()))
            for joint in Joint
            if joint < Joint.HEIGHT
        }
        swings.append(Swing(start_s, end_s, float(rng.uniform(*BUSTLE_HZ)), 0.5, waves))
    return swings
