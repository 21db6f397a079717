"""Means with lost samples, and means that do not depend on the shape of what they are taken of."""

import numpy as np

from firingorder_signal.means import mean_of_columns, mean_over_rows, mean_power, trailing_mean


def test_means_leave_lost_rows_out() -> None:
    rows = np.array([[1.0], [3.0], [np.nan], [5.0], [np.nan], [np.nan]])
    np.testing.assert_array_equal(mean_over_rows(rows, 2), np.array([[2.0], [5.0], [np.nan]]))


def test_the_power_is_the_mean_square() -> None:
    assert mean_power(np.array([[3.0], [-4.0]]), 2).tolist() == [[12.5]]


def test_a_group_has_the_same_bits_alone_and_among_others() -> None:
    rows = np.random.default_rng(0).standard_normal((20 * 64, 3))
    whole = mean_power(rows, 20)
    alone = [mean_power(np.ascontiguousarray(rows[20 * i : 20 * i + 20, [c]]), 20) for i in range(64) for c in range(3)]
    np.testing.assert_array_equal(np.concatenate(alone).reshape(64, 3), whole)


def test_a_trailing_mean_is_the_mean_of_its_columns() -> None:
    rows = np.random.default_rng(1).standard_normal((2, 30))
    expected = np.stack([mean_of_columns(rows[:, i : i + 10]) for i in range(21)], axis=1)
    np.testing.assert_array_equal(trailing_mean(rows, 10), expected)
    assert np.isnan(trailing_mean(np.array([[1.0, np.nan, 2.0, 3.0]]), 2)).tolist() == [[True, True, False]]
