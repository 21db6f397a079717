"""The heart of a running test, fed with simulated blocks: when it begins, what it says, what it does when asked."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np

from firingorder_bridge.events import BridgeEvent, DeviceDropped, DeviceReturned, Samples, StreamDescribed
from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_session.acquiring.roll_call import Expected
from firingorder_session.events.guide_events import GuideBegan, SideSwitched
from firingorder_session.events.live_events import LiveEvent, Phase, PhaseChanged, SideFollowed
from firingorder_session.judging.analysis import SetAside, pipeline_params
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.protocols.protocol_plan import SideOrder
from firingorder_session.running.guide import Guide
from firingorder_session.running.live_analysis import LiveAnalysis, is_of
from firingorder_session.running.phases import PhaseTable
from firingorder_signal.blocks import SampleBlock, Side, Site, StreamInfo
from firingorder_signal.events import LiftEnded, LiftJudged, MotionTrace, SetUpdated
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import ReasonCode, Verdict

N_LIFTS = 2


@cache
def simulate() -> SimulatedSet:
    return simulate_set(SetParams(n_lifts=N_LIFTS, rest_s=3.0), seed=4)


def described() -> list[BridgeEvent]:
    return [StreamDescribed(stream) for stream, _ in simulate().streams()]


def samples(blocks: Iterable[SampleBlock]) -> list[BridgeEvent]:
    return [Samples(block) for block in blocks]


def make(lifts_wanted: int = N_LIFTS, set_aside: tuple[SetAside, ...] = ()) -> LiveAnalysis:
    return LiveAnalysis(PipelineParams(), PhaseTable(3.0, lifts_wanted), Expected(2), set_aside)


def phases(events: Iterable[LiveEvent]) -> list[Phase]:
    """List the phases in order, repetitions left out."""
    all_phases = [event.phase for event in events if isinstance(event, PhaseChanged)]
    return [phase for phase, before in zip(all_phases, [None, *all_phases], strict=False) if phase is not before]


def test_it_begins_when_all_that_was_described_is_flowing() -> None:
    live = make()
    blocks = simulate().to_blocks(0.1)
    live.take(described())
    assert phases(live.take(samples(blocks[:3]))) == []
    assert phases(live.take(samples(blocks[3:4]))) == [Phase.LIE_STILL]


def test_a_whole_test_runs_its_course_and_judges_as_the_pipeline_does() -> None:
    live = make()
    events = live.take(described() + samples(simulate().to_blocks(0.1))) + live.finish()
    assert phases(events) == [
        Phase.LIE_STILL,
        Phase.READY,
        *[Phase.LIFTING, Phase.ANSWER] * N_LIFTS,
        Phase.DONE,
    ]
    pipeline = Pipeline([stream for stream, _ in simulate().streams()], PipelineParams())
    for block in simulate().to_blocks(0.1):
        pipeline.update(block)
    pipeline.finish()
    assert live.results == pipeline.results


def test_what_came_before_the_last_sensor_is_analyzed_too() -> None:
    blocks = simulate().to_blocks(0.1)
    thigh_id = simulate().streams()[3][0].stream_id
    live = make()
    live.take(described() + samples(block for block in blocks if block.stream.stream_id != thigh_id or block.start_s))
    assert live.results[0].lifts


def test_next_begins_with_the_sensors_that_are_there() -> None:
    live = make()
    assert live.next() == []
    live.take([*described()[:1], *samples(simulate().to_blocks(0.1)[:1])])
    assert phases(live.next()) == [Phase.LIE_STILL]
    assert len(live.streams) == 1


def test_a_missing_muscle_is_named_by_the_set() -> None:
    live = make()
    streams = [stream for stream, _ in simulate().streams() if not stream.sites[0].is_glute]
    blocks = [block for block in simulate().to_blocks(0.1) if not block.stream.sites[0].is_glute]
    live.take([StreamDescribed(stream) for stream in streams] + samples(blocks))
    live.finish()
    (result,) = live.results
    assert result.verdict is Verdict.NOT_JUDGED
    assert result.reason is not None
    assert result.reason.code is ReasonCode.SENSOR_MISSING
    assert len(result.lifts) == N_LIFTS


def test_repeat_sets_the_newest_lift_aside_while_the_leg_is_still_up() -> None:
    live = make()
    live.take(described())
    coming = iter(simulate().to_blocks(0.1))
    while Phase.ANSWER not in phases(live.take(samples([next(coming)]))):
        pass
    lift, answered = live.repeat()
    assert lift is not None
    assert (lift.number, phases(answered)) == (1, [Phase.READY])
    events = live.take(samples(coming)) + live.finish()
    first = next(event.lift for event in events if isinstance(event, LiftEnded))
    assert first.valid is False
    assert first.reason is not None
    assert first.reason.code is ReasonCode.REPEATED
    assert live.results[0].n_valid == N_LIFTS - 1


def test_there_is_nothing_to_repeat_before_the_first_lift() -> None:
    assert make().repeat() == (None, [])


def test_a_recorded_repetition_is_repeated_and_only_for_that_lift() -> None:
    """The number of a movement that was taken back is used again: its time says which was meant."""
    start_s = simulate().lifts[0].move_s
    meant = make(set_aside=(SetAside(Side.RIGHT, 1, start_s),))
    other = make(set_aside=(SetAside(Side.RIGHT, 1, start_s - 4.0),))
    for live in (meant, other):
        live.take(described() + samples(simulate().to_blocks(0.5)))
        live.finish()
    assert [lift.valid for lift in meant.results[0].lifts] == [False, True]
    assert [lift.valid for lift in other.results[0].lifts] == [True, True]


def test_a_sensor_lost_and_back_is_said_and_its_lift_not_judged() -> None:
    """The glute's sensor is away for the first lift's onset."""
    lost_s = simulate().lifts[0].move_s - 0.3
    live = make()
    events = live.take(described())
    is_lost = False
    for block in simulate().to_blocks(0.1):
        away = block.stream.sites[0].is_glute and lost_s <= block.start_s < lost_s + 1.0
        if away != is_lost and block.stream.sites[0].is_glute:
            is_lost = away
            events += live.take([DeviceDropped(0) if away else DeviceReturned(0)])
        kept = replace(block, values=np.full_like(block.values, np.nan)) if away else block
        events += live.take(samples([kept]))
    events += live.finish()
    assert Phase.LINK_LOST in phases(events)
    judged = [event.lift for event in events if isinstance(event, LiftJudged)]
    assert [lift.verdict is Verdict.NOT_JUDGED for lift in judged] == [True, False]
    assert judged[0].lag is not None
    assert judged[0].lag.reason is not None
    assert judged[0].lag.reason.code is ReasonCode.SAMPLES_LOST
    assert len([event for event in events if isinstance(event, SetUpdated)]) == N_LIFTS


def on_the_other_leg(stream: StreamInfo) -> StreamInfo:
    sites = tuple(Site(site.part, Side.LEFT) for site in stream.sites)
    return replace(stream, stream_id=f"other {stream.stream_id}", sites=sites)


def test_with_muscles_on_both_legs_the_view_follows_the_one_with_both_muscles() -> None:
    """The other thigh's sensor of a bridge has an electrode, too; its lifts end with the same numbers."""
    worn = [stream for stream, _ in simulate().streams() if stream.sites[0].part in ("thigh", "hamstring_lateral")]
    twice = [
        event
        for block in simulate().to_blocks(0.1)
        for event in samples(
            [block, *([replace(block, stream=on_the_other_leg(block.stream))] if block.stream in worn else [])]
        )
    ]
    live, alone = make(), make()
    events = live.take([*described(), *(StreamDescribed(on_the_other_leg(stream)) for stream in worn), *twice])
    events += live.finish()
    alone_events = alone.take(described() + samples(simulate().to_blocks(0.1))) + alone.finish()
    assert live.side is Side.RIGHT
    assert [result.side for result in live.results] == [Side.LEFT, Side.RIGHT]
    assert [event.side for event in events if isinstance(event, SideFollowed)] == [Side.RIGHT]
    assert phases(events) == phases(alone_events)
    followed = [event for event in events if is_of(event, live.side)]
    assert [event.lift.side for event in followed if isinstance(event, LiftEnded)] == [Side.RIGHT] * N_LIFTS
    assert {event.side for event in followed if isinstance(event, MotionTrace)} == {Side.RIGHT}
    lift, _ = live.repeat()
    assert lift is not None
    assert lift.side is Side.RIGHT


def two_legs() -> tuple[list[StreamInfo], list[SampleBlock]]:
    """Return the streams and blocks of two whole legs that move alike; the pelvis has one sensor."""
    worn = [stream for stream, _ in simulate().streams() if stream.sites[0].part != "pelvis"]
    streams = [stream for stream, _ in simulate().streams()] + [on_the_other_leg(stream) for stream in worn]
    blocks = [
        each
        for block in simulate().to_blocks(0.1)
        for each in [block, *([replace(block, stream=on_the_other_leg(block.stream))] if block.stream in worn else [])]
    ]
    return streams, blocks


def test_two_whole_legs_take_turns_and_the_view_follows_the_one_in_turn() -> None:
    streams, blocks = two_legs()
    protocol = find_protocol("prone_hip_extension")
    guide = Guide(replace(protocol, side_order=SideOrder.LEFT_FIRST), seed=1)
    live = LiveAnalysis(pipeline_params(protocol, None), PhaseTable(1.0, N_LIFTS), Expected(2), guide=guide)
    events: list[LiveEvent] = live.take(StreamDescribed(stream) for stream in streams)
    for event in samples(blocks):
        events += live.take([event])
        events += live.lead(live.time_s)
    (began,) = [event for event in events if isinstance(event, GuideBegan)]
    assert (began.side, began.n_sides, live.side) == (Side.LEFT, 2, Side.LEFT)
    assert not [event for event in events if isinstance(event, SideFollowed)]
    assert Phase.SWITCH_SIDE in phases([*events, *live.finish()])
    live.next()
    assert [event.side for event in live.lead(live.time_s + 1.0) if isinstance(event, SideSwitched)] == [Side.RIGHT]
    assert live.side is Side.RIGHT
