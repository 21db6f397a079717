"""`firingorder replay`: show a recording exactly as it was live."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from firingorder.argument_types import positive

if TYPE_CHECKING:
    from firingorder_session.judging.review import Review

EPILOG = """\
examples:
  firingorder replay visit.fo
  firingorder replay visit.fo --speed 4
  firingorder replay visit.fo --speed 0.25           the keys + and - go from 0.1 to 8 times
  firingorder replay visit.fo --offscreen --screenshot end.png --speed 20

The recorded bytes go through the same path as in the test; the file is not changed. A set-up is shown as it was; Space
goes on to the test. In a window the replay stays until the window is closed. At its end Space opens the review, to jump
to a lift or correct an onset, as firingorder review visit.fo does. A table of the result without all that: firingorder
analyze.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from firingorder.commands.live import add_view_arguments

    parser.add_argument("file", type=Path, metavar="FILE", help="a .fo recording")
    parser.add_argument(
        "--speed", type=positive, default=1.0, metavar="X", help="times real time (default 1); + and - change it"
    )
    add_view_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Send the recording's frames through the live path."""
    from firingorder.passphrase import unlock_files
    from firingorder.progress import Progress
    from firingorder.run_test import check_picture, run_test

    check_picture(arguments.screenshot)
    unlock_files([arguments.file])
    with Progress(arguments.file.name):
        from firingorder_session.running.open_test import open_replay

        test = open_replay(arguments.file, arguments.speed)
    return run_test(test, arguments, review=lambda: open_review(arguments.file))


def open_review(path: Path) -> "Review":
    """Open the recording to look through it."""
    from firingorder_session.judging.review import Review
    from firingorder_session.recordings.read import read

    return Review(read(path))
