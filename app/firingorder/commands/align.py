"""`firingorder align`: measure the constant between sensors that were tapped together, and keep it."""

import argparse
import sys
from pathlib import Path

EPILOG = """\
examples:
  firingorder live ble:OML-A /dev/ttyACM0 --offscreen --out taps.fo    then tap, and end with Ctrl-C
  firingorder align taps.fo                                            measure, print and keep
  firingorder align taps.fo --dry-run                                  measure and print

Hold the sensors together in one hand, still for a few seconds. Knock on them five times, a second apart, or shake them
for four seconds; keep still again. Wait half a minute before it, so that the clocks have settled. Later recordings of
these sensors, by the same kind of link and with the same firmware, have the constant taken out.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .fo recording of the taps")
    parser.add_argument("--dry-run", action="store_true", help="measure and print, keep nothing")


def run(arguments: argparse.Namespace) -> int:
    """Measure, print, keep."""
    from firingorder.progress import Progress

    with Progress(arguments.file.name) as progress:
        from firingorder.run_test import alignments_path
        from firingorder_session.judging.align import align
        from firingorder_session.judging.alignments import store_alignments
        from firingorder_signal.reasons import describe
        from firingorder_signal.results import Reason

        first, *others = align(arguments.file, progress.show)
    failed = False
    for each in others:
        if isinstance(each.found, Reason) or each.alignment is None:
            what, fix = describe(each.found) if isinstance(each.found, Reason) else ("", "")
            print(f"{each.uid}: not aligned with {first.uid}: {what}; {fix}", file=sys.stderr)
            failed = True
            continue
        way = "a shake" if each.found.shaken else f"{each.found.n_events} taps"
        offset_ms, within_ms = 1000 * each.alignment.offset_s, 1000 * each.alignment.uncertainty_s
        print(f"{each.uid}: {offset_ms:+.1f} ms against {first.uid}, within {within_ms:.1f} ms, by {way}")
    kept = {each.uid: each.alignment for each in (first, *others) if each.alignment is not None}
    if not arguments.dry_run and len(kept) > 1:
        store_alignments(alignments_path(), kept)
        print(f"kept in {alignments_path()}")
    return int(failed)
