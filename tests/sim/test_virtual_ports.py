"""The virtual wearable as a process on real pseudo-terminals, heard through pyserial.

The child's output goes to files, never to pipes, and the child is ended by its own process id.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from firingorder_bridge.buffer import CobsFramer
from firingorder_bridge.frames import Frame, FrameType, parse_checked
from firingorder_bridge.messages import Command, HelloReply, Op, Response
from firingorder_bridge.stuffing import stuff
from firingorder_bridge.virtual.command import TASK_NAMES, main
from firingorder_bridge.virtual.tasks import TASKS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

# A loaded machine may need this long for what usually takes half a second.
PATIENCE_S = 20.0
TIMEOUT_S = 0.05


def wait_for(condition: Callable[[], bool]) -> None:
    """Poll until something is true; fail after `PATIENCE_S`."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


class Child:
    """A virtual wearable in a process of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "firingorder_bridge.virtual", "--json", "--link", str(folder / "ports")]
        command += ["--truth", str(folder / "truth.json"), "--quiet-s", "1", "--rest-s", "1", *options]
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        wait_for(lambda: self.process.poll() is not None or len(self.said("ready")) == 2)

    def said(self, event: str) -> list[dict[str, Any]]:
        """Give the records of one kind that the child has printed so far."""
        lines = (self.folder / "out").read_text().splitlines(keepends=True)
        records = [json.loads(line) for line in lines if line.endswith("\n")]
        return [record for record in records if record["event"] == event]

    def port(self, letter: str) -> Path:
        """Give the stable link of a sensor."""
        return self.folder / "ports" / f"sensor-{letter}"

    def end(self) -> int:
        """Ask the child to end and return its exit code."""
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.kill(self.process.pid, signal.SIGKILL)
            raise


class Host:
    """What opens a port, commands and listens."""

    def __init__(self, path: Path) -> None:
        self.serial = serial.Serial(str(path), 921600, timeout=TIMEOUT_S)
        self.framer = CobsFramer()
        self.frames: list[Frame] = []
        self.damaged = 0

    def send(self, op: int, args: bytes = b"") -> None:
        """Send a command."""
        self.serial.write(stuff(Frame(FrameType.CMD, payload=Command(op, 1, args).encode()).encode()))

    def listen(self) -> None:
        """Take what is there."""
        for raw in self.framer.feed(self.serial.read(max(1, self.serial.in_waiting)), 0):
            if raw.damaged:
                self.damaged += 1
            else:
                self.frames.append(parse_checked(raw.data))

    def listen_for(self, duration_s: float) -> None:
        """Listen for a while."""
        end_s = time.monotonic() + duration_s
        while time.monotonic() < end_s:
            self.listen()

    def has_heard(self, kind: FrameType) -> bool:
        """Listen once, and tell whether a frame of one kind has come."""
        self.listen()
        return bool(self.heard(kind))

    def heard(self, kind: FrameType, stream: int | None = None) -> list[Frame]:
        """Give the frames of one kind so far."""
        return [each for each in self.frames if each.type_code == kind and stream in (None, each.stream)]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    children: list[Child] = []

    def begin(*options: str) -> Child:
        children.append(Child(tmp_path, *options))
        return children[-1]

    yield begin
    for child in children:
        # Shown where the test has failed: a read fails when the child has ended, and this says why it did.
        print(f"child: {child.process.poll()=}", (child.folder / "err").read_text())
        child.end()


def listen_together(hosts: list[Host], duration_s: float) -> None:
    end_s = time.monotonic() + duration_s
    while time.monotonic() < end_s:
        for host in hosts:
            if host.serial.in_waiting:
                host.listen()
        time.sleep(0.005)


def test_two_sensors_announce_themselves_stream_and_end_cleanly(start: Callable[..., Child], tmp_path: Path) -> None:
    child = start("--lifts", "1", "--seed", "4")
    ready = child.said("ready")
    assert [each["sensor"] for each in ready] == ["A", "B"]
    assert [each["segment"] for each in ready] == ["pelvis", "thigh"]
    assert all(each["simulated"] for each in ready)
    assert os.path.realpath(child.port("a")) == ready[0]["port"]
    hosts = [Host(child.port(letter)) for letter in "ab"]
    try:
        for host in hosts:
            host.send(Op.HELLO, bytes((1, 1)))
            host.send(Op.START)
        listen_together(hosts, 3.0)
        for host, announced in zip(hosts, ready, strict=True):
            check_stream(host, announced["uid"])
    finally:
        for host in hosts:
            host.serial.close()
    wait_for(lambda: len(child.said("closed")) == 2)
    assert child.end() == 0
    assert (tmp_path / "err").read_text() == ""
    assert not child.port("a").is_symlink()
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert truth["seed"] == 4
    assert len(truth["sets"][0]["lifts"]) == 1
    assert abs(truth["sets"][0]["host_origin_ns"] - time.monotonic_ns()) < 100e9


def check_stream(host: Host, uid: str) -> None:
    assert host.damaged == 0
    answer = Response.decode(host.heard(FrameType.RSP)[0].payload)
    assert answer is not None
    hello = HelloReply.decode(answer.data)
    assert hello is not None
    assert hello.uid.hex() == uid
    emg = host.heard(FrameType.DATA, 0)
    assert [each.seq for each in emg] == list(range(emg[0].seq, emg[0].seq + len(emg)))
    # Three seconds at 2 kHz and 200 Hz; the last read may have been a little early.
    assert 5000 < sum(each.n_samples for each in emg) < 6400
    assert 500 < sum(each.n_samples for each in host.heard(FrameType.DATA, 1)) < 640
    assert len(host.heard(FrameType.TIME)) in (3, 4)


def test_a_sensor_waits_when_the_host_closes_and_starts_again(start: Callable[..., Child]) -> None:
    child = start()
    host = Host(child.port("b"))
    host.send(Op.START)
    host.listen_for(0.5)
    first = host.heard(FrameType.DATA, 0)
    host.serial.close()
    wait_for(lambda: len(child.said("closed")) == 1)
    host = Host(child.port("b"))
    try:
        host.listen_for(0.2)
        assert host.frames == []
        host.send(Op.START)
        host.listen_for(0.5)
        again = host.heard(FrameType.DATA, 0)
    finally:
        host.serial.close()
    assert again[0].index > first[-1].index + 100


def test_commands_may_come_one_byte_at_a_time(start: Callable[..., Child]) -> None:
    child = start()
    host = Host(child.port("a"))
    try:
        for byte in stuff(Frame(FrameType.CMD, payload=Command(Op.PING, 9, bytes(8)).encode()).encode()):
            host.serial.write(bytes((byte,)))
        wait_for(lambda: host.has_heard(FrameType.RSP))
    finally:
        host.serial.close()
    assert host.heard(FrameType.RSP)[0].payload[:3] == bytes((Op.PING, 9, 0))


def test_a_pulled_cable_is_an_error_and_comes_back_under_the_same_name(start: Callable[..., Child]) -> None:
    child = start("--fault", "unplug:B@0.5", "--replug-after", "0.5")
    other, host = Host(child.port("a")), Host(child.port("b"))
    other.send(Op.START)
    host.send(Op.START)
    with pytest.raises((serial.SerialException, OSError)):
        host.listen_for(PATIENCE_S)
    host.serial.close()
    other.serial.close()
    wait_for(lambda: len(child.said("replugged")) == 1)
    assert child.said("unplugged")[0]["sensor"] == "B"
    host = Host(child.port("b"))
    try:
        host.send(Op.START)
        wait_for(lambda: host.has_heard(FrameType.DATA))
    finally:
        host.serial.close()


@pytest.mark.parametrize(
    "options",
    [
        ["--fault", "melt"],
        ["--fault", "lose:C:0.1"],
        ["--task", "handstand"],
        ["--lifts", "0"],
        ["--quiet-s", "0.1"],
        ["--glute-rise-ms", "0"],
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_a_truth_that_cannot_be_written_is_one_line_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--truth", str(tmp_path / "missing" / "truth.json"), "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "missing" in captured.err


@pytest.mark.parametrize("options", [["--truth", "/"], ["--link", "/dev/null"], ["--link", "/dev/null/sensors"]])
def test_a_place_that_cannot_be_used_is_one_line_without_numbers(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "Errno" not in captured.err
    assert options[0] in captured.err


@pytest.mark.parametrize("option", [["--duration", "nan"], ["--duration=-1"], ["--mains=-1"], ["--lag-ms", "inf"]])
def test_a_number_that_makes_no_sense_is_a_wrong_argument(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(option) == 2
    assert option[0].partition("=")[0] in capsys.readouterr().err


def test_the_help_names_the_tasks_there_are() -> None:
    assert tuple(TASKS) == TASK_NAMES


def test_a_duration_ends_the_run_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--duration", "0.2", "--truth", str(tmp_path / "truth.json"), "--start-after", "0", "--side", "left"]
    assert main(options) == 0
    assert "sensor A (simulated; gluteus_maximus/left and pelvis) on /dev/" in capsys.readouterr().out
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert list(truth["sets"][0]["lifts"][0]["onsets_s"]) == ["hamstring_lateral/left", "gluteus_maximus/left"]


def test_a_second_wearable_on_the_same_folder_is_refused_and_the_first_goes_on(
    start: Callable[..., Child], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = start()
    wait_for(lambda: len(child.said("ready")) == 2)
    before = os.readlink(child.port("a"))
    assert main(["--link", str(child.port("a").parent), "--duration", "0.1"]) == 1
    assert f"{child.port('a')} is in use by another virtual sensor" in capsys.readouterr().err
    assert os.readlink(child.port("a")) == before
    # What a killed process left behind is in nobody's way.
    (tmp_path / "left").mkdir()
    (tmp_path / "left" / "sensor-a").symlink_to(tmp_path / "nowhere")
    assert main(["--link", str(tmp_path / "left"), "--duration", "0.1"]) == 0
