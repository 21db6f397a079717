"""A file that a Shimmer3 wrote to its card: 256 bytes of head, then its packets without their first byte.

Source: ShimmerResearch/log-and-stream-common at 12db787, `SDCard/shimmer_sd_header.h` (where what is in the head),
`SDCard/shimmer_sd_data_file.c`, `SDSync/shimmer_sd_sync.h`. Which boards carry the second generation of motion sensors:
Shimmer-Java-Android-API, `ShimmerObject.java`, `isSupportedNewImuSensors`. Files of a Shimmer3R have another head.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from firingorder_signal.blocks import FloatArray

from .shimmer3_channels import FIELDS, TICKS_HZ, Counts, Layout, list_channels
from .shimmer3_units import CALIBRATION_BYTES, N_REGISTERS, VECTORS, Ranges, Registers, Units, read_calibrations

HEAD_BYTES = 256
SHIMMER3, SHIMMER3R = 3, 10
_SENSORS, _CONFIG, _TRIAL, _MAC, _HARDWARE, _FIRMWARE = 3, 8, 16, 24, 30, 34
_CLOCK_DIFFERENCE, _EXG, _CALIBRATIONS, _BOARD, _FIRST_STAMP_TOP, _FIRST_STAMP = 44, 56, 76, 214, 251, 252
#: The calibrations follow each other in this order.
CALIBRATIONS = ("accel_wr", "gyro", "mag", "accel_ln")
#: Trial configuration, first byte: blocks of the file begin with the clock differences of a group of sensors.
_SYNCHRONISED = 0x04
#: Expansion board -> first revision on the second generation of sensors.
SECOND_GENERATION: Mapping[int, int] = {31: 6, 36: 3, 38: 3, 47: 3, 48: 3, 49: 3}
_SPECIAL_REVISION = 171


@dataclass(frozen=True)
class ShimmerLog:
    """What is in such a file.

    Attributes
    ----------
    uid
        The Bluetooth address, 12 hexadecimal digits.
    ticks : shape (n_samples,)
        Time stamps of the crystal, unwrapped: steps of `layout.divider` but where samples are missing.
    counts
        Channel number -> counts, shape (n_samples,).
    clock_ticks
        What to add to `ticks` for the time of day since 1970; 0 where the clock was never set.
    """

    uid: str
    firmware: tuple[int, int, int]
    layout: Layout
    units: Units
    ticks: Counts
    counts: Mapping[int, Counts]
    clock_ticks: int

    @property
    def rate_hz(self) -> Fraction:
        """Samples a second."""
        return Fraction(TICKS_HZ, self.layout.divider)

    @property
    def time_s(self) -> FloatArray:
        """Time since the first sample, shape (n_samples,)."""
        return np.asarray((self.ticks - self.ticks[:1]) / TICKS_HZ, dtype=np.float64)

    @property
    def unix_ms(self) -> FloatArray:
        """Time of day by the device's clock, ms since 1970, shape (n_samples,)."""
        return np.asarray((self.ticks + self.clock_ticks) / (TICKS_HZ / 1000), dtype=np.float64)

    @property
    def n_lost(self) -> int:
        """How many samples are missing between the first and the last."""
        return int(((np.diff(self.ticks) + self.layout.divider // 2) // self.layout.divider - 1).sum())

    def named(self) -> dict[str, Counts]:
        """Return the counts of each channel by its name."""
        return {FIELDS[channel].name: values for channel, values in self.counts.items()}

    def emg_v(self) -> dict[str, FloatArray]:
        """Return the ExG channels that are awake, volts at the electrodes, by name."""
        volts: dict[str, FloatArray] = {}
        for channel, counts in self.counts.items():
            scale = self.units.volts_per_count(channel)
            if scale is not None:
                volts[FIELDS[channel].name] = counts.astype(np.float64) * scale
        return volts

    def vectors(self) -> dict[str, FloatArray]:
        """Return the motion sensors by name, shape (n_samples, 3), m/s², rad/s and T."""
        present = [name for name, (first, _) in VECTORS.items() if first in self.counts]
        return {name: self.units.vector(name, self.counts) for name in present}


def read_log(data: bytes) -> ShimmerLog:
    """Read a file. A last sample that was cut off is left out.

    Raises
    ------
    ValueError
        It is no such file, or one that this version does not read; the text says why.
    """
    if len(data) < HEAD_BYTES:
        raise ValueError(f"{len(data)} bytes are no Shimmer3 log; its head alone has {HEAD_BYTES}")
    hardware = int.from_bytes(data[_HARDWARE : _HARDWARE + 2], "big")
    divider = int.from_bytes(data[:2], "little")
    if hardware != SHIMMER3 or divider == 0:
        which = "a Shimmer3R's log" if hardware == SHIMMER3R else "no Shimmer3 log"
        raise ValueError(f"this is {which} (hardware {hardware}, rate divider {divider}); only a Shimmer3's is read")
    if data[_TRIAL] & _SYNCHRONISED:
        raise ValueError(
            "logs of a group of synchronised Shimmers are not read: blocks of clock differences are in them"
        )
    second = has_second_generation(data[_BOARD : _BOARD + 3])
    mask = int.from_bytes(data[_SENSORS : _SENSORS + 3], "little")
    layout = Layout(list_channels(mask, second_generation=second), divider)
    if not layout.channels:
        raise ValueError(f"this Shimmer3 log has no channels (sensors 0x{mask:06x})")
    return _read_samples(data, layout, _read_units(data, second))


def has_second_generation(board: bytes) -> bool:
    """Return whether a board, number and two revisions, carries the second generation of motion sensors."""
    number, revision, special = board
    return special == _SPECIAL_REVISION or revision >= SECOND_GENERATION.get(number, 256)


def _read_units(data: bytes, second: bool) -> Units:
    """Read what turns counts into SI."""
    chips = [Registers(data[_EXG + N_REGISTERS * chip : _EXG + N_REGISTERS * (chip + 1)]) for chip in range(2)]
    ranges = Ranges.decode(data[_CONFIG : _CONFIG + 4], second_generation=second)
    own = read_calibrations(CALIBRATIONS, data[_CALIBRATIONS : _CALIBRATIONS + 4 * CALIBRATION_BYTES])
    return Units((chips[0], chips[1]), ranges, own)


def _read_samples(data: bytes, layout: Layout, units: Units) -> ShimmerLog:
    """Read the samples, and unwrap their time stamps from the first one's, which the head has in full."""
    n = (len(data) - HEAD_BYTES) // layout.n_bytes
    rows: NDArray[np.uint8] = np.frombuffer(data, np.uint8, n * layout.n_bytes, HEAD_BYTES).reshape(n, layout.n_bytes)
    first = int.from_bytes(data[_FIRST_STAMP : _FIRST_STAMP + 4], "little") | data[_FIRST_STAMP_TOP] << 32
    stamps = layout.stamps(rows)
    steps = np.diff(stamps, prepend=first % layout.stamp_range) % layout.stamp_range
    major, minor, patch = int.from_bytes(data[_FIRMWARE + 2 : _FIRMWARE + 4], "big"), data[38], data[39]
    return ShimmerLog(
        uid=data[_MAC : _MAC + 6].hex(),
        firmware=(major, minor, patch),
        layout=layout,
        units=units,
        ticks=first + np.cumsum(steps),
        counts=layout.read(rows),
        clock_ticks=int.from_bytes(data[_CLOCK_DIFFERENCE : _CLOCK_DIFFERENCE + 8], "big"),
    )
