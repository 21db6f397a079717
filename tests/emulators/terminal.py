"""A device on a pseudo-terminal, in a thread of its own: answers commands, streams in real time, fails on demand."""

import os
import select
import tempfile
import threading
import time
import tty
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

#: How long a turn waits for the host.
TURN_S = 0.002


class TerminalDevice(ABC):
    """One emulated device; use as a context manager.

    Faults may be set at any time from any thread.

    Attributes
    ----------
    path
        The port to open: a link that is gone once the device is.
    stalled
        Nothing leaves while set; what was held back comes at once afterwards, as a radio does.
    muted
        Nothing leaves while set, and it is lost.
    """

    def __init__(self) -> None:
        self.stalled = threading.Event()
        self.muted = threading.Event()
        self.received = b""
        self.streaming = False
        self._garbage = b""
        self._flip = 0
        self._master, slave = os.openpty()
        tty.setraw(self._master)
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        # The system gives a number that has become free to the next terminal: a host that looks for an unplugged device
        # again by number would open another test's. So it is known by a link, which goes with it.
        self._place = tempfile.TemporaryDirectory(prefix="terminal-")
        self.path = str(Path(self._place.name) / "port")
        os.symlink(os.ttyname(slave), self.path)
        os.close(slave)  # without a hold of our own on the far end it shows whether a host has it open
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Pull the cable and wait for the thread."""
        self.unplug()
        self._thread.join()

    # --- faults

    def unplug(self) -> None:
        """Pull the cable."""
        self._ending.set()

    def garble(self, garbage: bytes) -> None:
        """Put bytes that are no packet between two packets."""
        self._garbage += garbage

    def damage_next(self) -> None:
        """Flip a bit in the next bytes that leave."""
        self._flip += 1

    # --- the device

    @abstractmethod
    def hear(self, data: bytes) -> bytes:
        """Take bytes from the host and return the answer."""

    @abstractmethod
    def make(self, elapsed_s: float) -> bytes:
        """Return the packets that are due `elapsed_s` after streaming began."""

    def _run(self) -> None:
        """Serve until unplugged."""
        held, began = b"", time.monotonic()
        while not self._ending.is_set():
            is_open = self._is_open()
            ready, _, _ = select.select([self._master] if is_open else [], [], [], TURN_S)
            if ready:
                data = self._read()
                self.received += data
                was = self.streaming
                held += self.hear(data)
                if self.streaming and not was:
                    began = time.monotonic()
            if self.streaming:
                held += self._spoil(self.make(time.monotonic() - began))
            if self.muted.is_set() or not is_open:
                held = b""  # a wire does not keep for a host that comes later what was sent before
            if held and not self.stalled.is_set():
                held = held[self._write(held) :]
        self._place.cleanup()
        os.close(self._master)

    def _is_open(self) -> bool:
        """Tell whether a host has the far end open."""
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        return not any(events & select.POLLHUP for _, events in poll.poll(0))

    def _read(self) -> bytes:
        """Read what the host sent; nothing where it has just gone."""
        try:
            return os.read(self._master, 4096)
        except OSError:
            return b""

    def _write(self, data: bytes) -> int:
        """Send bytes; return how many the host's side took."""
        try:
            return os.write(self._master, data)
        except OSError:
            return 0

    def _spoil(self, data: bytes) -> bytes:
        """Apply the faults that are due."""
        if data and self._flip:
            self._flip -= 1
            data = bytes((data[0] ^ 0x10,)) + data[1:]
        if data and self._garbage:
            data, self._garbage = self._garbage + data, b""
        return data
