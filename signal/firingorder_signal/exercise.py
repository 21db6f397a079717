"""Which movement a repetition was, and what each must keep to count.

What it was follows from the posture of the rest before it and from the direction the hip went. A bridge on one leg
differs from one on both by the other hip alone, so that without a sensor on the other thigh it is just a bridge.
"""

from dataclasses import dataclass
from enum import Enum

from .angle_rows import Posture
from .rules import JudgementRules


class Exercise(Enum):
    """What was done."""

    PRONE_LIFT = "prone_lift"
    BRIDGE = "bridge"
    SINGLE_LEG_BRIDGE = "single_leg_bridge"
    BILATERAL_BRIDGE = "bilateral_bridge"
    HIP_FLEXION = "hip_flexion"

    @property
    def direction(self) -> int:
        """1 where the hip extends, -1 where it flexes."""
        return -1 if self is Exercise.HIP_FLEXION else 1

    @property
    def is_bridge(self) -> bool:
        """Whether it is a bridge of any kind."""
        return self in (Exercise.BRIDGE, Exercise.SINGLE_LEG_BRIDGE, Exercise.BILATERAL_BRIDGE)


#: What can be done from each posture: by the way the hip goes, extension 1, flexion -1. Nothing counts while somebody
#: stands, walks or lies on the side, where the sagittal angle is unsure and the muscles do other work.
BY_POSTURE: dict[Posture, dict[int, Exercise]] = {
    Posture.PRONE: {1: Exercise.PRONE_LIFT},
    Posture.SUPINE: {1: Exercise.BRIDGE, -1: Exercise.HIP_FLEXION},
    Posture.SEATED: {-1: Exercise.HIP_FLEXION},
}
# In a bridge on both legs both hips move by more than this (simulation of 3 bridges on one leg, 4 on both, a session).
BOTH_MOVE_DEG = 15.0


@dataclass(frozen=True)
class RangeGates:
    """Accepted hip range and peak speed of one exercise, degrees and degrees a second."""

    range_deg: tuple[float, float]
    speed_deg_s: tuple[float, float]


# A bridge extends the hip by 35-50 degrees from hook lying; a quarter of that is hardly one (judgement).
BRIDGE_GATES = RangeGates((12.0, 80.0), (5.0, 120.0))
# Flexion is followed where it passes 90 degrees; the range from its own rest may be anything that is seen as movement.
FLEXION_GATES = RangeGates((5.0, 150.0), (5.0, 250.0))


def gates_of(exercise: Exercise, rules: JudgementRules) -> RangeGates:
    """Return what an exercise must keep; a prone lift's limits are the rules'."""
    if exercise is Exercise.HIP_FLEXION:
        return FLEXION_GATES
    if exercise.is_bridge:
        return BRIDGE_GATES
    return RangeGates((rules.hip_min_deg, rules.hip_max_deg), (rules.speed_min_deg_s, rules.speed_max_deg_s))


def name_bridge(other_range_deg: float | None) -> Exercise:
    """Tell a bridge on one leg from one on both by the other hip's range; None = that thigh has no sensor."""
    if other_range_deg is None:
        return Exercise.BRIDGE
    return Exercise.BILATERAL_BRIDGE if other_range_deg > BOTH_MOVE_DEG else Exercise.SINGLE_LEG_BRIDGE
