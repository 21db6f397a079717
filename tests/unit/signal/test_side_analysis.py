"""Which muscles a side is judged by, and its lifts from bursts alone: sides, two hamstrings, one that is not worn."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_signal.blocks import SampleBlock, Side, Site, StreamInfo, StreamKind, SyncClass
from firingorder_signal.emg_stream import EmgStream
from firingorder_signal.events import LiftJudged
from firingorder_signal.muscles import choose_muscles, find_sides
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import Reason, ReasonCode, SetResult, Verdict
from firingorder_signal.rules import JudgementRules
from firingorder_signal.side_analysis import SideAnalysis
from firingorder_signal.sync import BASE_STATION_S

RULES = JudgementRules(lifts_min=3)
N_LIFTS = 3


@cache
def simulate() -> SimulatedSet:
    return simulate_set(SetParams(n_lifts=N_LIFTS, rest_s=3.0, lag_s=0.12, lag_sd_s=0.01), seed=21)


def emg_blocks(*sites: str, block_s: float = 0.5) -> list[SampleBlock]:
    """Give out the set's EMG under other names; hamstrings get the hamstring's signal, all others the glute's."""
    by_part = {info.sites[0].is_hamstring: info.stream_id for info, _ in simulate().streams()[:2]}
    found: list[SampleBlock] = []
    for block in simulate().to_blocks(block_s):
        for name in sites:
            site = Site.parse(name)
            if block.stream.stream_id == by_part[site.is_hamstring]:
                info = replace(block.stream, stream_id=name, sites=(site,), clock_id="one")
                found.append(replace(block, stream=info))
    return found


def run(blocks: list[SampleBlock], side: Side | None = None) -> tuple[SetResult, ...]:
    streams: list[StreamInfo] = list({block.stream.stream_id: block.stream for block in blocks}.values())
    pipeline = Pipeline(streams, PipelineParams("emg_bursts", RULES, side))
    for block in blocks:
        pipeline.update(block)
    pipeline.finish()
    return pipeline.results


def chosen(side: Side, *names: str) -> tuple[Site | None, Site | None]:
    sites = tuple(Site.parse(name) for name in names)
    info = replace(simulate().streams()[0][0], sites=sites)
    muscles = choose_muscles(side, {"a": EmgStream(info, RULES)})
    return muscles.hamstring, muscles.glute


def test_bursts_alone_make_a_lift_each() -> None:
    (result,) = run(emg_blocks("hamstring_lateral/right", "gluteus_maximus/right"))
    assert result.verdict is Verdict.HAMSTRING_FIRST
    assert [lift.start_s for lift in result.lifts] == pytest.approx(
        [lift.onsets_s["hamstring"] for lift in simulate().lifts], abs=0.06
    )
    assert all(lift.movement is None and lift.valid for lift in result.lifts)


def test_the_episodes_do_not_depend_on_the_cuts() -> None:
    names = ("hamstring_lateral/right", "gluteus_maximus/right")
    assert run(emg_blocks(*names, block_s=0.03)) == run(emg_blocks(*names, block_s=np.inf))


def test_without_motion_sensors_a_verdict_waits_for_no_later_hamstring() -> None:
    blocks = emg_blocks("hamstring_lateral/right", "gluteus_maximus/right", block_s=0.02)
    pipeline = Pipeline(list({block.stream.stream_id: block.stream for block in blocks}.values()), PipelineParams())
    waits_s: list[float] = []
    for block in blocks:
        for event in pipeline.update(block):
            if isinstance(event, LiftJudged):
                waits_s.append(block.end_s - max(onset.time_s or 0.0 for onset in event.lift.onsets.values()))
    assert len(waits_s) == N_LIFTS
    assert max(waits_s) < 0.35


def leaking_blocks(leak: float) -> list[SampleBlock]:
    """Let the hamstring, 120 ms ahead, leak into the glute's channel, so that the glute's alarm is given too early."""
    blocks = emg_blocks("hamstring_lateral/right", "gluteus_maximus/right", block_s=0.02)
    hamstring = {block.first_index: block.values for block in blocks if block.stream.sites[0].is_hamstring}
    return [
        replace(block, values=block.values + leak * hamstring[block.first_index])
        if block.stream.sites[0].is_glute
        else block
        for block in blocks
    ]


def test_an_alarm_given_too_early_by_a_leak_costs_a_second_look_and_no_accuracy() -> None:
    clean, leaking = run(leaking_blocks(0.0))[0], run(leaking_blocks(0.2))[0]
    for lift, without in zip(leaking.lifts, clean.lifts, strict=True):
        assert lift.lag is not None
        assert without.lag is not None
        assert lift.lag.lag_s == pytest.approx(without.lag.lag_s, abs=0.03)


def test_a_second_look_does_not_depend_on_the_cuts() -> None:
    blocks = leaking_blocks(0.2)
    whole = [replace(blocks[i], values=np.concatenate([b.values for b in blocks[i::2]])) for i in range(2)]
    assert [block.stream for block in blocks[:4]] == [block.stream for block in blocks[:2]] * 2
    assert run(blocks) == run(whole)


def test_both_sides_are_judged_apart() -> None:
    names = [f"{part}/{side}" for side in ("left", "right") for part in ("hamstring_lateral", "gluteus_maximus")]
    results = run(emg_blocks(*names))
    assert [(result.side, len(result.lifts)) for result in results] == [(Side.LEFT, N_LIFTS), (Side.RIGHT, N_LIFTS)]
    (only,) = run(emg_blocks(*names), Side.LEFT)
    assert only == results[0]


def test_the_outer_hamstring_is_compared_and_the_inner_one_is_timed() -> None:
    (result,) = run(emg_blocks("hamstring_medial/right", "hamstring_lateral/right", "gluteus_maximus/right"))
    for lift in result.lifts:
        assert lift.lag is not None
        assert lift.lag.hamstring == lift.onsets[Site.parse("hamstring_lateral/right")]
        assert lift.onsets[Site.parse("hamstring_medial/right")].time_s is not None


def test_a_muscle_that_is_not_worn_is_named() -> None:
    (result,) = run(emg_blocks("hamstring_lateral/right"))
    assert result.verdict is Verdict.NOT_JUDGED
    assert result.reason is not None
    assert (result.reason.code, str(result.reason.site)) == (ReasonCode.SENSOR_MISSING, "gluteus_maximus/right")


def test_a_side_prefers_its_own_muscle_to_one_without_a_side() -> None:
    names = ("hamstring_lateral", "hamstring_lateral/right", "gluteus_maximus")
    assert chosen(Side.RIGHT, *names) == (Site.parse("hamstring_lateral/right"), Site.parse("gluteus_maximus"))
    assert chosen(Side.LEFT, *names) == (Site.parse("hamstring_lateral"), Site.parse("gluteus_maximus"))


def test_the_inner_hamstring_stands_in_where_the_outer_one_is_not_worn() -> None:
    assert chosen(Side.RIGHT, "hamstring_medial/right")[0] == Site.parse("hamstring_medial/right")


def test_back_extensors_of_both_sides_belong_to_either() -> None:
    info = replace(
        simulate().streams()[0][0], sites=(Site.parse("erector_spinae/left"), Site.parse("rectus_femoris/left"))
    )
    assert list(choose_muscles(Side.RIGHT, {"a": EmgStream(info, RULES)}).where) == [info.sites[0]]


def test_sides_are_those_with_a_muscle_of_the_pair() -> None:
    info = replace(
        simulate().streams()[0][0], sites=(Site.parse("hamstring_lateral/left"), Site.parse("erector_spinae/right"))
    )
    assert find_sides([info], None) == (Side.LEFT,)
    assert find_sides([info], Side.RIGHT) == (Side.RIGHT,)
    assert find_sides([replace(info, kind=StreamKind.IMU)], None) == ()


def test_two_clocks_errors_add_as_squares_and_one_clock_has_none() -> None:
    blocks = simulate().to_blocks(5.0, uncertainty_s=0.003)
    streams = {
        block.stream.stream_id: EmgStream(block.stream, RULES)
        for block in blocks
        if block.stream.kind is StreamKind.EMG
    }
    for block in blocks:
        if block.stream.stream_id in streams:
            streams[block.stream.stream_id].update(block)
    assert choose_muscles(Side.RIGHT, streams).sync_uncertainty_s(4.0) == pytest.approx(0.003 * 2**0.5)
    for stream in streams.values():
        stream.info = replace(stream.info, clock_id="one", sync=SyncClass.UNVERIFIED)
    assert choose_muscles(Side.RIGHT, streams).sync_uncertainty_s(4.0) == 0.0
    # Converters of a base station: what it leaves between them, and nothing of the clock that they share.
    for stream in streams.values():
        stream.info = replace(stream.info, sync=SyncClass.HARDWARE)
    assert choose_muscles(Side.RIGHT, streams).sync_uncertainty_s(4.0) == BASE_STATION_S


FACE_DOWN, TURNED = Reason(ReasonCode.PELVIS_FACE_DOWN), Reason(ReasonCode.THIGH_TURNED, 90.0, 45.0, "deg")


@pytest.mark.parametrize(
    ("placement", "told"), [((TURNED, FACE_DOWN), FACE_DOWN), ((TURNED,), Reason(ReasonCode.NO_LIFT))]
)
def test_where_a_sensor_sits_wrongly_that_is_why_no_lift_was_found(placement: tuple[Reason, ...], told: Reason) -> None:
    infos = [info for info, _ in simulate().streams()[:2]]
    muscles = choose_muscles(Side.RIGHT, {info.stream_id: EmgStream(info, RULES) for info in infos})
    analysis = SideAnalysis(muscles, "prone_hip_extension", RULES)
    analysis.placement = placement
    assert analysis.result.reason == told
