"""Plain CSV with a header: a column of times and columns of EMG, as most programs and all researchers write it.

Any of comma, semicolon, tab or bar between the cells; decimal comma where the delimiter leaves no doubt. Lines before
the header that begin with `#` or `%` are comments. Units come from the header (`BF [mV]`, `BF_uV`, `BF / mV`), a line
of their own below it, or the caller.
Source: RFC 4180, and what spreadsheets and the public data sets that the tests read make of it.
"""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np

from firingorder_signal.blocks import FloatArray

from ..errors import UnreadableFile
from .contract import Imported, ImportHints, SignalGroup, read_text
from .number_table import SAMPLE_CHARS, SAMPLE_LINES, find_dialect, is_number, parse_rows, shorten
from .time_column import TimeGrid, fit_grid, is_time_name
from .units import is_unit, split_unit

FORMAT = "CSV"
#: What Excel writes and reads as a first line, to say what stands between the cells.
_SEPARATOR = re.compile(r"\"?sep=.\"?\r?\n", re.IGNORECASE)


def matches(head: bytes) -> bool:
    """Tell whether this may be CSV; the last resort for any text, so that its errors name what is wrong."""
    return b"\0" not in head or head[:2] in (b"\xff\xfe", b"\xfe\xff")


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where it is none, or leaves its time base open."""
    text = read_text(path)
    header, body, first_line = _split_header(path, text)
    some_lines = body[:SAMPLE_CHARS].splitlines()[:SAMPLE_LINES]
    dialect = find_dialect(path, header, some_lines)
    names = dialect.split(header)
    if names and not names[-1] and all(line.rstrip().endswith(dialect.delimiter) for line in some_lines[:2]):
        body = "\n".join(line.rstrip()[:-1] for line in body.splitlines())
        names = names[:-1]
    _check_names(path, names)
    units = [cell.strip("[]() ") for cell in dialect.split(body.partition("\n")[0])][: len(names)]
    if len(units) == len(names) and any(units) and all(not unit or is_unit(unit) for unit in units):
        names = [f"{name} [{unit}]" if unit else name for name, unit in zip(names, units, strict=True)]
        body, first_line = body.partition("\n")[2], first_line + 1
    values = parse_rows(path, body, dialect, len(names), first_line)
    time = _find_time(names, values)
    if time is None:
        return Imported(FORMAT, (_without_times(path, names, values, hints),))
    grid = fit_grid(path, names[time], values[:, time], first_line)
    group = _on_grid(names, values, time, grid)
    return Imported(FORMAT, (group,), _notes(grid))


def _notes(grid: TimeGrid) -> tuple[str, ...]:
    """Say what was taken for granted about time, and what is missing."""
    notes: list[str] = []
    if grid.unit_assumed:
        notes.append(f"the unit of time is not stated: taken as the one that makes {float(grid.rate_hz):g} Hz")
    if grid.n_lost:
        notes.append(f"{grid.n_lost} samples are missing in gaps of the time column")
    return tuple(notes)


def _split_header(path: Path, text: str) -> tuple[str, str, int]:
    """Return the header line, the rows below it, and the line number of the first row."""
    number = 1
    while (text[:1] in ("#", "%", "\n", "\r") or _SEPARATOR.match(text)) and "\n" in text:
        _, _, text = text.partition("\n")
        number += 1
    header, _, body = text.partition("\n")
    header = header.rstrip("\r")
    if not header.isprintable() and not header.replace("\t", " ").isprintable():
        raise UnreadableFile(path, "is not text; expected a header line and rows of numbers")
    return header, body, number + 1


def _check_names(path: Path, names: list[str]) -> None:
    """Refuse a header that is none."""
    if all(is_number(name) for name in names):
        text = f"has no header: its first line is {shorten(','.join(names))!r}"
        raise UnreadableFile(path, f"{text}; write the columns' names into the first line, such as time,BF,GMAX")
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise UnreadableFile(path, f"has two columns named {twice!r}; give each its own name")


def _find_time(names: list[str], values: FloatArray) -> int | None:
    """Return the column of times: by its name, or a first column without a name that only rises."""
    named = [column for column, name in enumerate(names) if is_time_name(name)]
    if named:
        return named[0]
    rises = values.shape[0] > 2 and bool(np.all(np.diff(values[:, 0]) > 0))
    return 0 if rises and not split_unit(names[0])[0] else None


def _without_times(path: Path, names: list[str], values: FloatArray, hints: ImportHints) -> SignalGroup:
    """Take the rate that the caller states; stop with the question where he does not."""
    if hints.rate_hz is None:
        text = f"has no column of times among {shorten(', '.join(names), 80)}; how many samples a second are these?"
        raise UnreadableFile(path, f"{text} State it (--rate-hz, rate_hz=)")
    split = [split_unit(name) for name in names]
    rate_hz = Fraction(hints.rate_hz).limit_denominator(10_000)
    return SignalGroup(tuple(name for name, _ in split), tuple(unit for _, unit in split), values, rate_hz)


def _on_grid(names: list[str], values: FloatArray, time: int, grid: TimeGrid) -> SignalGroup:
    """Put the rows at their places in the grid, NaN where samples are missing."""
    columns = [column for column in range(len(names)) if column != time]
    spread = np.full((int(grid.rows[-1]) + 1, len(columns)), np.nan)
    spread[grid.rows] = values[:, columns]
    split = [split_unit(names[column]) for column in columns]
    units = tuple(unit for _, unit in split)
    return SignalGroup(tuple(name for name, _ in split), units, spread, grid.rate_hz, grid.start_s)
