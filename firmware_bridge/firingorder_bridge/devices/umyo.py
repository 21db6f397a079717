"""uMyo v3.1 through its USB base: several units on one serial port, eight samples a packet.

Sources: ultimaterobotics/uMyo_python_tools, `umyo_parser.py` at 179df2f (packet layout and lengths); uMyo firmware at
d3a14b3, `adc_read.c` (896 µs a sample, nominally; the converter runs free of the radio's crystal). Written anew.

    4F D5 rssi | packet, length, unit id (4), 80 + n, parameter (4), block number, n x EMG, 4 x spectrum,
    4 x quaternion, acceleration, angles, where the length says so magnetic field; 16 bits, high byte first

There is no checksum: a packet is one where mark, length and number of samples agree. The only counter is a byte that
counts blocks; a longer loss is told by the time it took. Each unit has its own clock, a few per cent off at worst,
which the estimator has to learn first: an order is judged after half a minute of streaming.

The maker states no gain, so the amplitudes are nominal (`uv_per_count`); the order does not depend on them. Angular
rates are not sent: the orientation comes as a quaternion. Settings: `uv_per_count`, `sites` (units in the order of
their ids, as they come up).
"""

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..buffer import RawFrame
from ..descriptors import code_of, site_of
from ..envelope import ClockParams
from ..frames import Frame, FrameType, SampleFormat, pack_samples
from ..links.base import Link
from ..links.serial_link import SerialLink
from ..messages import Axis, ChannelDescriptor, Descriptor, Kind, Quantity
from ..session import State
from .catalogue import Settings, write_speech
from .dialect import Dialect, Spoken, UnitFrame
from .settings import check_names, read_sites

KIND = "umyo"
SETTINGS = ("uv_per_count", "sites")
MARK = b"\x4f\xd5"
BAUD_RATE = 921_600
#: Bytes before what the length counts; where the parts of a packet begin.
HEAD_BYTES, LENGTH_AT, UNIT_AT, TYPE_AT, BLOCK_AT, EMG_AT = 3, 4, 5, 9, 14, 15
#: The type says how many samples there are; what stands beside them, without and with the magnetic field.
TYPE_BASE, MAX_SAMPLES = 80, 24
BESIDE_BYTES = (40, 46)
SPECTRUM_BYTES = 8
SAMPLE_US, PACKET_SAMPLES = 896, 8
#: Most units that `sites` may name.
MAX_UNITS = 8
UV_PER_COUNT = 0.25
#: A silence from which on the byte's 256 blocks (1.8 s) may have gone round (J: half of that).
SILENCE_NS = 900_000_000
#: An RC-free-running converter: up to 3 %, learned from the third second on.
CLOCK = ClockParams(early_s=3.0, max_ppm=30_000.0)


@dataclass
class _Unit:
    """One unit: where its count stands."""

    number: int
    block: int = -1
    index: int = 0
    seq: int = 0
    last_ns: int = 0
    begun: list[bytes] = field(default_factory=list[bytes])


class UmyoDialect(Dialect):
    """What a base passes on; it is not talked to."""

    clock = CLOCK

    def __init__(self, settings: Settings) -> None:
        check_names(settings, SETTINGS)
        self.spec = write_speech(KIND, settings)
        self._scale = _read_scale(settings.get("uv_per_count", str(UV_PER_COUNT)))
        self._sites = read_sites(settings, MAX_UNITS)
        self._units: dict[str, _Unit] = {}
        self._buffer = b""
        self._state = State.CLOSED

    @property
    def bytes_a_second(self) -> float | None:
        """Return what the units send that were heard so far, each with its longest packets."""
        packet = HEAD_BYTES + PACKET_SAMPLES * 2 + BESIDE_BYTES[-1]
        return len(self._units) * packet * 1e6 / (PACKET_SAMPLES * SAMPLE_US) or None

    # --- bytes to runs of packets

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut a chunk; see `Dialect.cut`."""
        self._buffer += chunk
        found: list[RawFrame] = []
        run = 0
        while True:
            size = _packet_size(self._buffer, run)
            if size > 0 and len(self._buffer) >= run + size:
                run += size
                continue
            if run:
                found.append(RawFrame(t_host_ns, self._buffer[:run]))
                self._buffer, run = self._buffer[run:], 0
                self._state = State.STREAMING
            if size >= 0:
                return found  # the rest of a packet is still on its way
            skipped = self._buffer.find(MARK, 1)
            # The last byte may be the first of a mark.
            keep = len(self._buffer) - (self._buffer[-1:] == MARK[:1]) if skipped < 0 else skipped
            if keep == 0:
                return found
            found.append(RawFrame(t_host_ns, self._buffer[:keep], True))
            self._buffer = self._buffer[keep:]

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return a begun packet; see `Dialect.flush`."""
        begun, self._buffer = self._buffer, b""
        return [RawFrame(t_host_ns, begun, True)] if begun else []

    # --- runs of packets to frames

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate a run of packets, in which units take turns; see `Dialect.translate`."""
        said: list[Spoken] = []
        at = 0
        while at < len(frame.data):
            size = _packet_size(frame.data, at)
            packet = frame.data[at : at + size]
            at += size
            uid = "umyo-" + packet[UNIT_AT:TYPE_AT].hex()
            unit = self._units.get(uid)
            if unit is None:
                unit = self._units[uid] = _Unit(len(self._units))
                said += [UnitFrame(uid, each) for each in self._describe(unit)]
            said += self._take(uid, unit, packet, frame.t_host_ns)
        for uid, unit in self._units.items():
            said += self._flush(uid, unit)
        return said

    def _take(self, uid: str, unit: _Unit, packet: bytes, t_host_ns: int) -> list[Spoken]:
        """Take one packet of a unit; a gap before it ends what was begun."""
        n = packet[TYPE_AT] - TYPE_BASE
        block, silence_ns = packet[BLOCK_AT], t_host_ns - unit.last_ns
        step = 1 if unit.block < 0 else (block - unit.block) % 256
        if unit.block >= 0 and silence_ns > SILENCE_NS:
            passed = silence_ns / (1000 * SAMPLE_US * n)
            step += max(round((passed - step) / 256), 0) * 256
        if step == 0:
            return []  # the base passes a repetition on
        said: list[Spoken] = []
        if step > 1:
            said = self._flush(uid, unit)
            unit.index += (step - 1) * n
            unit.seq += 1
        elif len(unit.begun) * n + n > 250:
            said = self._flush(uid, unit)
        unit.block, unit.last_ns = block, t_host_ns
        unit.begun.append(packet)
        return said

    def _flush(self, uid: str, unit: _Unit) -> list[Spoken]:
        """Make frames of the packets that followed each other."""
        packets, unit.begun = unit.begun, []
        if not packets:
            return []
        n = packets[0][TYPE_AT] - TYPE_BASE
        ends = EMG_AT + 2 * n
        emg = np.frombuffer(b"".join(packet[EMG_AT:ends] for packet in packets), ">i2").astype(np.int32)
        start = ends + SPECTRUM_BYTES
        turn = np.frombuffer(b"".join(packet[start : start + 8] for packet in packets), ">i2").astype(np.int32)
        index = unit.index
        unit.index += len(emg)
        unit.seq += 1
        return [
            UnitFrame(uid, _data(0, unit.seq, index, index * SAMPLE_US, emg.reshape(-1, 1))),
            UnitFrame(uid, _data(1, unit.seq, index // n, index * SAMPLE_US, turn.reshape(-1, 4))),
        ]

    def _describe(self, unit: _Unit) -> list[Frame]:
        """Make the DESC frames of a unit."""
        site = self._sites[unit.number] if unit.number < MAX_UNITS else code_of(site_of(0))
        emg = ChannelDescriptor(0, Quantity.VOLT, site=site, scale=self._scale * 1e-6, label="EMG")
        turns = tuple(
            ChannelDescriptor(n, Quantity.QUATERNION, axis, site, 1 / 32767, label=f"Q{axis.name}")
            for n, axis in enumerate((Axis.W, Axis.X, Axis.Y, Axis.Z))
        )
        streams = (
            Descriptor(Kind.EMG, SampleFormat.I16, 1_000_000, SAMPLE_US, (emg,), max_n=250),
            Descriptor(Kind.ANALOG, SampleFormat.I16, 1_000_000, PACKET_SAMPLES * SAMPLE_US, turns, max_n=32),
        )
        return [Frame(FrameType.DESC, stream=n, payload=each.encode()) for n, each in enumerate(streams)]

    # --- there is no conversation

    @property
    def state(self) -> State:
        """STREAMING as soon as a packet has come: nothing is asked, nothing answered."""
        return self._state

    def reset(self) -> None:
        """Forget a begun packet."""
        self._buffer, self._state = b"", State.CLOSED

    def open(self) -> None:
        """Listen."""
        self._state = State.LISTENING

    def start(self) -> None:
        """Nothing to ask: the base passes on what it hears."""

    def stop(self) -> None:
        """Nothing to ask."""
        self._state = State.READY

    def tick(self, now_ns: int) -> None:
        """Nothing is due."""

    def data_to_send(self) -> bytes:
        """Return nothing."""
        return b""


def _packet_size(data: bytes, at: int) -> int:
    """Return the size of the packet at a place; 0 where more bytes must tell, -1 where there is none."""
    mark = data[at : at + 2]
    if not MARK.startswith(mark):
        return -1
    if len(data) <= at + TYPE_AT:
        return 0
    n, length = data[at + TYPE_AT] - TYPE_BASE, data[at + LENGTH_AT]
    if not 0 < n <= MAX_SAMPLES or length - 2 * n not in BESIDE_BYTES:
        return -1
    return HEAD_BYTES + length


def _data(stream: int, seq: int, index: int, t_us: int, values: NDArray[np.int32]) -> Frame:
    """Make a DATA frame of counts, shape (n_samples, n_channels)."""
    payload = pack_samples(values, SampleFormat.I16)
    return Frame(FrameType.DATA, stream, seq % 65536, index % 2**32, t_us % 2**32, len(values), payload=payload)


def _read_scale(text: str) -> float:
    """Read a scale; raise ValueError for what is none."""
    try:
        scale = struct.unpack("<f", struct.pack("<f", float(text)))[0]
    except (ValueError, OverflowError):
        scale = 0.0
    if not 0.0 < scale < 1e4:
        raise ValueError(f"uv_per_count must be a number above 0; got {text!r}")
    return float(scale)


def make_dialect(settings: Settings) -> Dialect:
    """Make the conversation; see `catalogue.Kind`."""
    return UmyoDialect(settings)


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    return SerialLink(where, BAUD_RATE, UmyoDialect(settings).spec)
