"""A uMyo base's packets in a serial port's bytes: where they lie, and the numbers in one. No I/O, no memory of units.

The layout and its sources are in `umyo_usb.py`. The mark may occur in a sample, and nothing checks the bytes, so that
out of step a packet is believed when another one's head follows it.
"""

import struct
from dataclasses import dataclass

from ..buffer import RawFrame
from .umyo_units import BLOCK

MARK = b"\x4f\xd5"
#: Lengths that the unit states, with and without a magnetometer; the base puts three bytes before them.
LENGTHS, BASE_BYTES = (62, 56), 3
#: Type of a packet with 8 samples.
TYPE = 80 + BLOCK
PACKET_NUMBERS = 129
HEAD_BYTES = 11
PACKET_BYTES = LENGTHS[0] + BASE_BYTES
_HEAD = struct.Struct(">2sBBBIBB3sB")


@dataclass(frozen=True)
class Packet:
    """One packet: its numbers, and the values as they lie in it."""

    unit: int
    number: int
    block: int
    battery_mv: int
    rssi: int
    emg: tuple[int, ...]
    motion: tuple[int, ...]

    @classmethod
    def read(cls, data: bytes) -> "Packet":
        """Read the bytes of a packet."""
        _, rssi, number, _, unit, _, parameter, values, block = _HEAD.unpack_from(data)
        words: tuple[int, ...] = struct.unpack_from(f">{(len(data) - _HEAD.size) // 2}h", data, _HEAD.size)
        battery_mv = 2000 + 10 * values[0] if parameter == 0 else 0
        # After 8 samples and 4 numbers of the spectrum: 4 of the quaternion, 3 of the acceleration; 3 angles are left
        # out, which the quaternion says too.
        rest = words[12:19] + words[22:25]
        return cls(unit, number, block, battery_mv, rssi, words[:BLOCK], rest)


class Cutter:
    """Cuts a base's chunks into runs of packets."""

    def __init__(self) -> None:
        self._buffer = b""
        self._in_step = False

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Take the next chunk; return runs of whole packets, and as damaged what is none."""
        self._buffer += chunk
        found: list[RawFrame] = []
        while (piece := self._next()) is not None:
            size, damaged = piece
            found.append(RawFrame(t_host_ns, self._buffer[:size], damaged))
            self._buffer = self._buffer[size:]
        return found

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return what is begun as damage, and forget it."""
        begun, self._buffer = self._buffer, b""
        return [RawFrame(t_host_ns, begun, True)] if begun else []

    def _next(self) -> tuple[int, bool] | None:
        """Return the length of the next piece of the buffer and whether it is damaged; None when more must come."""
        size = 0
        while self._in_step and (n := size_at(self._buffer, size)) and size + n <= len(self._buffer):
            if self._swallows(size, size + n):
                self._in_step = False
                break
            size += n
        if size:
            return size, False
        if self._in_step and _may_begin(self._buffer):
            return None
        self._in_step = False
        return self._search()

    def _swallows(self, start: int, stop: int) -> bool:
        """Tell whether what looks like a packet has lost bytes, and taken the next one's beginning in their place."""
        if stop == len(self._buffer) or _may_begin(self._buffer[stop : stop + HEAD_BYTES]):
            return False
        inner = self._buffer.find(MARK, start + 1, stop + 1)
        return inner >= 0 and size_at(self._buffer, inner) > 0

    def _search(self) -> tuple[int, bool] | None:
        """Look for two packets in a row; what lies before them, or what can be none, is damage."""
        start = self._buffer.find(MARK)
        while start >= 0:
            n = size_at(self._buffer, start)
            after = self._buffer[start + n : start + n + HEAD_BYTES]
            if n and len(after) < HEAD_BYTES and _may_begin(after):
                return (start, True) if start else None
            if n and size_at(after, 0):
                self._in_step = True
                return (start, True) if start else self._next()
            if not n and _may_begin(self._buffer[start:]):
                break
            start = self._buffer.find(MARK, start + 1)
        if start < 0:
            start = len(self._buffer) - self._buffer.endswith(MARK[:1])
        return (start, True) if start else None


def _may_begin(data: bytes) -> bool:
    """Tell whether bytes are a packet's head as far as they go."""
    checks = (
        data[0:1] in (b"", MARK[:1]),
        data[1:2] in (b"", MARK[1:]),
        len(data) <= 3 or data[3] < PACKET_NUMBERS,
        len(data) <= 4 or data[4] in LENGTHS,
        len(data) <= 9 or data[9] == TYPE,
    )
    return all(checks)


def size_at(data: bytes, start: int) -> int:
    """Return how long the packet is whose whole head lies at `start`; 0 where there is none."""
    head = data[start : start + HEAD_BYTES]
    return head[4] + BASE_BYTES if len(head) == HEAD_BYTES and _may_begin(head) else 0
