"""Two IMUs through the whole motion chain: accuracy against truth, clocks, order of arrival, loss."""

import pickle
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from benchmarks.motion_simulator import Scene, SceneParams, simulate_lifts

from firingorder_signal.blocks import FloatArray, SampleBlock, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.errors import SignalError
from firingorder_signal.motion import ROLES, MotionTracker, Role
from firingorder_signal.motion_arrays import Motion, track_motion
from firingorder_signal.motion_events import AnglesReady, LiftFinished, MotionEvent, MovementRefined
from firingorder_signal.results import ReasonCode

RATE_HZ = 200.0
SEEDS = range(8)


@cache
def scene(seed: int, params: SceneParams) -> Scene:
    return simulate_lifts(seed, params)


@cache
def tracked(seed: int, params: SceneParams) -> Motion:
    simulated = scene(seed, params)
    return track_motion(simulated.pelvis_imu, simulated.thigh_imu, params.rate_hz)


def rmse_deg(measured: FloatArray, time_s: FloatArray, truth: FloatArray, truth_s: FloatArray) -> float:
    """RMS difference, each taken from its own first second of neutral."""
    error = measured - np.interp(time_s, truth_s, truth)
    error = error[~np.isnan(error)]
    return float(np.sqrt(np.mean((error - np.mean(error[:100])) ** 2)))


def hip_errors_deg(params: SceneParams, seeds: Sequence[int] = SEEDS) -> list[float]:
    pairs = [(scene(seed, params), tracked(seed, params)) for seed in seeds]
    return [rmse_deg(motion.hip_deg, motion.time_s, truth.hip_deg, truth.time_s) for truth, motion in pairs]


def test_hip_angle_is_within_the_goal_without_soft_tissue() -> None:
    errors = hip_errors_deg(SceneParams())
    assert np.mean(errors) <= 0.6
    assert max(errors) <= 1.0


@pytest.mark.parametrize("turned_deg", [30.0, 90.0, 180.0, -90.0])
def test_hip_angle_is_within_the_goal_however_the_thigh_sensor_is_turned(turned_deg: float) -> None:
    params = SceneParams(thigh_turn_deg=turned_deg, n_lifts=4)
    motions = [(scene(seed, params), tracked(seed, params)) for seed in range(4)]
    for truth, motion in motions:
        after = motion.time_s > truth.start_s[0] + 1.0  # the first lift shows how the sensor sits
        error = motion.hip_deg - np.interp(motion.time_s, truth.time_s, truth.hip_deg)
        assert float(np.std(error[after])) <= 1.0
        assert len(motion.lifts) == 4


def test_pelvic_tilt_is_within_the_goal() -> None:
    for seed in SEEDS:
        truth, motion = scene(seed, SceneParams()), tracked(seed, SceneParams())
        assert rmse_deg(motion.tilt_deg, motion.time_s, truth.tilt_deg, truth.time_s) <= 0.5


def test_a_gyroscope_bias_of_3_deg_s_leaves_the_tilt_within_the_goal() -> None:
    params = SceneParams(bias_deg_s=(3.0, -3.0, 3.0))
    truth, motion = scene(1, params), tracked(1, params)
    assert rmse_deg(motion.tilt_deg, motion.time_s, truth.tilt_deg, truth.time_s) <= 0.6


def test_soft_tissue_of_a_tenth_costs_at_most_two_and_a_half_degrees_of_range() -> None:
    params = SceneParams(soft_tissue=0.1)
    for seed in SEEDS:
        truth, motion = scene(seed, params), tracked(seed, params)
        measured = [lift.hip_range_deg for lift in motion.lifts]
        assert np.abs(np.subtract(measured, truth.range_deg)).max() <= 2.5


def test_every_lift_is_found_with_its_start_within_the_goal() -> None:
    errors_ms: list[float] = []
    for seed in SEEDS:
        truth, motion = scene(seed, SceneParams()), tracked(seed, SceneParams())
        assert len(motion.lifts) == len(truth.start_s)
        pairs = zip(motion.lifts, truth.start_s, strict=True)
        errors_ms += [(lift.start_s - true_s) * 1e3 for lift, true_s in pairs]
    assert abs(np.mean(errors_ms)) <= 25.0
    assert np.std(errors_ms) <= 20.0


def test_holds_are_timed_within_the_goal() -> None:
    truth, motion = scene(0, SceneParams()), tracked(0, SceneParams())
    held = [lift.hold_s for lift in motion.lifts]
    assert np.abs(np.subtract(held, truth.hold_s)).max() <= 0.5


def test_half_the_rate_gives_the_same_lifts() -> None:
    truth, motion = scene(2, SceneParams(rate_hz=100.0)), tracked(2, SceneParams(rate_hz=100.0))
    assert [lift.start_s for lift in motion.lifts] == pytest.approx(truth.start_s, abs=0.03)


def test_arrays_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="n_samples, 6"):
        track_motion(np.zeros((10, 3)), np.zeros((10, 3)), RATE_HZ)
    with pytest.raises(ValueError, match="rate_hz"):
        track_motion(np.zeros((10, 6)), np.zeros((10, 6)), 0.0)
    with pytest.raises(SignalError):
        track_motion(np.full((10, 6), np.nan), np.zeros((10, 6)), RATE_HZ)


# Two clocks, both off, one corrected backwards on the way: sample 3000 has a new map.
TIMEBASES: dict[Role, tuple[Timebase, Timebase]] = {
    "pelvis": (Timebase(0, 0.0013, 1 / RATE_HZ), Timebase(3000, 15.0021, 1.00003 / RATE_HZ)),
    "thigh": (Timebase(0, 0.0071, 0.99995 / RATE_HZ), Timebase(3000, 15.0002, 0.99996 / RATE_HZ)),
}
CORRECTED_AT = 3000


@cache
def lossy_arrays(seed: int = 4) -> dict[Role, FloatArray]:
    """Two sensors with gaps of 1 to 400 samples."""
    rng = np.random.default_rng(seed)
    simulated = simulate_lifts(seed, SceneParams(n_lifts=3))
    arrays: dict[Role, FloatArray] = {"pelvis": simulated.pelvis_imu, "thigh": simulated.thigh_imu}
    for values in arrays.values():
        for length in (1, 5, 18, 60, 400):
            start = int(rng.integers(0, len(values) - length))
            values[start : start + length] = np.nan
    return arrays


def block_of(role: Role, values: FloatArray, start: int, stop: int) -> SampleBlock:
    info = StreamInfo(role, StreamKind.IMU, (Site(role),), Fraction(200))
    return SampleBlock(info, start, values[start:stop], TIMEBASES[role][start >= CORRECTED_AT])


def random_order(rng: np.random.Generator, longest: int) -> Iterator[tuple[Role, SampleBlock]]:
    """Cut both streams by chance and deal them out by chance."""
    arrays = lossy_arrays()
    done: dict[Role, int] = {"pelvis": 0, "thigh": 0}
    while any(done[role] < len(arrays[role]) for role in ROLES):
        left: list[Role] = [role for role in ROLES if done[role] < len(arrays[role])]
        role = left[int(rng.integers(len(left)))]
        start = done[role]
        stop = min(start + int(rng.integers(1, longest)), len(arrays[role]))
        stop = CORRECTED_AT if start < CORRECTED_AT < stop else stop
        done[role] = stop
        yield role, block_of(role, arrays[role], start, stop)


def summarise(events: list[MotionEvent]) -> tuple[bytes, list[MotionEvent]]:
    """Join the angles, which are cut as the blocks were; the other events are compared as they are."""
    angles = [event for event in events if isinstance(event, AnglesReady)]
    joined = np.concatenate([np.stack([part.time_s, part.hip_deg, part.tilt_deg]) for part in angles], axis=1)
    return joined.tobytes(), [event for event in events if not isinstance(event, AnglesReady)]


@cache
def one_after_the_other() -> tuple[bytes, list[MotionEvent]]:
    tracker, events = MotionTracker(), list[MotionEvent]()
    for role, values in lossy_arrays().items():
        for start, stop in ((0, CORRECTED_AT), (CORRECTED_AT, len(values))):
            events += tracker.update(role, block_of(role, values, start, stop))
    return summarise(events + tracker.finish())


@pytest.mark.parametrize(("seed", "longest"), [(0, 20), (1, 300), (2, 3000), (3, 60)])
def test_any_cut_and_any_order_of_arrival_gives_the_same_bits(seed: int, longest: int) -> None:
    rng = np.random.default_rng(seed)
    tracker, events = MotionTracker(), list[MotionEvent]()
    for role, block in random_order(rng, longest):
        events += tracker.update(role, block)
        if rng.random() < 0.02:
            tracker = pickle.loads(pickle.dumps(tracker))
    assert summarise(events + tracker.finish()) == one_after_the_other()


def test_reset_equals_new() -> None:
    tracker, events = MotionTracker(), list[MotionEvent]()
    for role, block in random_order(np.random.default_rng(5), 500):
        tracker.update(role, block)
    tracker.reset()
    for role, block in random_order(np.random.default_rng(6), 500):
        events += tracker.update(role, block)
    assert summarise(events + tracker.finish()) == one_after_the_other()


def test_a_missing_stretch_of_sample_numbers_is_a_loss_like_any_other() -> None:
    values = simulate_lifts(1, SceneParams(n_lifts=2))
    gapped = {"pelvis": values.pelvis_imu.copy(), "thigh": values.thigh_imu}
    gapped["pelvis"][1500:1900] = np.nan
    results: list[tuple[bytes, list[MotionEvent]]] = []
    for cuts in (((0, 1500), (1900, 4000)), ((0, 4000),)):
        tracker = MotionTracker()
        events = [
            *tracker.update("thigh", block_of("thigh", gapped["thigh"], 0, CORRECTED_AT)),
            *tracker.update("thigh", block_of("thigh", gapped["thigh"], CORRECTED_AT, 4000)),
        ]
        info = StreamInfo("pelvis", StreamKind.IMU, (Site("pelvis"),), Fraction(200))
        for start, stop in cuts:
            block = SampleBlock(info, start, gapped["pelvis"][start:stop], TIMEBASES["pelvis"][0])
            events += tracker.update("pelvis", block)
        results.append(summarise(events + tracker.finish()))
    assert results[0] == results[1]


def follow_until_lost(lost_role: Role, lost_s: float) -> list[MotionEvent]:
    """Live: blocks of 0.1 s, one sensor silent from a moment on, given up three seconds later."""
    simulated = simulate_lifts(0, SceneParams())
    arrays: dict[Role, FloatArray] = {"pelvis": simulated.pelvis_imu, "thigh": simulated.thigh_imu}
    tracker, events = MotionTracker(), list[MotionEvent]()
    base = Timebase(0, 0.0, 1 / RATE_HZ)
    for start in range(0, len(simulated.time_s), 20):
        for role, values in arrays.items():
            if role != lost_role or start / RATE_HZ < lost_s:
                info = StreamInfo(role, StreamKind.IMU, (Site(role),), Fraction(200))
                events += tracker.update(role, SampleBlock(info, start, values[start : start + 20], base))
        events += tracker.advance(start / RATE_HZ - 3.0)
    return events


@pytest.mark.parametrize("lost_role", ["pelvis", "thigh"])
def test_a_sensor_that_vanishes_holds_nothing_up(lost_role: Role) -> None:
    simulated = simulate_lifts(0, SceneParams())
    lost_s = simulated.start_s[2] + 1.0
    events = follow_until_lost(lost_role, lost_s)
    angles = [event for event in events if isinstance(event, AnglesReady)]
    assert float(angles[-1].time_s[-1]) == pytest.approx(float(simulated.time_s[-1]) - 3.0, abs=0.2)
    lifts = [event for event in events if isinstance(event, LiftFinished)]
    assert [lift.valid for lift in lifts] == [True, True, False]
    assert lifts[-1].reason is not None
    assert lifts[-1].reason.code is ReasonCode.SENSOR_LOST


def test_nothing_is_known_before_anything_has_come() -> None:
    tracker = MotionTracker()
    assert tracker.advance(5.0) == []
    assert tracker.finish() == []


def test_the_refined_start_is_the_start_of_the_lift() -> None:
    events = one_after_the_other()[1]
    refined = {event.number: event.movement for event in events if isinstance(event, MovementRefined)}
    for lift in (event for event in events if isinstance(event, LiftFinished)):
        assert lift.start_s == refined[lift.number].time_s


def test_a_block_of_another_width_is_refused() -> None:
    block = block_of("pelvis", np.zeros((10, 5)), 0, 10)
    with pytest.raises(ValueError, match="six columns"):
        MotionTracker().update("pelvis", block)
