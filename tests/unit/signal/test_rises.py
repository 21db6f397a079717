"""The family of rises: every shape climbs where its formula says."""

import numpy as np
import pytest

from firingorder_signal.blocks import FloatArray
from firingorder_signal.levels import (
    CLIMBS,
    FIRST_STEP,
    LOWEST_DB,
    PLATEAUS_DB,
    RISES_S,
    SHAPE_PRIOR,
    STEP_DB,
    Shape,
    count_levels,
    family_of_rises,
    ladder_db,
    time_fraction,
)


def _amplitude(u: FloatArray, shape: Shape) -> FloatArray:
    """Amplitude after the share `u` of the rise time."""
    return {
        Shape.SQUARE_ROOT: u**0.5,
        Shape.LINEAR: u,
        Shape.QUADRATIC: u**2,
        Shape.COSINE: (1 - np.cos(np.pi * u)) / 2,
        Shape.STEP: FIRST_STEP + (1 - FIRST_STEP) * u,
    }[shape]


@pytest.mark.parametrize("shape", CLIMBS)
def test_a_rung_is_reached_when_the_shape_says(shape: Shape) -> None:
    ratio = np.array([0.25, 0.5, 0.9, 1.0])
    np.testing.assert_allclose(_amplitude(time_fraction(ratio, shape), shape), ratio, atol=1e-12)


@pytest.mark.parametrize("shape", CLIMBS)
def test_what_lies_above_the_plateau_is_never_reached(shape: Shape) -> None:
    assert np.isinf(time_fraction(np.array([1.01]), shape)[0])


def test_the_ladder_reaches_its_top_in_even_steps() -> None:
    rungs = ladder_db(count_levels(17.0))
    assert rungs[0] == LOWEST_DB
    assert rungs[-1] >= 17.0
    assert (np.diff(rungs) == STEP_DB).all()


def test_the_family_is_a_distribution_that_only_climbs() -> None:
    rises = family_of_rises(16, 20.0)
    assert len(rises.crossing_s) == len(CLIMBS) * len(PLATEAUS_DB) * len(RISES_S)
    assert np.isclose(np.exp(rises.log_prior).sum(), sum(SHAPE_PRIOR[: len(CLIMBS)]))
    assert np.isclose(sum(SHAPE_PRIOR), 1.0)
    finite = np.where(np.isfinite(rises.crossing_s), rises.crossing_s, 1e9)
    assert (np.diff(finite, axis=1) >= 0.0).all()
