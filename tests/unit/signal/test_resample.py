"""Samples of any clock on the host's grid: exact on lines, NaN across gaps, the same bits for any cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_signal.blocks import FloatArray
from firingorder_signal.resample import GridResampler

GRID_HZ, BRIDGE_S = 100.0, 0.1


def resample(time_s: FloatArray, values: FloatArray, cuts: tuple[int, ...] = ()) -> tuple[int, FloatArray]:
    """Run a resampler over samples cut at some rows; return the first row's number and all rows."""
    grid = GridResampler(GRID_HZ, values.shape[1], BRIDGE_S)
    for part_s, part in zip(np.split(time_s, cuts), np.split(values, cuts), strict=True):
        grid.update(part_s, part)
    first = grid.first_row or 0
    return first, grid.take(first, grid.next_row)


def line(time_s: FloatArray) -> FloatArray:
    return np.stack([3.0 * time_s - 1.0, -time_s], axis=1)


def test_rows_that_fall_on_samples_keep_their_bits_whatever_the_cut() -> None:
    time_s: FloatArray = np.arange(1234, 5234).astype(np.float64) * 0.005  # 4230 * 0.005 is a bit more than 21.15
    values = np.random.default_rng(0).standard_normal((4000, 1))
    whole, cut = resample(time_s, values), resample(time_s, values, tuple(range(1, 4000)))
    assert cut[0] == whole[0]
    np.testing.assert_array_equal(cut[1], whole[1])


@pytest.mark.parametrize("rate_hz", [50.0, 104.0, 200.0, 1000.0])
def test_a_straight_line_stays_one_at_any_rate(rate_hz: float) -> None:
    time_s = 1.2345 + np.arange(int(2 * rate_hz)) / rate_hz
    first, rows = resample(time_s, line(time_s))
    np.testing.assert_allclose(rows, line((first + np.arange(len(rows))) / GRID_HZ), atol=1e-12)


def test_the_first_row_is_the_first_grid_instant_after_the_first_sample() -> None:
    first, _ = resample(np.array([1.2345, 1.5]), np.zeros((2, 1)))
    assert first == 124


def test_short_gaps_are_bridged_and_long_ones_are_not() -> None:
    time_s = np.arange(400) / 200.0
    values = line(time_s)
    values[100:110], values[200:260] = np.nan, np.nan
    _, rows = resample(time_s, values)
    lost = np.flatnonzero(np.isnan(rows).any(axis=1))
    assert (int(lost[0]), int(lost[-1])) == (100, 129)
    assert len(lost) == 30


def test_rows_of_a_gap_come_out_before_it_ends() -> None:
    grid = GridResampler(GRID_HZ, 1, BRIDGE_S)
    time_s = np.arange(200) / 200.0
    values = np.zeros((200, 1))
    values[100:] = np.nan
    grid.update(time_s, values)
    assert grid.next_row == 99
    assert np.isnan(grid.take(50, 99)[1:]).all()


def test_rows_it_does_not_have_are_nan() -> None:
    grid = GridResampler(GRID_HZ, 2, BRIDGE_S)
    time_s = 1.0 + np.arange(100) / 200.0
    grid.update(time_s, line(time_s))
    rows = grid.take(90, 200)
    assert np.isnan(rows[:10]).all()
    assert not np.isnan(rows[10 : grid.next_row - 90]).any()
    assert np.isnan(rows[grid.next_row - 90 :]).all()


def test_a_clock_that_is_set_back_drops_the_samples_it_repeats() -> None:
    time_s = np.concatenate([np.arange(200) / 200.0, 0.95 + np.arange(200) / 200.0])
    _, rows = resample(time_s, line(time_s))
    np.testing.assert_allclose(rows, line(np.arange(len(rows)) / GRID_HZ), atol=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 600), max_size=30))
def test_any_cut_gives_the_same_bits(seed: int, cuts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    time_s = 7.0 + np.cumsum(rng.choice([0.005, 0.0051, 0.2, -0.01], 600, p=[0.6, 0.35, 0.03, 0.02]))
    values = rng.normal(size=(600, 3))
    values[rng.random(600) < 0.1] = np.nan
    whole = resample(time_s, values)
    cut = resample(time_s, values, tuple(sorted(cuts)))
    assert cut[0] == whole[0]
    np.testing.assert_array_equal(cut[1], whole[1])
