"""The simulated motion sensors agree with the truth about the angles."""

from dataclasses import replace

import numpy as np
import pytest

from firingorder_bridge.virtual.inertial import STANDARD_GRAVITY, InertialSensor, rotation
from firingorder_bridge.virtual.motion import Body
from firingorder_bridge.virtual.motion_shape import min_jerk
from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_bridge.virtual.settings import ImuParams, SetParams
from firingorder_bridge.virtual.tasks import SINGLE_LEG_BRIDGE, TASKS, Task
from firingorder_bridge.virtual.timeline import Timeline
from firingorder_signal.blocks import FloatArray

QUIET = ImuParams(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, mounting_deg=8.0, sway_deg=0.0, breathing_deg=0.0)


def still(params: ImuParams = QUIET, task: Task | None = None) -> SimulatedSet:
    base = SetParams(imu=params, n_lifts=3, rest_s=3.0, quiet_s=3.0)
    return simulate_set(replace(base, task=task) if task else base, seed=6)


def pitch_deg(imu: FloatArray, mounting: FloatArray) -> FloatArray:
    """Sagittal angle of a segment by its accelerometer alone, the mounting known."""
    up = imu[:, :3] @ mounting
    return np.asarray(np.degrees(np.arctan2(-up[:, 0], up[:, 2])))


def holds(simulated: SimulatedSet) -> list[slice]:
    """Rows of the still part of each hold."""
    return [slice(int((x.top_s + 0.3) * 200), int((x.lower_s - 0.3) * 200)) for x in simulated.lifts]


def test_gravity_shows_the_true_angles_while_the_leg_is_held() -> None:
    simulated = still()
    pelvis = pitch_deg(simulated.pelvis_imu, simulated.mountings["pelvis"])
    thigh = pitch_deg(simulated.thigh_imu, simulated.mountings["thigh"])
    for rows in holds(simulated):
        assert pelvis[rows] == pytest.approx(simulated.tilt_deg[rows], abs=0.01)
        assert (thigh - pelvis)[rows] == pytest.approx(simulated.hip_deg[rows], abs=0.01)


def test_gravity_has_its_length_at_rest() -> None:
    simulated = still()
    assert np.linalg.norm(simulated.pelvis_imu[:400, :3], axis=1) == pytest.approx(STANDARD_GRAVITY, abs=1e-6)


def test_the_gyroscope_integrates_to_the_true_change_of_angle() -> None:
    simulated = still()
    rate = (simulated.thigh_imu[:, 3:] @ simulated.mountings["thigh"])[:, 1]
    turned_deg = np.degrees(np.cumsum(rate) / 200)
    thigh_deg = simulated.hip_deg + simulated.tilt_deg
    assert turned_deg == pytest.approx(thigh_deg, abs=0.2)


def test_each_lift_reaches_its_planned_range() -> None:
    simulated = still()
    for lift, rows in zip(simulated.lifts, holds(simulated), strict=True):
        assert simulated.hip_deg[rows].mean() == pytest.approx(lift.hip_deg, abs=0.05)
        assert simulated.tilt_deg[rows].mean() == pytest.approx(lift.tilt_deg, abs=0.02)


def test_nothing_moves_before_the_start_of_movement() -> None:
    simulated = still()
    t_s = np.arange(len(simulated.hip_deg)) / 200
    lift = simulated.lifts[0]
    assert np.all(np.abs(simulated.hip_deg[t_s <= lift.move_s]) < 1e-9)
    assert np.abs(simulated.hip_deg[t_s > lift.move_s + 0.1])[0] > 0.01


def test_the_pelvis_follows_the_hip() -> None:
    simulated = still()
    lift, t_s = simulated.lifts[0], np.arange(len(simulated.hip_deg)) / 200
    begun = [t_s[np.flatnonzero(angle > 0.05 * angle.max())[0]] for angle in (simulated.hip_deg, simulated.tilt_deg)]
    assert begun[0] < begun[1] < begun[0] + 0.3
    assert begun[0] > lift.move_s


def test_the_movement_is_smooth_and_as_slow_as_a_real_lift() -> None:
    simulated = still()
    speed_deg_s = np.gradient(simulated.hip_deg, 1 / 200)
    assert 10 < np.max(speed_deg_s) < 60


def test_min_jerk_starts_with_the_square_of_time() -> None:
    t_s = np.array([0.0, 1e-3, 1.0])
    assert min_jerk(t_s) == pytest.approx([0.0, 1e-8, 1.0], rel=0.01)


def test_soft_tissue_hides_a_share_of_the_hip_angle() -> None:
    firm, soft = still(), still(replace(QUIET, soft_tissue=0.1))
    assert np.array_equal(firm.hip_deg, soft.hip_deg)
    seen = [pitch_deg(each.thigh_imu, each.mountings["thigh"]) for each in (firm, soft)]
    hidden = [np.mean(seen[0][rows] - seen[1][rows]) for rows in holds(firm)]
    # A tenth of 12 degrees, give or take the bulge of at most 1.5.
    assert np.mean(hidden) == pytest.approx(1.2, abs=1.5)
    assert np.ptp(hidden) > 0.1


def test_bias_and_noise_have_their_level() -> None:
    params = ImuParams(sway_deg=0.0, breathing_deg=0.0, gyr_walk_dps=0.0)
    rest = still(params).pelvis_imu[:500]
    assert np.std(np.degrees(rest[:, 3:]), axis=0) == pytest.approx(0.07, rel=0.15)
    assert np.std(rest[:, :3], axis=0) == pytest.approx(0.0157, rel=0.15)
    biases = [InertialSensor(params, _body(), "thigh", 200, seed).gyr_bias_rad_s for seed in range(60)]
    assert np.degrees(np.std(biases)) == pytest.approx(0.7, rel=0.25)


def test_a_patient_breathes_and_sways_a_little() -> None:
    rest_deg = still(ImuParams()).tilt_deg[:600]
    assert 0.1 < np.std(rest_deg) < 0.6


def test_a_bridge_is_done_on_the_back() -> None:
    simulated = still(task=SINGLE_LEG_BRIDGE)
    up = simulated.pelvis_imu[:200, :3] @ simulated.mountings["pelvis"]
    assert np.all(up[:, 2] < -9)
    hip_deg = simulated.hip_deg[holds(simulated)[0]].mean() - simulated.hip_deg[:200].mean()
    assert hip_deg == pytest.approx(simulated.lifts[0].hip_deg, abs=0.1)


def test_tasks_are_found_by_name() -> None:
    assert set(TASKS) == {"prone_hip_extension", "single_leg_bridge", "bilateral_bridge"}


def test_a_rotation_is_orthogonal() -> None:
    matrix = rotation(np.array([[0.3, -0.2, 0.1]]))[0]
    assert matrix @ matrix.T == pytest.approx(np.eye(3), abs=1e-12)


def _body() -> Body:
    params = SetParams()
    return Body(params, Timeline(params, 0), 0)
