"""OpenSignals text files: a header line of JSON, a row a sample, the devices' columns side by side.

Source: "OpenSignals (r)evolution - file format" of PLUX, and the files of biosignalsnotebooks.
"""

import json
from pathlib import Path
from typing import Any, cast

from ..errors import UnreadableFile
from .contract import Imported, ImportHints, SignalGroup, read_text
from .number_table import SAMPLE_CHARS, SAMPLE_LINES, Dialect, parse_rows, with_decimal_sign
from .opensignals import describe, make_group, read_device

FORMAT = "OpenSignals text"
FIRST_LINE = "# OpenSignals Text File Format"
_END = "# EndOfHeader"


def matches(head: bytes) -> bool:
    """Tell whether a file begins as an OpenSignals text file does."""
    return head.startswith(FIRST_LINE.encode())


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where its header is cut off, or does not fit its columns."""
    header, end, body = read_text(path).partition(_END)
    lines = header.splitlines()
    if not end or len(lines) < 2:
        raise UnreadableFile(path, f"has no line {_END!r}: its header was cut off; export it again")
    try:
        facts = cast(dict[str, dict[str, Any]], json.loads(lines[1].lstrip("# ")))
    except ValueError as error:
        raise UnreadableFile(path, f"has a header that is not JSON ({error}); export it again") from None
    columns = {name: [str(column) for column in each.get("column", ())] for name, each in facts.items()}
    n_columns = sum(len(names) for names in columns.values())
    n_header = len(lines) + 1
    body = "\n".join(line.rstrip("\t\r ") for line in body.lstrip("\r\n").splitlines())
    dialect = with_decimal_sign(Dialect("\t"), body[:SAMPLE_CHARS].splitlines()[:SAMPLE_LINES])
    values = parse_rows(path, body, dialect, n_columns, n_header + 1)
    devices, groups, lost, first = list[Any](), list[SignalGroup](), dict[str, int](), 0
    for name, each in facts.items():
        device = read_device(path, name, each)
        own = values[:, first : first + len(columns[name])]
        first += len(columns[name])
        channels = own[:, len(columns[name]) - len(device.labels) :]
        sequence = own[:, columns[name].index("nSeq")] if "nSeq" in columns[name] else None
        group, lost[name] = make_group(path, device, list(channels.T), sequence, hints.unit)
        devices.append(device)
        groups.append(group)
    return Imported(FORMAT, tuple(groups), describe(devices, lost), devices[0].created if devices else "")
