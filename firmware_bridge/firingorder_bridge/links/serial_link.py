"""A serial port: USB, a Bluetooth serial-port profile, or a pseudo-terminal, through pyserial and one reader thread.

Reading pattern: block for one byte, then take all that is there. `read(N)` with a timeout instead waits for N bytes or
the timeout, and adds 25 ms (p50) to 53 ms (measured on a pseudo-terminal, 143 frames/s, 50 ms timeout); this one adds
0.1 ms. An unplugged device raises OSError from `in_waiting` on Linux, SerialException elsewhere.
"""

import errno
import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import serial

from ..buffer import Framing
from ..capacity import SERIAL_BITS_A_BYTE
from ..errors import DeviceNotFound, LinkError, LinkLost, LinkReason, PortBusy, PortForbidden
from ..ports import has_line
from .base import Carrier, Link, OnData, OnLost
from .outbox import Outbox

# What pyserial raises, its own SerialException among the OSErrors. Of a port that dies while it is opened `tcflush` and
# `tcsetattr` come through unwrapped; a rate that a port cannot do is a ValueError.
_TERMINAL_ERRORS: tuple[type[Exception], ...] = () if sys.platform == "win32" else (import_module("termios").error,)
PORT_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, *_TERMINAL_ERRORS)

# Real UART bridges need it: 2 x 2 kHz x 2 bytes and an IMU are 127 kbit/s on the line. USB-CDC and ptys ignore it.
BAUD_RATE = 921_600
# How long `read` may block; `close` cancels it at once where the system can, and else waits for this.
READ_TIMEOUT_S = 0.2
# A port that takes no bytes for so long is dead or not listening.
WRITE_TIMEOUT_S = 1.0
# FTDI's own default holds back short frames for 16 ms; 1 is its minimum (FTDI AN232B-04).
LATENCY_TIMER_MAX_MS = 1

_NOT_FOUND = {errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO}
_BUSY = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


class SerialLink(Link):
    """A sensor on a serial port.

    Parameters
    ----------
    port
        `/dev/ttyACM0`, `COM3`, a pseudo-terminal's name.
    baud_rate
        Bits a second, where there is a real line.
    speech
        What is spoken on it; see `Link`.

    Attributes
    ----------
    low_latency
        Whether the driver took the request to hand bytes over at once; None before `open`.
    """

    def __init__(self, port: str, baud_rate: int = BAUD_RATE, speech: str = Framing.COBS.value) -> None:
        self.name = port
        self.speech = speech
        self.low_latency: bool | None = None
        self._baud_rate = baud_rate
        self._run: _Run | None = None

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Open the port and start to read; see `Link.open`."""
        self.close()
        try:
            port = serial.Serial(
                self.name,
                self._baud_rate,
                timeout=READ_TIMEOUT_S,
                write_timeout=WRITE_TIMEOUT_S,
                exclusive=None if sys.platform == "win32" else True,
            )
        except PORT_ERRORS as error:
            raise translate_open_error(self.name, error) from error
        self.low_latency = _ask_low_latency(port)
        self.carrier = Carrier(self.name, self._baud_rate / SERIAL_BITS_A_BYTE) if has_line(self.name) else None
        self._run = _Run(self.name, port, on_data, on_lost)

    def write(self, data: bytes) -> None:
        """Send bytes, in the background; those that cannot be sent are a loss of the link; see `Link.write`."""
        run = self._run
        if run is None or run.is_over:
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open", time.monotonic_ns())
        run.outbox.put(data)

    def close(self) -> None:
        """Stop reading, send what was written and release the port; see `Link.close`."""
        run, self._run = self._run, None
        if run is not None:
            run.end()


class _Run:
    """One opening of the link: its port, one thread that reads and one that writes."""

    def __init__(self, name: str, port: serial.Serial, on_data: OnData, on_lost: OnLost) -> None:
        self._name, self._port, self._on_data, self._on_lost = name, port, on_data, on_lost
        self._over = threading.Event()
        self._guard = threading.Lock()
        self.outbox = Outbox(name, port.write, self._lose)
        self._reader = threading.Thread(target=self._read, name=f"serial {name}", daemon=True)
        self._reader.start()

    @property
    def is_over(self) -> bool:
        """Whether it was closed or lost."""
        return self._over.is_set()

    def end(self) -> None:
        """Call nothing back any more; send what is due, and release the port."""
        self._over.set()
        if self._reader is not threading.current_thread():
            with suppress(*PORT_ERRORS):
                self._port.cancel_read()
            self._reader.join()
        self.outbox.end()
        with suppress(*PORT_ERRORS):
            self._port.close()

    def _read(self) -> None:
        """Deliver chunks until told to stop or the port dies."""
        try:
            while not self._over.is_set():
                chunk = self._port.read(max(1, self._port.in_waiting))
                if chunk:
                    self._on_data(chunk, time.monotonic_ns())
        except PORT_ERRORS as error:
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        """Tell the loss, once; a port that is being closed also fails, and that is none."""
        with self._guard:
            if self._over.is_set():
                return
            self._over.set()
        self._on_lost(_lost(self._name, error))


def translate_open_error(name: str, error: Exception) -> LinkError:
    """Return the error to raise for a port that did not open: one line that says what to do."""
    # termios.error has its number as an argument only.
    code = getattr(error, "errno", error.args[0] if error.args else None)
    text = str(error)
    # Windows gives no errno, only the text of its own error.
    if code in _FORBIDDEN and sys.platform != "win32":
        return PortForbidden(name, LinkReason.NO_PERMISSION, f"{name}: not allowed to open it. {permission_hint(name)}")
    if code in _BUSY or "exclusively lock" in text or "PermissionError" in text:
        what = f"{name} is in use by another program. Close it (a serial monitor, another FiringOrder) and try again."
        return PortBusy(name, LinkReason.BUSY, what)
    if code in _NOT_FOUND or "FileNotFoundError" in text:
        what = f"{name}: no such device. Plug the sensor in; `firingorder devices` lists what is there."
        return DeviceNotFound(name, LinkReason.NOT_FOUND, what)
    if kind := _kind_of_file(name, code, text):
        what = f"{name} is {kind}, no serial port; `firingorder devices` lists those there are."
        return DeviceNotFound(name, LinkReason.OTHER, what)
    return DeviceNotFound(name, LinkReason.OTHER, f"{name} cannot be used as a serial port: {text}")


def _kind_of_file(name: str, code: object, text: str) -> str:
    """Return what is there instead of a port; empty for a port."""
    if os.path.isdir(name):
        return "a folder"
    if os.path.isfile(name):
        return "a file"
    # pyserial hides the number of what the terminal says: 25, `ENOTTY`.
    return "a device of another kind" if code == errno.ENOTTY or f"({errno.ENOTTY}," in text else ""


def permission_hint(name: str) -> str:
    """Return what to do once, so that this user may open a port."""
    if sys.platform != "linux":
        return "Run as a user who may use serial ports."
    group = "dialout"
    with suppress(OSError, KeyError):
        group = Path(name).group()
    return f"Once: sudo usermod -aG {group} $USER, then log out and in again."


@dataclass(frozen=True)
class HeldBack:
    """An FTDI adapter that waits before it hands bytes over: for how long at most, and what changes that."""

    port: str
    timer_ms: int
    command: str


def find_held_back(name: str) -> HeldBack | None:
    """Return whether a port is an FTDI adapter that does not hand its bytes over at once; else None. Linux only."""
    timer = Path("/sys/bus/usb-serial/devices") / os.path.basename(name) / "latency_timer"
    try:
        timer_ms = int(timer.read_text())
    except (OSError, ValueError):
        return None
    if timer_ms <= LATENCY_TIMER_MAX_MS:
        return None
    return HeldBack(name, timer_ms, f"echo 1 | sudo tee {timer}")


def _ask_low_latency(port: serial.Serial) -> bool:
    """Ask the driver to hand bytes over at once; return whether it does. Only Linux has the call, ptys refuse it."""
    if sys.platform != "linux":
        return False
    try:
        port.set_low_latency_mode(True)
    except (ValueError, OSError):
        return False
    return True


def _lost(name: str, error: Exception) -> LinkLost:
    """Return the loss of an open port, in words of our own: what pyserial and the systems say is guesswork."""
    stuck = isinstance(error, serial.SerialTimeoutException)
    what = "takes no more data" if stuck else "is gone: unplugged, switched off or out of reach"
    text = f"{name} {what}. Check cable and battery; it goes on by itself when the sensor is back."
    lost = LinkLost(name, LinkReason.UNPLUGGED, text, time.monotonic_ns())
    lost.__cause__ = error
    return lost
