"""Run a test to its end with a window, or offscreen, and print the result: what `live`, `replay` and `demo` share."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from firingorder.watched_test import HeardTest, WatchedTest
from firingorder_session.events.live_events import Command
from firingorder_session.running.live_test import LiveTest
from firingorder_signal.errors import FiringOrderError

if TYPE_CHECKING:
    from firingorder_session.judging.review import Review

#: How often the offscreen run looks at the test, seconds.
LOOK_S = 0.1
#: Kinds of picture that every Qt writes, vectors first.
PICTURE_KINDS = (".svg", ".png", ".jpg", ".jpeg", ".bmp")


class PictureRefused(FiringOrderError):
    """A picture of the window cannot be left where it was asked for."""


def default_recording_path() -> Path:
    """Name a new recording by date and time in the user's documents; raise FiringOrderError where it has no place."""
    from platformdirs import user_documents_path

    folder = user_documents_path() / "FiringOrder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"cannot make the folder {folder} ({(error.strerror or str(error)).lower()})"
        raise FiringOrderError(f"{text}; choose a file with --out") from error
    return folder / f"{datetime.now().astimezone():%Y-%m-%d_%H-%M-%S}.fo"


def alignments_path() -> Path:
    """Say where measured alignments of sensors are kept for later tests."""
    from platformdirs import user_config_path

    return user_config_path("firingorder", appauthor=False) / "alignments.json"


def has_display() -> bool:
    """Tell whether a window can be shown here."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check_picture(path: Path | None) -> None:
    """Say before a test, not after it, that its picture could not be written; raise PictureRefused."""
    if path is None:
        return
    if path.suffix.lower() not in PICTURE_KINDS:
        raise PictureRefused(
            f"cannot leave a picture at {path}: its name must end in one of {', '.join(PICTURE_KINDS)}"
        )
    if path.is_dir():
        raise PictureRefused(f"cannot leave a picture at {path}: it is a folder; name a file in it")
    if not path.absolute().parent.is_dir():
        raise PictureRefused(f"cannot leave a picture at {path}: there is no folder {path.parent}; make it first")
    if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        raise PictureRefused(f"cannot leave a picture at {path}: writing there is not allowed; choose another folder")


def run_test(
    test: LiveTest,
    arguments: argparse.Namespace,
    *,
    stop_when_done: bool = False,
    review: "Callable[[], Review] | None" = None,
) -> int:
    """Start the test, show it, wait for its end, print the result; return the exit code.

    With `stop_when_done` a test that nobody watches ends itself after its last lift; `review` opens the recording that
    is replayed, for a window to look through it at its end.
    """
    offscreen = arguments.offscreen or not has_display()
    test.stop_when_done = stop_when_done and offscreen
    load_view(arguments, offscreen)
    test.start()
    try:
        code = run_offscreen(test, arguments) if offscreen else show_window(test, arguments, review)
    finally:
        test.close()
    code = print_results(test) or code
    if arguments.screenshot is not None:
        code = say_picture(arguments.screenshot) or code
    return code


def load_view(arguments: argparse.Namespace, offscreen: bool) -> None:
    """Load Qt, where anything is drawn, before the test's threads run.

    Shiboken 6.11 walks through the table of modules while it starts, and aborts the program where a thread imports one
    at that moment.
    """
    if offscreen and arguments.screenshot is None:
        return
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import_module("firingorder_gui.app")


def show_window(test: LiveTest, arguments: argparse.Namespace, review: "Callable[[], Review] | None") -> int:
    """Run the window until it is closed."""
    from firingorder_gui.app import run_window
    from firingorder_gui.languages import texts_of

    arguments.made = made = list[Path]()
    return run_window(
        HeardTest(test),
        theme=arguments.theme,
        texts=texts_of(arguments.language),
        screenshot=arguments.screenshot,
        full_screen=arguments.full_screen,
        review=review,
        made=made,
        keeps_history=not getattr(arguments, "no_history", False),
    )


def run_offscreen(test: LiveTest, arguments: argparse.Namespace) -> int:
    """Run without a display until the test has ended, with a progress bar; draw only where a picture is wanted."""
    with WatchedTest(test) as watched:
        if arguments.screenshot is None:
            with stopping_on_interrupt(test):
                while not test.wait(LOOK_S):
                    watched.drain()
            watched.drain()
        else:
            from firingorder_gui.app import run_window
            from firingorder_gui.languages import texts_of

            run_window(
                watched,
                theme=arguments.theme,
                texts=texts_of(arguments.language),
                screenshot=arguments.screenshot,
                close_when_ended=True,
            )
    if watched.error:
        print(f"firingorder: {watched.error}", file=sys.stderr)
    return int(bool(watched.error or watched.recording_error))


@contextmanager
def stopping_on_interrupt(test: LiveTest) -> Generator[None]:
    """Let Ctrl-C end the test in order, as closing the window does; a second one ends the program."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        test.command(Command.STOP)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def print_results(test: LiveTest) -> int:
    """Print each side's set, and where the recording is; return the exit code, 1 where no sample came."""
    from firingorder.hold_lines import write_holds
    from firingorder.table import write_set

    if test.plan.protocol.hold is not None:
        print(write_holds(test.hold_summaries))
    for result in test.results if test.plan.protocol.hold is None else ():
        print(write_set(result))
    path = test.plan.recording_path
    if test.heard_nothing:
        say_nothing_came(test, path)
        return 1
    for link in test.unheard:
        print(f"note: {link}", file=sys.stderr)
    if path is not None:
        print(f"\nrecorded: {path}")
    return 0


def say_nothing_came(test: LiveTest, path: Path | None) -> None:
    """Say what was heard instead of samples; a recording of nothing at all is not left behind."""
    from firingorder_session.acquiring.unheard import hint_at_kinds

    links = test.unheard
    heard = "; ".join(map(str, links)) or "there was no sensor"
    print(f"firingorder: nothing was recorded: {heard}. {hint_at_kinds()}", file=sys.stderr)
    if path is None or not path.exists():
        return
    if any(link.n_bytes for link in links):
        words = f"their bytes are kept in {path}; `firingorder analyze {path} --speech KIND` tries another kind on them"
        print(f"firingorder: {words}", file=sys.stderr)
    elif not test.plan.goes_on:
        path.unlink()


def say_picture(path: Path) -> int:
    """Say where the picture is; 1 when there is none."""
    if path.exists():
        print(f"picture:  {path}")
        return 0
    print(f"firingorder: the picture could not be written to {path}", file=sys.stderr)
    return 1
