"""How large a difference between two sets must be before it can be told from chance: the detectable change.

No published value exists for the lag of the glute behind the hamstring, so that a person's own sets have to show it.
"""

import math
from collections.abc import Mapping, Sequence
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
#: Of the difference of two values, 95 % of the time; of two with the same standard deviation (MDC95).
BEYOND_95 = 1.96
MDC_FACTOR = BEYOND_95 * math.sqrt(2)
#: A person's lags at earlier visits, one a visit, by side.
LagsBySide = Mapping[Side, Sequence[float]]


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
        What a difference must exceed to be told from chance: the detectable change, or what the two intervals leave
        open if that is more.
    is_own
        Whether that is from the person's own visits.
    """

    difference_s: float
    detectable_s: float
    is_own: bool = False

    @property
    def is_told(self) -> bool:
        """Whether the difference is beyond what chance shows."""
        return abs(self.difference_s) > self.detectable_s


def detectable_between_sides_s(earlier_s: LagsBySide) -> float | None:
    """Return the difference of left and right that is told from chance, seconds; None until both sides' own is known.

    Examples
    --------
    >>> round(detectable_between_sides_s({Side.LEFT: [0.08, 0.1, 0.12], Side.RIGHT: [0.05, 0.06, 0.07]}), 3)
    0.044
    """
    own = [earlier_s.get(side, ()) for side in (Side.LEFT, Side.RIGHT)]
    if min(map(len, own)) < VISITS_NEEDED:
        return None
    return max(BEYOND_95 * math.hypot(*map(stdev, own)), FLOOR_S)


def left_open_s(*intervals: tuple[float, float] | None) -> float:
    """Return what the intervals of two lags leave open of their difference, seconds."""
    return math.hypot(*((interval[1] - interval[0]) / 2 for interval in intervals if interval is not None))


def compare_sides(sets: Sequence[SetResult], earlier_s: LagsBySide | None = None) -> LagDifference | None:
    """Compare left with right; None where one of them has no lag. Positive = the right glute came later.

    Parameters
    ----------
    earlier_s
        The person's earlier lags, of the same test and cue, where there are any.
    """
    by_side = {result.side: result for result in sets}
    left, right = by_side.get(Side.LEFT), by_side.get(Side.RIGHT)
    if left is None or right is None or left.lag_s is None or right.lag_s is None:
        return None
    own_s = detectable_between_sides_s(earlier_s or {})
    open_s = left_open_s(left.ci90_s, right.ci90_s)
    limit_s = max(LAG_DETECTABLE_S if own_s is None else own_s, open_s)
    return LagDifference(right.lag_s - left.lag_s, limit_s, own_s is not None and own_s >= open_s)
