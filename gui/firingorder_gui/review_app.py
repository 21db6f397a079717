"""Run the review's window: one call for the command line."""

from collections.abc import Callable, Sequence
from pathlib import Path

from firingorder_session.judging.review import Review

from .app import closing_on_interrupt, show
from .compare_window import CompareWindow
from .qt import QtWidgets
from .review_window import ReviewWindow
from .texts import ENGLISH, Texts


def run_review(
    reviews: Sequence[Review],
    *,
    by: str = "",
    lift: int | None = None,
    theme: str = "dark",
    texts: Texts = ENGLISH,
    screenshot: Path | None = None,
    full_screen: bool = False,
    close_when_done: bool = False,
) -> int:
    """Show recordings until the window is closed, and return an exit code.

    Parameters
    ----------
    by
        Initials of whoever moves onsets; asked for where they are empty.
    lift
        The lift to show first.
    screenshot
        Where to leave a picture once all is analysed.
    close_when_done
        Close by itself after that: for a display that nobody watches.

    Returns
    -------
    0, or 1 when the picture could not be written.

    Raises
    ------
    UnreadableFile
        A recording turned out to be damaged on the way; the window has said so.
    """
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["firingorder"])
    saved: list[bool] = []
    window: ReviewWindow | CompareWindow
    if len(reviews) > 1:
        window = CompareWindow(reviews, theme=theme, texts=texts)
    else:
        window = ReviewWindow(reviews[0], by=by, theme=theme, texts=texts)

    def show_first() -> None:
        if lift is not None and isinstance(window, ReviewWindow):
            window.choose_lift(lift)

    window.on_analysed = make_end(window, show_first, screenshot, saved, close_when_done)
    show(window, full_screen=full_screen)
    window.start()
    with closing_on_interrupt():
        app.exec()
    for intake in window.intakes:
        if intake.error is not None:
            raise intake.error
    return int(not all(saved))


def make_end(
    window: ReviewWindow | CompareWindow,
    before: Callable[[], None],
    screenshot: Path | None,
    saved: list[bool],
    closes: bool,
) -> Callable[[], None]:
    """Make what is done once all is analysed: the picture, and the end where nobody watches."""

    def end() -> None:
        before()
        if screenshot is not None:
            saved.append(window.save_picture(screenshot))
        if closes:
            window.close()

    return end
