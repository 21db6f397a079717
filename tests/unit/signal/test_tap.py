"""Taps and shakes against simulated truth, and what is said where they tell nothing."""

from functools import cache

import numpy as np
import pytest
from tests.taps import feel, shake, tap

from firingorder_signal.blocks import FloatArray
from firingorder_signal.reasons import describe
from firingorder_signal.results import Reason, ReasonCode
from firingorder_signal.tap import Acceleration, Apart, find_offset

N_TRIALS = 25
#: kind, rate -> greatest standard deviation, ms, of the simulations this project made.
GOALS_MS = {("tap", 200.0): 0.5, ("tap", 400.0): 0.2, ("shake", 50.0): 0.6, ("shake", 200.0): 0.6}


@cache
def trials(kind: str, rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Return the errors and what is stated of them, ms."""
    errors: list[float] = []
    stated: list[float] = []
    for seed in range(N_TRIALS):
        rng = np.random.default_rng(seed)
        felt = tap(rng) if kind == "tap" else shake(rng)
        offset_s = rng.uniform(-0.04, 0.04)
        found = find_offset(feel(rng, felt, rate_hz), feel(rng, felt, rate_hz, offset_s))
        assert isinstance(found, Apart)
        assert found.shaken is (kind == "shake")
        errors.append(1000.0 * (found.offset_s - offset_s))
        stated.append(1000.0 * found.uncertainty_s)
    return np.array(errors), np.array(stated)


@pytest.mark.parametrize(("kind", "rate_hz"), GOALS_MS)
def test_the_offset_is_found_to_a_fraction_of_a_sample(kind: str, rate_hz: float) -> None:
    errors, stated = trials(kind, rate_hz)
    assert np.std(errors) <= GOALS_MS[kind, rate_hz]
    assert abs(np.mean(errors)) <= 0.25
    assert np.mean(np.abs(errors) <= stated) >= 0.9  # 95 % of 25


def test_swapped_sensors_are_apart_the_other_way() -> None:
    rng = np.random.default_rng(1)
    felt = tap(rng)
    one, other = feel(rng, felt, 200.0), feel(rng, felt, 200.0, 0.012)
    there, back = find_offset(one, other), find_offset(other, one)
    assert isinstance(there, Apart)
    assert isinstance(back, Apart)
    assert there.offset_s == pytest.approx(-back.offset_s, abs=0.0005)


def test_other_rates_are_compared_all_the_same() -> None:
    rng = np.random.default_rng(2)
    felt = tap(rng)
    found = find_offset(feel(rng, felt, 416.0), feel(rng, felt, 208.0, 0.02))
    assert isinstance(found, Apart)
    # The slower one's low-pass is late by that much more; a sensor declares it as its latency.
    filters_s = 2**0.5 / (2 * np.pi * 0.4) * (1 / 208.0 - 1 / 416.0)
    assert found.offset_s == pytest.approx(0.02 + filters_s, abs=0.001)


def test_lost_samples_do_not_stop_it() -> None:
    rng = np.random.default_rng(3)
    felt = tap(rng)
    one, other = feel(rng, felt, 200.0), feel(rng, felt, 200.0, 0.01)
    one.acc[50:54] = np.nan
    found = find_offset(one, other)
    assert isinstance(found, Apart)
    assert found.offset_s == pytest.approx(0.01, abs=0.0015)


def refusal(one: Acceleration, other: Acceleration) -> ReasonCode:
    """Return why there is no offset, which has words."""
    found = find_offset(one, other)
    assert isinstance(found, Reason)
    assert "?" not in "".join(describe(found))
    return found.code


def test_without_taps_there_is_nothing_to_compare() -> None:
    rng = np.random.default_rng(4)
    still = np.zeros((40_000, 3))
    assert refusal(feel(rng, still, 200.0), feel(rng, still, 200.0)) is ReasonCode.NO_TAPS


def test_gentle_touches_are_too_weak() -> None:
    rng = np.random.default_rng(5)
    felt = tap(rng) * 0.04
    assert refusal(feel(rng, felt, 200.0), feel(rng, felt, 200.0)) is ReasonCode.NO_TAPS


def test_two_taps_do_not_tell_their_own_scatter() -> None:
    rng = np.random.default_rng(6)
    felt = tap(rng, n_taps=2)
    assert refusal(feel(rng, felt, 200.0), feel(rng, felt, 200.0)) is ReasonCode.TOO_FEW_TAPS


def test_sensors_that_were_not_held_together_have_nothing_in_common() -> None:
    rng = np.random.default_rng(7)
    one, other = feel(rng, tap(rng), 200.0), feel(rng, shake(rng), 200.0)
    assert refusal(one, other) in (ReasonCode.TOO_FEW_TAPS, ReasonCode.TAPS_DISAGREE)


def test_a_clock_that_jumps_between_taps_is_noticed() -> None:
    rng = np.random.default_rng(8)
    felt = tap(rng)
    one, other = feel(rng, felt, 200.0), feel(rng, felt, 200.0)
    jumped = Acceleration(other.time_s + np.where(other.time_s > 3.5, 0.04, 0.0), other.acc)
    assert refusal(one, jumped) is ReasonCode.TAPS_DISAGREE


def test_a_slow_sensor_is_refused_with_its_rate() -> None:
    rng = np.random.default_rng(9)
    felt = tap(rng)
    assert refusal(feel(rng, felt, 25.0), feel(rng, felt, 200.0)) is ReasonCode.TAP_RATE


def test_a_sensor_that_was_not_there_yet_or_lost_all_has_nothing_in_common() -> None:
    rng = np.random.default_rng(10)
    felt = tap(rng)
    one, other = feel(rng, felt, 200.0), feel(rng, felt, 200.0)
    later = Acceleration(other.time_s + 60.0, other.acc)
    assert refusal(one, later) is ReasonCode.TOO_FEW_TAPS
    lost = Acceleration(other.time_s, np.full_like(other.acc, np.nan))
    assert refusal(one, lost) is ReasonCode.TOO_FEW_TAPS
    assert refusal(lost, one) is ReasonCode.NO_TAPS


def test_nothing_at_all_is_refused() -> None:
    nothing = Acceleration(np.zeros(0), np.zeros((0, 3)))
    assert refusal(nothing, nothing) is ReasonCode.TAP_RATE
