"""A row of the goals' table: what is measured, what was promised, and how far a value falls short."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Unpack

from benchmarks.onset.found import Column, FloatArray, Scores, Where, select
from benchmarks.onset.trials import Cell

Truth = dict[Cell, FloatArray]
Measure = Callable[[Column, Truth], float | None]
Score = Callable[[Scores], float | None]


@dataclass(frozen=True)
class Limit:
    """A promised range; an end that is None is open. Both None: reported, nothing promised."""

    low: float | None = None
    high: float | None = None

    def missed_by(self, value: float) -> float:
        """Distance outside of the range, 0 inside."""
        over = 0.0 if self.high is None else value - self.high
        under = 0.0 if self.low is None else self.low - value
        return max(over, under, 0.0)


#: Reported, and nothing was promised.
NOTHING = Limit()


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    goal: int
    name: str
    unit: str
    limit: Limit
    digits: int
    measure: Measure

    def write(self, value: float | None) -> str:
        """Write a value with the row's digits; "-" for what a detector does not have."""
        if value is None:
            return "-"
        if value == float("inf"):
            return "∞"
        text = f"{value:.{self.digits}f}"
        return text.lstrip("-") if float(text) == 0.0 else text

    def write_limit(self) -> str:
        """Write what was promised."""
        low, high = self.limit.low, self.limit.high
        if high is None:
            return "-" if low is None else f"≥ {self.write(low)}"
        if low is None:
            return f"≤ {self.write(high)}"
        return f"±{self.write(high)}" if low == -high else f"{self.write(low)}-{self.write(high)}"


def at_most(value: float) -> Limit:
    """Promise no more than this."""
    return Limit(high=float(value))


def at_least(value: float) -> Limit:
    """Promise no less than this."""
    return Limit(low=float(value))


def within(value: float) -> Limit:
    """Promise no more than this in either direction."""
    return Limit(-float(value), float(value))


def over(score: Score, **where: Unpack[Where]) -> Measure:
    """Score the pooled cells that fit `where` (see `found.select`)."""

    def measure(column: Column, truth: Truth) -> float | None:
        scores = select(column, truth, **where)
        return None if scores is None else score(scores)

    return measure


def extreme(pick: Callable[[list[float]], float], measures: Sequence[Measure]) -> Measure:
    """Return the least or the greatest of several."""

    def measure(column: Column, truth: Truth) -> float | None:
        values = [value for one in measures if (value := one(column, truth)) is not None]
        return pick(values) if values else None

    return measure


def measured(name: str) -> Measure:
    """Look up what was measured elsewhere."""
    return lambda column, _: column.measured.get(name)
