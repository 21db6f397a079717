"""What the frames of Open Muscle Link 1 carry: descriptors, time, events, status, commands and their answers.

Each message is a frozen record with `encode` and `decode`. `decode` takes any bytes and returns None where they are too
short to be such a message; bytes after the known part are ignored, so that a later firmware may add to it. Whether the
numbers make sense is judged in `descriptors.py`. Specification: `docs/wire.md`.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Self

from .frames import VERSION, SampleFormat

SCHEMA = 1


class Kind(IntEnum):
    """What a stream measures."""

    EMG = 1
    IMU = 2
    ANALOG = 3


class Quantity(IntEnum):
    """What a channel measures, in SI."""

    VOLT = 1
    ACCELERATION = 2
    ANGULAR_RATE = 3
    MAGNETIC_FIELD = 4
    QUATERNION = 5
    TEMPERATURE = 6


class Axis(IntEnum):
    """Which component of a vector a channel is; X also stands for a scalar."""

    X = 0
    Y = 1
    Z = 2
    W = 3


class EventKind(IntEnum):
    """What an EVENT frame reports."""

    BUTTON = 1
    TRIGGER = 2
    SYNC_PULSE = 3
    TAP = 4
    OVERFLOW = 5


class Capability(IntFlag):
    """What a sensor says of itself in its answer to HELLO."""

    #: It is made of software: what it sends is written SIMULATED everywhere, so that nobody takes it for a patient.
    SIMULATED = 0x8000
    #: On a radio it gives its data over an encrypted link to a bonded host alone.
    NEEDS_BOND = 0x4000


class Op(IntEnum):
    """Commands."""

    HELLO = 0
    GET_DESC = 1
    START = 2
    STOP = 3
    SET_RATE = 4
    SET_GAIN = 5
    PING = 6
    SYNC_ARM = 7
    IDENTIFY = 8
    TEST_SIGNAL = 9
    LEAD_OFF = 10
    RESEND = 11


class Status(IntEnum):
    """How a command ended."""

    OK = 0
    UNKNOWN_OP = 1
    BAD_ARGUMENT = 2
    REFUSED = 3


_CHANNEL = struct.Struct("<BBBBffi8s")
_DESC = struct.Struct("<BBBBIIIiHH")
_TIME = struct.Struct("<QIIQI")
_EVENT = struct.Struct("<BBHQ")
_STATUS = struct.Struct("<HHIIbbH")
_HELLO_REPLY = struct.Struct("<B8sHH")
_PING = struct.Struct("<QQQ")


@dataclass(frozen=True)
class ChannelDescriptor:
    """One channel: physical value = raw x scale + offset, in SI. `label` is at most eight ASCII characters."""

    channel: int
    quantity: int
    axis: int = Axis.X
    site: int = 0
    scale: float = 1.0
    offset: float = 0.0
    skew_ns: int = 0
    label: str = ""

    def encode(self) -> bytes:
        """Return its 24 bytes."""
        label = self.label.encode("ascii", "replace")[:8]
        fields = (self.channel, self.quantity, self.axis, self.site, self.scale, self.offset, self.skew_ns, label)
        return _CHANNEL.pack(*fields)

    @classmethod
    def decode(cls, data: bytes, offset: int) -> Self:
        """Read 24 bytes at `offset`, which the caller knows to be there."""
        channel, quantity, axis, site, scale, zero, skew_ns, label = _CHANNEL.unpack_from(data, offset)
        text = label.split(b"\0", 1)[0].decode("ascii", "replace")
        return cls(channel, quantity, axis, site, scale, zero, skew_ns, text)


@dataclass(frozen=True)
class Descriptor:
    """Payload of a DESC frame: how the DATA frames with the same stream and `desc_id` are to be read.

    Attributes
    ----------
    rate_num, rate_den
        Samples a second as a fraction, such as 1000000/896.
    clock_hz
        Ticks a second of the device's own clock; informative, `t_us` is in µs whatever it says.
    latency_us
        True moment of a sample = `t_us` - `latency_us`.
    max_n
        Most samples in one frame.
    """

    kind: int
    sample_format: int
    rate_num: int
    rate_den: int
    channels: tuple[ChannelDescriptor, ...]
    clock_hz: int = 1_000_000
    latency_us: int = 0
    max_n: int = 0
    schema: int = SCHEMA

    def encode(self) -> bytes:
        """Return the payload: 24 bytes, and 24 for each channel."""
        head = (self.schema, self.kind, self.sample_format, len(self.channels))
        rate = (self.rate_num, self.rate_den, self.clock_hz, self.latency_us, self.max_n, 0)
        return _DESC.pack(*head, *rate) + b"".join(channel.encode() for channel in self.channels)

    @classmethod
    def decode(cls, data: bytes) -> Self | None:
        """Read a payload; None when it is too short for the channels that it announces."""
        if len(data) < _DESC.size:
            return None
        schema, kind, sample_format, n_channels, num, den, clock_hz, latency_us, max_n, _ = _DESC.unpack_from(data)
        if len(data) < _DESC.size + n_channels * _CHANNEL.size:
            return None
        starts = range(_DESC.size, _DESC.size + n_channels * _CHANNEL.size, _CHANNEL.size)
        channels = tuple(ChannelDescriptor.decode(data, start) for start in starts)
        return cls(kind, sample_format, num, den, channels, clock_hz, latency_us, max_n, schema)

    @property
    def bytes_per_sample(self) -> int:
        """Bytes of one sample of all channels; 0 for a format that does not exist."""
        known = {int(each): each.n_bytes for each in SampleFormat}
        return known.get(self.sample_format, 0) * len(self.channels)


@dataclass(frozen=True)
class TimeMessage:
    """Payload of TIME, sent once a second: the device's clock in full, and which run of it this is."""

    t_us: int
    boot_id: int
    sync_count: int = 0
    last_sync_t_us: int = 0
    dropped_total: int = 0

    def encode(self) -> bytes:
        """Return the payload, 28 bytes."""
        return _TIME.pack(self.t_us, self.boot_id, self.sync_count, self.last_sync_t_us, self.dropped_total)

    @classmethod
    def decode(cls, data: bytes) -> Self | None:
        """Read a payload; None when it is too short."""
        return cls(*_TIME.unpack_from(data)) if len(data) >= _TIME.size else None


@dataclass(frozen=True)
class EventMessage:
    """Payload of EVENT: something that happened on the device at `t_us`."""

    kind: int
    arg: int
    t_us: int

    def encode(self) -> bytes:
        """Return the payload, 12 bytes."""
        return _EVENT.pack(self.kind, 0, self.arg, self.t_us)

    @classmethod
    def decode(cls, data: bytes) -> Self | None:
        """Read a payload; None when it is too short."""
        if len(data) < _EVENT.size:
            return None
        kind, _, arg, t_us = _EVENT.unpack_from(data)
        return cls(kind, arg, t_us)


@dataclass(frozen=True)
class StatusMessage:
    """Payload of STATUS: battery (mV), what the device itself dropped, signal strength (dBm), temperature (°C)."""

    battery_mv: int
    flags: int = 0
    dropped_frames: int = 0
    dropped_samples: int = 0
    rssi_dbm: int = 0
    temperature_c: int = 0
    queue_high_water: int = 0

    def encode(self) -> bytes:
        """Return the payload, 16 bytes."""
        counts = (self.dropped_frames, self.dropped_samples, self.rssi_dbm, self.temperature_c, self.queue_high_water)
        return _STATUS.pack(self.battery_mv, self.flags, *counts)

    @classmethod
    def decode(cls, data: bytes) -> Self | None:
        """Read a payload; None when it is too short."""
        return cls(*_STATUS.unpack_from(data)) if len(data) >= _STATUS.size else None


@dataclass(frozen=True)
class Command:
    """Payload of CMD. The answer repeats `op` and `tag`."""

    op: int
    tag: int = 0
    args: bytes = b""

    def encode(self) -> bytes:
        """Return the payload."""
        return bytes((self.op, self.tag)) + self.args

    @classmethod
    def decode(cls, data: bytes) -> Self | None:
        """Read a payload; None when it is too short."""
        return cls(data[0], data[1], data[2:]) if len(data) >= 2 else None


@dataclass(frozen=True)
class Response:
    """Payload of RSP."""

    op: int
    tag: int = 0
    status: int = Status.OK
    data: bytes = b""

    def encode(self) -> bytes:
        """Return the payload."""
        return bytes((self.op, self.tag, self.status)) + self.data

    @classmethod
    def decode(cls, data: bytes) -> Self | None:
        """Read a payload; None when it is too short."""
        return cls(data[0], data[1], data[2], data[3:]) if len(data) >= 3 else None


@dataclass(frozen=True)
class HelloReply:
    """Data of the answer to HELLO: who the device is. `uid` is its eight bytes, and is the same for its whole life."""

    version: int
    uid: bytes
    firmware: int
    capabilities: int = 0

    def encode(self) -> bytes:
        """Return the data, 13 bytes."""
        return _HELLO_REPLY.pack(self.version, self.uid, self.firmware, self.capabilities)

    @classmethod
    def decode(cls, data: bytes) -> Self | None:
        """Read the data; None when it is too short."""
        return cls(*_HELLO_REPLY.unpack_from(data)) if len(data) >= _HELLO_REPLY.size else None


@dataclass(frozen=True)
class PingReply:
    """Data of the answer to PING: the host's time as sent, then the device's on receiving and on answering, µs."""

    t1_host_us: int
    t2_device_us: int
    t3_device_us: int

    def encode(self) -> bytes:
        """Return the data, 24 bytes."""
        return _PING.pack(self.t1_host_us, self.t2_device_us, self.t3_device_us)

    @classmethod
    def decode(cls, data: bytes) -> Self | None:
        """Read the data; None when it is too short."""
        return cls(*_PING.unpack_from(data)) if len(data) >= _PING.size else None


def hello_args(lowest: int = VERSION, highest: int = VERSION) -> bytes:
    """Return the arguments of HELLO: the versions that the host speaks."""
    return bytes((lowest, highest))


def start_args(streams: frozenset[int] = frozenset()) -> bytes:
    r"""Return the arguments of START: a little-endian bit mask of streams; empty asks for all of them.

    Examples
    --------
    >>> start_args(frozenset({0, 9}))
    b'\x01\x02'
    """
    mask = sum(1 << stream for stream in streams)
    return mask.to_bytes((mask.bit_length() + 7) // 8, "little")


def started_streams(args: bytes, available: frozenset[int]) -> frozenset[int]:
    r"""Return which of the available streams the arguments of START ask for.

    Examples
    --------
    >>> sorted(started_streams(b"", frozenset({0, 1})))
    [0, 1]
    >>> sorted(started_streams(b"\x02\x00", frozenset({0, 1})))
    [1]
    """
    mask = int.from_bytes(args, "little")
    return frozenset(stream for stream in available if not args or mask >> stream & 1)
