"""Open Muscle Link 1, frame by frame: header, checksum, sample formats. Bytes in, `Frame` out; no I/O.

`docs/wire.md` is the specification. This module knows nothing of descriptors, clocks or sessions: a frame it accepts
has a right checksum and a length that a header fits in, and no more is promised.
"""

import struct
from binascii import crc_hqx
from dataclasses import dataclass
from enum import Enum, IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray

VERSION = 1
HEADER = struct.Struct("<BBHIIBBBB")
HEADER_SIZE = HEADER.size  # 16
CRC_SIZE = 2
MIN_FRAME = HEADER_SIZE + CRC_SIZE
#: One notification at the usual 247-byte MTU: 247 - 3 bytes of attribute header.
MAX_FRAME_RADIO = 244
#: What a receiver must keep of a begun frame (`docs/wire.md`, section 1); `OML_MAX_FRAME_CABLE` in the
#: reference encoder. Twice a notification, so that a board on a cable saves headers.
MAX_FRAME_CABLE = 512
#: Stream id of everything that is not a stream: TIME, EVENT, STATUS, CMD, RSP.
CONTROL_STREAM = 255


class FrameType(IntEnum):
    """Low nibble of the first byte."""

    DATA = 0
    DESC = 1
    TIME = 2
    EVENT = 3
    STATUS = 4
    CMD = 8
    RSP = 9


class Flag(IntFlag):
    """Header flags."""

    CLIP = 1
    LEAD_OFF = 2
    DROPPED_BEFORE = 4
    HARDWARE_SYNCED = 8
    CLOCK_RESTARTED = 16


class SampleFormat(IntEnum):
    """How one sample of one channel lies in the payload, always little-endian."""

    I16 = 1
    I24 = 2
    I32 = 3
    F32 = 4

    @property
    def n_bytes(self) -> int:
        """Bytes a sample."""
        return (2, 3, 4, 4)[self - 1]


class FrameFault(Enum):
    """What is wrong with bytes that are not a frame."""

    STUFFING = "stuffing"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    CHECKSUM = "checksum"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, checksum removed.

    Attributes
    ----------
    type_code
        A `FrameType`, or a number that this version does not know.
    seq
        Counts the frames of `stream`, modulo 2^16.
    index
        Number of the first sample, modulo 2^32; counts acquired samples, those the device dropped included.
    t_us
        Device time of the first sample (or of sending, where there is none), µs modulo 2^32.
    """

    type_code: int
    stream: int = CONTROL_STREAM
    seq: int = 0
    index: int = 0
    t_us: int = 0
    n_samples: int = 0
    flags: int = 0
    desc_id: int = 0
    aux: int = 0
    payload: bytes = b""
    version: int = VERSION

    def encode(self) -> bytes:
        """Return the frame's bytes, checksum included, not stuffed. Counters wrap as they do on the wire."""
        head = HEADER.pack(
            (self.version & 15) << 4 | self.type_code & 15,
            self.stream,
            self.seq & 0xFFFF,
            self.index & 0xFFFFFFFF,
            self.t_us & 0xFFFFFFFF,
            self.n_samples,
            self.flags,
            self.desc_id,
            self.aux,
        )
        body = head + self.payload
        return body + checksum(body).to_bytes(2, "little")


def checksum(data: bytes) -> int:
    """Return CRC-16/IBM-3740 (polynomial 0x1021, initial 0xFFFF, not reflected).

    Examples
    --------
    >>> hex(checksum(b"123456789"))
    '0x29b1'
    """
    return crc_hqx(data, 0xFFFF)


def find_fault(data: bytes) -> FrameFault | None:
    """Return why these bytes are no frame, or None when length and checksum are right."""
    if len(data) < MIN_FRAME:
        return FrameFault.TOO_SHORT
    if len(data) > MAX_FRAME_CABLE:
        return FrameFault.TOO_LONG
    if crc_hqx(data[:-CRC_SIZE], 0xFFFF) != data[-2] | data[-1] << 8:
        return FrameFault.CHECKSUM
    return None


def parse_frame(data: bytes) -> Frame | FrameFault:
    """Read one frame, not stuffed, checksum included.

    Examples
    --------
    >>> frame = Frame(FrameType.TIME, seq=7, payload=b"abc")
    >>> parse_frame(frame.encode()) == frame
    True
    >>> parse_frame(b"noise")
    <FrameFault.TOO_SHORT: 'too_short'>
    """
    fault = find_fault(data)
    return parse_checked(data) if fault is None else fault


def parse_checked(data: bytes) -> Frame:
    """Read a frame in which `find_fault` found nothing."""
    first, stream, seq, index, t_us, n_samples, flags, desc_id, aux = HEADER.unpack_from(data)
    payload = data[HEADER_SIZE:-CRC_SIZE]
    return Frame(first & 15, stream, seq, index, t_us, n_samples, flags, desc_id, aux, payload, first >> 4)


def pack_samples(values: NDArray[np.int32] | NDArray[np.float32], sample_format: SampleFormat) -> bytes:
    """Write raw samples, shape (n_samples, n_channels), as the payload of a DATA frame.

    Integers that do not fit are clipped to the format's range, as a converter does.
    """
    if sample_format is SampleFormat.F32:
        return values.astype("<f4").tobytes()
    limit = 1 << (8 * sample_format.n_bytes - 1)
    counts = np.clip(values, -limit, limit - 1)
    if sample_format is SampleFormat.I16:
        return counts.astype("<i2").tobytes()
    wide = np.ascontiguousarray(counts, dtype="<i4")
    if sample_format is SampleFormat.I32:
        return wide.tobytes()
    return wide.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def unpack_samples(payload: NDArray[np.uint8], sample_format: SampleFormat) -> NDArray[np.float64]:
    """Read raw samples from payload bytes, shape (n_frames, n_bytes), into shape (n_frames, n_values), raw units."""
    n_frames = payload.shape[0]
    payload = np.ascontiguousarray(payload)
    if sample_format is SampleFormat.I24:
        # The three bytes go to the top of an i4, so that the shift back brings the sign along.
        wide = np.zeros((payload.size // 3, 4), np.uint8)
        wide[:, 1:] = payload.reshape(-1, 3)
        return (wide.view("<i4").reshape(n_frames, -1) >> 8).astype(np.float64)
    code = {SampleFormat.I16: "<i2", SampleFormat.I32: "<i4", SampleFormat.F32: "<f4"}[sample_format]
    return payload.view(code).astype(np.float64)
