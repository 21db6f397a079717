"""What was recorded while a test was set up: kept, never counted, and called what it was named there."""

import pickle
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from firingorder_bridge.events import Samples, StreamDescribed
from firingorder_session.acquiring.roll_call import Expected
from firingorder_session.events.live_events import Phase, PhaseChanged, SensorChanged, SensorPhase
from firingorder_session.recordings.beginning import Beginning
from firingorder_session.recordings.recording_writer import EventRow
from firingorder_session.running.live_analysis import WAITING_S, LiveAnalysis
from firingorder_session.running.phases import PhaseTable
from firingorder_session.setting_up.relabelling import RELABEL, Names, names_of
from firingorder_signal.blocks import SampleBlock, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.pipeline import PipelineParams

GLUTE, HAMSTRING = Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right")
EXCHANGED = {GLUTE: HAMSTRING, HAMSTRING: GLUTE}
STREAMS = tuple(
    StreamInfo(f"{uid}/0", StreamKind.EMG, (site,), Fraction(1000), clock_id=uid)
    for uid, site in (("a", GLUTE), ("b", HAMSTRING))
)
TIMEBASE = Timebase(0, 0.0, 1e-3)


def block(first: int, stop: int, stream: StreamInfo = STREAMS[0]) -> SampleBlock:
    """Make samples that tell their own number."""
    return SampleBlock(stream, first, np.arange(first, stop, dtype=np.float64)[:, None], TIMEBASE)


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
def test_the_first_sample_does_not_depend_on_the_chopping(size: int) -> None:
    beginning = Beginning(0.4995)
    parts = [beginning.cut(block(first, min(first + size, 1000))) for first in range(0, 1000, size)]
    kept = [part for part in parts if part is not None]
    assert np.concatenate([part.values for part in kept])[:, 0].tolist() == list(range(500, 1000))
    assert kept[0].first_index == 500


def test_without_a_set_up_every_sample_counts() -> None:
    whole = block(0, 10)
    assert Beginning().cut(whole) is whole


def make(from_s: float | None = None) -> LiveAnalysis:
    """Make an analysis of two muscles."""
    return LiveAnalysis(PipelineParams(uses_motion=False), PhaseTable(1.0, 6), Expected(2), from_s=from_s)


def feed(live: LiveAnalysis, first: int, stop: int) -> list[object]:
    """Give both streams some samples."""
    return list(live.take(Samples(block(first, stop, stream)) for stream in STREAMS))


def test_a_held_analysis_begins_when_it_is_released_and_counts_from_there() -> None:
    live = make()
    live.held = True
    live.take(map(StreamDescribed, STREAMS))
    assert feed(live, 0, 500) == []
    assert live.next() == []
    assert not live.has_begun
    assert [event.phase for event in live.release() if isinstance(event, PhaseChanged)] == [Phase.LIE_STILL]
    assert live.from_s == pytest.approx(0.5)
    assert feed(live, 500, 600)


def test_a_replay_begins_at_the_recorded_moment() -> None:
    live = make(from_s=0.5)
    live.take(map(StreamDescribed, STREAMS))
    assert feed(live, 0, 500) == []
    assert not live.has_begun
    feed(live, 500, 600)
    assert live.has_begun


def wait(live: LiveAnalysis, seconds: int) -> LiveAnalysis:
    """Let one of two sensors send alone."""
    live.take(map(StreamDescribed, STREAMS))
    for second in range(seconds):
        live.take([Samples(block(1000 * second, 1000 * (second + 1)))])
    return live


def test_a_sensor_that_is_waited_for_long_lets_the_test_begin_later() -> None:
    live = wait(make(), 600)
    assert len(pickle.dumps(live)) < 2 * WAITING_S * 8 * 1000 * 1.05, "samples of two minutes, and what goes with them"
    live.take([Samples(block(600_000, 600_100, stream)) for stream in STREAMS[::-1]])
    assert live.has_begun
    assert live.from_s is not None
    assert WAITING_S <= 600.0 - live.from_s <= 2 * WAITING_S
    again = make(live.from_s)
    again.take(
        [*map(StreamDescribed, STREAMS), Samples(block(0, 600_100)), Samples(block(600_000, 600_100, STREAMS[1]))]
    )
    assert pickle.dumps(again.results) == pickle.dumps(live.results)


def test_a_sensor_that_is_waited_for_briefly_costs_no_sample() -> None:
    live = wait(make(), 100)
    live.take([Samples(block(100_000, 100_100, stream)) for stream in STREAMS[::-1]])
    assert live.has_begun
    assert live.from_s is None


def test_a_replay_keeps_all_that_came_before_its_beginning() -> None:
    taking_part = frozenset(stream.stream_id for stream in STREAMS)
    live = LiveAnalysis(PipelineParams(), PhaseTable(1.0, 6), Expected(2), taking_part=taking_part)
    wait(live, 300)
    assert live.from_s is None
    assert len(pickle.dumps(live)) > 300 * 8 * 1000


def test_names_are_exchanged_and_read_back() -> None:
    names = Names().exchanged(STREAMS, EXCHANGED)
    assert [names.stream(stream).sites[0] for stream in STREAMS] == [HAMSTRING, GLUTE]
    read = names_of([EventRow(0, None, 0, RELABEL, Names().to_json()), EventRow(1, None, 0, RELABEL, names.to_json())])
    assert read == names
    assert names_of([]).stream(STREAMS[0]) is STREAMS[0]


def test_exchanging_twice_gives_the_first_names_back() -> None:
    names = Names().exchanged(STREAMS, EXCHANGED)
    again = names.exchanged([names.stream(stream) for stream in STREAMS], EXCHANGED)
    assert [again.stream(stream).sites for stream in STREAMS] == [stream.sites for stream in STREAMS]


def test_what_the_bridge_says_carries_the_names() -> None:
    names = Names().exchanged(STREAMS, EXCHANGED)
    described, samples = names.events([StreamDescribed(STREAMS[0]), Samples(block(0, 5))])
    assert isinstance(described, StreamDescribed)
    assert isinstance(samples, Samples)
    assert described.stream.sites == samples.block.stream.sites == (HAMSTRING,)
    sensor = SensorChanged("/dev/a", SensorPhase.STREAMING, "a", (GLUTE, Site.parse("pelvis")))
    assert names.sensor(sensor).sites == (HAMSTRING, Site.parse("pelvis"))
    other = replace(sensor, uid="c")
    assert names.sensor(other) is other
