"""A sensor, or one stream of it, that falls silent, in simulated time."""

import pytest
from tests.sim.acquisition_bench import Bench

from firingorder_session.events.live_events import SensorPhase
from firingorder_signal.blocks import StreamKind


def test_a_sensor_that_stops_by_itself_is_stale_then_started_again() -> None:
    bench = Bench()
    bench.run(2.0)
    bench.wearable.hang_up(0)
    bench.run(4.0)
    assert bench.phases(0)[-3:] == [SensorPhase.STREAMING, SensorPhase.STALE, SensorPhase.STREAMING]
    assert bench.phases(1) == [SensorPhase.CONNECTING, SensorPhase.STREAMING]


def test_a_long_silence_is_a_lost_link_opened_again() -> None:
    bench = Bench()
    bench.run(2.0)
    link = bench.links[0]
    link.is_deaf = True
    bench.wearable.hang_up(0)
    bench.run(4.0)
    assert bench.phases(0)[-3:] == [SensorPhase.STALE, SensorPhase.LOST, SensorPhase.CONNECTING]
    assert bench.channels[0].counts.losses_of_link == 1
    link.is_deaf = False
    bench.run(2.0)
    assert bench.phases(0)[-1] is SensorPhase.STREAMING


@pytest.mark.parametrize(("number", "kind"), [(0, StreamKind.EMG), (1, StreamKind.IMU)])
def test_a_stream_that_dies_beside_another_is_named_then_looked_for_by_connecting_again(
    number: int, kind: StreamKind
) -> None:
    bench = Bench()
    bench.run(2.0)
    bench.links[0].dead_streams = (number,)
    bench.run(0.8)
    told = [event for event in bench.told if event.link == "hand0"][-1]
    assert (told.phase, [stream.kind for stream in told.silent]) == (SensorPhase.STALE, [kind])
    assert f"no {kind.name} of" in told.detail
    bench.run(2.0)
    assert bench.channels[0].counts.losses_of_link == 0
    bench.run(0.5)
    assert bench.channels[0].counts.losses_of_link == 1
    bench.links[0].dead_streams = ()
    bench.run(1.5)
    told = [event for event in bench.told if event.link == "hand0"][-1]
    assert (told.phase, told.silent, told.detail) == (SensorPhase.STREAMING, (), "")
    assert bench.phases(1) == [SensorPhase.CONNECTING, SensorPhase.STREAMING]


def test_a_stream_that_stays_dead_costs_the_others_one_gap_only() -> None:
    bench = Bench()
    bench.run(2.0)
    bench.links[0].dead_streams = (1,)
    bench.run(20.0)
    assert bench.channels[0].counts.losses_of_link == 1
    told = [event for event in bench.told if event.link == "hand0"][-1]
    assert (told.phase, [stream.kind for stream in told.silent]) == (SensorPhase.STALE, [StreamKind.IMU])


def test_reports_without_any_samples_are_silence() -> None:
    """TIME and STATUS go on, and neither stream does."""
    bench = Bench()
    bench.run(2.0)
    bench.links[0].dead_streams = (0, 1)
    bench.run(0.8)
    told = [event for event in bench.told if event.link == "hand0"][-1]
    assert (told.phase, told.silent) == (SensorPhase.STALE, ())
    bench.run(2.5)
    assert bench.channels[0].counts.losses_of_link == 1
