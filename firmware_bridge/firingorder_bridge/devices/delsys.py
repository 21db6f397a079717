"""Delsys Trigno through the TCP server of its control program: EMG of up to 16 sensors, their acceleration beside it.

Sources: the public Trigno SDK description (commands end with two line ends; ports 50040 commands, 50043 EMG, 50044
acceleration); LibEMG `libemg/_streamers/_delsys_streamer.py` (MIT) and axopy/pytrigno `pytrigno.py` (MIT) for the rows:
16 float32 a sample in volt, 48 in g. Written anew from those facts.

A row is one moment of all sensors, without number or time: TCP loses nothing, and a row is a row however it was cut.
All sensors of a base are converted in step, so device time is the row's number at the nominal rate. A reconnection is a
new beginning of that count, and of the clock: how long the base was away is told by the host's.

Settings: `sensors` (`1,2`: which of the 16), `upsample` (`on`: 2000 Hz; `off`: 1925.93 Hz), `motion` (`on`, `off`),
`port` (of the commands; the others follow), `sites`.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..buffer import RawFrame
from ..events import Refused, RefusedWhat, SensorIdentified
from ..frames import Flag, Frame, FrameType, SampleFormat, pack_samples
from ..links.base import Link
from ..links.tcp_link import TcpLink
from ..messages import Axis, ChannelDescriptor, Descriptor, Kind, Quantity
from ..session import State
from .catalogue import Settings, write_speech
from .dialect import Dialect, Spoken
from .settings import check_names, name_device, read_choice, read_sites

KIND = "delsys"
SETTINGS = ("sensors", "upsample", "motion", "port", "sites", "id")
N_SENSORS = 16
#: Ports of data, counted from that of the commands (50040, 50043, 50044).
COMMAND_PORT, EMG_PORT, MOTION_PORT = 50040, 3, 4
#: Places of the connections on the link.
COMMANDS, EMG, MOTION = 0, 1, 2
#: 2000 Hz are 1925.93 Hz (one sample in 519.2 us) resampled by the base; 148.148 Hz are 20 samples in 0.135 s.
RATES_HZ = {"on": Fraction(2000), "off": Fraction(52000, 27)}
MOTION_RATE_HZ = Fraction(4000, 27)
ROW_BYTES = {EMG: 4 * N_SENSORS, MOTION: 12 * N_SENSORS}
LINE_END = b"\r\n\r\n"
GRAVITY = 9.80665
#: Most rows in one frame: a frame counts its samples in a byte.
MAX_SAMPLES = 250
ANSWER_NS = 2_000_000_000
HINT = "Start the Trigno Control Utility there, with the base connected and its licence, and let its ports through."
#: What is asked for, in order; each is answered with OK, an unknown one with a complaint, which old bases may give.
PREPARATION = ("BACKWARDS COMPATIBILITY ON", "UPSAMPLE {upsample}")


@dataclass
class _Rows:
    """One data connection: which columns are kept, and where its count stands."""

    rate_hz: Fraction
    columns: list[int]
    began: bytes = b""
    index: int = 0
    seq: int = 0
    begins_anew: bool = False


class DelsysDialect(Dialect):
    """The conversation with one base; see the module."""

    def __init__(self, settings: Settings) -> None:
        check_names(settings, SETTINGS)
        self.sensors = _read_sensors(settings.get("sensors", "1,2"))
        self.upsample = read_choice(settings, "upsample", "on", tuple(RATES_HZ))
        self.has_motion = read_choice(settings, "motion", "on", ("on", "off")) == "on"
        self.spec = write_speech(KIND, settings)
        self._uid = settings.get("id", KIND)
        self._sites = read_sites(settings, len(self.sensors))
        columns = [sensor - 1 for sensor in self.sensors]
        self._rows = {EMG: _Rows(RATES_HZ[self.upsample], columns)}
        if self.has_motion:
            triples = [3 * column + axis for column in columns for axis in range(3)]
            self._rows[MOTION] = _Rows(MOTION_RATE_HZ, triples)
        self._state = State.CLOSED
        self._wants_data = False
        self._lines: list[str] = []
        self._line = b""
        self._out = b""
        self._due_ns: int | None = None
        self._told = False

    # --- bytes to whole rows

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut what one connection brought into whole rows, or whole lines; see `Dialect.cut`."""
        place, data = chunk[0], chunk[1:]
        if place == COMMANDS:
            *lines, self._line = (self._line + data).split(LINE_END)
            for line in lines:
                self._hear(line.decode("ascii", "replace").strip())
            return [RawFrame(t_host_ns, chunk[:1] + line + LINE_END) for line in lines]
        rows = self._rows.get(place)
        if rows is None:
            return [RawFrame(t_host_ns, chunk, True)]
        rows.began += data
        n_bytes = len(rows.began) // ROW_BYTES[place] * ROW_BYTES[place]
        whole, rows.began = rows.began[:n_bytes], rows.began[n_bytes:]
        if whole and self._state is State.STARTING:
            self._state = State.STREAMING
        return [RawFrame(t_host_ns, chunk[:1] + whole)] if whole else []

    # --- rows to frames

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate whole rows of one connection; see `Dialect.translate`."""
        place, data = frame.data[0], frame.data[1:]
        if place == COMMANDS:
            text = data.decode("ascii", "replace").strip()
            bad = "CANNOT" in text.upper() or "ERROR" in text.upper()
            return [Refused(RefusedWhat.COMMAND, f"the base says: {text}")] if bad else []
        rows = self._rows.get(place)
        if rows is None:
            return []
        said = [] if self._told else self._introduce()
        values = np.frombuffer(data, "<f4").reshape(-1, ROW_BYTES[place] // 4)[:, rows.columns]
        for start in range(0, len(values), MAX_SAMPLES):
            said.append(self._data(place - 1, rows, values[start : start + MAX_SAMPLES]))
        return said

    def _data(self, stream: int, rows: _Rows, values: NDArray[np.float32]) -> Frame:
        """Make a DATA frame of values, shape (n_samples, n_channels)."""
        t_us = int(rows.index * 1_000_000 / rows.rate_hz)
        flags = Flag.CLOCK_RESTARTED if rows.begins_anew else 0
        rows.begins_anew = False
        rows.seq += 1
        rows.index += len(values)
        return Frame(
            FrameType.DATA,
            stream=stream,
            seq=rows.seq % 65536,
            index=(rows.index - len(values)) % 2**32,
            t_us=t_us % 2**32,
            n_samples=len(values),
            flags=flags,
            payload=pack_samples(values, SampleFormat.F32),
        )

    def _introduce(self) -> list[Spoken]:
        """Say who it is and what it sends."""
        self._told = True
        emg = tuple(
            ChannelDescriptor(n, Quantity.VOLT, site=self._sites[n], label=f"EMG {sensor}")
            for n, sensor in enumerate(self.sensors)
        )
        said: list[Spoken] = [SensorIdentified(self._uid, declared=False), self._describe(0, Kind.EMG, emg)]
        if self.has_motion:
            motion = tuple(
                ChannelDescriptor(
                    3 * n + axis, Quantity.ACCELERATION, Axis(axis), self._sites[n], GRAVITY, label=f"{'XYZ'[axis]} {s}"
                )
                for n, s in enumerate(self.sensors)
                for axis in range(3)
            )
            said.append(self._describe(1, Kind.ANALOG, motion))
        return said

    def _describe(self, stream: int, kind: Kind, channels: tuple[ChannelDescriptor, ...]) -> Frame:
        """Make the DESC frame of a stream."""
        rate_hz = self._rows[stream + 1].rate_hz
        num, den = rate_hz.numerator, rate_hz.denominator
        descriptor = Descriptor(kind, SampleFormat.F32, num, den, channels, max_n=MAX_SAMPLES)
        return Frame(FrameType.DESC, stream=stream, payload=descriptor.encode())

    # --- the conversation

    @property
    def state(self) -> State:
        """Where the conversation is; see `Dialect.state`."""
        return self._state

    def open(self) -> None:
        """Wait for the greeting, which the base gives by itself."""
        self._state = State.GREETING
        self._due_ns = None

    def start(self) -> None:
        """Ask for data once greeted."""
        self._wants_data = True
        if self._state is State.READY:
            self._prepare()

    def stop(self) -> None:
        """Ask it to stop."""
        self._wants_data = False
        if self._state in (State.STREAMING, State.STARTING):
            self._say("STOP")
            self._state = State.STOPPING

    def reset(self) -> None:
        """Forget what was begun; see `Dialect.reset`."""
        self._lines, self._line, self._out = [], b"", b""
        for rows in self._rows.values():
            rows.begins_anew = rows.begins_anew or rows.index > 0
            rows.began, rows.index, rows.seq = b"", 0, 0
        self._state = State.CLOSED

    def tick(self, now_ns: int) -> None:
        """Go on without an answer: an old base may not know a command, and may greet late."""
        if self._state not in (State.GREETING, State.DESCRIBING, State.STOPPING):
            return
        if self._due_ns is None:
            self._due_ns = now_ns + ANSWER_NS
        if now_ns >= self._due_ns:
            self._hear("")

    def data_to_send(self) -> bytes:
        """Return the commands that are due."""
        out, self._out = self._out, b""
        return out

    def _hear(self, line: str) -> None:
        """Follow the conversation by a line, or by none in time."""
        del line  # any answer will do: what is refused is told by `translate`
        self._due_ns = None
        if self._state is State.GREETING:
            self._state = State.READY
            if self._wants_data:
                self._prepare()
        elif self._state is State.DESCRIBING:
            self._next()
        elif self._state is State.STOPPING:
            self._state = State.READY

    def _prepare(self) -> None:
        """Say how the data are wanted, then start."""
        self._state = State.DESCRIBING
        self._lines = [line.format(upsample=self.upsample.upper()) for line in PREPARATION]
        self._next()

    def _next(self) -> None:
        """Say the next line of the preparation, or start."""
        if self._lines:
            self._say(self._lines.pop(0))
        else:
            self._say("START")
            self._state = State.STARTING

    def _say(self, command: str) -> None:
        """Send a command."""
        self._out += command.encode("ascii") + LINE_END


def _read_sensors(text: str) -> tuple[int, ...]:
    """Read `1,2` as sensors of the base; raise ValueError for what is none."""
    names = [name for name in text.split(",") if name]
    if not names or not all(name.isdecimal() and 1 <= int(name) <= N_SENSORS for name in names):
        raise ValueError(f"sensors must be some of 1 to {N_SENSORS}, such as 1,2; got {text!r}")
    if len(set(names)) < len(names):
        raise ValueError(f"sensors names one twice; got {text!r}")
    return tuple(int(name) for name in names)


def make_dialect(settings: Settings) -> Dialect:
    """Make the conversation; see `catalogue.Kind`."""
    return DelsysDialect(settings)


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    if not where:
        raise ValueError("say on which computer the control program runs, such as delsys:localhost")
    settings = {"id": name_device(KIND, where), **settings}
    dialect = DelsysDialect(settings)
    port = settings.get("port", str(COMMAND_PORT))
    if not port.isdecimal() or not 0 < int(port) < 65536 - MOTION_PORT:
        raise ValueError(f"port must be a number; got {port!r}")
    ports = [int(port), int(port) + EMG_PORT] + ([int(port) + MOTION_PORT] if dialect.has_motion else [])
    return TcpLink(f"{KIND}:{where}", where, ports, dialect.spec, HINT)
