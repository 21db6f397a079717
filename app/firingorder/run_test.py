"""Run a test to its end with a window, or offscreen, and print the result: what `live`, `replay` and `demo` share."""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from firingorder.watched_test import WatchedTest
from firingorder_session.live_test import LiveTest

#: How often the offscreen run looks at the test, seconds.
LOOK_S = 0.1


def default_recording_path() -> Path:
    """Name a new recording by date and time in the user's documents."""
    from platformdirs import user_documents_path

    folder = user_documents_path() / "FiringOrder"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{datetime.now().astimezone():%Y-%m-%d_%H-%M-%S}.fo"


def has_display() -> bool:
    """Tell whether a window can be shown here."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run_test(test: LiveTest, arguments: argparse.Namespace, *, stop_when_done: bool = False) -> int:
    """Start the test, show it, wait for its end, print the result; return the exit code.

    With `stop_when_done` a test that nobody watches ends itself after its last lift.
    """
    offscreen = arguments.offscreen or not has_display()
    test.stop_when_done = stop_when_done and offscreen
    test.start()
    try:
        code = run_offscreen(test, arguments) if offscreen else show_window(test, arguments)
    finally:
        test.close()
    print_results(test)
    return code


def show_window(test: LiveTest, arguments: argparse.Namespace) -> int:
    """Run the window until it is closed."""
    from firingorder_gui.app import run_window

    return run_window(test, theme=arguments.theme, screenshot=arguments.screenshot, full_screen=arguments.full_screen)


def run_offscreen(test: LiveTest, arguments: argparse.Namespace) -> int:
    """Run without a display until the test has ended, with a progress bar; draw only where a picture is wanted."""
    with WatchedTest(test) as watched:
        if arguments.screenshot is None:
            while not test.wait(LOOK_S):
                watched.drain()
            watched.drain()
        else:
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
            from firingorder_gui.app import run_window

            run_window(watched, theme=arguments.theme, screenshot=arguments.screenshot, close_when_ended=True)
    if watched.error:
        print(f"firingorder: {watched.error}", file=sys.stderr)
    return int(bool(watched.error))


def print_results(test: LiveTest) -> None:
    """Print each side's set, and where the recording is."""
    from firingorder.table import write_set

    for result in test.results:
        print(write_set(result))
    if test.plan.recording_path is not None:
        print(f"\nrecorded: {test.plan.recording_path}")
