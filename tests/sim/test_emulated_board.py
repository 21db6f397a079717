"""The reference firmware on an emulated Cortex-M board, through its serial line into the real link and acquisition.

Real time: the emulator runs on this machine's clock, so each test takes the seconds that it streams, and up to one more
until the emulator looks whether its terminal has been opened.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.emulators.board import MISSING, EmulatedBoard, build_firmware
from tests.sim.native_devices import PATIENCE_S, capture, decoded_again, losses, n_damaged, values_of

from firingorder_bridge.buffer import CobsFramer
from firingorder_bridge.events import (
    BridgeEvent,
    ClockRestarted,
    ClockUpdated,
    LossCause,
    Samples,
    SensorIdentified,
    SensorStatus,
    StreamDescribed,
)
from firingorder_bridge.frames import CONTROL_STREAM, Flag, Frame, FrameType, parse_checked
from firingorder_bridge.links.serial_link import SerialLink
from firingorder_bridge.messages import Command, Descriptor, Op, PingReply, Response, Status, TimeMessage, hello_args
from firingorder_bridge.stuffing import stuff
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import FloatArray, StreamKind

pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"not here: {', '.join(MISSING)} (tools/system_packages.py test)"),
    pytest.mark.xdist_group("emulated_board"),  # one emulator at a time, and what it streamed made once
]

UID = b"mps2qemu"
EMG_HZ, IMU_HZ = 2000, 208
#: µV of one count of an ADS129x at gain 6, as the single that the wire carries.
UV = float(np.float32(2.42 / 6 / (2**23 - 1))) * 1e6


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the firmware, compiled once."""
    return build_firmware(tmp_path_factory.mktemp("firmware"))


@pytest.fixture
def board(image: Path, tmp_path: Path) -> Iterator[EmulatedBoard]:
    """Run a board."""
    with EmulatedBoard(image, tmp_path) as running:
        yield running


def emg_counts(n: int) -> FloatArray:
    """Return what the firmware's converter makes (bare_metal/source.c), shape (n, 2)."""
    index = np.arange(n)
    noise = (index * 2654435761 % 2**32 >> 16) - 0x8000
    softer = np.sign(noise) * (abs(noise) // 16)
    return np.column_stack([index % 65536 - 0x8000, np.where(index % 4096 < 1024, noise, softer)]).astype(float)


def imu_counts(n: int) -> FloatArray:
    """Return what the firmware's IMU makes, shape (n, 6)."""
    index = np.arange(n)
    still = np.zeros(n)
    moving = [index % 64, -(index // 64 % 64), still + 8192, still, index % 201 - 100, still - 1]
    return np.column_stack(moving).astype(float)


@dataclass
class Streamed:
    """What six seconds of a board's life gave: live, and read back from the recording."""

    events: list[BridgeEvent]
    again: list[BridgeEvent]


@pytest.fixture(scope="module")
def streamed(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Streamed:
    """Record a board once, for all tests that only look."""
    folder = tmp_path_factory.mktemp("streamed")
    with EmulatedBoard(image, folder) as board:
        running = capture(board.path, folder)
        running.wait(lambda: running.n_samples() > 6 * EMG_HZ)
        recording = running.stop()
    return Streamed(running.events, decoded_again(recording))


def test_nothing_is_lost_and_nothing_damaged(streamed: Streamed) -> None:
    assert n_damaged(streamed.events) == 0
    assert not losses(streamed.events)
    (status,) = (event.status for event in streamed.events if isinstance(event, SensorStatus))
    assert (status.dropped_frames, status.dropped_samples) == (0, 0)


def test_it_says_who_it_is_and_what_it_measures(streamed: Streamed) -> None:
    (who,) = {event for event in streamed.events if isinstance(event, SensorIdentified)}
    assert (who.uid, who.firmware, who.simulated) == (UID.hex(), 0x0100, True)
    emg, imu = (event.stream for event in streamed.events if isinstance(event, StreamDescribed))
    assert (emg.kind, imu.kind) == (StreamKind.EMG, StreamKind.IMU)
    assert (emg.rate_hz, imu.rate_hz) == (Fraction(EMG_HZ), Fraction(IMU_HZ))
    assert [str(site) for site in emg.sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    assert [str(site) for site in imu.sites] == ["pelvis"]


def test_every_value_is_what_the_source_made(streamed: Streamed) -> None:
    values = values_of(streamed.events)
    assert np.array_equal(np.rint(values / UV), emg_counts(len(values)))
    moved = values_of(streamed.events, 1)
    scale = np.repeat([4 * 9.80665 / 2**15, np.deg2rad(17.5e-3)], 3)
    assert np.array_equal(np.rint(moved / scale), imu_counts(len(moved)))
    assert np.array_equal(values_of(streamed.again), values)
    assert np.array_equal(values_of(streamed.again, 1), moved)


def test_its_clock_is_this_machines(streamed: Streamed) -> None:
    """The emulated counter runs on the host's monotonic clock, so rate and drift are known.

    From 2 s on: before, the map hangs on single frames, and a starved emulator delays those by tens of milliseconds.
    """
    blocks = [event.block for event in streamed.events if isinstance(event, Samples)]
    for kind, rate_hz in ((StreamKind.EMG, EMG_HZ), (StreamKind.IMU, IMU_HZ)):
        begin, *_, end = (b for b in blocks if b.stream.kind is kind and b.first_index > 2 * rate_hz)
        n_samples = end.first_index - begin.first_index
        elapsed_s = end.timebase.time_of(end.first_index) - begin.timebase.time_of(begin.first_index)
        # The offset is refined meanwhile, by at most what was stated.
        assert elapsed_s == pytest.approx(n_samples / rate_hz, abs=begin.timebase.uncertainty_s + 1e-3)
    updates = [event for event in streamed.events if isinstance(event, ClockUpdated)]
    assert updates[-1].uncertainty_s < 0.01
    assert abs(updates[-1].ppm) < 100


def test_both_streams_are_on_one_clock(streamed: Streamed) -> None:
    """Sample 0 of both was taken in the same microsecond."""
    last = {event.block.stream.kind: event.block for event in streamed.events if isinstance(event, Samples)}
    assert last[StreamKind.EMG].timebase.time_of(0) == pytest.approx(last[StreamKind.IMU].timebase.time_of(0), abs=1e-3)


class Talk:
    """A conversation by hand, over the real link.

    Attributes
    ----------
    frames
        All that came.
    paused
        While set, the host does not read: the link's thread is held up.
    """

    def __init__(self, path: str) -> None:
        self.frames: list[Frame] = []
        self.paused = threading.Event()
        self._framer = CobsFramer()
        self._tag = 0
        self.link = SerialLink(path)
        self.link.open(self._take, lambda error: None)

    def _take(self, chunk: bytes, t_ns: int) -> None:
        for raw in self._framer.feed(chunk, t_ns):
            assert not raw.damaged
            self.frames.append(parse_checked(raw.data))
        while self.paused.is_set():
            time.sleep(0.01)

    def wait(self, n_frames: int, kind: FrameType, after: int = 0) -> list[Frame]:
        """Wait for frames of a kind."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = [frame for frame in self.frames[after:] if frame.type_code == kind]
            if len(found) >= n_frames:
                return found
            assert time.monotonic() < deadline, f"{kind.name} never came; there are {len(self.frames)} frames"
            time.sleep(0.005)

    def ask(self, op: int, args: bytes = b"", noise: bytes = b"") -> Response:
        """Send a command and return its answer."""
        self._tag += 1
        after = len(self.frames)
        frame = Frame(FrameType.CMD, seq=self._tag, payload=Command(op, self._tag, args).encode())
        self.link.write(noise + stuff(frame.encode()))
        (frame, *_) = self.wait(1, FrameType.RSP, after)
        response = Response.decode(frame.payload)
        assert response is not None
        assert (response.op, response.tag) == (op, self._tag)
        return response


@pytest.fixture
def talk(board: EmulatedBoard) -> Iterator[Talk]:
    """Talk to a board."""
    talk = Talk(board.path)
    yield talk
    talk.paused.clear()
    talk.link.close()


def test_it_obeys_what_it_must_and_refuses_the_rest(talk: Talk) -> None:
    assert talk.ask(Op.HELLO, hello_args(1, 3)).data[1:9] == UID
    assert talk.ask(Op.HELLO, hello_args(2, 3)).status == Status.REFUSED
    assert talk.ask(Op.HELLO).status == Status.BAD_ARGUMENT
    assert talk.ask(Op.SET_GAIN, b"\0\0\6").status == Status.UNKNOWN_OP
    assert talk.ask(Op.START, b"\xfc").status == Status.BAD_ARGUMENT
    assert talk.ask(Op.GET_DESC, b"\x07").status == Status.BAD_ARGUMENT
    assert talk.ask(Op.PING).status == Status.BAD_ARGUMENT
    assert not [frame for frame in talk.frames if frame.type_code != FrameType.RSP]
    first, second, third = (PingReply.decode(talk.ask(Op.PING, (7 << 40).to_bytes(8, "little")).data) for _ in "123")
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.t1_host_us == 7 << 40
    assert first.t2_device_us <= first.t3_device_us < second.t2_device_us <= second.t3_device_us < third.t2_device_us
    # Damaged commands, and bytes that are none, are not answered and hold nothing up.
    assert talk.ask(Op.GET_DESC, b"\x01", noise=b"\x05noise\0" + bytes(3) + b"\xff" * 200 + b"\0").status == Status.OK
    (frame,) = talk.wait(1, FrameType.DESC)
    descriptor = Descriptor.decode(frame.payload)
    assert descriptor is not None
    assert (frame.stream, descriptor.rate_num, len(descriptor.channels)) == (1, IMU_HZ, 6)


def test_numbers_run_on_through_stop_and_start(talk: Talk) -> None:
    talk.ask(Op.START, b"\x01")
    talk.wait(5, FrameType.DATA)
    talk.ask(Op.STOP)
    stopped = len(talk.frames)
    talk.ask(Op.PING, bytes(8))
    assert [frame.type_code for frame in talk.frames[stopped:]] == [FrameType.RSP]
    talk.ask(Op.START)
    talk.wait(10, FrameType.DATA, stopped)
    talk.ask(Op.STOP)
    for stream in (0, 1, CONTROL_STREAM):
        frames = [frame for frame in talk.frames if frame.stream == stream]
        assert [frame.seq for frame in frames] == list(range(len(frames)))
        flags = [frame.flags for frame in frames]
        assert flags == [Flag.CLOCK_RESTARTED] + [0] * (len(frames) - 1)
    emg = [frame for frame in talk.frames if frame.stream == 0 and frame.type_code == FrameType.DATA]
    assert emg[0].index == 0
    apart_us = [(frame.t_us - emg[0].t_us, frame.index * 1_000_000 // EMG_HZ) for frame in emg]
    assert all(by_time == by_index for by_time, by_index in apart_us)
    # A host that lets the board wait too long makes it leave samples with its source: the frame before such a hole, and
    # the one before a STOP, is as short as it must be.
    whole = {frame.n_samples for frame, after in pairwise(emg) if after.index == frame.index + frame.n_samples}
    assert len(whole) > 1
    assert whole <= set(range(25, 38))
    (boot_id,) = {
        message.boot_id
        for frame in talk.wait(1, FrameType.TIME)
        if (message := TimeMessage.decode(frame.payload)) is not None
    }
    assert boot_id != 0


def test_a_host_that_does_not_read_loses_numbered_samples_and_is_told(tmp_path: Path) -> None:
    """The board's queue and this system's hold some 70 kB; what does not fit is dropped whole, before it is numbered.

    At 16 kHz, so that they are full within a second.
    """
    with EmulatedBoard(build_firmware(tmp_path / "fast", 8 * EMG_HZ), tmp_path) as board:
        talk = Talk(board.path)
        talk.ask(Op.START, b"\x01")
        talk.wait(5, FrameType.DATA)
        talk.paused.set()
        time.sleep(2.0)  # the board's time, which nobody can tell it
        talk.paused.clear()
        talk.wait(1200, FrameType.DATA)
        talk.ask(Op.STOP)
        talk.link.close()
    emg = [frame for frame in talk.frames if frame.stream == 0 and frame.type_code == FrameType.DATA]
    follows = [after.index == before.index + before.n_samples for before, after in pairwise(emg)]
    assert not all(follows)
    assert [frame.flags == Flag.DROPPED_BEFORE for frame in emg[1:]] == [not each for each in follows]
    seqs = [frame.seq for frame in talk.frames if frame.stream == 0]
    assert seqs == list(range(len(seqs)))


def test_a_reset_is_told_and_the_numbering_goes_on(board: EmulatedBoard, tmp_path: Path) -> None:
    running = capture(board.path, tmp_path)
    running.wait(lambda: running.n_samples() > EMG_HZ)
    board.reset()
    running.wait(lambda: any(isinstance(event, ClockRestarted) for event in running.events))
    before = running.n_samples()
    running.wait(lambda: running.n_samples() > before + EMG_HZ // 2)
    running.stop()
    causes = {loss.cause for loss in losses(running.events)}
    assert causes == {LossCause.RESTART}
    assert n_damaged(running.events) < 250  # at most the frame that the reset cut in two
    values = values_of(running.events)[:, 0]
    counts = np.rint(values[~np.isnan(values)] / UV)
    steps = np.diff(counts)
    assert np.count_nonzero(steps != 1) == 1, "one jump back to the first sample, and no other"


def test_a_board_that_loses_power_is_told_and_what_came_is_kept(board: EmulatedBoard, tmp_path: Path) -> None:
    running = capture(board.path, tmp_path, AcquisitionParams(silent_s=None))
    running.wait(lambda: running.n_samples() > EMG_HZ // 4)
    board.kill()
    running.wait(lambda: any(told.phase is SensorPhase.LOST for told in running.told))
    recording = running.stop()
    kept = sum(len(e.block.values) for e in decoded_again(recording) if isinstance(e, Samples))
    assert kept > EMG_HZ // 4
