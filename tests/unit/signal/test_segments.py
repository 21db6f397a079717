"""Axes of a segment from lying still, an arrow and a lift."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from firingorder_signal.segments import CASE_LEFT, axes_from_rest, lift_axis, turn_deg

LEFT = np.array(CASE_LEFT)


def test_a_case_that_lies_flat_needs_no_turning() -> None:
    axes = axes_from_rest(np.array([0.0, 0.0, 1.0]), LEFT)
    assert axes is not None
    np.testing.assert_allclose([axes.x, axes.y, axes.z], np.eye(3))


@pytest.mark.parametrize("seed", range(5))
def test_axes_are_orthonormal_and_right_handed_however_the_sensor_sits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    axes = axes_from_rest(np.array([0.0, 0.0, 1.0]) + rng.normal(0, 0.3, 3), LEFT)
    assert axes is not None
    matrix = np.array([axes.x, axes.y, axes.z])
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1.0)


def test_a_left_axis_that_hangs_vertically_gives_no_axes() -> None:
    assert axes_from_rest(np.array([0.0, 1.0, 0.2]), LEFT) is None


@pytest.mark.parametrize("turned_deg", [0.0, 30.0, 90.0, 180.0, -90.0])
def test_a_lift_shows_where_left_is_with_its_sign(turned_deg: float) -> None:
    sensor = Rotation.from_euler("z", turned_deg, degrees=True)
    lifted = Rotation.from_euler("y", 8.0, degrees=True)
    up = np.array([0.0, 0.0, 1.0])
    left = lift_axis(sensor.inv().apply(up), (lifted * sensor).inv().apply(up))
    np.testing.assert_allclose(left, sensor.inv().apply(LEFT), atol=1e-12)


def test_the_turn_is_the_angle_between_the_two_lefts() -> None:
    axes = axes_from_rest(np.array([0.0, 0.0, 1.0]), LEFT)
    assert axes is not None
    assert turn_deg(axes, np.array([1.0, 1.0, 0.0])) == pytest.approx(45.0)
