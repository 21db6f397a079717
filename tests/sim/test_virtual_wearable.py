"""The virtual wearable through the bridge's own decoder, in simulated time: truth, clocks, and each fault."""

from dataclasses import replace

import numpy as np
import pytest

from firingorder_bridge.events import (
    BridgeEvent,
    ClockRestarted,
    DeviceDropped,
    DeviceReturned,
    DuplicateFrame,
    FrameCorrupt,
    LossCause,
    Refused,
    SamplesLost,
    SignalFlags,
    UndescribedData,
    UnknownFrame,
)
from firingorder_bridge.frames import SampleFormat
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.identity import default_sensors
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.settings import MuscleParams, RiseShape, SetParams
from firingorder_bridge.virtual.tasks import PRONE_HIP_EXTENSION
from firingorder_bridge.virtual.wearable import Chunk, VirtualWearable
from firingorder_signal.blocks import FloatArray

GLUTE, HAMSTRING = 0, 1
EMG, IMU = 0, 1


def sharp(**changes: float) -> SetParams:
    """Two lifts whose onsets nobody can miss."""
    sites = [muscle.site for muscle in SetParams().muscles.values()]
    hamstring, glute = (MuscleParams(site, 60.0, 0.005, RiseShape.LINEAR, noise_uv=0.3) for site in sites)
    task = replace(PRONE_HIP_EXTENSION, up_s=0.7, hold_s=0.5, down_s=0.7, down_spread_s=0.1)
    base = SetParams(hamstring, glute, task=task, n_lifts=2, quiet_s=3.0, rest_s=2.0, tail_s=0.5)
    return replace(base, lag_s=changes.get("lag_s", base.lag_s))


def play(*faults: str, replug_after_s: float | None = None, seed: int = 2, **changes: float) -> Loopback:
    wearable = VirtualWearable(
        sharp(**changes), seed=seed, faults=tuple(Fault.parse(text) for text in faults), replug_after_s=replug_after_s
    )
    loopback = Loopback(wearable)
    loopback.run_set()
    return loopback


def said(loopback: Loopback, kind: type[BridgeEvent], sensor: int | None = None) -> list[BridgeEvent]:
    return [e.event for e in loopback.events if isinstance(e.event, kind) and sensor in (None, e.sensor)]


def happened(loopback: Loopback, kind: str, sensor: str | None = None) -> list[dict[str, object]]:
    faults = loopback.wearable.truth.faults
    return [fault for fault in faults if fault["kind"] == kind and sensor in (None, fault["sensor"])]


def first_above(loopback: Loopback, sensor: int, onset_s: float, level_uv: float) -> float:
    """Time by the bridge's clock at which a channel first exceeds a level, sought around a true onset."""
    t_s, values = loopback.stream(sensor, EMG)
    near = np.abs(t_s - onset_s) < 0.2
    return float(t_s[near][np.flatnonzero(np.abs(values[near, 0]) > level_uv)[0]])


@pytest.fixture(scope="module")
def clean() -> Loopback:
    return play()


def test_a_clean_stream_loses_nothing_and_surprises_nobody(clean: Loopback) -> None:
    strange = (SamplesLost, FrameCorrupt, Refused, UndescribedData, UnknownFrame, DuplicateFrame, ClockRestarted)
    assert [each for each in clean.events if isinstance(each.event, strange)] == []


@pytest.mark.parametrize("sensor", [GLUTE, HAMSTRING])
def test_every_sample_of_the_set_arrives(clean: Loopback, sensor: int) -> None:
    t_s, values = clean.stream(sensor, EMG)
    assert np.all(np.isfinite(values))
    assert len(values) == pytest.approx(2000 * (t_s[-1] - t_s[0]), rel=1e-3)


@pytest.mark.parametrize("sensor", [GLUTE, HAMSTRING])
def test_the_onsets_in_the_stream_are_the_true_ones(clean: Loopback, sensor: int) -> None:
    name = ("glute", "hamstring")[sensor]
    for lift in clean.wearable.world.timeline.lifts:
        found_s = first_above(clean, sensor, lift.onsets_s[name], 20.0)
        # The bridge's clock is a minimum delay late (about half a millisecond here) and the rise takes its time.
        assert -0.001 < found_s - lift.onsets_s[name] < 0.006


@pytest.mark.parametrize("lag_s", [-0.15, 0.0, 0.08])
def test_the_lag_between_two_sensors_with_two_clocks_is_the_true_one(lag_s: float) -> None:
    loopback = play(lag_s=lag_s)
    for lift in loopback.wearable.world.timeline.lifts:
        glute = first_above(loopback, GLUTE, lift.onsets_s["glute"], 20.0)
        hamstring = first_above(loopback, HAMSTRING, lift.onsets_s["hamstring"], 20.0)
        assert glute - hamstring == pytest.approx(lift.lag_s, abs=0.004)


def test_muscle_and_motion_of_one_sensor_share_their_time(clean: Loopback) -> None:
    t_s, values = clean.stream(HAMSTRING, IMU)
    speed = np.linalg.norm(values[:, 3:] - values[t_s < 2.5, 3:].mean(axis=0), axis=1)
    for lift in clean.wearable.world.timeline.lifts:
        near = np.abs(t_s - lift.move_s) < 0.5
        moving_s = t_s[near][np.flatnonzero(speed[near] > np.radians(3.0))[0]]
        assert 0.03 < moving_s - lift.move_s < 0.2


def test_the_clocks_of_the_truth_are_those_of_the_stream(clean: Loopback) -> None:
    a, b = clean.wearable.truth.clocks
    assert (a.name, a.segment, b.name, b.segment) == ("A", "pelvis", "B", "thigh")
    assert a.rate_ppm != b.rate_ppm
    assert a.device_us_at_origin != b.device_us_at_origin


def test_the_set_begins_only_when_both_sensors_have_been_started() -> None:
    wearable = VirtualWearable(sharp(), seed=1)
    loopback = Loopback(wearable)
    alone = loopback.decoders.pop()
    loopback.run(3.0)
    assert not wearable.world.timeline.has_begun
    loopback.decoders.append(alone)
    loopback.run(1.0)
    assert wearable.world.timeline.has_begun
    assert wearable.world.timeline.origin_s > 3.0


def test_the_set_begins_by_itself_when_that_was_asked() -> None:
    wearable = VirtualWearable(sharp(), seed=1, start_after_s=1.5)
    wearable.run(2.0)
    assert wearable.world.timeline.origin_s == 1.5


def test_starting_again_after_both_stopped_is_a_new_set() -> None:
    wearable = VirtualWearable(sharp(), seed=1)
    loopback = Loopback(wearable)
    loopback.run(3.0)
    for decoder in loopback.decoders:
        decoder.stop()
    loopback.run(1.0)
    for decoder in loopback.decoders:
        decoder.start()
    loopback.run(1.0)
    assert [each.set_number for each in wearable.truth.sets] == [0, 1]
    assert wearable.truth.sets[0].lifts != wearable.truth.sets[1].lifts


def chunks(seed: int, step_s: float) -> list[Chunk]:
    wearable = VirtualWearable(seed=seed, start_after_s=0.0)
    loopback = Loopback(wearable)
    for decoder in loopback.decoders:
        wearable.write(loopback.decoders.index(decoder), decoder.data_to_send())
    for sensor in wearable.firmwares:
        sensor.receive(start_command(), 0.0)
    return [chunk for _ in range(round(12.0 / step_s)) for chunk in wearable.run(step_s)]


def start_command() -> bytes:
    from firingorder_bridge.frames import Frame, FrameType
    from firingorder_bridge.messages import Command, Op
    from firingorder_bridge.stuffing import stuff

    return stuff(Frame(FrameType.CMD, payload=Command(Op.START).encode()).encode())


def test_the_same_seed_gives_the_same_bytes_at_the_same_times_whatever_the_steps() -> None:
    assert chunks(5, 0.5) == chunks(5, 0.05)


def test_another_seed_gives_other_bytes() -> None:
    assert chunks(5, 0.5) != chunks(6, 0.5)


def test_bytes_arrive_in_order_and_after_a_short_delay(clean: Loopback) -> None:
    for items in clean.recorded:
        times = [item.t_host_ns for item in items]
        assert times == sorted(times)


@pytest.mark.parametrize("sample_format", [SampleFormat.I16, SampleFormat.I24])
def test_both_sample_formats_carry_the_same_signal(sample_format: SampleFormat) -> None:
    wearable = VirtualWearable(sharp(), seed=2, sensors=default_sensors(2, sample_format))
    loopback = Loopback(wearable)
    loopback.run(1.0)
    values = loopback.stream(GLUTE, EMG)[1]
    assert np.std(values) == pytest.approx(0.3 * 1.4, rel=0.25)


def test_a_small_input_range_clips_and_says_so() -> None:
    sensors = tuple(replace(sensor, full_scale_uv=100.0) for sensor in default_sensors(2))
    loopback = Loopback(VirtualWearable(sharp(), seed=2, sensors=sensors))
    loopback.run_set()
    assert np.max(np.abs(loopback.stream(GLUTE, EMG)[1])) <= 100.01
    assert any(isinstance(event, SignalFlags) and event.clipped for event in said(loopback, SignalFlags))


def test_flipped_bits_are_found_and_cost_only_their_frames() -> None:
    loopback = play("flip:3e-5")
    flipped = happened(loopback, "flip")
    assert len(flipped) > 10
    assert len(said(loopback, FrameCorrupt)) >= 0.9 * len(flipped)
    for sensor in (GLUTE, HAMSTRING):
        lost = sum(event.n_samples for event in said(loopback, SamplesLost, sensor) if isinstance(event, SamplesLost))
        name = loopback.wearable.sensors[sensor].name
        true = sum(int(str(fault["n"])) for fault in happened(loopback, "flip", name) if fault["type"] == 0)
        # A flipped border can take the next frame along, and a doubtful one is saved where it can be.
        assert lost <= 2 * true


def test_lost_frames_are_counted_exactly() -> None:
    loopback = play("lose:0.05")
    for sensor, name in enumerate("AB"):
        for stream, suffix in ((EMG, "/0"), (IMU, "/1")):
            true = sum(
                int(str(f["n"])) for f in happened(loopback, "lose", name) if f["stream"] == stream and f["type"] == 0
            )
            lost = [e for e in said(loopback, SamplesLost, sensor) if isinstance(e, SamplesLost)]
            counted = sum(event.n_samples for event in lost if event.stream_id.endswith(suffix))
            assert true > 0
            # The very last frames may be lost with nothing after them to tell.
            assert true - 80 <= counted <= true


def test_frames_the_device_drops_are_told_as_its_own_loss() -> None:
    loopback = play("drop:B:0.05")
    lost = [event for event in said(loopback, SamplesLost) if isinstance(event, SamplesLost)]
    assert {event.cause for event in lost} == {LossCause.DEVICE}
    assert happened(loopback, "drop", "A") == []


def test_a_fault_with_a_time_holds_only_then() -> None:
    loopback = play("lose@2-4:0.3")
    times = [float(str(fault["patient_s"])) for fault in happened(loopback, "lose")]
    assert min(times) >= 2.0
    assert max(times) < 4.0


def test_a_stall_delivers_late_and_all_at_once_and_loses_nothing() -> None:
    loopback = play("stall:A@2:0.8")
    assert said(loopback, SamplesLost) == []
    origin_ns = loopback.wearable.truth.sets[0].host_origin_ns
    assert origin_ns is not None
    times_s = np.array([item.t_host_ns - origin_ns for item in loopback.recorded[GLUTE]]) * 1e-9
    gap = int(np.argmax(np.diff(times_s)))
    assert np.diff(times_s)[gap] == pytest.approx(0.8, abs=0.03)
    assert times_s[gap + 1] == pytest.approx(2.8, abs=1e-6)
    assert np.sum(times_s == times_s[gap + 1]) > 50


def test_bursts_deliver_in_bunches_and_lose_nothing() -> None:
    loopback = play("burst@2-4:0.25")
    assert said(loopback, SamplesLost) == []
    origin_ns = loopback.wearable.truth.sets[0].host_origin_ns
    assert origin_ns is not None
    times_s = np.array([item.t_host_ns - origin_ns for item in loopback.recorded[GLUTE]]) * 1e-9
    inside = times_s[(times_s > 2.3) & (times_s < 3.9)]
    assert len(np.unique(inside)) <= 8


def test_a_restart_is_seen_and_the_stream_goes_on() -> None:
    loopback = play("restart:A@5.8")
    assert len(said(loopback, ClockRestarted, GLUTE)) == 1
    assert said(loopback, ClockRestarted, HAMSTRING) == []
    t_s, _ = loopback.stream(GLUTE, EMG)
    assert t_s[-1] > loopback.wearable.world.timeline.duration_s - 0.1
    lift = loopback.wearable.world.timeline.lifts[1]
    assert first_above(loopback, GLUTE, lift.onsets_s["glute"], 20.0) == pytest.approx(
        lift.onsets_s["glute"], abs=0.008
    )


def test_a_fallen_electrode_shows_hum_and_is_flagged() -> None:
    loopback = play("electrode-off:glute@0.5-1.5")
    flags = [event for event in said(loopback, SignalFlags, GLUTE) if isinstance(event, SignalFlags)]
    assert [event.lead_off for event in flags] == [True, False]
    t_s, values = loopback.stream(GLUTE, EMG)
    off = (t_s > 0.55) & (t_s < 1.45)
    assert np.std(values[off]) > 200
    assert np.std(values[(t_s > 1.6) & (t_s < 2.4)]) < 1.0
    assert said(loopback, SignalFlags, HAMSTRING) == []


def test_a_knock_makes_emg_and_accelerometer_of_its_sensor_leap_together() -> None:
    loopback = play("knock:glute@1.5:1000")
    leaps: dict[tuple[int, int], FloatArray] = {}
    for sensor in (GLUTE, HAMSTRING):
        for stream, threshold in ((EMG, 200.0), (IMU, 0.5)):
            t_s, values = loopback.stream(sensor, stream)
            steps = np.abs(np.diff(values[:, : 1 if stream == EMG else 3], axis=0)).max(axis=1)
            leaps[sensor, stream] = t_s[1:][(steps > threshold) & (t_s[1:] > 1.0) & (t_s[1:] < 2.0)]
    assert leaps[GLUTE, EMG][0] == pytest.approx(1.5, abs=0.005)
    assert leaps[GLUTE, IMU][0] == pytest.approx(1.5, abs=0.015)
    assert len(leaps[HAMSTRING, EMG]) == len(leaps[HAMSTRING, IMU]) == 0


def test_a_pulled_cable_is_silent_until_it_is_back() -> None:
    loopback = play("unplug:B@5", replug_after_s=1.0)
    assert len(said(loopback, DeviceDropped, HAMSTRING)) == 1
    assert len(said(loopback, DeviceReturned, HAMSTRING)) == 1
    t_s, values = loopback.stream(HAMSTRING, EMG)
    whole = t_s[np.isfinite(values[:, 0])]
    assert np.max(np.diff(whole)) == pytest.approx(1.0, abs=0.2)
    assert whole[-1] > loopback.wearable.world.timeline.duration_s - 0.1
    assert len(loopback.wearable.truth.sets) == 1


def test_a_pulled_cable_stays_out_unless_it_is_put_back() -> None:
    loopback = play("unplug:hamstring@5")
    assert not loopback.wearable.is_plugged(HAMSTRING)
    assert loopback.wearable.is_plugged(GLUTE)
    assert loopback.stream(HAMSTRING, EMG)[0][-1] < 5.1


def test_a_set_without_quiet_before_it_is_refused() -> None:
    with pytest.raises(ValueError, match="quiet_s"):
        VirtualWearable(replace(SetParams(), quiet_s=0.2))
