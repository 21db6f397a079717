"""BITalino (r)evolution over its serial-port profile: 10 bits, up to 1 kHz, four wide and two narrow inputs.

Sources: BITalinoWorld/revolution-python-api, `bitalino.py` at 185af21 (packet, checksum, commands); BITalino EMG sensor
data sheet (±1.64 mV at 3.3 V and a gain of 1009). Written anew from those facts.

A packet is one sample (`bitalino_packets.py`). Its only clock is its sample counter, of which it sends four bits, so
device time is that counter at the nominal rate; `bitalino_counter.py` says what becomes of longer losses. Everything
wired to one BITalino shares one converter.

The conversation: stop whatever runs, wait until it is quiet, ask who it is, set the rate and start the inputs. A unit
that streams already does so with inputs and a rate of which its packets say nothing, so what it sends is left out.

Settings: `rate` (1, 10, 100, 1000 Hz), `channels` (`1,2`: which inputs), `sites`.
"""

from itertools import pairwise

from ..buffer import RawFrame
from ..events import SensorIdentified
from ..frames import Flag, Frame, FrameType, SampleFormat
from ..links.base import Link
from ..links.serial_link import SerialLink
from ..messages import ChannelDescriptor, Descriptor, Kind, Quantity
from ..session import State
from .bitalino_counter import SampleCounter
from .bitalino_packets import GREETING, Layout, PacketCutter, find_greeting, read_samples
from .catalogue import Settings, write_speech
from .dialect import Dialect, Spoken
from .settings import check_names, name_device, read_choice, read_sites

KIND = "bitalino"
SETTINGS = ("rate", "channels", "sites", "id")
RATE_CODES = {"1": 0, "10": 1, "100": 2, "1000": 3}
#: A serial-port profile has no line; the vendor's programs open it with this.
BAUD_RATE = 115_200
#: Supply and gain of the EMG sensor (data sheet): volts at the electrodes = (count / 2^bits - 1/2) 3.3 V / 1009.
SUPPLY_V, GAIN = 3.3, 1009.0
#: Most packets in one frame: a frame counts its samples in a byte.
MAX_SAMPLES = 250
#: Commands: ask for the version; stop. To a unit that does not stream the latter is its default battery threshold.
ASK_VERSION, STOP = b"\x07", b"\x00"
ANSWER_NS = 500_000_000
#: A unit is taken to have stopped when it has been silent for so long; of the rates in use 1 Hz alone is slower (J).
QUIET_NS = 300_000_000
#: Told to stop again when it does not become quiet (J).
PATIENCE_NS = 1_000_000_000
#: So many greetings without an answer: an old firmware. It is started all the same.
GREETINGS = 3


class BitalinoDialect(Dialect):
    """The conversation with one BITalino; see the module."""

    def __init__(self, settings: Settings) -> None:
        check_names(settings, SETTINGS)
        self.rate = read_choice(settings, "rate", "1000", tuple(RATE_CODES))
        self._rate_hz = int(self.rate)
        self.layout = Layout(_read_channels(settings.get("channels", "1,2")))
        self.spec = write_speech(KIND, settings)
        self._uid = settings.get("id", KIND)
        self._sites = read_sites(settings, len(self.layout.channels))
        self._state = State.CLOSED
        self._wants_data = False
        self._due_ns: int | None = None
        self._n_asked = 0
        self._limit_ns: int | None = None
        self._stopped = False
        self._out = b""
        self._buffer = b""
        self._cutter = PacketCutter(self.layout)
        self._counter = SampleCounter(self._rate_hz)
        self._told = False
        self._seq = 0

    # --- bytes to runs of packets

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut a chunk; see `Dialect.cut`."""
        self._buffer += chunk
        found: list[RawFrame] = []
        while self._buffer and (piece := self._next()) is not None:
            n_bytes, damaged = piece
            data, self._buffer = self._buffer[:n_bytes], self._buffer[n_bytes:]
            found.append(RawFrame(t_host_ns, data, damaged))
            self._note(data, damaged)
        return found

    def _next(self) -> tuple[int, bool] | None:
        """Return how long the next piece of the buffer is and whether it is damaged; None when more must come first."""
        if self._state is not State.GREETING:
            return self._cutter.next(self._buffer)
        # What is sent unasked is of inputs and a rate that nobody knows.
        n_bytes = find_greeting(self._buffer)
        if n_bytes == 0:
            self._cutter.reset()
            return self._cutter.next(self._buffer)
        return (n_bytes, True) if n_bytes else None

    def _note(self, data: bytes, damaged: bool) -> None:
        """Follow the conversation by what came."""
        if self._state is State.GREETING:
            if damaged:
                self._hush(again=self._n_asked > 0)
            else:
                # A unit answers only while it does not stream.
                self._go_on()
        elif self._state is State.STARTING and not damaged and not data.startswith(GREETING):
            self._state = State.STREAMING

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return a begun packet; see `Dialect.flush`."""
        begun, self._buffer = self._buffer, b""
        self._cutter.reset()
        return [RawFrame(t_host_ns, begun, True)] if begun else []

    # --- runs of packets to frames

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate a greeting or a run of packets; see `Dialect.translate`."""
        said = [] if self._told else self._introduce()
        if frame.data.startswith(GREETING):
            self._counter.begin_anew()
            return said
        size, width = self.layout.n_bytes, 2 * len(self.layout.channels)
        numbers = [byte >> 4 for byte in frame.data[size - 1 :: size]]
        samples = read_samples(frame.data, self.layout)
        # Numbers jump within a run only in recordings of before: there, samples are missing, and a frame begins.
        borders = [n for n, (one, other) in enumerate(pairwise(numbers), 1) if (other - one) % 16 != 1]
        for start, stop in pairwise([0, *borders, len(numbers)]):
            some = samples[start * width : stop * width]
            said += self._speak(numbers[start], some, frame.t_host_ns, len(numbers) - stop)
        return said

    def _speak(self, number: int, samples: bytes, t_host_ns: int, n_behind: int) -> list[Spoken]:
        """Say samples without a gap, the first of which has this number."""
        width = 2 * len(self.layout.channels)
        n_samples = len(samples) // width
        n_lost, restarted = self._counter.take(number, n_samples, t_host_ns, n_behind)
        self._seq += n_lost > 0
        index, flags, said = self._counter.index - n_samples, Flag.CLOCK_RESTARTED if restarted else 0, list[Spoken]()
        for at in range(0, len(samples), MAX_SAMPLES * width):
            payload = samples[at : at + MAX_SAMPLES * width]
            n = len(payload) // width
            self._seq += 1
            t_us = index * 1_000_000 // self._rate_hz % 2**32
            data = Frame(FrameType.DATA, 0, self._seq % 65536, index % 2**32, t_us, n, flags, payload=payload)
            said.append(data)
            index, flags = index + n, 0
        return said

    def _introduce(self) -> list[Spoken]:
        """Say who it is and what it sends."""
        self._told = True
        channels: list[ChannelDescriptor] = []
        for position, channel in enumerate(self.layout.channels):
            scale = SUPPLY_V / GAIN / self.layout.full_scale(position)
            site = self._sites[position]
            channels.append(ChannelDescriptor(position, Quantity.VOLT, site=site, scale=scale, label=f"A{channel}"))
        descriptor = Descriptor(Kind.EMG, SampleFormat.I16, self._rate_hz, 1, tuple(channels), max_n=MAX_SAMPLES)
        return [
            SensorIdentified(self._uid, declared=False),
            Frame(FrameType.DESC, stream=0, seq=self._seq % 65536, payload=descriptor.encode()),
        ]

    # --- the conversation

    @property
    def state(self) -> State:
        """Where the conversation is; see `Dialect.state`."""
        return self._state

    def open(self) -> None:
        """Ask it to stop whatever it does, and begin."""
        self._state = State.GREETING
        self._hush(again=True)

    def start(self) -> None:
        """Ask for data once greeted; a unit that was stopped is greeted again, which tells that it counts from 0."""
        self._wants_data = True
        if self._state is State.READY:
            if self._stopped:
                self.open()
            else:
                self._go_on()

    def stop(self) -> None:
        """Ask it to stop; there is no answer to wait for."""
        self._wants_data, self._stopped = False, True
        self._out += STOP
        self._state = State.READY

    def reset(self) -> None:
        """Forget what was begun, and that samples went on; see `Dialect.reset`."""
        self._buffer, self._out = b"", b""
        self._cutter.reset()
        self._counter.begin_anew()
        self._state = State.CLOSED

    def tick(self, now_ns: int) -> None:
        """Greet once it is quiet, greet again, or start without an answer."""
        if self._state is not State.GREETING:
            return
        if self._due_ns is None:
            self._due_ns = now_ns + (ANSWER_NS if self._n_asked else QUIET_NS)
        if self._limit_ns is None:
            self._limit_ns = now_ns + PATIENCE_NS
        if now_ns >= self._due_ns:
            if self._n_asked < GREETINGS:
                self._ask()
            else:
                self._go_on()
        elif not self._n_asked and now_ns >= self._limit_ns:
            self._say_stop()

    def data_to_send(self) -> bytes:
        """Return the commands that are due."""
        out, self._out = self._out, b""
        return out

    def _hush(self, *, again: bool) -> None:
        """Wait for quiet from now on."""
        self._n_asked, self._due_ns = 0, None
        if again:
            self._say_stop()

    def _say_stop(self) -> None:
        """Ask it to stop."""
        self._out += STOP
        self._limit_ns = None

    def _ask(self) -> None:
        """Ask for the version, which also tells that somebody is there."""
        self._n_asked += 1
        self._due_ns = None
        self._out += ASK_VERSION

    def _go_on(self) -> None:
        """Set the rate and start, where data is wanted."""
        self._stopped = False
        if not self._wants_data:
            self._state = State.READY
            return
        mask = sum(1 << (channel - 1) for channel in self.layout.channels)
        self._out += bytes((RATE_CODES[self.rate] << 6 | 3, 1 | mask << 2))
        self._state = State.STARTING


def _read_channels(text: str) -> tuple[int, ...]:
    """Read `1,2` as inputs; raise ValueError for what is none."""
    names = [name for name in text.split(",") if name]
    if not names or any(name not in "123456" or len(name) != 1 for name in names) or len(set(names)) < len(names):
        raise ValueError(f"channels must be some of 1 to 6, such as 1,2; got {text!r}")
    return tuple(sorted(int(name) for name in names))


def make_dialect(settings: Settings) -> Dialect:
    """Make the conversation; see `catalogue.Kind`."""
    return BitalinoDialect(settings)


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    settings = {"id": name_device(KIND, where), **settings}
    return SerialLink(where, BAUD_RATE, BitalinoDialect(settings).spec)
