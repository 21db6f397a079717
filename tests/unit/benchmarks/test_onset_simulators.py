"""Both generators keep their promises: exact truth, the SNR that was asked for, the same seed the same signal."""

from types import ModuleType

import numpy as np
import pytest
from benchmarks import onset_simulator, onset_simulator_other
from benchmarks.onset_simulator import Channel, Scene, band_power

GENERATORS = (onset_simulator, onset_simulator_other)
MODELS = ("gauss", "mu")


def scene(model: str, snr_db: float, *, dirty: bool = False) -> Scene:
    return Scene((Channel(2.0, 0.05, snr_db), Channel(2.1, 0.05, snr_db)), model, dirty, duration_s=5.0)


@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("model", MODELS)
def test_nothing_leaves_the_noise_before_the_truth_and_much_soon_after(generator: ModuleType, model: str) -> None:
    for seed in range(5):
        emg_uv, truth_s = generator.simulate(scene(model, 60.0), seed)
        for c in range(2):
            loud = np.flatnonzero(np.abs(emg_uv[:, c]) > 30.0) / 1000.0  # noise is 3 µV RMS
            assert loud[0] >= truth_s[c] - 0.001
            assert loud[0] < truth_s[c] + 0.015


@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("model", MODELS)
def test_plateau_over_noise_is_the_snr_asked_for(generator: ModuleType, model: str) -> None:
    ratios: list[float] = []
    for seed in range(8):
        emg_uv, _ = generator.simulate(scene(model, 20.0), seed)
        rest, plateau = (band_power(emg_uv[rows, 0], 1000.0) for rows in (slice(0, 1900), slice(2500, 5000)))
        ratios.append(float(10 * np.log10(plateau / rest - 1)))
    # The power of the plateau includes what lies outside of 20-450 Hz; that is a decibel at most.
    assert abs(float(np.mean(ratios)) - 20.0) < 1.5


@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("model", MODELS)
def test_the_same_seed_gives_the_same_signal_dirt_included(generator: ModuleType, model: str) -> None:
    one, two = (generator.simulate(scene(model, 15.0, dirty=True), 3)[0] for _ in range(2))
    assert np.array_equal(one, two)
    assert np.isfinite(one).all()


def test_the_generators_differ_in_colour() -> None:
    share: list[float] = []
    for generator in GENERATORS:
        plateaus = [generator.simulate(scene("gauss", 40.0), seed)[0][2500:, 0] for seed in range(6)]
        spectrum = np.abs(np.fft.rfft(np.concatenate(plateaus))) ** 2
        share.append(float(spectrum[: len(spectrum) // 10].sum() / spectrum.sum()))  # below 50 Hz
    assert abs(share[0] - share[1]) > 0.05
