"""The serial link over real pseudo-terminals: delay, one byte a read, unplugging, closing, every way not to open."""

import errno
import os
import pty
import queue
import sys
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import Mock

import pytest
import serial

from firingorder_bridge.errors import DeviceNotFound, LinkLost, LinkReason, PortBusy, PortForbidden
from firingorder_bridge.links.serial_link import WRITE_TIMEOUT_S, SerialLink, find_held_back, translate_open_error

# Nothing below waits this long unless it is broken.
PATIENCE_S = 30.0


class Terminal:
    """A pseudo-terminal with a link on it, and what the link called back."""

    def __init__(self) -> None:
        self.master, self._slave = pty.openpty()
        tty.setraw(self.master)
        tty.setraw(self._slave)
        self.name = os.ttyname(self._slave)
        self.link = SerialLink(self.name)
        self.chunks: queue.Queue[tuple[bytes, int]] = queue.Queue()
        self.losses: queue.Queue[LinkLost] = queue.Queue()

    def open(self) -> None:
        """Open the link."""
        self.link.open(lambda data, t_ns: self.chunks.put((data, t_ns)), self.losses.put)

    def read(self, n_bytes: int) -> bytes:
        """Return the first bytes that the link delivered."""
        data = b""
        while len(data) < n_bytes:
            data += self.chunks.get(timeout=PATIENCE_S)[0]
        return data

    def unplug(self) -> None:
        """Pull the cable."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def close(self) -> None:
        """End everything."""
        self.link.close()
        self.unplug()
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1

    def forget_slave(self) -> None:
        """Leave the link as the only holder of the terminal, so that unplugging is seen."""
        os.close(self._slave)
        self._slave = -1


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """Return a terminal whose link is open."""
    terminal = Terminal()
    terminal.open()
    yield terminal
    terminal.close()


def test_bytes_arrive_whole_and_in_order(terminal: Terminal) -> None:
    sent = bytes(range(256)) * 40
    writer = threading.Thread(
        target=lambda: [os.write(terminal.master, sent[at : at + 97]) for at in range(0, len(sent), 97)]
    )
    writer.start()
    assert terminal.read(len(sent)) == sent
    writer.join()


def test_one_byte_at_a_time_arrives_too(terminal: Terminal) -> None:
    for number in range(50):
        os.write(terminal.master, bytes((number,)))
        assert terminal.read(1) == bytes((number,))


def test_arrival_is_stamped_within_milliseconds_of_sending(terminal: Terminal) -> None:
    delays_ns: list[int] = []
    for _ in range(60):
        sent_ns = time.monotonic_ns()
        os.write(terminal.master, b"x" * 120)
        data, t_ns = terminal.chunks.get(timeout=PATIENCE_S)
        delays_ns.append(t_ns - sent_ns)
        while len(data) < 120:
            data += terminal.chunks.get(timeout=PATIENCE_S)[0]
    # A read that waits for N bytes or its timeout shows 25 ms here; this pattern 0.1 ms, more on a loaded machine.
    assert sorted(delays_ns)[len(delays_ns) // 2] < 5_000_000


def test_writing_reaches_the_sensor(terminal: Terminal) -> None:
    terminal.link.write(b"hello\0")
    assert os.read(terminal.master, 100) == b"hello\0"


def test_a_sensor_that_takes_nothing_holds_up_nobody_and_is_a_loss(terminal: Terminal) -> None:
    """A pseudo-terminal holds some kilobytes for whoever does not read."""
    began_s = time.monotonic()
    terminal.link.write(bytes(200_000))
    terminal.link.write(b"hello")
    assert time.monotonic() - began_s < WRITE_TIMEOUT_S / 4
    assert "takes no more data" in str(terminal.losses.get(timeout=PATIENCE_S))
    with pytest.raises(LinkLost):
        terminal.link.write(b"hello")


def test_what_was_written_last_leaves_before_the_port_is_closed(terminal: Terminal) -> None:
    for number in range(20):
        terminal.link.write(bytes((65 + number,)))
    terminal.link.close()
    came = b""
    while len(came) < 20:
        came += os.read(terminal.master, 100)
    assert came == bytes(range(65, 85))


def test_unplugging_is_one_loss_with_the_port_in_its_text(terminal: Terminal) -> None:
    terminal.forget_slave()
    terminal.unplug()
    loss = terminal.losses.get(timeout=PATIENCE_S)
    assert loss.reason is LinkReason.UNPLUGGED
    assert loss.link == terminal.name
    assert str(loss).startswith(f"{terminal.name} is gone: unplugged, ")
    assert "multiple access" not in str(loss)
    assert loss.t_host_ns is not None
    terminal.link.close()
    assert terminal.losses.empty()


def test_what_came_before_the_unplugging_is_delivered(terminal: Terminal) -> None:
    os.write(terminal.master, b"last words")
    assert terminal.read(10) == b"last words"
    terminal.forget_slave()
    terminal.unplug()
    terminal.losses.get(timeout=PATIENCE_S)


def test_closing_is_no_loss_and_may_be_done_twice(terminal: Terminal) -> None:
    terminal.link.close()
    terminal.link.close()
    assert terminal.losses.empty()


def test_closing_ends_the_thread_at_once(terminal: Terminal) -> None:
    began_s = time.monotonic()
    terminal.link.close()
    assert time.monotonic() - began_s < 1.0
    assert not [each for each in threading.enumerate() if each.name == f"serial {terminal.name}"]


def test_a_closed_link_opens_again(terminal: Terminal) -> None:
    terminal.link.close()
    terminal.open()
    os.write(terminal.master, b"again")
    assert terminal.read(5) == b"again"


def test_a_lost_link_opens_again_on_the_same_name_once_the_sensor_is_back(tmp_path: Path) -> None:
    first, second = Terminal(), Terminal()
    stable = tmp_path / "sensor"
    stable.symlink_to(first.name)
    link = SerialLink(str(stable))
    losses: queue.Queue[LinkLost] = queue.Queue()
    chunks: queue.Queue[bytes] = queue.Queue()
    try:
        link.open(lambda data, _: chunks.put(data), losses.put)
        first.forget_slave()
        first.unplug()
        losses.get(timeout=PATIENCE_S)
        stable.unlink()
        stable.symlink_to(second.name)
        link.open(lambda data, _: chunks.put(data), losses.put)
        os.write(second.master, b"back")
        assert chunks.get(timeout=PATIENCE_S)[:1] == b"b"
    finally:
        link.close()
        first.close()
        second.close()


def test_writing_to_a_link_that_is_not_open_is_a_loss() -> None:
    with pytest.raises(LinkLost) as caught:
        SerialLink("/dev/null").write(b"x")
    assert caught.value.reason is LinkReason.NOT_OPEN


def test_a_port_that_is_not_there_says_so_in_one_line() -> None:
    with pytest.raises(DeviceNotFound, match="no such device. Plug the sensor in") as caught:
        SerialLink("/dev/ttyNOWHERE").open(lambda data, t_ns: None, lambda loss: None)
    assert "\n" not in str(caught.value)


def test_a_file_is_not_a_serial_port(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a port")
    for path, what in ((file, "a file"), (tmp_path, "a folder"), (Path("/dev/null"), "a device of another kind")):
        with pytest.raises(DeviceNotFound) as caught:
            SerialLink(str(path)).open(lambda data, t_ns: None, lambda loss: None)
        assert str(caught.value).startswith(f"{path} is {what}, no serial port; ")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no termios")
@pytest.mark.parametrize("call", ["tcflush", "tcsetattr", "tcgetattr"])
def test_a_port_that_dies_while_it_is_opened_is_an_attempt_that_failed(
    call: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pyserial lets through of the terminal's own errors is no OSError."""
    import termios

    terminal.link.close()
    with monkeypatch.context() as broken:
        broken.setattr(termios, call, Mock(side_effect=termios.error(errno.EIO, "Input/output error")))
        with pytest.raises(DeviceNotFound):
            terminal.open()
    terminal.open()
    os.write(terminal.master, b"again")
    assert terminal.read(5) == b"again"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no termios")
@pytest.mark.parametrize("call", ["read", "in_waiting"])
def test_a_terminal_error_while_reading_is_a_loss(
    call: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    import termios

    error = termios.error(errno.EIO, "Input/output error")
    broken = Mock(side_effect=error) if call == "read" else property(Mock(side_effect=error))
    monkeypatch.setattr(serial.Serial, call, broken)
    with suppress(OSError):
        os.write(terminal.master, b"x" * 10)
    assert terminal.losses.get(timeout=PATIENCE_S).reason is LinkReason.UNPLUGGED


def test_a_rate_that_a_port_cannot_do_is_said(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.link.close()
    monkeypatch.setattr(serial, "Serial", Mock(side_effect=ValueError("Failed to set custom baud rate")))
    with pytest.raises(DeviceNotFound, match="cannot be used as a serial port: Failed to set custom baud rate"):
        terminal.open()


def test_a_port_in_use_says_so(terminal: Terminal) -> None:
    with pytest.raises(PortBusy, match="in use by another program"):
        SerialLink(terminal.name).open(lambda data, t_ns: None, lambda loss: None)


def test_a_forbidden_port_says_which_group_to_join(tmp_path: Path) -> None:
    error = serial.SerialException(13, "could not open port")
    translated = translate_open_error("/dev/null", error)
    assert isinstance(translated, PortForbidden)
    assert "sudo usermod -aG" in str(translated)


def test_a_terminal_takes_no_low_latency_request_and_that_is_no_error(terminal: Terminal) -> None:
    assert terminal.link.low_latency is False


def test_a_port_without_latency_timer_needs_no_warning() -> None:
    assert find_held_back("/dev/null") is None
