"""What `firingorder live` says before a test: the mains behind a cable, the network; and what comes up on its way."""

from pathlib import Path

import pytest

from firingorder import mains_power
from firingorder.cli import main
from firingorder.commands.live import warn_before
from firingorder.watched_test import HeardTest, WatchedTest
from firingorder_bridge import ports
from firingorder_bridge.ports import PortInfo
from firingorder_session.acquiring import held_back
from firingorder_session.events.live_events import Notice, NoticeKind, RecordingChanged, SensorChanged, SensorPhase
from firingorder_session.messages import Message, MessageCode
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.running.open_test import open_live
from firingorder_session.running.plan import TestPlan

KNOWN = Notice(NoticeKind.NETWORK, Message(MessageCode.SENT_ON_NETWORK))
NEW = Notice(NoticeKind.CHANNELS, Message(MessageCode.NO_EMG))


def hold_nothing(port: str) -> None:
    """Say that no adapter holds bytes back."""


def hold_back(port: str) -> Message:
    """Say that every adapter holds bytes back."""
    return Message(MessageCode.ADAPTER_HOLDS_BACK, {"port": port, "ms": 16, "command": "set it"})


@pytest.fixture(autouse=True)
def board(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plug in a board and pair a radio's serial port, on a computer on the mains."""
    found = [
        PortInfo("/dev/ttyX1", "board"),
        PortInfo("COM7", "board"),
        PortInfo("COM9", "Standard Bluetooth link"),
        PortInfo("/dev/rfcomm0", "n/a"),
    ]
    monkeypatch.setattr(ports, "find_ports", lambda: found)
    monkeypatch.setattr(mains_power, "on_mains", lambda: True)
    monkeypatch.setattr(held_back, "warn_of_held_back", hold_nothing)


@pytest.mark.parametrize(
    "address", ["/dev/ttyX1", "COM7", "shimmer3:COM7?gain=4", "brainflow:cyton:/dev/ttyX1", "bitalino:/dev/ttyX1"]
)
def test_a_cable_to_the_mains_is_told_whatever_the_address(address: str) -> None:
    (notice,) = warn_before([address])
    assert notice.kind is NoticeKind.ELECTRICAL
    assert "by cable" in str(notice.message)


@pytest.mark.parametrize(
    "address", ["ble:OML-A", "lsl:?type=EMG", "COM9", "/dev/pts/3", "delsys:localhost", "shimmer3:/dev/rfcomm0"]
)
def test_no_cable_no_warning(address: str) -> None:
    assert warn_before([address]) == []


def test_on_a_battery_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mains_power, "on_mains", lambda: False)
    assert warn_before(["/dev/ttyX1"]) == []


def test_an_adapter_that_holds_bytes_back_is_another_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_back, "warn_of_held_back", hold_back)
    kinds = [notice.kind for notice in warn_before(["/dev/ttyX1"])]
    assert kinds == [NoticeKind.ELECTRICAL, NoticeKind.ADAPTER]


def test_live_says_it_before_anything_is_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", "/dev/ttyX1", "--offscreen", "--no-recording"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("electrical safety: ")
    assert "no such device" in lines[-1]


@pytest.mark.parametrize("offscreen", [True, False])
def test_what_comes_up_is_said_in_the_terminal_and_shown_with_what_was_known(
    offscreen: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    test = open_live([], TestPlan(find_protocol("prone_hip_extension"), notices=(KNOWN,)))
    test.view.put(NEW)
    if offscreen:
        with WatchedTest(test) as watched:
            shown = watched.drain()
    else:
        shown = HeardTest(test).drain()
    assert [event for event in shown if isinstance(event, Notice)] == [KNOWN, NEW]
    said = capsys.readouterr().err
    assert str(NEW.message) in said
    assert str(KNOWN.message) not in said


def test_a_recording_that_stops_is_said_with_its_file_and_what_is_safe(capsys: pytest.CaptureFixture[str]) -> None:
    test = open_live([], TestPlan(find_protocol("prone_hip_extension")))
    test.view.put(RecordingChanged("visit.fo", recording=False, error=Message(MessageCode.DISK_FULL)))
    with WatchedTest(test) as watched:
        watched.drain()
    assert "the recording visit.fo stopped: the disk is full; everything up to then is safe in it" in (
        capsys.readouterr().err
    )


def test_a_sensor_that_was_lost_is_said_to_be_back_once(capsys: pytest.CaptureFixture[str]) -> None:
    test = open_live([], TestPlan(find_protocol("prone_hip_extension")))
    phases = SensorPhase.STREAMING, SensorPhase.LOST, SensorPhase.CONNECTING, SensorPhase.STREAMING, SensorPhase.STALE
    for phase in (*phases, SensorPhase.STREAMING):
        gone = "ttyX1 is gone" if phase is SensorPhase.LOST else ""
        test.view.put(SensorChanged("ttyX1", phase, detail=gone))
    with WatchedTest(test) as watched:
        watched.drain()
    lines = [line.strip() for line in capsys.readouterr().err.splitlines() if "ttyX1" in line]
    assert lines == ["ttyX1 is gone", "ttyX1: back, and streaming; what was missed is marked as a gap"]
