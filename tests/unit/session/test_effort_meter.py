"""Holds summed up: the same whatever the blocks, and whenever the hold is told."""

from fractions import Fraction

import numpy as np
import pytest

from firingorder_session.events.effort_events import EffortLevel, HoldSummary, ShareFollowed
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.judging.effort_meter import EffortMeter
from firingorder_session.judging.hold_sets import put_together
from firingorder_session.judging.results_json import write_hold, write_hold_set
from firingorder_session.setting_up.references import Reference, ReferenceKind
from firingorder_signal.blocks import FloatArray, SampleBlock, Side, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.effort import ReferenceSource
from firingorder_signal.events import LiftDismissed, LiftStarted
from firingorder_signal.filters import emg_power_spectrum
from firingorder_signal.results import ReasonCode

GLUTE, HAMSTRING = Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right")
RATE_HZ = 1000
START_S, END_S, DURATION_S = 6.3, 26.3, 30.0
HOLD = HoldEnded(END_S, 1, Side.MIDDLE, START_S)
REFERENCES = {site: Reference(site, ReferenceKind.MAXIMUM, 100.0) for site in (GLUTE, HAMSTRING)}


def stream_of(site: Site) -> StreamInfo:
    return StreamInfo(f"{site}/1", StreamKind.EMG, (site,), Fraction(RATE_HZ))


def hold_emg(seed: int, start_uv: float, stop_uv: float) -> FloatArray:
    """Rest at 2 µV, then from 0.6 s after the tone a hold whose level goes from one to the other."""
    rng = np.random.default_rng(seed)
    n = round(DURATION_S * RATE_HZ)
    shape = np.sqrt(emg_power_spectrum(np.arange(0.0, n // 2 + 1) * (RATE_HZ / n)))
    noise = np.fft.irfft(np.fft.rfft(rng.standard_normal(n)) * shape, n)
    t = np.arange(n) / RATE_HZ
    ramp = start_uv + (stop_uv - start_uv) * (t - START_S) / (END_S - START_S)
    level = np.where((t > START_S + 0.6) & (t < END_S + 0.3), ramp, 2.0)
    return np.asarray(level * noise / np.std(noise))[:, np.newaxis]


EMG = {GLUTE: hold_emg(1, 45.0, 45.0), HAMSTRING: hold_emg(2, 15.0, 60.0)}


def run(
    block_s: float, *, told_s: float = 0.0, with_references: bool = True
) -> tuple[list[EffortLevel], list[ShareFollowed], list[HoldSummary]]:
    """Measure the hold in blocks of a length, told of it when samples have come up to `told_s` after its end."""
    meter = EffortMeter((30.0, 60.0), REFERENCES if with_references else {})
    meter.begin([stream_of(site) for site in EMG])
    meter.follow(HoldStarted(START_S, 1, 1, Side.MIDDLE, END_S - START_S, (30.0, 60.0)))
    events: list[object] = []
    size = round(block_s * RATE_HZ)
    told = False
    for first in range(0, len(EMG[GLUTE]), size):
        for site, emg in EMG.items():
            base = Timebase(0, 0.0, 1.0 / RATE_HZ)
            events += meter.update(SampleBlock(stream_of(site), first, emg[first : first + size], base))
        if not told and (first + size) / RATE_HZ >= END_S + told_s:
            meter.follow(HOLD)
            told = True
    if not told:
        meter.follow(HOLD)
    events += meter.finish()
    levels = [event for event in events if isinstance(event, EffortLevel)]
    shares = [event for event in events if isinstance(event, ShareFollowed)]
    return levels, shares, [event for event in events if isinstance(event, HoldSummary)]


def test_a_hold_is_summed_up_the_same_whatever_the_blocks_and_whenever_it_is_told() -> None:
    expected = run(0.02)[2]
    assert len(expected) == 1
    assert run(0.173)[2] == expected
    assert run(10.0)[2] == expected
    assert run(0.02, told_s=2.5)[2] == expected


def test_percent_time_in_band_and_share_are_those_that_were_made() -> None:
    levels, shares, (summary,) = run(0.02)
    muscles = {muscle.site: muscle for muscle in summary.muscles}
    assert muscles[GLUTE].percent == pytest.approx(45.0, abs=2.0)
    assert muscles[GLUTE].in_band_s == pytest.approx(19.4, abs=0.8)
    reference = muscles[GLUTE].reference
    assert reference is not None
    assert reference.source is ReferenceSource.MAXIMUM
    assert len(levels) == 2 * round(DURATION_S * 10)
    ((side, trend),) = summary.shares
    assert side is Side.RIGHT
    assert trend.taking_over
    # 15 % of 60 to 60 % of 105, without the first two of twenty seconds.
    assert trend.grown == pytest.approx(60 / 105 - 19.5 / 64.5, abs=0.06)
    assert shares[-1].trend.taking_over
    assert not shares[2].trend.taking_over


def test_a_steady_muscle_has_slopes_and_one_that_changes_fourfold_has_a_reason() -> None:
    *_, (summary,) = run(0.02)
    glute, hamstring = summary.muscles
    assert glute.fatigue.frequency is not None
    assert abs(glute.fatigue.frequency.percent_s) < 0.8
    assert glute.fatigue.amplitude is not None
    assert glute.fatigue.amplitude.direction == 0
    assert hamstring.fatigue.reason is not None
    assert hamstring.fatigue.reason.code is ReasonCode.HOLD_UNSTEADY


def test_without_a_stored_reference_the_strongest_so_far_is_said_as_such() -> None:
    levels, _, (summary,) = run(0.02, with_references=False)
    assert levels[10].percent is None
    reference = summary.muscles[0].reference
    assert reference is not None
    assert reference.source is ReferenceSource.STRONGEST
    written = write_hold(HOLD, summary)["muscles"][str(GLUTE)]
    assert written["reference"] == "strongest_so_far"
    # A band of the strongest so far would say nothing: a steady hold is always near the top of it.
    assert summary.muscles[0].in_band_s is None
    assert 60.0 < written["mean_percent"] < 100.0


def test_a_hold_of_one_leg_follows_that_leg_alone() -> None:
    left = {Site(site.part, Side.LEFT): emg for site, emg in EMG.items()}
    meter = EffortMeter(None, REFERENCES | {site: Reference(site, ReferenceKind.MAXIMUM, 100.0) for site in left})
    meter.begin([stream_of(site) for site in (*EMG, *left)])
    assert meter.sides == (Side.LEFT, Side.RIGHT)
    meter.follow(HoldEnded(END_S, 1, Side.LEFT, START_S))
    base = Timebase(0, 0.0, 1.0 / RATE_HZ)
    events = [
        each
        for first in range(0, len(EMG[GLUTE]), 1000)
        for site, emg in (EMG | left).items()
        for each in meter.update(SampleBlock(stream_of(site), first, emg[first : first + 1000], base))
    ]
    (summary,) = [event for event in (*events, *meter.finish()) if isinstance(event, HoldSummary)]
    assert [side for side, _ in summary.shares] == [Side.LEFT]
    (held,) = put_together([summary])
    assert (held.side, held.n_complete, held.n_holds, held.n_taking_over) == (Side.LEFT, 1, 1, 1)
    assert [muscle.site for muscle in held.muscles] == sorted(left)
    written = write_hold_set(held)
    assert written["muscles"]["gluteus_maximus/left"]["mean_percent"] == pytest.approx(45.0, abs=2.0)
    assert 0.3 < written["hamstring_share"]["left"] < 0.6


def test_the_course_of_a_hold_is_what_it_was_measured_from() -> None:
    *_, (summary,) = run(0.02)
    course = summary.muscles[0].course
    times_s, levels_uv = zip(*course.levels_uv, strict=True)
    assert len(times_s) == pytest.approx(200, abs=1)
    assert max(times_s) == pytest.approx(20.0, abs=0.11)
    assert np.median(levels_uv) == pytest.approx(45.0, rel=0.05)
    middles_s, medians_hz = zip(*course.medians_hz, strict=True)
    assert 2.4 < min(middles_s) < 3.1
    assert 50.0 < np.mean(medians_hz) < 150.0


def test_a_bridge_has_a_share_while_it_is_up() -> None:
    meter = EffortMeter(None, REFERENCES)
    meter.begin([stream_of(site) for site in EMG])
    meter.follow(LiftStarted(1, START_S, Side.RIGHT))
    base = Timebase(0, 0.0, 1.0 / RATE_HZ)
    shares: list[float] = []
    for first in range(0, len(EMG[GLUTE]), 20):
        if first == 12_000:
            meter.follow(LiftDismissed(1, 12.0, Side.RIGHT))
        for site, emg in EMG.items():
            told = meter.update(SampleBlock(stream_of(site), first, emg[first : first + 20], base))
            shares += [event.time_s for event in told if isinstance(event, ShareFollowed)]
    assert START_S < min(shares) < START_S + 1.1
    assert max(shares) <= 12.0
    assert meter.finish() == []


def test_a_muscle_that_goes_silent_holds_the_summary_up_for_no_longer_than_the_pipeline_waits() -> None:
    meter = EffortMeter((30.0, 60.0), REFERENCES)
    meter.begin([stream_of(site) for site in EMG])
    meter.follow(HOLD)
    base = Timebase(0, 0.0, 1.0 / RATE_HZ)
    meter.update(SampleBlock(stream_of(HAMSTRING), 0, EMG[HAMSTRING][:20_000], base))
    events = meter.update(SampleBlock(stream_of(GLUTE), 0, EMG[GLUTE], base))
    (summary,) = [event for event in events if isinstance(event, HoldSummary)]
    assert [muscle.site for muscle in summary.muscles] == [GLUTE, HAMSTRING]
    lost = summary.muscles[1].fatigue.reason
    assert lost is not None
    assert lost.code is ReasonCode.SAMPLES_MISSING
