"""Two visits of one person: what the pelvis did then and now, and whether the change is one that can be told.

Only the set's medians are compared, and a change below what inertial sensors tell apart between visits is not
interpreted (`compensation.VISIT_CHANGE_DEG`). Which recordings are of one person is for whoever names them to know;
two that carry unlike codes are refused.
"""

from dataclasses import dataclass, fields

from firingorder_signal.blocks import Side
from firingorder_signal.errors import FiringOrderError
from firingorder_signal.motion_words import describe_change
from firingorder_signal.results import PelvisMotion

from .analysis import Analysis

#: Angles of the pelvis that are compared, and what each is called; what is timed or counted from the hip is not.
ANGLES = {
    "tilt_deg": "pelvic tilt",
    "tilt_at_10_deg": "pelvic tilt at 10° of hip extension",
    "rotation_deg": "turn of the pelvis",
    "back_from_deg": "hip flexion from which the pelvis tilted backwards",
}


class OtherVisit(FiringOrderError):
    """Two recordings cannot be visits of one person, or not of one test."""


@dataclass(frozen=True)
class Change:
    """A median of the pelvis at two visits, degrees, and what may be said of it."""

    side: Side
    name: str
    before_deg: float
    after_deg: float

    @property
    def words(self) -> str:
        """Say the change in one clause."""
        return f"{ANGLES[self.name]}: {describe_change(self.before_deg, self.after_deg)}"


def compare_visits(before: Analysis, now: Analysis) -> tuple[Change, ...]:
    """Compare the pelvis of the sets that both visits have.

    Raises
    ------
    OtherVisit
        The recordings carry codes of two persons, or are of two tests.
    """
    people = {str(each.identity["subject"]) for each in (before, now)} - {""}
    if len(people) > 1:
        raise OtherVisit(f"the recordings are of {' and '.join(sorted(people))}; compare visits of one person")
    if before.protocol != now.protocol:
        raise OtherVisit(f"{before.protocol} and {now.protocol} are two tests; compare visits of one")
    earlier = {result.side: result.pelvis for result in before.sets}
    return tuple(
        Change(result.side, name, then_deg, now_deg)
        for result in now.sets
        for name in (each.name for each in fields(PelvisMotion) if each.name in ANGLES)
        if (then_deg := getattr(earlier.get(result.side, PelvisMotion()), name)) is not None
        and (now_deg := getattr(result.pelvis, name)) is not None
    )


def write_change(change: Change) -> dict[str, object]:
    """Write a change as plain JSON types."""
    return {
        "side": change.side.value,
        "name": change.name,
        "before_deg": round(change.before_deg, 7),
        "after_deg": round(change.after_deg, 7),
        "words": change.words,
    }
