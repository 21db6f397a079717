"""Frames: numbers in the right bytes, checksum, sample formats."""

import numpy as np
import pytest

from firingorder_bridge.frames import (
    HEADER_SIZE,
    MAX_FRAME_CABLE,
    MIN_FRAME,
    Frame,
    FrameFault,
    FrameType,
    SampleFormat,
    checksum,
    pack_samples,
    parse_frame,
    unpack_samples,
)


def test_header_lies_as_the_specification_says() -> None:
    frame = Frame(FrameType.DATA, 2, 0x0304, 0x05060708, 0x090A0B0C, 13, 14, 15, 16, b"")
    assert frame.encode()[:HEADER_SIZE].hex(" ") == "10 02 04 03 08 07 06 05 0c 0b 0a 09 0d 0e 0f 10"


def test_checksum_is_the_catalogued_one_and_comes_last_low_byte_first() -> None:
    data = Frame(FrameType.TIME, payload=b"123456789").encode()
    assert checksum(b"123456789") == 0x29B1
    assert data[-2:] == checksum(data[:-2]).to_bytes(2, "little")


def test_counters_wrap_when_encoded() -> None:
    frame = parse_frame(Frame(FrameType.DATA, seq=65536 + 3, index=2**32 + 4, t_us=2**33 + 5).encode())
    assert isinstance(frame, Frame)
    assert (frame.seq, frame.index, frame.t_us) == (3, 4, 5)


@pytest.mark.parametrize("length", [0, 1, MIN_FRAME - 1])
def test_short_bytes_are_no_frame(length: int) -> None:
    assert parse_frame(bytes(length)) is FrameFault.TOO_SHORT


def test_long_bytes_are_no_frame() -> None:
    data = Frame(FrameType.DATA, payload=bytes(MAX_FRAME_CABLE)).encode()
    assert parse_frame(data) is FrameFault.TOO_LONG


def test_every_single_flipped_bit_is_noticed() -> None:
    data = Frame(FrameType.DATA, 1, 2, 3, 4, 5, payload=b"\x01\x02\x03").encode()
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        assert parse_frame(bytes(flipped)) is FrameFault.CHECKSUM


def test_i24_lies_low_byte_first() -> None:
    assert pack_samples(np.array([[-2, 0x010203]], np.int32), SampleFormat.I24).hex(" ") == "fe ff ff 03 02 01"


@pytest.mark.parametrize("sample_format", [SampleFormat.I16, SampleFormat.I24, SampleFormat.I32])
def test_integers_survive_up_to_their_limits(sample_format: SampleFormat) -> None:
    limit = 1 << (8 * sample_format.n_bytes - 1)
    values = np.array([[0, 1, -1, limit - 1, -limit]]).astype(np.int32)
    payload = np.frombuffer(pack_samples(values, sample_format), np.uint8).reshape(1, -1)
    np.testing.assert_array_equal(unpack_samples(payload, sample_format), values)


def test_integers_beyond_the_format_are_clipped_as_a_converter_does() -> None:
    values = np.array([[40000, -40000]], np.int32)
    payload = np.frombuffer(pack_samples(values, SampleFormat.I16), np.uint8).reshape(1, -1)
    np.testing.assert_array_equal(unpack_samples(payload, SampleFormat.I16), [[32767, -32768]])


def test_floats_survive() -> None:
    values = np.array([[1.5, -2.25, np.nan]], np.float32)
    payload = np.frombuffer(pack_samples(values, SampleFormat.F32), np.uint8).reshape(1, -1)
    np.testing.assert_array_equal(unpack_samples(payload, SampleFormat.F32), values.astype(np.float64))
