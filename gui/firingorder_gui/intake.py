"""A recording on its way into the review: analysed in slices, its traces stored, its model filled. No Qt."""

from collections.abc import Callable

from firingorder_session.review import Review
from firingorder_signal.events import EmgTrace, MotionTrace

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
        """Analyse until that time; return whether all is done, as it then is for good."""
        if self.model.done is None:
            return True
        for done, events in self._steps:
            self.model.done = done
            self.model.feed(events)
            for event in events:
                if isinstance(event, EmgTrace):
                    self.whole.add_emg(event)
                elif isinstance(event, MotionTrace):
                    self.whole.add_motion(event)
            if clock() >= until:
                return False
        self.model.note = "; ".join(self.review.notes)
        self.model.finish()
        return True
