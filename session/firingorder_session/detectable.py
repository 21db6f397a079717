"""How large a difference between two sets must be before it can be told from chance: the detectable change.

No published value exists for the lag of the glute behind the hamstring, so that a person's own sets have to show it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import stdev

from firingorder_signal.blocks import Side
from firingorder_signal.results import SetResult

#: Until a person's own is known: 1.96 sqrt(2) times 50 ms over the root of six lifts, rounded up (trial-to-trial SD of
#: 50 ms: the middle of what studies of repeated lifts show).
LAG_DETECTABLE_S = 0.060
#: From so many visits on the person's own sets are believed.
VISITS_NEEDED = 3
#: A difference below the floor of two-channel detection is none, however alike three visits happen to be.
FLOOR_S = 0.025
#: Of the difference of two values with the same standard deviation, 95 % of the time (MDC95).
MDC_FACTOR = 1.96 * math.sqrt(2)


def detectable_lag_s(visits_s: Sequence[float]) -> float:
    """Return the smallest change of a set's lag that is told from chance, seconds.

    Parameters
    ----------
    visits_s
        The person's earlier set lags, one a visit, of the same test, cue and side.

    Examples
    --------
    >>> detectable_lag_s([0.08, 0.1])
    0.06
    >>> round(detectable_lag_s([0.08, 0.1, 0.12]), 3)
    0.055
    """
    if len(visits_s) < VISITS_NEEDED:
        return LAG_DETECTABLE_S
    return max(MDC_FACTOR * stdev(visits_s), FLOOR_S)


@dataclass(frozen=True)
class LagDifference:
    """Two lags side by side.

    Attributes
    ----------
    difference_s
        The second minus the first.
    detectable_s
        What a difference must exceed to be told from chance.
    """

    difference_s: float
    detectable_s: float

    @property
    def is_told(self) -> bool:
        """Whether the difference is beyond what chance shows."""
        return abs(self.difference_s) > self.detectable_s


def compare_sides(sets: Sequence[SetResult], detectable_s: float = LAG_DETECTABLE_S) -> LagDifference | None:
    """Compare left with right; None where one of them has no lag. Positive = the right glute came later."""
    lags = {result.side: result.lag_s for result in sets}
    left_s, right_s = lags.get(Side.LEFT), lags.get(Side.RIGHT)
    if left_s is None or right_s is None:
        return None
    return LagDifference(right_s - left_s, detectable_s)
