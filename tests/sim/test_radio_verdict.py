"""What a radio does to a verdict, in simulated time: its intervals, losses, bursts and deaths, judged from the file."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from firingorder_bridge.buffer import Framing, RawFrame, RecordedItem
from firingorder_bridge.events import Samples
from firingorder_bridge.virtual.faults import Fault
from firingorder_bridge.virtual.identity import SensorParams, default_sensors
from firingorder_bridge.virtual.loopback import Loopback
from firingorder_bridge.virtual.radio import slots
from firingorder_bridge.virtual.settings import SetParams
from firingorder_bridge.virtual.tasks import PRONE_HIP_EXTENSION
from firingorder_bridge.virtual.wearable import VirtualWearable
from firingorder_session.judging.analysis import analyze
from firingorder_session.recordings.file_recording import LINK_LOST, LINK_RESTORED, FileRecording
from firingorder_session.recordings.head import RecordingHead
from firingorder_session.recordings.recorder import Recorder
from firingorder_signal.blocks import Side
from firingorder_signal.results import Lift, Reason, ReasonCode, Verdict

N_LIFTS = 4
LAG_S = 0.11


def judge(
    folder: Path,
    *faults: Fault,
    sensors: tuple[SensorParams, ...] | None = None,
    replug_after_s: float | None = None,
) -> Sequence[Lift]:
    """Play a set over a radio, record it, and judge the recording."""
    task = replace(PRONE_HIP_EXTENSION, up_s=1.0, hold_s=0.8, down_s=1.0)
    params = replace(SetParams(), task=task, n_lifts=N_LIFTS, quiet_s=6.0, rest_s=4.0, lag_s=LAG_S, lag_sd_s=0.0)
    wearable = VirtualWearable(params, seed=11, sensors=sensors, faults=faults, replug_after_s=replug_after_s)
    loopback = Loopback(wearable, Framing.DATAGRAM)
    loopback.run_set()
    path = folder / "radio.fo"
    write(path, loopback)
    (result,) = analyze(FileRecording(path)).sets
    return result.lifts


def write(path: Path, loopback: Loopback) -> None:
    """Record what came, as the acquisition does."""
    head = RecordingHead.now(loopback.wearable.host_origin_ns, protocol="prone_hip_extension", side=Side.RIGHT)
    recorder = Recorder(path, head, lambda event: None, min_free_bytes=0)
    streams = {event.event.block.stream for event in loopback.events if isinstance(event.event, Samples)}
    arrived: list[tuple[int, RecordedItem]] = []
    for number, items in enumerate(loopback.recorded, start=1):
        recorder.add_link(number, f"ble:{number}", Framing.DATAGRAM.value)
        uid = loopback.wearable.sensors[number - 1].uid.hex()
        for stream in sorted((each for each in streams if each.clock_id == uid), key=lambda each: each.stream_id):
            recorder.add_stream(number, stream)
        arrived += [(number, item) for item in items]
    for number, item in sorted(arrived, key=lambda each: each[1].t_host_ns):
        if isinstance(item, RawFrame):
            recorder.add_frames(number, [item])
        else:
            recorder.add_event(item.t_host_ns, LINK_RESTORED if item.up else LINK_LOST, number)
    recorder.close()


def code(lift: Lift) -> ReasonCode | None:
    """Return why a lift was not judged."""
    reason: Reason | None = lift.reason or (lift.lag.reason if lift.lag is not None else None)
    return None if reason is None else reason.code


def certainty_ms(lifts: Sequence[Lift]) -> float:
    """Return how far the clocks may be apart, at the worst lift."""
    return 1000 * max(lift.lag.sync_uncertainty_s for lift in lifts if lift.lag is not None)


@cache
def judge_interval(interval_ms: float) -> Sequence[Lift]:
    """Judge a set at a connection interval, once for all tests that look at it."""
    with TemporaryDirectory() as folder:
        return judge(Path(folder), slots(interval_ms))


@pytest.mark.xdist_group("connection-intervals")
@pytest.mark.parametrize("interval_ms", [7.5, 15.0, 30.0, 50.0])
def test_the_order_is_right_at_any_connection_interval(interval_ms: float) -> None:
    judged = judge_interval(interval_ms)
    assert [lift.verdict for lift in judged] == [Verdict.HAMSTRING_FIRST] * N_LIFTS
    # Within what is stated: the onset's own interval, about 40 ms here, and the clocks'.
    lags = [lift.lag.lag_s for lift in judged if lift.lag is not None and lift.lag.lag_s is not None]
    assert np.median(lags) == pytest.approx(LAG_S, abs=0.03)
    assert certainty_ms(judged) < 20.0


@pytest.mark.xdist_group("connection-intervals")
def test_a_longer_interval_is_less_certain() -> None:
    assert certainty_ms(judge_interval(50.0)) > 1.5 * certainty_ms(judge_interval(15.0))


def test_frames_in_step_with_the_interval_give_no_order(tmp_path: Path) -> None:
    """Frames of 50 ms on an interval of 50 ms always wait the same: nobody can know how long."""
    in_step = tuple(replace(each, emg_flush=(100, 100), imu_flush=(10, 10)) for each in default_sensors(11))
    judged = judge(tmp_path, slots(50.0), sensors=in_step)
    assert {code(lift) for lift in judged} == {ReasonCode.CLOCKS_NOT_ALIGNED}
    assert certainty_ms(judged) > 20.0


def test_a_burst_of_loss_costs_the_lift_it_hits(tmp_path: Path) -> None:
    judged = judge(tmp_path, slots(15.0), Fault.parse("lose@6-12:0.6"))
    assert code(judged[0]) is ReasonCode.SAMPLES_LOST
    assert [lift.verdict for lift in judged] == [Verdict.NOT_JUDGED, *[Verdict.HAMSTRING_FIRST] * 3]


def test_scattered_loss_never_turns_an_order_round(tmp_path: Path) -> None:
    judged = judge(tmp_path, slots(15.0), Fault.parse("lose:0.01"))
    assert {lift.verdict for lift in judged} == {Verdict.HAMSTRING_FIRST, Verdict.NOT_JUDGED}
    lost = {code(lift) for lift in judged if lift.verdict is Verdict.NOT_JUDGED}
    assert lost == {ReasonCode.SAMPLES_LOST}


@pytest.mark.parametrize("fault", ["stall:b@8:1.0", "burst:b:0.3"])
def test_what_comes_late_and_all_at_once_costs_nothing(fault: str, tmp_path: Path) -> None:
    judged = judge(tmp_path, slots(15.0), Fault.parse(fault))
    assert len(judged) == N_LIFTS
    assert {lift.verdict for lift in judged} <= {Verdict.HAMSTRING_FIRST, Verdict.NOT_JUDGED}
    assert {code(lift) for lift in judged} <= {None, ReasonCode.CLOCKS_NOT_ALIGNED}


def test_a_connection_lost_in_a_lift_costs_that_lift(tmp_path: Path) -> None:
    judged = judge(tmp_path, slots(15.0), Fault.parse("unplug:b@7.5"), replug_after_s=1.5)
    assert code(judged[0]) in (ReasonCode.SENSOR_LOST, ReasonCode.SAMPLES_LOST)
    assert [lift.verdict for lift in judged] == [Verdict.NOT_JUDGED, *[Verdict.HAMSTRING_FIRST] * 3]


def test_a_connection_lost_between_lifts_costs_none(tmp_path: Path) -> None:
    judged = judge(tmp_path, slots(15.0), Fault.parse("unplug:b@11"), replug_after_s=1.5)
    assert [lift.verdict for lift in judged] == [Verdict.HAMSTRING_FIRST] * N_LIFTS


def test_a_sensor_that_dies_leaves_the_lifts_before(tmp_path: Path) -> None:
    judged = judge(tmp_path, slots(15.0), Fault.parse("unplug:b@12"))
    assert [lift.verdict for lift in judged] == [Verdict.HAMSTRING_FIRST]
