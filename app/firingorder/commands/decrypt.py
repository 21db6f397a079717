"""`firingorder decrypt`: unlock files for good."""

import argparse
from pathlib import Path

EPILOG = """\
examples:
  firingorder decrypt visit.fo.enc                makes visit.fo, then removes visit.fo.enc
  firingorder decrypt visit.fo.enc --out plain.fo --keep

To look at an encrypted recording it need not be decrypted: analyze, review, replay and verify ask for the passphrase.
Each decryption is a line in the audit trail (firingorder audit).
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a file made by firingorder encrypt")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to (default: the name without .enc)")
    parser.add_argument("--keep", action="store_true", help="leave the encrypted file")


def run(arguments: argparse.Namespace) -> int:
    """Decrypt one file."""
    from firingorder.passphrase import find_passphrase
    from firingorder_session.keeping.audit import write_audit
    from firingorder_session.keeping.encrypted_magic import SUFFIX, is_encrypted
    from firingorder_session.keeping.encryption import EncryptedFileRefused, decrypt_file
    from firingorder_session.recordings.usable import read_beginning

    path: Path = arguments.file
    read_beginning(path)
    if not is_encrypted(path):
        raise EncryptedFileRefused(path, "is not encrypted by FiringOrder")
    out: Path = arguments.out or path.with_name(path.name.removesuffix(SUFFIX))
    if out == path:
        raise EncryptedFileRefused(path, f"does not end in {SUFFIX}; name the plain file with --out")
    if out.exists():
        raise EncryptedFileRefused(out, "exists and is never overwritten; choose another name with --out")
    passphrase = find_passphrase(path)
    write_audit("decrypt", path.name, [f"to {out.name}"])
    decrypt_file(path, out, passphrase, keep=arguments.keep)
    print(f"{out}: decrypted; {path.name} {'stays' if arguments.keep else 'is removed'}")
    return 0
