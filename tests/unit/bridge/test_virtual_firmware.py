"""A virtual sensor answers each command as Open Muscle Link 1 says, and frames carry the right numbers."""

import struct

import numpy as np
import pytest

from firingorder_bridge.frames import CONTROL_STREAM, Frame, FrameType, parse_checked
from firingorder_bridge.messages import (
    Command,
    Descriptor,
    HelloReply,
    Op,
    PingReply,
    Quantity,
    Response,
    Status,
    TimeMessage,
    start_args,
)
from firingorder_bridge.stuffing import stuff
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.firmware import Firmware
from firingorder_bridge.virtual.identity import default_sensors
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.world import World


class Bench:
    """One sensor and a host that keeps all it hears."""

    def __init__(self, *faults: str) -> None:
        self.world = World(SetParams(), 1, 4000.0)
        self.sensor = Firmware(default_sensors(1)[0], self.world, tuple(Fault.parse(text) for text in faults))
        self.now_s = 1.0

    def send(self, op: int, args: bytes = b"", tag: int = 7) -> None:
        """Send a command now."""
        frame = Frame(FrameType.CMD, payload=Command(op, tag, args).encode())
        self.sensor.receive(stuff(frame.encode()), self.now_s)

    def run(self, duration_s: float) -> list[Frame]:
        """Let time pass and hear what the sensor says."""
        self.now_s += duration_s
        return [parse_checked(data) for _, data in self.sensor.advance(self.now_s)]

    def ask(self, op: int, args: bytes = b"") -> Response:
        """Send a command and return its answer."""
        self.send(op, args)
        response = Response.decode(self.run(0.0)[0].payload)
        assert response is not None
        return response

    def data(self, duration_s: float, stream: int = 0) -> list[Frame]:
        """Let time pass and keep the samples of one stream."""
        return [f for f in self.run(duration_s) if f.type_code == FrameType.DATA and f.stream == stream]


def test_hello_tells_who_the_sensor_is_and_that_it_is_simulated() -> None:
    response = Bench().ask(Op.HELLO, bytes((1, 1)))
    assert (response.op, response.tag, response.status) == (Op.HELLO, 7, Status.OK)
    assert HelloReply.decode(response.data) == HelloReply(1, b"VIRTUALA", 0x0100, 0x8000)


def test_hello_refuses_a_host_of_another_version() -> None:
    assert Bench().ask(Op.HELLO, bytes((2, 3))).status == Status.REFUSED


@pytest.mark.parametrize(
    ("op", "args", "status"),
    [
        (Op.HELLO, b"", Status.BAD_ARGUMENT),
        (Op.GET_DESC, b"\x05", Status.BAD_ARGUMENT),
        (Op.START, b"\x04", Status.BAD_ARGUMENT),
        (Op.PING, b"123", Status.BAD_ARGUMENT),
        (Op.STOP, b"", Status.OK),
        (Op.IDENTIFY, b"", Status.OK),
        (Op.SET_RATE, b"", Status.UNKNOWN_OP),
        (99, b"", Status.UNKNOWN_OP),
    ],
)
def test_every_command_is_answered(op: int, args: bytes, status: Status) -> None:
    assert Bench().ask(op, args).status == status


def test_identify_makes_the_light_blink() -> None:
    bench = Bench()
    bench.ask(Op.IDENTIFY)
    assert bench.sensor.blinks == 1


def test_ping_returns_the_hosts_time_and_the_devices_two() -> None:
    bench = Bench()
    reply = PingReply.decode(bench.ask(Op.PING, struct.pack("<Q", 123456789)).data)
    device_us = int(bench.sensor.clock.device_s(bench.now_s) * 1e6)
    assert reply == PingReply(123456789, device_us, device_us)


def test_damaged_and_foreign_bytes_are_ignored() -> None:
    bench = Bench()
    bench.sensor.receive(b"garbage\0\0\xff\x01\0", bench.now_s)
    bench.sensor.receive(stuff(Frame(FrameType.TIME, payload=b"x").encode()), bench.now_s)
    assert bench.run(0.0) == []


def test_get_desc_describes_one_stream_or_all() -> None:
    bench = Bench()
    bench.send(Op.GET_DESC, b"\x01")
    assert [frame.stream for frame in bench.run(0.0)] == [CONTROL_STREAM, 1]
    bench.send(Op.GET_DESC)
    assert [frame.stream for frame in bench.run(0.0)] == [CONTROL_STREAM, 0, 1]


def test_the_descriptors_say_rate_sites_and_units() -> None:
    bench = Bench()
    bench.send(Op.GET_DESC)
    emg, imu = (Descriptor.decode(frame.payload) for frame in bench.run(0.0)[1:])
    assert emg is not None
    assert imu is not None
    assert (emg.rate_num, emg.rate_den, imu.rate_num, imu.rate_den) == (2000, 1, 200, 1)
    assert (emg.channels[0].site, imu.channels[0].site) == (0x41, 10)
    assert [channel.quantity for channel in imu.channels] == [Quantity.ACCELERATION] * 3 + [Quantity.ANGULAR_RATE] * 3


def test_start_answers_then_describes_then_tells_the_time_then_streams() -> None:
    bench = Bench()
    bench.send(Op.START)
    kinds = [frame.type_code for frame in bench.run(0.1)]
    assert kinds[:4] == [FrameType.RSP, FrameType.DESC, FrameType.DESC, FrameType.TIME]
    assert set(kinds[4:]) == {FrameType.DATA}


def test_start_with_a_mask_starts_only_those_streams() -> None:
    bench = Bench()
    bench.send(Op.START, start_args(frozenset({1})))
    assert {frame.stream for frame in bench.run(0.5)} == {CONTROL_STREAM, 1}


def test_descriptors_come_every_ten_seconds_and_the_time_every_second() -> None:
    bench = Bench()
    bench.send(Op.START)
    frames = bench.run(30.5)
    assert sum(f.type_code == FrameType.DESC and f.stream == 0 for f in frames) == 4
    assert sum(f.type_code == FrameType.TIME for f in frames) == 31
    assert any(f.type_code == FrameType.STATUS for f in frames)


def test_frames_hold_ten_to_twenty_milliseconds_in_varying_sizes() -> None:
    bench = Bench()
    bench.send(Op.START)
    frames = bench.run(10.0)
    emg = [f.n_samples for f in frames if f.type_code == FrameType.DATA and f.stream == 0]
    imu = [f.n_samples for f in frames if f.type_code == FrameType.DATA and f.stream == 1]
    assert set(emg) == set(range(20, 41))
    assert set(imu) == {2, 3, 4}


def test_index_and_time_run_on_without_a_gap() -> None:
    bench = Bench()
    bench.send(Op.START)
    frames = bench.data(5.0)
    assert frames[0].index == 0
    for frame, later in zip(frames, frames[1:], strict=False):
        assert later.index == frame.index + frame.n_samples
        assert later.t_us - frame.t_us == 500 * frame.n_samples
        assert len(frame.payload) == 2 * frame.n_samples


def test_every_frame_of_a_stream_takes_a_number_descriptors_included() -> None:
    bench = Bench()
    bench.send(Op.START)
    frames = bench.run(21.0)
    for stream in (0, 1, CONTROL_STREAM):
        seqs = [frame.seq for frame in frames if frame.stream == stream]
        assert seqs == list(range(len(seqs)))


def test_the_index_runs_on_through_a_stop() -> None:
    bench = Bench()
    bench.send(Op.START)
    before = bench.data(2.0)
    bench.send(Op.STOP)
    assert bench.data(3.0) == []
    bench.send(Op.START)
    after = bench.data(1.0)
    assert after[0].index - (before[-1].index + before[-1].n_samples) == pytest.approx(6000, abs=45)
    assert after[0].t_us - before[0].t_us == 500 * after[0].index
    assert after[0].seq == before[-1].seq + 2


def test_the_clock_of_the_device_runs_at_its_own_rate() -> None:
    bench = Bench()
    bench.send(Op.START)
    times = [TimeMessage.decode(f.payload) for f in bench.run(60.5) if f.type_code == FrameType.TIME]
    first, last = times[0], times[-1]
    assert first is not None
    assert last is not None
    ppm = (last.t_us - first.t_us) / 60 - 1e6
    assert ppm == pytest.approx(bench.sensor.params.clock.ppm, abs=3.0)


def test_what_the_device_drops_takes_no_number_and_is_told_by_the_next_frame() -> None:
    bench = Bench("drop:0.1")
    bench.send(Op.START)
    frames = bench.data(20.0)
    seqs = [frame.seq for frame in frames]
    assert np.max(np.diff(seqs)) <= 2  # a descriptor now and then
    jumps = [b for a, b in zip(frames, frames[1:], strict=False) if b.index != a.index + a.n_samples]
    assert len(jumps) > 50
    assert all(frame.flags & 4 for frame in jumps)
    assert sum(bool(frame.flags & 4) for frame in frames[1:]) == len(jumps)


def test_a_restart_begins_everything_anew_and_says_so_once_a_stream() -> None:
    bench = Bench("restart@3")
    bench.send(Op.START)
    bench.world.timeline.begin(bench.now_s)
    frames = bench.run(8.0)
    boots = [m.boot_id for f in frames if f.type_code == FrameType.TIME and (m := TimeMessage.decode(f.payload))]
    assert len(set(boots)) == 2
    for stream in (0, 1, CONTROL_STREAM):
        own = [frame for frame in frames if frame.stream == stream]
        flagged = [n for n, frame in enumerate(own) if frame.flags & 16]
        assert len(flagged) == 1
        assert own[flagged[0]].seq == 0
        assert own[flagged[0]].t_us < 100
        assert own[flagged[0]].index == 0


def test_a_reboot_waits_for_start() -> None:
    bench = Bench("reboot@3")
    bench.send(Op.START)
    bench.world.timeline.begin(bench.now_s)
    bench.run(3.1)
    assert bench.run(2.0) == []
    bench.send(Op.START)
    frames = bench.data(1.0)
    assert frames[0].index == 0
    assert frames[0].t_us > 2_000_000
