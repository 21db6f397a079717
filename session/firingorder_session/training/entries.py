"""What was done: one entry for an exercise on a day, as it was entered."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from ..history.codes import check_note
from ..history.errors import HistoryError
from ..history.store import check_rating
from .plan import ON_A_TRACK, Exercise, Sides

#: More metres, repetitions, seconds or kilograms than anybody does in a session: a slip of the key (J).
MOST = 100_000


class Worked(Enum):
    """The side that worked."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Track(Enum):
    """The way a track goes: most races turn left, and the legs do unlike work in a bend."""

    STRAIGHT = "straight"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Entry:
    """One exercise on one day.

    Attributes
    ----------
    side
        None where both work at once.
    sets, reps, hold_s, load_kg
        As done; of an exercise on each side, those of `side`.
    distance_m
        Of all sets together.
    effort
        How hard the whole session was, 0 to 10.
    pain
        The most there was, 0 to 10.
    number
        By which it can be taken back; None before it is kept.
    """

    day: date
    exercise: str
    side: Worked | None = None
    sets: int | None = None
    reps: int | None = None
    hold_s: float | None = None
    load_kg: float | None = None
    distance_m: float | None = None
    track: Track | None = None
    effort: int | None = None
    pain: int | None = None
    notes: str = ""
    number: int | None = None

    @property
    def sides(self) -> frozenset[Worked]:
        """The sides that worked; neither where nobody said."""
        both = frozenset((Worked.LEFT, Worked.RIGHT))
        return frozenset() if self.side is None else both if self.side is Worked.BOTH else frozenset((self.side,))


def check_entry(entry: Entry, exercise: Exercise) -> None:
    """Refuse an entry that cannot be meant; raise HistoryError."""
    check_rating("effort", entry.effort)
    check_rating("pain", entry.pain)
    check_note(entry.notes)
    if exercise.sides is Sides.EACH and entry.side is None and exercise.kind not in ON_A_TRACK:
        raise HistoryError(f"{exercise.name} is done on each side: say which, left, right or both")
    if exercise.sides is Sides.TOGETHER and entry.side in (Worked.LEFT, Worked.RIGHT):
        raise HistoryError(f"{exercise.name} is done with both sides at once; leave the side out")
    if entry.track is not None and exercise.kind not in ON_A_TRACK:
        raise HistoryError(f"{exercise.name} is not done on a track; leave its direction out")
    for name in ("sets", "reps", "hold_s", "load_kg", "distance_m"):
        value = getattr(entry, name)
        if value is not None and not 0 < value <= MOST:
            raise HistoryError(f"{name}: expected a number above 0, up to {MOST}, got {value:g}")
