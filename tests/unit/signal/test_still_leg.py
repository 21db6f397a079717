"""The thigh sensor on the leg that stays down: the muscles say when the other one was lifted."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_signal.blocks import SampleBlock
from firingorder_signal.events import PlacementFound
from firingorder_signal.motion_events import AnglesReady
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import ReasonCode, SetResult
from firingorder_signal.still_leg import N_STILL, StillLegWatch

HZ = 100.0


@cache
def simulate() -> SimulatedSet:
    return simulate_set(SetParams(n_lifts=N_STILL, rest_s=4.0), seed=8)


def blocks(block_s: float, *, on_the_lifted_leg: bool) -> list[SampleBlock]:
    """Give out the set; a thigh sensor on the other leg lies as it lay in the first four seconds."""
    found: list[SampleBlock] = []
    rest = next(values for info, values in simulate().streams() if info.sites[0].part == "thigh")[:800]
    for block in simulate().to_blocks(block_s):
        if block.stream.sites[0].part == "thigh" and not on_the_lifted_leg:
            rows = np.arange(block.first_index, block.next_index) % len(rest)
            found.append(replace(block, values=rest[rows]))
        else:
            found.append(block)
    return found


def run(some: list[SampleBlock], hold_s: float = 0.0) -> tuple[SetResult, list[PlacementFound]]:
    pipeline = Pipeline([info for info, _ in simulate().streams()], PipelineParams(hold_s=hold_s))
    events = [event for block in some for event in pipeline.update(block)] + pipeline.finish()
    (result,) = pipeline.results
    return result, [event for event in events if isinstance(event, PlacementFound)]


def test_the_wrong_leg_is_named_without_a_cue_however_the_data_comes() -> None:
    result, told = run(blocks(0.1, on_the_lifted_leg=False))
    assert [reason.code for reason in result.placement] == [ReasonCode.THIGH_STAYED]
    assert (result.lifts, result.reason) == ((), result.placement[0])
    assert [event.reasons for event in told] == [result.placement]
    assert told[0].time_s <= simulate().lifts[-1].move_s + 3.0
    for block_s, hold_s in ((1.0, 0.0), (0.5, 10.0)):
        assert run(blocks(block_s, on_the_lifted_leg=False), hold_s)[0] == result


def test_the_right_leg_is_not() -> None:
    result, told = run(blocks(0.5, on_the_lifted_leg=True))
    assert (len(result.lifts), result.placement, told) == (N_STILL, (), [])


def watch(turn_deg: float, tilt_deg: float, n_bursts: int = N_STILL) -> StillLegWatch:
    """Let both muscles switch on every five seconds, and thigh and pelvis turn for two seconds after it."""
    time_s = np.arange(round((5.0 * n_bursts + 5.0) * HZ)) / HZ
    up = (time_s % 5.0 < 2.0) & (time_s >= 5.0)
    tilt = np.where(up, tilt_deg, 0.0)
    watched = StillLegWatch()
    watched.add_angles(AnglesReady(time_s, np.where(up, turn_deg, 0.0) - tilt, tilt, tilt))
    for number in range(n_bursts):
        watched.add_burst(5.0 * (number + 1))
    return watched


@pytest.mark.parametrize(
    ("turn_deg", "tilt_deg", "n_bursts", "is_told"),
    [
        (0.5, 3.0, N_STILL, True),
        (0.5, 3.0, N_STILL - 1, False),
        (8.0, 3.0, N_STILL, False),
        (0.5, 40.0, N_STILL, False),
        (0.5, 0.4, N_STILL, False),
    ],
    ids=["still", "too few", "lifted", "turned over", "squeezed"],
)
def test_only_a_thigh_that_stays_time_after_time_is_told(
    turn_deg: float, tilt_deg: float, n_bursts: int, is_told: bool
) -> None:
    assert (watch(turn_deg, tilt_deg, n_bursts).reason is not None) is is_told


def test_a_lift_takes_it_back_for_good() -> None:
    watched = watch(0.5, 3.0)
    watched.add_lift()
    for _ in range(N_STILL):
        watched.add_burst(15.0)
    assert watched.reason is None
