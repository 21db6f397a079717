"""When each frame left its sensor, on the clock that all processes of a machine share: the truth about a latency."""

import struct
import time
from pathlib import Path

_RECORD = struct.Struct("<BBHq")
_HEAD = struct.Struct("<BBH")

#: Sensor, stream and sequence number of a frame.
FrameKey = tuple[int, int, int]


class SentLog:
    """Written by the process of the sensors, a record for each frame; nothing where no file is asked for.

    Each record is written at once: the process is killed in the end.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else path.open("wb", buffering=0)

    def note(self, sensor: int, frame: bytes) -> None:
        """Note that a frame leaves now."""
        if self._file is not None:
            self.note_key(key_of(sensor, frame))

    def note_key(self, key: FrameKey) -> None:
        """Note that what is known by this key leaves now."""
        if self._file is not None:
            self._file.write(_RECORD.pack(*key, time.monotonic_ns()))


def read_sent(path: Path) -> dict[FrameKey, int]:
    """Return when each frame left, ns; a record that the end of the process has cut is left out."""
    data = path.read_bytes()
    whole = len(data) - len(data) % _RECORD.size
    return {(sensor, stream, seq): t_ns for sensor, stream, seq, t_ns in _RECORD.iter_unpack(data[:whole])}


def key_of(sensor: int, frame: bytes) -> FrameKey:
    """Return which frame this is."""
    _, stream, seq = _HEAD.unpack_from(frame)
    return sensor, stream, seq
