"""A writer of XDF as LabRecorder makes it: no library of others writes it. Source: github.com/sccn/xdf, version 1.0."""

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from firingorder_signal.blocks import FloatArray


def _chunk(tag: int, content: bytes) -> bytes:
    body = struct.pack("<H", tag) + content
    return b"\x04" + struct.pack("<I", len(body)) + body


def _samples(number: int, times: FloatArray, values: FloatArray) -> bytes:
    rows = b"".join(
        b"\x08" + struct.pack("<d", time) + row.astype("<f4").tobytes() for time, row in zip(times, values, strict=True)
    )
    return _chunk(3, struct.pack("<I", number) + b"\x04" + struct.pack("<I", len(times)) + rows)


def write_xdf(
    path: Path, names: Sequence[str], units: Sequence[str], values: FloatArray, times: FloatArray, rate_hz: float
) -> None:
    """Write one stream, its clock 5 s behind the recorder's."""
    channels = "".join(
        f"<channel><label>{name}</label><unit>{unit}</unit><type>EMG</type></channel>"
        for name, unit in zip(names, units, strict=True)
    )
    header = (
        f'<?xml version="1.0"?><info><name>Amplifier</name><type>EMG</type><channel_count>{len(names)}</channel_count>'
        f"<nominal_srate>{rate_hz}</nominal_srate><channel_format>float32</channel_format><source_id>amp1</source_id>"
        f"<hostname>lab</hostname><desc><channels>{channels}</channels></desc></info>"
    )
    footer = (
        f"<info><first_timestamp>{times[0]}</first_timestamp><last_timestamp>{times[-1]}</last_timestamp>"
        f"<sample_count>{len(times)}</sample_count></info>"
    )
    number = struct.pack("<I", 1)
    parts = [b"XDF:", _chunk(1, b'<?xml version="1.0"?><info><version>1.0</version></info>')]
    parts.append(_chunk(2, number + header.encode()))
    parts += [_chunk(4, number + struct.pack("<dd", float(times[0]) + at, 5.0)) for at in (0.0, 1.0, 2.0)]
    for rows in np.array_split(np.arange(len(times)), max(len(times) // 40, 1)):
        parts.append(_samples(1, times[rows], values[rows]))
    parts.append(_chunk(6, number + footer.encode()))
    path.write_bytes(b"".join(parts))
