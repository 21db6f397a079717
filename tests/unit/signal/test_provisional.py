"""Which bursts of hamstring and glute make a pair for the provisional order."""

from fractions import Fraction

import numpy as np
import pytest

from firingorder_signal.blocks import SampleBlock, Side, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.emg_stream import EmgStream
from firingorder_signal.episodes import PAIR_S
from firingorder_signal.muscles import choose_muscles
from firingorder_signal.provisional import PROVISIONAL_S, PairFinder, examine_pair
from firingorder_signal.rules import JudgementRules

RATE_HZ = 1000
SITES = (Site.parse("hamstring_lateral/right"), Site.parse("gluteus_maximus/right"))
INFO = StreamInfo("a/0", StreamKind.EMG, SITES, Fraction(RATE_HZ))
RULES = JudgementRules()


def finder_of(hamstring_s: list[float], glute_s: list[float], length_s: float = 0.25) -> PairFinder:
    """Feed ten seconds of noise in which each muscle bursts at these times."""
    values = np.random.default_rng(3).normal(0.0, 2.0, (10_000, 2))
    for channel, starts in enumerate((hamstring_s, glute_s)):
        for start_s in starts:
            values[round(start_s * RATE_HZ) : round((start_s + length_s) * RATE_HZ), channel] *= 25.0
    stream = EmgStream(INFO, RULES)
    stream.update(SampleBlock(INFO, 0, values, Timebase(0, 0.0, 1 / RATE_HZ)))
    return PairFinder(choose_muscles(Side.RIGHT, {"a/0": stream}))


def near(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Take the times to a tenth of a second: an alarm comes a few hundredths late."""
    return [(round(first, 1), round(later, 1)) for first, later in pairs]


def test_two_bursts_that_begin_close_together_are_a_pair() -> None:
    assert near(finder_of([4.0], [4.2]).find(9.0)) == [(4.0, 4.2)]


def test_the_earlier_muscle_is_named_first_whichever_it_is() -> None:
    assert near(finder_of([4.2], [4.0]).find(9.0)) == [(4.0, 4.2)]


def test_bursts_too_far_apart_are_no_pair() -> None:
    assert finder_of([4.0], [4.0 + PAIR_S + 0.15]).find(9.0) == []


def test_a_lonely_burst_is_passed_over() -> None:
    assert near(finder_of([4.0, 6.0], [6.2]).find(9.0)) == [(6.0, 6.2)]


def test_a_second_burst_within_the_same_lift_is_not_a_second_pair() -> None:
    assert near(finder_of([4.0, 4.35], [4.1, 4.4], length_s=0.12).find(9.0)) == [(4.0, 4.1)]


def test_a_pair_is_known_once_the_data_after_its_later_alarm_are() -> None:
    finder = finder_of([4.0], [4.2])
    ((_, later_s),) = finder_of([4.0], [4.2]).find(9.0)
    assert finder.find(later_s + PROVISIONAL_S - 0.002) == []
    assert len(finder.find(later_s + PROVISIONAL_S + 0.002)) == 1
    assert finder.find(9.0) == []


def test_the_look_at_a_pair_uses_no_later_data() -> None:
    finder = finder_of([4.0], [4.2])
    ((first_s, later_s),) = finder.find(9.0)
    assert examine_pair(finder.muscles, RULES, first_s, later_s).window.until_s == pytest.approx(later_s + 0.04)
