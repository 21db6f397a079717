"""A burst that begins with one volley and a pause is found at the volley, not after the pause."""

import numpy as np
import pytest

from firingorder_signal.blocks import FloatArray
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.onset import OnsetPosterior, locate_onset
from firingorder_signal.volleys import family_of_volleys, volley_paths

RATE_HZ = 1000.0


def _volley_and_burst(seed: int, gap_s: float) -> FloatArray:
    """Rest, a volley of 12 ms at 2.0 s, rest again, and a lasting burst `gap_s` after the volley's beginning."""
    rng = np.random.default_rng(seed)
    amplitude = np.full(3000, 0.0)
    amplitude[2000:2012] = 30.0
    amplitude[2000 + round(gap_s * RATE_HZ) :] = 12.0
    emg_uv = 3.0 * rng.standard_normal(3000) + amplitude * rng.standard_normal(3000)
    return CausalBand(BandDesign(RATE_HZ), 1).update(emg_uv[:, np.newaxis])[:2400, 0]


@pytest.mark.parametrize("gap_s", [0.07, 0.10])
def test_the_onset_is_the_volley(gap_s: float) -> None:
    errors: list[float] = []
    rises_s: list[float] = []
    for seed in range(10):
        found = locate_onset(_volley_and_burst(seed, gap_s), RATE_HZ, (300, 1700), (1400, 2400))
        assert isinstance(found, OnsetPosterior)
        errors.append(abs(found.median_s - 2.0))
        rises_s.append(found.rise_s)
    assert np.median(errors) < 0.015
    assert np.median(rises_s) < 0.02


def test_a_path_collects_what_each_part_is_worth() -> None:
    volleys = family_of_volleys(12, 10.0)
    rng = np.random.default_rng(0)
    likelihood = rng.standard_normal((13, 400))
    sums = np.concatenate([np.zeros((13, 1)), np.cumsum(likelihood, axis=1)], axis=1)
    start = 100
    total = volley_paths(sums, volleys, RATE_HZ, np.array([start]))[:, 0]
    for row in range(len(volleys.high)):
        stands, over, plateau = (start + round(time_s * RATE_HZ) for time_s in volleys.times_s[:, row])
        level = np.zeros(400, dtype=int)
        level[stands:over], level[plateau:] = volleys.high[row], volleys.plateau[row]
        path = likelihood[level, np.arange(400)].sum()
        assert total[row] == pytest.approx(path - sums[-1, -1])
