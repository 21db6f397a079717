"""The TCP server of a Trigno control program: real sockets, rows cut anywhere, and a server that goes away."""

import random
import select
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Self

LINE_END = b"\r\n\r\n"
#: How long the server is away when told to drop its client.
AWAY_S = 0.1


class TrignoServer:
    """A base with 16 sensors: EMG of sensor `s` counts 1 µV up from `100 s`, acceleration is (s, 0, 1) g.

    Attributes
    ----------
    port
        Of the commands; EMG and acceleration are 3 and 4 behind it.
    stalled
        Nothing leaves while set; what was held back comes at once afterwards.
    """

    def __init__(self, seed: int = 1) -> None:
        self.stalled = threading.Event()
        self.said: list[str] = []
        self._chance = random.Random(seed)
        self._servers = _listen()
        self.port = int(self._servers[0].getsockname()[1])
        self._ending = threading.Event()
        self._dropping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="trigno", daemon=True)

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._ending.set()
        self._thread.join()
        for server in self._servers:
            server.close()

    def drop(self) -> None:
        """Close all connections; the server waits for new ones."""
        self._dropping.set()

    def _run(self) -> None:
        """Serve one client after another."""
        while not self._ending.is_set():
            clients = self._accept()
            if clients is not None:
                self._serve(clients)

    def _accept(self) -> list[socket.socket] | None:
        """Wait for a client on all three ports."""
        clients: list[socket.socket] = []
        for server in self._servers:
            while not select.select([server], [], [], 0.05)[0]:
                if self._ending.is_set():
                    return None
            clients.append(server.accept()[0])
        return clients

    def _serve(self, clients: list[socket.socket]) -> None:
        """Answer commands and stream until the client leaves, or is dropped."""
        command, emg, motion = clients
        command.sendall(b"Delsys Trigno System Digital Protocol Version 3.6.0 " + LINE_END)
        began: float | None = None
        sent = [0, 0]
        heard = b""
        held = [b"", b""]
        while not self._ending.is_set() and not self._dropping.is_set():
            if select.select([command], [], [], 0.003)[0]:
                data = command.recv(4096)
                if not data:
                    break
                *lines, heard = (heard + data).split(LINE_END)
                for line in lines:
                    self.said.append(line.decode())
                    began = time.monotonic() if line == b"START" else None if line == b"STOP" else began
                    command.sendall(b"OK" + LINE_END)
            if began is not None:
                elapsed_s = time.monotonic() - began
                for place, rate_hz in enumerate((2000.0, 4000 / 27)):
                    due = int(elapsed_s * rate_hz)
                    held[place] += b"".join(_row(place, n) for n in range(sent[place], due))
                    sent[place] = max(due, sent[place])
            if not self.stalled.is_set():
                for place, client in enumerate((emg, motion)):
                    # TCP cuts anywhere: mostly not at the end of a row.
                    n = self._chance.randrange(len(held[place]) + 1) if held[place] else 0
                    client.sendall(held[place][:n])
                    held[place] = held[place][n:]
        for client in clients:
            client.close()
        if self._dropping.is_set():
            time.sleep(AWAY_S)
        self._dropping.clear()


def _row(place: int, n: int) -> bytes:
    """Return one row of a data port."""
    if place == 0:
        return struct.pack("<16f", *((n + 100 * s) * 1e-6 for s in range(1, 17)))
    return struct.pack("<48f", *(value for s in range(1, 17) for value in (float(s), 0.0, 1.0)))


def _listen() -> list[socket.socket]:
    """Listen on a free port and on those 3 and 4 behind it."""
    for _ in range(50):
        first = socket.create_server(("127.0.0.1", 0))
        servers = [first]
        try:
            port = int(first.getsockname()[1])
            servers += [socket.create_server(("127.0.0.1", port + further)) for further in (3, 4)]
        except (OSError, OverflowError):
            for server in servers:
                server.close()
            continue
        return servers
    raise OSError("no three free ports in a row of five")
