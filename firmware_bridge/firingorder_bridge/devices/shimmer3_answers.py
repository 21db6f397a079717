"""What is said to a Shimmer3 and what it answers, byte by byte. Nothing here is framed: lengths follow from the code.

Source: ShimmerResearch/log-and-stream-common at 12db787, `Comms/shimmer_bt_uart.h` (codes), `shimmer_bt_uart.c`
(arguments, answers), `CRC/shimmer_swCrc.c` and `shimmer_crc.c` (checksum, with test values).

Each command is acknowledged by one byte; a question is answered right behind the acknowledgement. What the device says
unasked, when it is docked or a button is pressed, begins with a code of its own.
"""

from binascii import crc_hqx
from enum import IntEnum

from .shimmer3_units import N_REGISTERS


class Code(IntEnum):
    """The codes used here; the first byte of a command, and of what comes."""

    DATA = 0x00
    INQUIRY = 0x01
    INQUIRY_ANSWER = 0x02
    SET_RATE = 0x05
    START = 0x07
    SET_SENSORS = 0x08
    STOP = 0x20
    HARDWARE_ANSWER = 0x25
    CALIBRATION = 0x2C
    CALIBRATION_ANSWER = 0x2D
    FIRMWARE = 0x2E
    FIRMWARE_ANSWER = 0x2F
    HARDWARE = 0x3F
    SET_GYRO_RATE = 0x4C
    SET_REGISTERS = 0x61
    REGISTERS_ANSWER = 0x62
    REGISTERS = 0x63
    BOARD_ANSWER = 0x65
    BOARD = 0x66
    STATUS = 0x71
    UNASKED = 0x8A
    SET_CHECKSUM = 0x8B
    MEMORY_ANSWER = 0x8D
    MEMORY = 0x8E
    BATTERY = 0x94
    SET_UNASKED_PREFIX = 0xA3
    REFUSED = 0xFE
    DONE = 0xFF


#: Where in the device's memory its Bluetooth address is (`Configuration/shimmer_config.h`, NV_MAC_ADDRESS).
ADDRESS_AT, ADDRESS_BYTES = 224, 6
ASK_ADDRESS = bytes((Code.MEMORY, ADDRESS_BYTES, ADDRESS_AT & 255, ADDRESS_AT >> 8))
BOARD_BYTES = 3
ASK_BOARD = bytes((Code.BOARD, BOARD_BYTES, 0))
#: Bytes behind the code of an answer whose length is fixed, ...
_FIXED = {Code.HARDWARE_ANSWER: 1, Code.FIRMWARE_ANSWER: 6, Code.CALIBRATION_ANSWER: 84}
#: ... of one that says first how much was asked for, ...
_COUNTED = {Code.REGISTERS_ANSWER: N_REGISTERS, Code.BOARD_ANSWER: BOARD_BYTES, Code.MEMORY_ANSWER: ADDRESS_BYTES}
#: ... and of what comes unasked: its second code, and how many bytes in all.
_UNASKED = {Code.STATUS: 3, Code.BATTERY: 5}
#: Of the answer to an inquiry: rate divider, configuration, how many channels, buffer; then the channels.
INQUIRY_HEAD, _N_CHANNELS_AT = 8, 6
ANSWERS = frozenset((*_FIXED, *_COUNTED, Code.INQUIRY_ANSWER))
#: Hardware numbers given so far (`Boards/shimmer_boards.h`); another one is a chance find among other bytes.
_HARDWARE_MAX = 16

CHECKSUM_START, CHECKSUM_BYTES = 0xB0CA, 2


def checksum(data: bytes) -> bytes:
    """Return the two bytes that follow a packet: CRC-16/CCITT from 0xB0CA over an even number of bytes, low first.

    Examples
    --------
    >>> checksum(bytes(range(1, 9))).hex(), checksum(bytes(range(1, 10))).hex()
    ('aa48', '5d2a')
    """
    return crc_hqx(data + bytes(len(data) % 2), CHECKSUM_START).to_bytes(2, "little")


#: How a device says that checksums are on.
CHECKED_DONE = bytes((Code.DONE,)) + checksum(bytes((Code.DONE,)))


def measure_unasked(data: bytes, start: int, *, checked: bool) -> int | None:
    """Return how long what comes unasked at `start` is; 0 where more must come first, None where it is none."""
    begin = start + 1 if data[start] == Code.DONE else start
    if begin >= len(data) or data[begin] != Code.UNASKED:
        return None
    if begin + 1 >= len(data):
        return 0
    size = _UNASKED.get(Code(data[begin + 1])) if data[begin + 1] in _UNASKED else None
    if size is None:
        return None
    size += begin - start + CHECKSUM_BYTES * checked
    return size if start + size <= len(data) else 0


def measure_done(data: bytes, start: int, *, checked: bool) -> int | None:
    """Return how long an acknowledgement, or a refusal, at `start` is; 0 where more must come first, None for none."""
    if data[start] not in (Code.DONE, Code.REFUSED):
        return None
    if not checked:
        return 1
    expected = data[start : start + 1] + checksum(data[start : start + 1])
    piece = data[start : start + len(expected)]
    if piece == expected:
        return len(expected)
    return 0 if expected.startswith(piece) else None


def measure_answer(data: bytes, start: int, code: Code) -> int | None:
    """Return how long the acknowledged answer at `start` is; 0 where more must come first, None where it is none."""
    if data[start] != Code.DONE or data[start + 1 : start + 2] not in (b"", bytes((code,))):
        return None
    body = data[start + 2 :]
    if code in _FIXED:
        size = _FIXED[code]
    elif code in _COUNTED:
        size = 1 + _COUNTED[code]
        if body and body[0] != _COUNTED[code]:
            return None
    else:
        size = INQUIRY_HEAD + body[_N_CHANNELS_AT] if len(body) > _N_CHANNELS_AT else len(body) + 1
    if code is Code.HARDWARE_ANSWER and body and body[0] > _HARDWARE_MAX:
        return None
    return 2 + size if len(body) >= size else 0
