"""A recording judged from its beginning to its end, piece by piece, and the corrections that come afterwards.

`JudgeHere` works in the caller's process and can be pickled; `judge_apart.py` has it work in another one, so that a
window stays alive meanwhile. Both give the same events in the same order.
"""

import typing
from collections.abc import Iterable, Iterator
from functools import cached_property

from firingorder_signal.blocks import Side, Site
from firingorder_signal.events import PipelineEvent
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import Correction, SetResult

from ..events.effort_events import EffortEvent, HoldSummary
from ..events.guide_events import read_steps
from ..events.hold_events import HoldEnded
from ..protocols.protocol_plan import Protocol
from ..recordings.beginning import Beginning, find_beginning
from ..recordings.corrections import OnsetMoved, apply_corrections
from ..recordings.recording import Recording
from ..setting_up.set_up_traces import SetUpTraces
from .analysis import lifts_set_aside, measure_holds, streams_taking_part
from .effort_meter import EffortMeter

Found = PipelineEvent | EffortEvent
#: What one piece of the work came to: how far it is, 0..1, and what was found.
Piece = tuple[float, list[Found]]


class Judge(typing.Protocol):
    """Whoever judges the recording of a review."""

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side, as far as known here."""
        ...

    @property
    def hold_summaries(self) -> tuple[HoldSummary, ...]:
        """The holds, as far as known here, in their order."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed since it was recorded; known once all is judged."""
        ...

    @property
    def ready(self) -> bool:
        """Whether the next piece can be had now; taking one that is not ready waits for it."""
        ...

    def pieces(self) -> Iterator[Piece]:
        """Work through the recording, once."""
        ...

    def correct(
        self, side: Side, number: int, start_s: float, site: Site, correction: Correction | None
    ) -> list[PipelineEvent]:
        """Put an onset where a person says it is, once all is judged; see `SideAnalysis.correct`."""
        ...

    def close(self) -> None:
        """Let go of what it holds; the results stay."""
        ...


class JudgeHere:
    """Judges in this process.

    Parameters
    ----------
    recording, protocol
        What is judged, and the test it is of.
    params
        By which rules.
    corrections
        The onsets that were moved beforehand.
    """

    def __init__(
        self, recording: Recording, protocol: Protocol, params: PipelineParams, corrections: Iterable[OnsetMoved]
    ) -> None:
        self._recording, self._protocol, self._params = recording, protocol, params
        self._corrections = tuple(corrections)
        self.notes: tuple[str, ...] = ()

    @cached_property
    def _pipeline(self) -> Pipeline:
        """What judges, made with the first piece: where another process does that, nothing heavy is loaded here."""
        pipeline = Pipeline(streams_taking_part(self._recording), self._params)
        for lift in lifts_set_aside(self._recording):
            pipeline.exclude(lift.side, lift.number, lift.start_s)
        apply_corrections(pipeline, self._corrections)
        return pipeline

    @cached_property
    def _meter(self) -> EffortMeter | None:
        """What measures effort in a test of holds; None for any other."""
        if self._protocol.hold is None:
            return None
        steps = read_steps((event.kind, event.data) for event in self._recording.events())
        holds = tuple(step for step in steps if isinstance(step, HoldEnded))
        return measure_holds(self._recording, self._protocol, streams_taking_part(self._recording), holds)

    @property
    def hold_summaries(self) -> tuple[HoldSummary, ...]:
        """The holds so far, in their order."""
        return tuple(self._meter.summaries) if self._meter is not None else ()

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side, as it stands."""
        return self._pipeline.results

    @property
    def ready(self) -> bool:
        """Always: the work is done when it is asked for."""
        return True

    def pieces(self) -> Iterator[Piece]:
        """Work through the recording."""
        duration_s = max(self._recording.duration_s, 1e-3)
        beginning = Beginning(find_beginning(self._recording))
        earlier = SetUpTraces(Pipeline(streams_taking_part(self._recording), self._params), beginning)
        for block in self._recording.blocks():
            events: list[Found] = [*earlier.update(block)]
            if (counted := beginning.cut(block)) is not None:
                events += self._pipeline.update(counted)
                events += self._meter.update(counted) if self._meter is not None else ()
            yield min(block.end_s / duration_s, 1.0), events
        self.notes = self._recording.integrity_notes()
        last = [*earlier.finish(), *self._pipeline.finish()]
        yield 1.0, [*last, *(self._meter.finish() if self._meter is not None else ())]

    def correct(
        self, side: Side, number: int, start_s: float, site: Site, correction: Correction | None
    ) -> list[PipelineEvent]:
        """Judge a lift and its set anew."""
        return self._pipeline.correct(side, number, start_s, site, correction)

    def close(self) -> None:
        """Do nothing: it holds memory only."""
