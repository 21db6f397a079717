"""Run a test to its end with a window, or offscreen, and print the result: what `live`, `replay` and `demo` share."""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from firingorder_session.live_events import Phase, PhaseChanged, RecordingChanged, SensorChanged, SessionEnded
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
    test.stop_when_done = stop_when_done and arguments.offscreen
    test.start()
    try:
        if arguments.offscreen and arguments.screenshot is None:
            code = watch(test)
        else:
            code = show(test, arguments, screenshot=arguments.screenshot)
    finally:
        test.close()
    print_results(test)
    return code


def show(test: LiveTest, arguments: argparse.Namespace, *, screenshot: Path | None) -> int:
    """Run the window until it is closed; offscreen, until the test has ended."""
    offscreen = arguments.offscreen or not has_display()
    if offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from firingorder_gui.app import run_window

    return run_window(
        test,
        theme=arguments.theme,
        screenshot=screenshot,
        close_when_ended=offscreen,
        full_screen=arguments.full_screen,
    )


def watch(test: LiveTest) -> int:
    """Wait for the end without any window, saying on stderr what happens."""
    error = ""
    while True:
        ended = test.wait(LOOK_S)
        for event in test.drain():
            match event:
                case SensorChanged(detail=detail) if detail:
                    print(f"{event.link}: {detail}", file=sys.stderr)
                case RecordingChanged(error=problem) if problem:
                    print(problem, file=sys.stderr)
                case PhaseChanged(phase=Phase.DONE):
                    print("all lifts are done; Ctrl-C ends", file=sys.stderr)
                case SessionEnded():
                    error = event.error
                case _:
                    pass
        if ended:
            break
    if error:
        print(f"firingorder: {error}", file=sys.stderr)
    return int(bool(error))


def print_results(test: LiveTest) -> None:
    """Print each side's set, and where the recording is."""
    from firingorder.table import write_set

    for result in test.results:
        print(write_set(result))
    if test.plan.recording_path is not None:
        print(f"\nrecorded: {test.plan.recording_path}")
