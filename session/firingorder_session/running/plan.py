"""What a running test is to be: protocol, side, where it is recorded; of a replay what its recording says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from firingorder_signal.blocks import Alignment, Side, Site
from firingorder_signal.pipeline import PipelineParams

from ..events.guide_events import GuideEvent
from ..events.live_events import Notice, Origin, TestStarted
from ..judging.analysis import SetAside, pipeline_params
from ..judging.earlier_visits import EarlierVisits, LagsByKey
from ..protocols.protocol_plan import Protocol
from ..recordings.corrections import OnsetMoved
from ..setting_up.references import Reference
from ..setting_up.relabelling import Names
from ..setting_up.set_up_record import SetUpRecord
from .guide import Guide, RecordedGuide, Steps
from .phases import PhaseTable


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
    past_set_up
        Of a recording that is replayed: how its test was set up.
    from_s, names
        Of a recording that is replayed: when its test began, and the names that were exchanged.
    references
        Of a recording that is replayed: how strong each muscle was at its most.
    earlier
        The person's lags at earlier visits, by pool key; `recorded_earlier`: of a recording that is replayed, what it
        knows of them.
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
    past_set_up: SetUpRecord | None = None
    from_s: float | None = None
    names: Names = field(default_factory=Names)
    earlier: LagsByKey = field(default_factory=dict[str, tuple[float, ...]])
    recorded_earlier: EarlierVisits = field(default_factory=EarlierVisits)
    references: Mapping[Site, Reference] = field(default_factory=dict[Site, Reference])

    def announce(self) -> TestStarted:
        """Say what is being tested, and where the data comes from."""
        protocol = self.protocol
        return TestStarted(
            protocol.name,
            protocol.title,
            self.side or Side.MIDDLE,
            protocol.wanted,
            self.origin,
            self.source,
            self.simulated,
            glute_cue=protocol.muscle_cue == "glute",
            cues=protocol.cues,
            titles=protocol.titles,
            hold=protocol.hold,
            shows_effort=protocol.shows_effort,
        )


def make_target(plan: TestPlan) -> tuple[PipelineParams, PhaseTable, Steps | None]:
    """Say what is tested, to the pipeline and to the people, and who leads."""
    protocol = plan.protocol
    params = replace(pipeline_params(protocol, plan.side), says_provisional=True)
    phases = PhaseTable(protocol.rest_s, protocol.wanted, holds=protocol.hold is not None)
    is_led = plan.guided and not plan.goes_on
    return params, phases, Guide(protocol) if is_led else RecordedGuide(plan.steps) if plan.steps else None
