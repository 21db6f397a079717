"""`firingorder encrypt`: lock files with a passphrase."""

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firingorder.progress import Progress

EPILOG = """\
examples:
  firingorder encrypt visit.fo                    makes visit.fo.enc, checks it, then removes visit.fo
  firingorder encrypt *.fo --keep                 and keeps the plain files
  firingorder analyze visit.fo.enc                asks for the passphrase; what is decrypted stays in memory
  FIRINGORDER_PASSPHRASE_FD=3 firingorder encrypt visit.fo 3< secret.txt      without a terminal

The passphrase is asked twice and not shown. If it is forgotten, nobody can open the file again. Any file can be
encrypted. The plain file's bytes may stay on the disk until something is written there; see docs/privacy.md.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--keep", action="store_true", help="leave the plain file")


def run(arguments: argparse.Namespace) -> int:
    """Encrypt each file."""
    from firingorder.passphrase import find_passphrase
    from firingorder.progress import Progress
    from firingorder_session.keeping.encrypted_magic import SUFFIX, is_encrypted
    from firingorder_session.keeping.encryption import EncryptedFileRefused, encrypt_file
    from firingorder_session.recordings.recording_file import mend
    from firingorder_session.recordings.usable import read_beginning

    for path in arguments.files:
        read_beginning(path)
        if is_encrypted(path):
            raise EncryptedFileRefused(path, "is encrypted already")
    passphrase = find_passphrase(arguments.files[0], new=True)
    for path in arguments.files:
        log = path.with_name(path.name + "-wal")
        if log.exists():
            mend(path)
        if log.exists():
            raise EncryptedFileRefused(path, "is still being recorded or read by another program; end that first")
        out = path.with_name(path.name + SUFFIX)
        with Progress(path.name) as progress:
            report = partial(show_share, progress)
            encrypt_file(path, out, passphrase, keep=arguments.keep, report_progress=report)
        print(f"{out}: encrypted and checked; {path.name} {'stays' if arguments.keep else 'is removed'}")
    return 0


def show_share(progress: "Progress", share: float) -> None:
    """Show how much of a file is encrypted and checked."""
    progress.show("encrypting", 100.0 * share, 100.0, "%")
