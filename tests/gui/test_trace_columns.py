"""Pixel columns depend on the samples alone, hold the true extremes, and leave gaps blank."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_gui.amplitude import EMG_STEPS_UV, choose_angle_range, choose_emg_scale
from firingorder_gui.columns import ColumnRing, LineColumns
from firingorder_gui.ring import SampleRing
from firingorder_signal.blocks import FloatArray

RATE_HZ = 2000


def samples(n_samples: int, seed: int = 0, n_channels: int = 2) -> tuple[FloatArray, FloatArray]:
    """Return times and noise."""
    values = np.random.default_rng(seed).standard_normal((n_samples, n_channels))
    return np.arange(n_samples) / RATE_HZ, values


def chop(times_s: FloatArray, cuts: list[int]) -> list[slice]:
    """Turn cut positions into slices."""
    edges = [0, *sorted({cut % len(times_s) for cut in cuts}), len(times_s)]
    return [slice(a, b) for a, b in zip(edges, edges[1:], strict=False)]


@given(cuts=st.lists(st.integers(0, 999), max_size=30), lost=st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_any_chopping_gives_the_same_extremes(cuts: list[int], lost: int) -> None:
    times_s, values = samples(1000)
    values[lost] = np.nan
    whole, chopped = ColumnRing(64, 0.0155, 2), ColumnRing(64, 0.0155, 2)
    whole.add(times_s, values)
    for part in chop(times_s, cuts):
        chopped.add(times_s[part], values[part])
    np.testing.assert_array_equal(whole.low, chopped.low)
    np.testing.assert_array_equal(whole.high, chopped.high)
    np.testing.assert_array_equal(whole.numbers, chopped.numbers)
    np.testing.assert_allclose(whole.power, chopped.power)


def test_a_column_holds_its_own_extremes() -> None:
    times_s, values = samples(100)
    ring = ColumnRing(32, 0.01, 2)
    ring.add(times_s, values)
    column = values[40:60]  # 20..30 ms at 2 kHz
    assert (ring.low[2] <= column.min(axis=0)).all()
    assert (ring.high[2] >= column.max(axis=0)).all()
    assert (ring.low[2] >= values[39:60].min(axis=0)).all(), "no more than one sample is borrowed"


def test_a_lost_sample_blanks_its_column_and_no_other() -> None:
    times_s, values = samples(100)
    values[50] = np.nan
    ring = ColumnRing(32, 0.01, 2)
    ring.add(times_s, values)
    assert np.flatnonzero(np.isnan(ring.low[:5, 0])).tolist() == [2]


def test_old_columns_are_no_longer_held_when_overwritten() -> None:
    ring = ColumnRing(10, 0.01, 1)
    times_s, values = samples(300, n_channels=1)  # 150 ms into a ring of 100
    ring.add(times_s, values)
    assert sorted(ring.numbers.tolist()) == list(range(5, 15))


def test_a_block_longer_than_the_ring_keeps_its_newest_columns() -> None:
    times_s, values = samples(4000, n_channels=1)
    once, often = ColumnRing(10, 0.01, 1), ColumnRing(10, 0.01, 1)
    once.add(times_s, values)
    for start in range(0, 4000, 40):
        often.add(times_s[start : start + 40], values[start : start + 40])
    np.testing.assert_array_equal(once.low, often.low)


def test_time_that_steps_back_does_not_rewrite_older_columns() -> None:
    ring = ColumnRing(32, 0.01, 1)
    ring.add(np.array([0.05]), np.array([[1.0]]))
    assert ring.add(np.array([0.03]), np.array([[9.0]])) == (5, 5)
    assert ring.numbers[3] != 3


def test_an_empty_block_changes_nothing() -> None:
    assert ColumnRing(8, 0.01, 1).add(np.empty(0), np.empty((0, 1))) is None


def test_the_envelope_is_the_rms_around_a_column() -> None:
    times_s, values = samples(2000, n_channels=1)
    ring = ColumnRing(128, 0.01, 1)
    ring.add(times_s, values)
    level = ring.envelope(np.array([40]), 3)
    assert level[0, 0] == pytest.approx(np.sqrt((values[37 * 20 : 44 * 20] ** 2).mean()))


def test_the_envelope_ends_where_the_data_does() -> None:
    times_s, values = samples(2000, n_channels=1)
    values[1000] = np.nan
    ring = ColumnRing(128, 0.01, 1)
    ring.add(times_s, values)
    level = ring.envelope(np.arange(128), 3)[:, 0]
    drawn = np.flatnonzero(np.isfinite(level)).tolist()
    assert drawn == [*range(3, 47), *range(54, 96)]


@given(cuts=st.lists(st.integers(0, 199), max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_chopping_gives_the_same_lines(cuts: list[int]) -> None:
    times_s = np.arange(200) / 100
    values = np.column_stack((np.sin(times_s), np.cos(times_s)))
    values[70:75] = np.nan
    whole, chopped = LineColumns(300, 0.0078, 2, 0.06), LineColumns(300, 0.0078, 2, 0.06)
    whole.add(times_s, values)
    for part in chop(times_s, cuts):
        chopped.add(times_s[part], values[part])
    np.testing.assert_allclose(whole.values, chopped.values, rtol=0, atol=1e-12)


def test_lines_join_slow_samples_but_not_over_a_hole() -> None:
    lines = LineColumns(100, 0.01, 1, 0.06)
    lines.add(np.array([0.0, 0.04, 0.08, 0.30, 0.34]), np.array([[0.0], [4.0], [8.0], [30.0], [34.0]]))
    drawn = np.flatnonzero(np.isfinite(lines.values[:, 0]))
    assert drawn.tolist() == [*range(9), *range(31, 35)]
    assert lines.values[6, 0] == pytest.approx(6.0)


@given(sizes=st.lists(st.integers(0, 70), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_raw_ring_gives_back_its_newest_rows_in_order(sizes: list[int]) -> None:
    ring = SampleRing(50, 1)
    times_s, values = samples(sum(sizes), n_channels=1)
    start = 0
    for size in sizes:
        ring.append(times_s[start : start + size], values[start : start + size])
        start += size
    kept_times_s, kept = ring.rows()
    expected = max(0, len(times_s) - 50)
    np.testing.assert_array_equal(kept_times_s, times_s[expected:])
    np.testing.assert_array_equal(kept, values[expected:])


@pytest.mark.parametrize("n_rows", [80, 100, 130, 200])
def test_the_raw_ring_cuts_by_time(n_rows: int) -> None:
    ring = SampleRing(100, 2)
    times_s, values = samples(n_rows)
    ring.append(times_s[:70], values[:70])
    ring.append(times_s[70:], values[70:])
    first = max(n_rows - 100, 0) + 20
    cut_s, cut = ring.between(float(times_s[first]), float(times_s[first + 40]))
    assert cut_s.tolist() == times_s[first : first + 40].tolist()
    assert cut.tolist() == values[first : first + 40].tolist()
    assert [len(part) for part in ring.between(-1.0, 100.0)] == [min(n_rows, 100)] * 2


def test_a_cut_of_the_raw_ring_copies_no_more_than_it_gives() -> None:
    ring = SampleRing(60_000, 2)
    ring.append(*samples(70_000))
    tracemalloc.start()
    try:
        cut_s, _ = ring.between(34.0, 34.5)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(cut_s) == 1000
    assert most < 8 * 60_000  # less than a column of it


@given(peaks=st.lists(st.floats(0, EMG_STEPS_UV[-1]), min_size=1, max_size=50))
def test_a_scale_is_always_a_step_and_holds_nearly_all_columns(peaks: list[float]) -> None:
    array = np.array(peaks)
    scale_uv = choose_emg_scale(array, 50.0)
    assert scale_uv in EMG_STEPS_UV
    assert np.quantile(array, 0.99) <= scale_uv


def test_one_spike_does_not_flatten_a_lane() -> None:
    peaks_uv = np.full(600, 40.0)
    peaks_uv[:3] = 50_000.0
    assert choose_emg_scale(peaks_uv, 50.0) == 50.0


def test_the_angle_range_grows_for_a_bridge_and_does_not_shrink() -> None:
    grown = choose_angle_range(-2.0, 80.0, (-4.0, 22.0))
    assert grown == (-4.0, 100.0)
    assert choose_angle_range(0.0, 5.0, grown) == grown
