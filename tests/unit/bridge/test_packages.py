"""Lost packages told from their numbers, with whatever range, stride and samples a package a board has."""

import numpy as np
import pytest

from firingorder_bridge.links.packages import PackageCounter

RATE_HZ = 250.0


def follow(counter: PackageCounter, numbers: list[int], chunk: int = 5, jumps: dict[int, float] | None = None) -> int:
    """Pass numbers on, chunk by chunk in even time with jumps at some rows; return how many samples were lost."""
    stamps = np.arange(len(numbers)) / RATE_HZ
    for row, by_s in (jumps or {}).items():
        stamps[row:] += by_s
    lost = 0
    for start in range(0, len(numbers), chunk):
        part = slice(start, start + chunk)
        lost += sum(counter.find_lost(np.array(numbers[part], dtype=np.int64), stamps[part]).values())
    return lost


@pytest.mark.parametrize("chunk", [1, 5, 64])
@pytest.mark.parametrize(("modulus", "known"), [(256, 256), (256, None), (101, None), (65536, None)])
def test_lost_packages_are_counted(modulus: int, known: int | None, chunk: int) -> None:
    kept = [n for n in range(2000) if n not in (700, 701, 702, 1300) and not 1500 <= n < 1540]
    assert follow(PackageCounter(RATE_HZ, known), [n % modulus for n in kept], chunk) == 44


def test_a_number_that_grows_by_two_and_one_that_several_samples_share() -> None:
    odd = [(2 * n + 1) % 256 for n in range(1500) if n not in (900, 901)]
    assert follow(PackageCounter(RATE_HZ), odd) == 2
    shared = [n // 3 % 256 for n in range(3000) if n // 3 != 500]
    assert follow(PackageCounter(RATE_HZ), shared) == 3
    short = [n // 3 % 256 for n in range(3000) if n != 1501]
    assert follow(PackageCounter(RATE_HZ), short) == 1


def test_a_silence_hides_whole_rounds_unless_what_comes_makes_up_for_it() -> None:
    numbers = [n % 256 for n in range(2000) if not 600 <= n < 600 + 512]
    assert follow(PackageCounter(RATE_HZ, 256), numbers, jumps={600: 512 / RATE_HZ}) == 512
    stalled = PackageCounter(RATE_HZ, 256)
    lost = follow(stalled, [n % 256 for n in range(600)])
    burst = np.array([n % 256 for n in range(600, 1110)], dtype=np.int64)
    assert not stalled.find_lost(burst, np.full(burst.size, 1110 / RATE_HZ))
    assert lost == 0


def test_a_loss_in_the_first_second_counts_where_the_range_is_known() -> None:
    numbers = [n % 256 for n in range(500) if n not in (40, 41, 42)]
    assert follow(PackageCounter(RATE_HZ, 256), numbers, 5) == 3
