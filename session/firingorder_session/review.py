"""A recording under review: analysed once as a whole, then looked at from any side, its onsets moved and put back.

`analyze` works in steps, so that a window stays alive meanwhile; what comes out of it are the pipeline's own events,
with the traces. Jumping about afterwards costs no analysis: the pipeline is kept, and a correction only judges its lift
and the set anew. It refuses corrections to what is no recording of ours, and in a file that cannot be written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from firingorder_signal.blocks import Site, StreamInfo, StreamKind
from firingorder_signal.corrections import WITHIN_S, can_be_moved
from firingorder_signal.events import PipelineEvent
from firingorder_signal.filters import RATE_LIMITS_HZ
from firingorder_signal.pipeline import Pipeline
from firingorder_signal.results import Correction, Lift, SetResult

from .acquisition import MARKER
from .analysis import (
    HOLD_S,
    choose_protocol,
    lifts_set_aside,
    measure_holds,
    pipeline_params,
    stated_side,
    streams_taking_part,
)
from .append_event import EventRefused, append_event, check_appendable
from .beginning import Beginning, find_beginning
from .corrections import CORRECT_ONSET, UNDO_CORRECTION, OnsetMoved, apply_corrections, find_corrections
from .earlier_visits import read_earlier
from .effort_events import EffortEvent, HoldSummary
from .effort_meter import EffortMeter
from .errors import ToldError, UnreadableFile
from .file_recording import FileRecording
from .guide_events import read_steps
from .hold_events import HoldEnded
from .live_events import Origin, TestStarted
from .messages import Message, MessageCode
from .pool_key import pool_key
from .recording import Recording
from .set_up_traces import SetUpTraces
from .visits import Visit


class CorrectionRefused(ToldError):
    """An onset cannot be moved, or not back; nothing was changed."""


class Review:
    """One recording, and what a person does with it.

    Parameters
    ----------
    recording
        From `read`.
    within_s
        Precision the person claims for an onset put by hand: half a 90 % interval, seconds.

    Raises
    ------
    UnreadableFile
        It holds no samples, or EMG at a rate that no muscle is sampled at.
    """

    def __init__(self, recording: Recording, *, within_s: float = WITHIN_S) -> None:
        self.recording = recording
        self.within_s = within_s
        #: What was changed since it was recorded, or that this cannot be told; known once all is analysed.
        self.notes: tuple[str, ...] = ()
        self._check()
        self.protocol = choose_protocol(recording, None)
        params = pipeline_params(self.protocol, stated_side(recording.info))
        streams = streams_taking_part(recording)
        self._seen = streams, replace(params, hold_s=HOLD_S, shows_traces=True)
        self._pipeline = Pipeline(*self._seen)
        self._meter = self._measure_effort(streams)
        for lift in lifts_set_aside(recording):
            self._pipeline.exclude(lift.side, lift.number, lift.start_s)
        self._corrections = find_corrections(recording.events())
        apply_corrections(self._pipeline, self._corrections.values())

    @property
    def started(self) -> TestStarted:
        """What was tested, as a running test says it."""
        info = self.recording.info
        return TestStarted(
            self.protocol.name,
            self.protocol.title,
            info.side,
            self.protocol.rules.lifts_wanted,
            Origin.REPLAY,
            info.name,
            info.origin is Origin.SIMULATED,
            titles=self.protocol.titles,
            hold=self.protocol.hold,
            shows_effort=self._meter is not None,
        )

    @property
    def hold_summaries(self) -> tuple[HoldSummary, ...]:
        """The holds so far, in their order."""
        return tuple(self._meter.summaries) if self._meter is not None else ()

    def _measure_effort(self, streams: Sequence[StreamInfo]) -> EffortMeter | None:
        """Make what measures effort in a test of holds; None for any other."""
        if self.protocol.hold is None:
            return None
        steps = read_steps((event.kind, event.data) for event in self.recording.events())
        holds = tuple(step for step in steps if isinstance(step, HoldEnded))
        return measure_holds(self.recording, self.protocol, streams, holds)

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side."""
        return self._pipeline.results

    @property
    def has_corrections(self) -> bool:
        """Whether an onset was moved by hand and not put back."""
        return bool(self._corrections)

    @property
    def marks_s(self) -> tuple[float, ...]:
        """When marks were put, seconds from the origin."""
        if not isinstance(self.recording, FileRecording):
            return ()
        origin_ns = self.recording.head.origin_ns
        return tuple((event.t_host_ns - origin_ns) * 1e-9 for event in self.recording.events() if event.kind == MARKER)

    def analyze(self) -> Iterator[tuple[float, list[PipelineEvent | EffortEvent]]]:
        """Work through the recording; yield after each piece how far it is, 0..1, and what came of it."""
        duration_s = max(self.recording.duration_s, 1e-3)
        beginning = Beginning(find_beginning(self.recording))
        earlier = SetUpTraces(Pipeline(*self._seen), beginning)
        for block in self.recording.blocks():
            events: list[PipelineEvent | EffortEvent] = [*earlier.update(block)]
            if (counted := beginning.cut(block)) is not None:
                events += self._pipeline.update(counted)
                events += self._meter.update(counted) if self._meter is not None else ()
            yield min(block.end_s / duration_s, 1.0), events
        self.notes = self.recording.integrity_notes()
        last = [*earlier.finish(), *self._pipeline.finish()]
        yield 1.0, [*last, *(self._meter.finish() if self._meter is not None else ())]

    def visit(self, result: SetResult | None) -> Visit:
        """Describe one of its sets as a visit to be compared."""
        info = self.recording.info
        side = result.side if result is not None else info.side
        test, key = self.protocol, pool_key(self.protocol, side)
        earlier = read_earlier((event.kind, event.data) for event in self.recording.events())
        lags_s = earlier.lags_s.get(side, ())
        return Visit(info.name, info.created, info.subject, test.title, key, result, test.titles, lags_s)

    def why_not(self) -> Message | None:
        """Say why no onset can be moved here; None where it can."""
        path = self.recording.info.path
        if not isinstance(self.recording, FileRecording) or path is None:
            return Message(MessageCode.NO_CORRECTIONS_HERE)
        try:
            check_appendable(path)
        except EventRefused as error:
            return error.message
        return None

    def move(self, lift: Lift, site: Site, time_s: float, by: str) -> list[PipelineEvent]:
        """Put an onset where a person says it is: recorded first, then judged.

        Raises
        ------
        CorrectionRefused
            There is no onset to be moved, nobody says who it was, or the file is of another system.
        EventRefused
            The file cannot be written.
        """
        if not by.strip():
            raise CorrectionRefused(Message(MessageCode.NOBODY_SAYS_WHO))
        if not can_be_moved(lift, site):
            raise CorrectionRefused(Message(MessageCode.NOT_MOVABLE))
        correction = Correction(round(time_s, 6), self.within_s, by.strip(), now())
        moved = OnsetMoved(lift.side, lift.number, lift.start_s, site, correction)
        seq = self._append(CORRECT_ONSET, moved.to_json())
        self._corrections[seq] = moved
        return self._pipeline.correct(*moved.key, correction)

    def undo(self, by: str) -> list[PipelineEvent]:
        """Take the newest correction back, and return to what was there before; raise as `move` does."""
        if not self._corrections:
            raise CorrectionRefused(Message(MessageCode.NOTHING_MOVED))
        seq = max(self._corrections)
        self._append(UNDO_CORRECTION, {"undoes": seq, "by": by.strip(), "at": now()})
        undone = self._corrections.pop(seq)
        earlier = [moved.correction for moved in self._corrections.values() if moved.key == undone.key]
        return self._pipeline.correct(*undone.key, earlier[-1] if earlier else None)

    def _append(self, kind: str, data: dict[str, object]) -> int:
        """Write an event behind the recording; return its place."""
        path = self.recording.info.path
        if not isinstance(self.recording, FileRecording) or path is None:
            raise CorrectionRefused(Message(MessageCode.NO_CORRECTIONS_HERE))
        return append_event(path, kind, data).seq

    def _check(self) -> None:
        """Refuse what cannot be analysed."""
        path = self.recording.info.path
        if path is None:
            return
        if not self.recording.streams:
            raise UnreadableFile(path, "holds no samples; no sensor had answered when it was made")
        low, high = RATE_LIMITS_HZ
        for stream in self.recording.streams:
            if stream.kind is StreamKind.EMG and not low <= stream.rate_hz <= high:
                text = f"holds EMG at {float(stream.rate_hz):g} samples a second; expected {low:g} to {high:g}"
                raise UnreadableFile(path, text)


def now() -> str:
    """Return the wall clock, ISO 8601 with its offset."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
