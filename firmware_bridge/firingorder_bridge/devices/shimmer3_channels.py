"""What lies in a Shimmer3's packets and log files: each channel's format, and which channels a set of sensors has.

Sources: ShimmerResearch/log-and-stream-common at 12db787, `Sensing/shimmer_sensing.h` (channel numbers);
ShimmerResearch/shimmer3 at db65e6c, `LogAndStream_Shimmer3/adc.c`, `i2c.c`, `spi.c` (order and widths);
brainflow-dev/brainflow at 0415e03, `src/board_controller/shimmer/inc/shimmer3_defines.h` (signs and byte orders);
ShimmerEngineering/Shimmer-Java-Android-API, `ShimmerObject.java` (magnetometer of the second generation). Written anew
from those facts.

The 12-bit converter's counts travel as 16-bit numbers. The ExG converter sends the high byte first; so do the gyroscope
and the first generation's magnetometer (LSM303DLHC). The second generation's magnetometer sends the low byte first, and
the firmware tells which it is by the order of the axes: x, z, y in the first, x, y, z in the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

#: The crystal that stamps the samples; 2^15.
TICKS_HZ = 32_768

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Field:
    """One channel's bytes."""

    name: str
    n_bytes: int = 2
    signed: bool = False
    big_endian: bool = False

    def read(self, rows: NDArray[np.uint8], start: int) -> Counts:
        """Return the counts in column `start` of packets, shape (n_packets, n_bytes of a packet)."""
        columns = rows[:, start : start + self.n_bytes].astype(np.int64).T
        counts = np.zeros(len(rows), np.int64)
        for column in columns if self.big_endian else columns[::-1]:
            counts = counts << 8 | column
        if self.signed:
            counts -= counts >> (8 * self.n_bytes - 1) << 8 * self.n_bytes
        return counts


def _vector(first: int, name: str, *, signed: bool = True, big_endian: bool = False) -> dict[int, Field]:
    """Return x, y, z, numbered from `first`."""
    return {first + axis: Field(f"{name}_{'xyz'[axis]}", 2, signed, big_endian) for axis in range(3)}


def _exg(chip: int) -> dict[int, Field]:
    """Return what one ExG converter sends: its status, two channels of 24 bits, or two of 16."""
    status, wide, narrow = (0x1D, 0x1E, 0x23) if chip == 1 else (0x20, 0x21, 0x25)
    fields = {status: Field(f"exg{chip}_status", 1)}
    for channel in range(2):
        name = f"exg{chip}_ch{channel + 1}"
        fields[wide + channel] = Field(f"{name}_24bit", 3, signed=True, big_endian=True)
        fields[narrow + channel] = Field(f"{name}_16bit", 2, signed=True, big_endian=True)
    return fields


#: Channel number -> format.
FIELDS: Mapping[int, Field] = {
    **_vector(0x00, "accel_ln", signed=False),
    0x03: Field("battery"),
    **_vector(0x04, "accel_wr"),
    **_vector(0x07, "mag"),
    **_vector(0x0A, "gyro", big_endian=True),
    0x0D: Field("adc_ext_7"),
    0x0E: Field("adc_ext_6"),
    0x0F: Field("adc_ext_15"),
    0x10: Field("adc_int_1"),
    0x11: Field("adc_int_12"),
    0x12: Field("adc_int_13"),
    0x13: Field("adc_int_14"),
    **_vector(0x14, "accel_alt", big_endian=True),
    **_vector(0x17, "mag_alt"),
    0x1A: Field("temperature", 2, big_endian=True),
    0x1B: Field("pressure", 3, big_endian=True),
    0x1C: Field("gsr"),
    **_exg(1),
    **_exg(2),
    0x27: Field("strain_high"),
    0x28: Field("strain_low"),
}
MAG = (0x07, 0x08, 0x09)
#: The first generation's magnetometer gives x, z, y.
MAG_FIRST = (0x07, 0x09, 0x08)

#: Bit of the sensors' mask -> the channels that it adds, in the order in which the firmware writes them.
SENSORS: Mapping[int, tuple[int, ...]] = {
    0x000080: (0x00, 0x01, 0x02),
    0x002000: (0x03,),
    0x000002: (0x0D,),
    0x000001: (0x0E,),
    0x000800: (0x0F,),
    0x000200: (0x11,),
    0x008000: (0x27, 0x28),
    0x000100: (0x12,),
    0x800000: (0x13,),
    0x000004: (0x1C,),
    0x000400: (0x10,),
    0x000040: (0x0A, 0x0B, 0x0C),
    0x001000: (0x04, 0x05, 0x06),
    0x000020: MAG,
    0x400000: (0x14, 0x15, 0x16),
    0x200000: (0x17, 0x18, 0x19),
    0x040000: (0x1A, 0x1B),
    0x000010: (0x1D, 0x1E, 0x1F),
    0x100000: (0x1D, 0x23, 0x24),
    0x000008: (0x20, 0x21, 0x22),
    0x080000: (0x20, 0x25, 0x26),
}
#: A strain gauge uses the inputs of these two; 24 bits go before 16.
_INSTEAD = {0x000100: 0x008000, 0x800000: 0x008000, 0x100000: 0x000010, 0x080000: 0x000008}


def list_channels(mask: int, *, second_generation: bool) -> tuple[int, ...]:
    """Return the channels of a mask of sensors in the order of a packet.

    Examples
    --------
    >>> [FIELDS[channel].name for channel in list_channels(0x2010, second_generation=True)]
    ['battery', 'exg1_status', 'exg1_ch1_24bit', 'exg1_ch2_24bit']
    """
    channels: list[int] = []
    for bit, added in SENSORS.items():
        if mask & bit and not mask & _INSTEAD.get(bit, 0):
            channels += MAG_FIRST if added == MAG and not second_generation else added
    return tuple(channels)


@dataclass(frozen=True)
class Layout:
    """How the samples of one configuration lie in bytes: the time stamp, low byte first, and the channels.

    Attributes
    ----------
    divider
        The rate is `TICKS_HZ` / `divider`.
    stamp_bytes
        3; 2 in firmware before 2015.
    """

    channels: tuple[int, ...]
    divider: int
    stamp_bytes: int = 3

    @property
    def n_bytes(self) -> int:
        """Length of a sample."""
        return self.stamp_bytes + sum(FIELDS[channel].n_bytes for channel in self.channels)

    @property
    def stamp_range(self) -> int:
        """Where the time stamp begins anew."""
        return 1 << 8 * self.stamp_bytes

    def stamps(self, rows: NDArray[np.uint8], start: int = 0) -> Counts:
        """Return the time stamps of samples that begin in column `start`, ticks."""
        return Field("stamp", self.stamp_bytes).read(rows, start)

    def read(self, rows: NDArray[np.uint8], start: int = 0) -> dict[int, Counts]:
        """Return each channel's counts of samples that begin in column `start`."""
        second = MAG_FIRST != tuple(channel for channel in self.channels if channel in MAG)
        counts: dict[int, Counts] = {}
        at = start + self.stamp_bytes
        for channel in self.channels:
            field = FIELDS[channel]
            if channel in MAG and not second:
                field = replace(field, big_endian=True)
            counts[channel] = field.read(rows, at)
            at += field.n_bytes
        return counts
