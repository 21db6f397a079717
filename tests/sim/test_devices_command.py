"""`firingorder devices` on real ports, real streams of the Lab Streaming Layer, and a machine without a radio."""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.emulators.bitalino import Bitalino, pack
from tests.emulators.cyton import Cyton
from tests.emulators.delsys import Trigno
from tests.emulators.shimmer3 import Shimmer3
from tests.emulators.umyo import UmyoBase, Unit
from tests.sim.test_virtual_ports import Child, wait_for

from firingorder.cli import main
from firingorder_bridge import ports
from firingorder_bridge.devices.bitalino import BitalinoDialect
from firingorder_bridge.devices.native import NativeDecoder
from firingorder_bridge.events import StreamDescribed
from firingorder_bridge.links import lsl_link
from firingorder_bridge.links.lsl_library import CF_FLOAT32, OWN, load_lsl
from firingorder_bridge.ports import PortInfo
from firingorder_session.acquiring import ask_sensor
from firingorder_session.acquiring.device_search import describe_port, list_lsl, too_slow

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def records(text: str) -> list[dict[str, object]]:
    """Read one object a line."""
    return [json.loads(line) for line in text.splitlines()]


@contextmanager
def sensor(folder: Path) -> Generator[str]:
    """Run a virtual sensor and give its port."""
    child = Child(folder)
    try:
        yield str(child.port("a"))
    finally:
        child.end()


def test_a_port_says_who_is_there_and_what_to_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sensor(tmp_path) as port:
        assert main(["devices", port, "--json"]) == 0
        (record,) = records(capsys.readouterr().out)
        assert main(["devices", port]) == 0
    line = capsys.readouterr().out
    assert (record["address"], record["transport"], record["simulated"]) == (port, "serial", True)
    assert line.startswith(port + "  sensor ")
    assert "EMG" in line


def test_a_named_port_that_is_not_there_is_one_line_and_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["devices", str(tmp_path / "nothing")]) == 1
    assert "no such device" in capsys.readouterr().out


def test_a_native_device_is_named_by_its_ports_description() -> None:
    listed = describe_port(PortInfo("/dev/rfcomm0", "BITalino-52-31"), None)
    assert listed.address == "bitalino:/dev/rfcomm0"


def test_emg_too_slow_for_an_order_is_told_with_its_figure() -> None:
    decoder = NativeDecoder("b", BitalinoDialect({"rate": "100", "channels": "1"}), 0)
    frames = decoder.frames(b"".join(pack(n, [5]) for n in range(8)), 0)
    streams = [e.stream for frame in frames for e in decoder.decode(frame) if isinstance(e, StreamDescribed)]
    note = too_slow(streams)
    assert note is not None
    assert "100 Hz" in note
    assert "500 Hz" in note


def test_without_a_radio_one_line_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    assert main(["devices", "--no-lsl", "--scan-s", "0.2", "--json"]) == 1
    (radio,) = [record for record in records(capsys.readouterr().out) if record["transport"] == "radio"]
    assert "bluetooth" in str(radio["error"]).lower()


def test_the_lab_streaming_layer_is_asked() -> None:
    load_lsl("test")
    assert all(entry.transport == "lsl" and not entry.error for entry in list_lsl(0.5))


def test_the_programs_own_streams_are_no_sensors() -> None:
    lsl, source = load_lsl("test"), f"{OWN}emg-listing-{os.getpid()}"
    names = ("own", source), ("other", f"lab-{source}")
    outlets = [lsl.StreamOutlet(lsl.StreamInfo(name, "EMG", 1, 1000.0, CF_FLOAT32, who), 0, 60) for name, who in names]
    wait_for(lambda: any(f"lab-{source}" in entry.address for entry in list_lsl(0.5)))
    assert not any(f"source_id={source}" in entry.address for entry in list_lsl(0.5))
    assert len(outlets) == 2


def find_nothing(wait_s: float) -> list[object]:
    """Find no stream."""
    return []


def test_where_nothing_is_found_each_carrier_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    monkeypatch.setattr(ports, "find_ports", lambda: [PortInfo("/dev/ttyS0", "n/a")])
    monkeypatch.setattr(lsl_link, "find_streams", find_nothing)
    assert main(["devices", "--scan-s", "0.2"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said[1:4]] == ["cable", "ble", "lsl"]
    assert "`firingorder devices --all` asks also on /dev/ttyS0" in said[1]
    assert "no LSL stream" in said[3]
    assert "firingorder demo" in said[4]


def devices(capsys: pytest.CaptureFixture[str], *addresses: str) -> dict[str, dict[str, Any]]:
    """Ask addresses, which must all answer, and return the records by address."""
    assert main(["devices", "--json", *addresses]) == 0
    return {str(record["address"]): record for record in records(capsys.readouterr().out)}


def test_each_native_kind_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Bitalino() as one, Shimmer3() as other, UmyoBase(Unit(0x1A2B), Unit(0x77)) as base, Trigno() as trigno:
        bitalino = f"bitalino:{one.path}?channels=1,3&sites=gluteus_maximus/right"
        shimmer, umyo = f"shimmer3:{other.path}", f"umyo:{base.path}"
        told = devices(capsys, bitalino, shimmer, umyo, trigno.address)
        assert not one.streaming
    emg = {address: record["streams"][0] for address, record in told.items()}
    assert (emg[bitalino]["labels"], emg[bitalino]["rate_hz"]) == (["A1", "A3"], 1000.0)
    assert emg[bitalino]["sites"] == ["gluteus_maximus/right", "unknown"]
    assert told[shimmer]["uid"].startswith("shimmer3-")
    assert {each["id"].partition("/")[0] for each in told[umyo]["streams"]} == {"umyo-00001a2b", "umyo-00000077"}
    assert set(told[umyo]["battery_mv"].values()) == {3800}
    assert (told[trigno.address]["transport"], emg[trigno.address]["labels"]) == ("network", ["EMG 1", "EMG 2"])


def test_a_bitalino_that_does_not_greet_is_started_for_a_moment(capsys: pytest.CaptureFixture[str]) -> None:
    with Bitalino(old=True) as device:
        told = devices(capsys, f"bitalino:{device.path}")
        wait_for(lambda: not device.streaming)
        assert device.n_channels == 2
    (record,) = told.values()
    assert record["streams"][0]["rate_hz"] == 1000.0


def test_a_board_behind_a_library_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Cyton() as board:
        (record,) = devices(capsys, f"brainflow:cyton:{board.path}").values()
    assert (record["transport"], record["streams"][0]["rate_hz"]) == ("library", 250.0)
    assert "too slow for an order" in record["notes"][0]


def test_hardware_that_cannot_be_read_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    with Shimmer3(hardware=10) as device:
        assert main(["devices", f"shimmer3:{device.path}"]) == 1
    assert "Shimmer3R" in capsys.readouterr().out


def test_a_kind_that_does_not_answer_is_one_line_and_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ask_sensor, "NATIVE_S", 0.2)
    with Bitalino() as device:
        address = f"shimmer3:{device.path}"
        assert main(["devices", address]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{address}: nobody answered as shimmer3. ")


def test_a_silent_port_says_how_to_ask_for_other_kinds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ask_sensor, "ANSWER_S", 0.2)
    with Bitalino() as device:
        assert main(["devices", device.path]) == 1
    assert f"bitalino:{device.path}" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["bitalinx:/dev/rfcomm0", "bitalino:", "/dev/null?sites=nowhere"])
def test_an_address_that_means_nothing_is_one_line_and_a_failure(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["devices", address]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1
