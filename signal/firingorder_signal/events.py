"""What the pipeline tells the outside as it runs: immutable, in stream order, the same live, replayed and in batch."""

from dataclasses import dataclass

from .blocks import FloatArray, Side, Site, StreamInfo, Timebase
from .results import Lag, Lift, Reason, SetResult


@dataclass(frozen=True)
class EmgTrace:
    """Band-passed EMG for the view: `values` (n_samples, n_channels) in µV, NaN where samples were lost."""

    stream: StreamInfo
    first_index: int
    values: FloatArray
    timebase: Timebase


@dataclass(frozen=True)
class MotionTrace:
    """Angles for the view on an even grid: `time_s`, `hip_deg`, `tilt_deg`, each of shape (n_samples,)."""

    time_s: FloatArray
    hip_deg: FloatArray
    tilt_deg: FloatArray
    side: Side


@dataclass(frozen=True)
class EmgAlarm:
    """A muscle seems to have switched on; the refined onset follows with the lift."""

    site: Site
    time_s: float


@dataclass(frozen=True)
class LiftStarted:
    """The leg (or, without motion sensors, the first muscle) has begun lift `number`."""

    number: int
    time_s: float
    side: Side


@dataclass(frozen=True)
class LiftDismissed:
    """What had begun as lift `number` was none; the number will be used again."""

    number: int
    time_s: float
    side: Side


@dataclass(frozen=True)
class ProvisionalOrder:
    """A first word on an order, from half a burst: it may be wrong, and no lift needs to follow. For the view alone.

    Attributes
    ----------
    time_s
        When the later muscle raised its alarm.
    lag
        With interval and probability; its verdict is provisional like the rest of it.
    """

    side: Side
    time_s: float
    lag: Lag


@dataclass(frozen=True)
class LiftJudged:
    """The order of the lift in progress is known; its angles and validity follow with `LiftEnded`."""

    lift: Lift


@dataclass(frozen=True)
class LiftEnded:
    """The lift is complete and final."""

    lift: Lift


@dataclass(frozen=True)
class SetUpdated:
    """The set's result after the last ended lift."""

    result: SetResult


@dataclass(frozen=True)
class PlacementFound:
    """What is wrong with the places of a side's motion sensors, from now on; empty = nothing any more."""

    side: Side
    time_s: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class ChannelQuality:
    """About once a second and channel: the state of one electrode. Shares are 0..1; None = not enough data yet."""

    site: Site
    time_s: float
    rms_uv: float | None
    clipped: float
    mains: float | None
    artefact: float | None
    flat: bool
    lost: float


PipelineEvent = (
    EmgTrace
    | MotionTrace
    | EmgAlarm
    | LiftStarted
    | LiftDismissed
    | ProvisionalOrder
    | LiftJudged
    | LiftEnded
    | SetUpdated
    | PlacementFound
    | ChannelQuality
)
