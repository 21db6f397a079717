"""Results as JSON: every lift has the same fields, and all of it survives a strict reader."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_session.judging.results_json import write_lift, write_reason, write_set
from firingorder_signal.blocks import Side, Site
from firingorder_signal.order import refuse
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import Lift, Onset, Reason, ReasonCode, SetResult
from firingorder_signal.rules import JudgementRules


@cache
def judged() -> SetResult:
    """Judge a simulated set of three lifts."""
    simulated = simulate_set(SetParams(n_lifts=3, rest_s=3.0), seed=11)
    pipeline = Pipeline(
        [stream for stream, _ in simulated.streams()], PipelineParams(rules=JudgementRules(lifts_min=3))
    )
    for block in simulated.to_blocks(1.0):
        pipeline.update(block)
    pipeline.finish()
    (result,) = pipeline.results
    return result


def read_back(value: dict[str, Any]) -> dict[str, Any]:
    """Write as JSON without infinities or NaN, and read it."""
    return dict(json.loads(json.dumps(value, allow_nan=False)))


def test_a_set_reads_back_as_it_was_judged() -> None:
    result = judged()
    written = read_back(write_set(result))
    assert (written["side"], written["verdict"], written["n_lifts"]) == ("right", result.verdict.value, 3)
    assert result.lag_s is not None
    assert abs(written["lag_s"] - result.lag_s) < 1e-6
    assert written["n_valid"] == result.n_valid == 3


def test_onsets_are_named_by_their_site() -> None:
    lift = judged().lifts[0]
    written = read_back(write_lift(lift))
    assert list(written["onsets"]) == ["gluteus_maximus/right", "hamstring_lateral/right"]
    onset = lift.onsets[Site.parse("gluteus_maximus/right")]
    assert onset.time_s is not None
    assert abs(written["onsets"]["gluteus_maximus/right"]["time_s"] - onset.time_s) < 1e-6


def test_a_lift_without_a_lag_has_the_same_fields() -> None:
    bare = read_back(write_lift(Lift(1, Side.RIGHT, 2.0)))
    assert list(bare) == list(read_back(write_lift(judged().lifts[0])))
    assert bare["verdict"] == "not_judged"
    assert (bare["lag_s"], bare["cautions"], bare["movement_s"]) == (None, [], None)


def test_a_lift_says_whether_the_examiner_made_it() -> None:
    lift, silent = judged().lifts[0], Onset(None)
    passive = replace(lift, lag=refuse(Reason(ReasonCode.NO_ACTIVITY), silent, silent))
    assert [write_lift(each)["by_examiner"] for each in (lift, passive, Lift(1, Side.RIGHT, 2.0))] == [
        False,
        True,
        False,
    ]


def test_a_reason_carries_its_figure_and_its_words() -> None:
    reason = Reason(ReasonCode.LOW_SNR, 7.25, 10.0, "dB", Site.parse("gluteus_maximus/right"))
    written = write_reason(reason)
    assert written is not None
    assert (written["code"], written["figure"], written["limit"], written["unit"]) == ("low_snr", 7.25, 10.0, "dB")
    assert "7 dB" in written["what"]
    assert written["fix"]
    assert write_reason(None) is None
