"""Whose turn it is in a test of holds, and until when that leg rests. No clock: times are told.

Both legs at once take one turn after the other; where the legs alternate, one rests while the other holds. A hold that
was cut short is done again by the same leg.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from firingorder_signal.blocks import Side

from ..events.hold_events import HoldEnded
from ..protocols.protocol_plan import HoldPlan


@dataclass
class HoldTurns:
    """The turns of one test.

    Attributes
    ----------
    sides
        In the order of their turns; one, `MIDDLE`, where both hold at once.
    n_held
        Complete holds so far, of all sides.
    """

    plan: HoldPlan
    sides: Sequence[Side]
    n_held: int = 0
    _ended_s: dict[Side, float] = field(default_factory=dict[Side, float])

    @property
    def wanted(self) -> int:
        """How many holds the test asks for, of all sides."""
        return self.plan.count * len(self.sides)

    @property
    def number(self) -> int:
        """Number of the hold in turn, counted over all sides."""
        return self.n_held + 1

    @property
    def side(self) -> Side:
        """The side in turn; that of the last hold when all are done."""
        turn = self.n_held - 1 if self.n_held == self.wanted else self.n_held
        return self.sides[turn % len(self.sides)]

    def end(self, hold: HoldEnded) -> None:
        """Note that a hold is over."""
        self.n_held += int(hold.complete)
        self._ended_s[hold.side] = hold.time_s

    @property
    def rest_until_s(self) -> float:
        """Until when the side in turn rests: its own rest since its own hold, and the change of sides since any."""
        own_s = self._ended_s.get(self.side, float("-inf")) + self.plan.rest_s
        between_s = self.plan.rest_s if self.plan.between_sides_s is None else self.plan.between_sides_s
        return max([own_s, *(ended_s + between_s for side, ended_s in self._ended_s.items() if side is not self.side)])
