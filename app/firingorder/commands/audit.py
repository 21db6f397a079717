"""`firingorder audit`: what was exported and deleted, when, and by which login."""

import argparse
import json
from pathlib import Path

EPILOG = """\
examples:
  firingorder audit                              every export and deletion, oldest first
  firingorder audit --json                       the same, one JSON object a line

The trail is only appended to, and each line is bound to the one before: what was changed or taken out is said, and the
exit code is then 1. It lies beside the history; FIRINGORDER_AUDIT names another file.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--file", type=Path, metavar="FILE", help="another trail")
    parser.add_argument("--json", action="store_true", help="one JSON object a line on stdout, nothing else there")


def run(arguments: argparse.Namespace) -> int:
    """Print the trail."""
    from firingorder.cli import say_error
    from firingorder_session.keeping.audit import AuditUnsound, audit_path, read_trail

    path = arguments.file or audit_path()
    trail = read_trail(path)
    for line in trail.lines:
        if arguments.json:
            print(json.dumps(line, ensure_ascii=False))
            continue
        who, details = line["who"] or "unknown login", ", ".join(line["details"])
        print(f"{line['at']}  {who}  {line['action']}  {line['code']}  {details}".rstrip())
    if not trail.lines and not arguments.json:
        print(f"nothing was exported or deleted yet ({path})")
    for flaw in trail.flaws:
        say_error(AuditUnsound(f"{path}: {flaw}"))
    return int(bool(trail.flaws))
