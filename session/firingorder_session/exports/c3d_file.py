"""C3D: all channels as analog data of one rate, for Visual3D, Vicon, Mokka and OpenSim; no markers.

C3D has one analog rate: slower channels are interpolated to the fastest. It has no lost samples: they are 0, and said.
The header is made by ezc3d for one frame, and the samples are added behind it stretch by stretch, so that memory stays
flat. Source: "The C3D File Format, A Technical User Manual", Motion Lab Systems 2008, chapters 2-4.
"""

import errno
import os
import struct
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from firingorder_signal.blocks import FloatArray, StreamKind

from ..errors import UnreadableFile
from ..formats.c3d_structure import BLOCK, check_length, check_structure
from .contract import (
    Export,
    ExportJob,
    ExportRefused,
    ReportWritten,
    channel_names,
    channel_units,
    find_marks,
    whole_file,
)
from .even import EvenStreams, count_measured

FORMAT = "C3D"
#: Frames, and analog samples a frame, are 16-bit numbers.
MOST = 65535


def write(job: ExportJob) -> Export:
    """Write a recording; its samples are read twice, once to count them."""
    even = EvenStreams(job.recording)
    rate_hz = max(stream.rate_hz for stream in even.streams)
    names = [name for stream in even.streams for name in channel_names(stream)]
    units = ["V" if unit == "uV" else unit for stream in even.streams for unit in channel_units(stream)]
    stretch_s = even.stretch_s()
    n_rows = _count_rows(even, stretch_s, rate_hz, job.part(0, 2))
    per_frame = _rows_a_frame(int(stretch_s * rate_hz), n_rows, len(names), job)
    with whole_file(job.path) as draft:
        _write_header(draft, names, units, rate_hz, per_frame, -(-n_rows // per_frame), job, even)
        lost = _append(draft, even, stretch_s, rate_hz, -(-n_rows // per_frame) * per_frame, job)
    said = even.say_interpolated()
    slow = sorted({float(stream.rate_hz) for stream in even.streams if stream.rate_hz != rate_hz})
    said += (
        [f"channels of {', '.join(f'{each:g}' for each in slow)} Hz: interpolated to {float(rate_hz):g} Hz"]
        if slow
        else []
    )
    said += [f"{lost} lost samples: written as 0"] if lost else []
    said += ["samples are rounded to 32-bit floats", *job.unless_foreign("the sensors' own clocks and bytes")]
    return Export((job.path,), tuple(said))


def _rows_a_frame(per_stretch: int, n_rows: int, n_channels: int, job: ExportJob) -> int:
    """Return how many analog rows a frame has: as few as keep the number of frames within 16 bits."""
    for rows in range(1, per_stretch + 1):
        if per_stretch % rows == 0 and -(-n_rows // rows) <= MOST and rows * n_channels <= MOST:
            return rows
    hours = n_rows / 3600
    raise ExportRefused(
        f"{job.recording.info.name}: is too long for C3D ({hours:.1f} thousand rows); write .bdf or .parquet"
    )


def _write_header(
    path: Path,
    names: list[str],
    units: list[str],
    rate_hz: Fraction,
    per_frame: int,
    n_frames: int,
    job: ExportJob,
    even: EvenStreams,
) -> None:
    """Write header and parameters for so many frames, and no samples yet."""
    ezc3d: Any = import_module("ezc3d")  # it has no types
    file = ezc3d.c3d()
    frame_hz = float(rate_hz / per_frame)
    file["parameters"]["POINT"]["RATE"]["value"] = [frame_hz]
    analog = file["parameters"]["ANALOG"]
    analog["LABELS"]["value"], analog["UNITS"]["value"], analog["RATE"]["value"] = names, units, [float(rate_hz)]
    analog["DESCRIPTIONS"]["value"] = [""] * len(names)
    marks = [mark for mark in find_marks(job.analysis) if mark.time_s >= even.start_s]
    for mark in marks:
        minutes, seconds = divmod(mark.time_s - even.start_s, 60.0)
        file.add_event(time=(minutes, seconds), context="General", label=mark.text[:60])
    file["data"]["points"] = np.zeros((4, 0, 1))
    file["data"]["analogs"] = np.zeros((1, len(names), per_frame))
    file.write(str(path))
    data = bytearray(path.read_bytes())
    try:
        check_structure(path, data)
        check_length(path, data, per_frame * len(names), 4)
    except UnreadableFile as error:  # ezc3d says nothing of a disk that did not take it
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
    first_sample = (struct.unpack_from("<H", data, 16)[0] - 1) * BLOCK
    del data[first_sample:]
    struct.pack_into("<HH", data, 6, 1, n_frames)
    _set_frames(data, n_frames)
    path.write_bytes(bytes(data))


def _set_frames(data: bytearray, n_frames: int) -> None:
    """Correct POINT:FRAMES and, where ezc3d wrote it, TRIAL:ACTUAL_END_FIELD in the parameters."""
    for name, value in (
        (b"FRAMES", struct.pack("<H", n_frames)),
        (b"ACTUAL_END_FIELD", struct.pack("<HH", n_frames, 0)),
    ):
        at = data.find(name, BLOCK)
        if at < 0:
            continue
        # Behind a name: offset of the next (2), bytes an element (1), dimensions (1) and their lengths, the value.
        n_dimensions = data[at + len(name) + 3]
        place = at + len(name) + 4 + n_dimensions
        data[place : place + len(value)] = value


def _append(path: Path, even: EvenStreams, stretch_s: Fraction, rate_hz: Fraction, n_rows: int, job: ExportJob) -> int:
    """Add so many rows of samples; return how many samples were lost."""
    n_lost = done = 0
    per_stretch, report = int(stretch_s * rate_hz), job.part(1, 2)
    with path.open("ab") as file:
        for rows in even.stretches(stretch_s):
            columns = [
                _at_rate(values, per_stretch) * (1e-6 if stream.kind is StreamKind.EMG else 1.0)
                for stream, values in zip(even.streams, rows, strict=True)
            ]
            table = np.column_stack(columns)
            table = table[: n_rows - done]
            done += len(table)
            n_lost += int(np.isnan(table).sum())
            file.write(np.nan_to_num(table, nan=0.0).astype("<f4").tobytes())
            report(done / float(rate_hz))
        file.write(bytes(-file.tell() % BLOCK))
    return n_lost


def _count_rows(even: EvenStreams, stretch_s: Fraction, rate_hz: Fraction, report: ReportWritten) -> int:
    """Return how many rows there are up to the last sample."""
    per_stretch, n_rows = int(stretch_s * rate_hz), 0
    for number, rows in enumerate(even.stretches(stretch_s)):
        report(float(number * stretch_s))
        share = max(count_measured(values) / len(values) for values in rows)
        n_rows = number * per_stretch + round(share * per_stretch) if share > 0 else n_rows
    return n_rows


def _at_rate(values: FloatArray, n_rows: int) -> FloatArray:
    """Return a stretch with so many rows, interpolated where it has fewer; lost samples stay lost."""
    if len(values) == n_rows:
        return values
    at, own = np.arange(n_rows) * (len(values) / n_rows), np.arange(len(values), dtype=np.float64)
    columns: list[FloatArray] = [np.interp(at, own, column) for column in values.T]
    return np.column_stack(columns)
