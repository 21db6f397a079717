"""Moving onsets in the review: a draft in hand, kept in the recording once it is let go or confirmed. No Qt.

Nothing is written before somebody has said who they are, and nothing while an onset is merely held.
"""

from collections.abc import Callable

from firingorder_session.errors import ToldError
from firingorder_session.judging.review import Review
from firingorder_signal.blocks import Site

from .hand import Draft, movable_sites, next_site, take_up
from .lens_model import LensPicture
from .review_model import ReviewModel
from .sites import lane_name
from .telling import tell


class HandTool:
    """The hand.

    Parameters
    ----------
    review, model
        What is corrected, and what is shown of it.
    by
        Initials; asked for where they are empty.
    ask
        Asks for initials; `answer` takes them.
    changed
        Called after everything that must be drawn.
    """

    def __init__(
        self, review: Review, model: ReviewModel, by: str, ask: Callable[[], None], changed: Callable[[], None]
    ) -> None:
        """Start with nothing in hand."""
        self.by = by
        self.draft: Draft | None = None
        self._picture: LensPicture | None = None  # what the lens shows
        self._review, self._model = review, model
        self._ask, self._changed = ask, changed
        self._after_answer: Callable[[], None] | None = None

    @property
    def words(self) -> str:
        """What is said over the traces while an onset is in hand."""
        return self.draft.words(self._model.texts) if self.draft else ""

    def onto(self, picture: LensPicture | None) -> LensPicture | None:
        """Show the draft in the lens, or nothing there."""
        draft, self._picture = self.draft, picture
        if picture is None or draft is None or draft.lift != picture.lift:
            return picture
        return draft.onto(picture, self._review.within_s)

    def choose_next(self, step: int) -> None:
        """Take the next muscle's onset in hand, or none after the last; a moved one is kept first."""
        site = next_site(self._model.lift, self.draft.site if self.draft else None, step)
        self.keep()
        problem = self._why_not()
        if problem and site is not None:
            self._say(problem)
        elif site is None and not movable_sites(self._model.lift):
            self._say(self._model.texts.review.not_movable)
        else:
            self._hold(site)

    def _why_not(self) -> str:
        """Say why no onset can be moved here, or not yet: the sets are judged anew with each."""
        problem = self._review.why_not()
        return self._model.progress() or ("" if problem is None else tell(problem, self._model.texts))

    def _hold(self, site: Site | None) -> None:
        """Hold an onset, or nothing."""
        lift = self._model.lift
        self.draft = take_up(lift, site) if lift is not None and site is not None else None
        self._changed()

    def grip(self, site: Site) -> bool:
        """Take an onset with the pointer; return whether it may be moved."""
        if problem := self._why_not():
            self._say(problem)
            return False
        self._hold(site)
        return self.draft is not None

    def drag_in(self, since_zero_s: float) -> None:
        """Follow the pointer in the lens with the onset in hand."""
        picture = self._picture
        if picture is not None:
            zero_s = picture.zero_s
            self.drag(zero_s + since_zero_s, (zero_s + picture.start_s, zero_s + picture.stop_s))

    def drag(self, time_s: float, within_s: tuple[float, float]) -> None:
        """Put the onset in hand at a time, inside of what the lens shows."""
        if self.draft is not None:
            self.draft = self.draft.put(time_s, within_s)
            self._changed()

    def step(self, by_s: float) -> None:
        """Move the onset in hand by a step."""
        if self.draft is not None:
            self.draft = self.draft.step(by_s)
            self._changed()

    def drop(self) -> None:
        """Let the onset in hand go back to where it was."""
        self.draft = None
        self._changed()

    def keep(self) -> None:
        """Keep the onset in hand where it is; one that was not moved is let go."""
        if self.draft is None or self.draft.moved_s == 0.0:
            self.drop()
        elif not self.by:
            self._after_answer = self.keep
            self._ask()
        else:
            self._write(self.draft)

    def _write(self, draft: Draft) -> None:
        """Record the correction, and show what it makes of the lift."""
        texts = self._model.texts
        self.draft = None
        try:
            self._model.feed(self._review.move(draft.lift, draft.site, draft.time_s, self.by))
        except ToldError as error:
            self._say(tell(error.message, texts))
            return
        muscle = lane_name(draft.site, texts)
        self._say(texts.review.kept.format(muscle=muscle, number=draft.lift.number, by=self.by))

    def undo(self) -> None:
        """Take the newest correction back."""
        if self._model.done is not None:
            self._say(self._model.progress())
            return
        if not self.by and self._review.has_corrections:
            self._after_answer = self.undo
            self._ask()
            return
        self.draft = None
        try:
            self._model.feed(self._review.undo(self.by))
        except ToldError as error:
            self._say(tell(error.message, self._model.texts))
            return
        self._say(self._model.texts.review.taken_back)

    def answer(self, initials: str) -> None:
        """Take the initials; without any, what was in hand goes back."""
        then, self._after_answer = self._after_answer, None
        self.by = initials
        if initials and then is not None:
            then()
        else:
            self.drop()

    def _say(self, text: str) -> None:
        """Say in the bottom line what was done, or why not."""
        self._model.message = text
        self._changed()
