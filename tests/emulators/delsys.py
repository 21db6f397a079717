"""A Trigno server on this computer's ports: greets, answers, streams in real time, cuts anywhere, dies on demand."""

import random
import select
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Self

import numpy as np

from firingorder_signal.blocks import FloatArray

#: What a frame of the system lasts, and what it holds.
FRAME_S, N_EMG, N_AUX = 0.0135, 26, 2
GREETING = b"Delsys Trigno System Digital Protocol Version 3.6.0 \r\n\r\n"
UNITS = ("g", "g", "g", "deg/s", "deg/s", "deg/s")


def emg_rows(first: int, stop: int, n_sensors: int = 16) -> FloatArray:
    """Return instants of EMG in volt: each sensor counts samples, in a step of its own."""
    samples = np.arange(first, stop)[:, None] % 4096
    return np.asarray((samples * np.arange(1, n_sensors + 1) * 1e-7).astype("<f4"))


def aux_rows(first: int, stop: int) -> FloatArray:
    """Return instants of motion: 16 x 9 columns that count samples, a hundredth of a column more each."""
    samples = np.arange(first, stop)[:, None] % 256
    return np.asarray((samples * 0.01 + np.arange(144) * 0.01).astype("<f4"))


class Trigno:
    """A server with some sensors; use as a context manager.

    Faults may be set at any time from any thread.

    Attributes
    ----------
    ports
        Of commands, EMG and motion.
    stalled
        No samples leave while set; what was held back comes at once afterwards.
    greeting, without_base
        What it says first; whether it has nothing to start.
    paired, rates, units
        Which sensors there are, their EMG rates (as text) where they are not the usual one, and the units of their
        motion.
    """

    def __init__(self, paired: tuple[int, ...] = (1, 2), seed: int = 1) -> None:
        self.paired = paired
        self.rates: dict[int, str] = {}
        self.units: dict[int, tuple[str, ...]] = {}
        self.stalled = threading.Event()
        self.greeting, self.without_base = GREETING, False
        self.asked: list[str] = []
        self.n_emg = self.n_starts = 0
        self._chance = random.Random(seed)
        self._ending, self._hanging_up = threading.Event(), threading.Event()
        self._listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
        self.ports = tuple(int(each.getsockname()[1]) for each in self._listening)
        self._connected: list[socket.socket | None] = [None, None, None]
        self._streaming_since: float | None = None
        self._n_frames = 0
        self._heard = b""
        self._thread = threading.Thread(target=self._run, name="Trigno", daemon=True)

    @property
    def address(self) -> str:
        """What to open, ready for more settings."""
        return f"delsys:127.0.0.1?ports={','.join(map(str, self.ports))}"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        self._ending.set()
        self._thread.join()
        for each in (*self._listening, *self._connected):
            if each is not None:
                each.close()

    def hang_up(self) -> None:
        """Close all connections, in the middle of an instant; whoever calls again is served again."""
        self._hanging_up.set()

    def _run(self) -> None:
        """Serve."""
        while not self._ending.is_set():
            waiting = [*self._listening, *([self._connected[0]] if self._connected[0] else [])]
            ready, _, _ = select.select(waiting, [], [], 0.002)
            for number, each in enumerate(self._listening):
                if each in ready:
                    self._accept(number)
            try:
                if self._connected[0] in ready:
                    self._hear()
                self._stream()
                if self._hanging_up.is_set():
                    self._send(1, bytes(37))
                    self._drop()
            except OSError:
                self._drop()

    def _accept(self, number: int) -> None:
        """Take a connection; the port of commands greets."""
        sock, _ = self._listening[number].accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        old, self._connected[number] = self._connected[number], sock
        if old is not None:
            old.close()
        if number == 0:
            self._heard, self._streaming_since = b"", None
            sock.sendall(self.greeting)

    def _drop(self) -> None:
        """Close the connections."""
        for number, each in enumerate(self._connected):
            if each is not None:
                each.close()
            self._connected[number] = None
        self._streaming_since = None
        self._hanging_up.clear()

    def _hear(self) -> None:
        """Answer commands, in pieces cut anywhere."""
        sock = self._connected[0]
        assert sock is not None
        data = sock.recv(4096)
        if not data:
            raise ConnectionResetError
        *commands, self._heard = (self._heard + data).split(b"\r\n\r\n")
        for command in commands:
            self.asked.append(command.decode())
            self._send(0, (self.answer(command.decode()) + "\r\n\r\n").encode())

    def answer(self, command: str) -> str:
        """Return the answer to a command."""
        words = command.split()
        if command == "START":
            if self.without_base:
                return "CANNOT COMPLETE"
            self._streaming_since, self._n_frames = time.monotonic(), 0
            self.n_emg = 0
            self.n_starts += 1
            return "OK"
        if command == "STOP":
            self._streaming_since = None
            return "OK"
        fixed = {
            "BASE SERIAL?": "SP-W02-1234",
            "FRAME INTERVAL?": str(FRAME_S),
            "MAX SAMPLES EMG?": str(N_EMG),
            "MAX SAMPLES AUX?": str(N_AUX),
        }
        if words[0] == "SENSOR":
            return self._answer_of(int(words[1]), " ".join(words[2:]))
        if command in fixed:
            return fixed[command]
        return "OK" if words[0] in ("BACKWARDS", "UPSAMPLE", "ENDIAN") else "INVALID COMMAND"

    def _answer_of(self, sensor: int, asked: str) -> str:
        """Return the answer to a question about a sensor."""
        units = self.units.get(sensor, UNITS)
        answers = {
            "PAIRED?": "YES" if sensor in self.paired else "NO",
            "TYPE?": "D",
            "MODE?": "66",
            "SERIAL?": str(1000 + sensor),
            "STARTINDEX?": str(sensor),
            "EMGCHANNELCOUNT?": "1",
            "AUXCHANNELCOUNT?": str(len(units)),
            "CHANNEL 1 RATE?": self.rates.get(sensor, "1925.92592592593"),
            "CHANNEL 1 UNITS?": "V",
            "CHANNEL 2 RATE?": "148.148148148148",
            **{f"CHANNEL {number} UNITS?": unit for number, unit in enumerate(units, start=2)},
        }
        return answers.get(asked, "INVALID COMMAND")

    def _stream(self) -> None:
        """Send the frames that are due, whole in number, cut anywhere."""
        if self._streaming_since is None or self.stalled.is_set():
            return
        due = int((time.monotonic() - self._streaming_since) / FRAME_S)
        first, self._n_frames = self._n_frames, due
        if due > first:
            self._send(1, emg_rows(first * N_EMG, due * N_EMG).tobytes())
            self._send(2, aux_rows(first * N_AUX, due * N_AUX).tobytes())
            self.n_emg = due * N_EMG

    def _send(self, number: int, data: bytes) -> None:
        """Send bytes on a port in pieces of any length."""
        sock = self._connected[number]
        if sock is None:
            return
        while data:
            n = self._chance.choice((1, 3, 63, 64, 65, 500, 2000))
            sock.sendall(data[:n])
            data = data[n:]


def pack_row(values: list[float]) -> bytes:
    """Return one instant of EMG as the protocol has it, without numpy."""
    return struct.pack("<16f", *values)
