"""What the named onset rules share: thresholds learned from a rest, and when an onset becomes known."""

import numpy as np
import pytest

from firingorder_signal.blocks import FloatArray
from firingorder_signal.onset_stage import DoubleThreshold, FoundRow, find_threshold


def quantity(n_rows: int = 200) -> FloatArray:
    """Make a quantity that alternates around 1 at rest and is 10 in rows 40 to 60."""
    values = 1.0 + 0.1 * (-1.0) ** np.arange(n_rows)
    values[40:60] = 10.0
    return np.asarray(values, dtype=np.float64)


def find(rest: tuple[int, int], search: tuple[int, int], values: FloatArray, n_behind: int = 0) -> FoundRow | None:
    """Look for five rows in a row above mean + 3 SD."""
    return DoubleThreshold(rest, search, 3.0, 5, 5, n_behind).update(values)


def test_an_onset_is_known_with_the_last_row_that_decides_it() -> None:
    assert find((0, 30), (30, 100), quantity()) == FoundRow(40, 44)


def test_a_quantity_that_comes_later_than_the_signal_is_known_later() -> None:
    assert find((0, 30), (30, 100), quantity(), n_behind=7) == FoundRow(40, 51)


def test_an_onset_before_its_rest_is_known_with_the_end_of_the_rest() -> None:
    assert find((100, 150), (0, 90), quantity()) == FoundRow(40, 149)


def test_the_rows_that_decide_must_lie_in_the_search() -> None:
    assert find((0, 30), (30, 44), quantity()) is None


def test_the_threshold_is_the_mean_and_so_many_deviations_of_what_is_known() -> None:
    quiet = np.array([1.0, np.nan, 2.0, 3.0])
    assert find_threshold(quiet, 2.0) == pytest.approx(4.0)


def test_a_rest_of_which_hardly_anything_is_known_gives_no_onset() -> None:
    values = quantity()
    values[100:198] = np.nan
    assert find((100, 200), (0, 90), values) is None
