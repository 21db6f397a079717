"""A recording on its way into the review: analysed in slices, its traces stored, its model filled. No Qt."""

from collections.abc import Callable

from firingorder_session.errors import UnreadableFile
from firingorder_session.messages import Message, MessageCode
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

    Attributes
    ----------
    error
        Why it could not be read to its end; None where it could, or may.
    """

    def __init__(self, review: Review, texts: Texts) -> None:
        """Start before the first slice."""
        self.review = review
        self.model = ReviewModel(review.started, texts)
        self.whole = WholeTraces(review.recording.duration_s)
        self._steps = review.analyze()
        self.error: UnreadableFile | None = None

    def work(self, clock: Callable[[], float], until: float) -> bool:
        """Analyse until that time; return whether all is done, or nothing more can be, as it then is for good."""
        if not self.model.is_analysing:
            return True
        try:
            return self._work(clock, until)
        except UnreadableFile as error:
            # What was read so far is no result: the set would be called whole.
            self.error = error
            path = self.review.recording.info.path
            facts = {"name": self.review.started.source, "path": str(path or "FILE")}
            self.model.problem = Message(MessageCode.FILE_BROKEN, facts)
            return True

    def _work(self, clock: Callable[[], float], until: float) -> bool:
        """Take slices until that time; return whether those were the last."""
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
        self.model.finish()
        return True
