"""The plan of a set, its arrays as blocks, and the truth about it."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from firingorder_bridge.virtual.plan import plan_set
from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.timeline import Timeline
from firingorder_bridge.virtual.truth import SetTruth, Truth, describe
from firingorder_signal.blocks import SampleBlock, StreamKind


def test_lifts_keep_their_rest_and_their_number() -> None:
    params = SetParams(n_lifts=6, quiet_s=5.0, rest_s=8.0)
    lifts = plan_set(params, 1)
    assert [lift.number for lift in lifts] == [1, 2, 3, 4, 5, 6]
    assert lifts[0].move_s >= 5.0
    assert all(later.move_s - lift.end_s >= 8.0 for lift, later in zip(lifts, lifts[1:], strict=False))


@pytest.mark.parametrize("lag_s", [-0.15, 0.0, 0.08])
def test_lags_scatter_around_the_mean_that_was_asked(lag_s: float) -> None:
    lags = [lift.lag_s for lift in plan_set(SetParams(lag_s=lag_s, lag_sd_s=0.02, n_lifts=400), 2)]
    assert np.mean(lags) == pytest.approx(lag_s, abs=0.004)
    assert np.std(lags) == pytest.approx(0.02, rel=0.15)


def test_without_scatter_every_lag_is_the_mean() -> None:
    assert {round(lift.lag_s, 9) for lift in plan_set(SetParams(lag_s=0.05, lag_sd_s=0.0), 3)} == {0.05}


def test_the_hamstring_always_starts_before_the_leg_moves() -> None:
    params = SetParams(lead_s=0.05, lead_sd_s=0.05, n_lifts=200)
    assert all(lift.onsets_s["hamstring"] <= lift.move_s - 0.03 for lift in plan_set(params, 4))


def test_a_next_set_has_lifts_of_its_own() -> None:
    timeline = Timeline(SetParams(), 1)
    assert timeline.lifts == ()
    timeline.begin(2.0)
    first = timeline.lifts
    timeline.begin(200.0)
    assert timeline.set_number == 1
    assert timeline.lifts != first


@pytest.mark.parametrize("block_s", [0.02, 0.1337, 7.0, math.inf])
def test_blocks_of_any_length_hold_the_same_samples(block_s: float) -> None:
    simulated = simulate_set(SetParams(n_lifts=1, quiet_s=2.0), seed=1)
    blocks = simulated.to_blocks(block_s, uncertainty_s=0.002)
    for info, values in simulated.streams():
        own = [block for block in blocks if block.stream.stream_id == info.stream_id]
        assert np.array_equal(np.concatenate([block.values for block in own]), values)
        assert _join(own)
        assert own[0].timebase.uncertainty_s == 0.002


def _join(blocks: list[SampleBlock]) -> bool:
    return all(later.first_index == block.next_index for block, later in zip(blocks, blocks[1:], strict=False))


def test_the_streams_say_what_they_are() -> None:
    infos = [info for info, _ in simulate_set(SetParams(n_lifts=1), seed=1).streams()]
    assert [info.kind for info in infos] == [StreamKind.EMG, StreamKind.EMG, StreamKind.IMU, StreamKind.IMU]
    sites = [str(info.sites[0]) for info in infos]
    assert sites == ["hamstring_lateral/right", "gluteus_maximus/right", "pelvis", "thigh/right"]


def test_the_truth_is_written_as_json_in_one_piece(tmp_path: Path) -> None:
    simulated = simulate_set(SetParams(n_lifts=2), seed=1)
    truth = Truth(1, describe(simulated.params))
    truth.sets.append(SetTruth(0, "prone_hip_extension", 5, simulated.truth))
    truth.write(tmp_path / "truth.json")
    read = json.loads((tmp_path / "truth.json").read_text())
    assert read["schema"] == "firingorder-truth/1"
    assert read["params"]["glute"]["site"] == "gluteus_maximus/right"
    assert read["sets"][0]["lifts"][1]["lag_s"] == pytest.approx(simulated.lifts[1].lag_s)
    assert [path.name for path in tmp_path.iterdir()] == ["truth.json"]


def test_a_set_without_lifts_is_rest() -> None:
    simulated = simulate_set(replace(SetParams(), n_lifts=0, quiet_s=2.0, tail_s=1.0), seed=1)
    assert len(simulated.emg_uv) == 6000
    assert simulated.lifts == ()
