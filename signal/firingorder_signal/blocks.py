"""The vocabulary that all layers share: sites, streams, blocks of samples and the time they were taken at.

The array convention, said once: arrays are `(n_samples, n_channels)`, C-contiguous float64, in microvolts, m/s² and
rad/s. NaN means "a sample was lost here" and nothing else. This module holds no clock: a block is told its times.
"""

from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import total_ordering

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
#: A range of rows, `(start, stop)`.
Rows = tuple[int, int]


class Side(Enum):
    """The side of the body a site is on."""

    LEFT = "left"
    RIGHT = "right"
    MIDDLE = ""


#: The parts a sensor can sit on, muscles first (the wire's site codes follow this order, `docs/wire.md`).
MUSCLES = (
    "gluteus_maximus",
    "hamstring_lateral",
    "hamstring_medial",
    "erector_spinae",
    "multifidus",
    "gluteus_medius",
    "tensor_fasciae_latae",
    "rectus_femoris",
)
SEGMENTS = ("trunk", "pelvis", "thigh", "shank", "foot")
HAMSTRINGS = ("hamstring_lateral", "hamstring_medial")
UNKNOWN_PART = "unknown"


@total_ordering
@dataclass(frozen=True)
class Site:
    """A muscle or segment and its side, written `gluteus_maximus/right` or `pelvis`.

    Examples
    --------
    >>> str(Site.parse("hamstring_lateral/right"))
    'hamstring_lateral/right'
    >>> Site.parse("pelvis").side
    <Side.MIDDLE: ''>
    """

    part: str
    side: Side = Side.MIDDLE

    def __post_init__(self) -> None:
        """Refuse a part that is not in the vocabulary: a mistake of the caller."""
        if self.part not in (*MUSCLES, *SEGMENTS, UNKNOWN_PART):
            raise ValueError(f"unknown site {self.part!r}; expected one of {', '.join((*MUSCLES, *SEGMENTS))}")

    @classmethod
    def parse(cls, text: str) -> "Site":
        """Read `part` or `part/side`; raise ValueError for anything else."""
        part, _, side = text.partition("/")
        if side not in [each.value for each in Side]:
            raise ValueError(f"unknown side {side!r} in {text!r}; expected {part}/left or {part}/right")
        return cls(part, Side(side))

    def __str__(self) -> str:
        """Write the site the way `parse` reads it."""
        return f"{self.part}/{self.side.value}" if self.side is not Side.MIDDLE else self.part

    def __lt__(self, other: "Site") -> bool:
        """Sort by name: Enum members have no order of their own."""
        return str(self) < str(other)

    @property
    def is_hamstring(self) -> bool:
        """Whether this is the lateral or the medial hamstring."""
        return self.part in HAMSTRINGS

    @property
    def is_glute(self) -> bool:
        """Whether this is gluteus maximus."""
        return self.part == "gluteus_maximus"


class StreamKind(Enum):
    """What a stream measures."""

    EMG = "emg"
    IMU = "imu"
    ANALOG = "analog"


class SyncClass(Enum):
    """How two streams came to share a clock, best first (`firmware_bridge/README.md`)."""

    SAME_CONVERTER = "A"
    HARDWARE = "B"
    VERIFIED = "C"
    UNVERIFIED = "D"
    ARRIVAL_ONLY = "E"


@dataclass(frozen=True)
class Alignment:
    """A constant that was measured by tapping sensors together, and is taken out of a sensor's times.

    Attributes
    ----------
    group
        Names the measurement; sensors of one group are aligned with each other.
    offset_s
        How much later than the group's first sensor this one would show the same moment.
    product
        What the sensor was then; with another firmware or kind of link the constant is another one.
    """

    group: str
    offset_s: float
    uncertainty_s: float
    product: str = ""


@dataclass(frozen=True)
class StreamInfo:
    """One sensor stream: what it measures, where, how fast and on whose clock.

    Attributes
    ----------
    stream_id
        Unique within a recording and the same after a reconnect: `<sensor uid>/<stream number>`.
    sites
        EMG: one site a channel. IMU: exactly one site; its six channels are acc x, y, z (m/s²), gyr x, y, z (rad/s).
    rate_hz
        Nominal rate as an exact fraction; the measured one is in each block's `Timebase`.
    latency_s
        Delay from the body to the device's time stamp; already taken out of every block's times.
    clock_id
        Streams of one clock share it and are exact against each other.
    product
        What kind of sensor it is, on what kind of link: delays are the same where this is; empty = not known.
    alignment
        What was measured of its constant delay, and is already taken out of every block's times.
    """

    stream_id: str
    kind: StreamKind
    sites: tuple[Site, ...]
    rate_hz: Fraction
    latency_s: float = 0.0
    clock_id: str = ""
    sync: SyncClass = SyncClass.UNVERIFIED
    labels: tuple[str, ...] = ()
    range_uv: float | None = None  # EMG full scale, for clipping; None where the format does not say
    product: str = ""
    alignment: Alignment | None = None

    @property
    def n_channels(self) -> int:
        """Columns of this stream's blocks."""
        return 6 if self.kind is StreamKind.IMU else len(self.sites)


@dataclass(frozen=True)
class Timebase:
    """An affine map from sample index to seconds on the host clock, counted from the recording's origin.

    It travels with the block and stays the same when a block is cut, so that the time of a sample never depends on
    how the stream was chopped.

    Examples
    --------
    >>> Timebase(index=0, time_s=1.0, period_s=0.5).time_of(3)
    2.5
    """

    index: int
    time_s: float
    period_s: float
    uncertainty_s: float = 0.0
    hardware: bool = False  # the device says that its clock is synchronised by hardware

    def time_of(self, index: float) -> float:
        """Seconds of a sample index, which may be fractional."""
        return self.time_s + (index - self.index) * self.period_s

    def index_of(self, time_s: float) -> float:
        """Fractional sample index of a time in seconds."""
        return self.index + (time_s - self.time_s) / self.period_s


#: What no sensor measures, in any unit: from here on (and infinity, which a network stream of floats may bring) a
#: sample counts as lost. Far above every wrong unit; the fourth power still fits a float.
UNMEASURABLE = 1e30


def mark_unmeasurable(values: FloatArray) -> FloatArray:
    """Return values with what no sensor measures as lost samples; the very array where there is nothing of the kind.

    Examples
    --------
    >>> mark_unmeasurable(np.array([1.0, np.inf, -1e31])).tolist()
    [1.0, nan, nan]
    """
    absurd = np.abs(values) >= UNMEASURABLE
    return np.where(absurd, np.nan, values) if absurd.any() else values


@dataclass(frozen=True)
class SampleBlock:
    """Consecutive samples of one stream.

    Attributes
    ----------
    values : shape (n_samples, n_channels)
        µV (EMG) or m/s² and rad/s (IMU); NaN = a lost sample.
    first_index
        Sample number of row 0 in this stream; never goes back, also not when the sensor restarts.
    """

    stream: StreamInfo
    first_index: int
    values: FloatArray
    timebase: Timebase

    @property
    def n_samples(self) -> int:
        """Rows of `values`."""
        return int(self.values.shape[0])

    @property
    def next_index(self) -> int:
        """Sample number just after this block."""
        return self.first_index + self.n_samples

    @property
    def start_s(self) -> float:
        """Host time of row 0."""
        return self.timebase.time_of(self.first_index)

    @property
    def end_s(self) -> float:
        """Host time of the row that would follow."""
        return self.timebase.time_of(self.next_index)

    def rows(self, start: int, stop: int) -> "SampleBlock":
        """Cut rows `start:stop` (a view) with the same timebase."""
        return SampleBlock(self.stream, self.first_index + start, self.values[start:stop], self.timebase)

    def measurable(self) -> "SampleBlock":
        """Return this block with what no sensor measures as lost samples; itself where there is nothing of the kind."""
        values = mark_unmeasurable(self.values)
        return self if values is self.values else replace(self, values=values)
