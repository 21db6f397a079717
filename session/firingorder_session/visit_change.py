"""Two visits of one person: what changed between them, and whether that is more than can be told.

The lag's detectable change (`detectable.py`) is the limit; a set whose own interval is wider than that tells less, and
its interval then is. Two visits with another test, cue or side
are shown and not compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import hypot

from firingorder_signal.blocks import Side
from firingorder_signal.motion_words import ENGLISH, describe_change
from firingorder_signal.results import Lift, SetResult
from firingorder_signal.words import MotionWords

from .detectable import LAG_DETECTABLE_S


@dataclass(frozen=True)
class Visit:
    """One side of one visit, as it is compared; `test` is its English title, `titles` has it by language."""

    name: str
    created: str
    subject: str
    test: str
    cue: str
    side: Side
    result: SetResult | None
    titles: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class VisitChange:
    """What changed from the first visit to the second.

    Attributes
    ----------
    lag_s
        Second set's lag minus the first's; None where one is missing.
    limit_s
        What it must exceed to be told.
    pelvis_words, range_words
        Change of the median pelvic tilt and of the largest hip range; empty where either visit lacks it.
    other_test, other_cue, other_side, other_subject
        Why the two are not to be compared.
    """

    lag_s: float | None = None
    limit_s: float = LAG_DETECTABLE_S
    pelvis_words: str = ""
    range_words: str = ""
    other_test: bool = False
    other_cue: bool = False
    other_side: bool = False
    other_subject: bool = False

    @property
    def comparable(self) -> bool:
        """Whether the two visits may be compared at all."""
        return not (self.other_test or self.other_cue or self.other_side or self.other_subject)

    @property
    def told(self) -> bool:
        """Whether the lag's change is more than can be told from none."""
        return self.comparable and self.lag_s is not None and abs(self.lag_s) >= self.limit_s


def compare_sets(before: Visit, after: Visit, words: MotionWords = ENGLISH) -> VisitChange:
    """Compare two visits; `words` are those of the language that is shown."""
    first, second = before.result, after.result
    test = before.test != after.test
    return VisitChange(
        lag_s=_difference(first, second),
        limit_s=_limit_s(first, second),
        pelvis_words=_change(_tilt(first), _tilt(second), words),
        range_words=_change(_range(first), _range(second), words),
        other_test=test,
        other_cue=not test and before.cue != after.cue,
        other_side=before.side is not after.side,
        other_subject=bool(before.subject and after.subject) and before.subject != after.subject,
    )


def find_median_lift(result: SetResult | None) -> Lift | None:
    """Find the counted lift whose lag is nearest to the set's; None without one."""
    if result is None or result.lag_s is None:
        return None
    median_s = result.lag_s
    lags = {
        lift.number: lift.lag.lag_s for lift in result.lifts if lift.valid and lift.lag and lift.lag.lag_s is not None
    }
    number = min(lags, key=lambda number: abs(lags[number] - median_s), default=None)
    return next((lift for lift in result.lifts if lift.number == number), None)


def _difference(first: SetResult | None, second: SetResult | None) -> float | None:
    """Second lag minus the first."""
    if first is None or second is None or first.lag_s is None or second.lag_s is None:
        return None
    return second.lag_s - first.lag_s


def _limit_s(first: SetResult | None, second: SetResult | None) -> float:
    """Take the default, or what the two intervals leave open if that is more."""
    halves = [
        (result.ci90_s[1] - result.ci90_s[0]) / 2
        for result in (first, second)
        if result is not None and result.ci90_s is not None
    ]
    return max(LAG_DETECTABLE_S, hypot(*halves)) if halves else LAG_DETECTABLE_S


def _tilt(result: SetResult | None) -> float | None:
    """Median pelvic tilt."""
    return result.pelvis.tilt_deg if result is not None else None


def _range(result: SetResult | None) -> float | None:
    """Largest hip range lifted by the person."""
    return result.active_range_deg if result is not None else None


def _change(before: float | None, after: float | None, words: MotionWords) -> str:
    """Put a change of an angle into words."""
    return "" if before is None or after is None else describe_change(before, after, words)
