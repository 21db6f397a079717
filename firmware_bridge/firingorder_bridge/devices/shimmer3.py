"""Shimmer3 with its ExG board over its serial-port profile (LogAndStream and BtStream firmware): EMG and motion.

Sources: ShimmerResearch/shimmer3 at db65e6c and log-and-stream-common at 12db787 (the vendor's firmware: commands,
packets, configuration); ShimmerEngineering/Shimmer-Java-Android-API (the vendor's driver: EMG set-up, units);
brainflow-dev/brainflow at 0415e03, `src/board_controller/shimmer` (formats). Written anew from those facts; formats are
in `shimmer3_channels.py`, units in `shimmer3_units.py`, commands in `shimmer3_answers.py`.

The conversation: stop whatever runs, ask who it is, set sensors, rate and ExG registers, then ask for all of them back,
and start. Only what is asked back counts, so a device that refuses settings, because it logs to its card meanwhile, is
read as it is. Firmware that does not know a command says nothing; such a command is passed over.

Settings: `rate` (Hz, up to 4096; 32768 / a whole number), `gain` (1, 2, 3, 4, 6, 8, 12), `bits` (24, 16), `channels`
(`emg,accel,gyro`: which sensors, see `SENSOR_BITS`), `sites` (of the ExG channels), `segment` (of the inertial unit).
"""

import re
from collections import deque
from dataclasses import dataclass

from firingorder_signal.blocks import Site

from ..buffer import RawFrame
from ..descriptors import code_of
from ..links.base import Link
from ..links.serial_link import SerialLink
from ..session import State
from .catalogue import Settings, write_speech
from .dialect import Dialect, Spoken
from .settings import check_names, name_device, read_choice, read_sites
from .shimmer3_answers import (
    ASK_ADDRESS,
    ASK_BOARD,
    CHECKED_DONE,
    Code,
    measure_answer,
    measure_done,
    measure_unasked,
)
from .shimmer3_channels import TICKS_HZ
from .shimmer3_log import SHIMMER3
from .shimmer3_packets import PacketCutter
from .shimmer3_translator import Translator
from .shimmer3_units import GAINS, N_REGISTERS, Registers, emg_registers

KIND = "shimmer3"
SETTINGS = ("rate", "gain", "bits", "channels", "sites", "segment", "id")
#: A serial-port profile has no line; the vendor's programs open it with this.
BAUD_RATE = 115_200
#: The firmware refuses to sample faster (`Sensing/shimmer_sensing.c`).
RATE_MAX_HZ = 4096.0
#: EMG of one chip at 24 bits, or at 16; both chips.
EMG_BITS = {("emg", "24"): 0x10, ("emg", "16"): 0x100000, ("emg4", "24"): 0x18, ("emg4", "16"): 0x180000}
#: What may be asked for besides: `accel` is the low-noise one, `wide` goes to 16 g, `alt` is in the gyroscope's chip.
SENSOR_BITS = {"accel": 0x80, "gyro": 0x40, "mag": 0x20, "wide": 0x1000, "alt": 0x400000, "battery": 0x2000}
N_EXG = 4
#: The gyroscope's chip has a rate of its own, 8000 Hz / (1 + n), and 51 Hz by default: too slow for the moment at which
#: a limb begins to move (vendor's `SensorMPU9X50.java`, setMPU9150GyroAccelRateFromFreq).
GYRO_BASE_HZ, GYRO_DIVIDER_MAX = 8000, 255
#: A radio answers within two slots; writing its configuration keeps a Shimmer3 busy for longer (J).
ANSWER_NS = 1_000_000_000
#: A device is taken to have stopped when it has been silent for so long: 3 packets of the slowest rate in use (J).
QUIET_NS = 300_000_000
#: What an answer, a refusal or an unasked word begins with: other bytes, such as packets of a device that streams
#: already, are passed over without a look at each (another device's recording is searched five times as fast).
BEGINNINGS = re.compile(b"[" + re.escape(bytes((Code.DONE, Code.REFUSED, Code.UNASKED))) + b"]")


@dataclass(frozen=True)
class Step:
    """A command and what must come before the next.

    Attributes
    ----------
    answer
        Code of the answer; None where only the acknowledgement comes.
    needed
        Whether it is begun all over again where nothing comes; else it is passed over.
    """

    command: bytes
    answer: Code | None = None
    needed: bool = True
    state: State = State.GREETING


_STOP = Step(bytes((Code.STOP,)), needed=False)
_CHECKSUM_OFF = Step(bytes((Code.SET_CHECKSUM, 0)), needed=False)
_CHECKSUM_ON = Step(bytes((Code.SET_CHECKSUM, 2)), needed=False, state=State.STARTING)
_START = Step(bytes((Code.START,)), state=State.STARTING)
_GREET = (
    Step(bytes((Code.HARDWARE,)), Code.HARDWARE_ANSWER),
    Step(bytes((Code.FIRMWARE,)), Code.FIRMWARE_ANSWER),
    Step(ASK_ADDRESS, Code.MEMORY_ANSWER, needed=False),
    Step(ASK_BOARD, Code.BOARD_ANSWER, needed=False),
    Step(bytes((Code.SET_UNASKED_PREFIX, 0)), needed=False),
)
_DESCRIBE = (
    Step(bytes((Code.REGISTERS, 0, 0, N_REGISTERS)), Code.REGISTERS_ANSWER, state=State.DESCRIBING),
    Step(bytes((Code.REGISTERS, 1, 0, N_REGISTERS)), Code.REGISTERS_ANSWER, state=State.DESCRIBING),
    Step(bytes((Code.CALIBRATION,)), Code.CALIBRATION_ANSWER, state=State.DESCRIBING),
    Step(bytes((Code.INQUIRY,)), Code.INQUIRY_ANSWER, state=State.DESCRIBING),
)


class Shimmer3Dialect(Dialect):
    """The conversation with one Shimmer3; see the module."""

    def __init__(self, settings: Settings) -> None:
        check_names(settings, SETTINGS)
        self.spec = write_speech(KIND, settings)
        self._configure = _read_configuration(settings)
        segment = settings.get("segment")
        self._translator = Translator(
            settings.get("id", KIND), read_sites(settings, N_EXG), code_of(Site.parse(segment)) if segment else 0
        )
        self._state = State.CLOSED
        self._wants_data = False
        self._todo: deque[Step] = deque()
        self._step: Step | None = None
        self._due_ns: int | None = None
        self._limit_ns: int | None = None
        self._was_busy = False
        self._checked = False
        self._cutter: PacketCutter | None = None
        self._layouts = Translator(KIND, [0] * N_EXG, 0)
        self._buffer = b""
        self._out = b""

    # --- bytes to runs of packets and answers

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut a chunk; see `Dialect.cut`."""
        self._buffer += chunk
        found: list[RawFrame] = []
        while self._buffer and (piece := self._next()) is not None:
            n_bytes, damaged = piece
            frame = RawFrame(t_host_ns, self._buffer[:n_bytes], damaged)
            self._buffer = self._buffer[n_bytes:]
            found.append(frame)
            self._note(frame)
        return found

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return a begun packet; see `Dialect.flush`."""
        begun, self._buffer = self._buffer, b""
        return [RawFrame(t_host_ns, begun, True)] if begun else []

    def _next(self) -> tuple[int, bool] | None:
        """Return how long the next piece of the buffer is and whether it is damaged; None to wait for more."""
        if self._cutter is not None:
            return self._cutter.next(self._buffer)
        for found in BEGINNINGS.finditer(self._buffer):
            start = found.start()
            n_bytes = self._measure(start)
            if n_bytes is None:
                continue
            if start:
                return start, True
            return (n_bytes, False) if n_bytes else None
        return len(self._buffer), True

    def _measure(self, start: int) -> int | None:
        """Return how long what is waited for is at `start`; 0 where more must come first, None where it is none."""
        step = self._step
        unasked = measure_unasked(self._buffer, start, checked=self._checked)
        if unasked is not None or step is None:
            return unasked
        if step is _STOP:
            alone = not self._was_busy and self._buffer[start:] == bytes((Code.DONE,)) and not start
            return 1 if alone else None
        if step is _CHECKSUM_ON:
            return measure_done(self._buffer, start, checked=True)
        if step.answer is None:
            return measure_done(self._buffer, start, checked=self._checked)
        return measure_answer(self._buffer, start, step.answer)

    def _note(self, frame: RawFrame) -> None:
        """Follow the conversation by what came."""
        if frame.damaged:
            if self._step is _STOP:
                self._was_busy, self._due_ns = True, None
            return
        if self._cutter is not None:
            self._note_stream(frame.data)
        elif self._step is not None and frame.data[0] in (Code.DONE, Code.REFUSED) and not _is_unasked(frame.data):
            self._note_answer(frame, self._step)

    def _note_stream(self, data: bytes) -> None:
        """Take note of what came while it streams."""
        if data[0] == Code.DATA:
            if self._state is State.STARTING:
                self._state = State.STREAMING
        elif self._state is State.STOPPING and not _is_unasked(data):
            self._state, self._cutter = State.READY, None

    def _note_answer(self, frame: RawFrame, step: Step) -> None:
        """Go on after an answer."""
        # Lengths of packets follow from the same answers, by the same rules, as the translation.
        self._layouts.translate(frame)
        if step.answer is Code.HARDWARE_ANSWER and frame.data[2] != SHIMMER3:
            self._state, self._step = State.REFUSED, None
            self._todo.clear()
            return
        if frame.data == CHECKED_DONE and step is _CHECKSUM_ON:
            self._checked = True
        if step is _START:
            self._begin_stream()
        else:
            self._advance()

    def _begin_stream(self) -> None:
        """Expect packets from now on."""
        self._step = None
        layout = self._layouts.layout
        if layout is None:
            self._state = State.REFUSED
            return
        self._cutter = PacketCutter(layout, checked=self._checked)

    # --- runs of packets to frames

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate an answer or a run of packets; see `Dialect.translate`."""
        return self._translator.translate(frame)

    # --- the conversation

    @property
    def state(self) -> State:
        """Where the conversation is; see `Dialect.state`."""
        return self._state

    def open(self) -> None:
        """Begin, or begin again."""
        self._cutter, self._checked, self._was_busy = None, False, False
        self._todo = deque((_STOP, *_GREET, *self._configure, *_DESCRIBE))
        self._advance()

    def start(self) -> None:
        """Ask for data once it is described."""
        self._wants_data = True
        if self._state is State.READY:
            self._advance()

    def stop(self) -> None:
        """Ask it to stop, and wait for its acknowledgement."""
        self._wants_data = False
        if self._cutter is None and self._state is not State.STARTING:
            return
        self._todo.clear()
        self._out += _STOP.command
        self._state, self._due_ns = State.STOPPING, None

    def reset(self) -> None:
        """Forget what was begun; see `Dialect.reset`."""
        self._buffer, self._out, self._cutter, self._step = b"", b"", None, None
        self._todo.clear()
        self._state = State.CLOSED

    def tick(self, now_ns: int) -> None:
        """Go on, or begin again, where an answer is overdue."""
        if self._step is None and self._state is not State.STOPPING:
            return
        if self._due_ns is None:
            self._due_ns = now_ns + (QUIET_NS if self._step is _STOP else ANSWER_NS)
        if self._limit_ns is None:
            self._limit_ns = now_ns + ANSWER_NS
        if self._step is _STOP and now_ns >= self._limit_ns:
            self.open()
        elif now_ns >= self._due_ns:
            self._miss()

    def data_to_send(self) -> bytes:
        """Return the commands that are due."""
        out, self._out = self._out, b""
        return out

    def _miss(self) -> None:
        """Do without an answer that is overdue."""
        if self._state is State.STOPPING:
            self._state, self._cutter = State.READY, None
        elif self._step is not None and self._step.needed:
            self.open()
        else:
            if (self._step is _STOP and self._was_busy) or self._step is _CHECKSUM_ON:
                self._todo.appendleft(_CHECKSUM_OFF)
            self._advance()

    def _advance(self) -> None:
        """Say the next thing, if there is one."""
        self._due_ns = self._limit_ns = None
        if not self._todo:
            if not self._wants_data:
                self._state, self._step = State.READY, None
                return
            self._todo.extend((_CHECKSUM_ON, _START) if self._layouts.knows_checksums else (_START,))
        self._step = self._todo.popleft()
        self._state = self._step.state
        self._out += self._step.command


def _is_unasked(data: bytes) -> bool:
    """Tell whether this is something that the device said unasked."""
    return Code.UNASKED in data[:2]


def _read_configuration(settings: Settings) -> tuple[Step, ...]:
    """Return the commands that set a device up; raise ValueError for a setting that makes no sense."""
    bits = read_choice(settings, "bits", "24", ("24", "16"))
    gain = int(read_choice(settings, "gain", "12", tuple(str(gain) for gain in sorted(GAINS))))
    divider = _read_divider(settings.get("rate", "1024"))
    mask = _read_mask(settings.get("channels", "emg,accel,gyro"), bits)
    first, second = emg_registers(gain, TICKS_HZ / divider)
    if mask & (EMG_BITS["emg4", bits] & ~EMG_BITS["emg", bits]):
        # The second chip awake, on its own two inputs, at the first one's gain.
        setting = GAINS.index(gain) << 4
        second = Registers(second.data[:3] + bytes((setting, setting)) + second.data[5:])
    gyro = min(max(int(GYRO_BASE_HZ * divider / TICKS_HZ - 1), 0), GYRO_DIVIDER_MAX)
    commands = [
        bytes((Code.SET_SENSORS,)) + mask.to_bytes(3, "little"),
        bytes((Code.SET_RATE,)) + divider.to_bytes(2, "little"),
        bytes((Code.SET_GYRO_RATE, gyro)),
        *(bytes((Code.SET_REGISTERS, chip, 0, N_REGISTERS)) + r.data for chip, r in enumerate((first, second))),
    ]
    return tuple(Step(command, state=State.DESCRIBING) for command in commands)


def _read_divider(text: str) -> int:
    """Read a rate in Hz as what the crystal is divided by: the nearest there is."""
    try:
        rate_hz = float(text)
    except ValueError:
        rate_hz = 0.0
    if not 1.0 <= rate_hz <= RATE_MAX_HZ:
        raise ValueError(f"rate must be 1 to {RATE_MAX_HZ:g} Hz; got {text!r}")
    return round(TICKS_HZ / rate_hz)


def _read_mask(text: str, bits: str) -> int:
    """Read `emg,accel` as a mask of sensors."""
    names = [name for name in text.split(",") if name]
    known = ("emg", "emg4", *SENSOR_BITS)
    if not names or any(name not in known for name in names) or len(set(names)) < len(names):
        raise ValueError(f"channels must be some of {', '.join(known)}; got {text!r}")
    mask = 0
    for name in names:
        mask |= SENSOR_BITS[name] if name in SENSOR_BITS else EMG_BITS[name, bits]
    return mask


def make_dialect(settings: Settings) -> Dialect:
    """Make the conversation; see `catalogue.Kind`."""
    return Shimmer3Dialect(settings)


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    settings = {"id": name_device(KIND, where), **settings}
    return SerialLink(where, BAUD_RATE, Shimmer3Dialect(settings).spec)
