"""`firingorder names`: which code is who, in an encrypted file of its own."""

import argparse
from pathlib import Path

EPILOG = """\
examples:
  firingorder names new "Ada Example"            draws a code for a new person and prints it
  firingorder names set K7Q2M0XA "Ada Example"   a name for a code there is
  firingorder names list                         all codes with their names
  firingorder names remove K7Q2M0XA              forgets the name; what was measured keeps its code

The key file is the only place where a name is kept. History, recordings, reports and exports hold codes alone. Keep a
copy of it, and its passphrase, apart from the recordings.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--file", type=Path, metavar="FILE", help="the key file (default: FIRINGORDER_NAMES, else yours)"
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="print all codes with their names")
    new = actions.add_parser("new", help="draw a code for a new person")
    new.add_argument("name")
    change = actions.add_parser("set", help="name a code")
    change.add_argument("code")
    change.add_argument("name")
    remove = actions.add_parser("remove", help="forget a code's name")
    remove.add_argument("code")


def run(arguments: argparse.Namespace) -> int:
    """Open the key file, and do what is asked."""
    from firingorder.passphrase import find_passphrase
    from firingorder_session.history import codes
    from firingorder_session.keeping.audit import write_audit
    from firingorder_session.keeping.encryption import EncryptedFileRefused
    from firingorder_session.keeping.key_file import KeyFile, names_path

    path: Path = arguments.file or names_path()
    if not path.exists() and arguments.action in ("list", "remove"):
        raise EncryptedFileRefused(path, "there is no key file yet; firingorder names new NAME begins one")
    keys = KeyFile.open(path, find_passphrase(path, new=not path.exists()))
    if arguments.action == "list":
        for known, name in sorted(keys.names.items()):
            print(f"{known}  {name}")
        return 0
    code = codes.draw_code() if arguments.action == "new" else str(arguments.code).strip().upper()
    if arguments.action == "remove":
        if keys.names.pop(code, None) is None:
            raise EncryptedFileRefused(path, f"names no {code}")
        write_audit("delete name", code)
    else:
        if any(letter.isspace() for letter in code):
            raise EncryptedFileRefused(path, f"{code!r} is no code; the code comes first, then the name")
        while arguments.action == "new" and code in keys.names:
            code = codes.draw_code()
        keys.names[code] = arguments.name
    keys.save()
    print(code)
    return 0
