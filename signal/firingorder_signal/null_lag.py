"""What equal onsets would have shown: the estimator's own expected error, by signal-to-noise ratio and rise time.

A table simulated with `benchmarks/onset_bias.py`: at each true SNR and rise time the median error of the estimate,
averaged over the kinds of rise and both signal models, written at the SNR and the rise time that are *reported* there.
A slow rise at a low SNR is seen late, whoever looks; the difference between two muscles is the null lag. It is
reported and not subtracted: of a quadratic rise it explains a part, of a sudden one it would take too much.
"""

import numpy as np

from .results import N_DIGITS

#: Reported SNR in dB; reported rise times, seconds; median errors there, milliseconds.
ROWS = (
    (7.0, (0.019, 0.023, 0.035, 0.066, 0.104, 0.104), (-5.5, 1.1, 6.7, 17.0, 32.5, 53.8)),
    (10.3, (0.013, 0.017, 0.032, 0.077, 0.139, 0.150), (-0.9, 4.4, 9.2, 14.6, 24.5, 35.7)),
    (14.0, (0.010, 0.017, 0.036, 0.087, 0.155, 0.171), (0.8, 4.6, 8.5, 13.4, 20.4, 29.7)),
    (17.9, (0.009, 0.018, 0.039, 0.088, 0.155, 0.183), (1.2, 4.7, 7.6, 12.2, 17.2, 26.5)),
    (23.8, (0.008, 0.021, 0.042, 0.092, 0.162, 0.195), (1.4, 3.9, 5.9, 8.4, 11.8, 18.7)),
    (31.8, (0.009, 0.024, 0.047, 0.099, 0.173, 0.207), (1.2, 2.5, 3.7, 4.4, 5.5, 6.1)),
)


def expected_error_s(snr_db: float, rise_s: float) -> float:
    """Return the median error (estimate minus truth) of an onset with this reported SNR and rise time, seconds.

    Between the rows and columns it is interpolated; outside the table its edge holds. To the nanosecond, as onsets are.
    """
    log_rise = float(np.log(max(rise_s, 1e-4)))
    errors_ms = [float(np.interp(log_rise, np.log(rises_s), row_ms)) for _, rises_s, row_ms in ROWS]
    return round(1e-3 * float(np.interp(snr_db, [row[0] for row in ROWS], errors_ms)), N_DIGITS)
