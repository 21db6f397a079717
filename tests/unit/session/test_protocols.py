"""A test's own movement counts; any other is listed with its figures and stays out of the verdict."""

from functools import cache

import pytest

from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.tasks import TASKS
from firingorder_session.judging.analysis import pipeline_params
from firingorder_session.protocols.catalogue import find_protocol, protocol_names
from firingorder_signal.exercise import Exercise
from firingorder_signal.pipeline import Pipeline
from firingorder_signal.results import ReasonCode, SetResult, Verdict

N_LIFTS = 5


@cache
def judged(task: str, protocol: str) -> SetResult:
    """Judge a simulated set of one movement by a test."""
    simulated = simulate_set(SetParams(n_lifts=N_LIFTS, rest_s=3.0, task=TASKS[task]), seed=11)
    streams = [stream for stream, _ in simulated.streams()]
    pipeline = Pipeline(streams, pipeline_params(find_protocol(protocol), None))
    for block in simulated.to_blocks(1.0):
        pipeline.update(block)
    pipeline.finish()
    (result,) = pipeline.results
    return result


@pytest.mark.parametrize(
    ("task", "protocol"), [("bilateral_bridge", "prone_hip_extension"), ("prone_hip_extension", "bilateral_bridge")]
)
def test_lifts_of_another_movement_are_listed_and_do_not_count(task: str, protocol: str) -> None:
    result = judged(task, protocol)
    assert len(result.lifts) == N_LIFTS
    assert {lift.reason.code for lift in result.lifts if lift.reason} == {ReasonCode.OTHER_EXERCISE}
    assert (result.n_valid, result.verdict, result.lag_s) == (0, Verdict.NOT_JUDGED, None)
    assert result.reason is not None
    assert result.reason.code is ReasonCode.OTHER_EXERCISE
    assert all(lift.hip_range_deg and lift.pelvis.tilt_deg and lift.lag for lift in result.lifts)


@pytest.mark.parametrize("protocol", ["single_leg_bridge", "bilateral_bridge"])
def test_a_bridge_without_the_other_thigh_counts_in_the_test_of_either(protocol: str) -> None:
    result = judged("bilateral_bridge", protocol)
    assert {lift.exercise for lift in result.lifts} == {Exercise.BRIDGE}
    assert ReasonCode.OTHER_EXERCISE not in {lift.reason.code for lift in result.lifts if lift.reason}
    assert result.n_valid >= N_LIFTS - 1


def test_each_exercise_has_a_test_in_which_it_counts() -> None:
    counting = {exercise for name in protocol_names() for exercise in find_protocol(name).exercises}
    assert counting == set(Exercise)
