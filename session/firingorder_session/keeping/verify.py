"""Check a recording against its checksum chain, and name each row that was changed, taken out or put in.

`verify` looks at everything: the rows, the trees that SQLite finds them by, and the bytes that belong to no row.
`check_rows` does the rows alone, which is what an analysis reads, and is fast enough to be done with every analysis.
"""

import sqlite3
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from ..recordings.recording_file import DAMAGE, SQLITE_ERRORS, RowReader
from ..recordings.usable import refuse_damaged
from . import chain
from .flaws import Flaw, What
from .report_share import ReportShare, tell_nobody
from .spare_bytes import check_spare

#: Links between two reports of progress.
REPORT_LINKS = 512
#: What encoding a row raises whose columns are not what they were.
_NO_SUCH_ROW = (struct.error, TypeError, ValueError)


@dataclass(frozen=True)
class Verified:
    """What a check found.

    Attributes
    ----------
    has_chain
        Older recordings have none; then nothing but the trees could be looked at.
    seal
        The last digest. Kept elsewhere, it shows later that nothing was added, taken from the end, or made anew.
    ended
        Whether the recording says that it was ended in order; without it, nobody can tell whether its end is missing.
    """

    path: Path
    has_chain: bool
    n_rows: int
    seal: str
    ended: bool
    flaws: tuple[Flaw, ...]


class _Row(NamedTuple):
    """A frame or an event as it is checked; without bytes where its columns are of another kind."""

    seq: int
    table: str
    t_host_ns: Any
    encoded: bytes | None


class _Checker:
    """One pass over the chain of an open recording."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.flaws: list[Flaw] = []
        self.n_rows = 0
        self.seal = ""
        self._origin_ns = self._find_origin()
        self._events = self._read_events()
        self._covered: list[tuple[int, int]] = []
        self._named: dict[tuple[str, object], bytes] = {}
        self._before: tuple[bytes, ...] = (chain.GENESIS,)

    def run(self, report: ReportShare) -> None:
        """Check all links, then that no row is without one."""
        (n_links,) = self._connection.execute("SELECT count(*) FROM chain").fetchone()
        expected = 0
        for number, link in enumerate(self._links()):
            place = link[0]
            if not isinstance(place, int):
                self.flaws.append(Flaw("chain", "", What.CHANGED))
                continue
            if place != expected:
                self.flaws.append(Flaw("chain", f"{expected} to {place - 1}", What.MISSING))
            self._check_link(link, follows=place == expected)
            expected = place + 1
            if number % REPORT_LINKS == 0:
                report(number / n_links)
        self._check_named()
        self._check_uncovered()

    def _links(self) -> Iterator[tuple[Any, ...]]:
        sql = "SELECT place, about, first, marks, digest FROM chain ORDER BY place"
        try:
            yield from self._connection.execute(sql)
        except SQLITE_ERRORS:
            self.flaws.append(Flaw("chain", "", What.UNREADABLE))

    def _check_link(self, link: tuple[Any, ...], *, follows: bool) -> None:
        """Check one link; what follows it is bound to its digest as it stands, or as it should be."""
        place, about, first, marks, digest = link
        if not (isinstance(about, str) and isinstance(marks, bytes) and isinstance(digest, bytes)):
            self.flaws.append(Flaw("chain", place, What.CHANGED))
            self._before = (b"",)
            return
        bare = [chain.link_of(before, about, first, marks) for before in self._before]
        if about == chain.ENTRIES:
            right = self._check_entries(link, follows=follows)
        else:
            self._named[about, first] = marks
            right = bare
            if digest not in bare and follows:
                self.flaws.append(Flaw("chain", place, What.CHANGED))
        self.seal = digest.hex()
        self._before = (digest, *(each for each in right if each != digest))

    def _check_entries(self, link: tuple[Any, ...], *, follows: bool) -> list[bytes]:
        """Check a run of frames and events; return the digests that its link may have by the rows."""
        place, about, first, marks, digest = link
        n_rows = len(marks) // chain.MARK_BYTES
        if not isinstance(first, int):
            self.flaws.append(Flaw("chain", place, What.CHANGED))
            return []
        self._covered.append((first, first + n_rows))
        self.n_rows += n_rows
        rows, unreadable = self._read_run(first, n_rows)
        encoded = [row.encoded for row in rows]
        if len(rows) == n_rows and None not in encoded:
            whole = b"".join(code for code in encoded if code is not None)
            right = [chain.link_of(before, about, first, marks, whole) for before in self._before]
            if digest in right:
                return right
        else:
            whole, right = b"", []
        flaws = self._name(first, marks, rows, unreadable)
        if flaws and whole:
            fresh = b"".join(chain.mark_of(code) for code in encoded if code is not None)
            if digest in [chain.link_of(before, about, first, fresh, whole) for before in self._before]:
                flaws = []  # the rows are what they were: it is the marks that were changed
                self.flaws.append(Flaw("chain", place, What.CHANGED))
                return [digest]
        elif not flaws and follows:
            flaws = [Flaw("chain", place, What.CHANGED)]
        self.flaws += flaws
        return right

    def _read_run(self, first: int, n_rows: int) -> tuple[list[_Row], list[int]]:
        """Read the rows of a run, and say which frames cannot be read."""
        unreadable: list[int] = []
        try:
            rows = self._read_frames(first, first + n_rows)
        except (sqlite3.Error, *_NO_SUCH_ROW):
            rows = list[_Row]()
            for seq in range(first, first + n_rows):
                try:
                    rows += self._read_frames(seq, seq + 1)
                except (sqlite3.Error, *_NO_SUCH_ROW):
                    unreadable.append(seq)
        among = [seq for seq in range(first, first + n_rows) if seq in self._events] if self._events else []
        for seq in among:
            row = self._events[seq]
            rows.append(_Row(seq, "events", row[2], _encode(chain.encode_event, row)))
        return (sorted(rows, key=lambda row: row[:2]) if among else rows), unreadable

    def _read_frames(self, first: int, stop: int) -> list[_Row]:
        sql = "SELECT seq, link, t_host_ns, damaged, data FROM frames WHERE seq >= ? AND seq < ? ORDER BY seq"
        rows = self._connection.execute(sql, (first, stop))
        return [_Row(row[0], "frames", row[2], _encode(chain.encode_frame, row)) for row in rows]

    def _name(self, first: int, marks: bytes, rows: list[_Row], unreadable: list[int]) -> list[Flaw]:
        """Name the rows of a run that are not what they were."""
        flaws: list[Flaw] = []
        by_seq: dict[int, list[_Row]] = {}
        for row in rows:
            by_seq.setdefault(row.seq, []).append(row)
        last_s = self._time_before(first)
        size = chain.MARK_BYTES
        for number in range(len(marks) // size):
            mark, here = marks[number * size : (number + 1) * size], by_seq.get(first + number, [])
            if first + number in unreadable:
                flaws.append(Flaw("frames", first + number, What.UNREADABLE, last_s))
            elif not here:
                flaws.append(Flaw("frames or events", first + number, What.MISSING, last_s))
            right = [row for row in here if row.encoded is not None and chain.mark_of(row.encoded) == mark]
            what = What.INSERTED if right else What.CHANGED
            flaws += [Flaw(row.table, row.seq, what, self._seconds(row.t_host_ns)) for row in here if row not in right]
            last_s = next((self._seconds(row.t_host_ns) for row in right), last_s)
        return flaws

    def _check_named(self) -> None:
        """Check the rows of the smaller tables against the last link of each."""
        if (chain.LAYOUT, "") in self._named:
            layout = _encode(chain.encode_row, chain.layout_rows(self._connection))
            expected = self._named.pop((chain.LAYOUT, ""))
            if layout is None or sha256(layout).digest() != expected:
                self.flaws.append(Flaw("layout of the tables", "", What.CHANGED))
        for table, key in chain.NAMED.items():
            left = {first: marks for (about, first), marks in self._named.items() if about == table}
            try:
                rows = self._connection.execute(f"SELECT {key}, * FROM {table}").fetchall()
            except (sqlite3.Error, *_NO_SUCH_ROW):
                self.flaws.append(Flaw(table, "", What.UNREADABLE))
                continue
            for first, *row in rows:
                marks = left.pop(first, None)
                encoded = _encode(chain.encode_row, row)
                if marks is None:
                    self.flaws.append(Flaw(table, first, What.INSERTED))
                elif encoded is None or sha256(encoded).digest() != marks:
                    self.flaws.append(Flaw(table, first, What.CHANGED))
                self.n_rows += 1
            self.flaws += [Flaw(table, str(first), What.MISSING) for first in left]

    def _check_uncovered(self) -> None:
        """Find frames and events in no link. Two links over the same rows cannot both fit, so ranges do not overlap."""
        bounds = sorted(self._covered)
        for table in ("frames", "events"):
            outside, at = list[tuple[int, int | None]](), -(2**62)
            for first, stop in (*bounds, (2**62, 2**62)):
                if at < first:
                    outside += self._between(table, at, first)
                at = max(at, stop)
            self.flaws += [Flaw(table, seq, What.INSERTED, self._seconds(t_ns)) for seq, t_ns in outside]

    def _between(self, table: str, at: int, first: int) -> list[tuple[int, int | None]]:
        sql = f"SELECT seq, t_host_ns FROM {table} WHERE seq >= ? AND seq < ?"
        try:
            return self._connection.execute(sql, (at, first)).fetchall()
        except (sqlite3.Error, *_NO_SUCH_ROW):
            return []  # said where it was read for its run

    def _read_events(self) -> dict[int, tuple[Any, ...]]:
        try:
            rows = self._connection.execute("SELECT seq, link, t_host_ns, kind, data FROM events").fetchall()
        except (sqlite3.Error, *_NO_SUCH_ROW):
            self.flaws.append(Flaw("events", "", What.UNREADABLE))
            return {}
        return {row[0]: row for row in rows}

    def _find_origin(self) -> int | None:
        """Return the host time that counts as 0 s."""
        try:
            (text,) = self._connection.execute("SELECT value FROM head WHERE key = 'origin_ns'").fetchone()
            return int(text)
        except (*DAMAGE, OverflowError):
            return None

    def _time_before(self, seq: int) -> float | None:
        """Return when the last frame before an entry came."""
        sql = "SELECT t_host_ns FROM frames WHERE seq < ? ORDER BY seq DESC LIMIT 1"
        try:
            row = self._connection.execute(sql, (seq,)).fetchone()
        except sqlite3.Error:
            return None
        return self._seconds(row[0]) if row else None

    def _seconds(self, t_host_ns: Any) -> float | None:
        """Return seconds from the recording's origin."""
        if self._origin_ns is None or not isinstance(t_host_ns, int):
            return None
        return (t_host_ns - self._origin_ns) * 1e-9


def _encode(encode: Callable[[chain.Row], bytes], row: chain.Row) -> bytes | None:
    """Return the bytes of a row that are checked; None where its columns are not of the right kind."""
    try:
        return encode(row)
    except _NO_SUCH_ROW:
        return None


def verify(path: Path, report_progress: ReportShare = tell_nobody) -> Verified:
    """Check all of a recording.

    Parameters
    ----------
    report_progress
        Called with the share done so far, 0 to 1.

    Raises
    ------
    UnreadableFile
        It is no recording, or nothing can be read of it.
    """
    with RowReader(path) as reader:
        checked = _check(path, reader, report_progress)
        # SQLite's own words are for programmers, and one of them may fill several lines.
        trees = [Flaw("file", "", What.DISAGREES)] if reader.integrity() != ["ok"] else []
        # While it is recorded, its newest pages are in the log beside it.
        is_folded = not path.with_name(path.name + "-wal").exists()
        spare = check_spare(reader.contents()) if checked.has_chain and is_folded else []
    return replace(checked, flaws=(*checked.flaws, *trees, *spare))


def read_seal(path: Path) -> str:
    """Return the seal as it stands, unchecked, for whoever notes it elsewhere; empty where there is no chain.

    Raises
    ------
    UnreadableFile
        It is no recording.
    """
    with RowReader(path) as reader:
        if not chain.has_chain(reader.connection):
            return ""
        return chain.ChainWriter(reader.connection).seal


def check_rows(path: Path) -> Verified:
    """Check the rows of a recording alone; raise as `verify` does."""
    with RowReader(path) as reader:
        return _check(path, reader, tell_nobody)


def _check(path: Path, reader: RowReader, report: ReportShare) -> Verified:
    """Check the rows of an open recording."""
    connection = reader.connection
    try:
        connection.execute("BEGIN")  # as it is now: somebody may be recording on
        ended = connection.execute("SELECT 1 FROM head WHERE key = 'ended'").fetchone() is not None
        if not chain.has_chain(connection):
            return Verified(path, False, 0, "", ended, ())
        # A damaged text must be seen as changed, not stop the check.
        connection.text_factory = _read_text
        checker = _Checker(connection)
        checker.run(report)
    except SQLITE_ERRORS as error:
        raise refuse_damaged(path, error) from error
    return Verified(path, True, checker.n_rows, checker.seal, ended, tuple(checker.flaws))


def _read_text(data: bytes) -> str | None:
    """Read a text; where it is none, give nothing: the bytes alone would be what a column of bytes holds."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
