"""`firingorder anonymise`: a copy of a recording that leads to nobody."""

import argparse
from datetime import date
from pathlib import Path

EPILOG = """\
examples:
  firingorder anonymise visit.fo K1.fo                                        a new random code, day 0
  firingorder anonymise june.fo K1-2.fo --code 7QX2M0KA --day-zero 2026-03-02   a later visit of the same person

Removed: the person's code, date and time, ids, serial numbers and addresses of devices (in the recorded bytes too),
ports, marks and other typed words, initials, the file's name. Kept: what was measured, to the last bit, and what was
tested. The copy is checked before it is given out; docs/privacy.md says what it cannot hide. The export is a line in
the audit trail (firingorder audit).
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="IN", help="a .fo recording")
    parser.add_argument("out", type=Path, metavar="OUT", help="the copy; name it without a name or a date")
    parser.add_argument("--code", default="", help="the person's new code (default: drawn)")
    parser.add_argument(
        "--day-zero",
        type=day,
        metavar="YYYY-MM-DD",
        help="the day that becomes 1 January 2000, such as the first visit's (default: the recording's own)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the copy."""
    from firingorder.passphrase import unlock_files
    from firingorder.progress import Progress

    path: Path = arguments.file
    unlock_files([path])
    with Progress(path.name) as progress:
        from firingorder_session.history.hand_out import note_files
        from firingorder_session.judging.analysis import write_identity
        from firingorder_session.keeping.anonymise import anonymise
        from firingorder_session.keeping.audit import write_audit

        def report(share: float) -> None:
            progress.show("copying", 100.0 * share, 100.0, "%")

        made = anonymise(path, arguments.out, code=arguments.code, day_zero=arguments.day_zero, report_progress=report)
        try:
            write_audit("anonymise", path.name, [f"to {made.path.name}"])
            note_files(write_identity(made.source), [made.path], "anonymised copy")
        except BaseException:
            made.path.unlink()
            raise
    removed = f"; {made.n_events_removed} notes of unknown kind removed" if made.n_events_removed else ""
    print(f"{made.path}: code {made.code}, day {made.day}{removed}; checked: the same samples, none of the old names")
    return 0


def day(text: str) -> date:
    """Read a day; argparse turns the error into a wrong-argument message."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day such as 2026-03-02, got {text!r}") from None
