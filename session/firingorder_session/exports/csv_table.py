"""CSV: one table a rate, a column of times and a column a channel, with its unit in the header; full precision.

Channels of one rate and clock share a file: `visit.csv`, `visit-200Hz.csv`, ... Lost samples are empty cells.
Source: RFC 4180; what `formats.plain_csv` reads.
"""

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from firingorder_signal.blocks import FloatArray

from .contract import Export, ExportJob, channel_names, channel_units, find_marks, whole_file
from .even import EvenStreams, measured

FORMAT = "CSV"


def write(job: ExportJob) -> Export:
    """Write a recording, one file a rate."""
    even = EvenStreams(job.recording)
    rates = list(dict.fromkeys(stream.rate_hz for stream in even.streams))
    files = tuple(_write_rate(job, even, rates, number) for number in range(len(rates)))
    lost = even.say_interpolated()
    if find_marks(job.analysis):
        lost.append("lifts and onsets (write .bdf)")
    return Export(files, (*lost, *job.unless_foreign("the sensors' own clocks and bytes")))


def _name(path: Path, rate_hz: Fraction, *, first: bool) -> Path:
    """Return a rate's file."""
    return path if first else path.with_name(f"{path.stem}-{float(rate_hz):g}Hz{path.suffix}")


def _write_rate(job: ExportJob, even: EvenStreams, rates: Sequence[Fraction], n_before: int) -> Path:
    """Write the streams of one rate; each is as long, so that all have the same share of what is told."""
    rate_hz, report = rates[n_before], job.part(n_before, len(rates))
    path = _name(job.path, rate_hz, first=n_before == 0)
    chosen = [number for number, stream in enumerate(even.streams) if stream.rate_hz == rate_hz]
    streams = [even.streams[number] for number in chosen]
    plain = [name for stream in streams for name in channel_names(stream)]
    names = [name if plain.count(name) == 1 else f"{name} {n}" for n, name in enumerate(plain, start=1)]
    units = [unit for stream in streams for unit in channel_units(stream)]
    titles = [f"{name} [{unit}]" if unit else name for name, unit in zip(names, units, strict=True)]
    index = 0
    with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
        # Names of other systems' channels may hold commas and quotes.
        csv.writer(file).writerow(["time [s]", *(" ".join(title.split()) for title in titles)])
        for table in measured(even.stretches(even.stretch_s()), chosen):
            times_s = even.start_s + (index + np.arange(len(table))) / float(rate_hz)
            file.writelines(_lines(times_s, table))
            index += len(table)
            report(index / float(rate_hz))
    return path


def _lines(times_s: FloatArray, table: FloatArray) -> list[str]:
    """Return rows of text; the shortest digits that read back as the same number, nothing where a sample is lost."""
    rows = zip(times_s.tolist(), table.tolist(), strict=True)
    return [
        f"{time_s:.7f}," + ",".join("" if value != value else repr(value) for value in row) + "\r\n"
        for time_s, row in rows
    ]
