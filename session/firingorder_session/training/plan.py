"""A training plan: weeks with an aim, what is planned in each, and how much of the usual sprint volume.

The order is activate, strengthen, endure; the kinds of work go from static sets to what is like sprinting. Source:
Grosse 2011 for the order and the weeks; numbers of sets are judgement, and every plan is a file that can be changed.
"""

from dataclasses import dataclass
from enum import Enum

Pair = tuple[float, float]


class Aim(Enum):
    """What a week is for, in this order."""

    ACTIVATE = "activate"
    STRENGTHEN = "strengthen"
    ENDURE = "endure"


class Kind(Enum):
    """Kinds of work, from the gentlest on."""

    STATIC = "static"
    SIMPLE = "simple"
    DYNAMIC = "dynamic"
    LOADED = "loaded"
    SPRINT_SPECIFIC = "sprint_specific"
    SPRINT = "sprint"


#: Kinds that are done on a track, so that its direction matters.
ON_A_TRACK = (Kind.SPRINT_SPECIFIC, Kind.SPRINT)


class Sides(Enum):
    """Whether both sides work at once, or one after the other."""

    TOGETHER = "together"
    EACH = "each"


@dataclass(frozen=True)
class Exercise:
    """One exercise; `how` is a line on what it is."""

    name: str
    title: str
    kind: Kind
    sides: Sides
    how: str


@dataclass(frozen=True)
class Planned:
    """What a week asks of one exercise.

    Attributes
    ----------
    days
        On how many days of the week.
    sets
        On each of them; of exercises on each side, a side.
    reps, hold_s, rest_s, distance_m
        Of a set, where they say something.
    """

    exercise: Exercise
    days: int
    sets: int
    reps: int | None = None
    hold_s: Pair | None = None
    rest_s: Pair | None = None
    distance_m: float | None = None


@dataclass(frozen=True)
class Week:
    """One week of a plan.

    Attributes
    ----------
    sprint_percent
        How much of the usual volume of a week, from and to; (0, 0) = no sprinting.
    """

    aim: Aim
    sprint_percent: Pair
    planned: tuple[Planned, ...]
    reminders: tuple[str, ...] = ()

    @property
    def sprints(self) -> bool:
        """Whether the week has any sprinting."""
        return self.sprint_percent[1] > 0.0


@dataclass(frozen=True)
class Plan:
    """A whole plan, and the file it was read from.

    Attributes
    ----------
    weeks_without_sprinting
        How many come before the first with some, at least and usually.
    pain_stop
        Pain above this, of 10, is where work is to stop.
    """

    name: str
    title: str
    weeks_without_sprinting: tuple[int, int]
    pain_stop: int
    exercises: tuple[Exercise, ...]
    weeks: tuple[Week, ...]
    text: str = ""

    def find_exercise(self, name: str) -> Exercise | None:
        """Return the exercise of that name; None where the plan has none."""
        return next((each for each in self.exercises if each.name == name), None)
