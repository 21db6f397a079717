"""uMyo sensors behind their USB base, a serial port: several on one link, 8 EMG samples a packet at about 1116 Hz.

Sources: ultimaterobotics/uMyo at 121a82a, `uMyo_fw_v3_1/main.c` (`prepare_data_packet`, `push_adc_data`);
ultimaterobotics/uMyo_python_tools at 179df2f, `umyo_parser.py` (what the base adds). Written anew from those facts.

    79 213 | rssi | packet number (0 to 128) | length 62 | unit, 4 bytes | 88 | parameter 4 | block number (0 to 255)
    | 8 x EMG | 4 x spectrum | quaternion wxyz | acceleration xyz | yaw, pitch, roll | magnetic field xyz

All of it big-endian and none of it under a checksum: a flipped bit in a sample cannot be seen. What can be seen is
seen: a packet out of step by its mark, length and type; a damaged number by both counters, which must continue together
or it is no packet. Together they tell a loss from a stall, and with the time it took a loss of minutes to the block.

The EMG of this mode is not the raw one: the firmware adds the sample from 11 (50 Hz mains) or 9 (60 Hz) samples before,
which delays by half of that. There is no gyroscope in a packet, so that the rest is an analog stream and no IMU.

Settings: `sites` (`1a2b3c4d:gluteus_maximus/right,...`: where which unit is), `gain` of the input amplifier.
"""

import struct
from dataclasses import dataclass

from firingorder_signal.blocks import Site

from ..buffer import RawFrame
from ..descriptors import code_of
from ..events import FrameCorrupt
from ..frames import Flag, Frame, FrameFault, FrameType
from ..links.base import Link
from ..links.serial_link import SerialLink
from ..messages import Kind, StatusMessage
from ..session import State
from .catalogue import Settings, write_speech
from .dialect import Dialect, Spoken, UnitFrame
from .settings import check_names
from .umyo_counters import advance, looks_new
from .umyo_packets import HEAD_BYTES, PACKET_BYTES, PACKET_NUMBERS, Cutter, Packet, size_at
from .umyo_units import (
    BLOCK,
    CABLE_CLOCK,
    GAIN,
    MEAN_US,
    PERIOD_US,
    TOP_COUNT,
    describe_emg,
    describe_motion,
    read_gain,
)

KIND = "umyo"
SETTINGS = ("sites", "gain")
#: What the vendor's programs open the base with.
BAUD_RATE = 921_600
BLOCK_US = BLOCK * PERIOD_US
#: Half of 11 or 9 samples, whichever the unit takes its mains for: 0.9 ms apart.
COMB_US = 5 * PERIOD_US
#: The base serves 12 units (vendor's description); room for those that were exchanged, none for a noise's inventions.
MAX_UNITS = 32
#: A packet whose counters nothing confirmed within this was none.
DOUBT_NS = 1_000_000_000
#: A unit's battery and signal strength are told this often, in blocks: about every 10 s.
STATUS_BLOCKS = 1400


@dataclass
class Unit:
    """What is known of one sensor."""

    site: int
    packet: Packet | None = None
    t_host_ns: int = 0
    n_blocks: int = 0
    seq: int = 0
    restarted: bool = False
    told_status: int = -STATUS_BLOCKS
    doubted: tuple[Packet, int] | None = None


class UmyoDialect(Dialect):
    """The conversation with one base, which only ever speaks; see the module."""

    announces = False  # nobody tells how many units there are, nor which

    def __init__(self, settings: Settings) -> None:
        check_names(settings, SETTINGS)
        self.spec = write_speech(KIND, settings)
        self.clock = CABLE_CLOCK
        self._gain = read_gain(settings.get("gain", GAIN))
        sites = _read_sites(settings.get("sites", ""))
        self._sites = {number: code_of(site) for number, site in sites.items()}
        self.units = {name_unit(number): str(site) for number, site in sites.items()}
        self._state = State.CLOSED
        self._cutter = Cutter()
        self._units: dict[int, Unit] = {}

    @property
    def bytes_a_second(self) -> float | None:
        """Return what the units send that were heard so far."""
        return len(self._units) * PACKET_BYTES * 1e6 / BLOCK_US or None

    # --- bytes to runs of packets

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut a chunk; see `Dialect.cut`."""
        found = self._cutter.cut(chunk, t_host_ns)
        if self._state is State.STARTING and any(not frame.damaged for frame in found):
            self._state = State.STREAMING
        return found

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return a begun packet; see `Dialect.flush`."""
        return self._cutter.flush(t_host_ns)

    # --- runs of packets to frames

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate a run of packets; see `Dialect.translate`."""
        said: list[Spoken] = []
        data, start = frame.data, 0
        while n := size_at(data, start):
            said += self._take(Packet.read(data[start : start + n]), frame.t_host_ns)
            start += n
        return said + self._give_up(frame.t_host_ns)

    def _take(self, packet: Packet, t_host_ns: int) -> list[Spoken]:
        """Take one packet: the unit's next, or one that the next must confirm."""
        unit = self._units.get(packet.unit)
        if unit is None:
            if len(self._units) >= MAX_UNITS:
                return [FrameCorrupt(FrameFault.LENGTH, HEAD_BYTES, t_host_ns)]
            unit = self._units[packet.unit] = Unit(self._sites.get(packet.unit, 0))
        if unit.packet is not None:
            step = _step(unit.packet, packet, t_host_ns - unit.t_host_ns)
            # Where both counters agree, it is the next. Where blocks were left out, one of them may be damaged.
            if step is not None and step[1] == 0:
                dropped = self._reject(unit)
                return dropped + self._follow(unit, packet, t_host_ns, *step)
        if unit.doubted is None:
            unit.doubted = packet, t_host_ns
            return []
        before, before_ns = unit.doubted
        step = _step(before, packet, t_host_ns - before_ns)
        if step is None or step[1]:
            rejected = self._reject(unit)
            unit.doubted = packet, t_host_ns
            return rejected
        if step[0] == 0:
            return []
        unit.doubted = None
        known = None if unit.packet is None else _step(unit.packet, before, before_ns - unit.t_host_ns)
        if known is None:
            begun = self._begin(unit, before, before_ns)
        else:
            begun = self._follow(unit, before, before_ns, *known)
        return [*begun, *self._follow(unit, packet, t_host_ns, *step)]

    def _begin(self, unit: Unit, packet: Packet, t_host_ns: int) -> list[Spoken]:
        """Begin to count a unit's blocks with this packet, or begin anew: it was switched off and on."""
        unit.restarted = unit.packet is not None
        unit.n_blocks = unit.seq = 0
        unit.told_status = -STATUS_BLOCKS
        if unit.packet is None:
            said = self._introduce(unit, packet.unit)
        else:
            said = []
        unit.packet, unit.t_host_ns = packet, t_host_ns
        return said + self._say(unit, packet, 0)

    def _follow(self, unit: Unit, packet: Packet, t_host_ns: int, n_blocks: int, n_skipped: int) -> list[Spoken]:
        """Take a packet that lies this many blocks after the last, so many of which the unit itself left out."""
        unit.packet, unit.t_host_ns = packet, t_host_ns
        if n_blocks == 0:
            return []
        unit.n_blocks += n_blocks
        unit.seq += n_blocks - n_skipped
        return self._say(unit, packet, Flag.DROPPED_BEFORE if n_skipped else 0)

    def _reject(self, unit: Unit) -> list[Spoken]:
        """Say that a packet in doubt was none."""
        if unit.doubted is None:
            return []
        t_host_ns = unit.doubted[1]
        unit.doubted = None
        return [FrameCorrupt(FrameFault.CHECKSUM, PACKET_BYTES, t_host_ns)]

    def _give_up(self, t_host_ns: int) -> list[Spoken]:
        """Reject what has been in doubt for too long, and forget units that never were."""
        said: list[Spoken] = []
        for number, unit in list(self._units.items()):
            if unit.doubted is not None and t_host_ns - unit.doubted[1] > DOUBT_NS:
                said += self._reject(unit)
                if unit.packet is None:
                    del self._units[number]
        return said

    def _introduce(self, unit: Unit, number: int) -> list[Spoken]:
        """Say what a unit sends."""
        emg = describe_emg(self._gain, 2, MEAN_US + COMB_US, BLOCK, unit.site)
        rest = describe_motion(Kind.ANALOG, BLOCK_US, 0, "qam")
        return [
            UnitFrame(name_unit(number), Frame(FrameType.DESC, stream=stream, payload=each.encode()))
            for stream, each in enumerate((emg, rest))
        ]

    def _say(self, unit: Unit, packet: Packet, flags: int) -> list[Spoken]:
        """Say a packet's samples and what else it knows."""
        uid = name_unit(packet.unit)
        if unit.restarted:
            flags |= Flag.CLOCK_RESTARTED
        unit.restarted = False
        clipped = min(packet.emg) <= 0 or max(packet.emg) >= 2 * TOP_COUNT
        index, seq = unit.n_blocks * BLOCK, (unit.seq + 1) % 65536
        last_us = (index + BLOCK - 1) * PERIOD_US
        motion = packet.motion + (0,) * (10 - len(packet.motion))
        frames = [
            Frame(
                FrameType.DATA, 0, seq, index % 2**32, index * PERIOD_US % 2**32, BLOCK,
                flags | (Flag.CLIP if clipped else 0), payload=struct.pack(f"<{BLOCK}h", *packet.emg),
            ),
            Frame(
                FrameType.DATA, 1, seq, unit.n_blocks % 2**32, last_us % 2**32, 1, flags,
                payload=struct.pack("<10h", *motion),
            ),
        ]  # fmt: skip
        if packet.battery_mv and unit.n_blocks - unit.told_status >= STATUS_BLOCKS:
            unit.told_status = unit.n_blocks
            # The base gives the strength as its radio measures it: so many dB below a milliwatt (nRF52832, RSSISAMPLE).
            status = StatusMessage(packet.battery_mv, 0, 0, 0, -min(packet.rssi, 127))
            frames.append(Frame(FrameType.STATUS, payload=status.encode()))
        return [UnitFrame(uid, frame) for frame in frames]

    # --- the conversation

    @property
    def state(self) -> State:
        """Where the conversation is; see `Dialect.state`."""
        return self._state

    def open(self) -> None:
        """Listen; the base asks for nothing."""
        self._state = State.READY

    def start(self) -> None:
        """Wait for a packet."""
        self._state = State.STARTING

    def stop(self) -> None:
        """Take note that no more is wanted; nobody can tell the units."""
        self._state = State.READY

    def reset(self) -> None:
        """Forget a begun packet; see `Dialect.reset`."""
        self._cutter = Cutter()
        self._state = State.CLOSED

    def tick(self, now_ns: int) -> None:
        """Nothing is due."""

    def data_to_send(self) -> bytes:
        """Return nothing: the base takes no commands."""
        return b""


def name_unit(number: int) -> str:
    """Return a unit's uid.

    Examples
    --------
    >>> name_unit(0x1A2B)
    'umyo-00001a2b'
    """
    return f"umyo-{number:08x}"


def _step(before: Packet, packet: Packet, elapsed_ns: int) -> tuple[int, int] | None:
    """Return how many blocks lie between two packets and how many of them the unit left out; None: not its next."""
    if packet == before:
        return 0, 0
    elapsed = elapsed_ns / (BLOCK_US * 1000)
    if looks_new(packet.number, packet.block, elapsed):
        return None
    n_packets = (packet.number - before.number) % PACKET_NUMBERS
    n_blocks = (packet.block - before.block) % 256
    return advance(n_packets, n_blocks, elapsed)


def _read_sites(text: str) -> dict[int, Site]:
    """Read `1a2b3c4d:gluteus_maximus/right,...` as unit number -> site; raise ValueError for another."""
    sites: dict[int, Site] = {}
    for word in (word for word in text.split(",") if word):
        number, colon, name = word.removeprefix("umyo-").partition(":")
        try:
            unit = int(number, 16)
        except ValueError:
            colon = ""
            unit = 0
        if not colon:
            raise ValueError(
                f"sites must say which unit is where, such as 1a2b3c4d:gluteus_maximus/right; got {word!r}"
            )
        sites[unit] = Site.parse(name)
    return sites


def make_dialect(settings: Settings) -> Dialect:
    """Make the conversation; see `catalogue.Kind`."""
    return UmyoDialect(settings)


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    return SerialLink(where, BAUD_RATE, UmyoDialect(settings).spec)
