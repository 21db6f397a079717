"""Means that come out the same whatever the shape of the array: added in a fixed order, lost samples left out.

numpy's own `sum` chooses its order of addition by shape and alignment, so that a mean would depend on how a stream was
cut into blocks.
"""

import numpy as np

from .blocks import FloatArray


def mean_power(rows: FloatArray, group: int) -> FloatArray:
    """Mean square over groups of rows; see `mean_over_rows`."""
    return mean_over_rows(rows * rows, group)


def mean_over_rows(rows: FloatArray, group: int) -> FloatArray:
    """Mean over groups of rows.

    Parameters
    ----------
    rows : shape (n_samples, n_channels)
        A multiple of `group` long; NaN = lost.

    Returns
    -------
    shape (n_samples / group, n_channels)
        NaN where a group has nothing.
    """
    cube = rows.reshape(-1, group, rows.shape[1])
    lost = np.isnan(cube)
    if not lost.any():
        total = cube[:, 0].copy()
        for row in range(1, group):
            total += cube[:, row]
        return total / group
    total = np.zeros((len(cube), rows.shape[1]))
    for row in range(group):
        total += np.where(lost[:, row], 0.0, cube[:, row])
    count = group - np.count_nonzero(lost, axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def mean_of_columns(rows: FloatArray) -> FloatArray:
    """Mean along the last axis; NaN if any of it is."""
    total = rows[..., 0].copy()
    for column in range(1, rows.shape[-1]):
        total += rows[..., column]
    return np.asarray(total / rows.shape[-1])


def trailing_mean(rows: FloatArray, n: int) -> FloatArray:
    """Mean of each column with the n - 1 before it, shape (n_rows, n_columns - n + 1); NaN if any of them is."""
    m = rows.shape[1] - n + 1
    total = rows[:, :m].copy()
    for column in range(1, n):
        total += rows[:, column : column + m]
    return total / n
