"""The long session for benchmarks is a valid stream, and its lifts are where the truth says."""

import numpy as np
import pytest

from firingorder_bridge.buffer import Framing, RawFrame
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.events import FrameCorrupt, Refused, Samples, SamplesLost, UnknownFrame
from firingorder_bridge.frames import Frame, FrameType
from firingorder_bridge.messages import HelloReply, Op, Response
from firingorder_bridge.virtual.hour import HourFrame, HourSensor, hour_lifts, hour_of_frames, hour_sensors
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.wearable import HOST_ORIGIN_NS

PARAMS = SetParams(n_lifts=2, quiet_s=3.0, rest_s=3.0)
LENGTH_S = 45.0


@pytest.fixture(scope="module")
def sensors() -> tuple[HourSensor, ...]:
    return hour_sensors(params=PARAMS)


def frames(sensors: tuple[HourSensor, ...], length_s: float = LENGTH_S) -> list[HourFrame]:
    return [frame for chunk in hour_of_frames(length_s, sensors=sensors) for frame in chunk]


def test_every_sensor_sends_all_its_samples_without_loss(sensors: tuple[HourSensor, ...]) -> None:
    got = frames(sensors)
    for number, sensor in enumerate(sensors):
        decoder = SensorDecoder(f"hour-{number}", Framing.COBS, HOST_ORIGIN_NS)
        hello = Response(Op.HELLO, 0, 0, HelloReply(1, sensor.uid, 1).encode())
        events = decoder.decode(RawFrame(HOST_ORIGIN_NS, Frame(FrameType.RSP, payload=hello.encode()).encode()))
        for frame in got:
            if frame.sensor == number:
                events += decoder.decode(RawFrame(frame.t_host_ns, frame.frame))
        assert not [event for event in events if isinstance(event, (SamplesLost, FrameCorrupt, Refused, UnknownFrame))]
        blocks = [event.block for event in events if isinstance(event, Samples)]
        emg = sum(block.n_samples for block in blocks if block.stream.stream_id.endswith("/0"))
        assert emg == 2000 * LENGTH_S
        assert {block.stream.n_channels for block in blocks} == {2, 6}


def test_frames_come_in_order_of_arrival(sensors: tuple[HourSensor, ...]) -> None:
    times = [frame.t_host_ns for frame in frames(sensors)]
    assert times == sorted(times)


def test_the_lifts_repeat_over_the_whole_length() -> None:
    lifts = hour_lifts(LENGTH_S, params=PARAMS)
    assert len(lifts) >= 4
    assert all(later.move_s > lift.end_s for lift, later in zip(lifts, lifts[1:], strict=False))


def test_the_muscles_are_active_where_the_truth_says(sensors: tuple[HourSensor, ...]) -> None:
    level = np.abs(sensors[1].emg_counts[:, 0].astype(float))
    for lift in hour_lifts(15.0, params=PARAMS):
        onset = int(lift.onsets_s["hamstring"] * 2000)
        assert np.mean(level[onset + 300 : onset + 1500]) > 4 * np.mean(level[onset - 1500 : onset - 10])


def test_the_same_seed_gives_the_same_session(sensors: tuple[HourSensor, ...]) -> None:
    assert frames(sensors, 9.0) == frames(hour_sensors(params=PARAMS), 9.0)
