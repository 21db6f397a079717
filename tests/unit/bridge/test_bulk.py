"""The bulk door gives what the narrow door gives: every event, every sample and every time, to the last bit."""

import pickle
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest

from firingorder_bridge.buffer import Framing, LinkMark, RawFrame
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.events import BridgeEvent, Samples
from firingorder_bridge.frames import Flag, Frame, FrameType
from firingorder_signal.blocks import SampleBlock

ORIGIN_NS = 7_000_000_000
Script = list[tuple[float, Frame]]
Write = Callable[..., Script]
Deliver = Callable[..., list[RawFrame]]
Items = list[RawFrame | LinkMark]


def new_decoder(framing: Framing = Framing.COBS) -> SensorDecoder:
    return SensorDecoder("cable", framing, ORIGIN_NS)


def merged(events: Iterable[BridgeEvent]) -> dict[str, list[SampleBlock]]:
    """Return each stream's blocks, contiguous ones of one timebase joined."""
    runs: dict[str, list[list[SampleBlock]]] = {}
    for event in events:
        if not isinstance(event, Samples):
            continue
        stream = runs.setdefault(event.block.stream.stream_id, [])
        last = stream[-1][-1] if stream else None
        joins = last is not None and last.next_index == event.block.first_index
        if joins and last is not None and last.timebase == event.block.timebase:
            stream[-1].append(event.block)
        else:
            stream.append([event.block])
    return {
        name: [replace(run[0], values=np.concatenate([block.values for block in run])) for run in stream]
        for name, stream in runs.items()
    }


def assert_same(items: Items, framing: Framing = Framing.COBS) -> None:
    """Check that both doors give the same."""
    narrow_decoder = new_decoder(framing)
    narrow = [event for item in items for event in narrow_decoder.decode(item)]
    wide_decoder = new_decoder(framing)
    wide = wide_decoder.decode_all(items)
    others = [event for event in narrow if not isinstance(event, Samples)]
    assert [event for event in wide if not isinstance(event, Samples)] == others
    ours, theirs = merged(wide), merged(narrow)
    assert ours.keys() == theirs.keys()
    for name, blocks in theirs.items():
        assert [(b.first_index, b.n_samples, b.timebase) for b in ours[name]] == [
            (b.first_index, b.n_samples, b.timebase) for b in blocks
        ]
        for one, other in zip(ours[name], blocks, strict=True):
            assert one.values.tobytes() == other.values.tobytes()
    assert state_of(wide_decoder) == state_of(narrow_decoder)


def state_of(decoder: SensorDecoder) -> list[object]:
    """Return all that decides how a decoder goes on."""
    if decoder.sensor is None:
        return []
    sensor = decoder.sensor
    streams = [(each.tracker, each.clock, each.next_index, each.flags, each.epoch) for each in sensor.streams.values()]
    return [sensor.clock, sensor.epoch, sensor.boot_id, sensor.t_us, sensor.t_host_ns, *streams]


def test_an_undisturbed_recording(script: Write, deliver: Deliver) -> None:
    assert_same([*deliver(script(30.0))])


def test_a_recording_long_enough_for_every_stage_of_the_clock(script: Write, deliver: Deliver) -> None:
    assert_same([*deliver(script(90.0))])


def test_blocks_of_a_bulk_run_are_long(script: Write, deliver: Deliver) -> None:
    events = new_decoder().decode_all(deliver(script(30.0)))
    assert sum(isinstance(event, Samples) for event in events) < 200


@pytest.mark.parametrize("seed", range(6))
def test_a_recording_with_every_kind_of_disturbance(script: Write, deliver: Deliver, seed: int) -> None:
    rng = np.random.default_rng(seed)
    written = script(6.0, restart_at_s=7.0)
    disturbed: Script = []
    for at_s, frame in written:
        chance = rng.random()
        if chance < 0.02:
            continue
        if frame.type_code == FrameType.DATA and chance < 0.04:
            frame = replace(frame, flags=frame.flags | int(rng.choice([Flag.CLIP, Flag.LEAD_OFF])))
        disturbed += [(at_s, frame)] * (2 if chance > 0.98 else 1)
    items: Items = [*deliver(disturbed, seed=seed)]
    rows: list[int] = rng.integers(0, len(items), 12).tolist()
    for row in rows:
        item = items[row]
        if isinstance(item, RawFrame):
            rotten = bytearray(item.data)
            rotten[int(rng.integers(len(rotten)))] ^= 1 << int(rng.integers(8))
            items[row] = item._replace(data=bytes(rotten), damaged=bool(rng.random() < 0.5))
    items.insert(300, LinkMark(items[300].t_host_ns, False))
    items.insert(301, LinkMark(items[301].t_host_ns, True))
    assert_same(items)


def test_a_radio_recording(script: Write, deliver: Deliver) -> None:
    assert_same([*deliver(script(20.0), jitter_s=0.01)], Framing.DATAGRAM)


def test_streams_of_frames_of_changing_length(deliver: Deliver, script: Write) -> None:
    """The firmware flushes after a random number of samples, so that no radio slot hides a delay."""
    rng = np.random.default_rng(3)
    changed: Script = []
    index, seq = 0, 0
    for at_s, frame in script(20.0):
        if frame.type_code == FrameType.DATA and frame.stream == 0:
            n = int(rng.integers(1, 41))
            payload = frame.payload[: n * 4]
            t_us = 5_000_000 + index * 500
            changed.append((at_s, replace(frame, seq=seq + 1, index=index, n_samples=n, t_us=t_us, payload=payload)))
            index, seq = index + n, seq + 1
        elif not (frame.type_code == FrameType.DESC and at_s > 1.0):
            changed.append((at_s, frame))
    assert_same([*deliver(changed)])


def test_stamps_that_go_back_a_little(script: Write, deliver: Deliver) -> None:
    """A busy device stamps late, so that a later frame may be stamped earlier than the one before."""
    rng = np.random.default_rng(9)
    late: Script = []
    for at_s, frame in script(20.0):
        late_us = int(rng.integers(0, 49_000)) if frame.type_code == FrameType.DATA else 0
        late.append((at_s, replace(frame, t_us=frame.t_us + late_us)))
    assert_same([*deliver(late)])


def test_a_saved_decoder_goes_on_where_it_was(script: Write, deliver: Deliver) -> None:
    frames = deliver(script(5.0))
    whole, first = new_decoder(), new_decoder()
    expected = whole.decode_all(frames)
    before = first.decode_all(frames[:200])
    after = pickle.loads(pickle.dumps(first)).decode_all(frames[200:])
    ours, theirs = merged([*before, *after]), merged(expected)
    assert {name: [b.timebase for b in blocks] for name, blocks in ours.items()} == {
        name: [b.timebase for b in blocks] for name, blocks in theirs.items()
    }
