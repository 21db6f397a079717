"""A straight line through measurements over time, with an interval that allows for slow wandering around it.

What a person holds wanders: neighbouring residuals are alike, and the textbook interval is then too narrow. The
variance is widened by the first autocorrelation of the residuals, as of an autoregressive process of order one
(Zwiers & von Storch 1995, effective sample size).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from .blocks import FloatArray

#: Two-sided confidence of every interval.
CONFIDENCE = 0.95
#: Residuals more alike than this are no line at all; the interval is as wide as for this.
ALIKE_MAX = 0.9


@dataclass(frozen=True)
class Line:
    """`intercept + slope t`: the estimates, their variances and covariance, and the quantile for the interval."""

    intercept: float
    slope: float
    var_intercept: float
    var_slope: float
    covariance: float
    quantile: float

    @property
    def slope_interval(self) -> tuple[float, float]:
        """95 % interval of the slope."""
        half = self.quantile * sqrt(self.var_slope)
        return self.slope - half, self.slope + half

    @property
    def relative(self) -> tuple[float, tuple[float, float]]:
        """Slope over intercept with its 95 % interval, by the delta method."""
        ratio = self.slope / self.intercept
        variance = self.var_slope + ratio**2 * self.var_intercept - 2.0 * ratio * self.covariance
        half = self.quantile * sqrt(max(variance, 0.0)) / abs(self.intercept)
        return ratio, (ratio - half, ratio + half)


def fit_line(time_s: FloatArray, values: FloatArray) -> Line | None:
    """Fit a line by least squares; None with fewer than four points, or all at one time.

    Parameters
    ----------
    time_s, values : shape (n,)
        In the order of time, about evenly spaced.

    Examples
    --------
    >>> line = fit_line(np.arange(5.0), np.array([1.0, 3.0, 5.0, 7.0, 9.0]))
    >>> line.intercept, line.slope
    (1.0, 2.0)
    """
    from scipy.special import stdtrit

    n = len(time_s)
    if n < 4:
        return None
    middle = float(np.mean(time_s))
    spread = float(np.sum((time_s - middle) ** 2))
    if spread <= 0.0:
        return None
    slope = float(np.sum((time_s - middle) * values)) / spread
    intercept = float(np.mean(values)) - slope * middle
    residuals = values - intercept - slope * time_s
    squares = float(np.sum(residuals**2))
    variance = squares / (n - 2) * _widening(residuals, squares)
    return Line(
        intercept,
        slope,
        variance * (1.0 / n + middle**2 / spread),
        variance / spread,
        -variance * middle / spread,
        float(stdtrit(n - 2, 0.5 + CONFIDENCE / 2)),
    )


def _widening(residuals: FloatArray, squares: float) -> float:
    """By how much neighbours that are alike widen a variance; 1 where they are not."""
    if squares <= 0.0:
        return 1.0
    n = len(residuals)
    # Residuals of a fitted line look less alike than what they come from: on average by 3 / n (own simulation).
    alike = float(np.sum(residuals[1:] * residuals[:-1])) / squares + 3.0 / n
    alike = min(max(alike, 0.0), ALIKE_MAX)
    return (1.0 + alike) / (1.0 - alike)
