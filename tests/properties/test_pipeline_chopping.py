"""The pipeline's answer depends on the samples alone: not on how they were cut, nor on which sensor came first."""

import pickle
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_signal.blocks import SampleBlock, Site
from firingorder_signal.events import LiftJudged, ProvisionalOrder
from firingorder_signal.examination import Examination
from firingorder_signal.pipeline import LATE_S, Pipeline, PipelineParams
from firingorder_signal.results import Lag, ReasonCode, SetResult, Verdict
from firingorder_signal.rules import JudgementRules

N_LIFTS = 3
RULES = JudgementRules(lifts_min=N_LIFTS)


@cache
def simulate() -> SimulatedSet:
    """Simulate one short set with a stretch of lost samples in one stream."""
    simulated = simulate_set(SetParams(n_lifts=N_LIFTS, rest_s=3.0), seed=11)
    simulated.emg_uv[30_000:30_100, 0] = np.nan
    return simulated


def random_blocks(rng: np.random.Generator) -> Iterator[SampleBlock]:
    """Cut every stream into random pieces and interleave them, no stream more than half of `LATE_S` ahead."""
    whole = [SampleBlock(block.stream, 0, block.values, block.timebase) for block in simulate().to_blocks(np.inf)]
    position = [0] * len(whole)
    while any(at < block.n_samples for at, block in zip(position, whole, strict=True)):
        reached_s = [block.timebase.time_of(at) for at, block in zip(position, whole, strict=True)]
        open_ones = [i for i, block in enumerate(whole) if position[i] < block.n_samples]
        slowest_s = min(reached_s[i] for i in open_ones)
        allowed = [i for i in open_ones if reached_s[i] <= slowest_s + LATE_S / 4]
        chosen = int(rng.choice(allowed))
        step = int(rng.integers(1, int(whole[chosen].stream.rate_hz) // 2))
        yield whole[chosen].rows(position[chosen], position[chosen] + step)
        position[chosen] += step


def judge(blocks: Iterator[SampleBlock], hold_s: float = 0.0) -> tuple[SetResult, ...]:
    """Run blocks through a pipeline."""
    pipeline = Pipeline([stream for stream, _ in simulate().streams()], PipelineParams(rules=RULES, hold_s=hold_s))
    for block in blocks:
        pipeline.update(block)
    pipeline.finish()
    return pipeline.results


@cache
def as_by_sensors() -> tuple[SetResult, ...]:
    """Judge blocks as short as a sensor's once, for all tests that compare other cuts with them."""
    return judge(iter(simulate().to_blocks(0.02)))


def test_the_set_is_judged() -> None:
    (result,) = judge(iter(simulate().to_blocks(1.0)))
    assert len(result.lifts) == N_LIFTS
    assert all(lift.valid for lift in result.lifts)
    assert result.verdict is Verdict.HAMSTRING_FIRST


@pytest.mark.parametrize("seed", range(3))
def test_random_cuts_and_interleaving_give_the_same_bits(seed: int) -> None:
    got = judge(random_blocks(np.random.default_rng(seed)))
    assert repr(got) == repr(as_by_sensors())
    assert got == as_by_sensors()


@pytest.mark.parametrize("block_s", [2.0, np.inf])
def test_long_blocks_and_one_whole_block_a_stream_give_the_same_bits(block_s: float) -> None:
    assert judge(iter(simulate().to_blocks(block_s))) == as_by_sensors()


@pytest.mark.parametrize("hold_s", [0.3, 10.0, 1000.0])
def test_working_on_much_at_once_gives_the_same_bits(hold_s: float) -> None:
    assert judge(random_blocks(np.random.default_rng(9)), hold_s) == as_by_sensors()


@pytest.mark.parametrize("share", [0.3, 0.5, 0.75])
def test_a_saved_and_restored_state_resumes_exactly(share: float) -> None:
    blocks = simulate().to_blocks(0.05)
    cut = round(share * len(blocks))
    streams, params = [stream for stream, _ in simulate().streams()], PipelineParams(rules=RULES)
    first, second = Pipeline(streams, params), Pipeline(streams, params)
    for block in blocks[:cut]:
        first.update(block)
    second.state = pickle.loads(pickle.dumps(first.state))
    said = [[repr(event) for block in blocks[cut:] for event in one.update(block)] for one in (first, second)]
    assert said[0] == said[1]
    assert first.finish() == second.finish()
    assert first.results == second.results


def test_a_lost_sensor_gives_the_same_bits_live_and_in_batch() -> None:
    blocks = [
        block for block in simulate().to_blocks(0.1) if not (block.stream.sites[0].is_glute and block.start_s > 9.0)
    ]
    assert judge(iter(blocks)) == judge(iter(blocks), hold_s=10.0)


def test_a_sensor_that_never_comes_leaves_the_lift_unjudged_not_waiting() -> None:
    blocks = [block for block in simulate().to_blocks(0.5) if not block.stream.sites[0].is_glute]
    (result,) = judge(iter(blocks))
    assert len(result.lifts) == N_LIFTS
    assert {lift.verdict for lift in result.lifts} == {Verdict.NOT_JUDGED}


@pytest.mark.parametrize("until_s", [0.1, 0.2, 0.3])
def test_a_recording_that_ends_in_a_lift_gives_the_same_bits(until_s: float) -> None:
    """The glute's sensor sends its last packet a little before the others do."""
    end_s = simulate().lifts[-1].move_s + until_s
    blocks = [
        block for block in simulate().to_blocks(0.02) if block.end_s < end_s - 0.06 * (block.stream.sites[0].is_glute)
    ]
    (live,), (batch,) = judge(iter(blocks)), judge(iter(blocks), hold_s=10.0)
    assert live == batch
    reasons = [lift.lag.reason for lift in live.lifts[N_LIFTS - 1 :] if lift.lag is not None]
    assert all(reason is None or reason.code is ReasonCode.ENDED_EARLY for reason in reasons)


def test_blocks_of_streams_that_do_not_take_part_change_nothing() -> None:
    blocks = simulate().to_blocks(1.0)
    stranger = replace(blocks[0].stream, stream_id="stranger/0")
    extra = [SampleBlock(stranger, block.first_index, block.values, block.timebase) for block in blocks[:8]]
    assert judge(iter(extra + blocks)) == judge(iter(blocks))


def told(blocks: Iterator[SampleBlock], hold_s: float = 0.0) -> list[ProvisionalOrder | Lag | None]:
    """Run blocks through a pipeline that gives first words; return those and the lags judged, in the order given."""
    streams = [stream for stream, _ in simulate().streams()]
    pipeline = Pipeline(streams, PipelineParams(rules=RULES, hold_s=hold_s, says_provisional=True))
    events = [event for block in blocks for event in pipeline.update(block)] + pipeline.finish()
    return [
        event.lift.lag if isinstance(event, LiftJudged) else event
        for event in events
        if isinstance(event, ProvisionalOrder | LiftJudged)
    ]


@cache
def told_by_sensors() -> list[ProvisionalOrder | Lag | None]:
    """Give what is told of blocks as short as a sensor's, once."""
    return told(iter(simulate().to_blocks(0.02)))


def test_a_first_word_comes_before_each_verdict() -> None:
    events = told_by_sensors()
    assert [type(event) for event in events] == [ProvisionalOrder, Lag] * N_LIFTS
    for event, lift in zip(events[::2], simulate().lifts, strict=True):
        assert isinstance(event, ProvisionalOrder)
        assert 0.0 < event.time_s - max(lift.onsets_s.values()) < 0.1
        assert event.lag.lag_s is not None
        assert event.lag.ci90_s is not None


@pytest.mark.parametrize("seed", range(2))
def test_random_cuts_and_interleaving_give_the_same_first_words(seed: int) -> None:
    assert told(random_blocks(np.random.default_rng(seed))) == told_by_sensors()


@pytest.mark.parametrize("hold_s", [0.3, 1000.0])
def test_working_on_much_at_once_gives_the_same_first_words(hold_s: float) -> None:
    assert told(iter(simulate().to_blocks(0.05)), hold_s) == told_by_sensors()


def test_first_words_change_no_verdict() -> None:
    (result,) = as_by_sensors()
    assert told_by_sensors()[1::2] == [lift.lag for lift in result.lifts]


def test_an_update_examines_one_muscle_and_leaves_the_others_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    examined: list[Site] = []
    step = Examination.step

    def watched(self: Examination) -> None:
        examined.append(self.sites[len(self.found)])
        step(self)

    monkeypatch.setattr(Examination, "step", watched)
    pipeline = Pipeline([stream for stream, _ in simulate().streams()], PipelineParams(rules=RULES))
    counts: list[int] = []
    for block in simulate().to_blocks(0.02):
        pipeline.update(block)
        counts.append(len(examined))
    assert counts[-1] == 2 * N_LIFTS
    assert max(np.diff(counts)) == 1


def with_back_sensor() -> list[SampleBlock]:
    """Take the set with a back extensor on a third sensor, whose blocks come 0.6 s late."""
    blocks = simulate().to_blocks(0.05)
    glute = next(block.stream for block in blocks if block.stream.sites[0].is_glute)
    back = replace(glute, stream_id="c/0", clock_id="c", sites=(Site.parse("erector_spinae/left"),))
    twins = [SampleBlock(back, block.first_index, block.values, block.timebase) for block in blocks]
    late = [(block.end_s + 0.6, 1, twin) for block, twin in zip(blocks, twins, strict=True) if block.stream == glute]
    return [block for _, _, block in sorted([(b.end_s, 0, b) for b in blocks] + late, key=lambda item: item[:2])]


def test_a_third_sensor_is_waited_for_however_it_lags() -> None:
    blocks = with_back_sensor()
    streams = list(dict.fromkeys(block.stream for block in blocks))

    def judge_all(hold_s: float, ordered: list[SampleBlock]) -> SetResult:
        pipeline = Pipeline(streams, PipelineParams(rules=RULES, hold_s=hold_s))
        for block in ordered:
            pipeline.update(block)
        pipeline.finish()
        (result,) = pipeline.results
        return result

    late = judge_all(0.0, blocks)
    in_step = judge_all(0.0, sorted(blocks, key=lambda block: block.end_s))
    assert late == in_step == judge_all(10.0, blocks)
    assert all(lift.onsets[Site.parse("erector_spinae/left")].time_s is not None for lift in late.lifts)
