"""Whatever is dropped, corrupted or put in between: samples stay in their places, and no byte is lost."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.emulators.bitalino import pack

from firingorder_bridge.buffer import RawFrame
from firingorder_bridge.devices.bitalino import BitalinoDialect
from firingorder_bridge.devices.native import NativeDecoder
from firingorder_bridge.events import BridgeEvent, FrameCorrupt, Samples, SamplesLost
from firingorder_signal.blocks import FloatArray

UV = 3.3 / 1009 / 1024 * 1e6
N_PACKETS = 400
PACKETS = [pack(n, [n, 512 - n % 16]) for n in range(N_PACKETS)]
SIZE = len(PACKETS[0])


def _decode(pieces: list[bytes]) -> list[BridgeEvent]:
    """Decode pieces that arrive 1 ms apart; what is cut is what came."""
    decoder = NativeDecoder("b", BitalinoDialect({}), 0)
    frames: list[RawFrame] = []
    for number, piece in enumerate(pieces):
        frames += decoder.frames(piece, number * 1_000_000)
    frames += decoder.flush(0)
    assert b"".join(frame.data for frame in frames) == b"".join(pieces)
    return [event for frame in frames for event in decoder.decode(frame)]


def _counts(events: list[BridgeEvent]) -> FloatArray:
    """Return the counts of the first input, which are the samples' own numbers."""
    return np.rint(np.concatenate([e.block.values[:, 0] for e in events if isinstance(e, Samples)]) / UV + 512)


@settings(max_examples=40, deadline=None)
@given(sizes=st.lists(st.integers(1, 60), max_size=80))
def test_any_chopping_gives_the_same_samples(sizes: list[int]) -> None:
    data, pieces = b"".join(PACKETS), list[bytes]()
    for size in sizes:
        pieces, data = [*pieces, data[:size]], data[size:]
    events = _decode([piece for piece in (*pieces, data) if piece])
    assert not [event for event in events if isinstance(event, SamplesLost | FrameCorrupt)]
    assert _counts(events).tolist() == list(range(N_PACKETS))


# The same examples each time: of noise, one piece in 256 passes for the very next packet (four bits of checksum, four
# of number). The count is then wrong by 16 until the arrivals say so, stated within about a second: longer than this.
@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_faults=st.integers(1, 4),
    kinds=st.lists(st.sampled_from(["drop", "flip", "noise", "packet"]), min_size=4, max_size=4),
)
def test_samples_stay_in_their_places(seed: int, n_faults: int, kinds: list[str]) -> None:
    chance, packets = random.Random(seed), list(PACKETS)
    for fault in range(n_faults):
        at = chance.randrange(10 + 90 * fault, 60 + 90 * fault)
        packets[at] = _spoil(packets[at], kinds[fault], chance)
    counts = _counts(_decode([piece for piece in packets if piece]))
    rows = np.arange(len(counts))
    known = ~np.isnan(counts)
    # Behind the last fault nothing is off; bytes out of place may pass for one sample or two where it happened.
    assert counts[-30:].tolist() == rows[-30:].tolist()
    assert np.count_nonzero(counts[known] != rows[known]) <= 3 * n_faults


def test_a_dropped_byte_shifts_nothing_for_good() -> None:
    chance = random.Random(1)
    for _ in range(400):
        at, byte = chance.randrange(20, 40), chance.randrange(SIZE)
        values = [chance.randrange(1024) for _ in range(80)]
        packets = [pack(n, [n, value]) for n, value in enumerate(values)]
        packets[at] = packets[at][:byte] + packets[at][byte + 1 :]
        counts = _counts(_decode(packets))
        assert len(counts) == len(packets)
        assert counts[-10:].tolist() == list(range(70, 80))


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.one_of(st.binary(max_size=90), st.just(b"BITalino"), st.sampled_from(PACKETS)), max_size=60))
def test_any_bytes_give_events_and_none_is_lost(pieces: list[bytes]) -> None:
    _decode([piece for piece in pieces if piece])


def test_a_greeting_without_an_end_is_damage() -> None:
    events = _decode([b"BITalino" + b"x" * 200, *PACKETS])
    assert _counts(events).tolist() == list(range(N_PACKETS))


def _spoil(packet: bytes, kind: str, chance: random.Random) -> bytes:
    """Return what comes instead of a packet."""
    at = chance.randrange(SIZE)
    if kind == "drop":
        return packet[:at] + packet[at + chance.randrange(1, SIZE) :]
    if kind == "flip":
        return packet[:at] + bytes((packet[at] ^ chance.randrange(1, 256),)) + packet[at + 1 :]
    if kind == "noise":
        return packet[:at] + chance.randbytes(chance.randrange(1, 30)) + packet[at:]
    return b""
