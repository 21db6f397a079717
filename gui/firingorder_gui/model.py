"""What the window knows, without Qt: events go in, a plain state comes out, and which parts of the window it touches.

Knows no clock and computes nothing about muscles; the contents of each card are derived from here by `cards.py`,
`lift_lists.py` and `status.py`. Trace samples do not pass through here (`traces.py` takes them).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Flag, auto
from pathlib import Path

from firingorder_session.acquiring.replay_speed import SpeedChanged
from firingorder_session.events.effort_events import EffortLevel, HoldSummary, ShareFollowed
from firingorder_session.events.guide_events import GuideBegan, SideSwitched
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.events.live_events import (
    DataHealth,
    LiveEvent,
    Notice,
    NoticeKind,
    Origin,
    Phase,
    PhaseChanged,
    RecordingChanged,
    SensorChanged,
    SensorPhase,
    SessionEnded,
    SideFollowed,
    SimulatedSensor,
    TestStarted,
)
from firingorder_session.events.set_up_events import SetUpChanged, SetUpStep
from firingorder_session.judging.detectable import LagsBySide
from firingorder_session.judging.earlier_visits import EarlierVisits
from firingorder_signal.blocks import Side, Site, StreamInfo
from firingorder_signal.events import (
    ChannelQuality,
    EmgTrace,
    LiftDismissed,
    LiftEnded,
    LiftJudged,
    LiftStarted,
    MotionTrace,
    PlacementFound,
    ProvisionalOrder,
    SetUpdated,
)
from firingorder_signal.results import Lift, Reason, SetResult, Verdict

from .effort import EffortState
from .sites import tell_apart
from .texts import ENGLISH, Texts

#: Muscles switch on at most this long before the lift is noticed, seconds: their onsets are sought 0.8 s before it.
BEFORE_LIFT_S = 1.0


class Part(Flag):
    """Parts of the window that an event can touch."""

    NONE = 0
    TOP = auto()
    CARD = auto()
    ORDER = auto()
    TABLE = auto()
    BOTTOM = auto()
    LANES = auto()
    LENS = auto()
    SENSORS = auto()
    ANSWER = auto()
    SET_UP = auto()
    EFFORT = auto()
    ALL = TOP | CARD | ORDER | TABLE | BOTTOM | LANES | LENS | SENSORS | ANSWER | SET_UP | EFFORT


@dataclass
class ViewModel:
    """State of the window.

    `feed` alone follows events, and `note_quiet` their absence; `select` is all that a person changes.
    """

    texts: Texts = ENGLISH
    test: TestStarted | None = None
    sensors: dict[str, SensorChanged] = field(default_factory=dict[str, SensorChanged])
    streamed: set[str] = field(default_factory=set[str])  # links of which samples have come at some time
    phase: PhaseChanged = field(default_factory=lambda: PhaseChanged(Phase.CONNECTING))
    lifts: dict[int, Lift] = field(default_factory=dict[int, Lift])
    ended_lifts: set[int] = field(default_factory=set[int])
    provisional: ProvisionalOrder | None = None  # of the lift under way
    result: SetResult | None = None
    results: dict[Side, SetResult] = field(default_factory=dict[Side, SetResult])
    earlier_s: LagsBySide = field(default_factory=dict[Side, tuple[float, ...]])  # the person's lags at other visits
    quality: dict[Site, ChannelQuality] = field(default_factory=dict[Site, ChannelQuality])
    placement: dict[Side, tuple[Reason, ...]] = field(default_factory=dict[Side, tuple[Reason, ...]])
    health: DataHealth | None = None
    recording: RecordingChanged | None = None
    set_up: SetUpChanged | None = None  # while the test is set up
    ended: SessionEnded | None = None
    streams: dict[str, StreamInfo] = field(default_factory=dict[str, StreamInfo])
    hardware_synced: set[str] = field(default_factory=set[str])  # streams whose device says that its clock is
    notices: dict[tuple[NoticeKind, str], Notice] = field(default_factory=dict[tuple[NoticeKind, str], Notice])
    followed: Side | None = None  # the side shown, where several are judged
    has_motion: bool = False
    is_simulated: bool = False
    quiet: bool = False  # nothing reaches the window although it should; by the window's own clock
    head_s: float | None = None
    speed: float | None = None  # of a replay, times real time
    shown: int | None = None  # the lift in lens and order card
    awaits_cues: bool = False
    holds: bool = False  # a static set, in which no lift counts
    n_held: int = 0  # its complete holds
    effort: EffortState = field(default_factory=EffortState)

    def feed(self, events: Iterable[LiveEvent]) -> Part:
        """Take events in order and return the parts of the window that must be drawn again."""
        touched = Part.NONE
        for event in events:
            touched |= self._take(event)
        return touched

    def note_quiet(self, quiet: bool) -> Part:
        """Note whether nothing comes any more."""
        was, self.quiet = self.quiet, quiet
        return Part.NONE if was is quiet else Part.CARD

    def _take(self, event: LiveEvent) -> Part:
        """Follow one event."""
        match event:
            case EmgTrace():
                return self._take_emg(event)
            case MotionTrace():
                return self._take_motion(event)
            case LiftStarted(time_s=time_s):
                self._forget_provisional(time_s - BEFORE_LIFT_S)
                self.effort.lift(not self.holds)
                return Part.TOP | Part.EFFORT
            case ProvisionalOrder():
                self.provisional = event
                return Part.CARD
            case LiftJudged(lift=lift):
                self.provisional = None
                return self._take_lift(lift)
            case LiftEnded(lift=lift):
                self.ended_lifts.add(lift.number)
                self.effort.lift(False)
                return self._take_lift(lift) | Part.EFFORT
            case LiftDismissed(number=number):
                self.effort.lift(False)
                return self._drop_lift(number) | Part.EFFORT
            case SetUpdated(result=result):
                self.result = self.results[result.side] = result
                # A lift that was set aside since is another one now.
                self.lifts.update({lift.number: lift for lift in result.lifts})
                return Part.CARD | Part.TABLE | Part.TOP | Part.ANSWER
            case ChannelQuality():
                return self._take_quality(event)
            case PlacementFound(side=side, reasons=reasons):
                self.placement[side] = reasons
                return Part.TOP | Part.CARD | Part.SENSORS
            case _:
                return self._take_session(event)

    def _take_session(self, event: LiveEvent) -> Part:
        """Follow an event of the session, not of the signals."""
        match event:
            case TestStarted():
                self.test = event
                self.is_simulated = event.simulated or event.origin is Origin.SIMULATED
                self.holds, self.effort.plan = event.hold is not None, event.hold
                return Part.ALL
            case EarlierVisits(lags_s=lags_s):
                self.earlier_s = lags_s
                return Part.ANSWER
            case SideFollowed(side=side):
                self.followed = side
                return Part.ALL
            case SimulatedSensor():
                self.is_simulated = True
                return Part.TOP | Part.BOTTOM
            case SensorChanged():
                self.sensors[event.link] = event
                if event.phase is SensorPhase.STREAMING:
                    self.streamed.add(event.link)
                return Part.TOP | Part.CARD | Part.LANES | Part.SENSORS
            case Notice():
                self.notices[event.kind, event.about] = event
                return Part.SENSORS | Part.BOTTOM | Part.CARD
            case PhaseChanged():
                self.phase = event
                parts = Part.CARD | Part.TOP | Part.ANSWER
                return parts | Part.EFFORT | Part.SENSORS if self.holds else parts
            case EffortLevel() | ShareFollowed():
                is_new = isinstance(event, EffortLevel) and event.site not in self.effort.levels
                self.effort.take(event)
                return Part.EFFORT | Part.LENS if is_new and self.holds else Part.EFFORT
            case HoldSummary():
                self.effort.take(event)
                return Part.EFFORT | Part.LENS
            case GuideBegan():
                self.awaits_cues, self.effort.n_sides = event.gives_cues, event.n_sides
                self.followed = self.followed if event.side is Side.MIDDLE else event.side
                return Part.CARD | Part.TOP
            case SideSwitched(side=side):
                return self._turn_to(side)
            case HoldStarted():
                self.holds = True
                self.effort.take(event)
                return Part.CARD | Part.TOP | Part.EFFORT
            case HoldEnded(complete=complete):
                self.n_held += int(complete)
                self.effort.take(event)
                return Part.TOP | Part.EFFORT
            case DataHealth():
                self.health = event
                if self.set_up is not None:
                    self._move_head(event.time_s)  # there are no traces yet, and the recording goes on
                return Part.BOTTOM | Part.CARD
            case SetUpChanged():
                self.set_up = None if event.step is SetUpStep.DONE else event
                return Part.SET_UP
            case RecordingChanged():
                self.recording = event
                return Part.TOP | Part.CARD
            case SpeedChanged(speed=speed):
                self.speed = speed
                return Part.TOP | Part.BOTTOM
            case SessionEnded():
                self.ended, self.set_up = event, None
                return Part.ALL
            case _:
                return Part.NONE

    def _take_emg(self, event: EmgTrace) -> Part:
        """Note that a stream is there; its samples are not this model's business."""
        self._move_head(event.timebase.time_of(event.first_index + len(event.values)))
        stream_id = event.stream.stream_id
        touched = self._note_clock(stream_id, event.timebase.hardware)
        if stream_id in self.streams:
            return touched
        self.streams[stream_id] = tell_apart(event.stream)
        return Part.LANES | Part.BOTTOM | Part.SENSORS

    def _note_clock(self, stream_id: str, hardware: bool) -> Part:
        """Follow whether the device says that its clock is synchronised by hardware."""
        if hardware == (stream_id in self.hardware_synced):
            return Part.NONE
        (self.hardware_synced.add if hardware else self.hardware_synced.discard)(stream_id)
        return Part.SENSORS

    def _take_motion(self, event: MotionTrace) -> Part:
        """Note that there are angles."""
        if len(event.time_s):
            self._move_head(float(event.time_s[-1]))
        if self.has_motion:
            return Part.NONE
        self.has_motion = True
        return Part.LANES | Part.ORDER

    def _move_head(self, time_s: float) -> None:
        """Let the newest sample's time only grow: streams arrive one behind the other."""
        self.head_s = time_s if self.head_s is None else max(self.head_s, time_s)

    def _take_lift(self, lift: Lift) -> Part:
        """Keep the lift and show it; a person's choice of an older one ends here."""
        self.lifts[lift.number] = lift
        self.shown = lift.number
        return Part.TOP | Part.CARD | Part.ORDER | Part.TABLE | Part.LENS

    def _forget_provisional(self, before_s: float) -> None:
        """Forget a provisional order that is older than the lift that begins: it was of some other movement."""
        if self.provisional is not None and self.provisional.time_s < before_s:
            self.provisional = None

    def _drop_lift(self, number: int) -> Part:
        """Forget a lift that turned out to be none, and show the one before it."""
        self.provisional = None
        if self.lifts.pop(number, None) is None:
            return Part.TOP
        self.shown = max(self.lifts, default=None)
        return Part.TOP | Part.CARD | Part.ORDER | Part.TABLE | Part.LENS

    def _take_quality(self, event: ChannelQuality) -> Part:
        """Keep the newest state of one electrode."""
        self.quality[event.site] = event
        return Part.TOP | Part.LANES | Part.SENSORS

    def _turn_to(self, side: Side) -> Part:
        """Begin the other side's list; its lifts are numbered from one again. Both sides' results stay."""
        self.followed, self.shown, self.result, self.provisional = side, None, self.results.get(side), None
        self.lifts.clear()
        self.ended_lifts.clear()
        return Part.ALL

    def select(self, number: int) -> Part:
        """Show an earlier lift again, if it exists; in a test of holds a hold."""
        if self.holds:
            return Part.EFFORT | Part.LENS if self.effort.choose(number) else Part.NONE
        if number not in self.lifts or number == self.shown:
            return Part.NONE
        self.shown = number
        return Part.ORDER | Part.TABLE | Part.LENS

    @property
    def side(self) -> Side | None:
        """The tested side: as stated, else the one the muscles are on; None before that is known."""
        if self.test is not None and self.test.side is not Side.MIDDLE:
            return self.test.side
        if self.followed is not None:
            return self.followed
        sides = {site.side for stream in self.streams.values() for site in stream.sites} - {Side.MIDDLE}
        return next(iter(sides)) if len(sides) == 1 else None

    @property
    def title(self) -> str:
        """The test's name in the window's language; the program's before the test is known."""
        if self.test is None:
            return self.texts.app_title
        return self.test.titles.get(self.texts.language, self.test.title)

    @property
    def origin(self) -> Origin | None:
        """Where the data comes from, None before the test is known."""
        return self.test.origin if self.test else None

    @property
    def recorded(self) -> Path | None:
        """Where the recording of a test that is over lies; None before, and of a test that records nothing."""
        return Path(self.recording.path) if self.ended is not None and self.recording is not None else None

    @property
    def shown_lift(self) -> Lift | None:
        """The lift that lens and order card show."""
        return None if self.shown is None else self.lifts.get(self.shown)

    @property
    def wanted(self) -> int:
        """How many lifts of a side, or holds of all sides, the test asks for; 0 before it is known."""
        if self.test is None:
            return 0
        return self.test.lifts_wanted * (self.effort.n_sides if self.holds else 1)

    @property
    def shows_effort(self) -> bool:
        """Whether the bars are shown: in a test of holds always, in bridges while one is up."""
        return self.holds or (self.effort.lifts and self.test is not None and self.test.shows_effort)

    @property
    def n_scored(self) -> int:
        """Ended lifts that count, or complete holds."""
        if self.holds:
            return self.n_held
        return sum(1 for number in self.ended_lifts if is_scored(self.lifts[number]))


def is_scored(lift: Lift) -> bool:
    """Say whether a lift has an answer, if only the answer that a muscle stayed silent."""
    return lift.verdict is not Verdict.NOT_JUDGED
