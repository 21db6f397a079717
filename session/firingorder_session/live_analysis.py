"""From what the bridge says to what the view shows, without a thread or a clock: the heart of a running test.

It waits until every sensor has said what it streams, then makes the pipeline for exactly those streams and feeds it
in order. Time is the arrival time of the newest frame, so that a replay runs the same course.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from firingorder_bridge.events import (
    BridgeEvent,
    ClockUpdated,
    DeviceDropped,
    DeviceReturned,
    FrameCorrupt,
    Samples,
    SamplesLost,
    StreamDescribed,
)
from firingorder_signal.blocks import SampleBlock, StreamInfo
from firingorder_signal.events import LiftDismissed, LiftJudged, LiftStarted, PipelineEvent, SetUpdated
from firingorder_signal.pipeline import LATE_S, Pipeline, PipelineParams
from firingorder_signal.results import SetResult

from .live_events import DataHealth, LiveEvent
from .phases import PhaseTable, Trigger

#: How often the data's health is told, seconds of signal.
HEALTH_EVERY_S = 1.0


@dataclass
class Health:
    """Counts since the start."""

    samples_lost: int = 0
    frames_corrupt: int = 0
    uncertainty_s: dict[str, float] = field(default_factory=dict[str, float])

    def note(self, event: BridgeEvent) -> None:
        """Count what a bridge event says about the data."""
        match event:
            case SamplesLost():
                self.samples_lost += event.n_samples
            case FrameCorrupt():
                self.frames_corrupt += 1
            case ClockUpdated():
                self.uncertainty_s[event.clock_id] = event.uncertainty_s
            case _:
                pass


class LiveAnalysis:
    """Carry bridge events through the pipeline and keep the phase of the test.

    Parameters
    ----------
    params
        What is tested, for the pipeline.
    phases
        Where the test stands; this object moves it on.
    """

    def __init__(self, params: PipelineParams, phases: PhaseTable) -> None:
        self._params = params
        self._phases = phases
        self._streams: dict[str, StreamInfo] = {}
        self._waiting: list[SampleBlock] = []
        self._pipeline: Pipeline | None = None
        self._health = Health()
        self._told_s = 0.0

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side, as it stands; empty before the test has begun."""
        return self._pipeline.results if self._pipeline else ()

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """The streams described so far."""
        return tuple(self._streams.values())

    @property
    def has_begun(self) -> bool:
        """Whether the streams that take part are settled."""
        return self._pipeline is not None

    def begin(self) -> list[LiveEvent]:
        """Settle the streams that take part, and analyze what has come of them so far."""
        self._pipeline = Pipeline(self.streams, self._params)
        waiting, self._waiting = self._waiting, []
        events: list[LiveEvent] = [*self._phases.fire(Trigger.SENSORS_READY)]
        for block in waiting:
            events += self._feed(block)
        return events

    def take(self, bridge_events: Iterable[BridgeEvent]) -> list[LiveEvent]:
        """Take what one frame brought."""
        events: list[LiveEvent] = []
        for event in bridge_events:
            self._health.note(event)
            match event:
                case StreamDescribed():
                    self._streams.setdefault(event.stream.stream_id, event.stream)
                case Samples():
                    events += self._feed(event.block)
                case DeviceDropped():
                    events += self._phases.fire(Trigger.LINK_LOST)
                case DeviceReturned():
                    events += self._phases.fire(Trigger.LINK_RESTORED)
                case _:
                    pass
        return events

    def pass_time(self, arrival_s: float, *, analysis_delay_s: float = 0.0, view_overflow: int = 0) -> list[LiveEvent]:
        """Say how late it is by the newest frame's arrival: what is overdue is lost."""
        if self._pipeline is None:
            return []
        events = [*self._follow(self._pipeline.advance(arrival_s - LATE_S)), *self._phases.pass_time(arrival_s)]
        if arrival_s - self._told_s >= HEALTH_EVERY_S:
            self._told_s = arrival_s
            events.append(self._tell_health(arrival_s, analysis_delay_s, view_overflow))
        return events

    def finish(self) -> list[LiveEvent]:
        """End the data."""
        return self._follow(self._pipeline.finish()) if self._pipeline else []

    def next(self) -> list[LiveEvent]:
        """Move on, as the clinician asks."""
        return [*self._phases.next()]

    def _feed(self, block: SampleBlock) -> list[LiveEvent]:
        """Give a block to the pipeline, or keep it until there is one."""
        if self._pipeline is None:
            self._waiting.append(block)
            return []
        return self._follow(self._pipeline.update(block))

    def _follow(self, events: Sequence[PipelineEvent]) -> list[LiveEvent]:
        """Add the phases that the pipeline's events lead to."""
        out: list[LiveEvent] = []
        for event in events:
            out.append(event)
            match event:
                case LiftStarted():
                    out += self._phases.start_lift(event.number)
                case LiftDismissed():
                    out += self._phases.fire(Trigger.LIFT_DISMISSED)
                case LiftJudged():
                    out += self._phases.judge_lift(event.lift)
                case SetUpdated():
                    out += self._phases.end_lift(event.result.lifts[-1], event.result.n_valid)
                case _:
                    pass
        return out

    def _tell_health(self, time_s: float, delay_s: float, overflow: int) -> DataHealth:
        """Say how the data is doing."""
        worst = max(self._health.uncertainty_s.values(), default=None)
        lost, corrupt = self._health.samples_lost, self._health.frames_corrupt
        return DataHealth(time_s, lost, corrupt, overflow, delay_s, worst)
