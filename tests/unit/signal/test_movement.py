"""The start of movement traced back, over sizes, shapes and restlessness."""

import numpy as np
import pytest

from firingorder_signal.blocks import FloatArray
from firingorder_signal.movement import find_course_start, find_movement_start, project_on_movement

RATE_HZ = 100.0
TRUE_S = 0.35
N = 58


def rise_deg_s(height_deg: float, rise_s: float, power: int = 2) -> FloatArray:
    """Speed of a lift that starts at TRUE_S: like t^power at first, minimum jerk for 2 (Flash & Hogan 1985)."""
    share = np.clip((np.arange(400) / RATE_HZ - TRUE_S) / rise_s, 0.0, 1.0)
    speed = share**power * (1.0 - share) ** 2
    return np.asarray(speed * (height_deg / (speed.sum() / RATE_HZ)), dtype=np.float64)


def cut_at_trigger(rate: FloatArray) -> tuple[FloatArray, float]:
    """Return the stretch the tracker would look at, and the true start in it."""
    trigger = int(np.argmax(rate > 3.0))
    first = max(trigger - 50, 0)
    return rate[first : trigger + 8], TRUE_S - first / RATE_HZ


def errors_ms(power: int, sway_deg_s: float, n: int = 60) -> FloatArray:
    """Errors over random lifts of 10-20 deg in 0.7-1.5 s on breathing, sway and sensor noise."""
    rng = np.random.default_rng(7)
    errors: list[float] = []
    for _ in range(n):
        rate = rise_deg_s(float(rng.uniform(10, 20)), float(rng.uniform(0.7, 1.5)), power)
        time_s = np.arange(len(rate)) / RATE_HZ
        rate = rate + 0.47 * np.sin(2 * np.pi * 0.25 * time_s + rng.uniform(0, 6.28))
        rate += sway_deg_s * np.sin(2 * np.pi * rng.uniform(0.3, 1.0) * time_s + rng.uniform(0, 6.28))
        rate += rng.normal(0, 0.05, len(rate))
        stretch, truth_s = cut_at_trigger(rate)
        found = find_movement_start(stretch, RATE_HZ)
        assert found is not None
        errors.append((found[0] - truth_s) * 1e3)
    return np.array(errors)


def test_quiet_lifts_are_found_within_the_goal() -> None:
    errors = errors_ms(power=2, sway_deg_s=0.3)
    assert abs(float(np.mean(errors))) <= 10.0
    assert float(np.std(errors)) <= 10.0


@pytest.mark.parametrize("power", [1, 3])
def test_the_bias_stays_within_the_goal_over_shapes(power: int) -> None:
    # The median: the slowest start like t³ takes 0.4 s to reach the trigger, and is 100 ms late.
    assert abs(float(np.median(errors_ms(power, sway_deg_s=0.3)))) <= 60.0


def test_a_start_that_bends_at_once_is_found_as_one() -> None:
    errors = errors_ms(power=1, sway_deg_s=0.3)
    assert abs(float(np.median(errors))) <= 30.0
    assert float(np.std(errors)) <= 10.0


def test_restlessness_costs_scatter_but_no_bias() -> None:
    errors = errors_ms(power=2, sway_deg_s=0.8)
    assert abs(float(np.median(errors))) <= 15.0
    assert float(np.std(errors)) <= 40.0


def test_a_drifting_baseline_does_not_move_the_start() -> None:
    rate = rise_deg_s(15.0, 1.0)
    level = find_movement_start(cut_at_trigger(rate)[0], RATE_HZ)
    drifting, _ = cut_at_trigger(rate + 0.5 * np.arange(len(rate)) / RATE_HZ)
    drifted = find_movement_start(drifting, RATE_HZ)
    assert level is not None
    assert drifted is not None
    assert drifted[0] == pytest.approx(level[0], abs=0.02)


@pytest.mark.parametrize("n", [0, 1, 19])
def test_too_few_samples_give_no_start(n: int) -> None:
    assert find_movement_start(np.zeros(n), RATE_HZ) is None


def test_a_lost_sample_gives_no_start() -> None:
    rate = rise_deg_s(15.0, 1.0)
    rate[10] = np.nan
    assert find_movement_start(rate[:N], RATE_HZ) is None


def test_a_constant_rate_gives_a_number_and_no_warning() -> None:
    assert find_movement_start(np.zeros(N), RATE_HZ) is not None


def test_the_axis_of_the_movement_is_its_own_whatever_way_the_sensor_sits() -> None:
    axis = np.array([0.6, -0.8, 0.0])
    rate = rise_deg_s(15.0, 1.0)[:N]
    np.testing.assert_allclose(project_on_movement(rate[:, None] * axis, 7), rate, atol=1e-12)


def test_no_movement_has_no_axis_and_divides_by_nothing() -> None:
    assert project_on_movement(np.zeros((N, 3)), 7).tolist() == [0.0] * N


def test_the_middle_of_a_smooth_lift_tells_where_it_began() -> None:
    height = np.cumsum(rise_deg_s(15.0, 1.0)) / RATE_HZ
    assert find_course_start(height, RATE_HZ) == pytest.approx(TRUE_S, abs=0.04)


def test_a_bulge_before_the_lift_does_not_move_the_middle_of_it() -> None:
    height = np.cumsum(rise_deg_s(15.0, 1.0)) / RATE_HZ
    bulge = np.clip((np.arange(len(height)) / RATE_HZ - 0.1) / 0.1, 0.0, 1.0)
    assert find_course_start(height + bulge, RATE_HZ) == pytest.approx(TRUE_S, abs=0.06)


def test_a_course_that_does_not_rise_has_no_start() -> None:
    assert find_course_start(np.full(50, -1.0), RATE_HZ) is None
