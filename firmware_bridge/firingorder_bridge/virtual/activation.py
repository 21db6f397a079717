"""The amplitude of a muscle over a burst: rise in a given shape, plateau, fall.

The onset is where the amplitude leaves zero, not where a rule would find it.
"""

import numpy as np

from firingorder_signal.blocks import FloatArray

from .settings import RiseShape

# Relaxation after a voluntary contraction takes longer than most rises (judgement).
FALL_S = 0.2


def rise(progress: FloatArray, shape: RiseShape) -> FloatArray:
    """Amplitude 0..1 for `progress` 0..1 between onset and plateau; clipped outside."""
    x = np.clip(progress, 0.0, 1.0)
    if shape is RiseShape.QUADRATIC:
        return np.asarray(x * x)
    if shape is RiseShape.COSINE:
        return np.asarray(0.5 - 0.5 * np.cos(np.pi * x))
    if shape is RiseShape.SQRT:
        return np.asarray(np.sqrt(x))
    return x


def burst(t_s: FloatArray, onset_s: float, offset_s: float, rise_s: float, shape: RiseShape) -> FloatArray:
    """Amplitude 0..1 at `t_s`, shape (n_samples,): 0 up to `onset_s`, 1 from `onset_s + rise_s` to `offset_s`."""
    up = rise((t_s - onset_s) / rise_s, shape)
    down = 1.0 - rise((t_s - offset_s) / FALL_S, RiseShape.COSINE)
    return np.asarray(up * down)
