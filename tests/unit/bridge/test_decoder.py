"""The decoder from chunk to block: units, sites, loss, restarts, refusals. Real bytes, made by the sender."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

import numpy as np
import pytest

from firingorder_bridge.buffer import Framing, LinkMark, RawFrame
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.events import (
    BridgeEvent,
    ClockRestarted,
    ClockUpdated,
    DeviceDropped,
    DeviceEvent,
    DeviceReturned,
    DuplicateFrame,
    FrameCorrupt,
    LossCause,
    Samples,
    SamplesLost,
    SensorIdentified,
    SensorStatus,
    SignalFlags,
    StreamDescribed,
    UndescribedData,
    UnknownFrame,
)
from firingorder_bridge.frames import Flag, Frame, FrameFault, FrameType, SampleFormat
from firingorder_bridge.messages import Descriptor, EventMessage
from firingorder_bridge.stuffing import stuff
from firingorder_signal.blocks import FloatArray, SampleBlock, StreamKind

ORIGIN_NS = 7_000_000_000
UID = "0001020304050607"
EMG, IMU = f"{UID}/0", f"{UID}/1"
Script = list[tuple[float, Frame]]
Write = Callable[..., Script]
Deliver = Callable[..., list[RawFrame]]
Event = TypeVar("Event", bound=BridgeEvent)


def decode(frames: Iterable[RawFrame | LinkMark], framing: Framing = Framing.COBS) -> list[BridgeEvent]:
    """Decode one by one with a new decoder."""
    decoder = SensorDecoder("cable", framing, ORIGIN_NS)
    return [event for frame in frames for event in decoder.decode(frame)]


def only(kind: type[Event], events: list[BridgeEvent]) -> list[Event]:
    """Return the events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def blocks_of(stream_id: str, events: list[BridgeEvent]) -> list[SampleBlock]:
    """Return a stream's blocks."""
    return [each.block for each in only(Samples, events) if each.block.stream.stream_id == stream_id]


def joined(blocks: list[SampleBlock]) -> FloatArray:
    """Join blocks, having checked that they follow each other without hole or overlap."""
    for before, after in zip(blocks, blocks[1:], strict=False):
        assert after.first_index == before.next_index
    return np.concatenate([block.values for block in blocks])


def is_data(frame: Frame, stream: int) -> bool:
    """Return whether this is a DATA frame of the stream."""
    return frame.type_code == FrameType.DATA and frame.stream == stream


def without(script: Script, stream: int, numbers: range) -> Script:
    """Return the script without the DATA frames of a stream that have these sequence numbers."""
    return [(at_s, frame) for at_s, frame in script if not (is_data(frame, stream) and frame.seq in numbers)]


def test_emg_arrives_in_microvolts_and_whole(script: Write, deliver: Deliver) -> None:
    blocks = blocks_of(EMG, decode(deliver(script())))
    values = joined(blocks)
    assert blocks[0].first_index == 0
    numbers = np.arange(6000)
    np.testing.assert_allclose(values, np.column_stack([numbers, -numbers]), rtol=1e-7)


def test_emg_stream_is_described_as_the_sensor_says(script: Write, deliver: Deliver) -> None:
    emg = only(StreamDescribed, decode(deliver(script())))[0].stream
    assert (emg.stream_id, emg.kind, emg.rate_hz, emg.clock_id) == (EMG, StreamKind.EMG, Fraction(2000), UID)
    assert [str(site) for site in emg.sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert emg.latency_s == pytest.approx(0.003)
    assert emg.range_uv == pytest.approx(32768, rel=1e-6)


def test_imu_columns_are_acc_xyz_gyr_xyz_whatever_the_order_on_the_wire(script: Write, deliver: Deliver) -> None:
    events = decode(deliver(script()))
    assert [str(site) for site in only(StreamDescribed, events)[1].stream.sites] == ["thigh/right"]
    first_row = blocks_of(IMU, events)[0].values[0]
    np.testing.assert_allclose(first_row, np.array([5, 4, 3, 2, 1, 0]) * 1e-3, rtol=1e-6)


def test_times_are_device_times_on_the_host_clock_with_the_latency_taken_out(script: Write, deliver: Deliver) -> None:
    block = blocks_of(EMG, decode(deliver(script(20.0))))[-1]
    true_s = (0.001 + block.first_index / 2000) * (1 + 20e-6) + 0.0002 - 0.003
    assert block.start_s == pytest.approx(true_s, abs=block.timebase.uncertainty_s)
    assert block.start_s == pytest.approx(true_s, abs=0.0003)


def test_emg_and_imu_of_one_sensor_agree_to_a_twentieth_of_a_millisecond(script: Write, deliver: Deliver) -> None:
    events = decode(deliver(script(20.0)))
    emg, imu = blocks_of(EMG, events), blocks_of(IMU, events)
    for second in (2, 9, 19):
        emg_s = next(block for block in emg if block.first_index == second * 2000).start_s + 0.003
        imu_s = next(block for block in imu if block.first_index == second * 200).start_s
        assert emg_s == pytest.approx(imu_s, abs=5e-5)


def test_uncertainty_is_stated_from_the_first_block_on_and_falls(script: Write, deliver: Deliver) -> None:
    events = decode(deliver(script(20.0)))
    stated = [block.timebase.uncertainty_s for block in blocks_of(EMG, events)]
    assert stated[0] > 0.005
    assert stated[100] < 0.002
    assert stated[-1] < 0.001
    assert only(ClockUpdated, events)[-1].uncertainty_s == pytest.approx(stated[-1], abs=1e-4)


def test_times_never_go_back_within_a_stream(script: Write, deliver: Deliver) -> None:
    blocks = blocks_of(EMG, decode(deliver(script(20.0), jitter_s=0.005)))
    for before, after in zip(blocks, blocks[1:], strict=False):
        assert after.start_s - before.start_s > 0.019
        assert abs(after.start_s - before.end_s) < 1e-4


def test_a_frame_lost_on_the_way_becomes_nan_rows_and_is_counted(script: Write, deliver: Deliver) -> None:
    events = decode(deliver(without(script(), 0, range(10, 12))))
    (lost,) = only(SamplesLost, events)
    assert (lost.stream_id, lost.n_samples, lost.n_frames, lost.n_by_device) == (EMG, 80, 2, 0)
    assert lost.cause is LossCause.WAY
    values = joined(blocks_of(EMG, events))
    missing = np.flatnonzero(np.isnan(values[:, 0]))
    np.testing.assert_array_equal(missing, np.arange(lost.first_index, lost.first_index + 80))
    np.testing.assert_allclose(values[400:, 0][~np.isnan(values[400:, 0])][-1], 5999, rtol=1e-7)


def test_the_other_stream_does_not_feel_a_loss(script: Write, deliver: Deliver) -> None:
    events = decode(deliver(without(script(), 0, range(10, 12))))
    assert not np.isnan(joined(blocks_of(IMU, events))).any()


def test_a_repeated_frame_is_left_out(script: Write, deliver: Deliver) -> None:
    written = script()
    events = decode(deliver([each for each in written for _ in range(2 if is_data(each[1], 0) else 1)]))
    assert len(only(DuplicateFrame, events)) == 150
    assert joined(blocks_of(EMG, events)).shape == (6000, 2)


@pytest.mark.parametrize("hidden", ["nothing", "flags", "flags and boot id"])
def test_a_restart_begins_a_new_clock_and_the_index_goes_on_by_host_time(
    script: Write, deliver: Deliver, hidden: str
) -> None:
    written = script(3.0, restart_at_s=4.0)
    if hidden != "nothing":
        written = [(at_s, replace(frame, flags=frame.flags & ~Flag.CLOCK_RESTARTED)) for at_s, frame in written]
    if hidden == "flags and boot id":
        written = [each for each in written if each[1].type_code != FrameType.TIME]
    events = decode(deliver(written))
    assert only(ClockRestarted, events) == [ClockRestarted(UID, 1)]
    values = joined(blocks_of(EMG, events))
    # 4.0 s, 0.3 s for the restart, 3.0 s: what was missing is NaN, and nothing else is.
    assert values.shape[0] == pytest.approx(14600, abs=10)
    (lost,) = [each for each in only(SamplesLost, events) if each.stream_id == EMG]
    assert lost.cause is LossCause.RESTART
    assert lost.n_samples == pytest.approx(600, abs=10)
    assert np.isnan(values[:, 0]).sum() == lost.n_samples


def test_times_after_a_restart_are_right(script: Write, deliver: Deliver) -> None:
    block = blocks_of(EMG, decode(deliver(script(5.0, restart_at_s=4.0))))[-1]
    true_s = (4.3 + 4.98) * (1 + 20e-6) + 0.0002 - 0.003
    assert block.start_s == pytest.approx(true_s, abs=block.timebase.uncertainty_s)


def test_a_long_gap_is_an_index_jump_and_not_a_flood_of_rows(script: Write, deliver: Deliver) -> None:
    written = without(script(70.0), 0, range(2, 3300))
    events = decode(deliver(written))
    (lost,) = [each for each in only(SamplesLost, events) if each.stream_id == EMG]
    assert not lost.filled
    assert lost.n_samples > 60 * 2000
    blocks = blocks_of(EMG, events)
    assert sum(block.n_samples for block in blocks) < 20_000
    assert max(after.first_index - before.next_index for before, after in zip(blocks, blocks[1:], strict=False)) == (
        lost.n_samples
    )


def test_a_sensor_that_was_on_before_keeps_its_own_sample_number(script: Write, deliver: Deliver) -> None:
    written = [each for each in script(3.0) if each[1].type_code != FrameType.DATA or each[0] > 1.0]
    assert blocks_of(EMG, decode(deliver(written)))[0].first_index == 49 * 40


def test_device_time_may_wrap(script: Write, deliver: Deliver) -> None:
    events = decode(deliver(script(4.0, device0_s=2**32 * 1e-6 - 2.0)))
    assert not only(ClockRestarted, events)
    assert not only(SamplesLost, events)
    blocks = blocks_of(EMG, events)
    assert blocks[-1].end_s - blocks[0].start_s == pytest.approx(4.0, abs=0.002)


def test_data_before_its_descriptor_is_counted_and_left_out(script: Write, deliver: Deliver) -> None:
    written = [each for each in script(3.0) if not (each[1].type_code == FrameType.DESC and each[1].stream == 0)]
    events = decode(deliver(written))
    assert len(only(UndescribedData, events)) == 150
    assert not blocks_of(EMG, events)
    assert blocks_of(IMU, events)


def test_data_of_another_configuration_is_never_read_by_the_old_descriptor(script: Write, deliver: Deliver) -> None:
    written = [(at_s, replace(frame, desc_id=2) if is_data(frame, 0) else frame) for at_s, frame in script()]
    assert not blocks_of(EMG, decode(deliver(written)))


def test_a_new_configuration_is_told_and_used(
    script: Write, deliver: Deliver, hello: Frame, emg_descriptor: Descriptor
) -> None:
    written = script(2.0)
    faster = replace(emg_descriptor, channels=tuple(replace(each, scale=2e-6) for each in emg_descriptor.channels))
    changed: Script = []
    for at_s, frame in written:
        if is_data(frame, 0) and frame.seq == 51:
            changed.append((at_s, Frame(FrameType.DESC, 0, 51, desc_id=2, payload=faster.encode())))
        later = is_data(frame, 0) and frame.seq >= 51
        changed.append((at_s, replace(frame, seq=frame.seq + 1, desc_id=2) if later else frame))
    events = decode(deliver(changed))
    assert len(only(StreamDescribed, events)) == 3
    values = joined(blocks_of(EMG, events))
    assert values[2100, 0] == pytest.approx(4200, rel=1e-6)
    assert not only(SamplesLost, events)


def test_float_samples_that_are_no_numbers_are_lost_samples(emg_descriptor: Descriptor, hello: Frame) -> None:
    descriptor = replace(emg_descriptor, sample_format=SampleFormat.F32)
    values = np.array([[1.0, np.inf], [np.nan, 2.0]], "<f4")
    data = Frame(FrameType.DATA, 0, 1, 0, 0, 2, 0, 0, 0, values.tobytes())
    frames = [hello, Frame(FrameType.DESC, 0, payload=descriptor.encode()), data]
    (block,) = blocks_of(EMG, decode([RawFrame(number, each.encode()) for number, each in enumerate(frames)]))
    np.testing.assert_array_equal(np.isnan(block.values), [[False, True], [True, False]])


def test_unknown_types_are_skipped(script: Write, deliver: Deliver) -> None:
    written = script()
    written[100:100] = [(written[100][0], Frame(7, 3, payload=b"later"))]
    events = decode(deliver(written))
    assert only(UnknownFrame, events) == [UnknownFrame(7, 3)]
    assert joined(blocks_of(EMG, events)).shape == (6000, 2)


def test_bytes_behind_the_samples_are_ignored(script: Write, deliver: Deliver) -> None:
    written = [
        (at_s, replace(frame, payload=frame.payload + b"new") if is_data(frame, 0) else frame)
        for at_s, frame in script()
    ]
    assert joined(blocks_of(EMG, decode(deliver(written)))).shape == (6000, 2)


def test_a_payload_shorter_than_its_count_is_damage(script: Write, deliver: Deliver) -> None:
    written = script()
    written = [
        (at_s, replace(frame, payload=frame.payload[:-1]) if is_data(frame, 0) and frame.seq == 9 else frame)
        for at_s, frame in written
    ]
    events = decode(deliver(written))
    assert [each.fault for each in only(FrameCorrupt, events)] == [FrameFault.LENGTH]
    assert only(SamplesLost, events)[0].n_samples == 40


def test_a_recorded_frame_that_rotted_is_noticed(script: Write, deliver: Deliver) -> None:
    frames = deliver(script())
    rotten = bytearray(frames[50].data)
    rotten[20] ^= 1
    frames[50] = frames[50]._replace(data=bytes(rotten))
    assert [each.fault for each in only(FrameCorrupt, decode(frames))] == [FrameFault.CHECKSUM]


def test_a_lost_link_is_a_gap_and_the_clock_goes_on(script: Write, deliver: Deliver) -> None:
    frames: list[RawFrame | LinkMark] = list(deliver(script(6.0)))
    del frames[200:400]
    frames[200:200] = [LinkMark(ORIGIN_NS + 2_000_000_000, False), LinkMark(ORIGIN_NS + 3_000_000_000, True)]
    events = decode(frames)
    assert only(DeviceDropped, events) == [DeviceDropped(ORIGIN_NS + 2_000_000_000)]
    assert only(DeviceReturned, events)
    assert not only(ClockRestarted, events)
    values = joined(blocks_of(EMG, events))
    assert values.shape[0] == 12000
    assert 3000 < np.isnan(values[:, 0]).sum() < 5000


def test_the_device_tells_of_its_electrodes(script: Write, deliver: Deliver) -> None:
    off = range(20, 30)
    written = [
        (at_s, replace(frame, flags=int(Flag.LEAD_OFF)) if is_data(frame, 0) and frame.seq in off else frame)
        for at_s, frame in script()
    ]
    told = only(SignalFlags, decode(deliver(written)))
    assert [(each.first_index, each.lead_off) for each in told] == [(19 * 40, True), (29 * 40, False)]


def test_device_events_come_with_host_time(script: Write, deliver: Deliver) -> None:
    written = script()
    message = EventMessage(4, 3, 5_000_000 + 1_000_000)
    written.append((written[-1][0], Frame(FrameType.EVENT, payload=message.encode())))
    (event,) = only(DeviceEvent, decode(deliver(written)))
    assert (event.kind, event.arg) == (4, 3)
    assert event.time_s == pytest.approx(1.0012, abs=0.001)


def test_events_of_a_device_that_has_been_on_for_hours_come_at_their_time(script: Write, deliver: Deliver) -> None:
    hours_us = 3 * 2**32
    written = script(device0_s=5.0 + hours_us * 1e-6)
    message = EventMessage(4, 3, hours_us + 6_000_000)
    written.append((written[-1][0], Frame(FrameType.EVENT, payload=message.encode())))
    (event,) = only(DeviceEvent, decode(deliver(written)))
    assert event.time_s == pytest.approx(1.0012, abs=0.001)


def test_a_frame_begun_before_a_loss_does_not_spoil_the_first_one_after(hello: Frame) -> None:
    decoder = SensorDecoder("cable", Framing.COBS, ORIGIN_NS)
    whole = stuff(hello.encode())
    assert decoder.frames(whole[:7], ORIGIN_NS) == []
    decoder.link_lost(ORIGIN_NS + 1)
    decoder.link_restored(ORIGIN_NS + 2)
    assert decoder.frames(whole, ORIGIN_NS + 3) == [RawFrame(ORIGIN_NS + 3, hello.encode())]


def test_status_is_passed_on(script: Write, deliver: Deliver) -> None:
    assert only(SensorStatus, decode(deliver(script())))[0].status.battery_mv == 3900


def test_a_sensor_that_never_answers_is_named_after_its_link(script: Write, deliver: Deliver) -> None:
    events = decode(deliver(script(5.0)[1:]))
    assert only(SensorIdentified, events) == [SensorIdentified("cable", declared=False)]
    assert joined(blocks_of("cable/0", events)).shape[0] == pytest.approx(4000, abs=100)


def test_another_sensor_on_the_same_link_has_its_own_streams(script: Write, deliver: Deliver, hello: Frame) -> None:
    other = replace(hello, payload=hello.payload.replace(bytes(range(8)), b"\xff" * 8))
    first, second = script(1.0), script(1.0)
    second[0] = (0.0, other)
    events = decode(deliver([*first, *((at_s + 5.0, frame) for at_s, frame in second)]))
    assert [each.uid for each in only(SensorIdentified, events)] == [UID, "ff" * 8]
    assert not np.isnan(joined(blocks_of("ff" * 8 + "/0", events))).any()


def test_cutting_and_decoding_chunks_is_the_same_as_decoding_frames(script: Write, deliver: Deliver) -> None:
    frames = deliver(script())
    decoder = SensorDecoder("cable", Framing.COBS, ORIGIN_NS)
    cut = [raw for frame in frames for raw in decoder.frames(stuff(frame.data), frame.t_host_ns)]
    assert cut == frames


def test_a_damaged_delimiter_costs_one_frame_only(script: Write, deliver: Deliver) -> None:
    frames = deliver(script())
    wire = [bytearray(stuff(frame.data)) for frame in frames]
    data_rows = [row for row, (_, frame) in enumerate(script()) if is_data(frame, 0)]
    wire[data_rows[20] - 1][-1] = 0x55
    decoder = SensorDecoder("cable", Framing.COBS, ORIGIN_NS)
    events = [
        event
        for data, frame in zip(wire, frames, strict=True)
        for raw in decoder.frames(bytes(data), frame.t_host_ns)
        for event in decoder.decode(raw)
    ]
    assert len(only(FrameCorrupt, events)) == 1
    assert not np.isnan(joined(blocks_of(EMG, events))).any()
