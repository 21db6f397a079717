"""What a report draws of earlier visits: plain records that whoever keeps the history fills in; a report makes none.

Every figure is in its stored unit (`quantities.py`). Points are in the order of their visits, the newest last.
"""

from dataclasses import dataclass

from firingorder_signal.blocks import Side

from ..judging.quantities import Quantity


@dataclass(frozen=True)
class TrendPoint:
    """One visit: its day (ISO 8601), the value, and its interval where there is one."""

    day: str
    value: float
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class TrendSeries:
    """One figure of one side over visits.

    Attributes
    ----------
    detectable
        What a change must exceed to be told from chance; None where that is not known.
    """

    kind: Quantity
    side: Side
    points: tuple[TrendPoint, ...]
    detectable: float | None = None

    @property
    def change(self) -> float | None:
        """Newest value minus the one before; None with fewer than two."""
        return None if len(self.points) < 2 else self.points[-1].value - self.points[-2].value

    @property
    def is_told(self) -> bool:
        """Whether the newest change is beyond what chance shows."""
        return self.change is not None and self.detectable is not None and abs(self.change) > self.detectable


@dataclass(frozen=True)
class Trend:
    """All that is followed; the report draws the first few."""

    series: tuple[TrendSeries, ...] = ()
