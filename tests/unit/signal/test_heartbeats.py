"""Heartbeats are told by repeating themselves, and taken out; muscles never are."""

import numpy as np
import pytest
from benchmarks.onset_simulator import shaped_noise

from firingorder_signal.arrays import detect_bursts
from firingorder_signal.blocks import FloatArray
from firingorder_signal.bursts import filter_in_chunks
from firingorder_signal.filters import BandDesign
from firingorder_signal.heartbeats import find_heartbeats, quieten_heartbeats, subtract_heartbeats


def filter_array(emg_uv: FloatArray, rate_hz: float) -> FloatArray:
    """Band-pass a channel."""
    return filter_in_chunks(emg_uv, BandDesign(rate_hz))


RATES_HZ = (250.0, 1000.0, 4000.0)
SECONDS = 30.0


def _beats_s(rng: np.random.Generator) -> FloatArray:
    """Draw the times of an unsteady heart."""
    return np.asarray(np.cumsum(0.8 + 0.05 * rng.standard_normal(60)), dtype=np.float64)


def _heart(beats_s: FloatArray, rate_hz: float, height_uv: float) -> FloatArray:
    """Q, R, S and T of every beat."""
    t = np.arange(round(SECONDS * rate_hz)) / rate_hz
    x = np.zeros(len(t))
    for beat in beats_s:
        for height, shift, width in (
            (1.0, 0.0, 0.010),
            (-0.2, -0.025, 0.009),
            (-0.3, 0.025, 0.010),
            (0.25, 0.25, 0.05),
        ):
            x += height * np.exp(-0.5 * ((t - beat - shift) / width) ** 2)
    return height_uv * x


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_every_heartbeat_is_found_where_it_is(rate_hz: float) -> None:
    rng = np.random.default_rng(1)
    beats_s = _beats_s(rng)
    emg = 3.0 * rng.standard_normal(round(SECONDS * rate_hz)) + _heart(beats_s, rate_hz, 120.0)
    found_s = find_heartbeats(filter_array(emg, rate_hz), rate_hz) / rate_hz
    inside = beats_s[(beats_s > 0.3) & (beats_s < SECONDS - 0.3)]
    assert len(found_s) == len(inside)
    apart_s = found_s - inside
    assert np.ptp(apart_s) < 0.02
    assert 0.0 < float(np.median(apart_s)) < 0.055  # behind the R wave by what the band-pass delays it


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_subtraction_takes_nearly_all_of_a_heartbeat_out(rate_hz: float) -> None:
    rng = np.random.default_rng(2)
    noise = 3.0 * rng.standard_normal(round(SECONDS * rate_hz))
    emg = noise + _heart(_beats_s(rng), rate_hz, 120.0) + 5e4
    beats = find_heartbeats(filter_array(emg, rate_hz), rate_hz)
    cleaned = filter_array(subtract_heartbeats(emg, rate_hz, beats), rate_hz)
    before, alone = filter_array(emg, rate_hz), filter_array(noise, rate_hz)
    keep = slice(round(0.5 * rate_hz), round((SECONDS - 1.0) * rate_hz))
    left, whole = (float(np.mean((x - alone)[keep] ** 2)) for x in (cleaned, before))
    assert left < 0.1 * whole
    quieten_heartbeats(cleaned, rate_hz, beats)
    assert float(np.mean(cleaned[keep] ** 2)) < 1.3 * float(np.mean(alone[keep] ** 2))


def test_a_muscle_that_bursts_every_stride_has_no_heart() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(60_000) / 1000.0
    emg = (2.0 + 40.0 * ((t % 1.05) < 0.3)) * shaped_noise(rng, len(t), 1000.0)
    assert len(find_heartbeats(filter_array(emg, 1000.0), 1000.0)) == 0


def test_hum_and_noise_have_no_heart() -> None:
    t = np.arange(30_000) / 1000.0
    hum = 100.0 * np.sin(2 * np.pi * 50.0 * t) + np.random.default_rng(4).standard_normal(len(t))
    assert len(find_heartbeats(filter_array(hum, 1000.0), 1000.0)) == 0


def test_lost_samples_stay_lost() -> None:
    rng = np.random.default_rng(5)
    emg = rng.standard_normal(30_000) + _heart(_beats_s(rng), 1000.0, 100.0)
    emg[9_000:9_400] = np.nan
    beats = find_heartbeats(filter_array(emg, 1000.0), 1000.0)
    cleaned = subtract_heartbeats(emg, 1000.0, beats)
    np.testing.assert_array_equal(np.isnan(cleaned), np.isnan(emg))


def test_bursts_among_heartbeats_are_found_and_no_heartbeat_is_a_burst() -> None:
    rng = np.random.default_rng(6)
    starts = np.array([4.1, 9.3, 15.2, 21.7])
    t = np.arange(round(SECONDS * 1000)) / 1000.0
    level = sum(np.clip((t - start) / 0.08, 0, 1) * (t < start + 1.0) for start in starts)
    emg = 3.0 * rng.standard_normal(len(t)) + 60.0 * level * shaped_noise(rng, len(t), 1000.0)
    bursts = detect_bursts(emg + _heart(_beats_s(rng), 1000.0, 150.0), 1000.0)
    assert len(bursts) == len(starts)
    for burst, start in zip(bursts, starts, strict=True):
        assert burst.onset.time_s is not None
        assert abs(burst.onset.time_s - start) < 0.05


def test_a_signal_shorter_than_a_heartbeat_has_none() -> None:
    assert len(find_heartbeats(np.zeros(100), 1000.0)) == 0
