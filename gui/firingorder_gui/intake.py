"""A recording on its way into the review: what the analysis finds is taken in slices, its traces stored. No Qt."""

from collections.abc import Callable, Iterable

from firingorder_session.review import Review
from firingorder_signal.events import EmgTrace, MotionTrace, PipelineEvent

from .review_model import ReviewModel
from .texts import Texts
from .whole_traces import WholeTraces


class Intake:
    """One recording.

    Parameters
    ----------
    review
        The recording, not analysed yet.
    """

    def __init__(self, review: Review, texts: Texts) -> None:
        """Start before the first slice."""
        self.review = review
        self.model = ReviewModel(review.started, texts)
        self.whole = WholeTraces(review.recording.duration_s)
        self._steps = review.analyze()

    def work(self, clock: Callable[[], float], until: float) -> bool:
        """Take in what is found until that time, or nothing is there; return whether all is done, then for good."""
        while self.model.done is not None and self.review.ready:
            step = next(self._steps, None)
            if step is None:
                self.model.finish()
                break
            self.model.done, events = step
            self._take(events)
            if clock() >= until:
                break
        return self.model.done is None

    def _take(self, events: Iterable[PipelineEvent]) -> None:
        """Fill the model, and store the traces."""
        self.model.feed(events)
        for event in events:
            if isinstance(event, EmgTrace):
                self.whole.add_emg(event)
            elif isinstance(event, MotionTrace):
                self.whole.add_motion(event)

    def close(self) -> None:
        """Let the traces go, and the process that judges."""
        self.whole.close()
        self.review.close()
