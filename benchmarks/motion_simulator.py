"""Prone leg lifts with exact truth, seen by two cheap IMUs: what the motion chain is measured against.

Rigid segments: the pelvis tilts, the thigh extends about the hip with a little abduction and rotation, both breathe
and sway; the sensors sit turned by chance, have a gyroscope bias, noise, scale and misalignment. Sensor figures: a
7 mdps/rtHz, 160 µg/rtHz part with 0.7 deg/s and 20 mg of bias. Soft tissue can follow the hip angle in part.
Used by tests and benchmarks, never by runtime code.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt
from scipy.spatial.transform import Rotation

FloatArray = NDArray[np.float64]
GRAVITY = 9.81


@dataclass(frozen=True)
class SceneParams:
    """What to simulate. Angles in degrees, times in seconds."""

    rate_hz: float = 200.0
    n_lifts: int = 6
    range_deg: tuple[float, float] = (10.0, 20.0)
    rise_s: tuple[float, float] = (0.7, 1.5)
    hold_s: tuple[float, float] = (1.0, 2.5)
    rest_s: tuple[float, float] = (3.0, 5.0)
    lead_in_s: float = 6.0
    tilt_share: float = 0.25
    sway_deg: float = 0.15
    sway_hz: float = 0.5
    breathing_deg: float = 0.3
    mounting_sd_deg: float = 8.0
    thigh_turn_deg: float = 0.0
    bias_sd_deg_s: float = 0.7
    bias_deg_s: tuple[float, float, float] | None = None
    soft_tissue: float = 0.0
    shape_power: int = 2
    ideal_sensors: bool = False


@dataclass(frozen=True)
class Scene:
    """Two sensors' samples, `(n, 6)` in m/s² and rad/s, and what truly happened."""

    time_s: FloatArray
    pelvis_imu: FloatArray
    thigh_imu: FloatArray
    hip_deg: FloatArray
    tilt_deg: FloatArray
    start_s: list[float] = field(default_factory=list[float])
    end_s: list[float] = field(default_factory=list[float])
    range_deg: list[float] = field(default_factory=list[float])
    hold_s: list[float] = field(default_factory=list[float])


def simulate_lifts(seed: int, params: SceneParams | None = None) -> Scene:
    """Simulate one set of lifts; the same seed and parameters give the same scene."""
    params = params or SceneParams()
    rng = np.random.default_rng(seed)
    hip, truth = _hip_course(rng, params)
    time_s = np.arange(len(hip)) / params.rate_hz
    breathing = params.breathing_deg * np.sin(2 * np.pi * 0.25 * time_s + rng.uniform(0, 6.28))
    sway = [params.sway_deg * _band_noise(rng, len(hip), params) for _ in range(6)]
    tilt = params.tilt_share * _delayed(hip, round(0.1 * params.rate_hz)) + breathing + sway[0]
    wobble = rng.normal(0.0, 0.1, 2)
    seen = hip * (1.0 - params.soft_tissue)
    pelvis = _euler(sway[1], tilt, sway[2])
    thigh = _euler(wobble[0] * hip + sway[3], tilt + seen + 0.5 * sway[4], wobble[1] * hip + sway[5])
    true_hip = hip + 0.5 * sway[4]
    arm = np.array([-0.35, 0.0, 0.0])  # a thigh sensor sits about this far below the hip joint, metres
    return Scene(
        time_s,
        _sensor(rng, params, pelvis, np.zeros(3), 0.0),
        _sensor(rng, params, thigh, arm, params.thigh_turn_deg),
        true_hip,
        tilt,
        **truth,
    )


def _hip_course(rng: np.random.Generator, params: SceneParams) -> tuple[FloatArray, dict[str, list[float]]]:
    """Draw the hip angle and when each lift begins, ends and how long it holds."""
    truth: dict[str, list[float]] = {"start_s": [], "end_s": [], "range_deg": [], "hold_s": []}
    parts = [np.zeros(round(params.lead_in_s * params.rate_hz))]
    for _ in range(params.n_lifts):
        height, up_s, hold_s, down_s = (
            float(rng.uniform(*limits)) for limits in (params.range_deg, params.rise_s, params.hold_s, params.rise_s)
        )
        start_s = sum(len(part) for part in parts) / params.rate_hz
        rise = height * _smooth_step(round(up_s * params.rate_hz), params.shape_power)
        fall = height * _smooth_step(round(down_s * params.rate_hz), 2)[::-1]
        parts += [rise, np.full(round(hold_s * params.rate_hz), height), fall]
        truth["start_s"].append(start_s)
        truth["end_s"].append(sum(len(part) for part in parts) / params.rate_hz)
        truth["range_deg"].append(height)
        truth["hold_s"].append(hold_s)
        parts.append(np.zeros(round(float(rng.uniform(*params.rest_s)) * params.rate_hz)))
    return np.concatenate(parts), truth


def _smooth_step(n: int, power: int) -> FloatArray:
    """Rise from 0 to 1 with a speed that begins like t^power and ends like minimum jerk (Flash & Hogan 1985)."""
    share = np.arange(n) / n
    speed = share**power * (1.0 - share) ** 2
    course = np.cumsum(speed)
    return np.asarray(course / course[-1], dtype=np.float64)


def _delayed(values: FloatArray, n: int) -> FloatArray:
    return np.concatenate([np.zeros(n), values[: len(values) - n]])


def _band_noise(rng: np.random.Generator, n: int, params: SceneParams) -> FloatArray:
    """Slow noise of unit standard deviation: a person lying still (up to 0.5 Hz: 0.3 deg/s) or restless."""
    sos = butter(2, (0.1, params.sway_hz), "bandpass", fs=params.rate_hz, output="sos")
    edge = round(20 * params.rate_hz)  # the filter's own start and end, which are no person's
    noise = np.asarray(sosfiltfilt(sos, rng.normal(size=n + 2 * edge)), dtype=np.float64)[edge:-edge]
    return noise / float(noise.std())


def _euler(yaw_deg: FloatArray, pitch_deg: FloatArray, roll_deg: FloatArray) -> Rotation:
    """Segment to world, world z up, x towards the head of a prone person."""
    return Rotation.from_euler("ZYX", np.stack([yaw_deg, pitch_deg, roll_deg], axis=1), degrees=True)


def _sensor(
    rng: np.random.Generator, params: SceneParams, segment: Rotation, arm_m: FloatArray, turn_deg: float
) -> FloatArray:
    """Let a sensor on the segment measure: turned by chance, biased and noisy."""
    tilted = Rotation.from_rotvec(rng.normal(0.0, params.mounting_sd_deg, 3), degrees=True)
    world = segment * Rotation.from_rotvec([0.0, 0.0, turn_deg], degrees=True) * tilted
    rate_hz = params.rate_hz
    steps = (world[:-1].inv() * world[1:]).as_rotvec() * rate_hz
    gyr = np.concatenate([steps[:1], 0.5 * (steps[:-1] + steps[1:]), steps[-1:]])
    place = segment.apply(arm_m)
    motion = np.gradient(np.gradient(place, 1.0 / rate_hz, axis=0), 1.0 / rate_hz, axis=0)
    acc = world.inv().apply(motion + [0.0, 0.0, GRAVITY])
    if params.ideal_sensors:
        return np.ascontiguousarray(np.hstack([acc, gyr]))
    noise_hz = np.sqrt(rate_hz / 2.0)
    drawn = rng.normal(0.0, params.bias_sd_deg_s, 3)
    bias = np.deg2rad(params.bias_deg_s or drawn)
    crooked = Rotation.from_rotvec(rng.normal(0.0, 0.5, 3), degrees=True)
    gyr = crooked.apply(gyr * (1.0 + rng.normal(0.0, 0.01, 3))) + bias
    gyr += rng.normal(0.0, np.deg2rad(0.007) * noise_hz, gyr.shape)
    acc = acc * (1.0 + rng.normal(0.0, 0.005, 3)) + rng.normal(0.0, 0.02 * GRAVITY, 3)
    acc += rng.normal(0.0, 160e-6 * GRAVITY * noise_hz, acc.shape)
    return np.ascontiguousarray(np.hstack([acc, gyr]))
