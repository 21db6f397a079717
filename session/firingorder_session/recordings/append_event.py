"""Add an event behind the end of a finished recording; nothing that is in it is touched.

It refuses a recording that is still being made, whose recorder counts the entries by itself, and says in one line where
a file cannot be written.
"""

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from ..errors import ToldError, UnreadableFile
from ..keeping.chain import ChainWriter
from ..keeping.encrypted_magic import is_encrypted
from ..messages import Message, MessageCode
from .head import Json
from .recording_file import NEXT_SEQ, RecordingReader, mend
from .recording_writer import EventRow, explain

#: How long another program may keep the file busy, seconds.
BUSY_S = 0.5


class EventRefused(ToldError):
    """An event cannot be added to a recording; nothing was changed.

    Attributes
    ----------
    path
        The recording.
    """

    def __init__(self, path: Path, code: MessageCode, why: Message | None = None) -> None:
        super().__init__(Message(code, {"name": path.name, **({"why": why} if why else {})}))
        self.path = path


def check_appendable(path: Path) -> None:
    """Raise EventRefused where no event could be added."""
    if is_encrypted(path):
        raise EventRefused(path, MessageCode.LOCKED)
    if not os.access(path, os.W_OK) or not os.access(path.absolute().parent, os.W_OK):
        raise EventRefused(path, MessageCode.NOT_WRITABLE)
    log = path.with_name(path.name + "-wal")
    if log.exists():
        mend(path)
    if log.exists():
        raise EventRefused(path, MessageCode.IN_USE)


def append_event(path: Path, kind: str, data: Mapping[str, Json]) -> EventRow:
    """Write one event behind the last entry, on the disk when this returns.

    Its host time is that of the last frame, since the clock that stamped the recording is gone; when it was made is for
    its data to say.

    Raises
    ------
    EventRefused
        The file cannot be written, is being recorded, or is no recording any more.
    """
    check_appendable(path)
    try:
        with RecordingReader(path) as reader:
            span_ns = reader.span_ns()
            t_host_ns = span_ns[1] if span_ns else reader.head.origin_ns
    except UnreadableFile as error:
        raise EventRefused(path, MessageCode.GONE) from error
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            connection.execute("BEGIN IMMEDIATE")
            chain = ChainWriter(connection)
            (seq,) = connection.execute(f"SELECT {NEXT_SEQ}").fetchone()
            row = EventRow(int(seq), None, t_host_ns, kind, dict(data))
            values = (*row[:4], json.dumps(row.data, ensure_ascii=False))
            connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", values)
            chain.add_event(values)
            chain.write()
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise EventRefused(path, MessageCode.NOT_ADDED, explain(error)) from error
    return row
