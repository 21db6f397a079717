"""A running test: sensors, recording, analysis and the queue the view drains, from start to end.

Three threads besides the view's: each link reads, the acquisition records and decodes, the analysis judges. They meet
in bounded queues: traces that do not fit are dropped, counted and shown, what the test has to say always arrives. A
crash of the view loses nothing.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from firingorder_bridge.events import BridgeEvent
from firingorder_bridge.links.pace import Pace
from firingorder_signal.blocks import Side
from firingorder_signal.events import ChannelQuality, EmgAlarm, EmgTrace, MotionTrace
from firingorder_signal.results import SetResult

from ..acquiring.acquisition import Acquisition
from ..acquiring.replay_speed import SpeedChanged, change_speed
from ..acquiring.roll_call import Expected
from ..acquiring.sensor_watch import SensorWatch
from ..acquiring.unheard import StrangerWatch, Unheard, find_unheard
from ..bounded import BoundedQueue
from ..events.effort_events import EffortLevel, HoldSummary, ShareFollowed
from ..events.guide_events import GUIDE_EVENTS, CueGiven, GuideBegan, SideSwitched, write_step
from ..events.live_events import (
    Asked,
    Command,
    DataHealth,
    LiveEvent,
    Notice,
    Origin,
    Phase,
    PhaseChanged,
    RecordingChanged,
    ReplayIdle,
    SensorChanged,
    SessionEnded,
    SideFollowed,
    SimulatedSensor,
)
from ..events.set_up_events import ChooseReference, ChooseTest, ExchangeNames, SetUpChanged, SetUpCommand
from ..judging.analysis import EXCLUDE_LIFT, SetAside
from ..judging.earlier_visits import EARLIER_LAGS, choose_earlier
from ..judging.effort_meter import make_meter
from ..messages import Message, MessageCode
from ..protocols.catalogue import find_protocol
from ..protocols.protocol_plan import Protocol
from ..recordings.beginning import TEST_BEGAN, write_beginning
from ..recordings.head import hash_settings
from ..setting_up.references import REFERENCE, Reference
from ..setting_up.set_up import SetUp, SetUpOutput
from ..setting_up.set_up_record import RecordedSetUp
from .data_health import HealthWatch, measure_health
from .guide import Guide
from .live_analysis import LiveAnalysis, is_of
from .phases import PhaseTable
from .plan import TestPlan, make_target

log = logging.getLogger(__name__)

#: Where sensors and recorder say what they do; called on any thread.
Emit = Callable[[SensorChanged | RecordingChanged | Notice], None]
#: Who listens to a test besides its view.
Audience = Callable[[Sequence[BridgeEvent | LiveEvent]], None]

#: Events that may wait for the view: a minute of two sensors' traces while the window hangs.
VIEW_ITEMS = 30_000
#: What a view that hangs may miss: more of it follows. Anything else says where the test stands, and must arrive.
PASSING = (EmgTrace, MotionTrace, EmgAlarm, ChannelQuality, DataHealth, ReplayIdle, EffortLevel, ShareFollowed)
#: How long the analysis waits for something to do before it looks at commands.
TURN_S = 0.02
#: Bridge events analyzed at once: some 50 ms of work (a block of 20 ms of one stream takes at most 3 ms).
PART = 16


class LiveTest:
    """Run one test; the view's `SessionHandle`. `open_test.py` makes them.

    Parameters
    ----------
    plan
        What is run.
    expected
        Sensors to wait for before the test begins.
    make_acquisition
        Makes what brings the data in, given where it shall say what the sensors and the recorder do.
    pace
        Of a replay, whose speed can be changed; None for sensors.

    Attributes
    ----------
    stop_when_done
        End by itself after the last lift that was wanted, for a test that nobody watches.
    audience
        Given everything that happens, besides the view: what the sensors sent and what the test has to say. Called on
        any thread, and must only append to something.
    """

    def __init__(
        self,
        plan: TestPlan,
        expected: Expected,
        make_acquisition: Callable[[Emit], Acquisition],
        pace: Pace | None = None,
    ) -> None:
        self.plan, self._stated = plan, plan.protocol
        self._pace = pace
        self.view: BoundedQueue[LiveEvent] = BoundedQueue(VIEW_ITEMS)
        self._commands: deque[Asked] = deque()
        self._health = HealthWatch(is_replay=plan.origin is Origin.REPLAY)
        self._began = False
        self._strangers = StrangerWatch()
        self._followed: Side | None = None  # None = there is one side at most
        self.stop_when_done = False
        self.audience: Audience | None = None
        self._simulated = plan.simulated
        params, phases, guide = make_target(self.plan)
        self._analysis = LiveAnalysis(
            params,
            phases,
            expected,
            plan.set_aside,
            plan.taking_part,
            guide=guide,
            from_s=plan.from_s,
            corrections=plan.corrections,
        )
        self._references = dict(plan.references)
        self._analysis.effort = make_meter(plan.protocol, self._references)
        self._names = plan.names
        self._sensors = SensorWatch()
        self._set_up: SetUp | RecordedSetUp | None = None
        self._catches_up = plan.goes_on
        self._tell_start(phases)
        if plan.set_up:
            self._set_up = SetUp(plan.protocol.name, plan.side or Side.MIDDLE, plan.asks_test)
            self._analysis.held = True
            self._carry_out(self._set_up.take(()))
        elif plan.past_set_up is not None:
            self._set_up = RecordedSetUp(plan.past_set_up, plan.names, self._skip_set_up)
            self._carry_out(self._set_up.take(()))
        self._acquisition = make_acquisition(self._put)
        self._thread = threading.Thread(target=self._run, name="analysis")

    @property
    def origin_ns(self) -> int:
        """Monotonic host time that counts as 0 s, by this computer's clock."""
        return self._acquisition.origin_ns - self._acquisition.shift_ns

    @property
    def unheard(self) -> tuple[Unheard, ...]:
        """Links that have brought no samples."""
        return find_unheard(self._acquisition.channels, self._analysis.heard)

    @property
    def heard_nothing(self) -> bool:
        """Whether no sample has come at all."""
        return not self._analysis.heard

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side, as it stands."""
        return self._analysis.results

    @property
    def hold_summaries(self) -> tuple[HoldSummary, ...]:
        """The holds of a static set, as far as they are over."""
        return tuple(self._analysis.effort.summaries) if self._analysis.effort else ()

    def start(self) -> None:
        """Open the links and begin; raise LinkError, with nothing running, where one cannot be opened."""
        try:
            self._acquisition.start()
        finally:
            self._thread.start()  # also after a refusal: the analysis ends by the closed queue

    def drain(self) -> list[LiveEvent]:
        """Return everything that happened since the last call, without waiting."""
        return self.view.take(0.0)

    def command(self, command: Asked) -> None:
        """Ask the test for something."""
        self._commands.append(command)

    def close(self) -> None:
        """Stop the sensors, finish the recording and the analysis."""
        self._acquisition.stop()
        if self._thread.is_alive():
            self._thread.join()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end of the test; tell whether it has come."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _tell_start(self, phases: PhaseTable) -> None:
        """Say what is being tested."""
        self._show(self.plan.announce())
        self._show(phases.begin())
        if self.plan.recorded_earlier.lags_s:
            self._show(self.plan.recorded_earlier)
        for notice in self.plan.notices:
            self._show(notice)
        if self._pace is not None and self._pace.speed is not None:
            self._show(SpeedChanged(self._pace.speed))

    def _put(self, event: SensorChanged | RecordingChanged | Notice) -> None:
        """Pass on what is said of the sensors and by the recorder; called on any thread."""
        if isinstance(event, SensorChanged):
            self._sensors.take(event)
        self._show(self._names.sensor(event) if isinstance(event, SensorChanged) else event)
        if not self._simulated and isinstance(event, SensorChanged) and event.simulated:
            self._simulated = True
            self._show(SimulatedSensor(event.uid))

    def _show(self, event: LiveEvent) -> None:
        """Queue an event for the view; only what passes by may be dropped where the view hangs.

        A view shows one leg: what the analysis has to say of another one is for the audience alone.
        """
        if isinstance(event, SideFollowed | SideSwitched) or (isinstance(event, GuideBegan) and event.n_sides > 1):
            self._followed = event.side
        if self._followed is None or is_of(event, self._followed):
            self.view.put(event, always=not isinstance(event, PASSING))
        if self.audience is not None and not self._catches_up:
            self.audience((event,))

    def _run(self) -> None:
        """Analyze until the acquisition has ended."""
        error: Message | None = None
        try:
            self._catch_up()
            while not self._acquisition.sink.ended:
                brought = self._names.events(self._acquisition.sink.take(TURN_S))
                if self.audience is not None:
                    self.audience(brought)
                # In parts: a fast replay brings more at once than can be analyzed between two frames of the window.
                for first in range(0, len(brought), PART):
                    self._tell(self._analysis.take(brought[first : first + PART]))
                    self._obey()
                    self._tell_health()
                if self._set_up is not None:
                    self._carry_out(self._set_up.take(brought))
                self._obey()
                if not brought:
                    self._tell_idle()
                self._note_begin()
                self._tell_strangers()
                self._lead()
            self._tell(self._analysis.finish())
        except Exception:  # the outermost task of this thread: said once, and the recording goes on to its end
            log.exception("the analysis stopped")
            error = Message(MessageCode.ANALYSIS_FAILED)
        finally:
            self._acquisition.sink.close()  # whoever waits for room in it must not wait for ever
        self._show(SessionEnded(error or self._acquisition.error))

    def _catch_up(self) -> None:
        """Follow what was recorded before the test was taken up, as fast as it goes; the sensors' data waits."""
        for brought in self._acquisition.followed:
            events = self._analysis.take(self._names.events(brought))
            self._tell([event for event in events if not isinstance(event, CueGiven)])  # nobody is to lift now
        if self._catches_up:
            self._began = self._analysis.has_begun
            self._health.begin(self._analysis.time_s)
            self._tell(self._analysis.lead_on(Guide(self.plan.protocol), self.plan.steps))
            self._catches_up = False

    def _note_begin(self) -> None:
        """Record once who takes part, so that every later analysis has the same streams."""
        if self._analysis.has_begun and not self._began:
            self._began = True
            self._acquisition.note(TEST_BEGAN, write_beginning(self._analysis.streams, self._analysis.from_s))
            if (earlier := choose_earlier(self.plan.earlier, self.plan.protocol)).lags_s:
                self._acquisition.note(EARLIER_LAGS, earlier.to_json())
                self._show(earlier)

    def _tell_idle(self) -> None:
        """Say how far a replay is where nothing waits to be analyzed: by its own clock, what is missing is silence."""
        reached_ns = self._acquisition.replayed_ns()
        if reached_ns is not None:
            self._show(ReplayIdle((reached_ns - self._acquisition.origin_ns) * 1e-9))

    def _tell_strangers(self) -> None:
        """Say once of each link that what comes over it is of another kind."""
        if self.plan.origin is not Origin.REPLAY:
            self._tell(self._strangers.look(self._acquisition.now_s, lambda: self.unheard))

    def _lead(self) -> None:
        """Let the guide move the test on, and record each of its steps. Nothing is due by this clock in a replay."""
        if not self.plan.guided:
            return
        events = self._analysis.lead(self._acquisition.now_s, is_mute=self._sensors.is_one_mute)
        for event in events:
            if isinstance(event, GUIDE_EVENTS):
                self._acquisition.note(*write_step(event))
        self._tell(events)

    def _tell(self, events: Sequence[LiveEvent]) -> None:
        """Hand events to the view."""
        for event in events:
            self._show(event)
            if self.stop_when_done and isinstance(event, PhaseChanged) and event.phase is Phase.DONE:
                self.stop_when_done = False
                self._stop()

    def _obey(self) -> None:
        """Carry out what the view asked for."""
        while self._commands:
            match self._commands.popleft():
                case ChooseTest() | ExchangeNames() | ChooseReference() as wish:
                    self._wish(wish)
                case Command.NEXT if self._set_up is not None:
                    self._carry_out(self._set_up.next())
                case Command.REPEAT if self._set_up is not None:
                    self._carry_out(self._set_up.back())
                case Command.NEXT:
                    self._tell(self._analysis.next())
                case Command.REPEAT:
                    self._repeat()
                case Command.MARK:
                    self._acquisition.mark(f"{self._analysis.time_s:.3f} s")
                case Command.STOP:
                    self._stop()
                case Command.SLOWER:
                    self._tell(change_speed(self._pace, faster=False))
                case Command.FASTER:
                    self._tell(change_speed(self._pace, faster=True))

    def _skip_set_up(self) -> None:
        """Let a replay hurry to where its test began."""
        if self._pace is not None and self.plan.from_s is not None:
            self._pace.hurry_to(self._acquisition.origin_ns + round(self.plan.from_s * 1e9))

    def _wish(self, wish: SetUpCommand) -> None:
        """Let the set-up do what the view asks of it."""
        if not isinstance(self._set_up, SetUp):
            return
        self._carry_out(self._set_up.obey(wish))
        side = None if self._set_up.side is Side.MIDDLE else self._set_up.side
        if (self._set_up.protocol, side) != (self.plan.protocol.name, self.plan.side):
            is_stated = self._set_up.protocol == self._stated.name  # it may be a file of the clinician's own
            self._retarget(self._stated if is_stated else find_protocol(self._set_up.protocol), side)

    def _carry_out(self, outputs: Sequence[SetUpOutput]) -> None:
        """Show and record what the set-up says; at its end the test begins."""
        for output in outputs:
            if isinstance(output, SetUpChanged):
                self._show(output)
            else:
                self._acquisition.note(output.kind, output.data)
                if output.kind == REFERENCE:
                    found = Reference.from_json(output.data)
                    self._references[found.site] = found
        if self._set_up is None:
            return
        if self._set_up.names is not self._names:
            self._names = self._set_up.names
            self._analysis.rename(self._names)
            for sensor in self._sensors.sensors:
                self._show(self._names.sensor(sensor))
        if self._set_up.is_done:
            self._set_up = None
            self._tell(self._analysis.release())

    def _retarget(self, protocol: Protocol, side: Side | None) -> None:
        """Test something else than was planned, as it was chosen in the set-up; the recording says so too."""
        self.plan = replace(self.plan, protocol=protocol, side=side)
        params, phases, guide = make_target(self.plan)
        self._analysis.retarget(params, phases, guide)
        self._analysis.effort = make_meter(protocol, self._references)
        if self._acquisition.recorder is not None:
            settings = asdict(protocol.rules)
            facts = {"protocol": protocol.name, "side": (side or Side.MIDDLE).value, "settings": settings}
            facts["protocol_file"] = protocol.text
            for key, value in {**facts, "settings_hash": hash_settings(settings)}.items():
                self._acquisition.recorder.add_fact(key, value)
        self._tell_start(phases)

    def _stop(self) -> None:
        """Stop the acquisition without waiting for it; the analysis then comes to its end."""
        threading.Thread(target=self._acquisition.stop, name="stop").start()

    def _repeat(self) -> None:
        """Set the last lift aside, and record that, so that every later analysis does the same."""
        lift, events = self._analysis.repeat()
        if lift is not None:
            self._acquisition.note(EXCLUDE_LIFT, SetAside(lift.side, lift.number, lift.start_s).to_json())
        self._tell(events)

    def _tell_health(self) -> None:
        """Say now and then how the data is doing."""
        if self._health.is_due(self._analysis.time_s, self._acquisition.now_s):
            told = (self._acquisition, self._analysis, self.view.n_dropped)
            self._show(measure_health(*told, is_replay=self._health.is_replay))
