"""One EMG stream: its look-back by time under changing clocks, its bursts, and what it forgets."""

from fractions import Fraction

import numpy as np
import pytest

from firingorder_signal.blocks import FloatArray, SampleBlock, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.emg_stream import Alarm, EmgStream
from firingorder_signal.events import ChannelQuality, EmgAlarm, EmgTrace
from firingorder_signal.rules import JudgementRules

SITES = (Site.parse("hamstring_lateral/right"), Site.parse("gluteus_maximus/right"))
RATE_HZ = 1000
INFO = StreamInfo("a/0", StreamKind.EMG, SITES, Fraction(RATE_HZ))


def bursts(n_samples: int, *starts_s: float, length_s: float = 0.6) -> FloatArray:
    """Make two channels of noise, the second with bursts."""
    values = np.random.default_rng(5).normal(0.0, 2.0, (n_samples, 2))
    for start_s in starts_s:
        values[round(start_s * RATE_HZ) : round((start_s + length_s) * RATE_HZ), 1] *= 20.0
    return values


def block_of(values: FloatArray, first_index: int = 0, base: Timebase | None = None) -> SampleBlock:
    return SampleBlock(INFO, first_index, values, base or Timebase(0, 0.0, 1 / RATE_HZ))


def stream_of(values: FloatArray, hold_s: float = 0.0) -> EmgStream:
    stream = EmgStream(INFO, JudgementRules(), hold_s)
    stream.update(block_of(values))
    return stream


def test_a_stretch_is_cut_by_time() -> None:
    values = bursts(6000, 3.0)
    stretch = stream_of(values).stretch(SITES[1], 2.5, 3.5, 3.0)
    np.testing.assert_array_equal(stretch.raw_uv, values[2500:3500, 1])
    assert stretch.offset_s == pytest.approx(2.5)
    assert stretch.row_of(3.0) == 500


def test_what_was_never_sent_is_lost_in_a_stretch() -> None:
    stretch = stream_of(bursts(3000)).stretch(SITES[0], -0.5, 3.5, 1.0)
    assert np.flatnonzero(~np.isnan(stretch.raw_uv)).tolist() == list(range(500, 3500))


def test_a_burst_is_found_where_it_began_and_only_where_it_began() -> None:
    stream = stream_of(bursts(8000, 3.0, 5.0))
    on_s = stream.first_on(SITES[1], 2.0, 8.0)
    assert on_s == pytest.approx(3.0, abs=0.06)
    assert stream.first_on(SITES[1], 4.0, 8.0) == pytest.approx(5.0, abs=0.06)
    assert stream.first_on(SITES[0], 0.0, 8.0) is None


def test_only_bursts_that_lasted_count() -> None:
    stream = stream_of(bursts(8000, 3.0, length_s=0.08))
    assert stream.first_on(SITES[1], 2.0, 8.0) is not None
    assert stream.lasting(SITES[1], 2.0, 8.0, 0.24, 8.0) == []
    long = stream_of(bursts(8000, 3.0))
    assert len(long.lasting(SITES[1], 2.0, 8.0, 0.24, 8.0)) == 1
    assert long.lasting(SITES[1], 2.0, 8.0, 0.24, 3.2) == []


def test_a_view_gets_traces_alarms_and_quality() -> None:
    events = EmgStream(INFO, JudgementRules()).update(block_of(bursts(4000, 2.5)))
    assert isinstance(events[0], EmgTrace)
    assert [event.site for event in events if isinstance(event, EmgAlarm)] == [SITES[1]]
    assert len([event for event in events if isinstance(event, ChannelQuality)]) == 8


def test_in_batch_nobody_looks() -> None:
    stream = EmgStream(INFO, JudgementRules(), hold_s=1.0)
    assert stream.update(block_of(bursts(4000, 2.5))) == []
    assert stream.first_on(SITES[1], 2.0, 4.0) is not None


def test_what_is_held_is_not_known_until_it_is_late() -> None:
    stream = stream_of(bursts(500), hold_s=10.0)
    assert stream.known_until_s(0.4) == float("-inf")
    assert stream.known_until_s(0.6) == 0.6
    assert stream.end_s == pytest.approx(0.5)


def test_the_sample_of_a_time_stays_the_same_when_the_clock_steps_back() -> None:
    """A map that says the samples came 2 ms earlier covers a time that was known before it came."""
    values = bursts(4000)
    stream = EmgStream(INFO, JudgementRules())
    stream.update(block_of(values[:1000]))
    times_s = [0.99 + 0.0005 * step for step in range(20)]
    before = [stream.index_of(time_s) for time_s in times_s]
    stream.update(block_of(values[1000:], 1000, Timebase(0, -0.002, 1 / RATE_HZ)))
    assert [stream.index_of(time_s) for time_s in times_s] == before
    assert stream.index_of(2.0) == 2002


def test_a_time_in_a_forward_step_belongs_to_the_new_map() -> None:
    stream = EmgStream(INFO, JudgementRules())
    values = bursts(4000)
    stream.update(block_of(values[:1000]))
    stream.update(block_of(values[1000:], 1000, Timebase(0, 0.5, 1 / RATE_HZ)))
    assert stream.index_of(0.5) == 500
    assert stream.index_of(2.0) == 1500
    assert stream.time_of(999) == pytest.approx(0.999)
    assert stream.time_of(1000) == pytest.approx(1.5)


def test_forgetting_keeps_what_is_still_needed() -> None:
    stream = stream_of(bursts(8000, 3.0, 5.0))
    stream.update(block_of(bursts(1000), 8000, Timebase(0, 0.001, 1 / RATE_HZ)))
    kept: list[Alarm] = [alarm for alarm in stream.alarms[1] if alarm.time_s >= 4.0]
    stream.forget_before(4.0)
    assert stream.alarms[1] == kept
    assert stream.index_of(4.5) == 4500
    assert stream.index_of(8.5) == 8499


def test_a_burst_may_last_until_it_has_or_is_over() -> None:
    stream = stream_of(bursts(6000, 3.0))
    stream.alarms[1] = [Alarm(3.0, True), Alarm(3.2, False), Alarm(4.0, True)]
    known = {3.1: True, 3.25: False, 4.1: False}
    assert {time: stream.may_last(SITES[1], 2.9, 3.5, 0.24, time) for time in known} == known
    assert stream.may_last(SITES[1], 3.9, 4.5, 0.24, 4.1)
    assert not stream.may_last(SITES[1], 3.9, 4.5, 0.24, 4.25)
