"""The words of results as records: what a second language has to say. English is in the modules that use them.

Whoever shows a result in another language hands its `Words` on; nothing is set globally, and JSON and terminal stay in
English. Names in braces are filled in with `str.format` and are the same in every language; figures come with their
sign and unit written.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .blocks import SyncClass
from .exercise import Exercise
from .results import ReasonCode

MINUS = "\u2212"


@dataclass(frozen=True)
class Numbers:
    """How a language writes figures."""

    decimal: str = "."
    minus: str = "-"

    def write(self, value: float, digits: int) -> str:
        """Write a figure with a fixed number of digits after the decimal sign.

        Examples
        --------
        >>> Numbers(",", MINUS).write(-0.25, 1), Numbers().write(-0.25, 1), Numbers(",").write(2000.0, 0)
        ('−0,2', '-0.2', '2000')
        """
        return f"{value:.{digits}f}".replace(".", self.decimal).replace("-", self.minus)


@dataclass(frozen=True)
class ReasonWords:
    """The words of reasons.

    Attributes
    ----------
    parts
        What a person calls each part inside a sentence.
    muscle
        A site that is not known.
    sided
        A part with its side: `{part}` and `{side}`.
    sides
        Side by its value.
    reasons
        What is the matter and what to do: `{site}`, `{figure}` and `{limit}`.
    units
        Unit a figure is held in -> how it is written (`{}`), digits after the decimal sign, factor.
    milliseconds
        Times below a second.
    """

    parts: Mapping[str, str]
    muscle: str
    sided: str
    sides: Mapping[str, str]
    reasons: Mapping[ReasonCode, tuple[str, str]]
    units: Mapping[str, tuple[str, int, float]]
    milliseconds: str
    numbers: Numbers = Numbers()


@dataclass(frozen=True)
class MotionWords:
    """The words of motion: short clauses whose subject is the pelvis unless they name another."""

    exercises: Mapping[Exercise, str]
    hip_extended: str
    hip_flexed: str
    hip_flexed_to: str
    speed: str
    held: str
    set_of_one: str
    set_of_more: str
    ranges: str
    by_person: str
    by_examiner: str
    change_small: str
    change_more: str
    change_less: str
    with_hip: str
    before_hip: str
    after_hip: str
    tilted_under: str
    tilted_forwards: str
    tilted_backwards: str
    early: str
    early_other_way: str
    note: str
    turned_under: str
    turned_left: str
    turned_right: str
    back_from: str
    back_from_unmeasured: str
    back_under: str
    numbers: Numbers = Numbers()


@dataclass(frozen=True)
class SyncWords:
    """The words of how two clocks came together; hints only where there is something to know."""

    classes: Mapping[SyncClass, str]
    hints: Mapping[SyncClass, str]


@dataclass(frozen=True)
class Words:
    """All of it in one language."""

    reasons: ReasonWords
    motion: MotionWords
    sync: SyncWords
