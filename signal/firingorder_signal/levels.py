"""How a muscle's amplitude rises: a ladder of levels, and the times at which each kind of rise climbs its rungs.

The rise is not known beforehand, so a family is carried along: five shapes, rise times from 5 to 440 ms, plateaus
around the level that was reached. Which of them fits decides how far before the visible part of a burst its onset
lies; what the data cannot tell of it becomes part of the interval.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .blocks import FloatArray


class Shape(Enum):
    """A kind of rise; `u` is the share of the rise time that has passed."""

    SQUARE_ROOT = "square_root"  # u^0.5
    LINEAR = "linear"  # u
    QUADRATIC = "quadratic"  # u^2
    COSINE = "cosine"  # (1 - cos(pi u)) / 2
    STEP = "step"  # 0.25 + 0.75 u: the first motor units are not infinitely small
    VOLLEY = "volley"  # everything at once, a pause, the plateau: `volleys.py`


SHAPES = tuple(Shape)
#: Those that only climb.
CLIMBS = SHAPES[:-1]
#: Prior probability of each shape. Linear and the step of the first motor units are what the two signal models of the
#: onset study do; the others keep the interval honest where a muscle does otherwise.
SHAPE_PRIOR = (0.05, 0.465, 0.07, 0.06, 0.35, 0.005)
#: First potentials relative to the plateau: 0.2 after a slow rise to 0.35 after one of 100 ms, 60 of 80 units simulated
#: with the recruitment of Fuglevand et al. 1993.
FIRST_STEP = 0.25
#: Rise times, seconds: even in logarithm, from a reflex-like step to the slowest voluntary rise simulated.
RISES_S = (0.005, 0.010, 0.020, 0.035, 0.055, 0.080, 0.115, 0.160, 0.225, 0.315, 0.440)
#: Prior weight of each rise time: above 200 ms fewer (J: the onset study has none, cued lifts some).
RISE_PRIOR = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.5, 0.3)
#: Plateaus relative to the level measured at the end of the stretch, dB: 120 ms of EMG tell it to 1 dB.
PLATEAUS_DB = (-1.5, 0.0, 1.5)
#: Spacing of the ladder, dB (onset study: finer gains nothing).
STEP_DB = 2.0
#: Lowest rung, dB of whitened EMG power over whitened noise power: below it, nothing can be told from rest.
LOWEST_DB = -8.0


@dataclass(frozen=True)
class Rises:
    """A family of rises on a ladder.

    Attributes
    ----------
    crossing_s : shape (n_rises, n_levels)
        Seconds after the onset at which each rung takes over; infinite where a rise never gets there.
    log_prior : shape (n_rises,)
    shape_index, rise_s, rise_prior : shape (n_rises,)
        Which shape and which rise time each row is, and how likely that rise time is beforehand relative to the mean.
    """

    crossing_s: FloatArray
    log_prior: FloatArray
    shape_index: NDArray[np.int64]
    rise_s: FloatArray
    rise_prior: FloatArray


def count_levels(top_db: float) -> int:
    """Count the rungs from `LOWEST_DB` to at least `top_db`; never fewer than rest itself may climb."""
    return max(int(np.ceil((top_db - LOWEST_DB) / STEP_DB)) + 1, 8)


def ladder_db(n_levels: int) -> FloatArray:
    """Return the rungs, ascending from `LOWEST_DB`, shape (n_levels,)."""
    return np.asarray(LOWEST_DB + STEP_DB * np.arange(n_levels), dtype=np.float64)


@lru_cache(maxsize=64)
def family_of_rises(n_levels: int, plateau_db: float) -> Rises:
    """Lay out every rise of the family on the ladder of `n_levels` rungs.

    Parameters
    ----------
    plateau_db
        Level measured at the end of the stretch; pass it rounded, the result is kept.
    """
    takes_over_db = ladder_db(n_levels) - STEP_DB / 2  # a rung takes over half a step below itself
    rises = np.array(RISES_S)
    rows: list[FloatArray] = []
    for shape in CLIMBS:
        for offset_db in PLATEAUS_DB:
            u = time_fraction(10.0 ** ((takes_over_db - plateau_db - offset_db) / 20.0), shape)
            rows.extend(rises[:, np.newaxis] * u)
    n_plateaus = len(PLATEAUS_DB)
    rise_prior = np.tile(np.array(RISE_PRIOR) / np.mean(RISE_PRIOR), len(CLIMBS) * n_plateaus)
    shape_index = np.repeat(np.arange(len(CLIMBS)), n_plateaus * len(rises))
    log_prior = np.log(np.array(SHAPE_PRIOR)[shape_index] * rise_prior / (n_plateaus * len(rises)))
    return Rises(np.array(rows), log_prior, shape_index, np.tile(rises, len(CLIMBS) * n_plateaus), rise_prior)


def time_fraction(ratio: FloatArray, shape: Shape) -> FloatArray:
    """Share of the rise time at which the amplitude is `ratio` of the plateau; infinite where it never is."""
    inside = np.minimum(ratio, 1.0)
    match shape:
        case Shape.SQUARE_ROOT:
            u = inside**2
        case Shape.LINEAR:
            u = inside
        case Shape.QUADRATIC:
            u = np.sqrt(inside)
        case Shape.COSINE:
            u = np.arccos(1.0 - 2.0 * inside) / np.pi
        case Shape.STEP:
            u = np.maximum(inside - FIRST_STEP, 0.0) / (1.0 - FIRST_STEP)
        case Shape.VOLLEY:
            raise ValueError("a volley does not only climb; see volleys.py")
    return np.where(ratio <= 1.0, u, np.inf)
