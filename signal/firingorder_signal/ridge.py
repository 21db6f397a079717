"""The taps of a leak, by ridge regression that has an answer for every input.

The prior on the taps is what keeps the equations solvable, but only while it counts beside the data. A signal without
any noise (a counter, a sine, a step after zeros) is billions of times its own rest, all delayed copies of it are nearly
alike, and beside them the prior vanishes. There it grows with the data.
"""

import numpy as np

from .blocks import FloatArray

#: Smallest prior, as a share of the mean power of the inputs: with it the condition number is at most some 1e11, which
#: leaves five digits. Simulated bursts 60 dB above their rest stay below a 1e5th of it, so no muscle's answer changes.
FLOOR = 1e-10


def solve_ridge(products: FloatArray, matched: FloatArray, tap_sd: float) -> FloatArray:
    """Return the taps that explain a channel best, held small.

    Parameters
    ----------
    products : shape (n_taps, n_taps)
        Sums of products of the inputs with each other, in units of the noise's variance.
    matched : shape (n_taps,)
        Sums of their products with the channel.
    tap_sd
        Prior standard deviation of a tap.

    Returns
    -------
    shape (n_taps,)
        Zeros where a sum is lost or beyond all numbers: nothing is explained then.

    Notes
    -----
    Source: Hoerl & Kennard 1970; a floor relative to the trace is the usual shrinkage (Ledoit & Wolf 2004).
    """
    with np.errstate(over="ignore"):  # a signal at the edge of all numbers, which the next line refuses
        power = float(np.trace(products))
    if not (np.isfinite(power) and np.isfinite(products).all() and np.isfinite(matched).all()):
        return np.zeros(len(matched))
    prior = max(1.0 / tap_sd**2, FLOOR * power / len(products))
    taps = np.linalg.solve(products + np.eye(len(products)) * prior, matched)
    return np.asarray(taps, dtype=np.float64)
