"""What a check of a recording finds, and the words for it."""

from dataclasses import dataclass
from enum import Enum


class What(Enum):
    """What happened to a row; the value is what a person reads."""

    CHANGED = "was changed"
    MISSING = "was taken out"
    INSERTED = "was put in, or is not covered by the chain"
    UNREADABLE = "cannot be read"
    DISAGREES = "does not fit together"
    SPARE = "has bytes that belong to no row and were changed"


@dataclass(frozen=True)
class Flaw:
    """One thing that is not as it was written.

    Attributes
    ----------
    table, row
        Where: `frames` and `events` by their `seq`, `head` by its key, `page` by its number.
    t_s
        When, seconds from the recording's origin; of a row that is gone, when the one before it came.
    """

    table: str
    row: int | str
    what: What
    t_s: float | None = None

    def __str__(self) -> str:
        """Say it in one line."""
        gone = self.what in (What.MISSING, What.UNREADABLE)
        when = "" if self.t_s is None else f" ({'after ' if gone else ''}{self.t_s:.3f} s)"
        row = f", row {self.row}" if self.row != "" else ""
        return f"{self.table}{row}{when}: {self.what.value}"
