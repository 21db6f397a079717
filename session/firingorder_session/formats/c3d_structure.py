"""Whether a C3D file holds together, before a library trusts its pointers: the sections lie where the header says.

A file that was cut off, or whose parameters run over their section, is read by libraries with numbers that are not its
own, or ends the program. Source: "The C3D File Format, A Technical User Manual", Motion Lab Systems 2008, chapters 2-4.
"""

import struct
from pathlib import Path

from ..errors import UnreadableFile

#: Everything is counted in blocks of so many bytes.
BLOCK = 512
#: Byte 2 of every C3D file.
KEY = 0x50
#: Processor types: Intel, DEC, SGI/MIPS; they say how numbers are written.
INTEL, DEC, MIPS = 84, 85, 86
_AGAIN = "export or copy it again"


def check_structure(path: Path, data: bytes | bytearray) -> None:
    """Raise UnreadableFile where the header, the parameters or the samples are not where they should be."""
    if len(data) < 2 * BLOCK:
        raise UnreadableFile(path, f"is a C3D file of {len(data)} bytes: it was cut off; {_AGAIN}")
    start = (data[0] - 1) * BLOCK
    if data[0] < 2 or start + BLOCK > len(data):
        raise _damaged(path, f"its parameters should begin at block {data[0]}, and it has {len(data) // BLOCK}")
    processor = data[start + 3]
    if processor not in (INTEL, DEC, MIPS):
        raise _damaged(path, f"it names processor {processor}; expected {INTEL} (Intel), {DEC} (DEC) or {MIPS} (MIPS)")
    order = ">" if processor == MIPS else "<"
    end = start + data[start + 2] * BLOCK
    reached = _walk_parameters(path, data, start + 4, order)
    if reached > end:
        text = f"its parameters run {reached - end} bytes over the {data[start + 2]} blocks of their section"
        raise _damaged(path, text)
    first_sample = (struct.unpack_from(f"{order}H", data, 16)[0] - 1) * BLOCK
    if first_sample < end or first_sample > len(data):
        raise _damaged(path, f"its samples should begin at byte {first_sample}, and its parameters end at {end}")


def check_length(path: Path, data: bytes | bytearray, n_words: int, word_bytes: int) -> None:
    """Raise UnreadableFile where fewer samples are there than were read, or than the header promises.

    The library alone is not asked: it stops where the file does, and counts the frames it found. A header holds no more
    than 65535 frames, so that of a longer file it promises too little, never too much.
    """
    order = ">" if data[(data[0] - 1) * BLOCK + 3] == MIPS else "<"
    n_points, n_analog, first, last = struct.unpack_from(f"{order}4H", data, 2)
    promised = (last - first + 1) * (4 * n_points + n_analog)
    n_bytes = max(n_words, promised) * word_bytes
    held = len(data) - (struct.unpack_from(f"{order}H", data, 16)[0] - 1) * BLOCK
    if held < n_bytes:
        text = f"holds {held} bytes of samples, and its header promises {n_bytes}: it was cut off"
        raise UnreadableFile(path, f"{text}; {_AGAIN}")


def _walk_parameters(path: Path, data: bytes | bytearray, position: int, order: str) -> int:
    """Follow the chain of groups and parameters; return where it ends."""
    while position + 2 <= len(data):
        n_name, group = struct.unpack_from("bb", data, position)
        if n_name == 0 or group == 0:
            return position
        pointer = position + 2 + abs(int(n_name))
        name = data[position + 2 : pointer]
        if pointer + 2 > len(data) or not (name.isascii() and name.decode("ascii").isprintable()):
            raise _damaged(path, f"at byte {position} expected the name of a parameter, found {name[:8].hex(' ')}")
        offset = int(struct.unpack_from(f"{order}H", data, pointer)[0])
        if offset == 0:
            return pointer + 2
        position = pointer + offset
    raise _damaged(path, "its parameters run on to the end of the file")


def _damaged(path: Path, what: str) -> UnreadableFile:
    """Say what does not hold together."""
    return UnreadableFile(path, f"is a damaged C3D file: {what}; {_AGAIN}")
