"""A sensor, or a server of sensors, over TCP: one socket or several to the same host, one thread that reads them.

Several sockets are one link, because they belong to one device: they are opened together, and the death of one is the
death of all. What arrives on them stays apart: each chunk begins with the tag of its port, a byte of the caller's
choice. A port without a tag hands over what came and nothing else. Where chunks end is up to TCP and means nothing.

A host that is switched off takes seconds to be noticed, so `open` is slow, and `close` from another thread ends it.
"""

import errno
import os
import select
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from ..buffer import Framing
from ..errors import DeviceNotFound, LinkError, LinkLost, LinkReason, PortForbidden
from .base import Link, OnData, OnLost
from .outbox import Outbox

#: A host on a laboratory's network answers within milliseconds; three seconds are a lost packet sent again twice (J).
CONNECT_S = 3.0
#: How long the reader, or an attempt to connect, may take to notice that it is to end.
LOOK_S = 0.05
#: A port that takes no bytes for so long is dead.
WRITE_TIMEOUT_S = 1.0
#: Most bytes of one chunk: half a second of sixteen EMG channels at 2 kHz.
CHUNK_BYTES = 65_536

# What a connection under way says: POSIX, and Windows (WSAEWOULDBLOCK).
_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, 10035}
_REFUSED = {errno.ECONNREFUSED, 10061}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


class TcpPort(NamedTuple):
    """A port of the host, and the byte before each of its chunks (none where empty)."""

    number: int
    tag: bytes = b""


class TcpLink(Link):
    """A link over TCP sockets; what is written goes to the first of the ports.

    Parameters
    ----------
    host
        Name or address.
    ports
        Which ports, all of them needed.
    name
        What the user knows it by.
    speech
        What is spoken on it; see `Link`.
    hint
        What the user can do where nobody answers, in one sentence.
    """

    opens_slowly = True

    def __init__(
        self,
        host: str,
        ports: Sequence[TcpPort],
        name: str = "",
        speech: str = Framing.COBS.value,
        hint: str = "Check that the device is on and in the same network.",
    ) -> None:
        self.name = name or f"{host}:{ports[0].number}"
        self.speech = speech
        self._host, self._ports, self._hint = host, tuple(ports), hint
        self._run: _Run | None = None
        self._guard = threading.Lock()

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Connect all ports and start to read; see `Link.open`."""
        self.close()
        run = _Run(self.name)
        with self._guard:
            self._run = run
        try:
            for port in self._ports:
                run.sockets.append((self._connect(port.number, run.over), port))
        except LinkError:
            run.end()
            raise
        run.begin(on_data, on_lost, self._hint)

    def write(self, data: bytes) -> None:
        """Send bytes to the first port, in the background; see `Link.write`."""
        run = self._run
        if run is None or not run.up or run.over.is_set():
            raise LinkLost(self.name, LinkReason.NOT_OPEN, f"{self.name} is not open", time.monotonic_ns())
        run.write(data)

    def close(self) -> None:
        """Stop reading and close the sockets; see `Link.close`."""
        with self._guard:
            run, self._run = self._run, None
        if run is not None:
            run.end()

    def _connect(self, port: int, over: threading.Event) -> socket.socket:
        """Connect to one port; raise the error to show."""
        try:
            found = socket.getaddrinfo(self._host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            text = f"{self.name}: no computer is called {self._host!r} here. Give its address, such as 192.168.1.20."
            raise DeviceNotFound(self.name, LinkReason.NOT_FOUND, text) from error
        code = errno.ETIMEDOUT
        for family, kind, protocol, _, address in found:
            sock = socket.socket(family, kind, protocol)
            try:
                code = _try_to_connect(sock, address, over)
            except OSError as error:
                code = error.errno or errno.EIO
            if code == 0 and not over.is_set():
                _prepare(sock)
                return sock
            sock.close()
        if over.is_set():
            text = f"{self.name} was closed while it was being opened"
            raise LinkLost(self.name, LinkReason.NOT_OPEN, text, time.monotonic_ns())
        raise self._refuse(port, code)

    def _refuse(self, port: int, code: int) -> LinkError:
        """Return the error to raise for a port that did not open."""
        if code in _FORBIDDEN:
            text = f"{self.name}: this computer does not allow connections to {self._host}:{port} (a firewall?)."
            return PortForbidden(self.name, LinkReason.NO_PERMISSION, text)
        what = {True: f"nothing listens on port {port} of {self._host}", False: f"{self._host}:{port} does not answer"}
        return DeviceNotFound(self.name, LinkReason.NOT_FOUND, f"{self.name}: {what[code in _REFUSED]}. {self._hint}")


class _Run:
    """One opening of a link: its sockets, its reader, and whether it is over."""

    def __init__(self, name: str) -> None:
        self.sockets: list[tuple[socket.socket, TcpPort]] = []
        self.over = threading.Event()
        self.up = False
        self._name = name
        self._thread: threading.Thread | None = None
        self._outbox: Outbox | None = None
        self._guard = threading.Lock()

    def begin(self, on_data: OnData, on_lost: OnLost, hint: str) -> None:
        """Start to read, unless it was ended in the meantime."""

        def fail(error: Exception) -> None:
            self._lose(on_lost, f"{self._name} takes no more data ({_say(error)}). {hint}")

        with self._guard:
            self.up = True
            self._outbox = Outbox(self._name, self.sockets[0][0].sendall, fail)
            name = f"tcp {self._name}"
            self._thread = threading.Thread(target=self._read, args=(on_data, on_lost, hint), name=name, daemon=True)
            self._thread.start()

    def write(self, data: bytes) -> None:
        """Send bytes soon."""
        if self._outbox is not None:
            self._outbox.put(data)

    def end(self) -> None:
        """Stop, wait for the reader, send what was written, close the sockets."""
        with self._guard:
            self.over.set()
            thread, outbox = self._thread, self._outbox
        if thread is threading.current_thread():
            return
        if thread is not None:
            thread.join()
        if outbox is not None:
            outbox.end()
        if self.up or thread is None:
            for sock, _ in self.sockets:
                sock.close()

    def _read(self, on_data: OnData, on_lost: OnLost, hint: str) -> None:
        """Deliver chunks until told to stop or a socket dies."""
        by_socket = dict(self.sockets)
        try:
            while not self.over.is_set():
                ready, _, _ = select.select(list(by_socket), [], [], LOOK_S)
                for sock in ready:
                    chunk = sock.recv(CHUNK_BYTES)
                    if self.over.is_set():
                        return
                    if not chunk:
                        raise ConnectionResetError(f"the other side closed port {by_socket[sock].number}")
                    on_data(by_socket[sock].tag + chunk, time.monotonic_ns())
        except OSError as error:
            self._lose(on_lost, f"{self._name}: the connection is gone ({_say(error)}). {hint}")

    def _lose(self, on_lost: OnLost, text: str) -> None:
        """Tell the loss, once, unless the link is being closed."""
        with self._guard:
            if self.over.is_set():
                return
            self.over.set()
        on_lost(LinkLost(self._name, LinkReason.UNPLUGGED, text, time.monotonic_ns()))


def _try_to_connect(sock: socket.socket, address: tuple[object, ...], over: threading.Event) -> int:
    """Connect within `CONNECT_S`, or until it is over; return 0 or the system's error number."""
    sock.setblocking(False)
    code = sock.connect_ex(address)
    if code not in _UNDER_WAY:
        return code
    deadline = time.monotonic() + CONNECT_S
    while not over.is_set() and time.monotonic() < deadline:
        # Windows tells a refusal in the third set only.
        _, done, failed = select.select([], [sock], [sock], LOOK_S)
        if done or failed:
            return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    return errno.ETIMEDOUT


def _prepare(sock: socket.socket) -> None:
    """Send commands at once, and let the system notice a host that has gone without a word."""
    sock.settimeout(WRITE_TIMEOUT_S)
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def _say(error: Exception) -> str:
    """Return what happened in the system's words, or in our own."""
    code = error.errno if isinstance(error, OSError) else None
    return os.strerror(code).lower() if code else str(error)
