"""Write a recording: one SQLite database that survives `kill -9`, a full disk and a power cut.

While it records, the database is in WAL mode: a commit is one append and one sync. A clean close folds everything into
the one file and leaves nothing beside it. What cannot be written is found out in `create`, before a test starts.
Source for the guarantees: https://www.sqlite.org/wal.html and https://www.sqlite.org/pragma.html#pragma_synchronous.
"""

import errno
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from firingorder_signal.blocks import StreamInfo

from ..errors import RecordingRefused
from ..keeping.chain import RUN_ROWS, ChainWriter
from ..messages import Message, MessageCode
from .head import ENDED, Json, RecordingHead
from .schema import APPLICATION_ID, TABLES, USER_VERSION

#: Ten minutes of the busiest radio link, 54 kB/s (8 channels at 2 kHz in 24 bits).
MIN_FREE_BYTES = 32 * 1024 * 1024
#: Fold the log into the file every 1 MiB, so that a file copied without its log misses little.
CHECKPOINT_PAGES = 256
#: Kept free for the moment the disk is full: closing cleanly then takes what the log holds (see above), with room.
BALLAST_BYTES = 4 * 1024 * 1024
#: How long a clean close waits for others to stop reading the file.
CLOSE_WAIT_MS = 500


class FrameRow(NamedTuple):
    """One frame as recorded."""

    seq: int
    link: int
    t_host_ns: int
    damaged: bool
    data: bytes


class EventRow(NamedTuple):
    """One event as recorded; `link` is None where it concerns the whole test."""

    seq: int
    link: int | None
    t_host_ns: int
    kind: str
    data: Mapping[str, Json]


class RecordingWriter:
    """Append frames and events to a new recording. Used by one thread at a time.

    Every method but `create` and `close` may raise `sqlite3.Error`; what was committed before stays safe.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, ballast: IO[bytes]) -> None:
        self.path = path
        self._connection = connection
        self._ballast = ballast
        self._chain = ChainWriter(connection)

    @classmethod
    def create(cls, path: Path, head: RecordingHead, *, min_free_bytes: int = MIN_FREE_BYTES) -> "RecordingWriter":
        """Make the file, write its head and make sure that there is room for a test.

        Raises
        ------
        RecordingRefused
            The folder is missing or read-only, the file exists, the disk is full.
        """
        claim_path(path, min_free_bytes)
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            _set_up(connection, head)
            return cls(path, connection, _reserve(path.parent))
        except (sqlite3.Error, OSError) as error:
            if connection is not None:
                connection.close()
            _remove(path)
            raise RecordingRefused(path, str(explain(error))) from error

    @classmethod
    def append(cls, path: Path, *, min_free_bytes: int = MIN_FREE_BYTES) -> "RecordingWriter":
        """Open a recording that was not ended in order, to write on behind what it holds; nothing in it is changed.

        Raises
        ------
        RecordingRefused
            It was ended in order, somebody is recording it, or it cannot be written.
        """
        connection: sqlite3.Connection | None = None
        try:
            require_room(path.parent, path, min_free_bytes)
            uri = f"{path.resolve().as_uri()}?mode=rw"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            # Folds the log of the crash in. Refused where somebody else has the file open: one writer, always.
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
            if connection.execute("SELECT 1 FROM head WHERE key = ?", (ENDED,)).fetchall():
                raise RecordingRefused(path, "it was ended in order; begin a new one")
            _log_ahead(connection)
            return cls(path, connection, _reserve(path.parent))
        except (sqlite3.Error, OSError, RecordingRefused) as error:
            if connection is not None:
                connection.close()
            if isinstance(error, RecordingRefused):
                raise
            busy = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            raise RecordingRefused(path, "another program has it open" if busy else str(explain(error))) from error

    def next_seq(self) -> int:
        """Return the first `seq` that is not in use."""
        sql = "SELECT max(coalesce((SELECT max(seq) FROM frames), -1), coalesce((SELECT max(seq) FROM events), -1)) + 1"
        return int(self._connection.execute(sql).fetchone()[0])

    def begin(self) -> None:
        """Open a transaction, unless one is open."""
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN")

    def write_frames(self, rows: Iterable[FrameRow]) -> None:
        """Append frames in the order of their `seq`."""
        coming = iter(rows)
        while part := list(islice(coming, RUN_ROWS)):
            self._connection.executemany("INSERT INTO frames VALUES (?, ?, ?, ?, ?)", part)
            self._chain.add_frames(part)

    def write_event(self, row: EventRow) -> None:
        """Append one event."""
        values = (*row[:4], json.dumps(row.data, ensure_ascii=False))
        self._connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?)", values)
        self._chain.add_event(values)

    def write_link(self, link: int, name: str, speech: str) -> None:
        """Name a link before its first frame."""
        self._connection.execute("INSERT INTO links VALUES (?, ?, ?)", (link, name, speech))
        self._chain.add_row("links", link, (link, name, speech))

    def write_stream(self, seq: int, link: int, stream: StreamInfo) -> None:
        """Note a descriptor as decoded."""
        values = (
            seq,
            link,
            stream.stream_id,
            stream.kind.value,
            json.dumps([str(site) for site in stream.sites]),
            json.dumps(stream.labels),
            stream.rate_hz.numerator,
            stream.rate_hz.denominator,
            float(stream.latency_s),  # the column is REAL, and the chain is over what is read back
            stream.clock_id,
            stream.sync.value,
            None if stream.range_uv is None else float(stream.range_uv),
            stream.product,
        )
        sql = "INSERT INTO streams VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        self._chain.add_row("streams", self._connection.execute(sql, values).lastrowid or 0, values)

    def write_head(self, key: str, value: Json) -> None:
        """Add or correct one fact of the head."""
        text = json.dumps(value, ensure_ascii=False)
        self._connection.execute("INSERT OR REPLACE INTO head VALUES (?, ?)", (key, text))
        self._chain.add_row("head", key, (key, text))

    def commit(self) -> None:
        """Make everything written so far safe: it is on the disk when this returns."""
        if self._connection.in_transaction:
            self._chain.write()
            self._connection.execute("COMMIT")

    def close(self) -> Message | None:
        """Close the file and return why it could not be folded into one, None when it could.

        What was not committed is dropped. Never raises: this is called when the disk is already full.
        """
        self._ballast.close()
        problem: Message | None = None
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            # Truncates and removes the log; the header then says that a read-only copy needs none.
            self._connection.execute(f"PRAGMA busy_timeout = {CLOSE_WAIT_MS}")
            self._connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            # Somebody is reading it: everything is safe in file and log, and the next reader folds them into one.
            busy = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            problem = None if busy else explain(error)
        with suppress(sqlite3.Error):
            self._connection.close()
        return problem


def claim_path(path: Path, min_free_bytes: int) -> None:
    """Create the empty file, so that nobody else can, or say in one line why that cannot be."""
    folder = path.parent
    if not folder.is_dir():
        raise RecordingRefused(path, f"there is no folder {folder}; make it or choose another")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except FileExistsError:
        raise RecordingRefused(path, "a file of that name exists and is never overwritten; choose another") from None
    except OSError as error:
        raise RecordingRefused(path, str(explain(error))) from error
    try:
        require_room(folder, path, min_free_bytes)
    except RecordingRefused:
        _remove(path)
        raise


def require_room(folder: Path, path: Path, min_free_bytes: int) -> None:
    """Raise RecordingRefused where a folder has no room for a test."""
    free = shutil.disk_usage(folder).free
    if free < min_free_bytes:
        text = f"only {free / 1e6:.1f} MB are free there and a test may need {min_free_bytes / 1e6:.0f} MB"
        raise RecordingRefused(path, f"{text}; make room or choose another folder")


def explain(error: sqlite3.Error | OSError) -> Message:
    """Say in plain words why a file could not be written."""
    if isinstance(error, OSError):
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return Message(MessageCode.FOLDER_READ_ONLY)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return Message(MessageCode.FOLDER_FULL)
        return Message(MessageCode.FOLDER_REFUSES, {"system": (error.strerror or str(error)).lower()})
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith("SQLITE_FULL"):
        return Message(MessageCode.DISK_FULL)
    if name.startswith("SQLITE_READONLY"):
        return Message(MessageCode.FILE_READ_ONLY)
    if name.startswith("SQLITE_IOERR"):
        return Message(MessageCode.DISK_REFUSES, {"system": name})
    return Message(MessageCode.DATABASE_REFUSES, {"system": f"{error} ({name})" if name else str(error)})


def _set_up(connection: sqlite3.Connection, head: RecordingHead) -> None:
    """Write tables and head, and sync them: the first real test of the disk."""
    _log_ahead(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION}")
    # One transaction: a file with tables has a head, whenever the process ends.
    connection.executescript(f"BEGIN; {TABLES}")
    connection.executemany("INSERT INTO head VALUES (?, ?)", head.as_rows())
    chain = ChainWriter(connection)
    chain.add_layout()
    for key, text in head.as_rows():
        chain.add_row("head", key, (key, text))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Write each commit into a log beside the file first, synced."""
    # Bytes of no row are zero, so that `verify` sees a change in them too. Costs nothing where nothing is deleted.
    connection.execute("PRAGMA secure_delete = ON").fetchall()
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL: a commit is on the disk, also after a power cut. NORMAL would lose up to one checkpoint then.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")


def _reserve(folder: Path) -> IO[bytes]:
    """Hold some room in a file without a name, which goes with this process however it ends."""
    ballast = tempfile.TemporaryFile(dir=folder)
    ballast.write(bytes(BALLAST_BYTES))
    ballast.flush()
    return ballast


def _remove(path: Path) -> None:
    """Take back a file that was only claimed."""
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)
