"""Every decoder three ways: the whole message, every prefix (nothing comes before the last byte), trailing bytes."""

from collections.abc import Callable
from typing import Protocol

import pytest

from firingorder_bridge.buffer import CobsFramer, DatagramFramer, Framer
from firingorder_bridge.frames import Frame, FrameType
from firingorder_bridge.messages import (
    ChannelDescriptor,
    Command,
    Descriptor,
    EventMessage,
    HelloReply,
    PingReply,
    Response,
    StatusMessage,
    TimeMessage,
)
from firingorder_bridge.stuffing import stuff


class Message(Protocol):
    """Anything with the two methods of a message."""

    def encode(self) -> bytes:
        """Return the payload."""
        ...


CHANNELS = (ChannelDescriptor(0, 1, 0, 0x41, 2.0**-22, 0.5, -12, "glute R"), ChannelDescriptor(1, 1, scale=1.0))
FIXED: list[tuple[Message, Callable[[bytes], object]]] = [
    (Descriptor(1, 1, 1_000_000, 896, CHANNELS, 32768, -5, 40), Descriptor.decode),
    (TimeMessage(2**40, 2**31, 3, 2**39, 5), TimeMessage.decode),
    (EventMessage(4, 5, 2**33), EventMessage.decode),
    (StatusMessage(3700, 1, 2, 3, -70, 31, 6), StatusMessage.decode),
    (HelloReply(1, b"12345678", 0x0203, 4), HelloReply.decode),
    (PingReply(1, 2, 2**60), PingReply.decode),
]
OPEN_ENDED: list[tuple[Message, Callable[[bytes], object], int]] = [
    (Command(2, 3, b"\x01\x02"), Command.decode, 2),
    (Response(1, 2, 0, b"abc"), Response.decode, 3),
]


def name_of(value: object) -> str:
    return type(value).__name__


def check_three_ways(whole: bytes, decode: Callable[[bytes], object], expected: object, needed: int) -> None:
    """Check a decoder: complete, cut after every byte before `needed`, and followed by what it does not know."""
    assert decode(whole) == expected
    for length in range(needed):
        assert decode(whole[:length]) is None


@pytest.mark.parametrize(("message", "decode"), FIXED, ids=name_of)
def test_fixed_message_three_ways(message: Message, decode: Callable[[bytes], object]) -> None:
    data = message.encode()
    check_three_ways(data, decode, message, len(data))
    assert decode(data + b"later firmware") == message


@pytest.mark.parametrize(("message", "decode", "needed"), OPEN_ENDED, ids=name_of)
def test_open_ended_message_three_ways(message: Message, decode: Callable[[bytes], object], needed: int) -> None:
    check_three_ways(message.encode(), decode, message, needed)


def check_framer_three_ways(make: Callable[[], Framer], frame: bytes, wire: bytes) -> None:
    """Check a framer on a byte stream: all at once, byte by byte, and with the beginning of the next frame behind."""
    assert [each.data for each in make().feed(wire, 5)] == [frame]
    framer = make()
    for byte in wire[:-1]:
        assert framer.feed(bytes((byte,)), 5) == []
    assert [(each.data, each.t_host_ns) for each in framer.feed(wire[-1:], 9)] == [(frame, 9)]
    assert [each.data for each in make().feed(wire + wire[:4], 5)] == [frame]


@pytest.mark.parametrize("payload", [b"", bytes(3), bytes(range(256)), b"\xff" * 254])
def test_cable_framer_three_ways(payload: bytes) -> None:
    frame = Frame(FrameType.DATA, payload=payload).encode()
    check_framer_three_ways(CobsFramer, frame, stuff(frame))


def test_a_notification_is_a_frame() -> None:
    frame = Frame(FrameType.TIME, payload=b"x").encode()
    (raw,) = DatagramFramer().feed(frame, 3)
    assert (raw.data, raw.t_host_ns, raw.damaged) == (frame, 3, False)


def test_a_cut_notification_is_damage() -> None:
    (raw,) = DatagramFramer().feed(Frame(FrameType.TIME, payload=b"x").encode()[:-1], 3)
    assert raw.damaged


def test_zero_bytes_between_frames_are_no_frames() -> None:
    frame = Frame(FrameType.TIME).encode()
    assert [each.data for each in CobsFramer().feed(b"\0\0" + stuff(frame) + b"\0", 0)] == [frame]


def test_endless_bytes_without_a_border_come_out_as_damage_and_do_not_pile_up() -> None:
    framer = CobsFramer()
    raws = [raw for _ in range(100) for raw in framer.feed(b"\x55" * 100, 0)]
    assert all(raw.damaged for raw in raws)
    assert sum(len(raw.data) for raw in raws) > 9000


def test_a_lost_link_forgets_the_begun_frame() -> None:
    frame = Frame(FrameType.TIME).encode()
    framer = CobsFramer()
    framer.feed(stuff(frame)[:5], 0)
    framer.reset()
    assert [each.damaged for each in framer.feed(stuff(frame), 0)] == [False]
