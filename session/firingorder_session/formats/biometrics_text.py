"""Biometrics DataLOG text export: a header of channels with units and counts, then tab-separated rows.

The header gives each channel's name, number of values and engineering unit, and the rate where a slow channel was
extrapolated to it. Without such a channel the rate is nowhere in the file, and the caller is asked. Source of the
layout: exports in UCI "EMG dataset in lower limb" (CC BY 4.0, Sanchez and Sotelo), 3A* without and 5N* with a rate.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from ..errors import UnreadableFile
from .contract import Imported, ImportHints, SignalGroup, read_text
from .number_table import SAMPLE_LINES, Dialect, parse_rows, with_decimal_sign

FORMAT = "Biometrics DataLOG text"

_CHANNEL = re.compile(r"^Channel\s+(\d+):\s*'([^']*)',\s*(\d+)\s+values,\s*engineering units:\s*([^,]*?)\s*,(.*)$")
_EXTRAPOLATED = re.compile(r"extrapolated from ([\d.]+) to ([\d.]+) samples per second")
_RATE = re.compile(r"([\d.]+)\s*(?:samples per second|Hz)\b")


@dataclass(frozen=True)
class _Channel:
    """One line of the header."""

    name: str
    n_values: int
    unit: str
    rate_hz: Fraction | None
    repeats: Fraction = Fraction(1)

    @property
    def n_rows(self) -> int:
        """Rows that the channel's values fill."""
        return int(self.n_values * self.repeats)


def matches(head: bytes) -> bool:
    """Tell whether a file begins like a DataLOG export."""
    return head.startswith(b"File Name:") and b"engineering units:" in head


def load(path: Path, hints: ImportHints) -> Imported:
    """Read a file; raise UnreadableFile where it is cut off, or states no rate and the caller states none."""
    lines = read_text(path).splitlines()
    n_header = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    channels = [_read_channel(path, number + 1, line) for number, line in enumerate(lines[1:n_header], start=1)]
    if not channels:
        raise UnreadableFile(path, "names no channel in its header; export it again with the header")
    rows = lines[n_header + 1 :]
    dialect = with_decimal_sign(Dialect("\t"), rows[:SAMPLE_LINES])
    values = parse_rows(path, "\n".join(rows), dialect, len(channels), n_header + 2)
    wanted = max(channel.n_rows for channel in channels)
    if values.shape[0] < wanted:
        text = f"has {values.shape[0]} rows and its header promises {wanted}: it was cut off"
        raise UnreadableFile(path, f"{text}; export or copy it again")
    rate_hz = _find_rate(path, channels, hints)
    # A slow channel is padded to a whole number of its values; the fast ones end before that.
    n_samples = max((channel.n_rows for channel in channels if channel.repeats == 1), default=wanted)
    names, units = tuple(channel.name for channel in channels), tuple(channel.unit for channel in channels)
    group = SignalGroup(names, units, np.ascontiguousarray(values[:n_samples]), rate_hz)
    return Imported(FORMAT, (group,))


def _read_channel(path: Path, number: int, line: str) -> _Channel:
    """Read one line of the header."""
    found = _CHANNEL.match(line)
    if found is None:
        raise UnreadableFile(path, f"line {number} of its header is no channel: {line[:40]!r}; export it again")
    _, name, n_values, unit, rest = found.groups()
    slow = _EXTRAPOLATED.search(rest)
    if slow is not None:
        source, rate = Fraction(slow[1]), Fraction(slow[2])
        return _Channel(name, int(n_values), unit, rate, rate / source)
    stated = _RATE.search(rest)
    return _Channel(name, int(n_values), unit, Fraction(stated[1]) if stated else None)


def _find_rate(path: Path, channels: list[_Channel], hints: ImportHints) -> Fraction:
    """Return the rate of the rows: what the header says, or else the caller."""
    rates = {channel.rate_hz for channel in channels if channel.rate_hz is not None}
    if len(rates) == 1:
        return rates.pop()
    if hints.rate_hz is not None:
        return Fraction(hints.rate_hz).limit_denominator(10_000)
    listed = ", ".join(f"{float(rate):g}" for rate in sorted(rates))
    what = f"states several rates ({listed} Hz)" if rates else "states no rate"
    raise UnreadableFile(path, f"{what}; how many samples a second are these? State it (--rate-hz, rate_hz=)")
