"""What a running test tells its view, besides the pipeline's own events: sensors, phase, data health, recording.

The view drains these from one bounded queue on its own timer; nothing here is ever called back from another thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from firingorder_bridge.links.base import Security
from firingorder_signal.blocks import Side, Site, StreamInfo, SyncClass
from firingorder_signal.events import PipelineEvent
from firingorder_signal.results import Reason

from ..acquiring.replay_speed import SpeedChanged
from ..judging.earlier_visits import EarlierVisits
from ..messages import Message
from ..protocols.protocol_plan import CueText, HoldPlan
from .effort_events import EffortEvent
from .guide_events import GuideEvent
from .set_up_events import SetUpChanged, SetUpCommand


class Origin(Enum):
    """Where the data comes from; written on the window wherever it is not a live sensor."""

    LIVE = "live"
    SIMULATED = "simulated"
    REPLAY = "replay"


class SensorPhase(Enum):
    """One sensor's state, as its chip in the top bar shows it."""

    CONNECTING = "connecting"
    STREAMING = "streaming"
    STALE = "stale"
    LOST = "lost"
    ENDED = "ended"


class Phase(Enum):
    """What the person at the table should know or do now: one word, one instruction."""

    CONNECTING = "connecting"
    LIE_STILL = "lie_still"
    READY = "ready"
    LIFT = "lift"
    LIFTING = "lifting"
    HOLD = "hold"
    ANSWER = "answer"
    CHECK = "check"
    REST = "rest"
    SWITCH_SIDE = "switch_side"
    LINK_LOST = "link_lost"
    DONE = "done"


@dataclass(frozen=True)
class TestStarted:
    """First event of a session: what is being tested, and where the data comes from.

    `glute_cue` tells whether the person is told to use the glutes, which moves the lag; `titles` and `cues` have the
    words by language, where `title` is the English one; `hold` is the static set that takes the place of lifts;
    `shows_effort` tells whether effort is measured, as it is in holds and bridges.
    """

    __test__ = False  # the name begins like a test case; pytest must not collect it

    protocol: str
    title: str
    side: Side
    lifts_wanted: int
    origin: Origin
    source: str = ""
    simulated: bool = False
    glute_cue: bool = False
    cues: Mapping[str, CueText] = field(default_factory=dict[str, CueText])
    hold: HoldPlan | None = None
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    shows_effort: bool = False


@dataclass(frozen=True)
class SideFollowed:
    """Several sides are judged, and the view shows this one."""

    side: Side


@dataclass(frozen=True)
class SensorChanged:
    """A sensor appeared or changed its phase.

    `sites` is empty until its descriptors came; `security` is None where no radio is used; `silent` are the streams
    that stay away of a STALE sensor whose others come, none where nothing comes. `detail` is English, for the terminal:
    the window shows phase and streams.
    """

    link: str
    phase: SensorPhase
    uid: str = ""
    sites: tuple[Site, ...] = ()
    detail: str = ""
    simulated: bool = False
    security: Security | None = None
    silent: tuple[StreamInfo, ...] = ()


@dataclass(frozen=True)
class SimulatedSensor:
    """A sensor turned out to be software: SIMULATED is written from now on."""

    uid: str


@dataclass(frozen=True)
class PhaseChanged:
    """The phase of the test; `progress` 0..1 and seconds left where it has an end, the number of the lift in it.

    `side` is the one in turn, None where only one is tested or both at once.
    """

    phase: Phase
    lift: int | None = None
    progress: float | None = None
    seconds_left: float | None = None
    reason: Reason | None = None
    detail: Message | None = None
    side: Side | None = None


@dataclass(frozen=True)
class DataHealth:
    """Counts since the start, about once a second."""

    time_s: float
    samples_lost: int
    frames_corrupt: int
    view_overflow: int
    analysis_delay_s: float
    clock_uncertainty_s: float | None = None
    sync: SyncClass | None = None  # of the pair that is compared


@dataclass(frozen=True)
class ReplayIdle:
    """A replay has come to a time of the recording at which nothing was waiting: how long the silence there lasted."""

    time_s: float


@dataclass(frozen=True)
class RecordingChanged:
    """The recorder's state; `error` says why it had to stop."""

    path: str
    recording: bool
    error: Message | None = None


class NoticeKind(Enum):
    """What a notice is about."""

    ELECTRICAL = "electrical"
    SENSORS = "sensors"
    CHANNELS = "channels"
    ADAPTER = "adapter"
    CAPACITY = "capacity"
    NETWORK = "network"
    SIDES = "sides"


@dataclass(frozen=True)
class Notice:
    """Something to know before the test goes on; no fault of a sensor, and nothing stops for it.

    A later one takes the place of an earlier one of the same kind about the same thing.
    """

    kind: NoticeKind
    message: Message
    about: str = ""


@dataclass(frozen=True)
class SessionEnded:
    """Nothing follows. `error` is None after a normal end."""

    error: Message | None = None


LiveEvent = (
    PipelineEvent
    | SetUpChanged
    | TestStarted
    | EarlierVisits
    | SideFollowed
    | SensorChanged
    | SimulatedSensor
    | PhaseChanged
    | DataHealth
    | ReplayIdle
    | RecordingChanged
    | GuideEvent
    | EffortEvent
    | Notice
    | SpeedChanged
    | SessionEnded
)


class Command(Enum):
    """What the person at the window asks the running test to do."""

    NEXT = "next"
    REPEAT = "repeat"
    MARK = "mark"
    STOP = "stop"
    SLOWER = "slower"
    FASTER = "faster"


#: All that a view can ask for.
Asked = Command | SetUpCommand
