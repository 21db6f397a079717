"""The alarm: soon after a burst begins, silent on noise, over when the burst is."""

import numpy as np
import pytest

from firingorder_signal.alarm import AlarmEvent, BurstAlarm
from firingorder_signal.alarm_leak import take_leak_out
from firingorder_signal.alarm_rest import low_quantile
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


def _lasting(events: list[AlarmEvent]) -> list[tuple[float, float]]:
    """Beginning and end of the bursts that lasted a quarter of a second: a false alarm is over before that."""
    times = [event.index / RATE_HZ for event in events]
    return [(on, off) for on, off in zip(times[::2], times[1::2], strict=True) if off - on > 0.25]


def test_a_burst_ends_once_it_is_over() -> None:
    events = BurstAlarm(RATE_HZ, 1).update(_filtered(1, 8.0, [(4.0, 5.0)]), 0)
    ((on, off),) = _lasting(events)
    assert 4.0 < on < 4.04
    assert 5.0 < off < 5.3


def test_a_short_pause_does_not_end_a_burst() -> None:
    events = BurstAlarm(RATE_HZ, 1).update(_filtered(2, 8.0, [(4.0, 4.5), (4.56, 5.0)]), 0)
    assert len(_lasting(events)) == 1


def test_ten_minutes_of_noise_raise_few_alarms_and_none_that_lasts() -> None:
    events = BurstAlarm(RATE_HZ, 10).update(np.concatenate([_filtered(i, 60.0, []) for i in range(10)], axis=1), 0)
    assert sum(event.on for event in events) <= 20
    assert all(_lasting([event for event in events if event.channel == channel]) == [] for channel in range(10))


def test_heartbeats_and_hum_raise_few_alarms_and_none_that_lasts() -> None:
    t = np.arange(60_000) / RATE_HZ
    beats = sum(np.exp(-0.5 * ((t - beat) / 0.010) ** 2) for beat in np.arange(0.5, 60.0, 0.83))
    raw = 3.0 * np.random.default_rng(8).standard_normal(len(t)) + 12.0 * beats + 4.0 * np.sin(2 * np.pi * 50.05 * t)
    events = BurstAlarm(RATE_HZ, 1).update(CausalBand(BandDesign(RATE_HZ), 1).update(raw[:, np.newaxis]), 0)
    assert sum(event.on for event in events) <= 5
    assert _lasting(events) == []


@pytest.mark.parametrize("height_uv", [30.0, 60.0, 120.0])
def test_strong_heartbeats_are_told_from_emg_by_their_colour(height_uv: float) -> None:
    t = np.arange(30_000) / RATE_HZ
    beats = sum(np.exp(-0.5 * ((t - beat) / 0.010) ** 2) for beat in np.arange(0.5, 30.0, 0.83))
    raw = 3.0 * np.random.default_rng(8).standard_normal(len(t)) + height_uv * beats
    events = BurstAlarm(RATE_HZ, 1).update(CausalBand(BandDesign(RATE_HZ), 1).update(raw[:, np.newaxis]), 0)
    assert sum(event.on for event in events) <= 4  # of 36 beats


def test_few_single_samples_raise_an_alarm_however_high_they_are() -> None:
    raw = 3.0 * np.random.default_rng(8).standard_normal(30_000)
    raw[3000::700] += 60.0
    events = BurstAlarm(RATE_HZ, 1).update(CausalBand(BandDesign(RATE_HZ), 1).update(raw[:, np.newaxis]), 0)
    assert sum(event.on for event in events) <= 12  # of 39


def test_lost_samples_do_not_end_a_burst() -> None:
    x = _filtered(12, 8.0, [(4.0, 6.0)])
    x[4600:5200] = np.nan
    ((on, off),) = _lasting(BurstAlarm(RATE_HZ, 1).update(x, 0))
    assert 4.0 < on < 4.04
    assert 6.0 < off < 6.3


def test_hum_does_not_hide_a_burst() -> None:
    t = np.arange(8_000) / RATE_HZ
    hum = 6.0 * np.sin(2 * np.pi * 50.05 * t)[:, np.newaxis]
    filtered = CausalBand(BandDesign(RATE_HZ), 1).update(hum) + _filtered(9, 8.0, [(4.0, 5.0)], gain=1.0)
    ((on, _),) = _lasting(BurstAlarm(RATE_HZ, 1).update(filtered, 0))
    assert 4.0 < on < 4.05


def test_a_hold_of_half_a_minute_stays_one_burst() -> None:
    events = BurstAlarm(RATE_HZ, 1).update(_filtered(4, 60.0, [(20.0, 50.0)]), 0)
    assert len(_lasting(events)) == 1


def test_nothing_is_said_before_there_is_a_rest_level() -> None:
    assert BurstAlarm(RATE_HZ, 1).update(_filtered(5, 0.45, [(0.2, 0.4)]), 0) == []


def test_lost_samples_raise_no_alarm() -> None:
    x = _filtered(6, 10.0, [])
    x[4000:6000] = np.nan
    assert BurstAlarm(RATE_HZ, 1).update(x, 0) == []


def test_the_gain_of_the_channel_does_not_matter() -> None:
    x = _filtered(7, 8.0, [(4.0, 5.0)])
    assert BurstAlarm(RATE_HZ, 1).update(x, 0) == BurstAlarm(RATE_HZ, 1).update(x * 1024.0, 0)


def test_the_low_quantile_leaves_lost_rows_out() -> None:
    rows = np.array([[4.0, np.nan], [1.0, np.nan], [np.nan, np.nan], [2.0, np.nan], [3.0, np.nan]])
    assert low_quantile(rows, 0.2)[0] == 1.0
    assert np.isnan(low_quantile(rows, 0.2)[1])


def test_a_silent_rest_makes_whatever_comes_loud() -> None:
    x = _filtered(10, 4.0, [])
    x[:3000] = 0.0
    events = BurstAlarm(RATE_HZ, 1).update(x, 0)
    assert events[0].on
    assert 3.0 <= events[0].index / RATE_HZ < 3.01


@pytest.mark.parametrize("rate_hz", [250.0, 500.0, 1024.0, 1259.0, 1500.0, 2000.0, 2148.1, 4000.0, 10_000.0])
def test_an_alarm_comes_soon_at_any_rate(rate_hz: float) -> None:
    rng = np.random.default_rng(11)
    t = np.arange(round(6.0 * rate_hz)) / rate_hz
    x = CausalBand(BandDesign(rate_hz), 1).update(
        (rng.standard_normal(len(t)) * np.where(t >= 4.0, 27.0, 3.0))[:, None]
    )
    on = [event.index / rate_hz for event in BurstAlarm(rate_hz, 1).update(x, 0) if event.on]
    assert any(3.999 < time < 4.04 for time in on)


@pytest.mark.parametrize("rate_hz", [1000.0, 2000.0])
def test_single_lost_samples_do_not_blind_the_alarm(rate_hz: float) -> None:
    rng = np.random.default_rng(8)
    n, onset = round(8 * rate_hz), round(5 * rate_hz)
    emg_uv = rng.normal(0.0, 2.0, (n, 1))
    emg_uv[onset:] *= 15.0
    emg_uv[rng.random(n) < 0.04] = np.nan
    filtered = CausalBand(BandDesign(rate_hz), 1).update(emg_uv)
    begins = [event.index / rate_hz for event in BurstAlarm(rate_hz, 1).update(filtered, 0) if event.on]
    assert len(begins) == 1
    assert begins[0] == pytest.approx(5.0, abs=0.04)


def _leaking(seed: int, own: tuple[float, float] | None, share: float = 0.12) -> FloatArray:
    """Band-passed channels 0, strong from 4 s on, and 1, which hears `share` of it and may have a burst of its own."""
    rng = np.random.default_rng(seed)
    t = np.arange(8000) / RATE_HZ
    loud = rng.standard_normal(len(t)) * np.where(t >= 4.0, 300.0, 3.0)
    quiet = rng.standard_normal(len(t)) * 3.0 + share * np.convolve(loud, [0.0, 0.25, 0.5, 0.25])[: len(t)]
    if own is not None:
        quiet += rng.standard_normal(len(t)) * np.where((t >= own[0]) & (t < own[1]), 60.0, 0.0)
    return CausalBand(BandDesign(RATE_HZ), 2).update(np.stack([loud, quiet], axis=1))


def test_what_a_channel_hears_of_its_neighbour_is_no_burst_of_its_own() -> None:
    events = [event for seed in range(5) for event in BurstAlarm(RATE_HZ, 2).update(_leaking(seed, None), 0)]
    assert sum(event.on and event.channel == 1 and event.index > 4000 for event in events) == 0
    assert sum(event.on and event.channel == 0 and event.index > 4000 for event in events) == 5


def test_a_burst_beneath_the_leak_of_a_neighbour_is_noticed_when_it_begins() -> None:
    for seed in range(5):
        events = BurstAlarm(RATE_HZ, 2).update(_leaking(seed, (5.0, 7.0)), 0)
        (on,) = [event.index for event in events if event.on and event.channel == 1 and event.index > 4000]
        assert 5000 < on < 5040


def test_two_muscles_that_begin_together_both_raise_the_alarm() -> None:
    delays: list[float] = []
    for seed in range(20):
        loud, own = _filtered(seed, 6.0, [(4.0, 5.0)], gain=80.0), _filtered(100 + seed, 6.0, [(4.0, 5.0)])
        events = BurstAlarm(RATE_HZ, 2).update(np.hstack([loud, own]), 0)
        first = next(event for event in events if event.on and event.channel == 1 and event.index > 3990)
        delays.append(first.index / RATE_HZ - 4.0)
    assert np.median(delays) < 0.03
    assert max(delays) < 0.06


@pytest.mark.parametrize("rate_hz", [1.0, 10.0, 40.0])
def test_a_leak_is_looked_for_where_the_newest_rows_are_fewer_than_its_taps(rate_hz: float) -> None:
    rows = np.random.default_rng(4).standard_normal((2, 3)) * np.array([[1.0], [20.0]])
    left = take_leak_out(rows, 0, np.array([1.0]), rate_hz)
    assert left is not None
    assert left.shape == (3,)
