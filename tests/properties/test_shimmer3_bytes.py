"""Any bytes at all give events, never an exception, and none is lost; any chopping gives the same samples."""

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.emulators.shimmer3 import Shimmer3

from firingorder_bridge.buffer import RawFrame
from firingorder_bridge.devices.native import NativeDecoder
from firingorder_bridge.devices.shimmer3 import Shimmer3Dialect
from firingorder_bridge.devices.shimmer3_translator import Translator
from firingorder_bridge.events import Samples, SamplesLost
from firingorder_bridge.session import State
from firingorder_signal.blocks import FloatArray

PERIOD_NS = 1_000_000_000 // 1024


def _converse(decoder: NativeDecoder, unit: Shimmer3) -> list[RawFrame]:
    """Talk until it streams; return all that was cut."""
    frames: list[RawFrame] = []
    decoder.link_opened()
    for turn in range(100):
        decoder.tick(turn * 400_000_000)
        said = unit.hear(decoder.data_to_send())
        frames += decoder.frames(said, turn)
        if unit.streaming:
            return frames
    raise AssertionError(decoder.state)


@cache
def _unit(*, old: bool) -> Shimmer3:
    """Return a unit that is only asked, never run."""
    return Shimmer3(old=old)


def _begin(*, old: bool) -> tuple[NativeDecoder, Shimmer3]:
    """Return a decoder whose unit has begun to stream."""
    unit = _unit(old=old)
    unit.streaming = unit.checked = False
    decoder = NativeDecoder("unit", Shimmer3Dialect({"channels": "emg,accel,gyro"}), 0)
    for frame in _converse(decoder, unit):
        decoder.decode(frame)
    return decoder, unit


def _values(decoder: NativeDecoder, data: bytes, pieces: list[int]) -> FloatArray:
    """Decode bytes in pieces of these lengths, and the rest at once; return the EMG."""
    blocks: list[FloatArray] = []
    while data:
        n = pieces.pop(0) if pieces else len(data)
        for frame in decoder.frames(data[:n], 10**9):
            for event in decoder.decode(frame):
                if isinstance(event, Samples) and event.block.stream.stream_id.endswith("/0"):
                    blocks.append(event.block.values)
                assert not isinstance(event, SamplesLost)
        data = data[n:]
    return np.concatenate(blocks)


@settings(max_examples=25, deadline=None)
@given(pieces=st.lists(st.integers(1, 200), max_size=60), old=st.booleans())
def test_any_chopping_gives_the_same_samples(pieces: list[int], *, old: bool) -> None:
    decoder, unit = _begin(old=old)
    data = b"".join(unit.packet(n) for n in range(300))
    values = _values(decoder, data, pieces)
    assert decoder.state is State.STREAMING
    assert np.allclose(values[:, 0] / values[1, 0], np.arange(300))


@settings(max_examples=150, deadline=None)
@given(chunks=st.lists(st.binary(max_size=60), max_size=12), begun=st.booleans(), old=st.booleans())
def test_any_bytes_are_kept_and_raise_nothing(chunks: list[bytes], *, begun: bool, old: bool) -> None:
    if begun:
        decoder, unit = _begin(old=old)
        chunks = [part for n, chunk in enumerate(chunks) for part in (unit.packet(n), chunk)]
    else:
        decoder = NativeDecoder("unit", Shimmer3Dialect({}), 0)
        decoder.link_opened()
    cut = b""
    for turn, chunk in enumerate(chunks):
        decoder.tick(turn * 400_000_000)
        for frame in decoder.frames(chunk, turn * PERIOD_NS):
            cut += frame.data
            decoder.decode(frame)
    assert b"".join(chunks).startswith(cut)


@st.composite
def _answers(draw: st.DrawFn) -> bytes:
    """Draw bytes that begin as an answer does, so that chance is not left to find the codes."""
    code = draw(st.sampled_from([0x02, 0x25, 0x2D, 0x2F, 0x62, 0x65, 0x8D, 0xF4]))
    return bytes((0xFF, code)) + draw(st.binary(max_size=90))


@settings(max_examples=300, deadline=None)
@given(frames=st.lists(st.one_of(_answers(), st.binary(min_size=1, max_size=60)), max_size=20))
def test_any_recorded_frames_raise_nothing(frames: list[bytes]) -> None:
    translator = Translator("unit", [0, 0, 0, 0], 0)
    for number, data in enumerate(frames):
        translator.translate(RawFrame(number * PERIOD_NS, data))


@settings(max_examples=300, deadline=None)
@given(
    channels=st.lists(st.integers(0, 0x28), max_size=60), samples=st.binary(max_size=400), divider=st.integers(0, 70)
)
def test_any_inquiry_with_any_channels_raises_nothing(channels: list[int], samples: bytes, divider: int) -> None:
    translator = Translator("unit", [0, 0, 0, 0], 0)
    inquiry = divider.to_bytes(2, "little") + bytes((1, 2, 3, 4, len(channels), 1, *channels))
    translator.translate(RawFrame(0, b"\xff\x02" + inquiry))
    translator.translate(RawFrame(PERIOD_NS, b"\0" + samples))
