"""Whether raw EMG makes a step: it leaps within a few milliseconds and then stays on one side, as muscles never do.

A knock moves charge at the electrode: the input leaps and comes back exponentially, with the time constant of its
coupling. Such a step is broadband, with most of its power below 20 Hz; what a muscle adds is a noise around zero whose
power lies above. The band-pass hides the difference, so the raw signal is asked. No state, one channel.
"""

from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray
from .rules import JudgementRules

#: Means of so much before and after are compared: "within a few milliseconds".
LEAP_S = 0.003
#: The level before, and the stretch after the leap that is weighed. Longer would weigh the muscle behind a knock (J).
BEFORE_S, AFTER_S = 0.025, 0.05
#: A mean over this length passes what lies below 20 Hz (3 dB down at 0.443 / 0.025 s = 17.7 Hz).
LOW_S = 0.025


@dataclass(frozen=True)
class CableStep:
    """A leap of the raw signal.

    Attributes
    ----------
    row
        The first row after it.
    times
        How large it is: in medians of the leaps at rest.
    low
        Power below 20 Hz over power above, in the 50 ms after it.
    """

    row: int
    times: float
    low: float

    def is_step(self, rules: JudgementRules) -> bool:
        """Say whether a leap is a cable's and not a muscle's."""
        return self.times > rules.step_times and self.low > rules.step_low


def find_leap(raw_uv: FloatArray, rate_hz: float, rest: tuple[int, int], near: tuple[int, int]) -> CableStep | None:
    """Find the largest leap in some rows and say what it is like.

    Parameters
    ----------
    raw_uv : shape (n_samples,), microvolts
        Unfiltered; NaN = lost.
    rest
        Rows of a quiet stretch, which tells how large leaps are without any.
    near
        Rows in which the leap is sought.

    Returns
    -------
    CableStep
        None where too much is lost or too little of the signal lies around.
    """
    n_leap, n_before, n_after = (max(round(length * rate_hz), 1) for length in (LEAP_S, BEFORE_S, AFTER_S))
    start, stop = max(near[0], n_before), min(near[1], len(raw_uv) - n_after)
    if start >= stop:
        return None
    usual = _leaps(raw_uv[slice(*rest)], n_leap)
    leaps = _leaps(raw_uv[start - n_leap : stop + n_leap - 1], n_leap)
    if np.isnan(leaps).all() or np.isnan(usual).all():
        return None
    row = start + int(np.nanargmax(leaps))
    around = raw_uv[row - n_before : row + n_after]
    if np.isnan(around).any():
        return None
    usual_uv = float(np.nanmedian(usual))
    times = float(leaps[row - start]) / usual_uv if usual_uv > 0.0 else float("inf")
    after = around[n_before:] - float(np.mean(around[:n_before]))
    return CableStep(row, times, _low_over_high(after, max(round(LOW_S * rate_hz), 1)))


def _leaps(x: FloatArray, n: int) -> FloatArray:
    """Give |mean of n samples from each row on - mean of the n before|, shape (len(x) - 2 n + 1,); NaN passes on."""
    if len(x) < 2 * n:
        return np.full(1, np.nan)
    # Added up sample by sample, so that a row's figure depends on its own samples alone.
    means = sum((x[k : len(x) - n + 1 + k] for k in range(1, n)), x[: len(x) - n + 1].copy()) / n
    return np.abs(means[n:] - means[:-n])


def _low_over_high(x: FloatArray, n: int) -> float:
    """Power of the means of n samples over that of what they leave; infinite for steps alone."""
    whole = x[: len(x) // n * n].reshape(-1, n)
    means = whole.mean(axis=1, keepdims=True)
    low, high = n * float(np.sum(means * means)), float(np.sum((whole - means) ** 2))
    return low / high if high > 0.0 else float("inf")
