"""The shape of a smooth movement from one place to another."""

import numpy as np

from firingorder_signal.blocks import FloatArray


def min_jerk(progress: FloatArray) -> FloatArray:
    """Share of the way, 0..1, of the smoothest point-to-point movement (Flash & Hogan 1985, eq. 4)."""
    x = np.clip(progress, 0.0, 1.0)
    return np.asarray(x * x * x * (10.0 + x * (-15.0 + 6.0 * x)))
