"""`firingorder recover`: save what can be read of a damaged recording into a new one."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firingorder_session.recordings.recover import Recovered

EPILOG = """\
examples:
  firingorder recover visit.fo                        makes visit-recovered.fo beside it
  firingorder recover visit.fo --out saved.fo
  firingorder analyze visit-recovered.fo              what is missing is a gap, as if it had been lost on its way

The damaged file is not changed. Keep `visit.fo-wal` beside it, where there is one: it may hold the newest seconds.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a damaged .fo recording")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to save it (default: FILE-recovered.fo)")


def run(arguments: argparse.Namespace) -> int:
    """Save, and say how much that was."""
    from firingorder.progress import Progress

    path: Path = arguments.file
    with Progress(path.name) as progress:
        from firingorder_session.recordings.recover import is_whole, recover

        if is_whole(path):
            print(f"{path} is whole; there is nothing to recover")
            return 0
        out = arguments.out or path.with_name(f"{path.stem}-recovered.fo")
        saved = recover(path, out, lambda share: progress.show("saving", 100.0 * share, 100.0, "%"))
    print(write_recovered(saved))
    return 0


def write_recovered(saved: "Recovered") -> str:
    """Say how much was saved."""
    among = f"{saved.n_missing} are missing among them" if saved.n_missing else "none is missing among them"
    lines = [
        f"{saved.path}: about {saved.share:.0%} of the recording saved, over {saved.span_s:.1f} s",
        f"  {saved.n_frames} frames and {saved.n_events} events; {among}",
        *(f"  lost: {words}" for words in saved.lost),
    ]
    return "\n".join(lines)
