"""The C reference against the Python side, byte for byte."""

import ctypes
import random
import re
from ctypes import c_int32, c_size_t, c_uint8, c_uint32
from typing import Any

import numpy as np
import pytest
from tests.unit.firmware import c_library as c

from firingorder_bridge.frames import Flag, Frame, FrameType, SampleFormat, checksum, pack_samples
from firingorder_bridge.messages import (
    Axis,
    Capability,
    ChannelDescriptor,
    Command,
    Descriptor,
    EventKind,
    EventMessage,
    HelloReply,
    Kind,
    Op,
    Quantity,
    Response,
    Status,
    StatusMessage,
    TimeMessage,
    start_args,
    started_streams,
)
from firingorder_bridge.stuffing import stuff

#: So many as the protocol's makers are promised to agree on.
N_RANDOM = 20_000
N_MESSAGES = 500
RADIO = 244


def random_frame(rng: random.Random) -> Frame:
    """Return a frame whose every field is anything, its payload now all random, now mostly zeros, now without any."""
    bits = rng.getrandbits
    size = rng.choice((0, 1, 28, 222, 226, rng.randrange(494), rng.randrange(494)))
    payload = rng.randbytes(size)
    kind = bits(2)
    if kind == 0:
        payload = payload.replace(b"\0", b"\1")
    elif kind == 1:
        payload = bytes(size // 2) + payload[size // 2 :]
    numbers = (bits(4), bits(8), bits(16), bits(32), bits(32), bits(8), bits(8), bits(8), bits(8))
    return Frame(*numbers, payload, version=bits(4))


def test_random_frames_are_the_same_bytes(oml: c.Oml) -> None:
    rng = random.Random(2)
    for _ in range(N_RANDOM):
        frame = random_frame(rng)
        data = frame.encode()
        assert oml.frame(frame) == data
        assert oml.stuff(data) == stuff(data)


def test_stuffed_frames_come_back(oml: c.Oml) -> None:
    rng = random.Random(3)
    for _ in range(200):
        data = random_frame(rng).encode()
        assert oml.take(stuff(data)) == [data]
        assert oml.library.oml_is_whole(data, c_size_t(len(data)))


@pytest.mark.parametrize("length", [*range(18, 24), *range(250, 260), *range(505, 513)])
def test_runs_without_a_zero_are_stuffed_alike(oml: c.Oml, length: int) -> None:
    """Around 254 bytes, where a run is full."""
    for data in (b"\xff" * length, b"\xff" * (length - 1) + b"\0", b"\0" + b"\xff" * (length - 1), bytes(length)):
        assert oml.stuff(data) == stuff(data)
        assert oml.take(stuff(data)) == [data]


def test_a_frame_that_does_not_fit_is_no_frame(oml: c.Oml) -> None:
    small = c.Oml(oml.library, RADIO)
    assert small.frame(Frame(0, payload=bytes(226))) is not None
    assert small.frame(Frame(0, payload=bytes(227))) is None
    assert small.frame(Frame(0, payload=bytes(2000))) is None
    data = Frame(0, payload=b"\xff" * 300).encode()
    assert oml.stuff(data, len(stuff(data)) - 1) is None
    assert oml.stuff(data, len(stuff(data))) == stuff(data)


def messages(rng: random.Random) -> list[tuple[bytes, list[tuple[Any, ...]]]]:
    """Return a message of each kind: Python's bytes, and C's calls."""
    bits = rng.getrandbits
    time = (bits(64), bits(32), bits(32), bits(64), bits(32))
    event = (bits(8), bits(16), bits(64))
    status = (bits(16), bits(16), bits(32), bits(32), bits(8) - 128, bits(8) - 128, bits(16))
    uid = rng.randbytes(8)
    hello = (bits(16), bits(16))
    op, tag, code = bits(8), bits(8), bits(8)
    answer = ctypes.byref(c.CommandView(op, tag))
    channels = tuple(
        ChannelDescriptor(
            *(bits(8), bits(8), bits(8), bits(8), rng.uniform(-1e3, 1e3), rng.gauss(0, 1), bits(32) - 2**31),
            label="abcdefgh"[: bits(3)],
        )
        for _ in range(rng.randrange(9))
    )
    descriptor = Descriptor(bits(8), bits(8), bits(32), bits(32), channels, bits(32), bits(32) - 2**31, bits(16))
    identity = c.Identity((c_uint8 * 8)(*uid), *hello)
    return [
        (TimeMessage(*time).encode(), [("oml_put_time", ctypes.byref(c.Time(*time)))]),
        (EventMessage(*event).encode(), [("oml_put_event", ctypes.byref(c.Event(*event)))]),
        (StatusMessage(*status).encode(), [("oml_put_status", ctypes.byref(c.Status(*status)))]),
        (Response(op, tag, code).encode(), [("oml_put_response", answer, c_uint8(code))]),
        (HelloReply(1, uid, *hello).encode(), [("oml_put_hello", ctypes.byref(identity))]),
        (descriptor.encode(), c.descriptor_puts(descriptor)),
    ]


def test_random_messages_are_the_same_bytes(oml: c.Oml) -> None:
    rng = random.Random(4)
    for _ in range(N_MESSAGES):
        for payload, puts in messages(rng):
            frame = Frame(FrameType.DATA, 3, payload=payload)
            assert oml.frame(frame, *puts) == frame.encode()


@pytest.mark.parametrize("sample_format", [SampleFormat.I16, SampleFormat.I24, SampleFormat.I32])
def test_samples_are_the_same_bytes_and_clip_alike(oml: c.Oml, sample_format: SampleFormat) -> None:
    rng = np.random.default_rng(5)
    limit = 1 << (8 * sample_format.n_bytes - 1)
    edges = [limit - 1, -limit, min(limit, 2**31 - 1), max(-limit - 1, -(2**31)), 2**31 - 1, -(2**31), 0, -1]
    values = np.concatenate([np.array(edges), rng.integers(-(2**31), 2**31, 40)]).astype(np.int32).reshape(-1, 2)
    frame = Frame(FrameType.DATA, n_samples=len(values), payload=pack_samples(values, sample_format))
    array = (c_int32 * values.size)(*values.ravel().tolist())
    assert (
        oml.frame(frame, ("oml_put_samples", array, c_size_t(values.size), c_uint32(sample_format))) == frame.encode()
    )


def test_floating_samples_are_given_as_bits(oml: c.Oml) -> None:
    values = np.array([[1.5, -0.0], [3e38, 1e-45]], np.float32)
    frame = Frame(FrameType.DATA, n_samples=2, payload=pack_samples(values, SampleFormat.F32))
    array = (c_int32 * 4)(*values.view(np.int32).ravel().tolist())
    assert oml.frame(frame, ("oml_put_samples", array, c_size_t(4), c_uint32(SampleFormat.F32))) == frame.encode()


def test_commands_are_read_and_all_else_is_not(oml: c.Oml) -> None:
    rng = random.Random(6)
    for _ in range(300):
        command = Command(rng.getrandbits(8), rng.getrandbits(8), rng.randbytes(rng.randrange(40)))
        data = Frame(FrameType.CMD, seq=7, payload=command.encode()).encode()
        assert oml.command(data) == (command.op, command.tag, command.args)
        at = rng.randrange(len(data))
        assert oml.command(data[:at] + bytes((data[at] ^ 1 << rng.randrange(8),)) + data[at + 1 :]) is None
    payload = Command(0, 1, b"\1\1").encode()
    assert oml.command(Frame(FrameType.RSP, payload=payload).encode()) is None
    assert oml.command(Frame(FrameType.CMD, payload=payload, version=2).encode()) is None
    assert oml.command(Frame(FrameType.CMD, payload=b"\0").encode()) is None
    assert oml.command(b"") is None


def test_a_frame_too_long_for_the_reader_is_skipped(oml: c.Oml) -> None:
    short = stuff(Frame(FrameType.CMD, payload=bytes(8)).encode())
    long = stuff(Frame(FrameType.CMD, payload=b"\xff" * 60).encode())
    assert oml.take(long, size=40) == []
    assert oml.take(short, size=len(short) - 1) == [Frame(FrameType.CMD, payload=bytes(8)).encode()]
    assert oml.take(short, size=len(short) - 2) == []


@pytest.mark.parametrize(
    "asked", [frozenset[int](), frozenset({0}), frozenset({1}), frozenset({0, 9}), frozenset({254})]
)
def test_start_means_the_same_streams(oml: c.Oml, asked: frozenset[int]) -> None:
    args = start_args(asked)
    buffer = (c_uint8 * max(len(args), 1))(*args)
    view = c.CommandView(2, 1, buffer, len(args))
    streams = frozenset(range(255))
    started = {stream for stream in streams if oml.library.oml_starts(ctypes.byref(view), c_uint32(stream))}
    assert started == started_streams(args, streams)


def test_flags_are_told_once_and_a_drop_waits_for_samples(oml: c.Oml) -> None:
    stream = c.Stream(3, 65535, int(Flag.CLOCK_RESTARTED))
    oml.library.oml_dropped(ctypes.byref(stream))
    told: list[tuple[int, int, int]] = []
    for kind in (FrameType.DESC, FrameType.DATA, FrameType.DATA):
        header = c.Header(0x10 | kind, 0, 0, 0, 0, 0, int(Flag.CLIP))
        oml.library.oml_number(ctypes.byref(stream), ctypes.byref(header))
        told.append((header.stream, header.seq, header.flags))
    assert told == [
        (3, 65535, Flag.CLIP | Flag.CLOCK_RESTARTED),
        (3, 0, Flag.CLIP | Flag.DROPPED_BEFORE),
        (3, 1, Flag.CLIP),
    ]


def test_the_checksum_is_the_standards(oml: c.Oml) -> None:
    assert oml.library.oml_checksum(b"123456789", c_size_t(9)) == 0x29B1 == checksum(b"123456789")


def test_the_scales_are_what_their_comments_say() -> None:
    text = (c.REFERENCE / "oml.h").read_text(encoding="utf-8")
    found = {name: int(bits, 16) for name, bits in re.findall(r"#define OML_F32_(\w+) UINT32_C\(0x(\w+)\)", text)}
    degree = np.pi / 180
    expected = {
        "0": 0.0,
        "1": 1.0,
        "ADS129X_GAIN6": 2.42 / 6 / (2**23 - 1),
        "ADS129X_GAIN12": 2.42 / 12 / (2**23 - 1),
        "ACC_4G": 4 * 9.80665 / 2**15,
        "GYR_500DPS": 17.5e-3 * degree,
    }
    assert found == {name: c.bits_of(value) for name, value in expected.items()}


def test_the_constants_are_the_protocols() -> None:
    text = (c.REFERENCE / "oml.h").read_text(encoding="utf-8")
    found = {name: int(number, 0) for name, number in re.findall(r"OML_(\w+) = (\w+)", text)}
    # An op and a flag have one name in the protocol; in C, names share one space.
    ops = {("SET_LEAD_OFF" if op is Op.LEAD_OFF else op.name): int(op) for op in Op}
    enums = (Flag, Kind, SampleFormat, Quantity, Axis, Status, EventKind, Capability)
    expected = {each.name: int(each) for enum in enums for each in enum} | ops
    expected |= {each.name: 0x10 | each for each in FrameType}
    assert found == {"LEFT": 0x80, "RIGHT": 0x40} | expected
