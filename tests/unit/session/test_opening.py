"""A link that opens slowly: the other sensors are not held up, and nothing comes in the wrong order."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.unit.bridge.frame_sender import FrameSender

from firingorder_bridge.descriptors import code_of
from firingorder_bridge.errors import DeviceNotFound, LinkLost, LinkReason, PortBusy
from firingorder_bridge.events import BridgeEvent, Samples
from firingorder_bridge.frames import Frame, FrameType, SampleFormat, parse_frame
from firingorder_bridge.links.base import Link, OnData, OnLost
from firingorder_bridge.messages import (
    Axis,
    ChannelDescriptor,
    Command,
    Descriptor,
    HelloReply,
    Kind,
    Op,
    Quantity,
    Response,
)
from firingorder_session.acquiring import opening as opening_module
from firingorder_session.acquiring.acquisition import Acquisition
from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.acquiring.opening import END_S, Opening
from firingorder_session.acquiring.sensor_channel import SensorChannel
from firingorder_session.events.live_events import SensorChanged, SensorPhase
from firingorder_session.recordings.file_recording import FileRecording
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_signal.blocks import Site

PATIENCE_S = 30.0
PERIOD_US = 10_000


class Scripted(Link):
    """A sensor in a thread; `slow` opens as long as `door` is shut."""

    def __init__(self, name: str, *, slow: bool = False) -> None:
        self.name, self.speech, self.opens_slowly = name, "datagram", slow
        self.door = threading.Event()
        self.door.set()
        self.way_out = threading.Event()
        self.way_out.set()
        self.fails: bool | Exception = False
        self.early: list[bytes] = []
        self.sender = FrameSender()
        self.n_tried = self.n_opened = 0
        self.is_deaf = False
        self.n_streams = self.n_sending = 1
        self._closed = threading.Event()
        self._call: tuple[OnData, OnLost] | None = None
        site = code_of(Site.parse("gluteus_maximus/right"))
        channel = ChannelDescriptor(0, Quantity.VOLT, Axis.X, site, 1e-6, label="emg")
        self._descriptor = Descriptor(Kind.EMG, SampleFormat.I16, 1000, 1, (channel,), max_n=10)

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Open when the door is open."""
        self._closed.clear()
        self.n_tried += 1
        for chunk in self.early:
            on_data(chunk, time.monotonic_ns())
        while not self.door.wait(0.005):
            # What opens quickly as a rule is a call of the system's, which nobody can end.
            if self._closed.is_set() and self.opens_slowly:
                raise LinkLost(self.name, LinkReason.NOT_OPEN, "closed meanwhile")
        if isinstance(self.fails, Exception):
            raise self.fails
        if self.fails:
            raise DeviceNotFound(self.name, LinkReason.NOT_FOUND, f"{self.name} is not there")
        self.n_opened += 1
        self._call = (on_data, on_lost)

    def write(self, data: bytes) -> None:
        """Obey."""
        if self.is_deaf:
            return
        frame = parse_frame(data)
        assert isinstance(frame, Frame)
        command = Command.decode(frame.payload)
        assert command is not None
        told = HelloReply(1, self.name.encode()[:8].ljust(8), 1, 0).encode() if command.op == Op.HELLO else b""
        self.say(self.sender.control(FrameType.RSP, Response(command.op, command.tag, 0, told).encode()).encode())
        if command.op in (Op.GET_DESC, Op.START):
            for stream in range(self.n_streams):
                self.say(self.sender.descriptor(stream, self._descriptor).encode())

    def close(self) -> None:
        """Stop, once the way out is free."""
        self._closed.set()
        self._call = None
        self.way_out.wait(PATIENCE_S)

    @property
    def is_open(self) -> bool:
        """Whether it would deliver."""
        return self._call is not None

    def say(self, chunk: bytes) -> None:
        """Send."""
        if self._call is not None:
            self._call[0](chunk, time.monotonic_ns())

    def frame(self, stream: int = 0) -> bytes:
        """Return the next ten samples."""
        number = self.sender.next_index.get(stream, 0)
        return self.sender.data(stream, np.zeros((10, 1), np.int32), number * 1000).encode()

    def die(self) -> None:
        """Be lost."""
        call, self._call = self._call, None
        assert call is not None
        call[1](LinkLost(self.name, LinkReason.UNPLUGGED, f"{self.name} has gone", time.monotonic_ns()))


class Running:
    """An acquisition of scripted sensors."""

    def __init__(self, path: Path, *links: Scripted) -> None:
        self.told: list[SensorChanged] = []
        self.events: list[BridgeEvent] = []
        self.links = links
        origin_ns = time.monotonic_ns()
        recorder = Recorder(path, RecordingHead.now(origin_ns), lambda event: None, min_free_bytes=0)
        params = AcquisitionParams(retry_s=(0.0, 0.05), silent_s=0.4, hello_s=0.2)
        self.acquisition = Acquisition(
            links, origin_ns=origin_ns, emit=self.told.append, recorder=recorder, params=params
        )
        self.acquisition.start()

    def feed_until(self, what: Callable[[], bool], *links: Scripted) -> None:
        """Let sensors send until something is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not what():
            assert time.monotonic() < deadline, "it did not happen"
            for link in links:
                for stream in range(link.n_sending):
                    link.say(link.frame(stream))
            time.sleep(0.01)
            self.events += self.acquisition.sink.take(0.0)

    def phase(self, link: Scripted) -> SensorPhase | None:
        """Return what was last told of a sensor."""
        phases = [told.phase for told in self.told if told.link == link.name]
        return phases[-1] if phases else None

    def n_samples(self, link: Scripted) -> int:
        """Count a sensor's samples."""
        uid = link.name.encode()[:8].ljust(8).hex()
        blocks = [event.block for event in self.events if isinstance(event, Samples)]
        return sum(block.n_samples for block in blocks if block.stream.clock_id == uid)


@pytest.mark.parametrize("slow", [True, False], ids=["radio", "serial port of a radio"])
def test_a_lost_radio_holds_up_nobody(slow: bool, tmp_path: Path) -> None:
    radio, cable = Scripted("radio", slow=slow), Scripted("cable")
    running = Running(tmp_path / "a.fo", radio, cable)
    both = (radio, cable)
    running.feed_until(lambda: all(running.phase(link) is SensorPhase.STREAMING for link in both), *both)
    radio.door.clear()
    radio.die()
    running.feed_until(lambda: running.phase(radio) is SensorPhase.LOST, cable)
    before = running.n_samples(cable)
    running.feed_until(lambda: running.n_samples(cable) > before + 500, cable)
    assert SensorPhase.STALE not in [told.phase for told in running.told if told.link == cable.name]
    radio.door.set()
    running.feed_until(lambda: running.phase(radio) is SensorPhase.STREAMING, *both)
    running.acquisition.stop()
    kinds = [event.kind for event in FileRecording(tmp_path / "a.fo").events()]
    assert (kinds.count("link_lost"), kinds.count("link_restored")) == (1, 1)


def test_a_port_that_takes_long_to_close_holds_up_nobody(tmp_path: Path) -> None:
    stuck, cable = Scripted("stuck"), Scripted("cable")
    running = Running(tmp_path / "a.fo", stuck, cable)
    both = (stuck, cable)
    running.feed_until(lambda: all(running.phase(link) is SensorPhase.STREAMING for link in both), *both)
    stuck.way_out.clear()
    # Silent for 0.4 s, it is closed, which does not end; its loss is told behind that.
    running.feed_until(lambda: running.phase(stuck) is SensorPhase.STALE, cable)
    before = running.n_samples(cable)
    running.feed_until(lambda: running.n_samples(cable) > before + 800, cable)
    assert SensorPhase.STALE not in [told.phase for told in running.told if told.link == cable.name]
    assert running.phase(stuck) is SensorPhase.STALE
    stuck.way_out.set()
    running.feed_until(lambda: running.phase(stuck) is SensorPhase.STREAMING, *both)
    running.acquisition.stop()
    assert running.acquisition.counts.losses_of_link == 1


def test_an_attempt_that_cannot_be_ended_is_left_alone_and_closes_itself(tmp_path: Path) -> None:
    cable = Scripted("cable")
    running = Running(tmp_path / "a.fo", cable)
    running.feed_until(lambda: running.phase(cable) is SensorPhase.STREAMING, cable)
    cable.door.clear()
    cable.die()
    running.feed_until(lambda: running.phase(cable) is SensorPhase.LOST and cable.n_tried == 2)
    began_s = time.monotonic()
    running.acquisition.stop()
    assert time.monotonic() - began_s < 2 * END_S
    assert running.phase(cable) is SensorPhase.ENDED
    cable.door.set()
    running.feed_until(lambda: cable.n_opened == 2 and not cable.is_open)


def test_what_comes_before_the_link_is_open_is_recorded_behind_its_return(tmp_path: Path) -> None:
    radio = Scripted("radio", slow=True)
    running = Running(tmp_path / "a.fo", radio)
    running.feed_until(lambda: running.phase(radio) is SensorPhase.STREAMING, radio)
    radio.early = [radio.frame(), radio.frame()]
    radio.die()
    running.feed_until(lambda: radio.n_opened == 2 and running.phase(radio) is SensorPhase.STREAMING)
    running.acquisition.stop()
    recording = FileRecording(tmp_path / "a.fo")
    again = [event for batch in recording.decode() for event in batch]
    n_again = sum(event.block.n_samples for event in again if isinstance(event, Samples))
    running.events += running.acquisition.sink.take(0.0)
    assert n_again == running.n_samples(radio)


def test_a_radio_that_is_not_there_is_tried_again(tmp_path: Path) -> None:
    radio = Scripted("radio", slow=True)
    running = Running(tmp_path / "a.fo", radio)
    running.feed_until(lambda: running.phase(radio) is SensorPhase.STREAMING, radio)
    radio.fails = True
    radio.die()
    running.feed_until(lambda: radio.n_tried > 3)
    assert running.phase(radio) is SensorPhase.LOST
    radio.fails = False
    running.feed_until(lambda: running.phase(radio) is SensorPhase.STREAMING, radio)
    running.acquisition.stop()
    assert running.acquisition.counts.losses_of_link == 1


def test_a_connection_that_brings_nothing_is_none(tmp_path: Path) -> None:
    radio = Scripted("radio", slow=True)
    radio.is_deaf = True
    running = Running(tmp_path / "a.fo", radio)
    running.feed_until(lambda: radio.n_opened > 1)
    running.acquisition.stop()


def test_stopping_ends_an_attempt(tmp_path: Path) -> None:
    radio = Scripted("radio", slow=True)
    running = Running(tmp_path / "a.fo", radio)
    running.feed_until(lambda: running.phase(radio) is SensorPhase.STREAMING, radio)
    radio.door.clear()
    radio.die()
    running.feed_until(lambda: running.phase(radio) is SensorPhase.LOST)
    running.acquisition.stop()
    assert running.phase(radio) is SensorPhase.ENDED


def test_ctrl_c_while_connecting_leaves_nothing_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(channel: SensorChannel) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SensorChannel, "wait_open", interrupt)
    radio = Scripted("radio", slow=True)
    radio.door.clear()
    with pytest.raises(KeyboardInterrupt):
        Running(tmp_path / "a.fo", radio)
    assert list(tmp_path.iterdir()) == []
    assert not [thread for thread in threading.enumerate() if thread.name == "open radio"]


@pytest.mark.parametrize("slow", [False, True], ids=["cable", "radio"])
def test_an_error_of_the_program_is_a_failed_attempt(slow: bool) -> None:
    broken = Scripted("broken", slow=slow)
    broken.fails = KeyError("a mistake")
    opening = Opening(broken, lambda data, t_ns: None, lambda loss: None)
    opening.wait()
    assert opening.error is not None
    assert "a mistake" in str(opening.error)


def busy(link: Link) -> PortBusy:
    return PortBusy(link.name, LinkReason.BUSY, f"{link.name} is in use")


def test_a_port_that_somebody_has_for_a_moment_is_waited_for() -> None:
    port = Scripted("port")
    port.fails = busy(port)
    threading.Timer(0.5, lambda: setattr(port, "fails", False)).start()
    opening = Opening(port, lambda data, t_ns: None, lambda loss: None, is_patient=True)
    opening.wait()
    assert opening.error is None
    assert port.n_tried > 2
    port.close()


def test_a_port_that_stays_in_use_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening_module, "BUSY_S", 0.3)
    port = Scripted("port")
    port.fails = busy(port)
    for is_patient in (False, True):
        opening = Opening(port, lambda data, t_ns: None, lambda loss: None, is_patient=is_patient)
        opening.wait()
        assert isinstance(opening.error, PortBusy)
        assert (port.n_tried > 1) is is_patient


def test_a_cable_that_fails_oddly_while_it_is_opened_again_ends_nobody_elses_recording(tmp_path: Path) -> None:
    """Some systems raise what is no OSError where a port dies while it is opened."""
    broken, healthy = Scripted("broken"), Scripted("healthy")
    running = Running(tmp_path / "a.fo", broken, healthy)
    both = (broken, healthy)
    running.feed_until(lambda: all(running.phase(link) is SensorPhase.STREAMING for link in both), *both)
    broken.fails = ArithmeticError(5, "Input/output error")
    broken.die()
    running.feed_until(lambda: broken.n_tried > 3, healthy)
    before = running.n_samples(healthy)
    running.feed_until(lambda: running.n_samples(healthy) > before + 300, healthy)
    assert (running.phase(broken), running.phase(healthy)) == (SensorPhase.LOST, SensorPhase.STREAMING)
    broken.fails = False
    running.feed_until(lambda: running.phase(broken) is SensorPhase.STREAMING, *both)
    running.acquisition.stop()
    assert running.acquisition.error is None
    running.events += running.acquisition.sink.take(0.0)
    again = [event for batch in FileRecording(tmp_path / "a.fo").decode() for event in batch]
    stored = [event.block for event in again if isinstance(event, Samples)]
    uid = b"healthy ".hex()
    assert sum(block.n_samples for block in stored if block.stream.clock_id == uid) == running.n_samples(healthy)


def test_a_stream_that_stops_is_missed_though_the_other_goes_on(tmp_path: Path) -> None:
    sensor = Scripted("sensor")
    sensor.n_streams = sensor.n_sending = 2
    running = Running(tmp_path / "a.fo", sensor)
    running.feed_until(lambda: running.n_samples(sensor) > 400, sensor)
    sensor.n_sending = 1
    opened = sensor.n_opened
    running.feed_until(lambda: sensor.n_opened > opened, sensor)
    details = [told.detail for told in running.told if told.phase is SensorPhase.LOST]
    assert any("no EMG of gluteus_maximus/right" in detail for detail in details), details
    sensor.n_sending = 2
    running.feed_until(lambda: running.phase(sensor) is SensorPhase.STREAMING, sensor)
    running.acquisition.stop()
