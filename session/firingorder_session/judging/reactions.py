"""How long after the tone the leg moved: told where a cue was given, and never judged.

The time of a cue is when the test gave it; a loudspeaker is later by what its driver takes (`guide_events.CueGiven`).
Within one test that is the same each time, so that lifts may be compared by it and people may not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from firingorder_signal.blocks import Side
from firingorder_signal.results import Lift

from ..events.guide_events import CueGiven

#: A movement later than this answers no cue any more: by then the guide gives another (`GuideParams.unanswered_s`).
ANSWERS_S = 6.0


@dataclass(frozen=True)
class Reaction:
    """A lift's cue, and from it to the start of movement, seconds; None where the start is not known."""

    cue_s: float
    reaction_s: float | None


def find_reaction(lift: Lift, cues: Sequence[CueGiven]) -> Reaction | None:
    """Find the cue that a lift answers: the last one before it, of its side; None for who lifted without one.

    Examples
    --------
    >>> find_reaction(Lift(1, Side.LEFT, 10.4), [CueGiven(10.0, 1, Side.LEFT, 2.0)])
    Reaction(cue_s=10.0, reaction_s=None)
    """
    moved_s = lift.movement.time_s if lift.movement is not None else None
    begun_s = lift.start_s if moved_s is None else moved_s
    before = [cue.time_s for cue in cues if cue.time_s <= begun_s and cue.side in (Side.MIDDLE, lift.side)]
    if not before or begun_s - before[-1] > ANSWERS_S:
        return None
    return Reaction(before[-1], None if moved_s is None else moved_s - before[-1])
