"""What is done already: a line of JSON a recording, flushed as it comes, so that a killed run goes on where it was.

A line counts for the file it was made from (its size and time of change) and for the options and version it was judged
with, unless what it tells may have been no fault of the file. The last line may be cut off by a crash, and is then
judged again.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from ..exports.contract import refuse_writing
from ..written_whole import written_whole
from .judge_one import AGAIN

#: How a journal is called beside its tables.
SUFFIX = ".journal"


def stamp(path: Path) -> str:
    """Return what changes with a file: its size and its time of change; of one that cannot be looked at, that."""
    try:
        facts = path.stat()
    except OSError as error:
        return f"none-{error.errno}"
    return f"{facts.st_size}-{facts.st_mtime_ns}"


#: How a line begins.
_BEGIN = b'{"file": '


class Journal:
    """A journal of judged recordings; use as a context.

    Parameters
    ----------
    path
        The file; made where there is none.
    key
        `CohortOptions.key`: lines of another one do not count.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path, self._key = path, key
        self.done: dict[tuple[str, str], dict[str, Any]] = {}
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        """Read what is there, and open it for more."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = bytearray()
        if self.path.exists():
            for line in self.path.read_bytes().splitlines(keepends=True):
                entry = _parse(line)
                if entry is not None:
                    whole += line
                    if entry["key"] == self._key and AGAIN not in entry["outcome"]:
                        self.done[entry["file"], entry["stamp"]] = entry["outcome"]
            if len(whole) != self.path.stat().st_size:  # a crash cut off the last line
                with written_whole(self.path, on_disk=True) as draft:  # hours of judging are in it
                    draft.write_bytes(whole)
        self._file = self.path.open("a", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        if self._file is not None:
            with suppress(OSError):  # on a full disk it would write what has failed once more; `add` has said so
                self._file.close()

    def add(self, file: str, file_stamp: str, outcome: Mapping[str, Any]) -> None:
        """Note what came of a file; raise ExportRefused where that cannot be kept."""
        entry = {"file": file, "stamp": file_stamp, "key": self._key, "outcome": outcome}
        if self._file is None:
            raise RuntimeError("the journal is not open; use it as a context")
        # In ASCII: a file's name may hold bytes that are no text, which JSON can write and UTF-8 cannot.
        try:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise refuse_writing(self.path, error) from error
        self.done[file, file_stamp] = dict(outcome)


def may_be_journal(path: Path) -> bool:
    """Tell whether a file may be taken for a journal: it is one, or its first line was cut off, or it is not there."""
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGIN)) == _BEGIN[: path.stat().st_size]
    except OSError:  # none there, or none that could be written: told by whoever tries to
        return True


def is_journal(path: Path) -> bool:
    """Tell whether a file is a cohort's journal, by its first line."""
    try:
        with path.open("rb") as file:
            return _parse(file.readline()) is not None
    except OSError:
        return False


def _parse(line: bytes) -> dict[str, Any] | None:
    """Return an entry; None where the line is cut off or none of ours."""
    try:
        entry = json.loads(line)
        return entry if line.endswith(b"\n") and {"file", "stamp", "key", "outcome"} <= entry.keys() else None
    except (ValueError, AttributeError):
        return None
