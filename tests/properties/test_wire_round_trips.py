"""What is encoded decodes to itself; any chopping of bytes gives the same frames; any bytes at all give events."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from firingorder_bridge.buffer import CobsFramer, Framing, LinkMark, RawFrame
from firingorder_bridge.clocks import unwrap_u32
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.events import BridgeEvent, FrameCorrupt, Samples
from firingorder_bridge.frames import (
    CRC_SIZE,
    HEADER_SIZE,
    MAX_FRAME_CABLE,
    Frame,
    FrameFault,
    FrameType,
    SampleFormat,
    pack_samples,
    parse_frame,
    unpack_samples,
)
from firingorder_bridge.messages import (
    ChannelDescriptor,
    Command,
    Descriptor,
    EventMessage,
    HelloReply,
    Op,
    Response,
    StatusMessage,
    TimeMessage,
)
from firingorder_bridge.stuffing import stuff, unstuff

U8, U16, U32, U64 = (st.integers(0, 2**bits - 1) for bits in (8, 16, 32, 64))
I8, I32 = st.integers(-128, 127), st.integers(-(2**31), 2**31 - 1)
NIBBLE = st.integers(0, 15)
F32 = st.floats(width=32, allow_nan=False)
LABEL = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
PAYLOAD = st.binary(max_size=MAX_FRAME_CABLE - HEADER_SIZE - CRC_SIZE)
FRAME = st.builds(Frame, NIBBLE, U8, U16, U32, U32, U8, U8, U8, U8, PAYLOAD, NIBBLE)
CHANNEL = st.builds(ChannelDescriptor, U8, U8, U8, U8, F32, F32, I32, LABEL)
CHANNELS = st.lists(CHANNEL, max_size=20).map(tuple)
DESCRIPTOR = st.builds(Descriptor, U8, U8, U32, U32, CHANNELS, U32, I32, U16, U8)
PLAUSIBLE = st.builds(
    Descriptor,
    st.sampled_from([1, 3]),
    st.integers(1, 4),
    st.integers(1, 3000),
    st.integers(1, 3),
    st.lists(st.builds(ChannelDescriptor, U8, st.just(1), st.just(0), U8, st.just(1.0)), min_size=1, max_size=3).map(
        tuple
    ),
)
# Frames that a decoder looks at: few streams, few descriptor ids, counters anywhere.
LIVELY = st.builds(
    Frame,
    st.sampled_from([*map(int, FrameType), 7]),
    st.sampled_from([0, 1, 255]),
    U16,
    U32,
    U32,
    st.integers(0, 4),
    U8,
    st.integers(0, 1),
    U8,
    st.one_of(PAYLOAD, PLAUSIBLE.map(lambda each: each.encode()), st.binary(min_size=48, max_size=60)),
)
HELLO = Frame(FrameType.RSP, payload=Response(Op.HELLO, data=HelloReply(1, b"12345678", 1).encode()).encode())


@given(FRAME)
def test_a_frame_decodes_to_itself(frame: Frame) -> None:
    assert parse_frame(frame.encode()) == frame


@given(DESCRIPTOR)
def test_a_descriptor_decodes_to_itself(descriptor: Descriptor) -> None:
    assert Descriptor.decode(descriptor.encode()) == descriptor


@given(
    st.one_of(
        st.builds(TimeMessage, U64, U32, U32, U64, U32),
        st.builds(EventMessage, U8, U16, U64),
        st.builds(StatusMessage, U16, U16, U32, U32, I8, I8, U16),
        st.builds(Command, U8, U8, st.binary(max_size=20)),
        st.builds(Response, U8, U8, U8, st.binary(max_size=20)),
        st.builds(HelloReply, U8, st.binary(min_size=8, max_size=8), U16, U16),
    )
)
def test_a_message_decodes_to_itself(
    message: TimeMessage | EventMessage | StatusMessage | Command | Response | HelloReply,
) -> None:
    assert type(message).decode(message.encode()) == message


@given(st.binary(max_size=600))
def test_stuffed_bytes_hold_no_zero_and_come_back(data: bytes) -> None:
    stuffed = stuff(data)
    assert b"\0" not in stuffed[:-1]
    assert unstuff(stuffed[:-1]) == data


@given(hnp.arrays(np.int32, (5, 3), elements=st.integers(-(2**23), 2**23 - 1)))
def test_24_bit_samples_come_back(values: np.ndarray) -> None:
    payload = np.frombuffer(pack_samples(values, SampleFormat.I24), np.uint8).reshape(1, -1)
    np.testing.assert_array_equal(unpack_samples(payload, SampleFormat.I24).reshape(5, 3), values)


def chopped(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """Cut bytes at these places, modulo their length."""
    borders = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:stop] for start, stop in zip(borders, borders[1:], strict=False)]


@given(st.lists(st.one_of(FRAME.map(lambda each: stuff(each.encode())), st.binary(max_size=900))), st.lists(U16))
def test_any_chopping_of_bytes_gives_the_same_frames(pieces: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(pieces)
    whole = CobsFramer().feed(stream, 0)
    framer = CobsFramer()
    assert [raw for chunk in chopped(stream, cuts) for raw in framer.feed(chunk, 0)] == whole


def run(items: Sequence[RawFrame | LinkMark], framing: Framing = Framing.COBS) -> list[BridgeEvent]:
    """Decode one by one."""
    decoder = SensorDecoder("cable", framing, 0)
    return [event for item in items for event in decoder.decode(item)]


@given(st.lists(st.binary(max_size=600), max_size=20), st.sampled_from(Framing))
def test_any_bytes_give_events_and_no_exception(chunks: list[bytes], framing: Framing) -> None:
    decoder = SensorDecoder("cable", framing, 0)
    for number, chunk in enumerate(chunks):
        for raw in decoder.frames(chunk, number):
            assert isinstance(decoder.decode(raw), list)


@settings(max_examples=120)
@given(st.lists(LIVELY, max_size=40), st.lists(st.integers(0, 10**13), min_size=40, max_size=40))
def test_any_sound_frames_give_events_no_exception_and_contiguous_blocks(frames: list[Frame], times: list[int]) -> None:
    items = [RawFrame(t_ns, frame.encode()) for frame, t_ns in zip([HELLO, *frames], times, strict=False)]
    seen: dict[str, int] = {}
    for event in run(items):
        if isinstance(event, Samples):
            block = event.block
            assert block.first_index >= seen.get(block.stream.stream_id, 0)
            assert block.values.shape[1] == block.stream.n_channels
            assert np.isfinite(block.start_s)
            assert block.timebase.period_s > 0
            seen[block.stream.stream_id] = block.next_index


def rows(events: list[BridgeEvent]) -> dict[str, list[tuple[int, float, bytes]]]:
    """Return of each stream every row: index, time, bytes."""
    found: dict[str, list[tuple[int, float, bytes]]] = {}
    for event in events:
        if isinstance(event, Samples):
            block, stream = event.block, found.setdefault(event.block.stream.stream_id, [])
            for row in range(min(block.n_samples, 1000)):
                index = block.first_index + row
                stream.append((index, block.timebase.time_of(index), block.values[row].tobytes()))
    return found


@st.composite
def streaming(draw: st.DrawFn) -> list[RawFrame]:
    """Draw a stream that mostly goes on as it should: runs of frames, each run with its own mishap before it."""
    descriptor = draw(PLAUSIBLE)
    width = max(descriptor.bytes_per_sample, 1)
    frames = [HELLO, Frame(FrameType.DESC, 0, 0, payload=descriptor.encode())]
    seq, index, t_us = 0, draw(U32), draw(U32)
    for _ in range(draw(st.integers(1, 6))):
        seq += draw(st.sampled_from([0, 0, 0, 1, 40000]))
        index += draw(st.sampled_from([0, 0, 0, 3, 10**6, 2**31]))
        t_us += draw(st.sampled_from([0, 0, 0, 5000, 10**7, 2**31]))
        flags = draw(st.sampled_from([0, 0, 4, 16, 3]))
        frames += draw(st.lists(LIVELY, max_size=2))
        for _ in range(draw(st.integers(1, 15))):
            n = draw(st.integers(1, 4))
            frames.append(Frame(0, 0, seq % 65536, index % 2**32, t_us % 2**32, n, flags, 0, payload=bytes(n * width)))
            seq, index = seq + 1, index + n
            t_us += n * 1_000_000 * descriptor.rate_den // descriptor.rate_num
    steps = draw(st.lists(st.integers(0, 10**8), min_size=len(frames), max_size=len(frames)))
    times = np.cumsum(steps).tolist()
    return [RawFrame(t_ns, frame.encode()) for t_ns, frame in zip(times, frames, strict=True)]


@settings(max_examples=80)
@given(streaming())
def test_streams_with_mishaps_decode_in_bulk_as_one_by_one(items: list[RawFrame]) -> None:
    narrow, wide = run(items), SensorDecoder("cable", Framing.COBS, 0).decode_all(items)
    assert rows(wide) == rows(narrow)
    assert [event for event in wide if not isinstance(event, Samples)] == [
        event for event in narrow if not isinstance(event, Samples)
    ]


@settings(max_examples=80)
@given(st.lists(LIVELY, max_size=40), st.lists(st.integers(0, 10**10), min_size=40, max_size=40))
def test_any_sound_frames_in_bulk_lose_and_add_nothing(frames: list[Frame], times: list[int]) -> None:
    items = [RawFrame(t_ns, frame.encode()) for frame, t_ns in zip([HELLO, *frames], times, strict=False)]
    narrow, wide = run(items), SensorDecoder("cable", Framing.COBS, 0).decode_all(items)
    assert rows(wide) == rows(narrow)
    assert [event for event in wide if not isinstance(event, Samples)] == [
        event for event in narrow if not isinstance(event, Samples)
    ]


@given(U32, st.integers(0, 2**50))
def test_unwrapping_keeps_the_low_bits_and_stays_near(t_us: int, expected_us: int) -> None:
    unwrapped = unwrap_u32(t_us, expected_us)
    assert unwrapped % 2**32 == t_us
    assert abs(unwrapped - expected_us) <= 2**31


@given(st.lists(st.integers(0, 2**30), min_size=2, max_size=50))
def test_unwrapped_time_never_goes_back_when_the_device_does_not(steps_us: list[int]) -> None:
    true_us = np.cumsum(steps_us).tolist()
    last = true_us[0]
    for now in true_us[1:]:
        unwrapped = unwrap_u32(now % 2**32, last)
        assert unwrapped == now
        last = unwrapped


def test_of_two_thousand_frames_with_150_faults_none_is_accepted_wrong() -> None:
    rng = np.random.default_rng(20)
    frames = [
        Frame(FrameType.DATA, 0, seq, seq * 10, seq * 5000, 10, payload=rng.bytes(int(rng.integers(20, 220)))).encode()
        for seq in range(2000)
    ]
    wire = bytearray(b"".join(stuff(frame) for frame in frames))
    for place in np.sort(rng.choice(len(wire), 150, replace=False))[::-1].tolist():
        if rng.random() < 0.5:
            del wire[place]
        else:
            wire[place] ^= 1 << int(rng.integers(8))
    raws = CobsFramer().feed(bytes(wire), 0)
    accepted = [raw.data for raw in raws if not raw.damaged]
    assert not set(accepted) - set(frames)
    # Each fault costs one frame, or two where it was the border between them.
    assert len(accepted) >= 2000 - 2 * 150
    assert len(set(accepted)) == len(accepted)


@pytest.mark.parametrize("seed", range(3))
def test_damage_is_told_and_counted(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wire = bytearray(b"".join(stuff(Frame(FrameType.TIME, payload=rng.bytes(20)).encode()) for _ in range(50)))
    wire[int(rng.integers(len(wire)))] ^= 0x40
    decoder = SensorDecoder("cable", Framing.COBS, 0)
    events = [event for raw in decoder.frames(bytes(wire), 0) for event in decoder.decode(raw)]
    corrupt = [event for event in events if isinstance(event, FrameCorrupt)]
    assert 1 <= len(corrupt) <= 2
    # A flipped bit that made a border leaves a short piece and a stuffing that points behind its end.
    whole = {FrameFault.CHECKSUM, FrameFault.STUFFING, FrameFault.TOO_SHORT}
    assert {event.fault for event in corrupt} <= whole
