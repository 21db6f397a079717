"""Effort: percent of the own reference, above 100 too; what the strongest moment so far means; who takes over."""

import numpy as np
import pytest

from firingorder_signal.effort import (
    Bar,
    EffortStage,
    EffortTrack,
    Level,
    OwnReference,
    ReferenceSource,
    share_trend,
)

MAXIMUM = OwnReference(100.0, ReferenceSource.MAXIMUM)


def track_of(*rms_uv: float, stored: OwnReference | None = None) -> EffortTrack:
    """Follow levels of 100 ms each, after a first second and a half of 3 µV of rest."""
    track = EffortTrack(stored)
    for number, level_uv in enumerate([*([3.0] * 20), *rms_uv], start=1):
        track.add_bar(number / 10, level_uv**2)
    return track


def test_a_bar_is_the_rms_of_its_100_ms() -> None:
    tone = 40.0 * np.sqrt(2.0) * np.sin(2 * np.pi * 100.0 * np.arange(4000) / 2000.0)
    bars = [row for row in EffortStage(2000.0, 1).update(tone[:, np.newaxis], 0) if isinstance(row, Bar)]
    assert [bar.stop for bar in bars[:2]] == [200, 400]
    assert float(np.sqrt(bars[-1].channels[0])) == pytest.approx(40.0, rel=0.01)


def test_without_a_reference_there_is_no_percent_until_a_muscle_has_worked() -> None:
    assert track_of(3.1, 2.9).reference is None
    track = track_of(50.0, 50.0, 25.0)
    assert track.reference == OwnReference(50.0, ReferenceSource.STRONGEST)
    assert track.levels[-1].percent == pytest.approx(50.0)


def test_the_strongest_so_far_takes_200_ms_and_not_a_spike() -> None:
    reference = track_of(50.0, 50.0, 80.0, 3.0).reference
    assert reference is not None
    assert reference.rms_uv == pytest.approx(np.sqrt((50.0**2 + 80.0**2) / 2))


def test_a_stored_reference_stays_and_more_than_100_percent_is_shown() -> None:
    assert track_of(150.0, 216.0, stored=MAXIMUM).levels[-1].percent == pytest.approx(216.0)


def test_lost_bars_are_no_levels_and_no_reference() -> None:
    track = track_of(50.0, 50.0, float("nan"), 50.0)
    assert track.reference == OwnReference(50.0, ReferenceSource.STRONGEST)
    assert len(track.levels_in(2.0, 2.4)) == 3


def levels(start: float, stop: float, scatter: float = 0.13) -> list[Level]:
    """Make 25 s of levels that go from one percentage to another, with the scatter of 100 ms of EMG."""
    rng = np.random.default_rng(round(start * 7 + stop))
    means = np.linspace(start, stop, 250) * (1.0 + scatter * rng.standard_normal(250))
    return [Level(i / 10, float(rms), MAXIMUM) for i, rms in enumerate(means)]


def test_a_hamstring_whose_share_grows_takes_over() -> None:
    trend = share_trend(levels(50.0, 40.0), levels(20.0, 45.0))
    assert trend is not None
    assert trend.taking_over
    assert trend.grown == pytest.approx(45 / 85 - 20 / 70, abs=0.06)
    assert trend.interval_s is not None
    assert trend.interval_s[0] < trend.grown / 25.0 < trend.interval_s[1] * 1.1


@pytest.mark.parametrize(("hamstring", "grown"), [((30.0, 30.0), 0.0), ((45.0, 20.0), -0.2), ((20.0, 23.0), 0.03)])
def test_an_even_a_falling_or_a_hardly_growing_share_does_not(hamstring: tuple[float, float], grown: float) -> None:
    trend = share_trend(levels(50.0, 50.0), levels(*hamstring))
    assert trend is not None
    assert trend.grown == pytest.approx(grown, abs=0.05)
    assert not trend.taking_over


def test_a_share_needs_both_references_and_a_trend_needs_time() -> None:
    without = [Level(level.time_s, level.rms_uv, None) for level in levels(30.0, 30.0)]
    assert share_trend(levels(50.0, 50.0), without) is None
    short = share_trend(levels(50.0, 50.0)[:20], levels(50.0, 50.0)[:20])
    assert short is not None
    assert (short.slope_s, short.taking_over) == (None, False)
    assert short.share == pytest.approx(0.5, abs=0.05)


def test_a_steady_person_is_hardly_ever_told_of_a_hamstring_that_takes_over() -> None:
    rng = np.random.default_rng(9)
    told = 0
    for _ in range(200):
        both = 40.0 * (1.0 + 0.13 * rng.standard_normal((2, 250)))
        glute, hamstring = ([Level(i / 10, float(v), MAXIMUM) for i, v in enumerate(row)] for row in both)
        # Looked at twice a second, as the window does.
        told += any(
            (trend := share_trend(glute[:stop], hamstring[:stop])) is not None and trend.taking_over
            for stop in range(30, 251, 10)
        )
    assert told <= 6
