"""Where chance comes from: one generator for each named thing, so that adding one never changes another.

A generator is drawn from in order and never in blocks of its own, so the same seed gives the same numbers however the
stream is chopped.
"""

import zlib

import numpy as np


def generator(seed: int, *labels: str | int) -> np.random.Generator:
    """Make the generator that belongs to `seed` and these labels.

    Examples
    --------
    >>> float(generator(1, "glute").random()) == float(generator(1, "glute").random())
    True
    """
    words = [zlib.crc32(str(label).encode()) for label in labels]
    return np.random.default_rng([seed, *words])


def about(rng: np.random.Generator, mean: float, sd: float, low: float, high: float) -> float:
    """Draw a normal number and keep it between `low` and `high`."""
    return float(np.clip(rng.normal(mean, sd), low, high))
