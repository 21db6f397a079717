"""The stages joined: blocks of every stream in, events out. No arithmetic of its own.

    EMG block  -> EmgStream (filter, quality, alarms) --+
                                                        +-> SideAnalysis (onsets, order) -> lifts, set verdict
    IMU blocks -> MotionTracker (angles, lifts) --------+

Live, replay and batch call the same two doors: `update` for each block, `finish` at the end. Blocks of different
streams may come in any order, as long as none begins more than `LATE_S` before one that was given already: what is
older than that is no longer waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf

from .blocks import SampleBlock, Side, Site, StreamInfo, StreamKind
from .emg import EmgParams
from .emg_stream import EmgStream
from .episodes import EpisodeFinder
from .events import MotionTrace, PipelineEvent, PlacementFound
from .examination import Turns
from .exercise import Exercise
from .lift_gates import LiftGates
from .motion import ROLES, MotionParams, MotionTracker, Role
from .motion_events import (
    AnglesReady,
    LiftFinished,
    MotionEvent,
    MovementDismissed,
    MovementRefined,
    MovementTriggered,
    PlacementChanged,
)
from .muscles import choose_muscles, find_sides
from .placement import ALLOWED_FOR
from .results import Correction, Lift, Reason, ReasonCode, SetResult
from .rules import JudgementRules
from .shocks import ShockStream
from .side_analysis import CONFIRM_S, SideAnalysis
from .stage import Resumable
from .still_leg import StillLegWatch

#: Samples this much older than the newest block's first are no longer waited for. It is also the time after which a
#: silent sensor is given up and its link opened anew, so that nothing later can come.
LATE_S = 3.0
#: A muscle is examined for each of these seconds of a block, at least one in each: an examination takes some 6 ms, and
#: a block of 20 ms must be done with in 15.
TURN_S = 0.02
#: Signal between two times that old alarms and timebases are dropped, seconds: looking for them costs more than them.
FORGET_EVERY_S = 5.0
#: Window around the first burst of a pair in which both onsets are sought when nothing says when the leg moved.
EPISODE_WINDOW_S = (-0.3, 0.7)


@dataclass(frozen=True)
class PipelineParams:
    """What is being tested.

    Attributes
    ----------
    side
        The side judged; None = every side that has a hamstring or a glute channel.
    uses_motion
        Find lifts by the motion sensors; None = where a pelvis and a thigh sensor are worn.
    hold_s
        Collect this much of each stream before working on it. 0 = live. The results are the same to the last bit; in
        batch it saves most of the cost, and there are no traces for a view unless `shows_traces` asks for them.
    shows_traces
        Give the traces also where `hold_s` collects: for a view of a whole recording.
    says_provisional
        Give a first word on each order before its verdict, for a view.
    exercises
        What the test asks for, as the motion sensors name it; a lift of another kind is listed and does not count.
    gates
        What a lift must keep to count; None = what the rules say.
    """

    protocol: str = "prone_hip_extension"
    rules: JudgementRules = field(default_factory=JudgementRules)
    side: Side | None = None
    uses_motion: bool | None = None
    hold_s: float = 0.0
    shows_traces: bool = False
    says_provisional: bool = False
    exercises: frozenset[Exercise] = frozenset({Exercise.PRONE_LIFT})
    gates: LiftGates | None = None


@dataclass
class SideChain:
    """What belongs to one side: its analysis, what finds its lifts, and what watches the sensors' places.

    Attributes
    ----------
    cues
        Finds when both muscles switch on, which is when the leg should move.
    places
        What the motion sensors say of their places by themselves.
    """

    analysis: SideAnalysis
    motion: MotionTracker | None
    episodes: EpisodeFinder | None
    roles: dict[str, Role]
    n_episodes: int = 0

    @property
    def finds_lifts(self) -> bool:
        """Whether the sensors that find its lifts are worn."""
        return self.episodes is not None or set(ROLES) <= set(self.roles.values())

    still_leg: StillLegWatch = field(default_factory=StillLegWatch)
    cues: EpisodeFinder | None = None
    places: tuple[Reason, ...] = ()


class Pipeline(Resumable):
    """Turn blocks into events and sets.

    Parameters
    ----------
    streams
        Every stream that takes part; blocks of others are ignored, so that a sensor that joins late changes nothing.
    params
        What is being tested and by which rules.
    """

    def __init__(self, streams: Sequence[StreamInfo], params: PipelineParams) -> None:
        self._params = params
        emg = [stream for stream in streams if stream.kind is StreamKind.EMG]
        self._emg = {
            stream.stream_id: EmgStream(stream, params.rules, params.hold_s, shows_traces=params.shows_traces)
            for stream in emg
        }
        # Asked of the same window as the muscles, and so as far back as they.
        kept_s = EmgParams().history_s + 2 * params.hold_s
        imus = [stream for stream in streams if stream.kind is StreamKind.IMU]
        self._shocks = {stream.stream_id: ShockStream(stream, kept_s) for stream in imus}
        self._sides = [self._build_side(side, streams) for side in find_sides(streams, params.side)]
        self._horizon_s = self._newest_s = self._forgot_s = float("-inf")

    @property
    def results(self) -> tuple[SetResult, ...]:
        """One set a side, as it stands."""
        return tuple(chain.analysis.result for chain in self._sides)

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that are judged, those with both muscles first: whoever can follow but one follows the first."""
        chains = sorted(self._sides, key=lambda chain: len(chain.analysis.pair), reverse=True)
        return tuple(chain.analysis.side for chain in chains)

    @property
    def whole_sides(self) -> tuple[Side, ...]:
        """The sides that have all a test needs: both muscles, and what finds their lifts."""
        whole = {chain.analysis.side for chain in self._sides if len(chain.analysis.pair) > 1 and chain.finds_lifts}
        return tuple(side for side in self.sides if side in whole)

    def _build_side(self, side: Side, streams: Sequence[StreamInfo]) -> SideChain:
        """Choose a side's channels and what finds its lifts."""
        muscles = choose_muscles(side, self._emg, self._shocks)
        analysis = SideAnalysis(
            muscles, self._params.protocol, self._params.rules, says_provisional=self._params.says_provisional
        )
        roles = find_motion_roles(side, streams)
        has_motion = set(ROLES) <= set(roles.values())
        if has_motion if self._params.uses_motion is None else self._params.uses_motion:
            params = MotionParams(rules=self._params.rules, hold_s=self._params.hold_s, gates=self._params.gates)
            cues = EpisodeFinder(muscles, CONFIRM_S) if has_motion else None
            return SideChain(analysis, MotionTracker(params, tuple(roles.values())), None, roles, cues=cues)
        return SideChain(analysis, None, EpisodeFinder(muscles, CONFIRM_S), {})

    def update(self, block: SampleBlock) -> list[PipelineEvent]:
        """Take the next samples of one stream."""
        block = block.measurable()
        stream_id = block.stream.stream_id
        events: list[PipelineEvent] = []
        self._horizon_s = max(self._horizon_s, block.start_s - LATE_S)
        self._newest_s = max(self._newest_s, block.end_s)
        if stream_id in self._emg:
            events += self._emg[stream_id].update(block)
        elif stream_id in self._shocks:
            self._shocks[stream_id].update(block)
        for chain in self._sides:
            if chain.motion is not None:
                if stream_id in chain.roles:
                    events += self._follow(chain, chain.motion.update(chain.roles[stream_id], block))
                events += self._follow(chain, chain.motion.advance(self._horizon_s))
        # Live, one muscle in 20 ms of signal, whatever the block; in batch nobody waits.
        turns = inf if self._params.hold_s > 0.0 else max(round((block.end_s - block.start_s) / TURN_S), 1)
        return events + self._settle(Turns(turns))

    def find_last_lift(self, side: Side) -> Lift | None:
        """Return a side's newest lift that was judged; None without one."""
        return next((chain.analysis.last_lift for chain in self._sides if chain.analysis.side is side), None)

    def exclude(self, side: Side, number: int, start_s: float | None = None) -> list[PipelineEvent]:
        """Set a lift aside, as the examiner asks; see `SideAnalysis.exclude`."""
        chains = [chain for chain in self._sides if chain.analysis.side is side]
        return [event for chain in chains for event in chain.analysis.exclude(number, start_s)]

    def correct(
        self, side: Side, number: int, start_s: float, site: Site, correction: Correction | None
    ) -> list[PipelineEvent]:
        """Put an onset where a person says it is; see `SideAnalysis.correct`."""
        chains = [chain for chain in self._sides if chain.analysis.side is side]
        return [event for chain in chains for event in chain.analysis.correct(number, start_s, site, correction)]

    def finish(self) -> list[PipelineEvent]:
        """End the data: judge what can be judged with what there is."""
        events: list[PipelineEvent] = [event for stream in self._emg.values() for event in stream.flush()]
        for chain in self._sides:
            if chain.motion is not None:
                events += self._follow(chain, chain.motion.finish())
        self._horizon_s = float("inf")
        return events + self._settle(Turns(inf))

    def _follow(self, chain: SideChain, motion_events: Sequence[MotionEvent]) -> list[PipelineEvent]:
        """Carry what the motion sensors say to the side's lifts."""
        rules, events = self._params.rules, list[PipelineEvent]()
        side = chain.analysis.side
        for event in motion_events:
            match event:
                case AnglesReady():
                    chain.still_leg.add_angles(event)
                    events.append(MotionTrace(event.time_s, event.hip_deg, event.tilt_deg, side))
                case PlacementChanged():
                    chain.places = event.reasons
                    events += _say_places(chain, event.time_s)
                case MovementTriggered():
                    events += chain.analysis.start(event.number, event.time_s)
                case MovementRefined():
                    around_s = event.movement.time_s
                    window = (around_s - rules.search_before_s, around_s + rules.search_after_s)
                    chain.analysis.place(event.number, around_s, window, event.movement)
                case MovementDismissed():
                    events += chain.analysis.dismiss(event.number, event.time_s)
                case LiftFinished():
                    chain.still_leg.add_lift()
                    chain.analysis.end(event.number, partial(complete_lift, event, self._params.exercises))
        return events

    def _settle(self, turns: Turns) -> list[PipelineEvent]:
        """Judge what is complete, and forget what nobody will look back at."""
        events: list[PipelineEvent] = []
        for chain in self._sides:
            if chain.episodes is not None:
                events += self._start_episodes(chain, chain.episodes)
            if chain.cues is not None:
                for time_s in chain.cues.find(chain.cues.muscles.known_until_s(self._horizon_s)):
                    chain.still_leg.add_burst(time_s)
                events += _say_places(chain, chain.still_leg.judged_s)
            events += chain.analysis.settle(self._horizon_s, self._newest_s, turns)
        self._forget()
        return events

    def _start_episodes(self, chain: SideChain, episodes: EpisodeFinder) -> list[PipelineEvent]:
        """Make a lift of every new pair of bursts."""
        events: list[PipelineEvent] = []
        for time_s in episodes.find(episodes.muscles.known_until_s(self._horizon_s)):
            chain.n_episodes += 1
            events += chain.analysis.start(chain.n_episodes, time_s)
            window = (time_s + EPISODE_WINDOW_S[0], time_s + EPISODE_WINDOW_S[1])
            chain.analysis.place(chain.n_episodes, time_s, window, None)
            chain.analysis.end(chain.n_episodes, _accept)
        return events

    def _forget(self) -> None:
        """Drop alarms and timebases older than any lift can need, now and then."""
        if self._newest_s < self._forgot_s + FORGET_EVERY_S:
            return
        self._forgot_s = self._newest_s
        for stream in self._emg.values():
            needed_s = min((chain.analysis.oldest_needed_s for chain in self._sides), default=stream.end_s)
            # Up to the horizon other streams, and with them new lifts, may still come.
            stream.forget_before(min(needed_s, min(stream.end_s, self._horizon_s) - stream.history_s))


def _say_places(chain: SideChain, time_s: float) -> list[PipelineEvent]:
    """Tell what is wrong with the sensors' places, if it has changed; a leg that stays is what is left to be told."""
    still = chain.still_leg.reason
    clear = all(reason.code in ALLOWED_FOR for reason in chain.places)
    found = (*chain.places, still) if still is not None and clear else chain.places
    if found == chain.analysis.placement:
        return []
    chain.analysis.placement = found
    return [PlacementFound(chain.analysis.side, time_s, found)]


def complete_lift(finished: LiftFinished, wanted: frozenset[Exercise], lift: Lift) -> Lift:
    """Add to a lift what the motion sensors say of it as a whole; it does not count where another was wanted."""
    # Before any fault of its own: what is wrong with a bridge is no matter in a test of prone lifts.
    reason = finished.reason if finished.exercise in wanted else Reason(ReasonCode.OTHER_EXERCISE)
    return replace(
        lift,
        start_s=finished.start_s,
        peak_s=finished.peak_s,
        end_s=finished.end_s,
        hip_range_deg=finished.hip_range_deg,
        peak_speed_deg_s=finished.peak_speed_deg_s,
        hold_s=finished.hold_s,
        exercise=finished.exercise,
        pelvis=finished.pelvis,
        knee_deg=finished.knee_deg,
        flexion_deg=finished.flexion_deg,
        movement=finished.movement,
        valid=reason is None,
        reason=reason,
    )


def _accept(lift: Lift) -> Lift:
    """Mark a lift without motion sensors valid: it has no gates to pass."""
    return replace(lift, valid=True)


def find_motion_roles(side: Side, streams: Sequence[StreamInfo]) -> dict[str, Role]:
    """Name the streams a side's angles are made of: stream id -> role; pelvis and thigh must be among them."""
    other = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}.get(side)
    wanted: list[tuple[Role, str, Side | None]] = [
        ("pelvis", "pelvis", Side.MIDDLE),
        ("thigh", "thigh", side),
        ("thigh", "thigh", Side.MIDDLE),
        ("other_thigh", "thigh", other),
        ("shank", "shank", side),
    ]
    imus = [stream for stream in streams if stream.kind is StreamKind.IMU]
    roles: dict[str, Role] = {}
    for role, part, on in wanted:
        worn = [stream for stream in imus if stream.sites[0].part == part and stream.sites[0].side is on]
        if worn and role not in roles.values():
            # Two sensors may sit on the pelvis, one over each glute: which one is taken is not a matter of arrival.
            roles[min(stream.stream_id for stream in worn)] = role
    return roles
