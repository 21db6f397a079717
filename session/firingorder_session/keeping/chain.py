"""The checksum chain of a recording: what was written is bound, as it is written, to all that was written before.

Each commit adds rows to the table `chain`, in the same transaction as what they are about, so that after a crash the
chain ends exactly where the recording does. A link of the chain is SHA-256 over the link before and over its rows;
beside it stands a short mark a row, by which a row that was changed is found without keeping a whole digest of each.

What it is not: a signature. It has no secret, so whoever writes a program for it can make a new chain for a changed
recording. Against that, keep the seal (the last digest) elsewhere: `firingorder verify --seal` compares.
"""

import json
import sqlite3
import struct
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

#: What the first link is bound to; a later way to compute links gets another.
GENESIS = sha256(b"FiringOrder recording, checksum chain 1").digest()
#: Bytes of a row's mark: a changed row goes unnamed once in 4 billion, and unnoticed never (the link sees it).
MARK_BYTES = 4
#: Rows in one link at most: what is left to name where marks are damaged too, and what `recover` holds at once.
RUN_ROWS = 1024
#: `about` of the links: a run of frames and events, the layout, or one row of one of the smaller tables.
ENTRIES, LAYOUT = "entries", "layout"
#: Smaller tables, each with the column that names a row to a reader.
NAMED = {"head": "key", "links": "link", "streams": "rowid"}

TABLE = """
CREATE TABLE chain (         -- checksums of all rows above, written with them: docs/privacy.md
    place INTEGER PRIMARY KEY,
    about TEXT NOT NULL,      -- entries: frames and events with `first` <= seq; else a table, and its row's key
    first NOT NULL,
    marks BLOB NOT NULL,      -- entries: 4 bytes of SHA-256 a row; else all 32 of the one row
    digest BLOB NOT NULL      -- SHA-256 of the digest before, of this row, and of the entries
);
"""

_FRAME, _EVENT = struct.Struct("<cqqqqI"), struct.Struct("<cqqI")
_LINK = struct.Struct("<qI")
Row = Sequence[Any]


def encode_frame(row: Row) -> bytes:
    """Write a frame's columns as the bytes that are checked; raise struct.error or TypeError where one is no such."""
    seq, link, t_host_ns, damaged, data = row
    encoded: bytes = _FRAME.pack(b"F", seq, link, t_host_ns, damaged, len(data)) + data
    return encoded


def encode_event(row: Row) -> bytes:
    """Write an event's columns, its data still as text."""
    seq, link, t_host_ns, kind, data = row
    text = encode_row((link, kind, data))
    return _EVENT.pack(b"E", seq, t_host_ns, len(text)) + text


def encode_row(row: Row) -> bytes:
    """Write any other row: JSON tells a number from a text and from nothing, and a whole number from a fraction."""
    return json.dumps(list(row), ensure_ascii=True).encode()


def mark_of(encoded: bytes) -> bytes:
    """Return the mark of a frame or an event."""
    return sha256(encoded).digest()[:MARK_BYTES]


def link_of(before: bytes, about: str, first: object, marks: bytes, entries: bytes = b"") -> bytes:
    """Return the digest of a link."""
    name = encode_row((about, first))
    return sha256(b"".join((before, _LINK.pack(len(name), len(marks)), name, marks, entries))).digest()


def layout_rows(connection: sqlite3.Connection) -> list[Row]:
    """Return the tables as they were declared."""
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").fetchall()


def has_chain(connection: sqlite3.Connection) -> bool:
    """Tell whether a recording carries a chain; older ones do not."""
    sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'chain'"
    return connection.execute(sql).fetchone() is not None


class ChainWriter:
    """Add links for what one connection writes. Where the recording has no chain, do nothing.

    Call `add_*` for each row that was written, and `write` before the transaction is committed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.exists = has_chain(connection)
        self._place, self._digest = 0, GENESIS
        self._first, self._run = 0, list[bytes]()
        last = self._last() if self.exists else None
        if last is not None:
            self._place, self._digest = last[0] + 1, bytes(last[1])

    @property
    def seal(self) -> str:
        """The last digest."""
        return self._digest.hex()

    def add_layout(self) -> None:
        """Bind the tables' declarations; the first link of a recording."""
        digest = sha256(encode_row(layout_rows(self._connection))).digest()
        self._add(LAYOUT, "", digest)

    def add_row(self, table: str, key: str | int, row: Row) -> None:
        """Bind a row of one of the smaller tables; of two of one key, the later holds."""
        if self.exists:
            self.write()
            self._add(table, key, sha256(encode_row(row)).digest())

    def add_frames(self, rows: Iterable[Row]) -> None:
        """Bind frames."""
        if self.exists:
            for row in rows:
                self._enter(row[0], encode_frame(row))

    def add_event(self, row: Row) -> None:
        """Bind an event, its data as text."""
        if self.exists:
            self._enter(row[0], encode_event(row))

    def write(self) -> None:
        """Write the link of the entries since the last one."""
        if self._run:
            run, self._run = self._run, []
            self._add(ENTRIES, self._first, b"".join(map(mark_of, run)), b"".join(run))

    def _enter(self, seq: int, encoded: bytes) -> None:
        """Put an entry behind those of the run, or begin another where it does not follow."""
        if len(self._run) >= RUN_ROWS or seq != self._first + len(self._run):
            self.write()
        if not self._run:
            self._first = seq
        self._run.append(encoded)

    def _add(self, about: str, first: str | int, marks: bytes, entries: bytes = b"") -> None:
        """Write one link."""
        self._digest = link_of(self._digest, about, first, marks, entries)
        values = (self._place, about, first, marks, self._digest)
        self._connection.execute("INSERT INTO chain VALUES (?, ?, ?, ?, ?)", values)
        self._place += 1

    def _last(self) -> tuple[int, bytes] | None:
        """Return place and digest of the last link."""
        sql = "SELECT place, digest FROM chain ORDER BY place DESC LIMIT 1"
        row: tuple[int, bytes] | None = self._connection.execute(sql).fetchone()
        return row
