"""The traces of what was recorded before a test began, for a view of the whole recording: seen, and never judged."""

from dataclasses import dataclass, field

from firingorder_signal.blocks import SampleBlock
from firingorder_signal.events import EmgTrace, MotionTrace, PipelineEvent
from firingorder_signal.pipeline import Pipeline

from ..recordings.beginning import Beginning

#: Streams end their part within this long of one another; what comes later of one is left out, seconds (J).
LATEST_S = 1.0


@dataclass
class SetUpTraces:
    """Carry the set-up through a pipeline of its own, of which the traces alone are kept.

    Parameters
    ----------
    pipeline
        Another one than the test's, which must collect more than `LATEST_S` before it gives traces: a view wants its
        traces in order.
    """

    pipeline: Pipeline
    beginning: Beginning
    _is_over: bool = field(init=False)

    def __post_init__(self) -> None:
        """Have nothing to do where there was no set-up."""
        self._is_over = self.beginning.from_s is None

    def update(self, block: SampleBlock) -> list[PipelineEvent]:
        """Take a block before it is cut; return the traces of what comes before the beginning."""
        if self._is_over:
            return []
        early = self.beginning.before(block)
        events = _traces(self.pipeline.update(early)) if early is not None else []
        is_late = self.beginning.from_s is not None and block.start_s > self.beginning.from_s + LATEST_S
        return [*events, *self.finish()] if is_late else events

    def finish(self) -> list[PipelineEvent]:
        """Return the last of them."""
        if self._is_over:
            return []
        self._is_over = True
        return _traces(self.pipeline.finish())


def _traces(events: list[PipelineEvent]) -> list[PipelineEvent]:
    """Keep the traces alone."""
    return [event for event in events if isinstance(event, EmgTrace | MotionTrace)]
