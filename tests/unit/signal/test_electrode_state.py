"""One electrode, one cause: each trouble is named by what mends it."""

from dataclasses import replace

import numpy as np
import pytest

from firingorder_signal.blocks import Site
from firingorder_signal.electrode_state import ElectrodeCause, hears_heart, judge_electrode
from firingorder_signal.events import ChannelQuality

SITE = Site.parse("gluteus_maximus/right")
FINE = ChannelQuality(SITE, 1.0, 3.0, 0.0, 0.1, 0.1, False, 0.0)
HUM, MOVING = replace(FINE, mains=0.8, rms_uv=30.0), replace(FINE, artefact=0.9, rms_uv=30.0)


@pytest.mark.parametrize(
    ("report", "rest_uv", "cause"),
    [
        (FINE, 3.0, ElectrodeCause.GOOD),
        (FINE, 7.0, ElectrodeCause.FAIR),
        (FINE, 12.0, ElectrodeCause.NOISY),
        (replace(FINE, flat=True), 3.0, ElectrodeCause.NO_CONTACT),
        (replace(FINE, clipped=0.1), 3.0, ElectrodeCause.TOO_STRONG),
        (replace(FINE, lost=0.2), 3.0, ElectrodeCause.LOST),
        (HUM, 30.0, ElectrodeCause.MAINS),
        (MOVING, 30.0, ElectrodeCause.MOVES),
        (replace(FINE, mains=0.8), 1.0, ElectrodeCause.GOOD),  # a little hum is most of very little noise
    ],
)
def test_a_trouble_is_named(report: ChannelQuality, rest_uv: float, cause: ElectrodeCause) -> None:
    state = judge_electrode(SITE, [report] * 3, rest_uv=rest_uv)
    assert (state.cause, state.rest_uv) == (cause, rest_uv)


def test_what_passes_within_three_seconds_is_no_state() -> None:
    assert judge_electrode(SITE, [HUM, HUM, FINE], rest_uv=6.0).cause is ElectrodeCause.FAIR


def test_nothing_is_said_before_anything_is_known() -> None:
    assert judge_electrode(SITE, []).cause is ElectrodeCause.WAITING


def test_a_muscle_that_hardly_rises_lies_under_a_misplaced_electrode() -> None:
    state = judge_electrode(SITE, [FINE], rest_uv=3.0, worked_db=7.0)
    assert (state.cause, state.figure, state.unit) == (ElectrodeCause.LOW, 7.0, "dB")


def test_the_heart_is_not_taken_for_a_bad_contact() -> None:
    assert judge_electrode(SITE, [FINE], rest_uv=12.0, beats=True).cause is ElectrodeCause.HEART
    assert judge_electrode(SITE, [FINE], rest_uv=25.0, beats=True).cause is ElectrodeCause.NOISY


def test_beats_are_heard_and_noise_is_not_taken_for_them() -> None:
    rng = np.random.default_rng(1)
    noise = 2.5 * rng.standard_normal(8000)
    time_s = np.arange(8000) / 1000.0
    beats = sum(60.0 * np.exp(-0.5 * ((time_s - at) / 0.011) ** 2) for at in np.arange(0.4, 8.0, 0.85))
    assert hears_heart(noise + beats, 1000.0)
    assert not hears_heart(noise, 1000.0)
