"""Any bytes at all give events, never an exception, and none is lost; any chopping gives the same samples."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.emulators.umyo import Unit

from firingorder_bridge.buffer import RawFrame
from firingorder_bridge.devices.native import NativeDecoder
from firingorder_bridge.devices.umyo_ble import UmyoBleDialect
from firingorder_bridge.devices.umyo_counters import advance
from firingorder_bridge.devices.umyo_usb import UmyoDialect
from firingorder_bridge.events import BridgeEvent, FrameCorrupt, Samples, SamplesLost

BLOCK_NS = 8 * 896_000


def _packets(n: int) -> list[bytes]:
    """Return the packets of two units in turn."""
    units = [Unit(0x1A2B3C4D), Unit(0x4FD54FD5)]
    out: list[bytes] = []
    for unit in units * n:
        out.append(unit.packet())
        unit.n_made += 1
        unit.block = (unit.block + 1) % 256
    return out


def _decode(pieces: list[bytes]) -> list[BridgeEvent]:
    """Decode pieces that arrive 3 ms apart; what is cut is what came, with an end that waited for more."""
    decoder = NativeDecoder("base", UmyoDialect({}), 0)
    decoder.link_opened()
    frames: list[RawFrame] = []
    for number, piece in enumerate(pieces):
        frames += decoder.frames(piece, number * 3_000_000)
    begun = decoder.flush(len(pieces) * 3_000_000)
    assert b"".join(pieces) == b"".join(frame.data for frame in (*frames, *begun))
    assert sum(len(frame.data) for frame in begun) < 2 * 65 + 11
    return [event for frame in frames for event in decoder.decode(frame)]


def _values(events: list[BridgeEvent]) -> dict[str, list[float]]:
    """Return the EMG of each unit."""
    found: dict[str, list[float]] = {}
    for event in events:
        if isinstance(event, Samples) and event.block.stream.stream_id.endswith("/0"):
            found.setdefault(event.block.stream.clock_id, []).extend(event.block.values[:, 0].tolist())
    return found


@settings(max_examples=25, deadline=None)
@given(sizes=st.lists(st.integers(1, 200), max_size=60))
def test_any_chopping_gives_the_same_samples(sizes: list[int]) -> None:
    data, pieces = b"".join(_packets(60)), list[bytes]()
    for size in sizes:
        pieces, data = [*pieces, data[:size]], data[size:]
    events = _decode([piece for piece in (*pieces, data) if piece])
    assert not [event for event in events if isinstance(event, SamplesLost | FrameCorrupt)]
    assert {uid: len(values) for uid, values in _values(events).items()} == {
        "umyo-1a2b3c4d": 480, "umyo-4fd54fd5": 480,
    }  # fmt: skip
    assert _values(events) == _values(_decode([b"".join(_packets(60))]))


@settings(max_examples=25, deadline=None)
@given(size=st.integers(1, 200), without=st.sets(st.integers(0, 119)))
def test_packets_without_a_magnetic_field_are_read_as_the_others(size: int, without: set[int]) -> None:
    packets = _packets(60)
    for number in without:
        packets[number] = packets[number][:4] + b"\x38" + packets[number][5:-6]  # 56 bytes, not 62
    data = b"".join(packets)
    events = _decode([data[start : start + size] for start in range(0, len(data), size)])
    assert not [event for event in events if isinstance(event, SamplesLost | FrameCorrupt)]
    assert _values(events) == _values(_decode([b"".join(_packets(60))]))


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.one_of(st.binary(max_size=90), st.sampled_from(_packets(20))), max_size=40))
def test_any_bytes_give_events_and_none_is_lost(pieces: list[bytes]) -> None:
    _decode([piece for piece in pieces if piece])


@settings(max_examples=60, deadline=None)
@given(start=st.integers(0, 64), n_bytes=st.integers(1, 64), at=st.integers(10, 30))
def test_bytes_lost_on_the_cable_cost_their_packets_and_shift_nothing(start: int, n_bytes: int, at: int) -> None:
    unit, packets = Unit(7), list[bytes]()
    for _ in range(60):
        packets.append(unit.packet())
        unit.n_made, unit.block = unit.n_made + 1, (unit.block + 1) % 256
    packets[at] = packets[at][:start] + packets[at][start + n_bytes :]
    values = np.array(_values(_decode(packets))["umyo-00000007"])
    steps = np.rint(np.diff(values[~np.isnan(values)]) / (values[1] - values[0]))
    assert len(values) >= 58 * 8
    # Two packets may be lost, and one whose last samples were cut is none; every other sample is in its place.
    assert set(steps.tolist()) <= {1.0, 9.0, 17.0, 25.0}


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.one_of(st.binary(max_size=80), st.binary(min_size=60, max_size=60)), max_size=30))
def test_any_notification_gives_events(pieces: list[bytes]) -> None:
    decoder = NativeDecoder("unit", UmyoBleDialect({}), 0)
    decoder.link_opened()
    for number, piece in enumerate(pieces):
        (frame,) = decoder.frames(piece, number * 20_000_000)
        assert frame.data == piece
        decoder.decode(frame)


@given(blocks=st.integers(1, 30_000), late=st.floats(-130.0, 650.0), speed=st.floats(0.96, 1.04))
def test_a_loss_of_minutes_is_told_to_the_block(blocks: int, late: float, speed: float) -> None:
    elapsed = max(blocks / speed + late, 0.0)
    assert advance(blocks % 129, blocks % 256, elapsed) == (blocks, 0)
