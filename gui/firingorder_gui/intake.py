"""A recording on its way into the review: what the analysis finds is taken in slices, its traces stored. No Qt."""

from collections.abc import Callable

from firingorder_session.errors import UnreadableFile
from firingorder_session.judging.judge import Piece
from firingorder_session.judging.judge_apart import JudgeLost
from firingorder_session.judging.review import Review
from firingorder_session.messages import Message, MessageCode
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
        self.error: UnreadableFile | JudgeLost | None = None

    def work(self, clock: Callable[[], float], until: float) -> bool:
        """Take in what is found until that time, or nothing is there; return whether that was all, then for good."""
        try:
            while self.model.is_analysing and self.review.ready:
                self._take(next(self._steps, None))
                if clock() >= until:
                    break
        except (UnreadableFile, JudgeLost) as error:
            # What was read so far is no result: the set would be called whole.
            self.error = error
            path = self.review.recording.info.path
            facts = {"name": self.review.started.source, "path": str(path or "FILE")}
            self.model.problem = (
                error.message if isinstance(error, JudgeLost) else Message(MessageCode.FILE_BROKEN, facts)
            )
        return not self.model.is_analysing

    def _take(self, piece: Piece | None) -> None:
        """Fill the model, and store the traces; None = that was all."""
        if piece is None:
            self.model.note = "; ".join(self.review.notes)
            self.model.finish()
            return
        self.model.done, events = piece
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
