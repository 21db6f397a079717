"""What comes out of the bridge: immutable records, in stream order, the same live and replayed."""

from dataclasses import dataclass
from enum import Enum

from firingorder_signal.blocks import SampleBlock, StreamInfo

from .frames import FrameFault
from .messages import Capability, StatusMessage


class LossCause(Enum):
    """Why samples are missing."""

    WAY = "lost_on_the_way"
    DEVICE = "dropped_by_the_device"
    BOTH = "both"
    PAUSE = "stream_paused"
    RESTART = "device_restarted"


class RefusedWhat(Enum):
    """What a sensor sent that cannot be used."""

    VERSION = "version"
    DESCRIPTOR = "descriptor"
    COMMAND = "command"


@dataclass(frozen=True)
class SensorIdentified:
    """Who is on this link. `declared` is False for a sensor that never answers: its uid is then the link's name."""

    uid: str
    firmware: int | None = None
    capabilities: int = 0
    declared: bool = True

    @property
    def simulated(self) -> bool:
        """Whether the sensor says that it is software."""
        return bool(self.capabilities & Capability.SIMULATED)


@dataclass(frozen=True)
class StreamDescribed:
    """A stream exists, or is configured differently from now on."""

    stream: StreamInfo


@dataclass(frozen=True)
class Samples:
    """Samples of one stream, NaN rows where some were lost."""

    block: SampleBlock


@dataclass(frozen=True)
class SamplesLost:
    """Samples `first_index` to `first_index + n_samples` of a stream do not exist.

    `n_samples` is 0 where only a descriptor was lost.

    Attributes
    ----------
    n_frames
        Frames of the stream that were sent and did not arrive.
    n_by_device
        How many of the samples the device says that it dropped itself.
    filled
        Whether NaN rows stand for them; False for a gap too long to fill, over which the index jumps.
    """

    stream_id: str
    first_index: int
    n_samples: int
    n_frames: int
    n_by_device: int
    cause: LossCause
    filled: bool = True


@dataclass(frozen=True)
class FrameCorrupt:
    """Bytes that are not a frame. They cost what was in them and nothing else."""

    fault: FrameFault
    n_bytes: int
    t_host_ns: int


@dataclass(frozen=True)
class DuplicateFrame:
    """A frame came again, or so late that its samples were given up; it was left out."""

    stream_id: str
    seq: int


@dataclass(frozen=True)
class UnknownFrame:
    """A whole frame of a type or content that this version does not know; it was skipped."""

    type_code: int
    stream: int


@dataclass(frozen=True)
class UndescribedData:
    """Samples came before their descriptor; they were left out."""

    stream: int
    n_samples: int


@dataclass(frozen=True)
class Refused:
    """The sensor said something that cannot be used. `detail` says what was expected and what came."""

    what: RefusedWhat
    detail: str
    stream: int | None = None


@dataclass(frozen=True)
class DeviceDropped:
    """The link was lost. What follows is a gap, until `DeviceReturned`."""

    t_host_ns: int


@dataclass(frozen=True)
class DeviceReturned:
    """The link is there again."""

    t_host_ns: int


@dataclass(frozen=True)
class ClockRestarted:
    """The device's clock began anew; `epoch` counts its runs from 0."""

    clock_id: str
    epoch: int


@dataclass(frozen=True)
class ClockUpdated:
    """The map from device time to host time was refined.

    Attributes
    ----------
    time_s
        Host time of this update, s since the recording's origin.
    uncertainty_s
        The true offset is within plus or minus this in at least 95 % of cases; a delay that never varies is invisible.
    ppm
        How much faster the host's clock runs than the device's.
    spread_s
        Mean delay of frames above the shortest one, s.
    stepped
        The correction was too large to be slewed.
    """

    clock_id: str
    time_s: float
    uncertainty_s: float
    ppm: float
    spread_s: float
    n_observations: int
    stepped: bool = False


@dataclass(frozen=True)
class SignalFlags:
    """The device's own opinion of its inputs changed at `first_index`."""

    stream_id: str
    first_index: int
    clipped: bool
    lead_off: bool
    hardware_synced: bool


@dataclass(frozen=True)
class DeviceEvent:
    """Something happened on the device; `kind` is an `EventKind` or unknown. `time_s` is None without a clock yet."""

    kind: int
    arg: int
    t_device_us: int
    time_s: float | None


@dataclass(frozen=True)
class SensorStatus:
    """Battery, temperature and the device's own loss counts."""

    status: StatusMessage


BridgeEvent = (
    SensorIdentified
    | StreamDescribed
    | Samples
    | SamplesLost
    | FrameCorrupt
    | DuplicateFrame
    | UnknownFrame
    | UndescribedData
    | Refused
    | DeviceDropped
    | DeviceReturned
    | ClockRestarted
    | ClockUpdated
    | SignalFlags
    | DeviceEvent
    | SensorStatus
)
