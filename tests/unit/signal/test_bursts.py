"""Every burst of a long recording: simulated trains with known truth, and real recordings where they are at hand."""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.onset_simulator import shaped_noise

from firingorder_signal.arrays import detect_bursts

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
WALK = DATA / "walk-13-muscles"
KNEE = DATA / "uci-lower-limb" / "5Npie.txt"


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
    bursts = detect_bursts(_train(0, starts, 0.8, 12.0), 1000.0)
    assert len(bursts) == len(starts)
    for burst, start in zip(bursts, starts, strict=True):
        assert burst.onset.time_s is not None
        assert abs(burst.onset.time_s - start) < 0.02
        assert burst.offset_s is not None
        assert abs(burst.offset_s - (start + 0.8)) < 0.05


def test_a_burst_that_goes_on_to_the_end_has_no_end() -> None:
    bursts = detect_bursts(_train(1, [2.0], 5.0, 4.0), 1000.0)
    assert [burst.offset_s for burst in bursts] == [None]
    assert bursts[0].duration_s is None


def test_noise_has_no_bursts() -> None:
    assert detect_bursts(np.random.default_rng(2).standard_normal(30_000), 1000.0) == []


def test_heartbeats_are_no_bursts() -> None:
    rng = np.random.default_rng(3)
    t = np.arange(20_000) / 1000.0
    heart = sum(120.0 * np.exp(-0.5 * ((t - beat) / 0.010) ** 2) for beat in np.arange(0.5, 19.5, 0.83))
    assert detect_bursts(3.0 * rng.standard_normal(len(t)) + heart, 1000.0) == []


@pytest.mark.skipif(not WALK.exists(), reason="no ../shared/data/walk-13-muscles beside the checkout")
@pytest.mark.parametrize(("muscle", "within_s"), [("BF", 0.03), ("MA", 0.03), ("ST", 0.07)])
def test_every_stride_of_a_real_walk_has_its_burst(muscle: str, within_s: float) -> None:
    with (WALK / "emg.csv").open() as file:
        column = file.readline().strip().split(",").index(muscle)
        emg = np.loadtxt(file, delimiter=",", usecols=column)
    events = json.loads((WALK / "events.json").read_text())["onsets_by_change_point_s"][muscle]
    found = np.array([burst.onset.time_s for burst in detect_bursts(emg, 1000.0)], dtype=np.float64)
    for expected in events:
        if expected is not None:
            assert np.min(np.abs(found - expected)) < within_s


@pytest.mark.skipif(not KNEE.exists(), reason="no ../shared/data/uci-lower-limb beside the checkout")
@pytest.mark.parametrize("column", [1, 3])
def test_every_slow_knee_flexion_has_its_burst(column: int) -> None:
    table = np.loadtxt(KNEE, skiprows=7)
    knee = table[:, 4]
    bent = (knee > 40.0).astype(np.int8)
    flexions = np.flatnonzero(np.diff(bent) == 1) / 1000.0
    found = np.array(
        [burst.onset.time_s for burst in detect_bursts(1000.0 * table[:, column], 1000.0)], dtype=np.float64
    )
    assert len(flexions) == 5
    for flexion in flexions:
        assert np.any((found > flexion - 1.2) & (found < flexion))
