"""A Shimmer3's configuration as OML/1 streams: ExG, one inertial unit where there is one, and the rest in SI.

ExG counts go through as they are, with their scale. Motion sensors go through calibrated, because a calibration turns
axes. What has no SI value without figures of its own (skin resistance, pressure, the pressure sensor's temperature) is
read from the packet and goes no further.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..frames import SampleFormat, pack_samples
from ..messages import ChannelDescriptor, Descriptor, Kind, Quantity
from .shimmer3_channels import FIELDS, TICKS_HZ, Counts, Layout
from .shimmer3_units import VECTORS, Units

#: Most samples in one frame: a frame counts its samples in a byte.
MAX_SAMPLES = 250
#: Of several accelerometers the quietest serves the inertial unit.
_ACCELEROMETERS = ("accel_ln", "accel_wr", "accel_alt")
_SHORT = {"accel_ln": "acc", "accel_wr": "wacc", "accel_alt": "aacc", "gyro": "gyr", "mag": "mag", "mag_alt": "amag"}

#: From counts of a run of packets to the bytes of each sample.
Pack = Callable[[Mapping[int, Counts]], list[bytes]]


@dataclass(frozen=True)
class NativeStream:
    """One stream: what it is, and how its samples are made of a run's counts."""

    number: int
    descriptor: Descriptor
    pack: Pack


def plan_streams(layout: Layout, units: Units, sites: list[int], segment: int) -> list[NativeStream]:
    """Return the streams of a configuration.

    Parameters
    ----------
    sites, segment
        Site codes of the ExG channels in the order in which they come, and of the inertial unit.
    """
    present = [name for name, (first, _) in VECTORS.items() if {first, first + 1, first + 2} <= set(layout.channels)]
    accelerometer = next((name for name in _ACCELEROMETERS if name in present), None)
    inertial = [accelerometer, "gyro"] if accelerometer is not None and "gyro" in present else []
    rest = [name for name in present if name not in inertial]
    planned = [_plan_exg(layout, units, sites), _plan_inertial(layout, units, inertial, segment)]
    return [stream for stream in [*planned, _plan_rest(layout, units, rest)] if stream is not None]


def _describe(
    layout: Layout, kind: Kind, sample_format: SampleFormat, channels: list[ChannelDescriptor], latency_us: int = 0
) -> Descriptor:
    """Return the descriptor of a stream."""
    return Descriptor(
        kind, sample_format, TICKS_HZ, layout.divider, tuple(channels), TICKS_HZ, latency_us, max_n=MAX_SAMPLES
    )


def _plan_exg(layout: Layout, units: Units, sites: list[int]) -> NativeStream | None:
    """Return the stream of the ExG channels that are awake."""
    scales = {channel: scale for channel in layout.channels if (scale := units.volts_per_count(channel)) is not None}
    if not scales:
        return None
    order = list(scales)
    narrow = all(FIELDS[channel].n_bytes == 2 for channel in order)
    sample_format = SampleFormat.I16 if narrow else SampleFormat.I24
    channels = [
        ChannelDescriptor(
            n, Quantity.VOLT, site=sites[n] if n < len(sites) else 0, scale=scales[channel], label=f"ExG{n + 1}"
        )
        for n, channel in enumerate(order)
    ]
    # The converter's third-order filter delays by one and a half of its own periods (data sheet, sinc filter), and a
    # sample is its newest conversion, half a period old in the mean.
    latency_us = round(2_000_000 / units.registers[0].rate_hz)

    def pack(counts: Mapping[int, Counts]) -> list[bytes]:
        values = np.stack([counts[channel] for channel in order], axis=1).astype(np.int32)
        return _split(pack_samples(values, sample_format), sample_format.n_bytes * len(order))

    return NativeStream(0, _describe(layout, Kind.EMG, sample_format, channels, latency_us), pack)


def _plan_inertial(layout: Layout, units: Units, names: list[str], segment: int) -> NativeStream | None:
    """Return the stream of an accelerometer and the gyroscope."""
    if not names:
        return None
    channels = _describe_vectors(names, 0, segment)
    return NativeStream(1, _describe(layout, Kind.IMU, SampleFormat.F32, channels), _pack_floats(units, names, []))


def _plan_rest(layout: Layout, units: Units, names: list[str]) -> NativeStream | None:
    """Return the stream of everything else that has an SI value."""
    voltages = [channel for channel in layout.channels if units.voltage(channel) is not None]
    channels = _describe_vectors(names, 0, 0)
    for channel in voltages:
        label = FIELDS[channel].name.replace("_", "")[:8]
        channels.append(ChannelDescriptor(len(channels), Quantity.VOLT, label=label))
    if not channels:
        return None
    return NativeStream(
        2, _describe(layout, Kind.ANALOG, SampleFormat.F32, channels), _pack_floats(units, names, voltages)
    )


def _describe_vectors(names: list[str], first: int, site: int) -> list[ChannelDescriptor]:
    """Return the channels of vectors, in SI already."""
    return [
        ChannelDescriptor(first + 3 * n + axis, VECTORS[name][1], axis, site, label=f"{_SHORT[name]} {'xyz'[axis]}")
        for n, name in enumerate(names)
        for axis in range(3)
    ]


def _pack_floats(units: Units, names: list[str], voltages: list[int]) -> Pack:
    """Return what writes vectors and voltages in SI."""

    def pack(counts: Mapping[int, Counts]) -> list[bytes]:
        columns = [units.vector(name, counts) for name in names]
        for channel in voltages:
            scale, offset = units.voltage(channel) or (1.0, 0.0)
            columns.append(counts[channel].astype(np.float64)[:, None] * scale + offset)
        values = np.concatenate(columns, axis=1).astype(np.float32)
        return _split(pack_samples(values, SampleFormat.F32), 4 * values.shape[1])

    return pack


def _split(data: bytes, size: int) -> list[bytes]:
    """Cut bytes into samples."""
    return [data[start : start + size] for start in range(0, len(data), size)]
