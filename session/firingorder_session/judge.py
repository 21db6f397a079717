"""A recording judged from its beginning to its end, piece by piece, and the corrections that come afterwards.

`JudgeHere` works in the caller's process and can be pickled; `judge_apart.py` has it work in another one, so that a
window stays alive meanwhile. Both give the same events in the same order.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Protocol

from firingorder_signal.blocks import Side, Site, StreamInfo
from firingorder_signal.events import PipelineEvent
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import Correction, SetResult

from .analysis import SetAside
from .corrections import OnsetMoved, apply_corrections
from .recording import Recording

#: What one piece of the work came to: how far it is, 0..1, and what was found.
Piece = tuple[float, list[PipelineEvent]]


class Judge(Protocol):
    """Whoever judges the recording of a review."""

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side, as far as known here."""
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
    recording, streams
        What is judged, and which of it takes part.
    params
        By which rules.
    set_aside, corrections
        What was said of its lifts beforehand.
    """

    def __init__(
        self,
        recording: Recording,
        streams: Sequence[StreamInfo],
        params: PipelineParams,
        set_aside: Iterable[SetAside],
        corrections: Iterable[OnsetMoved],
    ) -> None:
        self._recording, self._streams, self._params = recording, tuple(streams), params
        self._set_aside, self._corrections = tuple(set_aside), tuple(corrections)

    @cached_property
    def _pipeline(self) -> Pipeline:
        """What judges, made with the first piece: where another process does that, nothing heavy is loaded here."""
        pipeline = Pipeline(self._streams, self._params)
        for lift in self._set_aside:
            pipeline.exclude(lift.side, lift.number, lift.start_s)
        apply_corrections(pipeline, self._corrections)
        return pipeline

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
        for block in self._recording.blocks():
            yield min(block.end_s / duration_s, 1.0), self._pipeline.update(block)
        yield 1.0, self._pipeline.finish()

    def correct(
        self, side: Side, number: int, start_s: float, site: Site, correction: Correction | None
    ) -> list[PipelineEvent]:
        """Judge a lift and its set anew."""
        return self._pipeline.correct(side, number, start_s, site, correction)

    def close(self) -> None:
        """Do nothing: it holds memory only."""
