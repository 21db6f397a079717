"""Whether a file can be used: one function, so that a file has the same words in every command.

Each refusal says what came, what was expected and what to do. A number of the operating system is none of that, and
neither is what SQLite says to programmers.
"""

import errno
import os
import stat
from pathlib import Path

from ..errors import UnreadableFile
from ..formats import biometrics_text, c3d_file, edf_file, opensignals_h5, xdf_file
from ..formats.contract import HEAD_BYTES, plain_head
from ..formats.number_table import DELIMITERS, shorten
from ..keeping.encrypted_magic import MAGIC as ENCRYPTED_MAGIC
from .schema import APPLICATION_ID
from .sqlite_pages import SQLITE_MAGIC, page_size, stated_pages

EXPECTED = (
    "a .fo recording, EDF, BDF, C3D, XDF, OpenSignals, "
    "or text with a header of column names separated by comma, semicolon or tab"
)
#: What else people try, by its first bytes (file(1)'s magic): what it is, and what to do.
OTHER_KINDS = {
    b"\x1f\x8b": ("a file packed by gzip", "unpack it first (gunzip)"),
    b"PK\x03\x04": ("a ZIP archive or a workbook of Excel", "unpack it first, or save the sheet as CSV"),
    b"\xd0\xcf\x11\xe0": ("an old workbook of Excel", "save the sheet as CSV"),
    b"MATLAB 5": ("a MATLAB file", "write its channels as CSV, with a column of times"),
    b"PAR1": ("a Parquet table, which is written here and never read", "choose the recording it was made from"),
    b"%PDF": ("a PDF", "choose the recording it was made from"),
}
#: Formats in bytes that `analyze` reads, and nothing else does.
_OTHER_SYSTEMS = (c3d_file, edf_file, opensignals_h5, xdf_file)
#: Where SQLite keeps the application id (https://www.sqlite.org/fileformat.html, 1.3).
_APPLICATION = slice(68, 72)
_HEADER_BYTES = 100
_COMMENTS = ("#", "%")
_WHY_NOT = {
    errno.EACCES: "may not be read by this user; ask its owner, or copy it to a folder of yours",
    errno.EPERM: "may not be read by this user; ask its owner, or copy it to a folder of yours",
    errno.ENOENT: f"there is no such file; expected {EXPECTED}; check its name and folder",
    errno.ENOTDIR: f"there is no such file; expected {EXPECTED}; check its name and folder",
    errno.ENAMETOOLONG: f"there is no such file; expected {EXPECTED}; check its name and folder",
    errno.ELOOP: f"there is no such file, only links in a ring; expected {EXPECTED}; check its name and folder",
    errno.EIO: "cannot be read from its disk; copy it from another, or try again",
    errno.EMFILE: "cannot be opened beside so many open files; close some programs, or try again",
    errno.ENOMEM: "does not fit into the memory; close some programs, or try again",
}


def read_beginning(path: Path) -> bytes:
    """Return the first bytes of a file.

    Raises
    ------
    UnreadableFile
        There is none, or nothing in it, or it may not be read, or is no file at all.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.scandir(path).close()  # a folder that may not be looked into is told as that
            raise UnreadableFile(path, f"is a folder; expected {EXPECTED}; name a file in it")
        if not stat.S_ISREG(mode):
            raise UnreadableFile(path, f"is a pipe or a device; expected {EXPECTED}; save it as a file first")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise refuse_for(path, error) from error
    if not head.strip():
        raise UnreadableFile(path, f"is empty; expected {EXPECTED}; copy it anew")
    return head


def refuse_for(path: Path, error: OSError) -> UnreadableFile:
    """Say why the operating system does not let a file be read."""
    other = f"cannot be read ({(error.strerror or str(error)).lower()}); copy it to another folder, or try again"
    return UnreadableFile(path, _WHY_NOT.get(error.errno or 0, other))


def require_recording(path: Path) -> None:
    """Raise UnreadableFile unless a file begins as a recording does; a table is told where it can be read."""
    head = read_beginning(path)
    if head.startswith((SQLITE_MAGIC, ENCRYPTED_MAGIC)):
        return
    if is_table(path, head):
        text = "is a table of samples in text; expected a .fo recording, which holds a sensor's own bytes"
        raise UnreadableFile(path, f"{text}; for a table there is: firingorder analyze {path}")
    other = next((each.FORMAT for each in _OTHER_SYSTEMS if each.matches(head)), None)
    if other is not None and path.suffix != ".fo":
        text = f"is a file of another system ({other}); expected a .fo recording, which holds a sensor's own bytes"
        raise UnreadableFile(path, f"{text}; for this one there is: firingorder analyze {path}")
    raise refuse_kind(path, head)


def is_table(path: Path, head: bytes) -> bool:
    """Tell whether a file may be samples in text: its first line names columns. What is named `.fo` never is."""
    if path.suffix == ".fo" or not _is_text(head):
        return False
    if biometrics_text.matches(plain_head(head)):
        return True
    lines = [line for line in _text_of(head).splitlines() if line.strip()]
    header = next((line for line in lines if not line.startswith(_COMMENTS)), None)
    if header is None:  # it is further down
        return bool(lines)
    return any(mark in header for mark in DELIMITERS)


def refuse_kind(path: Path, head: bytes) -> UnreadableFile:
    """Say that a file is of no kind that is known here, and what it is instead."""
    if _is_text(head):
        lines = _text_of(head).strip().splitlines()
        came = f"text that begins with {shorten(lines[0].strip())!r}" if lines else "white space"
    else:
        came = f"binary data that begins with {head[:8].hex(' ')}"
    remedy = "choose another file"
    known = next((each for magic, each in OTHER_KINDS.items() if head.startswith(magic)), None)
    if known is not None:
        came, remedy = known
    if path.suffix == ".fo":
        remedy += f", or, if it was a recording, save what can be read: firingorder recover {path}"
    return UnreadableFile(path, f"is no recording but {came}; expected {EXPECTED}; {remedy}")


def refuse_foreign(path: Path) -> UnreadableFile:
    """Say that an SQLite database is not ours, where it has come to the place that says so."""
    if path.stat().st_size < _HEADER_BYTES:
        return refuse_damaged(path)
    text = "is no recording but an SQLite database of another program"
    return UnreadableFile(path, f"{text}; expected {EXPECTED}; choose another file")


def refuse_damaged(path: Path, error: Exception | None = None) -> UnreadableFile:
    """Say that a recording cannot be read as a whole, and what saves the rest.

    Parameters
    ----------
    error
        What SQLite said, or what was wrong with a row.
    """
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return UnreadableFile(path, "is being written by another program; close that first, then try again")
    if name.startswith("SQLITE_IOERR"):
        return UnreadableFile(path, _WHY_NOT[errno.EIO])
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY")):
        return UnreadableFile(path, _WHY_NOT[errno.EACCES])
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        n_bytes = path.stat().st_size
    except OSError as unreadable:
        return refuse_for(path, unreadable)
    ours = head[_APPLICATION] == APPLICATION_ID.to_bytes(4)
    what = "is a damaged recording" if ours else "is a damaged SQLite database"
    stated = page_size(head) * stated_pages(head)
    why = f"only {max(n_bytes * 100 // stated, 1)} % of it is there" if n_bytes < stated else "its parts disagree"
    if n_bytes < _HEADER_BYTES:
        why = "only its first bytes are there"
    remedy = f"copy it anew, or save what can be read: firingorder recover {path}"
    return UnreadableFile(path, f"{what}: {why}; expected {EXPECTED}; {remedy}")


def _is_text(head: bytes) -> bool:
    """Tell whether bytes may be text."""
    return head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" not in head


def _text_of(head: bytes) -> str:
    """Decode the beginning of a text."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")
