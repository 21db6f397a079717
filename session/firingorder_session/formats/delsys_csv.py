"""Delsys exports: every channel, or every sensor, has a column of times of its own, and its own rate.

EMGworks writes `X[s]` before each channel (`Biceps: EMG 1 [V]`) and fills short columns with empty cells or zeros at
time 0; above it may stand a line a channel (`Label: … Unit: Volts …`), which then alone says the unit. Trigno Discover
writes three lines about the recording, the sensors, their modes, the channels (`EMG 1 Time Series (s)`, `EMG 1 (mV)`),
their rates and periods, and may append a table of markers on the right.
Source: exports of EMGworks 4 and Trigno Discover 1.x-2.x as readers of both in public repositories describe them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from firingorder_signal.blocks import FloatArray

from ..errors import UnreadableFile
from .contract import Imported, ImportHints, SignalGroup, read_text
from .number_table import (
    SAMPLE_LINES,
    Dialect,
    is_number,
    parse_ragged,
    refuse_bare_commas,
    shorten,
    with_decimal_sign,
)
from .time_column import TimeGrid, fit_grid
from .units import split_unit

FORMAT = "Delsys CSV"
_TIME = re.compile(r"^\"?(X ?\[s\]|.*Time Series ?\(s\).*)\"?$", re.IGNORECASE)
#: A line that names columns; Discover's may stand first, where its lines about the recording were taken off.
_HEADER = re.compile(r"\"?(X ?\[s\]|[^,;\t]*Time Series ?\(s\)[^,;\t]*)\"?[,;\t]", re.IGNORECASE)
#: EMGworks' line about one channel.
_LABEL = re.compile(r"^\"?Label: *(?P<name>.*?) +Sampling frequency:.*?(?<!Domain )Unit: *(?P<unit>\S+)", re.IGNORECASE)
#: The header is within so many lines, those of labels aside: Discover's eight, and a few that users add.
_HEADER_LINES = 20
_RATE_UNIT = re.compile(r"^-?[\d.,]+ ?(Hz|s)$")
#: Names that only number a channel within its sensor; the sensor's own name then says the muscle.
_NUMBERED = re.compile(r"^EMG ?\d*$", re.IGNORECASE)
_SERIAL = re.compile(r"\s*\(\d+\)\s*$")


@dataclass(frozen=True)
class _Column:
    """A column of samples: its place, that of its times, and what it is."""

    index: int
    time: int
    name: str
    unit: str


def matches(head: bytes) -> bool:
    """Tell whether a file begins as a Delsys export does."""
    text = head.decode("utf-8-sig", "replace")
    if text.startswith("Application:") and "Trigno" in text[:200] or _LABEL.match(text):
        return True
    return any(_HEADER.match(line) for line in text.splitlines()[:_HEADER_LINES])


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where its columns are not channels with times."""
    lines = read_text(path).splitlines()
    number = _find_header(path, lines)
    delimiter = max(",;\t", key=lines[number].count)
    dialect = Dialect(delimiter)
    names = dialect.split(lines[number])
    first = number + 1
    while first < len(lines) and not _is_samples(dialect.split(lines[first])):
        first += 1
    if first >= len(lines):
        raise UnreadableFile(path, "has a header but no samples; export it again with the data")
    some_rows = lines[first : first + SAMPLE_LINES]
    refuse_bare_commas(path, dialect, len(names), some_rows)
    units = {found["name"]: found["unit"] for line in lines[:number] if (found := _LABEL.match(line))}
    columns = _find_columns(names, _sensors(dialect, lines, number), units)
    used = sorted({column.index for column in columns} | {column.time for column in columns})
    table = parse_ragged(path, lines[first:], with_decimal_sign(dialect, some_rows), used, first + 1)
    values = dict(zip(used, table, strict=True))
    groups, n_lost = _group(path, columns, values, names, first + 1)
    if not groups:
        raise UnreadableFile(path, "holds no channel with times; expected X[s] or Time Series before each")
    notes = [f"{n_lost} samples are missing in gaps of the times"] if n_lost else []
    dated = (
        line.partition(delimiter)[2].strip(f' "{delimiter}') for line in lines[:number] if line.startswith("Date/Time")
    )
    created = next(dated, "")
    return Imported(FORMAT, tuple(groups), tuple(notes), created)


def _find_header(path: Path, lines: list[str]) -> int:
    """Return the line that names the columns."""
    first = next((number for number, line in enumerate(lines) if not _LABEL.match(line)), 0)
    for number, line in enumerate(lines[first : first + _HEADER_LINES], start=first):
        if any(_TIME.match(cell.strip()) for cell in re.split(r"[,;\t]", line)):
            return number
    text = f"no line among its first {_HEADER_LINES} names columns of times (X[s] or Time Series)"
    raise UnreadableFile(path, f"{text}; it begins with {shorten(lines[0] if lines else '')!r}. Export it again")


def _is_samples(cells: list[str]) -> bool:
    """Tell whether a line holds samples: numbers where the rates and periods of Discover have a unit behind them."""
    found = [cell for cell in cells if cell]
    return bool(found) and not any(_RATE_UNIT.match(cell) for cell in found) and is_number(found[0])


def _sensors(dialect: Dialect, lines: list[str], header: int) -> dict[int, str]:
    """Return the sensor over each column of a Discover export: its name stands over the first of its columns."""
    if header < 2 or not lines[0].lstrip('\ufeff"').startswith("Application:"):
        return {}
    cells, sensors, current = dialect.split(lines[header - 2]), dict[int, str](), ""
    for column, cell in enumerate(cells):
        current = _SERIAL.sub("", cell) if cell else current
        sensors[column] = current
    return sensors


def _find_columns(names: list[str], sensors: dict[int, str], units: dict[str, str]) -> list[_Column]:
    """Pair every channel with the last column of times before it; a table of markers on the right has none.

    Only Discover appends such a table, and its channels all have units; `units` are those of EMGworks' labels.
    """
    tabled = any("time series" in name.lower() for name in names)
    columns, time = list[_Column](), -1
    for index, name in enumerate(names):
        if _TIME.match(name):
            time = index
        elif name and time >= 0:
            plain, unit = split_unit(name)
            unit = unit or units.get(plain, "")
            if unit or not tabled:
                columns.append(_Column(index, time, _name(plain, sensors.get(index, "")), unit))
    taken = [column.name for column in columns]
    return [
        column
        if taken.count(column.name) == 1
        else _Column(column.index, column.time, f"{column.name} {number}", column.unit)
        for number, column in enumerate(columns, start=1)
    ]


def _name(channel: str, sensor: str) -> str:
    """Name a channel: `Biceps: EMG 1` and sensor `Biceps`, channel `EMG 1`, are both `Biceps`."""
    own, _, within = channel.rpartition(":")
    sensor, channel = (own.strip(), within.strip()) if own else (sensor, channel)
    return (sensor or channel) if _NUMBERED.match(channel) else f"{sensor} {channel}".strip()


def _group(
    path: Path, columns: list[_Column], values: dict[int, FloatArray], names: list[str], first_line: int
) -> tuple[list[SignalGroup], int]:
    """Put the channels of one grid together, and count what is missing in it."""
    grids = dict[int, TimeGrid]()
    ends = {time: _count_samples(values[time]) for time in {column.time for column in columns}}
    by_grid = dict[tuple[float, float, int], list[_Column]]()
    for column in columns:
        n_rows = ends[column.time]
        if n_rows < 2:
            continue
        if column.time not in grids:
            grids[column.time] = fit_grid(path, names[column.time], values[column.time][:n_rows], first_line)
        grid = grids[column.time]
        by_grid.setdefault((float(grid.rate_hz), grid.start_s, int(grid.rows[-1])), []).append(column)
    groups = list[SignalGroup]()
    for (_, start_s, last), members in by_grid.items():
        spread = np.full((last + 1, len(members)), np.nan)
        for place, column in enumerate(members):
            rows = grids[column.time].rows
            spread[rows, place] = values[column.index][: len(rows)]
        rate_hz = grids[members[0].time].rate_hz
        labels, units = tuple(column.name for column in members), tuple(column.unit for column in members)
        groups.append(SignalGroup(labels, units, spread, rate_hz, start_s))
    return groups, sum(grid.n_lost for grid in grids.values())


def _count_samples(times: FloatArray) -> int:
    """Return how many rows a column has before its filling: empty cells, or times that fall back to 0."""
    known = ~np.isnan(times)
    n_rows = len(times) - int(np.argmax(known[::-1])) if known.any() else 0
    fallen = np.flatnonzero(np.diff(times[:n_rows]) < 0)
    return int(fallen[0]) + 1 if fallen.size and not times[fallen[0] + 1 : n_rows].any() else n_rows
