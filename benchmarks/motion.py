"""Angles, lifts and starts of movement against truth: the project's own lift generator, and the virtual wearable's.

Tuning saw the first generator alone; the second has its own shapes, soft tissue and noise.
Run `python -m benchmarks.motion`; it takes about half a minute.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from benchmarks.motion_simulator import FloatArray, SceneParams, simulate_lifts
from benchmarks.report import Table, describe_machine
from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import ImuParams, SetParams
from firingorder_signal.motion_arrays import track_motion

N_SETS = 20
#: Seeds from here up are for reporting alone.
FIRST_SEED = 50_000
#: A lift counts as found when it begins this near to the truth.
NEAR_S = 0.5


@dataclass(frozen=True)
class Truth:
    """One set of lifts: what the sensors saw and what happened."""

    pelvis_imu: FloatArray
    thigh_imu: FloatArray
    rate_hz: float
    hip_deg: FloatArray
    tilt_deg: FloatArray
    start_s: Sequence[float]
    range_deg: Sequence[float]


def own_sets(params: SceneParams) -> Iterator[Truth]:
    """Simulate sets with the generator that tuning saw."""
    for seed in range(FIRST_SEED, FIRST_SEED + N_SETS):
        scene = simulate_lifts(seed, params)
        angles = scene.hip_deg, scene.tilt_deg
        yield Truth(scene.pelvis_imu, scene.thigh_imu, params.rate_hz, *angles, scene.start_s, scene.range_deg)


def wearable_sets(imu: ImuParams) -> Iterator[Truth]:
    """Simulate sets with the virtual wearable."""
    for seed in range(FIRST_SEED, FIRST_SEED + N_SETS):
        simulated = simulate_set(SetParams(imu=imu), seed=seed)
        yield Truth(
            simulated.pelvis_imu,
            simulated.thigh_imu,
            float(simulated.imu_rate_hz),
            simulated.hip_deg,
            simulated.tilt_deg,
            [lift.move_s for lift in simulated.truth],
            [lift.hip_range_deg for lift in simulated.truth],
        )


def score(name: str, sets: Iterator[Truth]) -> list[str]:
    """Track every set and compare."""
    hip, tilt, starts, ranges = list[float](), list[float](), list[float](), list[float]()
    n_true, n_found, n_doubtful = 0, 0, 0
    for truth in tqdm(sets, desc=name, total=N_SETS, file=sys.stderr):
        motion = track_motion(truth.pelvis_imu, truth.thigh_imu, truth.rate_hz)
        hip.append(_rmse(motion.hip_deg, motion.time_s, truth.hip_deg, truth.rate_hz))
        tilt.append(_rmse(motion.tilt_deg, motion.time_s, truth.tilt_deg, truth.rate_hz))
        n_true, n_found = n_true + len(truth.start_s), n_found + len(motion.lifts)
        for start_s, range_deg in zip(truth.start_s, truth.range_deg, strict=True):
            for lift in (lift for lift in motion.lifts if abs(lift.start_s - start_s) < NEAR_S):
                starts.append(1e3 * (lift.start_s - start_s))
                ranges.append(lift.hip_range_deg - range_deg)
                n_doubtful += lift.movement is None or not lift.movement.confident
    return [
        name,
        f"{np.mean(hip):.2f} ({np.percentile(hip, 95):.2f})",
        f"{np.mean(tilt):.2f} ({np.percentile(tilt, 95):.2f})",
        f"{n_found} of {n_true}",
        f"{np.mean(starts):+.0f} ± {np.std(starts):.0f}",
        f"{100 * n_doubtful / max(len(starts), 1):.0f} %",
        f"{np.mean(ranges):+.1f} ± {np.std(ranges):.1f}",
    ]


def _rmse(measured: FloatArray, time_s: FloatArray, truth: FloatArray, rate_hz: float) -> float:
    """RMS difference, each taken from its own first second."""
    error = measured - np.interp(time_s, np.arange(len(truth)) / rate_hz, truth)
    error = error[~np.isnan(error)]
    return float(np.sqrt(np.mean((error - np.mean(error[:100])) ** 2)))


def main() -> Table:
    """Measure every case."""
    own = {
        "quiet": SceneParams(),
        "restless (1 deg/s)": SceneParams(sway_hz=1.0),
        "thigh sensor turned by 90°": SceneParams(thigh_turn_deg=90.0),
        "gyroscope bias 3 deg/s": SceneParams(bias_deg_s=(3.0, -3.0, 3.0)),
        "speed begins like t": SceneParams(shape_power=1),
        "speed begins like t³": SceneParams(shape_power=3),
        "10 % soft tissue": SceneParams(soft_tissue=0.1),
        "100 Hz": SceneParams(rate_hz=100.0),
    }
    wearable = {"wearable": ImuParams(), "wearable, soft tissue and bulge": ImuParams(soft_tissue=0.1)}
    rows = [score(name, own_sets(params)) for name, params in own.items()]
    rows += [score(name, wearable_sets(imu)) for name, imu in wearable.items()]
    head = ["case", "hip RMSE deg (p95)", "tilt RMSE deg (p95)", "lifts", "start ms", "doubtful", "range error deg"]
    return Table(f"Motion, {N_SETS} sets of six lifts each", head, rows)


if __name__ == "__main__":
    print(describe_machine(), main().to_markdown(), sep="\n\n")
