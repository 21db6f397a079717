"""`firingorder devices` on real ports, real streams of the Lab Streaming Layer, and a machine without a radio."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.emulators.bitalino import pack
from tests.sim.test_virtual_ports import Child

from firingorder.cli import main
from firingorder_bridge.devices.bitalino import BitalinoDialect
from firingorder_bridge.devices.native import NativeDecoder
from firingorder_bridge.events import StreamDescribed
from firingorder_bridge.links.lsl_library import load_lsl
from firingorder_bridge.ports import PortInfo
from firingorder_session.device_search import describe_port, list_lsl, too_slow

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
    assert main(["devices", "--no-lsl", "--scan-s", "0.2", "--json"]) == 0
    (radio,) = [record for record in records(capsys.readouterr().out) if record["transport"] == "radio"]
    assert "bluetooth" in str(radio["error"]).lower()


def test_the_lab_streaming_layer_is_asked() -> None:
    load_lsl("test")
    assert all(entry.transport == "lsl" and not entry.error for entry in list_lsl(0.5))
