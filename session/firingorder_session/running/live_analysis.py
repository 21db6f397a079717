"""From what the bridge says to what the view shows, without a thread or a clock: the heart of a running test.

It waits until every sensor has said what it streams and has begun to (`roll_call.py`), then makes the pipeline for
exactly those streams and feeds it in order. Time is the samples' own, so that a replay runs the same course. Every side
with muscles is judged; the phase of the test, and with it the view, follows one of them.
"""

from collections.abc import Iterable, Sequence
from math import inf

from firingorder_bridge.events import BridgeEvent, DeviceDropped, DeviceReturned, Samples, StreamDescribed
from firingorder_signal.blocks import SampleBlock, Side, StreamInfo, StreamKind
from firingorder_signal.events import (
    LiftDismissed,
    LiftEnded,
    LiftJudged,
    LiftStarted,
    MotionTrace,
    PipelineEvent,
    PlacementFound,
    ProvisionalOrder,
    SetUpdated,
)
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import Lift, SetResult

from ..acquiring.roll_call import Expected, RollCall
from ..events.guide_events import GuideEvent
from ..events.live_events import LiveEvent, Notice, NoticeKind, Phase, PhaseChanged, SideFollowed
from ..judging.analysis import SetAside
from ..judging.effort_meter import EffortMeter
from ..messages import Fact, Message, MessageCode, Placed
from ..recordings.beginning import Beginning
from ..recordings.corrections import OnsetMoved, apply_corrections
from ..setting_up.channel_names import explain_unnamed
from ..setting_up.relabelling import Names
from .guide import Guide, RecordedGuide, Steps
from .phases import PhaseTable, Trigger

#: Of what comes while a sensor is waited for, the last minute is kept, and as much again between two looks at it: two
#: sensors bring 8 MB a minute, and one that is not switched on may be waited for all day. A test needs seconds of rest
#: before its first lift (J: a minute).
WAITING_S = 60.0


def is_of(event: LiveEvent, followed: Side | None) -> bool:
    """Say whether an event is of the side that is followed, or of no side in particular."""
    match event:
        case LiftStarted(side=side) | LiftDismissed(side=side) | MotionTrace(side=side):
            return side is followed
        case ProvisionalOrder(side=side) | PlacementFound(side=side):
            return side is followed
        case LiftJudged(lift=lift) | LiftEnded(lift=lift):
            return lift.side is followed
        case SetUpdated(result=result):
            return result.side is followed
        case _:
            return True


class LiveAnalysis:
    """Carry bridge events through the pipeline and keep the phase of the test.

    Parameters
    ----------
    params
        What is tested, for the pipeline.
    phases
        Where the test stands; this object moves it on.
    expected
        Sensors to wait for.
    taking_part
        Ids of the streams that take part, where that was settled when the recording that is replayed was made.
    set_aside
        Lifts that were set aside when the recording that is replayed was made.
    guide
        Leads the test; None = nobody does, and the person at the table moves on by hand.
    from_s
        Samples before this do not count: a set-up recorded before the test. None = all of them do.
    corrections
        Onsets of that recording that were moved by hand since.

    Attributes
    ----------
    held
        Whether a set-up is going on: samples pass unused, and nothing begins.
    effort
        Measures effort in a test of holds or bridges; None = nobody asks. Settled before the test begins.
    """

    def __init__(
        self,
        params: PipelineParams,
        phases: PhaseTable,
        expected: Expected,
        set_aside: Sequence[SetAside] = (),
        taking_part: frozenset[str] | None = None,
        guide: Steps | None = None,
        from_s: float | None = None,
        corrections: Sequence[OnsetMoved] = (),
    ) -> None:
        self._params = params
        self._phases = phases
        self._roll = RollCall(expected)
        self._set_aside = set_aside
        self._corrections = corrections
        self._taking_part = taking_part
        self._is_settled = taking_part is not None
        self._awaited: tuple[Placed, ...] = ()
        self._guide = guide
        self._streams: dict[str, StreamInfo] = {}
        self._flowing: set[str] = set()
        self._waiting: list[SampleBlock] = []
        self._pipeline: Pipeline | None = None
        self._beginning = Beginning(from_s)
        self.held = False
        self.effort: EffortMeter | None = None
        self.time_s = 0.0

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side, as it stands; empty before the test has begun."""
        return self._pipeline.results if self._pipeline else ()

    @property
    def side(self) -> Side | None:
        """The side that the phase follows; None before the test has begun, or where nothing can be judged."""
        sides = self._pipeline.sides if self._pipeline else ()
        if self._phases.side in sides:
            return self._phases.side
        return sides[0] if sides else None

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """The streams that take part, or may: those described so far, unless others were settled."""
        settled = self._taking_part
        return tuple(stream for stream in self._streams.values() if settled is None or stream.stream_id in settled)

    @property
    def heard(self) -> frozenset[str]:
        """Ids of the streams of which samples have come."""
        return frozenset(self._flowing)

    @property
    def has_begun(self) -> bool:
        """Whether it is settled which streams take part."""
        return self._pipeline is not None

    def begin(self) -> list[LiveEvent]:
        """Settle the streams that take part, and analyze what has come of them so far."""
        self._pipeline = Pipeline(self.streams, self._params)
        self._taking_part = frozenset(stream.stream_id for stream in self.streams)
        if self.effort is not None:
            self.effort.begin(self.streams)
        for lift in self._set_aside:
            self._pipeline.exclude(lift.side, lift.number, lift.start_s)
        takes_turns = self._guide is not None and self._guide.begin(self._sides_of(self._pipeline))
        apply_corrections(self._pipeline, self._corrections)
        waiting, self._waiting = self._waiting, []
        told = [] if takes_turns else self._say_side(self._pipeline.sides)
        events: list[LiveEvent] = [*self._notices(), *told, *self._phases.fire(Trigger.SENSORS_READY)]
        for block in waiting:
            events += self._feed(block)
        return events

    def _sides_of(self, pipeline: Pipeline) -> tuple[Side, ...]:
        """Return the sides that can be tested: in holds nothing moves, and a glute is enough."""
        if self._phases.holds and self.effort is not None and self.effort.sides:
            return self.effort.sides
        return pipeline.whole_sides or pipeline.sides[:1]

    def _say_side(self, sides: Sequence[Side]) -> list[LiveEvent]:
        """Say which side the view follows where more than one is judged."""
        if len(sides) < 2:
            return []
        facts: dict[str, Fact] = {"shown": sides[0], "others": tuple(sides[1:])}
        return [SideFollowed(sides[0]), Notice(NoticeKind.SIDES, Message(MessageCode.BOTH_LEGS, facts))]

    @property
    def from_s(self) -> float | None:
        """The moment from which samples count; None = all of them."""
        return self._beginning.from_s

    def retarget(self, params: PipelineParams, phases: PhaseTable, guide: Steps | None) -> None:
        """Test something else, as long as nothing has begun."""
        self._params, self._phases, self._guide = params, phases, guide

    def rename(self, names: Names) -> None:
        """Call the streams described so far what they are called now."""
        self._streams = {key: names.stream(stream) for key, stream in self._streams.items()}

    def release(self) -> list[LiveEvent]:
        """End the set-up: the test begins now, with the sensors that stream. In a replay it begins when it did."""
        if not self.held:
            return []
        self.held = False
        self._beginning = Beginning(self.time_s)
        return self.begin() if self._flowing else []

    def take(self, bridge_events: Iterable[BridgeEvent]) -> list[LiveEvent]:
        """Take what one frame brought."""
        events: list[LiveEvent] = []
        for event in bridge_events:
            match event:
                case StreamDescribed():
                    events += self._describe(event.stream)
                case Samples():
                    events += self._feed(event.block)
                case DeviceDropped():
                    events += self._phases.lose_link()
                case DeviceReturned():
                    events += self._phases.restore_link()
                case _:
                    pass
        return events

    def finish(self) -> list[LiveEvent]:
        """End the data."""
        if self._pipeline is None:
            return []
        return [*self._follow(self._pipeline.finish()), *(self.effort.finish() if self.effort else ())]

    def next(self) -> list[LiveEvent]:
        """Move on, as asked; while connecting, with the sensors that are there, unless who takes part was settled."""
        if self._pipeline is None:
            return self.begin() if self._flowing and not (self.held or self._is_settled) else []
        return [*self._phases.next()]

    def repeat(self) -> tuple[Lift | None, list[LiveEvent]]:
        """Set the newest judged lift of the side that is followed aside; return it, None without one."""
        lift = self._pipeline.find_last_lift(self.side) if self._pipeline and self.side else None
        if self._pipeline is None or lift is None:
            return None, []
        return lift, [*self._pipeline.exclude(lift.side, lift.number, lift.start_s), *self._phases.repeat()]

    def lead(self, now_s: float, *, is_mute: bool = False) -> list[LiveEvent]:
        """Let the guide take the steps that are due by the host's clock; each is said, and then what it leads to.

        While a sensor is mute nobody is asked to move: the lift would be lost.
        """
        self._phases.is_mute = is_mute
        events: list[LiveEvent] = []
        if self._guide is None or self._pipeline is None:
            return events
        while (step := self._guide.next_step(now_s, self._phases)) is not None:
            events += [step, *self._phases.follow(step)]
            if self.effort is not None:
                self.effort.follow(step)
        return events

    def lead_on(self, guide: Guide, steps: Sequence[GuideEvent]) -> list[LiveEvent]:
        """Let a guide go on behind recorded steps, all of which are taken first."""
        events = self.lead(inf)
        guide.go_on(steps)
        if self._pipeline is not None and not guide.has_begun:
            guide.begin(self._sides_of(self._pipeline))
        self._guide = guide
        return events

    def _describe(self, stream: StreamInfo) -> list[LiveEvent]:
        """Take note of a stream; say of a muscle that comes too late that it takes no part."""
        is_new = stream.stream_id not in self._streams
        self._streams.setdefault(stream.stream_id, stream)
        self._roll.describe(stream)
        if not is_new or self._pipeline is None or self._is_settled or stream.kind is not StreamKind.EMG:
            return []
        message = Message(MessageCode.CAME_LATE, {"sensor": stream.clock_id})
        return [Notice(NoticeKind.SENSORS, message, stream.clock_id)]

    def _notices(self) -> list[LiveEvent]:
        """Say what to know as the test begins: who is missing, and that nobody named the muscles."""
        notices: list[LiveEvent] = []
        if self._roll.missing and not self._is_settled:
            missing = Message(MessageCode.NOT_HEARD, {"units": self._roll.missing})
            notices.append(Notice(NoticeKind.SENSORS, missing))
        if unnamed := explain_unnamed(self.streams, self._roll.expected.kinds):
            notices.append(Notice(NoticeKind.CHANNELS, unnamed))
        return notices

    def _await(self) -> list[LiveEvent]:
        """Say whom the test waits for, where that has changed."""
        awaited, self._awaited = self._awaited, self._roll.missing
        if self._awaited == awaited or not self._awaited:
            return []
        return [PhaseChanged(Phase.CONNECTING, detail=Message(MessageCode.WAITING_FOR, {"units": self._awaited}))]

    def _feed(self, block: SampleBlock) -> list[LiveEvent]:
        """Give a block to the pipeline, or keep it until there is one."""
        self.time_s = max(self.time_s, block.end_s)
        if self.held:
            self._flowing.add(block.stream.stream_id)
            return []
        counted = self._beginning.cut(block)
        if counted is None:
            return []
        block = counted
        self._flowing.add(block.stream.stream_id)
        if self._pipeline is None:
            self._keep(block)
            self._roll.hear(block.stream, block.end_s)
            return self.begin() if self._is_complete() else self._await()
        events = [*self._follow(self._pipeline.update(block)), *self._phases.pass_time(self.time_s)]
        events += self.effort.update(block) if self.effort is not None else ()
        # What was recorded is due by the signal's time, which runs as fast as the replay does.
        return [*events, *self.lead(self.time_s)] if isinstance(self._guide, RecordedGuide) else events

    def _keep(self, block: SampleBlock) -> None:
        """Keep a block until the test begins; where that takes long it begins later, and the recording says so.

        A replay keeps all, and begins where it began.
        """
        self._waiting.append(block)
        if not self._is_settled and self.time_s - self._waiting[0].start_s > 2 * WAITING_S:
            self._beginning = Beginning(self.time_s - WAITING_S)
            self._waiting = [cut for old in self._waiting if (cut := self._beginning.cut(old)) is not None]

    def _is_complete(self) -> bool:
        """Tell whether everybody who is expected is there and all that they described is flowing."""
        if self._taking_part is not None:
            return self._flowing >= self._taking_part
        return self._roll.complete

    def _follow(self, events: Sequence[PipelineEvent]) -> list[LiveEvent]:
        """Add the phases that the pipeline's events lead to."""
        out: list[LiveEvent] = []
        for event in events:
            out.append(event)
            if not is_of(event, self.side):
                continue
            match event:
                case LiftStarted():
                    self._note(event)
                    out += self._phases.start_lift(event.number)
                case LiftDismissed():
                    self._note(event)
                    out += self._phases.dismiss_lift(event.number)
                case LiftJudged():
                    out += self._phases.judge_lift(event.lift)
                case SetUpdated():
                    self._note(event)
                    out += self._phases.end_lift(event.result.lifts[-1], event.result.n_valid)
                case _:
                    pass
        return out

    def _note(self, event: LiftStarted | LiftDismissed | SetUpdated) -> None:
        """Let the guide know that the leg moves, or came to rest, and whoever shows effort meanwhile."""
        if self.effort is not None and not self._phases.holds:
            self.effort.follow(event)
        match event:
            case _ if self._guide is None:
                pass
            case LiftStarted():
                self._guide.note_start()
            case LiftDismissed():
                self._guide.note_end(None)
            case SetUpdated():
                self._guide.note_end(event.result.lifts[-1].end_s)
