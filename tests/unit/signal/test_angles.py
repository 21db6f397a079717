"""Angles from two directions of up: signs, postures, a turned sensor, and when neutral is taken."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from firingorder_signal.angle_rows import Angle, Motion
from firingorder_signal.angles import AngleStage
from firingorder_signal.blocks import FloatArray

GRID_HZ = 100.0
UP = np.array([0.0, 0.0, 1.0])
#: Prone body axes x headwards, y left, z up, turned as a whole into other postures.
POSTURES = {"prone": (0.0, 0.0), "standing": (-90.0, 0.0), "supine": (0.0, 180.0)}


def motion_rows(
    tilt_deg: FloatArray,
    hip_deg: FloatArray,
    thigh_turned_deg: float = 0.0,
    posture: tuple[float, float] = POSTURES["prone"],
) -> FloatArray:
    """Rows of two perfect sensors on segments with these angles."""
    body = Rotation.from_euler("YX", posture, degrees=True)
    turned = Rotation.from_euler("z", thigh_turned_deg, degrees=True)
    columns: list[FloatArray] = []
    for pitch_deg, mounted in ((tilt_deg, Rotation.identity()), (tilt_deg + hip_deg, turned)):
        world = body * Rotation.from_euler("y", pitch_deg[:, None], degrees=True) * mounted
        rate = (world[:-1].inv() * world[1:]).as_rotvec() * GRID_HZ
        columns += [world.inv().apply(UP), np.concatenate([rate, rate[-1:]])]
    return np.hstack([*columns, np.full((len(hip_deg), Motion.WIDTH - 12), np.nan)])


def still_then_lift(height_deg: float = 12.0) -> tuple[FloatArray, FloatArray]:
    """Three still seconds, one up, one held."""
    rise = height_deg * 0.5 * (1 - np.cos(np.linspace(0, np.pi, 100)))
    hip = np.concatenate([np.zeros(300), rise, np.full(100, height_deg)])
    return 0.2 * hip, hip


def compute(rows: FloatArray, first_row: int = 0) -> FloatArray:
    stage = AngleStage()
    parts = [stage.update(first_row, rows)[1], stage.finish()[1]]
    return np.concatenate(parts)


@pytest.mark.parametrize("posture", POSTURES)
def test_extension_and_anterior_tilt_are_positive_in_every_posture(posture: str) -> None:
    tilt, hip = still_then_lift()
    angles = compute(motion_rows(tilt, hip, posture=POSTURES[posture]))
    np.testing.assert_allclose(angles[:, Angle.HIP], hip, atol=1e-6)
    np.testing.assert_allclose(angles[:, Angle.TILT], tilt, atol=1e-6)


def test_hip_rate_is_the_derivative_of_the_hip_angle() -> None:
    tilt, hip = still_then_lift()
    angles = compute(motion_rows(tilt, hip))
    np.testing.assert_allclose(angles[:-1, Angle.HIP_RATE], np.diff(hip) * GRID_HZ, atol=1e-6)


@pytest.mark.parametrize("turned_deg", [30.0, 90.0, 180.0, -90.0])
def test_a_turned_thigh_sensor_is_found_out_by_the_first_lift(turned_deg: float) -> None:
    tilt, hip = still_then_lift()
    angles = compute(motion_rows(tilt, hip, turned_deg))
    np.testing.assert_allclose(angles[hip > 6.0, Angle.HIP], hip[hip > 6.0], atol=0.01)


def early_pelvis(hip: FloatArray) -> FloatArray:
    """Return the tilt of a pelvis that goes by 4 degrees before the leg moves."""
    return np.interp(np.arange(len(hip)), [260, 300], [0.0, 4.0])


@pytest.mark.parametrize("turned_deg", [90.0, 180.0])
def test_a_lift_shows_its_axis_though_the_pelvis_went_first(turned_deg: float) -> None:
    hip = still_then_lift()[1]
    angles = compute(motion_rows(early_pelvis(hip), hip, turned_deg))
    np.testing.assert_allclose(angles[hip > 8.0, Angle.HIP], hip[hip > 8.0], atol=0.01)


def test_a_restless_person_has_a_neutral_before_the_first_lift() -> None:
    hip = np.concatenate([still_then_lift()[1], np.full(300, 12.0)])
    sway = 0.5 * np.sin(2.0 * np.pi * 1.5 * np.arange(len(hip)) / GRID_HZ) * (hip < 12.0)
    angles = compute(motion_rows(sway, hip))
    assert float(np.mean(angles[50:250, Angle.HIP])) == pytest.approx(0.0, abs=0.5)


def test_a_leg_lowered_from_a_short_hold_does_not_turn_the_axis_round() -> None:
    lowering = 12.0 * 0.5 * (1.0 + np.cos(np.linspace(0.0, np.pi, 100)))
    hip = np.concatenate([np.full(150, 12.0), lowering, np.zeros(300)])
    stage = AngleStage()
    stage.update(0, motion_rows(0.2 * hip, hip))
    assert stage.axes is not None
    np.testing.assert_allclose(stage.axes.thigh.y, (0.0, 1.0, 0.0), atol=1e-9)


def test_a_leg_that_rolled_aside_first_is_put_right_by_a_lift_soon_after() -> None:
    """The rest between the two is as short as a hold, but the lift points where the arrow on the case does."""
    share = 0.5 * (1 - np.cos(np.linspace(0, np.pi, 60)))
    roll = 10.0 * np.concatenate([np.zeros(300), share, share[::-1], np.zeros(200)])
    aside = motion_rows(np.zeros(len(roll)), np.zeros(len(roll)))
    world = Rotation.from_euler("xy", np.stack([-roll, -0.3 * roll], axis=1), degrees=True)
    aside[:, Motion.THIGH_UP : Motion.THIGH_UP + 3] = world.inv().apply(UP)
    aside[:-1, Motion.THIGH_RATE : Motion.THIGH_RATE + 3] = (world[:-1].inv() * world[1:]).as_rotvec() * GRID_HZ
    tilt, hip = (course[300:] for course in still_then_lift())
    angles = compute(np.concatenate([aside, motion_rows(tilt, hip)]))
    np.testing.assert_allclose(angles[-100:, Angle.HIP], 12.0, atol=0.1)


def test_a_hold_at_the_top_is_not_taken_for_the_rest_before_a_lift() -> None:
    tilt, hip = still_then_lift()
    tilt, hip = (np.concatenate([course, np.repeat(course[-1], 300), course[::-1]]) for course in (1.2 * hip, hip))
    stage = AngleStage()
    stage.update(0, motion_rows(tilt, hip))  # the pelvis goes along so far that the lift shows no axis
    assert stage.axes is not None
    np.testing.assert_allclose(stage.axes.thigh.y, (0.0, 1.0, 0.0), atol=1e-9)


def test_rows_wait_for_a_still_second() -> None:
    tilt, hip = still_then_lift()
    stage = AngleStage()
    rows = motion_rows(tilt, hip)
    assert len(stage.update(0, rows[:99])[1]) == 0
    assert len(stage.update(99, rows[99:101])[1]) == 101


def test_rows_without_a_neutral_come_out_as_nan_in_the_end() -> None:
    shaking = 10.0 * np.sin(np.arange(1500) * 0.3)
    angles = compute(motion_rows(shaking, shaking))
    assert len(angles) == 1500
    assert np.isnan(angles[:, Angle.HIP]).all()
    assert not np.isnan(angles[:, Angle.THIGH_SPEED]).any()


def test_another_posture_held_still_becomes_the_new_neutral() -> None:
    rows = np.concatenate(
        [motion_rows(np.zeros(400), np.zeros(400), posture=POSTURES[name]) for name in ("standing", "prone")]
    )
    angles = compute(rows)
    np.testing.assert_allclose(angles[[0, -1], Angle.TILT], 0.0, atol=1e-9)
    assert abs(float(angles[450, Angle.TILT])) == pytest.approx(90.0)


def test_flexion_counts_from_lying_straight_though_the_thigh_sensor_sits_inclined() -> None:
    inclined = np.full(400, 23.0)
    bent = np.concatenate([inclined, np.linspace(23.0, -50.0, 100)])
    angles = compute(
        np.concatenate(
            [
                motion_rows(np.zeros(len(hip)), hip, posture=POSTURES[name])
                for name, hip in (("prone", inclined), ("supine", bent))
            ]
        )
    )
    assert abs(float(angles[700, Angle.FLEXION])) < 1e-6
    assert abs(float(angles[-1, Angle.FLEXION])) == pytest.approx(73.0)


@pytest.mark.parametrize("seed", range(4))
def test_any_cut_and_any_first_row_gives_the_same_bits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tilt, hip = still_then_lift()
    rows = motion_rows(tilt + rng.normal(0, 0.01, len(tilt)), hip, 90.0)
    rows[150:160] = np.nan
    first_row = int(rng.integers(-50, 1000))
    stage, parts, row = AngleStage(), list[FloatArray](), first_row
    for part in np.split(rows, np.sort(rng.integers(0, len(rows), 20))):
        parts.append(stage.update(row, part)[1])
        row += len(part)
    np.testing.assert_array_equal(np.concatenate([*parts, stage.finish()[1]]), compute(rows, first_row))


def test_a_sensor_without_samples_leaves_its_angles_nan_and_the_thigh_speed_known() -> None:
    tilt, hip = still_then_lift()
    rows = motion_rows(tilt, hip)
    rows[320:360, Motion.PELVIS_UP : Motion.PELVIS_UP + 6] = np.nan
    angles = compute(rows)
    assert np.flatnonzero(np.isnan(angles[:, Angle.HIP])).tolist() == list(range(320, 360))
    assert not np.isnan(angles[:, Angle.THIGH_SPEED]).any()
