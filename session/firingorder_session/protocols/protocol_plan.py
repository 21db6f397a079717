"""What a test asks for, as plain records: its cue, its times, its gates, its holds. `protocol_file.py` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from firingorder_signal.blocks import Side
from firingorder_signal.exercise import Exercise
from firingorder_signal.lift_gates import LiftGates
from firingorder_signal.rules import JudgementRules


class SideOrder(Enum):
    """Which side is tested when sensors are on both."""

    ALTERNATE = "alternate"  # which one begins is drawn by lot
    RIGHT_FIRST = "right_first"
    LEFT_FIRST = "left_first"
    TOGETHER = "together"  # both at once, or whichever moves


@dataclass(frozen=True)
class CueText:
    """The words the person hears, in one language; a side's own words where the sentence names the side."""

    both: str
    left: str = ""
    right: str = ""

    def of(self, side: Side | None) -> str:
        """Return the words for a side.

        Examples
        --------
        >>> CueText("Lift one leg", left="Lift the left leg").of(Side.LEFT)
        'Lift the left leg'
        """
        return {Side.LEFT: self.left, Side.RIGHT: self.right}.get(side or Side.MIDDLE, "") or self.both


@dataclass(frozen=True)
class HoldPlan:
    """A static set: how long to hold, how long to rest, how often, and how hard.

    Attributes
    ----------
    rest_s
        From the end of a hold to the next one of the same side.
    count
        Holds of each side; of both at once where they hold together.
    target_percent
        Band to stay in, percent of the person's own reference.
    between_sides_s
        Where the sides alternate, from the end of one side's hold to the other's; None = as long as the rest.
    """

    work_s: float
    rest_s: float
    count: int
    target_percent: tuple[float, float] | None = None
    between_sides_s: float | None = None


@dataclass(frozen=True)
class Protocol:
    """One test.

    Attributes
    ----------
    name
        What files and results carry.
    titles, cues
        By language, as two letters; English is always there.
    muscle_cue
        The muscle that the cue names, "" for none. It changes the lag (Lewis & Sahrmann 2009: by some 95 ms).
    rest_s
        Complete rest at the start.
    rest_between_s
        Rest asked for between lifts; at least 8 s (J, from the interval table of repeated lifts).
    fore_period_s
        Between these the wait for the tone is drawn by lot; None = no tone, the person lifts when ready.
    uses_motion
        Lifts are found by the motion sensors; without, by the bursts of the muscles alone.
    exercises
        What counts, as the motion sensors name it; another movement is listed and stays out of the verdict.
    gates
        What a lift must keep to count; None = what the rules say.
    hold
        The static set that takes the place of lifts.
    text
        The file it was read from, as it was written: what a recording keeps.
    """

    name: str
    titles: Mapping[str, str]
    cues: Mapping[str, CueText]
    muscle_cue: str = ""
    knee: str = ""
    posture: str = ""
    side_order: SideOrder = SideOrder.TOGETHER
    rules: JudgementRules = field(default_factory=JudgementRules)
    rest_s: float = 3.0
    rest_between_s: float = 8.0
    fore_period_s: tuple[float, float] | None = None
    uses_motion: bool = True
    exercises: frozenset[Exercise] = frozenset({Exercise.PRONE_LIFT})
    gates: LiftGates | None = None
    hold: HoldPlan | None = None
    text: str = ""

    @property
    def title(self) -> str:
        """What the test is called in English."""
        return self.titles["en"]

    @property
    def cue(self) -> str:
        """The words the person hears, in English and for either side."""
        return self.cues["en"].both

    @property
    def shows_effort(self) -> bool:
        """Whether effort is shown while it is done: in holds, and in bridges alone."""
        return self.hold is not None or (bool(self.exercises) and all(each.is_bridge for each in self.exercises))

    @property
    def wanted(self) -> int:
        """How many lifts, or holds, the test asks for of a side."""
        return self.hold.count if self.hold else self.rules.lifts_wanted
