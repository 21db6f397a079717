"""What a running test is to be: protocol, side, where it is recorded; of a replay what its recording says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from firingorder_signal.blocks import Alignment, Side

from .analysis import SetAside
from .corrections import OnsetMoved
from .guide_events import GuideEvent
from .live_events import Notice, Origin
from .protocol_plan import Protocol
from .relabelling import Names


@dataclass(frozen=True)
class TestPlan:
    """What is to be run.

    Attributes
    ----------
    recording_path
        The file to make; None = do not record, as in a replay.
    source
        What the view calls the data's source: a file's name in a replay.
    simulated
        Whether the data is known to come from software; a sensor that says so itself is noticed anyway.
    set_aside
        Lifts that were set aside when the recording that is replayed was made.
    taking_part
        Ids of the streams that took part in it; None = to be settled by what comes.
    corrections
        Onsets of that recording that were moved by hand since.
    alignments
        Constants between sensors that were measured before, by uid.
    guided
        Lead the test: tone, rests, sides. A replay is led by what was recorded.
    steps
        What the guide did when the recording that is replayed was made.
    goes_on
        The test is taken up: what was recorded of it is followed first, then the sensors.
    set_up
        Set the test up first; `asks_test`: test or side are chosen there.
    from_s, names
        Of a recording that is replayed: when its test began, and the names that were exchanged.
    notices
        What was known before anything was opened, and the view is to show.
    """

    __test__ = False  # the name begins like a test case; pytest must not collect it

    protocol: Protocol
    side: Side | None = None
    origin: Origin = Origin.LIVE
    recording_path: Path | None = None
    source: str = ""
    subject: str = ""
    simulated: bool = False
    set_aside: tuple[SetAside, ...] = ()
    taking_part: frozenset[str] | None = None
    corrections: tuple[OnsetMoved, ...] = ()
    alignments: Mapping[str, Alignment] = field(default_factory=dict[str, Alignment])
    guided: bool = False
    steps: tuple[GuideEvent, ...] = ()
    goes_on: bool = False
    notices: tuple[Notice, ...] = ()
    set_up: bool = False
    asks_test: bool = False
    from_s: float | None = None
    names: Names = field(default_factory=Names)
