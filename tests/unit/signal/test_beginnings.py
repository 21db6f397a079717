"""Rises and volleys on one ladder: what they are worth beforehand, and where a volley may count at all."""

import numpy as np
import pytest
from benchmarks.onset_simulator import Channel, Scene, simulate

from firingorder_signal.beginnings import Beginnings, weigh_beginnings
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.levels import RISE_PRIOR, RISES_S, SHAPE_PRIOR, SHAPES, Shape
from firingorder_signal.onset import OnsetPosterior, locate_onset

RATE_HZ = 1000.0
VOLLEY = SHAPES.index(Shape.VOLLEY)


def located(seed: int, rise_s: float, snr_db: float, model: str) -> OnsetPosterior:
    """Locate the onset of a simulated burst."""
    emg_uv, truth_s = simulate(Scene((Channel(2.6, rise_s, snr_db),), duration_s=3.4, model=model), seed)
    filtered = CausalBand(BandDesign(RATE_HZ), 1).update(emg_uv)[: round((truth_s[0] + 0.3) * RATE_HZ), 0]
    found = locate_onset(np.ascontiguousarray(filtered), RATE_HZ, (300, 2200), (1900, len(filtered)))
    assert isinstance(found, OnsetPosterior)
    return found


def test_a_signal_that_says_nothing_leaves_everything_as_likely_as_beforehand() -> None:
    beginnings = Beginnings(np.zeros((13, 401)), RATE_HZ, 10.0)
    time_s, by_shape, even, _, rise_s = weigh_beginnings(beginnings, 200, RATE_HZ, 50)
    assert (time_s[0], time_s[-1]) == pytest.approx((0.05, 0.249), abs=0.002)
    assert by_shape.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(by_shape.sum(axis=1)[:VOLLEY], SHAPE_PRIOR[:VOLLEY], rtol=0.02)
    np.testing.assert_allclose(even.sum(axis=1)[:VOLLEY], SHAPE_PRIOR[:VOLLEY], rtol=0.02)
    geometric_s = np.exp(np.average(np.log(RISES_S), weights=RISE_PRIOR))
    assert rise_s == pytest.approx(geometric_s, rel=0.03)


def test_a_volley_does_not_count_where_the_rises_see_the_beginning_themselves() -> None:
    """Motor units called within 5 ms: without this, a volley of fixed shape takes all of the probability."""
    assert [located(seed, 0.005, 10.0, "mu").by_shape[VOLLEY].sum() for seed in range(6)] == [0.0] * 6


def test_what_a_set_pools_does_not_lean_towards_the_usual_rise_times() -> None:
    found = located(1, 0.4, 15.0, "gauss")
    assert found.even_by_shape is not None
    even_s = float(found.even_by_shape.sum(axis=0) @ found.time_s)
    assert even_s < float(found.probability @ found.time_s) - 0.001
