"""The audit trail: one line for every export and every deletion, each bound to the line before by its SHA-256.

It lies beside the history as `audit.jsonl` (elsewhere by `FIRINGORDER_AUDIT`), is only ever appended to, and says when,
what, on which file or code, and which login of the computer did it: a clinic must be able to tell who handed data out,
and the computer knows no better name. It holds codes and file names, never a person's name and nothing measured.
Like the chain of a recording it shows what was changed or taken out of the middle, and is no signature.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from getpass import getuser
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, TypedDict

from ..errors import SessionError, ToldError
from ..messages import Message, MessageCode

#: Where it lies instead.
VARIABLE = "FIRINGORDER_AUDIT"
#: What the first line is bound to.
GENESIS = sha256(b"FiringOrder audit trail 1").hexdigest()
_LAST_BYTES = 64 * 1024


class AuditRefused(ToldError):
    """A line cannot be kept; what it was about must then not be done."""


class AuditUnsound(SessionError):
    """The trail cannot be read, or is not as it was written."""


class AuditLine(TypedDict):
    """One line. `before` is the digest of the line before, `digest` that of this one without it."""

    at: str
    action: str
    code: str
    who: str
    details: list[str]
    before: str
    digest: str


@dataclass(frozen=True)
class Trail:
    """All lines of a trail, and what is wrong with it, one sentence each."""

    lines: tuple[AuditLine, ...]
    flaws: tuple[str, ...]


def audit_path() -> Path:
    """Say where the trail lies."""
    from platformdirs import user_data_path

    stated = os.environ.get(VARIABLE)
    return Path(stated) if stated else user_data_path("firingorder", appauthor=False) / "audit.jsonl"


def write_audit(action: str, code: str = "", details: Sequence[str] = (), *, path: Path | None = None) -> None:
    """Append one line; it is on the disk when this returns. Two programs at once wait for each other.

    Parameters
    ----------
    action
        What was done: `export`, `anonymise`, `report`, `delete`, `decrypt` and so on.
    code
        Of whom it is about, else the name of the file.
    details
        Each thing it concerned, such as the files.

    Raises
    ------
    AuditRefused
        It cannot be written.
    """
    path = path or audit_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600), "r+b") as file:
            _wait_for(file)
            _append(file, action, code, list(details))
    except OSError as error:
        facts = {"path": str(path), "system": (error.strerror or str(error)).lower(), "variable": VARIABLE}
        raise AuditRefused(Message(MessageCode.NO_AUDIT_LINE, facts)) from error


def read_trail(path: Path | None = None) -> Trail:
    """Read all lines and check them; none where nothing was ever exported or deleted."""
    path = path or audit_path()
    try:
        texts = path.read_bytes().splitlines()
    except FileNotFoundError:
        return Trail((), ())
    except OSError as error:
        raise AuditUnsound(f"{path} cannot be read ({(error.strerror or str(error)).lower()})") from error
    lines: list[AuditLine] = []
    flaws: list[str] = []
    before = GENESIS
    for number, text in enumerate(texts, 1):
        try:
            line: AuditLine = json.loads(text)
            if line["digest"] != _digest_of(line):
                flaws.append(f"line {number} ({line['at']}) was changed")
            elif line["before"] != before:
                flaws.append(f"before line {number} ({line['at']}) something was taken out, put in or exchanged")
            before = line["digest"]
        except (ValueError, TypeError, KeyError):
            flaws.append(f"line {number} cannot be read")
            continue
        lines.append(line)
    return Trail(tuple(lines), tuple(flaws))


def _append(file: BinaryIO, action: str, code: str, details: list[str]) -> None:
    """Write a line behind the last one; what a crash left of a line is ended first."""
    is_whole, before = _read_end(file)
    line: AuditLine = {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "action": action,
        "code": code,
        "who": login(),
        "details": details,
        "before": before,
        "digest": "",
    }
    line["digest"] = _digest_of(line)
    file.write((b"" if is_whole else b"\n") + _encode(line) + b"\n")
    file.flush()
    os.fsync(file.fileno())


def _read_end(file: BinaryIO) -> tuple[bool, str]:
    """Tell whether the last line was ended, and return the digest of the last one that can be read."""
    size, n_bytes = file.seek(0, os.SEEK_END), _LAST_BYTES
    while True:
        file.seek(max(size - n_bytes, 0))
        end = file.read()
        for text in reversed(end.splitlines()):
            with suppress(ValueError, TypeError, KeyError):
                return end.endswith(b"\n"), str(json.loads(text)["digest"])
        if n_bytes >= size:
            return not end or end.endswith(b"\n"), GENESIS
        n_bytes *= 4  # a line may be long: deleting a subject names every file


def _encode(line: AuditLine) -> bytes:
    """Write a line as people read it; where a file's name is no text, its odd bytes as JSON escapes."""
    try:
        return json.dumps(line, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(line).encode()


def _digest_of(line: AuditLine) -> str:
    """Return the digest of a line, its own left out."""
    facts = {key: value for key, value in line.items() if key != "digest"}
    return sha256(json.dumps(facts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _wait_for(file: BinaryIO) -> None:
    """Hold the file until it is closed; where the system has no such locks, lines of two programs may cross."""
    with suppress(ImportError):
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX)


def login() -> str:
    """Return the login name of who runs this; empty where the system knows none."""
    try:
        return getuser()
    except (KeyError, OSError, ImportError):
        return ""
