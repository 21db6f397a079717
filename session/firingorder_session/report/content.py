"""The report's two pages in words and drawings, as both forms lay them out: HTML and PDF read the same record."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A name and what is told of it."""

    name: str
    text: str


@dataclass(frozen=True)
class SideBlock:
    """What one side shows, largest first: a word, a figure, its interval.

    Attributes
    ----------
    colour
        Of the muscle that came first; the ink of the page where none did.
    """

    side: str
    word: str
    figure: str = ""
    interval: str = ""
    note: str = ""
    colour: str = "#10161D"
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A drawing with its title and what is said under it."""

    title: str
    svg: str
    caption: str = ""


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    align
        One letter a column: l or r.
    rows, total
        As many rows as may be shown, and how many there are; the layout shows what fits.
    more
        What is said of those that are not shown, with `{count}` for their number.
    n_after
        In a row of which all cells between the second and so many at the end are empty, the second is a remark, and
        takes their place; None = there are no such rows.
    widths
        Shares of the width, 0 = as wide as its words; empty = all so.
    """

    title: str
    head: tuple[str, ...]
    align: str
    rows: tuple[tuple[str, ...], ...]
    total: int
    more: str = ""
    widths: tuple[float, ...] = ()
    n_after: int | None = None


@dataclass(frozen=True)
class Section:
    """A part of the methods page."""

    title: str
    rows: tuple[Row, ...] = ()
    table: Table | None = None
    note: str = ""


@dataclass(frozen=True)
class MethodsPage:
    """The second page."""

    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Page:
    """The whole report.

    Attributes
    ----------
    wide_tables
        Each table over the whole width, not beside each other.
    """

    language: str
    product: str
    kind: str
    title: str
    head: tuple[Row, ...]
    marks: tuple[str, ...]
    sides: tuple[SideBlock, ...]
    strip: Figure | None
    remarks: tuple[str, ...]
    pictures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    table_note: str
    wide_tables: bool
    trend: tuple[Figure, ...]
    trend_title: str
    quality: Table | None
    intended_use: str
    made_by: str
    page_of: str
    methods: MethodsPage
