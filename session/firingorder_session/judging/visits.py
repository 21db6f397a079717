"""Two visits of one person: what changed between them, and whether that is more than can be told.

Only what sets come to is compared. The lag's detectable change (`detectable.py`) is the limit; a set whose own interval
is wider than that tells less, and its interval then is. An angle whose change is below what inertial sensors tell apart
between visits is not interpreted (`compensation.VISIT_CHANGE_DEG`). Sets of another test, cue or side are not compared.
Which recordings are of one person is for whoever names them to know; two that carry unlike codes are refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from firingorder_signal.blocks import Side
from firingorder_signal.errors import FiringOrderError
from firingorder_signal.motion_words import ENGLISH, describe_change
from firingorder_signal.results import Lift, SetResult
from firingorder_signal.words import MotionWords

from ..protocols.pool_key import PoolKey
from .detectable import VISITS_NEEDED, detectable_lag_s, left_open_s

if TYPE_CHECKING:
    from .analysis import Analysis

#: Angles that are compared, and what each is called; what is timed or counted from the hip is not.
ANGLES = {
    "tilt_deg": "pelvic tilt",
    "tilt_at_10_deg": "pelvic tilt at 10° of hip extension",
    "rotation_deg": "turn of the pelvis",
    "back_from_deg": "hip flexion from which the pelvis tilted backwards",
    "active_range_deg": "largest hip range",
}
Interval = tuple[float, float] | None


class OtherVisit(FiringOrderError):
    """Two recordings cannot be visits of one person, or not of one test."""


@dataclass(frozen=True)
class Visit:
    """One side of one visit, as it is compared.

    Attributes
    ----------
    test, titles
        What the test is called in English, and by language.
    earlier_s
        The person's lags at earlier visits, one a visit, as they were known at this one.
    """

    name: str
    created: str
    subject: str
    test: str
    key: PoolKey
    result: SetResult | None
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    earlier_s: Sequence[float] = ()

    @property
    def side(self) -> Side:
        """The side that was tested."""
        return self.key.side


@dataclass(frozen=True)
class AngleChange:
    """An angle at two visits, degrees, and what may be said of it."""

    name: str
    before_deg: float
    after_deg: float
    words: str


@dataclass(frozen=True)
class VisitChange:
    """What changed from the first visit to the second.

    Attributes
    ----------
    before_s, after_s
        The sets' lags; None where one is missing.
    limit_s
        What their difference must exceed to be told; `is_own`: it is from the person's own visits.
    angles
        Those that both visits have.
    other_test, other_cue, other_side, other_subject
        Why the two are not to be compared.
    """

    side: Side
    before_s: float | None
    after_s: float | None
    limit_s: float
    angles: tuple[AngleChange, ...] = ()
    is_own: bool = False
    other_test: bool = False
    other_cue: bool = False
    other_side: bool = False
    other_subject: bool = False

    @property
    def lag_s(self) -> float | None:
        """Second set's lag minus the first's; None where one is missing."""
        return None if self.before_s is None or self.after_s is None else self.after_s - self.before_s

    @property
    def pelvis_words(self) -> str:
        """Change of the median pelvic tilt; empty where either visit lacks it."""
        return self._words_of("tilt_deg")

    @property
    def range_words(self) -> str:
        """Change of the largest hip range; empty where either visit lacks it."""
        return self._words_of("active_range_deg")

    @property
    def comparable(self) -> bool:
        """Whether the two visits may be compared at all."""
        return not (self.other_test or self.other_cue or self.other_side or self.other_subject)

    @property
    def told(self) -> bool:
        """Whether the lag's change is more than can be told from none."""
        return self.comparable and self.lag_s is not None and abs(self.lag_s) > self.limit_s

    def _words_of(self, name: str) -> str:
        """Say how an angle changed."""
        return next((angle.words for angle in self.angles if angle.name == name), "")


def compare_sets(
    before: Visit, after: Visit, words: MotionWords = ENGLISH, earlier_s: Sequence[float] = ()
) -> VisitChange:
    """Compare two visits.

    Parameters
    ----------
    words
        Those of the language that is shown.
    earlier_s
        The person's earlier lags by which their own detectable change is known, one a visit; empty = those that the
        second visit knows.
    """
    earlier_s = earlier_s or after.earlier_s
    first, second = before.result, after.result
    one, other = before.key, after.key
    test = (one.protocol, one.knee) != (other.protocol, other.knee)
    intervals = (first.ci90_s if first else None, second.ci90_s if second else None)
    return VisitChange(
        after.side,
        before_s=first.lag_s if first else None,
        after_s=second.lag_s if second else None,
        limit_s=lag_limit_s(earlier_s, *intervals),
        is_own=len(earlier_s) >= VISITS_NEEDED and detectable_lag_s(earlier_s) >= left_open_s(*intervals),
        angles=_angles(first, second, words),
        other_test=test,
        other_cue=not test and (one.muscle_cue, one.words) != (other.muscle_cue, other.words),
        other_side=one.side is not other.side,
        other_subject=bool(before.subject and after.subject) and before.subject != after.subject,
    )


def lag_limit_s(earlier_s: Sequence[float], first: Interval, second: Interval) -> float:
    """Return what a change of the lag must exceed: the detectable change, or what both intervals leave open if more."""
    return max(detectable_lag_s(earlier_s), left_open_s(first, second))


def compare_visits(before: "Analysis", now: "Analysis") -> tuple[VisitChange, ...]:
    """Compare the sets that both visits have.

    Raises
    ------
    OtherVisit
        The recordings carry codes of two persons, or are of two tests or cues.
    """
    earlier = {visit.side: visit for visit in _visits(before)}
    pairs = [(earlier[visit.side], visit) for visit in _visits(now) if visit.side in earlier]
    changes = [compare_sets(*pair) for pair in pairs]
    people = {str(each.identity["subject"]) for each in (before, now)} - {""}
    if len(people) > 1:
        raise OtherVisit(f"the recordings are of {' and '.join(sorted(people))}; compare visits of one person")
    if before.protocol != now.protocol or any(change.other_test for change in changes):
        raise OtherVisit(f"{before.protocol} and {now.protocol} are two tests; compare visits of one")
    if any(change.other_cue for change in changes):
        raise OtherVisit(f"{now.protocol} was asked for in other words at the two visits; compare visits of one cue")
    return tuple(changes)


def write_changes(changes: Sequence[VisitChange]) -> list[dict[str, object]]:
    """Write changes as plain JSON types, one object a figure."""
    return [each for change in changes for each in (*_write_lag(change), *_write_angles(change))]


def describe_lag_change(change: VisitChange) -> str:
    """Say in one clause how the lag changed, or that it cannot be told; empty where either visit has none.

    Examples
    --------
    >>> describe_lag_change(VisitChange(Side.RIGHT, 0.08, 0.12, 0.06))
    'lag: +80 ms before, +120 ms now: a change below 60 ms cannot be told from none'
    """
    if change.lag_s is None or change.before_s is None or change.after_s is None:
        return ""
    limit = f"{1000 * change.limit_s:.0f} ms"
    told = f"{1000 * change.lag_s:+.0f} ms, beyond {limit}" if change.told else ""
    words = told or f"a change below {limit} cannot be told from none"
    return f"lag: {1000 * change.before_s:+.0f} ms before, {1000 * change.after_s:+.0f} ms now: {words}"


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


def _visits(analysis: "Analysis") -> list[Visit]:
    """Describe the sets of a recording as visits."""
    name, created, subject = (str(analysis.identity.get(each, "")) for each in ("name", "created", "subject"))
    return [
        Visit(name, created, subject, analysis.protocol, key, result, earlier_s=analysis.earlier_s.get(key.side, ()))
        for result, text in zip_longest(analysis.sets, analysis.pool_keys)
        for key in [PoolKey.parse(text) if text else PoolKey(analysis.protocol, "", "", "", result.side)]
    ]


def _angles(first: SetResult | None, second: SetResult | None, words: MotionWords) -> tuple[AngleChange, ...]:
    """Compare the angles that both sets have."""
    pairs = {name: (_angle(first, name), _angle(second, name)) for name in ANGLES}
    return tuple(
        AngleChange(name, before, after, describe_change(before, after, words))
        for name, (before, after) in pairs.items()
        if before is not None and after is not None
    )


def _angle(result: SetResult | None, name: str) -> float | None:
    """Return a set's angle: a median of the pelvis, or the largest range of the hip."""
    if result is None:
        return None
    return result.active_range_deg if name == "active_range_deg" else getattr(result.pelvis, name)


def _write_lag(change: VisitChange) -> list[dict[str, object]]:
    """Write the lag's change; nothing where either visit has none."""
    if change.lag_s is None or change.before_s is None or change.after_s is None:
        return []
    fields = {"before_s": change.before_s, "after_s": change.after_s, "limit_s": change.limit_s}
    told = {"told": change.told, "words": describe_lag_change(change)}
    return [{"side": change.side.value, "name": "lag_s", **{k: round(v, 7) for k, v in fields.items()}, **told}]


def _write_angles(change: VisitChange) -> list[dict[str, object]]:
    """Write the angles' changes."""
    return [
        {
            "side": change.side.value,
            "name": angle.name,
            "before_deg": round(angle.before_deg, 7),
            "after_deg": round(angle.after_deg, 7),
            "words": f"{ANGLES[angle.name]}: {angle.words}",
        }
        for angle in change.angles
    ]
