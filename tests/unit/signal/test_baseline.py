"""The quiet stretch: the quietest there is, and refused with a figure when there is none."""

import numpy as np
import pytest

from firingorder_signal.baseline import find_rest
from firingorder_signal.blocks import FloatArray
from firingorder_signal.results import Reason, ReasonCode
from firingorder_signal.rules import JudgementRules

RATE_HZ = 1000.0
RULES = JudgementRules()


def _noise(level: FloatArray, seed: int = 0) -> FloatArray:
    """Noise of the given level."""
    return level * np.random.default_rng(seed).standard_normal(len(level))


def test_the_quieter_part_is_taken() -> None:
    rest = find_rest(_noise(np.where(np.arange(2000) < 1000, 3.0, 1.0)), RATE_HZ, RULES)
    assert isinstance(rest, tuple)
    assert rest[0] >= 960
    assert rest[1] == 2000


def test_a_quiet_stretch_is_grown_to_what_there_is() -> None:
    rest = find_rest(_noise(np.ones(1800)), RATE_HZ, RULES)
    assert isinstance(rest, tuple)
    assert rest[1] - rest[0] > 1500


def test_a_burst_stays_outside() -> None:
    level = np.ones(3000)
    level[1200:1700] = 8.0
    rest = find_rest(_noise(level), RATE_HZ, RULES)
    assert isinstance(rest, tuple)
    assert rest[1] <= 1220 or rest[0] >= 1680


def test_a_heartbeat_inside_is_tolerated() -> None:
    level = np.ones(600)
    level[300:340] = 6.0
    assert isinstance(find_rest(_noise(level), RATE_HZ, RULES), tuple)


def test_a_trend_is_refused_with_its_figure() -> None:
    found = find_rest(_noise(np.geomspace(1.0, 10.0, 700)), RATE_HZ, RULES)
    assert isinstance(found, Reason)
    assert found.code is ReasonCode.RESTLESS_BASELINE
    assert found.figure is not None
    assert found.limit is not None
    assert found.figure > found.limit


def test_too_little_signal_is_no_baseline() -> None:
    found = find_rest(_noise(np.ones(300)), RATE_HZ, RULES)
    assert isinstance(found, Reason)
    assert found.code is ReasonCode.NO_BASELINE
    assert found.figure == pytest.approx(0.3)


def test_lost_samples_are_kept_out() -> None:
    x = _noise(np.ones(2000))
    x[900:950] = np.nan
    rest = find_rest(x, RATE_HZ, RULES)
    assert isinstance(rest, tuple)
    assert not np.isnan(x[slice(*rest)]).any()


def test_a_gap_of_a_few_samples_does_not_end_a_rest() -> None:
    x = _noise(np.ones(2000))
    x[np.arange(2000) % 400 < 8] = np.nan
    assert find_rest(x, RATE_HZ, RULES) == (0, 2000)


def test_a_stretch_lost_throughout_is_no_baseline() -> None:
    found = find_rest(np.full(2000, np.nan), RATE_HZ, RULES)
    assert isinstance(found, Reason)
    assert found.code is ReasonCode.NO_BASELINE
