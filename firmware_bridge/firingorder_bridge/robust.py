"""Median and quantiles of short arrays: `numpy.median` spends 30 µs on its generality, sorting 80 numbers 2 µs."""

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray


def quantiles(values: FloatArray | NDArray[np.int64], *shares: float) -> list[float]:
    """Return quantiles, linearly interpolated, of at least one value.

    Examples
    --------
    >>> quantiles(np.array([3.0, 1.0, 2.0, 5.0]), 0.25, 0.5)
    [1.75, 2.5]
    """
    ordered: list[float] = np.sort(values).tolist()
    found: list[float] = []
    for share in shares:
        place = share * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        found.append(ordered[below] + (place - below) * (ordered[above] - ordered[below]))
    return found


def median(values: FloatArray | NDArray[np.int64]) -> float:
    """Return the median of at least one value.

    Examples
    --------
    >>> median(np.array([3.0, 1.0, 2.0]))
    2.0
    """
    return quantiles(values, 0.5)[0]
