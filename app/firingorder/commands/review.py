"""`firingorder review`: look through a recording, correct an onset by hand, compare two visits."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from firingorder.argument_types import positive

if TYPE_CHECKING:
    from firingorder_session.judging.review import Review

EPILOG = """\
examples:
  firingorder review visit.fo                      jump from lift to lift with the arrow keys; ? lists all keys
  firingorder review visit.fo --by AB              initials kept with an onset that is moved (else they are asked for)
  firingorder review may.fo june.fo                two visits side by side, and whether they differ
  firingorder review emg.csv --hamstring BF --glute GMAX --side right
  firingorder review visit.fo --lift 3 --screenshot lift3.svg --offscreen

The recording is analysed once, when it is opened; each lift can be looked at as soon as it is found. An onset that is
moved is kept in the .fo file beside the one that was found, with who and when; the result without gives
`firingorder analyze --ignore-corrections`.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from firingorder.commands.live import add_view_arguments
    from firingorder.stated_recording import add_channel_arguments

    parser.add_argument("file", type=Path, metavar="FILE", help="any recording that analyze opens")
    parser.add_argument("other", type=Path, nargs="?", metavar="FILE2", help="a later visit, to compare with the first")
    parser.add_argument("--by", default="", metavar="AB", help="initials kept with an onset that is moved by hand")
    parser.add_argument(
        "--precision-ms",
        type=positive,
        default=10.0,
        metavar="MS",
        help="how sure an onset put by hand is: half its 90 %% interval (default 10)",
    )
    parser.add_argument("--lift", type=int, metavar="N", help="show this lift first")
    add_channel_arguments(parser)
    add_view_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Open one recording or two, and show them; without a display print the result."""
    from firingorder.passphrase import unlock_files
    from firingorder.run_review import show_reviews, shows_window
    from firingorder.run_test import check_picture

    check_picture(arguments.screenshot)
    paths = [path for path in (arguments.file, arguments.other) if path is not None]
    unlock_files(paths)
    # A window stays alive while another process judges; without one there is nothing to keep alive.
    apart = shows_window(arguments)
    return show_reviews([open_review(path, arguments, apart=apart) for path in paths], arguments)


def open_review(path: Path, arguments: argparse.Namespace, *, apart: bool = False) -> "Review":
    """Open a recording for review, judged by this process or apart."""
    from firingorder.stated_recording import read_stated
    from firingorder_session.judging.review import Review

    recording = read_stated(path, arguments)
    return Review(recording, within_s=arguments.precision_ms / 1000.0, apart=apart)
