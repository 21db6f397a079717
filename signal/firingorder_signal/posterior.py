"""What is known about one onset: a probability for each moment and each kind of rise, and what follows from it."""

from dataclasses import dataclass, replace

import numpy as np

from .blocks import FloatArray
from .levels import SHAPE_PRIOR, SHAPES
from .results import Onset, Reason, RiseBelief

ESTIMATOR = "ramp-likelihood"
#: A kind of rise less likely than this (the estimator drops rises at e^-12) is as good as excluded.
NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class NoOnset:
    """No onset was found in a stretch; `reason` says why it could not even be looked for, if so."""

    reason: Reason | None = None
    snr_db: float | None = None
    rest_uv: float | None = None
    active_uv: float | None = None

    def to_onset(self, offset_s: float = 0.0) -> Onset:
        """Write it as a result without a time."""
        del offset_s
        return Onset(None, None, self.snr_db, None, ESTIMATOR, None, self.rest_uv, self.active_uv, self.reason)


@dataclass(frozen=True)
class OnsetPosterior:
    """When a muscle switched on, as a probability over an even grid of times.

    Attributes
    ----------
    time_s : shape (n_times,)
        Seconds after row 0 of the analysed array.
    by_shape : shape (n_shapes, n_times)
        Joint probability of the kind of rise (`levels.SHAPES`) and the time; sums to 1.
    snr_db
        20 log10(RMS active / RMS rest).
    rise_s
        Geometric mean of the rise time.
    reference_s
        The Hodges-Bui onset, None when that rule finds none.
    even_by_shape : shape (n_shapes, n_times)
        As `by_shape`, were every rise time as likely as any other. A set pools this: the prior of a rise time that its
        lifts share would count once for each lift.
    main : shape (n_times,)
        A burst may have two beginnings, a low level and then its main rise, and either may be meant: the probability of
        the second, which sums to its share (`main_rise.py`); None where there is one. Intervals hold both.
    """

    time_s: FloatArray
    by_shape: FloatArray
    snr_db: float
    rise_s: float
    rest_uv: float
    active_uv: float
    reference_s: float | None = None
    even_by_shape: FloatArray | None = None
    main: FloatArray | None = None

    @property
    def probability(self) -> FloatArray:
        """Probability of each time, shape (n_times,)."""
        return np.asarray(self.by_shape.sum(axis=0))

    @property
    def either(self) -> FloatArray:
        """Probability of each time, whichever of two beginnings is meant, shape (n_times,)."""
        if self.main is None:
            return self.probability
        return np.asarray((1.0 - float(self.main.sum())) * self.probability + self.main)

    def quantile_s(self, share: float) -> float:
        """Time before which the onset lies with probability `share`."""
        return quantiles(self.time_s, self.probability, (share,))[0]

    @property
    def median_s(self) -> float:
        """Median of the posterior."""
        return self.quantile_s(0.5)

    @property
    def ci90_s(self) -> tuple[float, float]:
        """5 % and 95 % quantile, of either beginning where there are two."""
        rows = [self.probability] if self.main is None else [self.probability, self.either]
        lows, highs = zip(*(quantiles(self.time_s, row, (0.05, 0.95)) for row in rows), strict=True)
        return min(lows), max(highs)

    def shifted(self, seconds: float) -> "OnsetPosterior":
        """Return the same onset on a clock that reads `seconds` more."""
        reference = None if self.reference_s is None else self.reference_s + seconds
        return replace(self, time_s=self.time_s + seconds, reference_s=reference)

    def to_onset(self, offset_s: float = 0.0) -> Onset:
        """Write it as a result on the clock on which row 0 is at `offset_s`."""
        low, high = self.ci90_s
        return Onset(
            time_s=self.median_s + offset_s,
            ci90_s=(low + offset_s, high + offset_s),
            snr_db=self.snr_db,
            rise_s=self.rise_s,
            estimator=ESTIMATOR,
            reference_s=None if self.reference_s is None else self.reference_s + offset_s,
            rest_uv=self.rest_uv,
            active_uv=self.active_uv,
            by_rise=self._by_rise(offset_s),
        )

    def _by_rise(self, offset_s: float) -> tuple[RiseBelief, ...]:
        """Return the onset under each kind of rise."""
        beliefs: list[RiseBelief] = []
        table = self.by_shape if self.even_by_shape is None else self.even_by_shape
        for shape, prior, row in zip(SHAPES, SHAPE_PRIOR, table, strict=True):
            mass = float(row.sum())
            p = row / mass if mass > NEGLIGIBLE else self.probability
            mean = float(p @ self.time_s)
            sd = float(np.sqrt(p @ (self.time_s - mean) ** 2))
            beliefs.append(RiseBelief(shape.value, float(np.log(max(mass, NEGLIGIBLE) / prior)), mean + offset_s, sd))
        return tuple(beliefs)


def quantiles(grid: FloatArray, probability: FloatArray, shares: tuple[float, ...]) -> list[float]:
    """Quantiles of a distribution on an even grid, each cell's mass spread evenly around its point."""
    edges: FloatArray = np.concatenate([[0.0], np.cumsum(probability)])
    step = float(grid[1] - grid[0]) if len(grid) > 1 else 0.0
    borders: FloatArray = np.concatenate([grid - step / 2, grid[-1:] + step / 2])
    found: FloatArray = np.asarray(np.interp(np.array(shares) * float(edges[-1]), edges, borders), dtype=np.float64)
    return [float(time_s) for time_s in found]
