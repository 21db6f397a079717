"""Look at the bytes of a recording that belong to no row: the header, and what a page has left over.

The recorder only appends, with SQLite's `secure_delete`, so that what a page has left over is zero (held by a test).
Not looked at, since nothing can be expected of it: in the header the counters of changes (24 to 27 and 92 to 95, but
they must agree), the count of layouts (40 to 43) and the version of SQLite that wrote last (96 to 99); what is left
over in the inner pages of a tree (one in 400) and in the pages of `head`, where SQLite leaves old numbers and cells,
and in the last page of a row longer than a page. None of these has an influence on what is read.
Source: https://www.sqlite.org/fileformat.html, sections 1.3, 1.6, 1.7.
"""

from ..recordings.schema import APPLICATION_ID, USER_VERSION
from ..recordings.sqlite_pages import SQLITE_MAGIC, TABLE_LEAF, page_size, stated_pages
from .flaws import Flaw, What

_FILE_HEADER = 100
#: (first byte, what is expected there): schema format 4, UTF-8, no free pages, nothing that vacuums, reserved zeros.
_EXPECTED = (
    (0, SQLITE_MAGIC),
    (20, bytes((0, 64, 32, 32))),
    (32, bytes(8)),
    (44, (4).to_bytes(4) + bytes(8)),
    (56, (1).to_bytes(4) + USER_VERSION.to_bytes(4) + bytes(4) + APPLICATION_ID.to_bytes(4) + bytes(20)),
)


def check_spare(data: memoryview) -> list[Flaw]:
    """Return what is not as the recorder left it.

    Parameters
    ----------
    data
        The whole database, its log folded in.
    """
    flaws = [Flaw("header", f"byte {at}", What.CHANGED) for at, expected in _EXPECTED if not _holds(data, at, expected)]
    if data[24:28] != data[92:96]:
        flaws.append(Flaw("header", "byte 24 or 92", What.CHANGED))
    if bytes(data[18:20]) not in (b"\1\1", b"\2\2"):
        flaws.append(Flaw("header", "byte 18", What.CHANGED))
    size = page_size(data)
    if not size:
        return [*flaws, Flaw("header", "byte 16", What.CHANGED)]
    if size * stated_pages(data) != len(data):
        flaws.append(Flaw("header", "byte 28", What.DISAGREES))
    for number in range(1, len(data) // size + 1):
        if not _is_tidy(data[(number - 1) * size : number * size], _FILE_HEADER if number == 1 else 0):
            flaws.append(Flaw("page", number, What.SPARE))
    return flaws


def _holds(data: memoryview, at: int, expected: bytes) -> bool:
    return bytes(data[at : at + len(expected)]) == expected


def _is_tidy(page: memoryview, start: int) -> bool:
    """Tell whether what a leaf of a tree has left over is zero; other pages are taken as they are."""
    kind = page[start]
    if kind != TABLE_LEAF or page[start + 7] > 60:
        return True
    first = start + 8 + 2 * int.from_bytes(page[start + 3 : start + 5])
    content = int.from_bytes(page[start + 5 : start + 7]) or 65536
    if first > content or content > len(page):
        return True
    if bytes(page[first:content]).strip(b"\0"):
        return False
    free = int.from_bytes(page[start + 1 : start + 3])
    while free:
        following, n_bytes = int.from_bytes(page[free : free + 2]), int.from_bytes(page[free + 2 : free + 4])
        if bytes(page[free + 4 : free + n_bytes]).strip(b"\0") or 0 < following <= free:
            return False
        free = following
    return True
