"""From a descriptor to a `StreamInfo` and the arithmetic of its samples; or one line saying why it makes no sense.

A sensor's word is not trusted: zero channels, an absurd rate or a scale that is no number refuse the stream, because
everything after would be nonsense with a plausible face.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import MUSCLES, SEGMENTS, UNKNOWN_PART, FloatArray, Side, Site, StreamInfo, StreamKind

from .frames import CRC_SIZE, HEADER_SIZE, MAX_FRAME_CABLE, SampleFormat, unpack_samples
from .messages import SCHEMA, ChannelDescriptor, Descriptor, Kind, Quantity

# Slower is a thermometer, faster no body signal (J).
RATE_MIN_HZ = 0.1
RATE_MAX_HZ = 100_000.0
# The longest filter delay of a wearable is tens of ms; beyond a second the field was misread (J).
LATENCY_MAX_US = 1_000_000
UV_PER_V = 1e6

_LEFT, _RIGHT, _PART = 0x80, 0x40, 0x3F
#: `docs/wire.md`, site codes: muscles from 1, segments from 9.
PARTS = (UNKNOWN_PART, *MUSCLES, *SEGMENTS)
_VECTORS = (Quantity.ACCELERATION, Quantity.ANGULAR_RATE)
_IMU_COLUMNS = tuple((quantity, axis) for quantity in _VECTORS for axis in range(3))
_KINDS = {Kind.EMG: StreamKind.EMG, Kind.IMU: StreamKind.IMU, Kind.ANALOG: StreamKind.ANALOG}


def site_of(code: int) -> Site:
    """Return the site of a wire code; codes and sides that do not exist are `unknown` and the middle.

    Examples
    --------
    >>> str(site_of(0x42)), str(site_of(10)), str(site_of(63))
    ('hamstring_lateral/right', 'pelvis', 'unknown')
    """
    part = code & _PART
    side = {_LEFT: Side.LEFT, _RIGHT: Side.RIGHT}.get(code & (_LEFT | _RIGHT), Side.MIDDLE)
    return Site(PARTS[part] if part < len(PARTS) else UNKNOWN_PART, side)


def code_of(site: Site) -> int:
    """Return the wire code of a site.

    Examples
    --------
    >>> hex(code_of(Site.parse("thigh/left")))
    '0x8b'
    """
    return PARTS.index(site.part) | {Side.LEFT: _LEFT, Side.RIGHT: _RIGHT, Side.MIDDLE: 0}[site.side]


@dataclass(frozen=True)
class StreamLayout:
    """How to read one stream's DATA frames.

    Attributes
    ----------
    stream
        What the layers above know of it.
    columns : shape (n_channels,)
        Which wire channel each column of a block comes from.
    scale, offset : shape (n_channels,)
        From raw to µV (EMG), m/s² and rad/s (IMU), SI (analog).
    """

    stream: StreamInfo
    sample_format: SampleFormat
    n_wire: int
    columns: tuple[int, ...]
    scale: FloatArray
    offset: FloatArray

    @property
    def bytes_per_sample(self) -> int:
        """Bytes of one sample of all wire channels."""
        return self.n_wire * self.sample_format.n_bytes

    @property
    def period_ns(self) -> Fraction:
        """Nominal time between samples, ns."""
        return 1_000_000_000 / self.stream.rate_hz

    def decode(self, payload: bytes) -> FloatArray:
        """Return the samples of a payload, shape (n_samples, n_channels); a value that is no number becomes NaN."""
        raw: NDArray[np.uint8] = np.frombuffer(payload, np.uint8).reshape(-1, self.bytes_per_sample)
        values = unpack_samples(raw, self.sample_format)
        if self.columns != tuple(range(self.n_wire)):
            values = np.take(values, self.columns, axis=1)
        # In place, and by a number where all channels share it: an hour is 8 channels x 7.2 million samples, and a
        # product with a row of two is five times as slow as one with a number.
        alike = (self.scale == self.scale[0]).all()
        with np.errstate(over="ignore", invalid="ignore"):
            values *= self.scale[0] if alike else self.scale
            if self.offset.any():
                values += self.offset
        if self.sample_format is SampleFormat.F32:
            values[~np.isfinite(values)] = np.nan
        return values


def read_layout(descriptor: Descriptor, stream_id: str, clock_id: str) -> StreamLayout | str:
    """Return how to read a stream, or one line saying what in its descriptor makes no sense."""
    problem = find_problem(descriptor)
    if problem is not None:
        return problem
    columns = _find_columns(descriptor)
    if columns is None:
        return "an IMU stream needs x, y, z of acceleration and of angular rate, each once"
    if not columns:
        return "an EMG stream needs a channel in volt"
    kind = _KINDS[Kind(descriptor.kind)]
    sample_format = SampleFormat(descriptor.sample_format)
    chosen = [descriptor.channels[column] for column in columns]
    to_unit = UV_PER_V if kind is StreamKind.EMG else 1.0
    stream = StreamInfo(
        stream_id=stream_id,
        kind=kind,
        sites=_sites(kind, chosen),
        rate_hz=Fraction(descriptor.rate_num, descriptor.rate_den),
        latency_s=descriptor.latency_us * 1e-6,
        clock_id=clock_id,
        labels=tuple(channel.label for channel in chosen),
        range_uv=_range_uv(kind, sample_format, chosen),
    )
    scale = np.array([channel.scale * to_unit for channel in chosen])
    offset = np.array([channel.offset * to_unit for channel in chosen])
    return StreamLayout(stream, sample_format, len(descriptor.channels), columns, scale, offset)


def find_problem(descriptor: Descriptor) -> str | None:
    """Return what in a descriptor makes no sense, or None."""
    if descriptor.schema != SCHEMA:
        return f"descriptor schema {descriptor.schema}; this version reads {SCHEMA}"
    if descriptor.kind not in list(Kind):
        return f"stream kind {descriptor.kind}; known are 1 to 3"
    if descriptor.sample_format not in list(SampleFormat):
        return f"sample format {descriptor.sample_format}; known are 1 to 4"
    if not descriptor.channels:
        return "no channels"
    if descriptor.bytes_per_sample > MAX_FRAME_CABLE - HEADER_SIZE - CRC_SIZE:
        return f"{len(descriptor.channels)} channels do not fit into one frame"
    return _find_bad_number(descriptor)


def _find_bad_number(descriptor: Descriptor) -> str | None:
    """Return which of the numbers is absurd, or None."""
    if descriptor.rate_num == 0 or descriptor.rate_den == 0:
        return f"rate {descriptor.rate_num}/{descriptor.rate_den} Hz"
    rate_hz = descriptor.rate_num / descriptor.rate_den
    if not RATE_MIN_HZ <= rate_hz <= RATE_MAX_HZ:
        return f"rate {rate_hz:g} Hz; expected {RATE_MIN_HZ:g} to {RATE_MAX_HZ:g} Hz"
    if abs(descriptor.latency_us) > LATENCY_MAX_US:
        return f"latency {descriptor.latency_us} µs; expected at most {LATENCY_MAX_US} µs"
    for number, channel in enumerate(descriptor.channels):
        if abs(channel.skew_ns) * 1e-9 * rate_hz > 1.0:
            return f"channel {number}: sampled {channel.skew_ns} ns after the first; expected at most one sample"
        if not math.isfinite(channel.scale) or channel.scale == 0 or not math.isfinite(channel.offset):
            return f"channel {number}: scale {channel.scale:g}, offset {channel.offset:g}"
    return None


def _find_columns(descriptor: Descriptor) -> tuple[int, ...] | None:
    """Return the wire channel of each column; None where an IMU lacks one or has one twice."""
    keys = [(channel.quantity, channel.axis) for channel in descriptor.channels]
    if descriptor.kind == Kind.IMU:
        if any(keys.count(key) != 1 for key in _IMU_COLUMNS):
            return None
        return tuple(keys.index(key) for key in _IMU_COLUMNS)
    if descriptor.kind == Kind.EMG:
        return tuple(number for number, key in enumerate(keys) if key[0] == Quantity.VOLT)
    return tuple(range(len(keys)))


def _sites(kind: StreamKind, channels: list[ChannelDescriptor]) -> tuple[Site, ...]:
    """Return one site a channel, or the one of an IMU."""
    codes = [channel.site for channel in channels]
    return (site_of(codes[0]),) if kind is StreamKind.IMU else tuple(site_of(code) for code in codes)


def _range_uv(kind: StreamKind, sample_format: SampleFormat, channels: list[ChannelDescriptor]) -> float | None:
    """Return the smallest full scale of the EMG channels, µV; None where the format has none."""
    if kind is not StreamKind.EMG or sample_format is SampleFormat.F32:
        return None
    counts = 1 << (8 * sample_format.n_bytes - 1)
    return min(abs(channel.scale) for channel in channels) * counts * UV_PER_V
