"""Whatever was recorded has a verdict or the reason why there is none: never an exception, live or in batch.

Signals no muscle makes are what a new user sends first: an emulator's counter, a generator's sine, an input that is
not plugged in, one cable on both inputs, floats of a wrong unit.
"""

import json
from collections.abc import Callable
from contextlib import nullcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import firingorder as fo
from firingorder_session.events.live_events import Origin
from firingorder_session.recordings.recording import ArrayRecording, ArrayStream, RecordingInfo
from firingorder_signal.blocks import FloatArray, Side, Site, StreamInfo, StreamKind
from firingorder_signal.errors import SignalError
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import SetResult

EMG_SITES = (Site.parse("hamstring_lateral/right"), Site.parse("gluteus_maximus/right"))
RATES_HZ = (100, 200, 250, 500, 512, 1000, 1024, Fraction(1_000_000, 519), 2000, 4000)
SCALES = (1.0, 5e-324, 1e-160, 1e-12, 1e9, 1e29, 1e100, 1e300)

Rng = np.random.Generator


def rows(t: FloatArray) -> FloatArray:
    """Return the number of each row."""
    return np.arange(len(t), dtype=np.float64)


#: kind -> signal at times, seconds.
EMG: dict[str, Callable[[FloatArray, Rng], FloatArray]] = {
    "zeros": lambda t, _: np.zeros(len(t)),
    "constant": lambda t, _: np.full(len(t), 1234.5),
    "sine": lambda t, rng: np.sin(2 * np.pi * rng.uniform(1.0, 200.0) * t),
    "sine in counts": lambda t, rng: np.round(100.0 * np.sin(2 * np.pi * int(rng.integers(1, 200)) * t)),
    "sawtooth": lambda t, rng: 10.0 * (rows(t) % int(rng.integers(2, 40))),
    "counter": lambda t, _: 3.2 * (rows(t) % 1024),
    "low bits of a counter": lambda t, _: 512.0 - rows(t) % 16,
    "one spike": lambda t, rng: np.where(rows(t) == rng.integers(len(t)), 1000.0, 0.0),
    "even spikes": lambda t, rng: np.where(rows(t) % int(rng.integers(2, 40)) == 0, 1000.0, 0.0),
    "two values": lambda t, rng: rng.choice([0.0, 3.0], len(t)),
    "square": lambda t, rng: np.where(np.sin(2 * np.pi * rng.uniform(0.1, 50.0) * t) > 0, 1000.0, -1000.0),
    "gated sine": lambda t, rng: np.where(np.sin(1.5 * t) > 0, np.sin(2 * np.pi * int(rng.integers(20, 200)) * t), 0.0),
    "gated noise": lambda t, rng: (
        rng.standard_normal(len(t)) * np.where(np.sin(1.5 * t) > 0, 300.0, rng.choice([0.0, 1e-9, 5.0]))
    ),
    "noise": lambda t, rng: rng.standard_normal(len(t)),
    "step": lambda t, _: np.where(rows(t) > len(t) // 2, 1000.0, 0.0),
    "ramp": lambda t, _: 100.0 * t,
    "infinite": lambda t, rng: np.where(rng.random(len(t)) < 0.01, np.inf, rng.standard_normal(len(t))),
}
#: How the second channel follows from the first; "own" is a signal of its own.
SECOND: dict[str, Callable[[FloatArray], FloatArray]] = {
    "same": lambda x: x.copy(),
    "later and weaker": lambda x: 0.1 * np.roll(x, 5),
    "upside down": lambda x: 1.0 - 3.0 * x,
}
#: kind -> acceleration and turn rate at times, six columns.
IMU: dict[str, Callable[[FloatArray, Rng], FloatArray]] = {
    "zeros": lambda t, _: np.zeros((len(t), 6)),
    "still": lambda t, _: np.tile([9.81, 0.0, 0.0, 0.0, 0.0, 0.0], (len(t), 1)),
    "swinging": lambda t, _: (
        np.outer(np.ones(len(t)), [9.81, 0, 0, 0, 0, 0]) + np.outer(np.sin(3 * t), [0] * 4 + [2, 0])
    ),
    "two values": lambda t, rng: rng.choice([0.0, 1.0], (len(t), 6)),
    "huge": lambda t, _: np.full((len(t), 6), 1e200),
    "large": lambda t, rng: 1e25 * rng.standard_normal((len(t), 6)),
    "tiny": lambda t, rng: 1e-200 * rng.standard_normal((len(t), 6)),
    "noise": lambda t, rng: rng.standard_normal((len(t), 6)),
    "infinite": lambda t, rng: np.where(rng.random((len(t), 6)) < 0.1, np.inf, 1.0),
    "spinning": lambda t, _: np.tile([9.81, 0.0, 0.0, 100.0, 0.0, 0.0], (len(t), 1)),
    "turned over": lambda t, _: np.outer(np.sign(np.sin(t) + 1e-9), [9.81, 0.0, 0.0, 0.0, 0.0, 0.0]),
}
emg_kinds, imu_kinds = st.sampled_from(sorted(EMG)), st.sampled_from(sorted(IMU))


def scaled(x: FloatArray, scale: float) -> FloatArray:
    """Scale, beyond all numbers too."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(x * scale)


def record(values: FloatArray, rate_hz: Fraction, imus: dict[str, FloatArray], imu_hz: int) -> ArrayRecording:
    """Make a recording of two muscles on one converter, and of motion sensors."""
    streams = [ArrayStream(StreamInfo("emg", StreamKind.EMG, EMG_SITES, rate_hz), values)]
    for site, motion in imus.items():
        info = StreamInfo(site, StreamKind.IMU, (Site.parse(site),), Fraction(imu_hz))
        streams.append(ArrayStream(info, motion))
    return ArrayRecording(RecordingInfo("any", "any", Origin.REPLAY, side=Side.RIGHT), streams)


def judge_live(recording: ArrayRecording) -> tuple[SetResult, ...]:
    """Judge as a live test does: small blocks, and first words."""
    pipeline = Pipeline(recording.streams, PipelineParams(side=Side.RIGHT, says_provisional=True))
    for block in recording.blocks(0.25):
        pipeline.update(block)
    pipeline.finish()
    return pipeline.results


@settings(max_examples=100, deadline=None)
@given(
    kinds=st.tuples(emg_kinds, emg_kinds),
    second=st.sampled_from(["own", *SECOND]),
    rate_hz=st.sampled_from(RATES_HZ),
    scale=st.sampled_from(SCALES),
    seconds=st.floats(0.2, 10.0),
    motion=st.one_of(st.none(), st.tuples(imu_kinds, imu_kinds, st.sampled_from([50, 100, 200]))),
    seed=st.integers(0, 10_000),
)
@example(("counter", "low bits of a counter"), "own", 100, 1.0, 12.0, None, 0)  # an emulated BITalino
def test_any_recording_has_a_verdict_or_its_reason(
    kinds: tuple[str, str],
    second: str,
    rate_hz: Fraction | int,
    scale: float,
    seconds: float,
    motion: tuple[str, str, int] | None,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate_hz)) / float(rate_hz)
    first = EMG[kinds[0]](t, rng)
    other = EMG[kinds[1]](t, rng) if second == "own" else SECOND[second](first)
    pelvis, thigh, imu_hz = motion or ("", "", 100)
    at = np.arange(round(seconds * imu_hz)) / imu_hz
    imus = {"pelvis": IMU[pelvis](at, rng), "thigh/right": IMU[thigh](at, rng)} if motion else {}
    recording = record(np.column_stack([scaled(first, scale), other]), Fraction(rate_hz), imus, imu_hz)
    analysis = fo.analyze(recording)
    json.dumps(analysis.to_json(), allow_nan=False)
    for result in (*analysis.sets, *judge_live(recording)):
        assert result.verdict is not fo.Verdict.NOT_JUDGED or result.reason is not None
        assert all(lift.verdict is not fo.Verdict.NOT_JUDGED or lift.reason or lift.lag for lift in result.lifts)


@settings(max_examples=100, deadline=None)
@given(
    kinds=st.tuples(emg_kinds, emg_kinds),
    second=st.sampled_from(["own", *SECOND]),
    rate_hz=st.sampled_from(RATES_HZ),
    scale=st.sampled_from(SCALES),
    seconds=st.floats(0.2, 5.0),
    seed=st.integers(0, 10_000),
)
@example(("even spikes", "constant"), "same", 200, 5e-324, 3.0, 4)  # sums of products beyond all numbers
@example(("square", "square"), "same", Fraction(1_000_000, 519), 1e-160, 4.556414423794286, 4390)
def test_any_two_channels_have_a_verdict_or_its_reason(
    kinds: tuple[str, str], second: str, rate_hz: Fraction | int, scale: float, seconds: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate_hz)) / float(rate_hz)
    x = EMG[kinds[0]](t, rng)
    y = EMG[kinds[1]](t, rng) if second == "own" else SECOND[second](x)
    x = scaled(x, scale)
    onset, bursts = fo.detect_onset(x, float(rate_hz)), fo.detect_bursts(x, float(rate_hz))
    assert onset.time_s is not None or onset.reason is not None
    assert bursts or bursts.reason is not None
    lag = fo.compare_onsets(x, y, float(rate_hz))
    assert lag.verdict is not fo.Verdict.NOT_JUDGED or lag.reason is not None


@settings(max_examples=60, deadline=None)
@given(kinds=st.tuples(imu_kinds, imu_kinds), rate_hz=st.sampled_from([25.0, 50.0, 100.0, 148.148, 200.0, 1000.0]))
@pytest.mark.parametrize("seed", [0, 1])
def test_any_motion_is_tracked(seed: int, kinds: tuple[str, str], rate_hz: float) -> None:
    rng = np.random.default_rng(seed)
    t = np.arange(round(6.0 * rate_hz)) / rate_hz
    pelvis, thigh = (IMU[kind](t, rng) for kind in kinds)
    lost = "huge" in kinds  # beyond what any sensor measures: the arrays hold nothing
    with pytest.raises(SignalError) if lost else nullcontext():
        motion = fo.track_motion(pelvis, thigh, rate_hz)
        assert not np.isinf(motion.hip_deg).any()
        assert len(motion.hip_deg) == len(motion.time_s)
    with pytest.raises(SignalError) if lost else nullcontext():
        fo.check_placement(pelvis, thigh, rate_hz, cue_s=3.0)


def test_arrays_without_a_whole_sample_are_refused_in_words() -> None:
    with pytest.raises(SignalError, match="no whole sample"):
        fo.track_motion(np.full((100, 6), np.nan), np.zeros((100, 6)), 100.0)
