"""What is derived of each lift, kept as long as the lift is the same: an hour has hundreds, and a jump changes none."""

from collections.abc import Callable
from typing import Generic, TypeVar

from firingorder_signal.blocks import Side
from firingorder_signal.results import Lift

Derived = TypeVar("Derived")


class PerLift(Generic[Derived]):
    """Derives once of each lift.

    Parameters
    ----------
    derive
        What is to be known of a lift; must depend on the lift alone.
    """

    def __init__(self, derive: Callable[[Lift], Derived]) -> None:
        self._derive = derive
        self._kept: dict[tuple[Side, int], tuple[Lift, Derived]] = {}

    def of(self, lift: Lift) -> Derived:
        """Return what was derived of this very lift, else derive it; a corrected lift is another object."""
        key = lift.side, lift.number
        kept = self._kept.get(key)
        if kept is None or kept[0] is not lift:
            kept = self._kept[key] = lift, self._derive(lift)
        return kept[1]
