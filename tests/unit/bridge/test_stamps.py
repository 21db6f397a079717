"""Losses told from time stamps: exact where stamps are even, never invented where they jitter, in whatever chunks."""

import numpy as np
import pytest

from firingorder_bridge.links.stamps import Run, StampFollower
from firingorder_signal.blocks import FloatArray

PERIOD_S = 0.001


def follow(
    numbers: FloatArray, stamps: FloatArray, chunk: int = 20, follower: StampFollower | None = None
) -> list[Run]:
    """Push samples that carry their number, each chunk as its last stamp is due."""
    follower = follower or StampFollower(PERIOD_S)
    runs: list[Run] = []
    now_s = 0.0
    for start in range(0, len(numbers), chunk):
        part = slice(start, start + chunk)
        now_s = max(now_s, float(stamps[part].max()))
        runs += follower.push(numbers[part, np.newaxis], stamps[part], now_s)
    return [*runs, *follower.poll(now_s + 1.0), *follower.poll(now_s + 2.0), *follower.poll(now_s + 3.0)]


def index_error(runs: list[Run]) -> FloatArray:
    """Return for each sample how far its place is from its number."""
    place, errors = 0, list[FloatArray]()
    for run in runs:
        place += run.n_lost
        places = np.arange(place, place + len(run.values), dtype=np.float64)
        errors.append(places - run.values[:, 0].astype(np.float64))
        place += len(run.values)
    return np.concatenate(errors)


def with_losses(n: int, *losses: tuple[int, int]) -> FloatArray:
    """Return the numbers 0 to n without those lost: (first, how many)."""
    lost = {first + i for first, many in losses for i in range(many)}
    return np.array([number for number in range(n) if number not in lost], dtype=np.float64)


@pytest.mark.parametrize("chunk", [1, 7, 20, 100])
def test_even_stamps_tell_every_lost_sample(chunk: int) -> None:
    numbers = with_losses(6000, (3000, 1), (3500, 17), (3520, 2), (5000, 300))
    runs = follow(numbers, 100.0 + numbers * PERIOD_S, chunk)
    assert not index_error(runs).any()
    assert [run.n_lost for run in runs if run.n_lost] == [1, 17, 2, 300]
    stamps = np.concatenate([run.stamps for run in runs])
    assert np.allclose(stamps, 100.0 + numbers * PERIOD_S, atol=1e-9)


def test_jitter_is_no_loss() -> None:
    rng = np.random.default_rng(1)
    numbers = with_losses(20_000)
    # Stamped when a chunk of 20 is pushed, up to 3 ms late.
    late_s = np.repeat(rng.exponential(0.0005, 1000).clip(max=0.003), 20)
    runs = follow(numbers, 5.0 + numbers * PERIOD_S + late_s)
    assert not any(run.n_lost for run in runs)
    assert sum(len(run.values) for run in runs) == 20_000


def test_a_loss_beyond_the_jitter_is_told_to_within_it() -> None:
    rng = np.random.default_rng(2)
    numbers = with_losses(20_000, (10_000, 80))
    late_s = np.repeat(rng.exponential(0.0005, 996).clip(max=0.003), 20)
    runs = follow(numbers, 5.0 + numbers * PERIOD_S + late_s)
    assert sum(run.n_lost for run in runs) == pytest.approx(80, abs=2)


def test_a_stall_that_is_made_up_for_is_no_loss_and_bends_no_times() -> None:
    numbers = with_losses(8000)
    stamps = 5.0 + numbers * PERIOD_S
    stamps[4000:4400] = stamps[4400]
    runs = follow(numbers, stamps)
    assert not any(run.n_lost for run in runs)
    told = np.concatenate([run.stamps for run in runs])
    assert np.abs(told - 5.0 - numbers * PERIOD_S).max() < 0.002


def test_a_nominal_rate_that_is_a_little_wrong_is_no_loss() -> None:
    numbers = with_losses(20_000)
    # A converter 1.5 % slow, stamped by chunks: within a chunk the sender's library deduces nominal steps.
    ends = np.repeat(numbers[99::100], 100) * PERIOD_S * 1.015
    stamps = 5.0 + ends - (99 - np.tile(np.arange(100), 200)) * PERIOD_S
    runs = follow(numbers, stamps, 100)
    assert not any(run.n_lost for run in runs)


@pytest.mark.parametrize("jump_s", [-500.0, 1e6])
def test_another_clock_is_a_restart(jump_s: float) -> None:
    numbers = with_losses(6000)
    stamps = 1000.0 + numbers * PERIOD_S
    stamps[4000:] += jump_s
    runs = follow(numbers, stamps)
    assert [run.restarted for run in runs].count(True) == 1
    assert sum(len(run.values) for run in runs) == 6000
    assert not any(run.n_lost for run in runs)


def test_a_late_stamp_is_told_by_those_after_it() -> None:
    """A sender that stamps each sample on sending, in bursts of up to eight after its own pauses."""
    rng = np.random.default_rng(4)
    numbers = with_losses(8000)
    late_s = (7 - np.arange(8000) % 8) * PERIOD_S + rng.uniform(0.0, 1e-4, 8000)
    runs = follow(numbers, 5.0 + numbers * PERIOD_S + late_s, 8)
    told = np.concatenate([run.stamps for run in runs])
    assert np.abs(told - 5.0 - numbers * PERIOD_S).max() < 3e-4


def test_samples_that_waited_to_be_judged_keep_their_arrival() -> None:
    numbers = with_losses(4000, (3000, 5))
    follower = StampFollower(PERIOD_S)
    runs = follow(numbers, 5.0 + numbers * PERIOD_S, 10, follower)
    for run in runs:
        assert run.arrived_s - run.stamps[-1] < 0.011
