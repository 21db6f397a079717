"""The alarm: soon after a burst begins, silent on noise, over when the burst is."""

import numpy as np

from firingorder_signal.alarm import BurstAlarm, low_quantile, mean_over_rows
from firingorder_signal.blocks import FloatArray
from firingorder_signal.filters import BandDesign, CausalBand

RATE_HZ = 1000.0


def _filtered(seed: int, seconds: float, bursts: list[tuple[float, float]], gain: float = 8.0) -> FloatArray:
    """Band-passed noise of one channel with bursts `(start, stop)`."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    level = 3.0 * (1.0 + gain * sum(((t >= start) & (t < stop)).astype(float) for start, stop in bursts))
    return CausalBand(BandDesign(RATE_HZ), 1).update((rng.standard_normal(len(t)) * level)[:, np.newaxis])


def test_an_alarm_comes_within_40_ms() -> None:
    delays: list[float] = []
    for seed in range(20):
        events = BurstAlarm(RATE_HZ, 1).update(_filtered(seed, 6.0, [(4.0, 5.0)]), 0)
        delays.append(next(event.index for event in events if event.on) / RATE_HZ - 4.0)
    assert 0.0 < np.median(delays) < 0.03
    assert max(delays) < 0.05


def test_a_burst_ends_once_it_is_over() -> None:
    events = BurstAlarm(RATE_HZ, 1).update(_filtered(1, 8.0, [(4.0, 5.0)]), 0)
    assert [event.on for event in events] == [True, False]
    assert 5.0 < events[1].index / RATE_HZ < 5.3


def test_a_short_pause_does_not_end_a_burst() -> None:
    events = BurstAlarm(RATE_HZ, 1).update(_filtered(2, 8.0, [(4.0, 4.5), (4.56, 5.0)]), 0)
    assert [event.on for event in events] == [True, False]


def test_two_minutes_of_noise_raise_at_most_one_alarm() -> None:
    events = BurstAlarm(RATE_HZ, 1).update(_filtered(3, 120.0, []), 0)
    assert sum(event.on for event in events) <= 1


def test_a_hold_of_half_a_minute_stays_one_burst() -> None:
    events = BurstAlarm(RATE_HZ, 1).update(_filtered(4, 60.0, [(20.0, 50.0)]), 0)
    assert [event.on for event in events] == [True, False]


def test_nothing_is_said_before_there_is_a_rest_level() -> None:
    assert BurstAlarm(RATE_HZ, 1).update(_filtered(5, 0.45, [(0.2, 0.4)]), 0) == []


def test_lost_samples_raise_no_alarm() -> None:
    x = _filtered(6, 10.0, [])
    x[4000:6000] = np.nan
    assert BurstAlarm(RATE_HZ, 1).update(x, 0) == []


def test_the_gain_of_the_channel_does_not_matter() -> None:
    x = _filtered(7, 8.0, [(4.0, 5.0)])
    assert BurstAlarm(RATE_HZ, 1).update(x, 0) == BurstAlarm(RATE_HZ, 1).update(x * 1024.0, 0)


def test_means_leave_lost_rows_out() -> None:
    rows = np.array([[1.0], [3.0], [np.nan], [5.0], [np.nan], [np.nan]])
    np.testing.assert_array_equal(mean_over_rows(rows, 2), np.array([[2.0], [5.0], [np.nan]]))


def test_the_low_quantile_leaves_lost_rows_out() -> None:
    rows = np.array([[4.0, np.nan], [1.0, np.nan], [np.nan, np.nan], [2.0, np.nan], [3.0, np.nan]])
    assert low_quantile(rows, 0.2)[0] == 1.0
    assert np.isnan(low_quantile(rows, 0.2)[1])
