"""Read the rows of an SQLite database page by page, whatever is left of it.

SQLite finds a row by its tree, and gives up on a whole table where a page of the tree is gone. Each leaf page says by
itself, though, where its rows lie, and each row how long its columns are; so every row whose bytes are there can be
read. Nothing is guessed: a row counts only where all its lengths agree.
Source: https://www.sqlite.org/fileformat.html, sections 1.3 (header), 1.6 (b-tree pages), 2.1 (records), 4.1 (log).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SQLITE_MAGIC = b"SQLite format 3\0"
#: Sizes a page may have, the usual first; asked in turn where the header is gone.
PAGE_SIZES = (4096, 1024, 2048, 8192, 16384, 32768, 65536, 512)
#: Bytes before the first page's own head.
_FILE_HEADER = 100
_LOG_MAGICS = (0x377F0682, 0x377F0683)
_LOG_HEADER, _LOG_FRAME = 32, 24
TABLE_LEAF, INDEX_LEAF, INDEX_INNER = 0x0D, 0x0A, 0x02
#: type in a record -> bytes of a whole number.
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
#: No row of ours is longer; a length beyond it is damage.
_LONGEST_ROW = 64 * 1024 * 1024

Value = None | int | float | str | bytes
Bytes = bytes | memoryview


class NotARow(Exception):
    """Bytes that are no row; never leaves this module."""


@dataclass(frozen=True)
class Row:
    """One row: the key of a table's row, None where the row is its own key."""

    key: int | None
    values: tuple[Value, ...]


def page_size(head: Bytes) -> int:
    """Return the size of pages that a database's header states; 0 where it states none that there is."""
    if bytes(head[:16]) != SQLITE_MAGIC or len(head) < _FILE_HEADER:
        return 0
    size = int.from_bytes(head[16:18])
    size = 65536 if size == 1 else size
    return size if size in PAGE_SIZES else 0


def stated_pages(head: Bytes) -> int:
    """Return of how many pages a database says that it is; 0 where it does not say."""
    return int.from_bytes(head[28:32]) if page_size(head) else 0


class Pages:
    """The pages of a database, the newest of each.

    Parameters
    ----------
    data
        The file.
    log
        What a crash left beside it (`-wal`), or nothing.
    size
        Of a page; None = as the header says, or the usual.
    """

    def __init__(self, data: Bytes, log: Bytes = b"", size: int | None = None) -> None:
        self._data = memoryview(data)
        self.size = size or page_size(data) or PAGE_SIZES[0]
        # The reserved end of pages is 0 in every database of ours; a damaged header must not say otherwise.
        self._usable = self.size
        self._newer = dict(_pages_of_log(memoryview(log), self.size))
        self.n_pages = max(-(-len(data) // self.size), max(self._newer, default=0))

    def page(self, number: int) -> memoryview:
        """Return a page, the first of which is 1; less than a whole one where the file was cut off."""
        if number in self._newer:
            return self._newer[number]
        return self._data[(number - 1) * self.size : number * self.size]

    def rows(self, number: int) -> Iterator[Row]:
        """Yield the rows on one page; none where it is no leaf, or nothing of it is left."""
        page = self.page(number)
        start = _FILE_HEADER if number == 1 else 0
        if len(page) < start + 12 or page[start] not in (TABLE_LEAF, INDEX_LEAF, INDEX_INNER):
            return
        kind = page[start]
        n_rows = int.from_bytes(page[start + 3 : start + 5])
        first = start + (12 if kind == INDEX_INNER else 8)
        if first + 2 * n_rows > len(page):
            return
        for (at,) in struct.iter_unpack(">H", page[first : first + 2 * n_rows]):
            try:
                yield self._row(page, at, kind)
            except (NotARow, IndexError, UnicodeDecodeError):
                continue

    def _row(self, page: memoryview, at: int, kind: int) -> Row:
        """Read the row at a place of a page."""
        if kind == INDEX_INNER:
            at += 4  # the number of the page before it
        length, at = _varint(page, at)
        key = None
        if kind == TABLE_LEAF:
            key, at = _varint(page, at)
            key -= 1 << 64 if key >= 1 << 63 else 0
        if length > _LONGEST_ROW:
            raise NotARow
        usable = self._usable
        most = usable - 35 if kind == TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if length <= most:
            return Row(key, read_record(_piece(page, at, length)))
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= most else least
        begun = bytes(_piece(page, at, local))
        return Row(key, read_record(begun + self._overflow(page, at + local, length - local)))

    def _overflow(self, page: memoryview, at: int, n_bytes: int) -> bytes:
        """Follow the pages on which a long row goes on."""
        parts: list[bytes] = []
        following = int.from_bytes(_piece(page, at, 4))
        while n_bytes > 0:
            if not 0 < following <= self.n_pages:
                raise NotARow
            part = self.page(following)
            following = int.from_bytes(_piece(part, 0, 4))
            n_here = min(n_bytes, self._usable - 4)
            parts.append(bytes(_piece(part, 4, n_here)))
            n_bytes -= n_here
        return b"".join(parts)


def _pages_of_log(log: memoryview, size: int) -> Iterator[tuple[int, memoryview]]:
    """Yield the pages of a log, older ones first.

    A page that was never committed, or is torn, is no worse than a damaged one of the file: its rows count where they
    are whole.
    """
    if len(log) < _LOG_HEADER or int.from_bytes(log[:4]) not in _LOG_MAGICS or int.from_bytes(log[8:12]) != size:
        return
    salt = bytes(log[16:24])
    for at in range(_LOG_HEADER, len(log) - _LOG_FRAME, _LOG_FRAME + size):
        number = int.from_bytes(log[at : at + 4])
        if bytes(log[at + 8 : at + 16]) == salt and 0 < number < 1 << 31:
            yield number, log[at + _LOG_FRAME : at + _LOG_FRAME + size]


def read_record(data: Bytes) -> tuple[Value, ...]:
    """Read the columns of a row; raise NotARow where their lengths are not the row's."""
    n_head, at = _varint(data, 0)
    if not 0 < n_head <= len(data):
        raise NotARow
    types: list[int] = []
    while at < n_head:
        kind, at = _varint(data, at)
        types.append(kind)
    if at != n_head:
        raise NotARow
    values: list[Value] = []
    for kind in types:
        if kind in _INTEGERS:
            piece = _piece(data, at, _INTEGERS[kind])
            values.append(int.from_bytes(piece, signed=True))
        elif kind >= 12:
            piece = _piece(data, at, (kind - 12) // 2)
            values.append(str(piece, "utf-8") if kind % 2 else bytes(piece))
        elif kind == 7:
            piece = _piece(data, at, 8)
            values.append(float(struct.unpack(">d", piece)[0]))
        elif kind in (0, 8, 9):
            piece = b""
            values.append(None if kind == 0 else kind - 8)
        else:
            raise NotARow
        at += len(piece)
    if at != len(data):
        raise NotARow
    return tuple(values)


def _piece(data: Bytes, at: int, n_bytes: int) -> Bytes:
    """Return bytes of a page, all of which must be there."""
    piece = data[at : at + n_bytes]
    if len(piece) < n_bytes:
        raise NotARow
    return piece


def _varint(data: Bytes, at: int) -> tuple[int, int]:
    """Read a whole number of one to nine bytes; return it and where the next begins."""
    value = 0
    for n in range(8):
        byte = data[at + n]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    return value << 8 | data[at + 8], at + 9
