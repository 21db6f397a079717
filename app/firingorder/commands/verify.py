"""`firingorder verify`: check recordings against their checksum chain."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from firingorder.cli import say_error

if TYPE_CHECKING:
    from firingorder_session.keeping.verify import Verified

#: Rows that are named; one changed file can hold a million.
NAMED_ROWS = 20
#: A seal is a SHA-256 (`keeping.chain`), in hexadecimal.
SEAL_DIGITS = 64

EPILOG = """\
examples:
  firingorder verify visit.fo                    whole, or which row of which table was changed, and its time
  firingorder verify archive/*.fo                one line a file, and its seal
  firingorder verify visit.fo --seal 3fa94c...   also that it is the very recording of which this seal was noted

The seal is the last checksum. Noted elsewhere (the history keeps it), it shows that nothing was added since, nothing
taken from the end, and no new chain made. Exit code 1 where something was changed, or nothing can be told.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a .fo recording")
    parser.add_argument(
        "--seal", metavar="HEX", type=read_seal_digits, help="the seal that it must have (the first digits are enough)"
    )


def read_seal_digits(text: str) -> str:
    """Read the first digits of a seal; what cannot be one is a slip of the fingers, and says nothing of a recording."""
    digits = text.strip().lower().removesuffix("...")
    if not digits or len(digits) > SEAL_DIGITS or set(digits) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"expected up to {SEAL_DIGITS} digits 0-9 and a-f, got {text!r}")
    return digits


def run(arguments: argparse.Namespace) -> int:
    """Check each file."""
    from firingorder_signal.errors import FiringOrderError

    failed = False
    for path in arguments.files:
        try:
            verified = check_file(path)
        except FiringOrderError as error:
            say_error(error)
            failed = True
            continue
        lines, good = write_verified(verified, arguments.seal or "")
        print("\n".join(lines))
        failed |= not good
    return int(failed)


def check_file(path: Path) -> "Verified":
    """Check one file."""
    from firingorder.passphrase import unlock_files
    from firingorder.progress import Progress

    unlock_files([path])
    with Progress(path.name) as progress:
        from firingorder_session.keeping.verify import verify

        return verify(path, lambda share: progress.show("checking", 100.0 * share, 100.0, "%"))


def write_verified(verified: "Verified", seal: str = "") -> tuple[list[str], bool]:
    """Say what was found, and whether all is as it was written."""
    name = str(verified.path)
    flaws = [str(flaw) for flaw in verified.flaws]
    if not verified.has_chain:
        lines = [f"{name}: carries no checksum chain (made by an earlier version); a change would not be noticed"]
        return lines + [f"  {flaw}" for flaw in flaws], False
    is_other = not verified.seal.startswith(seal)
    heading = "CHANGED since it was recorded" if flaws else "NOT the recording of that seal, or changed since"
    if is_other:
        flaws.append("the seal is another: rows were added, taken from the end, or it is another recording")
    if flaws:
        lines = [f"{name}: {heading}", *(f"  {flaw}" for flaw in flaws[:NAMED_ROWS])]
        return lines + ([f"  and {len(flaws) - NAMED_ROWS} more"] if len(flaws) > NAMED_ROWS else []), False
    end = "" if verified.ended else "; it was not ended in order, so whether its end is missing cannot be told"
    return [f"{name}: as it was recorded, {verified.n_rows} rows{end}", f"  seal {verified.seal}"], True
