"""The virtual patient lifts when asked to, one leg or the other, and the truth says when."""

from dataclasses import replace

import pytest

from firingorder_bridge.events import Samples, StreamDescribed
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_session.judging.analysis import HOLD_S, pipeline_params
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_signal.blocks import Side, Site, StreamInfo
from firingorder_signal.pipeline import Pipeline, find_motion_roles
from firingorder_signal.results import SetResult

LEFT_MUSCLES = {"glute": "gluteus_maximus/left", "hamstring": "hamstring_lateral/left"}
LIFT_S = 7.5


def left_leg() -> SetParams:
    """Make the default leg, on the other side, with the glute first."""
    base = SetParams(lag_s=-0.08)
    glute, hamstring = (replace(base.muscles[name], site=Site.parse(text)) for name, text in LEFT_MUSCLES.items())
    return replace(base, glute=glute, hamstring=hamstring)


def streams_of(loop: Loopback) -> list[StreamInfo]:
    return [said.event.stream for said in loop.events if isinstance(said.event, StreamDescribed)]


def judge(loop: Loopback) -> tuple[SetResult, ...]:
    """Judge all that came, as a recording is: ten seconds at a time."""
    params = replace(pipeline_params(find_protocol("prone_hip_extension"), None), hold_s=HOLD_S)
    pipeline = Pipeline(streams_of(loop), params)
    for said in loop.events:
        if isinstance(said.event, Samples):
            pipeline.update(said.event.block)
    pipeline.finish()
    return pipeline.results


def test_a_lift_comes_a_moment_after_its_cue() -> None:
    wearable = VirtualWearable(SetParams(), seed=3, waits=True)
    loop = Loopback(wearable)
    loop.run(5.0)
    asked: list[float] = []
    for _ in range(2):
        asked.append(wearable.now_s)
        assert wearable.lift(Side.RIGHT) is not None
        loop.run(LIFT_S)
    (result,) = judge(loop)
    (told,) = wearable.truth.sets
    origin_s = wearable.world.timeline.origin_s
    assert [lift.number for lift in told.lifts] == [1, 2]
    for lift, cue_s, found in zip(told.lifts, asked, result.lifts, strict=True):
        assert 1.3 < origin_s + lift.move_s - cue_s < 1.7
        assert found.lag is not None
        assert found.lag.lag_s == pytest.approx(lift.lag_s, abs=0.05)


def test_it_waits_until_the_leg_is_down_and_ends_after_its_lifts() -> None:
    wearable = VirtualWearable(SetParams(n_lifts=1), seed=3, waits=True)
    wearable.run(2.0)
    assert wearable.lift(Side.LEFT) is None
    wearable.lift(Side.RIGHT)
    wearable.run(2.0)
    with pytest.raises(ValueError, match="all 1 lifts are done"):
        wearable.lift(Side.RIGHT)
    assert wearable.set_ends_s < 15.0
    longer = VirtualWearable(SetParams(), seed=3, waits=True)
    longer.run(2.0)
    longer.lift(Side.RIGHT)
    with pytest.raises(ValueError, match="still up"):
        longer.lift(Side.RIGHT)


def test_each_leg_lifts_for_itself_and_both_move_the_pelvis() -> None:
    wearable = VirtualWearable(SetParams(), seed=3, waits=True, other_leg=left_leg())
    assert [sensor.name for sensor in wearable.sensors] == ["A", "B", "C", "D"]
    loop = Loopback(wearable)
    loop.run(5.0)
    for side in (Side.RIGHT, Side.LEFT):
        assert wearable.lift(side) is not None
        loop.run(LIFT_S)
    results = judge(loop)
    verdicts = {result.side: [lift.verdict.value for lift in result.lifts] for result in results}
    assert verdicts == {Side.RIGHT: ["hamstring_first"], Side.LEFT: ["glute_first"]}
    tilts = [lift.pelvis.tilt_deg or 0.0 for result in results for lift in result.lifts]
    assert len(tilts) == 2
    assert min(tilts) > 1.0
    # Two sensors feel the one pelvis; which of them is taken must not depend on who spoke first.
    streams = streams_of(loop)
    assert find_motion_roles(Side.LEFT, streams) == find_motion_roles(Side.LEFT, streams[::-1])
