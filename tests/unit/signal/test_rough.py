"""Where a burst roughly is, from what each bin holds: the peak's own burst, or the most evident stretch."""

import numpy as np

from firingorder_signal.rough import Evidence, RoughBurst, find_rough_burst

N_BIN = 20
N_BINS = 60


def evidence(*pieces: tuple[int, int, float, float]) -> Evidence:
    """Make bins that hold EMG of a probability and a power from one bin to another; 2 % and no power elsewhere."""
    presence, power = np.full(N_BINS, 0.02), np.zeros(N_BINS)
    for start, stop, probable, strong in pieces:
        presence[start:stop], power[start:stop] = probable, strong
    odds = np.clip(np.log((presence + 1e-3) / (1.001 - presence)), -2.0, 6.0)
    return Evidence(N_BIN, presence, power, np.zeros((5, N_BINS)), np.tile(odds, (7, 1)))


def find(found: Evidence, search: tuple[int, int] = (0, N_BIN * N_BINS), n_high: int = 4) -> RoughBurst | None:
    """Look in all rows, unless told where."""
    return find_rough_burst(found, search, n_high)


def test_a_burst_begins_where_its_power_does() -> None:
    assert find(evidence((30, 45, 0.99, 10.0))) == RoughBurst(30 * N_BIN, 31 * N_BIN)


def test_the_stronger_of_two_bursts_is_taken() -> None:
    rough = find(evidence((10, 25, 0.99, 10.0), (35, 50, 0.99, 40.0)))
    assert rough is not None
    assert rough.start == 35 * N_BIN


def test_a_strong_heartbeat_is_passed_over_for_a_weak_burst_that_lasts() -> None:
    rough = find(evidence((10, 25, 0.9, 2.0), (40, 42, 0.99, 40.0)))
    assert rough == RoughBurst(10 * N_BIN, 10 * N_BIN)


def test_the_peak_of_the_most_evident_stretch_is_its_strongest_bin() -> None:
    assert find(evidence((10, 25, 0.9, 2.0), (18, 19, 0.9, 3.0), (40, 42, 0.99, 40.0))) == RoughBurst(200, 360)


def test_a_heartbeat_alone_is_no_burst() -> None:
    assert find(evidence((40, 42, 0.99, 40.0))) is None


def test_bins_that_multiply_to_more_than_even_odds_are_a_burst_before_there_are_four_sure_ones() -> None:
    even = (20, 35, 0.45, 2.0)
    rough = find(evidence(even, *((k, k + 1, 0.995, 2.0) for k in (22, 25, 28))))
    assert rough is not None
    assert rough.start == 20 * N_BIN
    assert find(evidence(even, *((k, k + 1, 0.6, 2.0) for k in (25, 28)))) is None


def test_a_burst_must_have_room_to_last() -> None:
    assert find(evidence((30, 60, 0.99, 10.0)), (0, 33 * N_BIN)) is None
    assert find(evidence((30, 60, 0.99, 10.0)), (0, 34 * N_BIN)) is not None


def test_two_bins_do_where_two_are_asked_for() -> None:
    bins = evidence((40, 42, 0.99, 40.0))
    assert find(bins, (0, 42 * N_BIN), n_high=2) == RoughBurst(40 * N_BIN, 40 * N_BIN)


def faint(n_bins: int, odds: float) -> Evidence:
    """Make a burst from bin 20 on of which every bin says a little at the third level, and none that EMG is there."""
    bins = evidence()
    bins.power[20 : 20 + n_bins] = 1.5
    bins.log_odds[2, 20 : 20 + n_bins] = odds
    return bins


def test_a_burst_that_no_bin_shows_is_found_by_many_that_agree_on_its_level() -> None:
    assert find(faint(13, 0.8)) == RoughBurst(20 * N_BIN, 20 * N_BIN)
    assert find(faint(13, 0.75)) is None


def test_bins_that_disagree_on_the_level_are_no_faint_burst() -> None:
    bins = faint(13, 0.8)
    bins.log_odds[4, 26:33], bins.log_odds[2, 26:33] = 0.8, -2.0
    assert find(bins) is None


def test_a_faint_burst_is_left_alone_where_that_is_asked_for() -> None:
    assert find_rough_burst(faint(13, 2.0), (0, N_BIN * N_BINS), faint=False) is None


def test_four_bins_that_a_burst_does_not_follow_are_none() -> None:
    bins = evidence((30, 35, 0.75, 2.0))
    assert find(bins) is None
    bins = evidence((30, 43, 0.75, 2.0))
    assert find(bins) is not None


def test_a_gap_within_a_burst_is_not_its_beginning() -> None:
    bins = evidence((20, 45, 0.99, 10.0), (28, 31, 0.0, 0.0), (40, 42, 0.99, 20.0))
    rough = find(bins)
    assert rough is not None
    assert rough.start == 20 * N_BIN


def test_a_gap_between_rest_and_burst_is_no_part_of_the_burst() -> None:
    rough = find(evidence((27, 30, 0.0, 0.0), (30, 45, 0.99, 10.0)))
    assert rough is not None
    assert rough.start == 30 * N_BIN


def test_nothing_is_found_in_bins_that_hold_nothing() -> None:
    assert find(evidence()) is None
