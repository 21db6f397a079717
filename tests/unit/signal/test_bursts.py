"""Every burst of a long recording, on simulated trains with known truth; real ones are in `tests/replay`."""

import numpy as np
import pytest
from benchmarks.onset_simulator import shaped_noise

from firingorder_signal import burst_spans, bursts
from firingorder_signal.arrays import detect_bursts
from firingorder_signal.results import Reason, ReasonCode


def _train(seed: int, starts: list[float], length_s: float, seconds: float, rate_hz: float = 1000.0) -> np.ndarray:
    """Bursts at 20 dB with a rise of 50 ms over noise."""
    rng = np.random.default_rng(seed)
    n = round(seconds * rate_hz)
    t = np.arange(n) / rate_hz
    level = np.zeros(n)
    for start in starts:
        level += np.clip((t - start) / 0.05, 0, 1) * (t < start + length_s)
    return 2.0 * rng.standard_normal(n) + 20.0 * level * shaped_noise(rng, n, rate_hz)


def test_every_burst_is_found_with_its_beginning_and_end() -> None:
    starts = [2.0, 4.5, 7.0, 9.5]
    found = detect_bursts(_train(0, starts, 0.8, 12.0), 1000.0)
    assert len(found) == len(starts)
    for burst, start in zip(found, starts, strict=True):
        assert burst.onset.time_s is not None
        assert abs(burst.onset.time_s - start) < 0.02
        assert burst.offset_s is not None
        assert abs(burst.offset_s - (start + 0.8)) < 0.05


def test_a_burst_that_goes_on_to_the_end_has_no_end() -> None:
    (found,) = detect_bursts(_train(1, [2.0], 5.0, 4.0), 1000.0)
    assert found.offset_s is None
    assert found.duration_s is None


def test_noise_has_no_bursts() -> None:
    assert detect_bursts(np.random.default_rng(2).standard_normal(30_000), 1000.0) == []


def test_heartbeats_are_no_bursts() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(20_000) / 1000.0
    heart = sum(120.0 * np.exp(-0.5 * ((t - beat) / 0.010) ** 2) for beat in np.arange(0.5, 19.5, 0.83))
    assert detect_bursts(3.0 * rng.standard_normal(len(t)) + heart, 1000.0) == []


def _falling(seed: int, fall_s: float, snr: float) -> tuple[np.ndarray, list[float]]:
    """Five bursts with a linear fall, and when each of them is over."""
    rng = np.random.default_rng(seed)
    t = np.arange(17_000) / 1000.0
    starts = [2.5 + 3.0 * number for number in range(5)]
    level = sum(np.clip((t - s) / 0.05, 0, 1) * np.clip((s + 1.0 - t) / fall_s, 0, 1) for s in starts)
    return 2.0 * rng.standard_normal(len(t)) + 2.0 * snr * level * shaped_noise(rng, len(t), 1000.0), [
        start + 1.0 for start in starts
    ]


@pytest.mark.parametrize(("fall_s", "within_s"), [(0.05, 0.010), (0.1, 0.015), (0.2, 0.03), (0.3, 0.045)])
def test_an_end_is_located_with_an_interval_that_holds_it(fall_s: float, within_s: float) -> None:
    errors: list[float] = []
    held: list[bool] = []
    for seed in range(6):
        emg, ends = _falling(seed, fall_s, 10.0)
        for burst, end in zip(detect_bursts(emg, 1000.0), ends, strict=True):
            assert burst.offset is not None
            assert burst.offset.time_s is not None
            assert burst.offset.ci90_s is not None
            assert burst.offset.snr_db is not None
            errors.append(burst.offset.time_s - end)
            held.append(burst.offset.ci90_s[0] <= end <= burst.offset.ci90_s[1])
    assert np.median(np.abs(errors)) < within_s
    assert np.mean(held) >= 0.8


def test_the_pieces_a_recording_is_worked_on_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    emg = _train(4, [2.0, 4.5, 7.0], 0.8, 9.5)
    emg[5000:5003] = np.nan
    whole = detect_bursts(emg, 1000.0)
    monkeypatch.setattr(bursts, "CHUNK_ROWS", 777)
    monkeypatch.setattr(burst_spans, "CHUNK_BINS", 13)
    assert detect_bursts(emg, 1000.0) == whole


def test_a_tonic_level_after_a_burst_does_not_hide_the_next() -> None:
    """The alarm stays on: after the first contraction the muscle rests 8 dB above its earlier rest."""
    rng = np.random.default_rng(5)
    t = np.arange(14_000) / 1000.0
    level = 60.0 * ((t > 3) & (t < 5)) + 60.0 * ((t > 9) & (t < 11)) + 2.3 * (t > 5)
    emg = rng.standard_normal(len(t)) + level * shaped_noise(rng, len(t), 1000.0)
    begins = [burst.onset.time_s for burst in detect_bursts(emg, 1000.0)]
    assert any(time is not None and abs(time - 3.0) < 0.03 for time in begins)
    assert any(time is not None and abs(time - 9.0) < 0.03 for time in begins)


def test_a_burst_beside_a_gap_says_so_with_its_length() -> None:
    emg = _train(6, [2.0, 5.0], 0.8, 8.0)
    emg[2030:2080] = np.nan
    emg[5790:5830] = np.nan
    first, second = detect_bursts(emg, 1000.0)
    assert first.onset.reason == Reason(ReasonCode.SAMPLES_LOST, 0.05, 0.01, "s")
    assert second.onset.reason is None
    assert second.offset is not None
    assert second.offset.reason == Reason(ReasonCode.SAMPLES_LOST, 0.04, 0.01, "s")


def test_a_faint_twitch_among_strong_bursts_is_none() -> None:
    """It lies 15 dB above rest and 34 dB below the bursts: a fiftieth of their amplitude."""
    rng = np.random.default_rng(7)
    t = np.arange(14_000) / 1000.0
    strong = np.asarray((t % 3.0 > 2.0) & (t < 13.0), dtype=np.float64)
    twitch = np.asarray((t > 6.5) & (t < 6.8), dtype=np.float64)
    emg = rng.standard_normal(len(t)) + (300.0 * strong + 6.0 * twitch) * shaped_noise(rng, len(t), 1000.0)
    assert len(detect_bursts(emg, 1000.0)) == 4
    alone = rng.standard_normal(len(t)) + (15.0 * strong + 6.0 * twitch) * shaped_noise(rng, len(t), 1000.0)
    assert len(detect_bursts(alone, 1000.0)) == 5
