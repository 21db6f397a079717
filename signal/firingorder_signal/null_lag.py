"""The estimator's own expected error, by signal-to-noise ratio and rise time: what makes the null lag.

A table simulated with `benchmarks/onset_bias.py`: mean error of the onset estimate over the five kinds of rise and
both signal models, as a function of the SNR and the rise time *that the estimator itself reports*. Between the cells
it is interpolated; outside it holds its edge.
"""

from bisect import bisect_right

import numpy as np

#: Cell centres: reported SNR in dB, reported rise time in seconds.
SNR_DB = (6.0, 10.0, 14.0, 18.0, 24.0, 32.0)
RISE_S = (0.01, 0.03, 0.06, 0.12, 0.24)
#: Median error in milliseconds, a row for each SNR, a column for each rise.
ERROR_MS = (
    (-1.1, -0.3, 1.3, 9.1, 3.0),
    (0.7, 0.9, 1.0, 4.1, 1.7),
    (1.5, 2.2, 2.7, 5.1, 3.7),
    (1.6, 2.3, 3.4, 4.4, 3.5),
    (1.2, 1.9, 2.7, 4.0, 2.9),
    (1.1, 2.0, 2.2, 2.2, 2.0),
)


def expected_error_s(snr_db: float, rise_s: float) -> float:
    """Return the median error (estimate minus truth) of an onset with this reported SNR and rise time, seconds."""
    row, down = _place(snr_db, SNR_DB)
    column, right = _place(float(np.log(max(rise_s, 1e-4))), tuple(np.log(RISE_S).tolist()))
    upper, lower = ERROR_MS[row], ERROR_MS[row + 1]
    above = upper[column] + right * (upper[column + 1] - upper[column])
    below = lower[column] + right * (lower[column + 1] - lower[column])
    return 1e-3 * (above + down * (below - above))


def _place(value: float, grid: tuple[float, ...]) -> tuple[int, float]:
    """Find the cell of a grid a value lies in and how far into it, 0..1; the edges hold outside."""
    inside = min(max(value, grid[0]), grid[-1])
    cell = min(max(bisect_right(grid, inside) - 1, 0), len(grid) - 2)
    return cell, (inside - grid[cell]) / (grid[cell + 1] - grid[cell])
