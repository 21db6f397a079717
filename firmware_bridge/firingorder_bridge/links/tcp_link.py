"""A device behind TCP: one connection for commands, others for data, and one reader thread for all of them.

Several connections are one link, because they are one device and die together. Each chunk begins with a byte that says
which connection brought it (0 = commands), so that a recording can tell them apart; TCP cuts wherever it likes, and
whole packets are the business of whoever decodes.
"""

import selectors
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from ..errors import DeviceNotFound, LinkLost, LinkReason
from .base import Link, OnData, OnLost

# A base in the next room answers in milliseconds, a wrong address not at all (J).
CONNECT_S = 3.0
# How long the reader sleeps at most before it looks whether it was closed.
LOOK_S = 0.1
READ_BYTES = 65_536


class TcpLink(Link):
    """A device at a host, on several ports.

    Parameters
    ----------
    name
        What the user calls it.
    host
        Name or address.
    ports
        The first is for commands. A chunk begins with its place in this sequence.
    speech
        What is spoken; see `Link`.
    hint
        What to do where nobody answers, one sentence.
    """

    def __init__(self, name: str, host: str, ports: Sequence[int], speech: str, hint: str) -> None:
        self.name = name
        self.speech = speech
        self._host, self._ports, self._hint = host, tuple(ports), hint
        self._sockets: list[socket.socket] = []
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Connect all ports and start to read; see `Link.open`."""
        self.close()
        self._stopping.clear()
        try:
            for port in self._ports:
                self._sockets.append(self._connect(port))
        except DeviceNotFound:
            self._close_sockets()
            raise
        arguments = (list(self._sockets), on_data, on_lost)
        self._thread = threading.Thread(target=self._read, args=arguments, name=f"tcp {self.name}", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Send a command; see `Link.write`."""
        if not self._sockets or self._stopping.is_set():
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open", time.monotonic_ns())
        try:
            self._sockets[0].sendall(data)
        except OSError as error:
            raise self._lost(str(error)) from error

    def close(self) -> None:
        """Stop reading and disconnect; see `Link.close`."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        self._close_sockets()

    def _connect(self, port: int) -> socket.socket:
        """Connect to one port."""
        try:
            connected = socket.create_connection((self._host, port), CONNECT_S)
        except OSError as error:
            why = f"{self.name}: nobody answers at {self._host}:{port} ({error.strerror or error}). {self._hint}"
            raise DeviceNotFound(self.name, LinkReason.NOT_FOUND, why) from error
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.settimeout(CONNECT_S)
        return connected

    def _read(self, sockets: list[socket.socket], on_data: OnData, on_lost: OnLost) -> None:
        """Deliver chunks until told to stop, or until one of the connections ends."""
        with selectors.DefaultSelector() as selector:
            for number, each in enumerate(sockets):
                selector.register(each, selectors.EVENT_READ, number)
            try:
                while not self._stopping.is_set():
                    for key, _ in selector.select(LOOK_S):
                        place: int = key.data
                        data = sockets[place].recv(READ_BYTES)
                        if not data:
                            raise ConnectionResetError("the other side closed the connection")
                        on_data(bytes((place,)) + data, time.monotonic_ns())
            except OSError as error:
                if not self._stopping.is_set():
                    self._stopping.set()
                    on_lost(self._lost(str(error)))

    def _lost(self, why: str) -> LinkLost:
        """Return the loss of the device."""
        text = f"{self.name} is gone ({why}). {self._hint}"
        return LinkLost(self.name, LinkReason.UNPLUGGED, text, time.monotonic_ns())

    def _close_sockets(self) -> None:
        """Disconnect."""
        sockets, self._sockets = self._sockets, []
        for each in sockets:
            with suppress(OSError):
                each.close()
