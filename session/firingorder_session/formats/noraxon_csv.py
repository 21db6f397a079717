"""Noraxon exports (MR 3, MR 4): some lines about the record, a header whose first column is time, then the samples.

Units stand behind a comma in the name (`RT GLUT MAX,uV`), in brackets, or on a line of their own; columns of words
(`Activity`, `Marker`) are left out, and tell a file of MR 4, whose lines about the record name no maker. Names may
carry the device before the muscle (`Ultium EMG.RT GLUT MAX`).
Source: exports as readers in public repositories and the vendor's "MR 3 user manual", Export, describe them.
"""

import csv
import re
from pathlib import Path

import numpy as np

from ..errors import UnreadableFile
from .contract import Imported, ImportHints, SignalGroup, read_text
from .number_table import SAMPLE_LINES, Dialect, is_number, parse_ragged, with_decimal_sign
from .time_column import fit_grid, is_time_name
from .units import MICROVOLTS, normalise, split_unit

FORMAT = "Noraxon CSV"
_HEADER_LINES = 30
_WORDS = ("activity", "marker", "markers", "comment", "event", "events")
_DEVICE = re.compile(
    r"^(noraxon |ultium |desktop dts|teleme?try dts|mini ?dts|myomotion|dts)[^.:-]*[.:-]\s*", re.IGNORECASE
)
_MARK = re.compile(r"noraxon|ultium|myoresearch|\bMR ?[34]\b|\"?time,s\"?", re.IGNORECASE)


def matches(head: bytes) -> bool:
    """Tell whether a file begins as a Noraxon export does; one without its lines about the record reads as CSV."""
    lines = head.decode("utf-8-sig", "replace").splitlines()[:_HEADER_LINES]
    headers = [line for line in lines if _is_header(line)]
    return any(_MARK.search(line) for line in lines if headers) or any(
        {"activity", "marker"} <= {cell.lower() for cell in _cells(line)} for line in headers
    )


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where no line names a column of times."""
    lines = read_text(path).splitlines()
    number = next((n for n, line in enumerate(lines[:_HEADER_LINES]) if _is_header(line)), None)
    if number is None:
        text = f"no line among its first {_HEADER_LINES} begins with a column of times"
        raise UnreadableFile(path, f"{text}; export it again with the column names")
    names, delimiter = _cells(lines[number]), _delimiter(lines[number])
    first, below = number + 1, list[str]()
    if first < len(lines) and not is_number(_cells(lines[first])[0]):
        below, first = _cells(lines[first]), first + 1
    split = [_split(name, below[column] if column < len(below) else "") for column, name in enumerate(names)]
    kept = [0] + [column for column, (name, _) in enumerate(split) if column and name and name.lower() not in _WORDS]
    dialect, some_rows = Dialect(delimiter), lines[first : first + SAMPLE_LINES]
    if delimiter == "," and some_rows and all(len(dialect.split(line)) > len(names) for line in some_rows):
        text = f"has {len(names)} names and more cells a row: decimal commas between comma-separated cells"
        raise UnreadableFile(path, f"{text}; export it with a semicolon or tab between the cells")
    table = parse_ragged(path, lines[first:], with_decimal_sign(dialect, some_rows), kept, first + 1)
    header = f"{split[0][0]} [{split[0][1]}]" if split[0][1] else split[0][0]
    grid = fit_grid(path, header, table[0], first + 1)
    values = np.full((int(grid.rows[-1]) + 1, len(kept) - 1), np.nan)
    values[grid.rows] = np.column_stack(table[1:]) if len(kept) > 1 else np.empty((len(grid.rows), 0))
    labels, units = tuple(split[column][0] for column in kept[1:]), tuple(split[column][1] for column in kept[1:])
    notes = [f"{grid.n_lost} samples are missing in gaps of the time column"] if grid.n_lost else []
    return Imported(FORMAT, (SignalGroup(labels, units, values, grid.rate_hz, grid.start_s),), tuple(notes))


def _is_header(line: str) -> bool:
    """Tell whether a line names columns, the first of them time."""
    cells = _cells(line)
    return len(cells) > 1 and is_time_name(_split(cells[0], "")[0])


def _delimiter(line: str) -> str:
    """Return what stands between the cells; commas within quotes are part of a name."""
    bare = re.sub(r"\"[^\"]*\"", "", line)
    return max(",;\t", key=bare.count)


def _cells(line: str) -> list[str]:
    """Cut a line of names, quotes and blanks removed."""
    return [cell.strip() for cell in next(csv.reader([line], delimiter=_delimiter(line)), [""])] or [""]


def _split(name: str, below: str) -> tuple[str, str]:
    """Split a column's name from its unit and from the device before it; `below` is the cell under it."""
    plain, unit = split_unit(name)
    if not unit and "," in name:
        plain, unit = (part.strip() for part in name.rsplit(",", 1))
    if not unit and (normalise(below) in MICROVOLTS or below in ("s", "ms", "deg", "mG", "g", "deg/s")):
        unit = below
    return _DEVICE.sub("", plain), unit
