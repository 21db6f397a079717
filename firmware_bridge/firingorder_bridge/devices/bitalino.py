"""BITalino (r)evolution over its serial-port profile: 10 bits, up to 1 kHz, four wide and two narrow inputs.

Sources: BITalinoWorld/revolution-python-api, `bitalino.py` at 185af21 (packet, checksum, commands); BITalino EMG sensor
data sheet (±1.64 mV at 3.3 V and a gain of 1009). Written anew from those facts.

A packet is one sample, without a delimiter: the last byte is a 4-bit number and a 4-bit checksum. Its only clock is its
sample counter, so device time is that counter at the nominal rate. Four bits count 15 lost packets; a longer loss is
told from a silence in the arrivals. Everything wired to one BITalino shares one converter.

Settings: `rate` (1, 10, 100, 1000 Hz), `channels` (`1,2`: which inputs), `sites`.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..buffer import RawFrame
from ..events import SensorIdentified
from ..frames import Frame, FrameType, SampleFormat, pack_samples
from ..links.base import Link
from ..links.serial_link import SerialLink
from ..messages import ChannelDescriptor, Descriptor, Kind, Quantity
from ..session import State
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
WIDE_BITS, NARROW_BITS, N_WIDE = 10, 6, 4
#: Four packets in a row with right checksums and consecutive numbers are in step: chance is 1 in 2^28.
STEP_PACKETS = 4
#: Most packets in one frame: a frame counts its samples in a byte.
MAX_SAMPLES = 250
#: Commands: ask for the version; stop.
ASK_VERSION, STOP = b"\x07", b"\x00"
GREETING = b"BITalino"
#: A greeting longer than this is none.
GREETING_MAX = 64
ANSWER_NS = 500_000_000
#: So many greetings without an answer: an old firmware, or one that streams already. It is started all the same.
GREETINGS = 3
#: An absence of packets this long is a loss, unless what comes then is itself half as long: a radio that stalls
#: delivers what it held back at once, one that lost its packets goes on with the next few (J).
SILENCE_NS = 250_000_000


@dataclass(frozen=True)
class Layout:
    """Which inputs a packet carries and how long it is."""

    channels: tuple[int, ...]

    @property
    def n_bytes(self) -> int:
        """Length of a packet."""
        n = len(self.channels)
        bits = 12 + WIDE_BITS * n if n <= N_WIDE else 12 + WIDE_BITS * N_WIDE + NARROW_BITS * (n - N_WIDE)
        return -(-bits // 8)

    def bits(self, position: int) -> int:
        """Resolution of the channel at a position: the fifth and sixth in a packet are narrow, whatever they are."""
        return WIDE_BITS if position < N_WIDE else NARROW_BITS


def read_packets(data: bytes, layout: Layout) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Read whole packets.

    Returns
    -------
    tuple
        Counts, shape (n_packets, n_channels), and the numbers, shape (n_packets,).
    """
    rows: NDArray[np.uint8] = np.frombuffer(data, np.uint8).reshape(-1, layout.n_bytes)
    # The packet read as one number, last byte first: number and checksum, four digital lines, then the channels.
    bits = np.unpackbits(rows[:, ::-1], axis=1)
    starts = [12 + WIDE_BITS * min(n, N_WIDE) + NARROW_BITS * max(n - N_WIDE, 0) for n in range(len(layout.channels))]
    columns: list[NDArray[np.int32]] = []
    for position, start in enumerate(starts):
        width = layout.bits(position)
        weights = (1 << np.arange(width - 1, -1, -1)).astype(np.int32)
        # Digital lines come before the channels: bits 8 to 11. Number and checksum are the first byte.
        columns.append(bits[:, start : start + width].astype(np.int32) @ weights)
    return np.stack(columns, axis=1), np.right_shift(rows[:, -1], 4, dtype=np.uint8)


def checksums_right(rows: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell for each packet, shape (n_packets, n_bytes), whether its 4-bit checksum (x^4 + x + 1) is right."""
    bits = np.unpackbits(rows, axis=1)
    stated = rows[:, -1] & 15
    bits[:, -4:] = 0
    crc = np.zeros(len(rows), np.uint8)
    for bit in bits.T:
        crc <<= 1
        crc ^= np.where(crc & 16, np.uint8(0b10011), np.uint8(0)) ^ bit
    return np.asarray(crc & 15 == stated)


class BitalinoDialect(Dialect):
    """The conversation with one BITalino; see the module."""

    def __init__(self, settings: Settings) -> None:
        check_names(settings, SETTINGS)
        self.rate = read_choice(settings, "rate", "1000", tuple(RATE_CODES))
        self.layout = Layout(_read_channels(settings.get("channels", "1,2")))
        self.spec = write_speech(KIND, settings)
        self._uid = settings.get("id", KIND)
        self._sites = read_sites(settings, len(self.layout.channels))
        self._state = State.CLOSED
        self._wants_data = False
        self._due_ns: int | None = None
        self._n_asked = 0
        self._out = b""
        self._buffer = b""
        self._in_step = False
        self._told = False
        self._number = 0
        self._index = 0
        self._seq = 0
        self._last_ns: int | None = None

    # --- bytes to runs of packets

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut a chunk; see `Dialect.cut`."""
        self._buffer += chunk
        found: list[RawFrame] = []
        while (piece := self._next()) is not None:
            data, damaged = piece
            found.append(RawFrame(t_host_ns, data, damaged))
            self._buffer = self._buffer[len(data) :]
            self._note(data, damaged)
        return found

    def _next(self) -> tuple[bytes, bool] | None:
        """Return the next piece of the buffer and whether it is damaged; None when more must come first."""
        if self._buffer.startswith(GREETING):
            end = self._buffer.find(b"\n", 0, GREETING_MAX)
            if end >= 0:
                return self._buffer[: end + 1], False
            if len(self._buffer) < GREETING_MAX:
                return None
        size = self.layout.n_bytes
        n = self._count_good(0)
        if self._in_step and n:
            return self._buffer[: n * size], False
        if self._in_step and len(self._buffer) < size:
            return None
        self._in_step = False
        return self._search()

    def _search(self) -> tuple[bytes, bool] | None:
        """Look for packets in step; what lies before them, or what can be none, is damage."""
        size = self.layout.n_bytes
        for start in range(len(self._buffer) - STEP_PACKETS * size + 1):
            if self._buffer.startswith(GREETING, start):
                return self._buffer[:start], True
            # Numbers first: noise costs a seventh of what checksums everywhere cost (measured).
            if not self._counts_up(start):
                continue
            n = self._count_good(start)
            if n >= STEP_PACKETS:
                self._in_step = True
                return (self._buffer[:start], True) if start else (self._buffer[: self._count_good(0) * size], False)
        keep = STEP_PACKETS * size - 1 + size
        return (self._buffer[: -keep + size], True) if len(self._buffer) > keep else None

    def _counts_up(self, start: int) -> bool:
        """Return whether packets beginning at `start` would be numbered one after the other."""
        size = self.layout.n_bytes
        ends = self._buffer[start + size - 1 : start + STEP_PACKETS * size : size]
        return all((after >> 4) - (before >> 4) & 15 == 1 for before, after in pairwise(ends))

    def _count_good(self, start: int) -> int:
        """Count packets from `start` on with right checksums and, while out of step, consecutive numbers."""
        size = self.layout.n_bytes
        n = (len(self._buffer) - start) // size
        if n <= 0:
            return 0
        if not self._in_step:
            n = min(n, STEP_PACKETS)
        rows = np.frombuffer(self._buffer, np.uint8, n * size, start).reshape(n, size)
        good = checksums_right(rows)
        if not self._in_step:
            numbers = (rows[:, -1] >> 4).astype(np.int64)
            good[1:] &= (numbers[1:] - numbers[:-1]) % 16 == 1
        return n if good.all() else int(np.argmin(good))

    def _note(self, data: bytes, damaged: bool) -> None:
        """Follow the conversation by what came."""
        if damaged:
            return
        if data.startswith(GREETING):
            if self._state is State.GREETING:
                self._go_on()
        elif self._state in (State.STARTING, State.GREETING):
            self._state = State.STREAMING

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return a begun packet; see `Dialect.flush`."""
        begun, self._buffer = self._buffer, b""
        return [RawFrame(t_host_ns, begun, True)] if begun else []

    # --- runs of packets to frames

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate a greeting or a run of packets; see `Dialect.translate`."""
        if frame.data.startswith(GREETING):
            return [] if self._told else self._introduce()
        said = [] if self._told else self._introduce()
        counts, numbers = read_packets(frame.data, self.layout)
        # Where numbers jump within the run, samples are missing, and a frame begins.
        told: NDArray[np.int64] = np.concatenate([[self._number], numbers.astype(np.int64)])
        steps: NDArray[np.int64] = (told[1:] - told[:-1]) % 16
        if self._last_ns is None:
            steps[0] = 1
        else:
            steps[0] += self._lost_in_silence(frame.t_host_ns, int(steps.sum()))
        self._last_ns, self._number = frame.t_host_ns, int(numbers[-1])
        borders = [*np.flatnonzero(steps != 1).tolist(), len(steps)]
        starts = [0, *(border for border in borders[:-1] if border > 0)]
        for start, stop in zip(starts, [*starts[1:], len(steps)], strict=True):
            lost = int(steps[start]) - 1
            self._index += lost
            self._seq += 1 + (lost > 0)
            for first in range(start, stop, MAX_SAMPLES):
                self._seq += first > start
                said.append(self._data(counts[first : min(first + MAX_SAMPLES, stop)]))
                self._index += min(first + MAX_SAMPLES, stop) - first
        return said

    def _lost_in_silence(self, t_host_ns: int, n_counted: int) -> int:
        """Return how many packets more than the numbers tell were lost in a silence: a multiple of 16."""
        silence_ns = t_host_ns - (self._last_ns or t_host_ns)
        half = SILENCE_NS / 2e9 * int(self.rate)
        missing = silence_ns * int(self.rate) / 1e9 - n_counted
        if silence_ns < SILENCE_NS or missing < half or n_counted > half:
            return 0
        return round(missing / 16) * 16

    def _introduce(self) -> list[Spoken]:
        """Say who it is and what it sends."""
        self._told = True
        channels: list[ChannelDescriptor] = []
        for position, channel in enumerate(self.layout.channels):
            full = 1 << self.layout.bits(position)
            scale, offset = SUPPLY_V / GAIN / full, -SUPPLY_V / GAIN / 2
            site = self._sites[position]
            channels.append(
                ChannelDescriptor(position, Quantity.VOLT, site=site, scale=scale, offset=offset, label=f"A{channel}")
            )
        descriptor = Descriptor(Kind.EMG, SampleFormat.I16, int(self.rate), 1, tuple(channels), max_n=MAX_SAMPLES)
        return [
            SensorIdentified(self._uid, declared=False),
            Frame(FrameType.DESC, stream=0, seq=self._seq % 65536, payload=descriptor.encode()),
        ]

    def _data(self, counts: NDArray[np.int32]) -> Frame:
        """Make a DATA frame of counts, shape (n_samples, n_channels)."""
        return Frame(
            FrameType.DATA,
            stream=0,
            seq=self._seq % 65536,
            index=self._index % 2**32,
            t_us=self._index * 1_000_000 // int(self.rate) % 2**32,
            n_samples=len(counts),
            payload=pack_samples(counts, SampleFormat.I16),
        )

    # --- the conversation

    @property
    def state(self) -> State:
        """Where the conversation is; see `Dialect.state`."""
        return self._state

    def open(self) -> None:
        """Greet."""
        self._state, self._n_asked = State.GREETING, 0
        self._ask()

    def start(self) -> None:
        """Ask for data once greeted."""
        self._wants_data = True
        if self._state is State.READY:
            self._go_on()

    def stop(self) -> None:
        """Ask it to stop; there is no answer to wait for."""
        self._wants_data = False
        self._out += STOP
        self._state = State.READY

    def reset(self) -> None:
        """Forget what was begun; see `Dialect.reset`."""
        self._buffer, self._out, self._in_step = b"", b"", False
        self._state = State.CLOSED

    def tick(self, now_ns: int) -> None:
        """Greet again, or start without an answer."""
        if self._state is not State.GREETING:
            return
        if self._due_ns is None:
            self._due_ns = now_ns + ANSWER_NS
        if now_ns < self._due_ns:
            return
        if self._n_asked < GREETINGS:
            self._ask()
        else:
            self._go_on()

    def data_to_send(self) -> bytes:
        """Return the commands that are due."""
        out, self._out = self._out, b""
        return out

    def _ask(self) -> None:
        """Ask for the version, which also tells that somebody is there."""
        self._n_asked += 1
        self._due_ns = None
        self._out += ASK_VERSION

    def _go_on(self) -> None:
        """Set the rate and start, where data is wanted."""
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
