"""A BITalino's packets: where they begin, whether they are whole, what they hold. One packet is one sample.

A packet has no delimiter. Its last byte is a 4-bit number and a 4-bit checksum, so that bytes of anything pass for the
next packet in 1 of 256 cases, and for some packet in 1 of 16. So in step only the very next number is taken; where the
number jumps, or a checksum is wrong, `STEP_PACKETS` packets that count up are waited for (chance: 1 in 2^28). One wrong
sample may pass, but a wrong number never does: it would shift all that follows.
"""

import struct
from dataclasses import dataclass
from functools import cached_property

import numpy as np

WIDE_BITS, NARROW_BITS, N_WIDE = 10, 6, 4
#: Number and checksum, then four digital lines, come before the channels.
HEAD_BITS = 12
STEP_PACKETS = 4
GREETING = b"BITalino"
#: A greeting longer than this is none.
GREETING_MAX = 64
#: From so many packets on numpy is faster than a loop (measured: 15 µs a call; 0.5 µs a packet).
MANY = 32
#: Counts are written so that the converter's rails are those of 16 bits, by which `signal/quality.py` tells clipping. A
#: narrow count stands for the middle of its range; by its lower end the upper rail would be 3 % short of full scale.
WIDE_STEP, WIDE_RAIL = 1 << 6, 1 << 15
NARROW_STEP, NARROW_RAIL = 1040, 32_760
#: Remainder of a nibble and a byte after it, divided by x^4 + x + 1; a whole packet with its checksum leaves none.
_POLYNOMIAL = 0b10011


def _divide(value: int) -> int:
    """Return the remainder of 12 bits."""
    for shift in range(7, -1, -1):
        if value >> (shift + 4) & 1:
            value ^= _POLYNOMIAL << shift
    return value


_REMAINDERS = bytes(_divide(value) for value in range(1 << 12))
_REMAINDER_ROW = np.frombuffer(_REMAINDERS, np.uint8)


@dataclass(frozen=True)
class Layout:
    """Which inputs a packet carries and how long it is."""

    channels: tuple[int, ...]

    @cached_property
    def n_bytes(self) -> int:
        """Length of a packet."""
        return -(-self._end(len(self.channels) - 1) // 8)

    def bits(self, position: int) -> int:
        """Resolution of the channel at a position: the fifth and sixth in a packet are narrow, whatever they are."""
        return WIDE_BITS if position < N_WIDE else NARROW_BITS

    def _end(self, position: int) -> int:
        """Return where a channel ends, in bits, in the packet read as one number, last byte first."""
        return HEAD_BITS + sum(self.bits(each) for each in range(position + 1))

    def full_scale(self, position: int) -> int:
        """Return the whole range of the channel at a position in steps of what is written for it."""
        return (1 << self.bits(position)) * (WIDE_STEP if position < N_WIDE else NARROW_STEP)

    @cached_property
    def fields(self) -> tuple[tuple[int, int, int, int], ...]:
        """How far each channel lies above the number's lowest bit, its mask, what a count is written as, and zero."""
        scales = [(WIDE_STEP, WIDE_RAIL) if n < N_WIDE else (NARROW_STEP, NARROW_RAIL) for n in range(6)]
        return tuple(
            (8 * self.n_bytes - self._end(n), (1 << self.bits(n)) - 1, *scales[n]) for n in range(len(self.channels))
        )


def read_samples(data: bytes, layout: Layout) -> bytes:
    """Return the samples of whole packets as 16-bit integers, one packet after the other."""
    size = layout.n_bytes
    n_packets = len(data) // size
    if n_packets < MANY:
        words = [int.from_bytes(data[at : at + size], "little") for at in range(0, n_packets * size, size)]
        few = [(word >> shift & mask) * step - rail for word in words for shift, mask, step, rail in layout.fields]
        return struct.pack(f"<{len(few)}h", *few)
    rows = np.frombuffer(data, np.uint8).reshape(n_packets, size).astype(np.int32)
    # A channel lies in two bytes.
    columns = [
        ((rows[:, shift // 8] | rows[:, shift // 8 + 1] << 8) >> shift % 8 & mask) * step - rail
        for shift, mask, step, rail in layout.fields
    ]
    return np.stack(columns, axis=1).astype("<i2").tobytes()


def is_whole(data: bytes, start: int, stop: int) -> bool:
    """Tell whether the checksum of the packet between is right."""
    rest = 0
    for byte in data[start:stop]:
        rest = _REMAINDERS[rest << 8 | byte]
    return rest == 0


def find_greeting(data: bytes) -> int | None:
    """Return where a whole greeting begins; or else how many bytes are none, None where more must come first."""
    at = data.find(GREETING)
    if at == 0:
        if data.find(b"\n", 0, GREETING_MAX) >= 0:
            return 0
        return len(GREETING) if len(data) >= GREETING_MAX else None
    if at > 0:
        return at
    n_begun = next((n for n in range(len(GREETING) - 1, 0, -1) if data.endswith(GREETING[:n])), 0)
    return len(data) - n_begun or None


class PacketCutter:
    """Finds runs of whole packets, one number after the other, at the beginning of bytes."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._size = layout.n_bytes
        self._in_step = False
        self._number = 0

    def reset(self) -> None:
        """Forget what number comes next."""
        self._in_step = False

    def next(self, data: bytes) -> tuple[int, bool] | None:
        """Return how long the next piece is and whether it is damaged; None where more must come first."""
        if data.startswith(GREETING):
            end = data.find(b"\n", 0, GREETING_MAX)
            if end >= 0:
                self._in_step = False
                return end + 1, False
            if len(data) < GREETING_MAX:
                return None
        if self._in_step:
            if len(data) < self._size:
                return None
            n = self._count(data)
            if n:
                self._number = (self._number + n) % 16
                return n * self._size, False
            self._in_step = False
        return self._search(data)

    def _count(self, data: bytes) -> int:
        """Count whole packets that are numbered on from the one expected."""
        size, n = self._size, len(data) // self._size
        if n >= MANY:
            return self._count_many(data, n)
        for row in range(n):
            stop = (row + 1) * size
            if data[stop - 1] >> 4 != (self._number + row) % 16 or not is_whole(data, stop - size, stop):
                return row
        return n

    def _count_many(self, data: bytes, n: int) -> int:
        """Count them with numpy."""
        rows = np.frombuffer(data, np.uint8, n * self._size).reshape(n, self._size)
        rest = np.zeros(n, np.intp)
        for column in rows.T:
            rest = _REMAINDER_ROW[rest << 8 | column].astype(np.intp)
        good = (rest == 0) & (rows[:, -1] >> 4 == (self._number + np.arange(n)) % 16)
        return n if good.all() else int(np.argmin(good))

    def _search(self, data: bytes) -> tuple[int, bool] | None:
        """Look for packets in step; what lies before them, or what can be none, is damage."""
        size = self._size
        greeting = data.find(GREETING, 1)
        last = len(data) - STEP_PACKETS * size
        for start in range(min(last, greeting - 1) + 1 if greeting > 0 else last + 1):
            # Numbers first: only every sixteenth place needs more, so that noise costs 0.2 µs a byte (measured).
            end = start + size - 1
            if (data[end + size] >> 4) - (data[end] >> 4) & 15 == 1 and self._begins(data, start):
                self._in_step, self._number = True, data[end] >> 4
                return (start, True) if start else self.next(data)
        if greeting > 0:
            return greeting, True
        keep = STEP_PACKETS * size - 1
        return (len(data) - keep, True) if len(data) > keep + size else None

    def _begins(self, data: bytes, start: int) -> bool:
        """Tell whether packets in step begin here."""
        size = self._size
        stops = range(start + size, start + STEP_PACKETS * size + 1, size)
        first = data[stops[0] - 1] >> 4
        counts_up = all(data[stop - 1] >> 4 == (first + n) % 16 for n, stop in enumerate(stops))
        return counts_up and all(is_whole(data, stop - size, stop) for stop in stops)
