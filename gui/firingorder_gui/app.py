"""Run the live window: one call for the command line."""

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from firingorder_session.judging.review import Review
from firingorder_session.running.unfinished import Unfinished

from .handle import SessionHandle
from .offer import Choice, offer_content
from .offer_window import OfferWindow
from .qt import QtCore, QtWidgets
from .texts import ENGLISH, Texts
from .tone import Tone
from .window import LiveWindow

#: The design's size, used where there is no screen to fit.
OFFSCREEN_SIZE = (1920, 1080)


def run_window(
    session: SessionHandle,
    *,
    theme: str = "dark",
    texts: Texts = ENGLISH,
    screenshot: Path | None = None,
    close_when_ended: bool = False,
    full_screen: bool = False,
    review: Callable[[], Review] | None = None,
    made: list[Path] | None = None,
    keeps_history: bool = True,
) -> int:
    """Show the window of a running test until it is closed, and return an exit code.

    Parameters
    ----------
    theme
        `dark` or `light`.
    screenshot
        Where to leave a picture of the window when the session ends, or when the window is closed before that.
    close_when_ended
        Close the window by itself when the session ends: for a display that nobody watches.
    review
        Opens the recording that is replayed, to look through it once the replay has ended.
    made
        Filled with the pictures that are saved on the way.
    keeps_history
        Whether a key shows the person's visits at the end, which files the result.

    Returns
    -------
    0, or 1 when the session ended with an error or the picture could not be written.
    """
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["firingorder"])
    # Nobody hears a window that is not shown.
    silent = QtWidgets.QApplication.platformName() == "offscreen"
    window = LiveWindow(session, theme=theme, texts=texts, tone=Tone(()) if silent else Tone())
    window.keeps_history = keeps_history
    window.made = made if made is not None else []
    saved: list[bool] = []

    def end() -> None:
        if screenshot is not None:
            saved.append(window.save_picture(screenshot))
        if close_when_ended:
            window.close()

    pages: list[QtWidgets.QWidget] = []

    def look_through(opened: Callable[[], Review]) -> None:
        from .replay_end import turn_to_review  # a test that is run does without all that

        pages.append(turn_to_review(window, opened(), theme))

    window.on_ended = end
    if review is not None:
        window.on_review = partial(look_through, review)
    show(window, full_screen=full_screen)
    window.start()
    with closing_on_interrupt():
        app.exec()
    if screenshot is not None and not saved:
        saved.append(window.save_picture(screenshot))
    failed = window.model.ended is not None and window.model.ended.error is not None
    return 1 if failed or not all(saved) else 0


def ask_to_go_on(
    unfinished: Unfinished, *, theme: str = "dark", texts: Texts = ENGLISH, full_screen: bool = False
) -> Choice:
    """Offer to go on with an unfinished test, and return what was chosen; the window is gone then."""
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["firingorder"])
    window = OfferWindow(offer_content(unfinished, texts), theme=theme, texts=texts)
    show(window, full_screen=full_screen)
    with closing_on_interrupt():
        app.exec()
    return window.choice


def show(window: QtWidgets.QWidget, *, full_screen: bool) -> None:
    """Show the window as large as the screen allows; the design's size where there is no real screen."""
    if QtWidgets.QApplication.platformName() == "offscreen":
        window.resize(*OFFSCREEN_SIZE)
        window.show()
    elif full_screen:
        window.showFullScreen()
    else:
        screen = window.screen().availableGeometry()
        window.resize(screen.size() * 0.9)
        window.showMaximized()
    window.setFocus()


@contextmanager
def closing_on_interrupt() -> Generator[None]:
    """Let Ctrl-C close what is shown in an orderly way. The frame timer gives Python its turn to see the signal."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def close(signal_number: int, frame: object) -> None:
        QtCore.QTimer.singleShot(0, QtWidgets.QApplication.closeAllWindows)

    before = signal.signal(signal.SIGINT, close)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
