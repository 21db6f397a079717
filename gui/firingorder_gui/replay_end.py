"""A replay that has come to its end turns into the review of its recording: another page, in the same place."""

from firingorder_session.judging.review import Review

from .review_window import ReviewWindow
from .window import LiveWindow


def turn_to_review(window: LiveWindow, review: Review, theme: str) -> ReviewWindow:
    """Show the review where the window is, then close that; the caller keeps what is returned."""
    page = ReviewWindow(review, theme=theme, texts=window.texts)
    page.setGeometry(window.geometry())
    page.setWindowState(window.windowState())
    page.show()
    page.setFocus()
    page.start()
    window.close()
    return page
