"""Read a recording: its head, and its frames and events in exactly the order in which they happened.

A recording that ended in a crash opens at once: SQLite brings back what was committed. The file is mended on the way
(its log folded in) where that is allowed, and read from a copy where it is not. Nothing here decodes a frame.
"""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np

from firingorder_bridge.buffer import FrameBatch
from firingorder_signal.blocks import Site, StreamInfo, StreamKind, SyncClass

from ..errors import UnreadableFile
from ..keeping.unlocked import plain_bytes
from .head import Json, RecordingHead
from .recording_writer import EventRow, FrameRow
from .schema import APPLICATION_ID, USER_VERSION
from .sqlite_pages import SQLITE_MAGIC
from .usable import refuse_damaged, refuse_for, refuse_foreign, require_recording

#: The first `seq` that is not in use: frames and events share the counter.
NEXT_SEQ = "max(coalesce((SELECT max(seq) FROM frames), -1), coalesce((SELECT max(seq) FROM events), -1)) + 1"
#: Frames handed over at once: some 10 s of two sensors; larger lists are slower to make (measured 1,024 to 4,096).
BATCH_FRAMES = 2048


class LinkRow(NamedTuple):
    """One link as recorded."""

    link: int
    name: str
    speech: str


#: What SQLite raises; where its words quote a damaged text, Python cannot read them.
SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
#: What reading rows raises where they are damaged.
DAMAGE = (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError)


class RowReader:
    """An open recording whose rows may be anything. Use it in a `with`, or close it.

    Parameters
    ----------
    path
        A `.fo` file.

    Raises
    ------
    UnreadableFile
        It is missing, no recording, damaged as a whole, or made by a later version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        require_recording(path)
        try:
            self._connection = self._open()
            self._begin()
        except OSError as error:
            self.close()
            raise refuse_for(path, error) from error
        except SQLITE_ERRORS as error:
            self.close()
            raise refuse_damaged(path, error) from error
        except UnreadableFile:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Give the open recording."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        connection: sqlite3.Connection | None = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The database, read-only, for what reads rows in its own way."""
        return self._connection

    def contents(self) -> memoryview:
        """Return the database's bytes, all of them."""
        plain = plain_bytes(self.path)
        return memoryview(self.path.read_bytes() if plain is None else plain)

    def n_entries(self) -> int:
        """Return the first `seq` that is not in use."""
        return int(self._query(f"SELECT {NEXT_SEQ}")[0][0])

    def integrity(self) -> list[str]:
        """Return what SQLite says of its trees: `ok`, or a line for each thing wrong."""
        try:
            return [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check").fetchall()]
        except SQLITE_ERRORS as error:
            return [str(error)]

    def _begin(self) -> None:
        """Check that this is a recording that this version reads."""
        application = self._query("PRAGMA application_id")[0][0]
        user_version = self._query("PRAGMA user_version")[0][0]
        if application != APPLICATION_ID:
            raise refuse_foreign(self.path)
        if user_version > USER_VERSION:
            text = f"was made by a later version (layout {user_version}; this one reads up to {USER_VERSION})"
            raise UnreadableFile(self.path, f"{text}; update FiringOrder")

    def _query(self, sql: str, values: tuple[int | str, ...] = ()) -> list[tuple[Any, ...]]:
        """Run a query whose answer is short."""
        with self._telling_damage():
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def _telling_damage(self) -> Generator[None]:
        """Say of whatever is wrong with rows that the file is damaged."""
        try:
            yield
        except DAMAGE as error:
            raise refuse_damaged(self.path, error) from error

    def _open(self) -> sqlite3.Connection:
        """Open read-only: encrypted in memory; a log left by a crash is folded in first, or read with a copy."""
        if (plain := plain_bytes(self.path)) is not None:
            return _connect_to(plain, self.path)
        log = self.path.with_name(self.path.name + "-wal")
        if log.exists():
            mend(self.path)
        try:
            return _connect(self.path, "mode=ro")
        except sqlite3.OperationalError:
            # A WAL database in a folder that may not be written: without a log it is complete as it is.
            if not log.exists():
                return _connect(self.path, "mode=ro&immutable=1")
            self._copy = tempfile.TemporaryDirectory(prefix="firingorder-")
            for name in (self.path, log):
                shutil.copyfile(name, Path(self._copy.name) / name.name)
            return _connect(Path(self._copy.name) / self.path.name, "mode=rw")


class RecordingReader(RowReader):
    """An open recording with its head; raise as `RowReader` does, and where the head is damaged."""

    head: RecordingHead

    def links(self) -> tuple[LinkRow, ...]:
        """Return the links in the order they were named."""
        return tuple(LinkRow(*row) for row in self._query("SELECT link, name, framing FROM links ORDER BY link"))

    def streams(self) -> tuple[tuple[int, StreamInfo], ...]:
        """Return the last descriptor of each stream with its link, in the order they first came."""
        # A file of before there were products has its streams told by its frames instead.
        if "product" not in {row[1] for row in self._query("PRAGMA table_info(streams)")}:
            return ()
        columns = (
            "link, stream_id, kind, sites, labels, rate_num, rate_den, latency_s, clock_id, sync, range_uv, product"
        )
        rows = self._query(f"SELECT {columns} FROM streams ORDER BY seq")
        with self._telling_damage():
            last = {str(row[1]): (int(row[0]), _read_stream(row)) for row in rows}
        return tuple(last.values())

    def events(self) -> list[EventRow]:
        """Return all events in order."""
        rows = self._query("SELECT seq, link, t_host_ns, kind, data FROM events ORDER BY seq")
        with self._telling_damage():
            return [EventRow(seq, link, t_ns, kind, json.loads(data)) for seq, link, t_ns, kind, data in rows]

    def frames(self, after: int = -1, before: int = 2**62) -> Iterator[list[FrameRow]]:
        """Yield the frames with `after` < seq < `before`, in order, at most `BATCH_FRAMES` at a time."""
        sql = "SELECT seq, link, t_host_ns, damaged, data FROM frames WHERE seq > ? AND seq < ? ORDER BY seq"
        with self._telling_damage():
            cursor = self._connection.execute(sql, (after, before))
        while True:
            with self._telling_damage():
                rows = cursor.fetchmany(BATCH_FRAMES)
            if not rows:
                return
            yield list(map(FrameRow._make, rows))

    def log(self) -> Iterator[list[FrameRow] | EventRow]:
        """Yield frames (in batches) and events in the order in which they happened."""
        after = -1
        for event in self.events():
            yield from self.frames(after, event.seq)
            yield event
            after = event.seq
        yield from self.frames(after)

    def batches(self, start: int, stop: int) -> dict[int, FrameBatch]:
        """Return each link's frames with `start` <= seq < `stop`, as the bridge takes them, by its number."""
        sql = "SELECT t_host_ns, data, damaged, link FROM frames WHERE seq >= ? AND seq < ? ORDER BY seq"
        rows = self._query(sql, (start, stop))
        with self._telling_damage():
            return {link: _as_batch([row for row in rows if row[3] == link]) for link in {row[3] for row in rows}}

    def n_frames(self) -> int:
        """Count the frames."""
        return int(self._query("SELECT count(*) FROM frames")[0][0])

    def is_sound(self) -> bool:
        """Whether all of the database fits together."""
        return self._query("PRAGMA quick_check(1)") == [("ok",)]

    def span_ns(self) -> tuple[int, int] | None:
        """Return the host times of the first and the last frame; None without frames."""
        sql = "SELECT t_host_ns FROM frames WHERE seq = (SELECT {}(seq) FROM frames)"
        first, last = self._query(sql.format("min")), self._query(sql.format("max"))
        return (int(first[0][0]), int(last[0][0])) if first else None

    def fact(self, key: str) -> Json:
        """Return one fact of the head, None where it is not in there."""
        rows = self._query("SELECT value FROM head WHERE key = ?", (key,))
        with self._telling_damage():
            return json.loads(rows[0][0]) if rows else None

    def _begin(self) -> None:
        """Check that this version reads it, and read its head."""
        super()._begin()
        with self._telling_damage():
            self.head = RecordingHead.from_rows(dict(self._query("SELECT key, value FROM head")))


def _as_batch(rows: list[tuple[Any, ...]]) -> FrameBatch:
    """Turn rows that begin with time, bytes and damage into columns."""
    t_host_ns = np.array([row[0] for row in rows], dtype=np.int64)
    return FrameBatch(t_host_ns, [row[1] for row in rows], np.array([row[2] for row in rows], dtype=np.bool_))


def mend(path: Path) -> None:
    """Fold a log that a crash left behind into the file; leave it where somebody is recording or nobody may write."""
    with suppress(*SQLITE_ERRORS):
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=0)
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        finally:
            connection.close()


def _connect(path: Path, how: str) -> sqlite3.Connection:
    """Open and read one page, so that trouble shows here."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, check_same_thread=False)
    try:
        connection.execute("PRAGMA schema_version").fetchall()
    except SQLITE_ERRORS:
        connection.close()
        raise
    return connection


def _connect_to(plain: bytes, path: Path) -> sqlite3.Connection:
    """Open a database that is in memory alone."""
    if not plain.startswith(SQLITE_MAGIC):
        raise UnreadableFile(path, "is encrypted, and holds no recording; decrypt it to see what it is")
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    # What says that a log may lie beside it (bytes 18 and 19) would have SQLite look for one.
    connection.deserialize(plain[:18] + b"\1\1" + plain[20:])
    connection.execute("PRAGMA query_only = ON").fetchall()
    return connection


def _read_stream(row: tuple[Any, ...]) -> StreamInfo:
    """Read one row of `streams`."""
    _, stream_id, kind, sites, labels, num, den, latency_s, clock_id, sync, range_uv, product = row
    return StreamInfo(
        stream_id=stream_id,
        kind=StreamKind(kind),
        sites=tuple(Site.parse(text) for text in json.loads(sites)),
        rate_hz=Fraction(num, den),
        latency_s=latency_s,
        clock_id=clock_id,
        sync=SyncClass(sync),
        labels=tuple(json.loads(labels)),
        range_uv=range_uv,
        product=product,
    )
