"""Rows of numbers from text: the delimiter, the decimal sign, and every row with as many cells as it should have.

numpy's reader in C does the work; only where it stumbles are the lines gone through one by one, to allow empty cells
(a lost sample) and to name the line that is wrong.
"""

import csv
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from firingorder_signal.blocks import FloatArray

from ..errors import UnreadableFile

#: Rows looked at to tell the delimiter and the decimal sign.
SAMPLE_LINES = 20
#: Where those are sought: a row of 1,000 columns has some 10,000 characters.
SAMPLE_CHARS = 500_000
DELIMITERS = ("\t", ";", ",", "|")
_NUMBER = re.compile(r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"^[+-]?\d*,\d+(e[+-]?\d+)?$", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_MISSING = ("", "nan", "na", "n/a", "null", "none", "-", "inf", "-inf")


@dataclass(frozen=True)
class Dialect:
    """How numbers are told apart in a text."""

    delimiter: str
    decimal_comma: bool = False

    def split(self, line: str) -> list[str]:
        """Cut a line into its cells, quotes and blanks around them removed; within quotes a delimiter is none."""
        if '"' in line:
            cells = next(csv.reader([line], delimiter=self.delimiter, skipinitialspace=True), [""])
            return [cell.strip() for cell in cells]
        return [cell.strip() for cell in line.split(self.delimiter)]


def is_number(cell: str) -> bool:
    """Tell whether a cell holds a number, with a decimal point or comma."""
    return bool(_NUMBER.match(cell)) or cell.lower() in _MISSING[1:5]


def find_dialect(path: Path, header: str, lines: Sequence[str]) -> Dialect:
    """Tell the delimiter and the decimal sign from the header and some rows, or say in one line what does not fit."""
    rows = [line for line in lines if line.strip()]
    bare = _QUOTED.sub("", header)
    delimiter = max(DELIMITERS, key=bare.count)
    if bare.count(delimiter) == 0:
        text = f"the header {shorten(header)!r} is one column; expected names separated by comma, semicolon or tab"
        raise UnreadableFile(path, text)
    dialect = Dialect(delimiter)
    refuse_bare_commas(path, dialect, len(dialect.split(header)), rows)
    return with_decimal_sign(dialect, rows)


def with_decimal_sign(dialect: Dialect, rows: Sequence[str]) -> Dialect:
    """Return a dialect with the decimal sign of some rows; between commas, a number with one stands in quotes."""
    comma = any(_COMMA_NUMBER.match(cell) for line in rows for cell in dialect.split(line))
    return Dialect(dialect.delimiter, decimal_comma=comma)


def refuse_bare_commas(path: Path, dialect: Dialect, n_names: int, rows: Sequence[str]) -> None:
    """Refuse numbers with decimal commas between commas: nobody can tell which is which."""
    rows = [line for line in rows if line.strip()]
    if dialect.delimiter == "," and rows and all(len(dialect.split(line)) == 2 * n_names for line in rows):
        text = f"has {n_names} names and {2 * n_names} cells a row: decimal commas between comma-separated cells"
        raise UnreadableFile(path, f"{text}; export it with a semicolon or tab between the cells")


def parse_rows(path: Path, text: str, dialect: Dialect, n_columns: int, first_line: int) -> FloatArray:
    """Read rows of `n_columns` numbers, shape (n_samples, n_columns), NaN where a cell is empty.

    Parameters
    ----------
    text
        The rows; blank lines at the end are no rows.
    first_line
        Number of the first row's line in the file, for messages.
    """
    text = text.rstrip("\r\n\t ;,")  # a last line of delimiters only is how some programs end a file
    if not text:
        raise UnreadableFile(path, "has a header but no samples; expected rows of numbers below it")
    if dialect.decimal_comma and dialect.delimiter == ",":
        return _parse_slowly(path, text, dialect, n_columns, first_line)
    if dialect.decimal_comma:
        text = text.replace(",", ".")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = np.loadtxt(_lines(text), delimiter=dialect.delimiter, ndmin=2, comments=None)
    except ValueError:
        return _parse_slowly(path, text, dialect, n_columns, first_line)
    if values.shape[1] != n_columns:
        raise _wrong_count(path, first_line, values.shape[1], n_columns)
    values[~np.isfinite(values)] = np.nan
    return np.ascontiguousarray(values)


def parse_ragged(
    path: Path, lines: Sequence[str], dialect: Dialect, columns: Sequence[int], first_line: int
) -> list[FloatArray]:
    """Read some columns of a table with rows of unequal length; shape (n_rows,) each, NaN where a cell is empty.

    Parameters
    ----------
    columns
        Which ones; words in the others do no harm.
    first_line
        Number of the first row's line in the file, for messages.
    """
    lines = list(lines)
    while lines and not lines[-1].strip(f" {dialect.delimiter}"):
        lines.pop()
    found = np.full((len(columns), len(lines)), np.nan)
    for row, line in enumerate(lines):
        # Words in quotes, such as a marker's, may hold a delimiter.
        cells = dialect.split(line) if '"' in line else line.split(dialect.delimiter)
        for place, column in enumerate(columns):
            cell = cells[column].strip() if column < len(cells) else ""
            if not cell:
                continue
            try:
                found[place, row] = float(cell.replace(",", ".") if dialect.decimal_comma else cell)
            except ValueError:
                found[place, row] = _parse_cell(path, cell, first_line + row, column)
    found[~np.isfinite(found)] = np.nan
    return list(found)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines one by one; a list of them would take more memory than the numbers."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _parse_slowly(path: Path, text: str, dialect: Dialect, n_columns: int, first_line: int) -> FloatArray:
    """Read line by line, and name the line that cannot be read."""
    lines = text.splitlines()
    values = np.full((len(lines), n_columns), np.nan)
    for row, line in enumerate(lines):
        cells = dialect.split(line)
        number = first_line + row
        # The text lost its trailing delimiters above, and with them the last row's empty cells.
        last = row == len(lines) - 1
        if len(cells) != n_columns and not (last and len(cells) < n_columns and row > 0 and _is_padded(lines[row - 1])):
            if last and len(cells) < n_columns:
                text = f"ends in the middle of line {number}, after {len(cells)} of {n_columns} cells: it was cut off"
                raise UnreadableFile(path, f"{text}; copy it anew, or delete that line")
            raise _wrong_count(path, number, len(cells), n_columns)
        for column, cell in enumerate(cells):
            cell = cell.replace(",", ".") if dialect.decimal_comma else cell
            values[row, column] = _parse_cell(path, cell, number, column)
    return values


def _is_padded(line: str) -> bool:
    """Tell whether a row ends in empty cells, as the rows do after the end of a shorter column."""
    return line.rstrip(" \r\n").endswith(tuple(DELIMITERS))


def _parse_cell(path: Path, cell: str, line: int, column: int) -> float:
    """Read one cell; NaN where it is empty."""
    if cell.lower() in _MISSING:
        return float("nan")
    try:
        return float(cell)
    except ValueError:
        text = f"line {line}, column {column + 1}: expected a number, found {shorten(cell)!r}"
        raise UnreadableFile(path, text) from None


def _wrong_count(path: Path, line: int, n_found: int, n_expected: int) -> UnreadableFile:
    """Say that a row does not fit the header."""
    text = f"line {line} has {n_found} cells and the header has {n_expected} names"
    return UnreadableFile(path, f"{text}; every row needs one cell a name, with the same delimiter")


def shorten(text: str, limit: int = 40) -> str:
    """Cut a long text for a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
