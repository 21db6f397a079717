"""Bluetooth as Linux does it: bleak's own backend on a private message bus, with a stand-in for BlueZ behind it."""

import os
import signal
import sqlite3
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import which

import pytest
from tests.radio.processes import PATIENCE_S, Child, child, message_bus, wait_until
from tests.sim.native_devices import Capture, capture, losses

from firingorder_bridge.devices.catalogue import open_address
from firingorder_bridge.errors import DeviceNotFound, LinkError, LinkReason, PortForbidden
from firingorder_bridge.events import DuplicateFrame, Samples
from firingorder_bridge.links import ble_link
from firingorder_bridge.links.base import Security
from firingorder_bridge.links.ble_scan import find_sensors
from firingorder_bridge.links.radio import Radio
from firingorder_session.events.live_events import SensorPhase
from firingorder_session.recordings.file_recording import FileRecording

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is of Linux"),
    pytest.mark.skipif(which("dbus-daemon") is None, reason="no dbus-daemon here (Debian: apt install dbus-daemon)"),
]


@pytest.fixture
def radio(monkeypatch: pytest.MonkeyPatch) -> Generator[Radio]:
    """Give the links of a test a radio of their own, and end it."""
    own = Radio()
    monkeypatch.setattr(ble_link, "shared_radio", lambda: own)
    yield own
    own.stop()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """Run a private message bus, and make it the system's."""
    with message_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


@contextmanager
def bluez(folder: Path, *words: str) -> Generator[Child]:
    """Run the stand-in."""
    with child("tests.radio.bluez", words, folder, dict(os.environ)) as running:
        yield running


def n_values(running: Capture) -> int:
    """Count EMG samples."""
    blocks = [event.block for event in running.events if isinstance(event, Samples)]
    return sum(block.n_samples for block in blocks if block.stream.stream_id.endswith("/0"))


def fails(where: str) -> LinkError:
    """Return why a sensor cannot be opened."""
    with pytest.raises(LinkError) as told:
        open_address(where).open(lambda data, t_ns: None, lambda loss: None)
    return told.value


def test_sensors_are_found(tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path, "--names", "AB"):
        found = find_sensors(1.0, radio)
    assert {seen.name for seen in found} == {"OML-A", "OML-B"}


def test_a_sensor_that_a_killed_program_left_connected_is_taken_over(tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path, "--names", "AB", "--connected"):
        assert all(seen.connected for seen in find_sensors(0.5, radio))
        running = capture("ble:OML-B", tmp_path)
        running.wait(lambda: n_values(running) > 1000)
        running.stop()


def test_a_sensor_in_use_is_not_asked_who_it_is(
    tmp_path: Path, bus: str, radio: Radio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking would disconnect it."""
    monkeypatch.setattr(ble_link, "FIND_S", 0.5)
    with bluez(tmp_path, "--connected"):
        assert "no such sensor on the air" in str(fails(f"ble:{b'VIRTUALA'.hex()}"))
        assert [seen.name for seen in find_sensors(0.3, radio)] == ["OML-A"]


def test_what_a_notification_holds_is_known_without_subscribing_for_it(tmp_path: Path, bus: str, radio: Radio) -> None:
    """The client's own `mtu_size` would be 23 here."""
    with bluez(tmp_path):
        link = open_address("ble:OML-A")
        link.open(lambda data, t_ns: None, lambda loss: None)
        link.close()
    assert link.frame_bytes == 244


@pytest.mark.parametrize("notify", ["start", "acquire"])
def test_a_sensor_streams_by_either_way_to_notify(notify: str, tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path):
        running = capture(f"ble:OML-A?notify={notify}", tmp_path)
        running.wait(lambda: n_values(running) > 4000)
        running.stop()
    assert not losses(running.events)
    assert not [event for event in running.events if isinstance(event, DuplicateFrame)]
    assert running.told[-1].security is Security.OPEN


def test_a_sensor_that_has_gone_is_told_and_comes_back(tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path, "--fault", "unplug@0.5", "--replug-after", "1"):
        running = capture("ble:OML-A", tmp_path)
        again = [SensorPhase.STREAMING, SensorPhase.LOST, SensorPhase.CONNECTING, SensorPhase.STREAMING]
        running.wait(lambda: [told.phase for told in running.told][-4:] == again)
        before = n_values(running)
        running.wait(lambda: n_values(running) > before + 2000)
        running.stop()
    assert any("has gone" in told.detail for told in running.told)
    (gap,) = [gap for gap in losses(running.events) if gap.stream_id.endswith("/0")]
    assert gap.n_samples > 2000


def test_bluez_that_dies_is_a_loss_and_its_return_ends_it(tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path) as first:
        running = capture("ble:OML-A", tmp_path)
        running.wait(lambda: n_values(running) > 1000)
        first.kill()
        running.wait(lambda: running.told[-1].phase is SensorPhase.LOST)
    with bluez(tmp_path):
        running.wait(lambda: running.told[-1].phase is SensorPhase.STREAMING)
        running.stop()


@pytest.mark.parametrize("notify", ["start", "acquire"])
def test_a_sensor_that_refuses_strangers_is_paired(notify: str, tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path, "--bond"):
        running = capture(f"ble:OML-A?notify={notify}", tmp_path)
        running.wait(lambda: n_values(running) > 100)
        running.stop()
    assert running.told[-1].security is Security.BONDED


def test_pairing_that_fails_is_said_with_what_to_do(tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path, "--bond", "--refuses"):
        error = fails("ble:OML-A")
    assert isinstance(error, PortForbidden)
    assert "pairing mode" in str(error)


def test_a_sensor_can_be_paired_though_it_does_not_ask(tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path):
        link = open_address("ble:OML-A?pair=yes")
        link.open(lambda data, t_ns: None, lambda loss: None)
        link.close()
    assert link.security is Security.BONDED


def test_an_adapter_that_is_off_is_said_with_what_to_do(tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path, "--off"):
        error = fails("ble:OML-A")
    assert isinstance(error, DeviceNotFound)
    assert error.reason is LinkReason.NO_RADIO
    assert "Bluetooth is off" in str(error)
    assert "bluetoothctl power on" in str(error)


def test_no_adapter_is_said_with_what_to_do(tmp_path: Path, bus: str, radio: Radio) -> None:
    with bluez(tmp_path, "--no-adapter"):
        error = fails("ble:OML-A")
    assert "no Bluetooth adapter" in str(error)


def test_no_bluetooth_service_is_said_with_what_to_do(bus: str, radio: Radio) -> None:
    assert "apt install bluez" in str(fails("ble:OML-A"))


def test_no_bus_is_said_with_what_to_do(tmp_path: Path, radio: Radio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nobody'}")
    assert "does not run" in str(fails("ble:OML-A"))
    assert not isinstance(fails("ble:OML-A"), PortForbidden)


def test_the_program_records_two_sensors_and_lets_them_go(tmp_path: Path, bus: str, radio: Radio) -> None:
    """As the user runs it; Ctrl-C ends it in order."""
    path = tmp_path / "visit.fo"
    words = ["live", "ble:OML-A", "ble:OML-B?notify=acquire", "--offscreen", "--out", str(path)]
    with bluez(tmp_path, "--names", "AB"):
        program = Child("firingorder", words, tmp_path, dict(os.environ))
        try:
            wait_until(lambda: recorded_s(path) > 1.5)
            program.process.send_signal(signal.SIGINT)
            assert program.process.wait(PATIENCE_S) in (0, 130)
        finally:
            program.kill()
        assert "looking for ble:OML-A, ble:OML-B" in program.said
        assert "Traceback" not in program.said
        assert not any(seen.connected for seen in find_sensors(0.5, radio))
    recording = FileRecording(path)
    assert len(recording.streams) == 4
    sensors = [event.data for event in recording.events() if event.kind == "sensor"]
    assert [facts["security"] for facts in sensors] == ["open", "open"]


def recorded_s(path: Path) -> float:
    """Return how much of a recording another process can see, seconds."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            first, last = connection.execute("SELECT min(t_host_ns), max(t_host_ns) FROM frames").fetchone()
    except sqlite3.OperationalError:
        return 0.0
    return 0.0 if first is None else (last - first) * 1e-9
