"""What the lifts of a set know together of the rise, and how it moves their lags."""

import numpy as np
import pytest

from firingorder_signal.levels import SHAPES
from firingorder_signal.pooling import pool_lags
from firingorder_signal.results import Lag, Onset, RiseBelief, Verdict


def _onset(times_s: list[float], log_evidence: list[float], sd_s: float = 0.01) -> Onset:
    """Make an onset that would lie at each time under each kind of rise."""
    kinds = zip(SHAPES, log_evidence, times_s, strict=True)
    return Onset(times_s[1], by_rise=tuple(RiseBelief(kind.value, log, time, sd_s) for kind, log, time in kinds))


def _lag(hamstring: Onset, glute: Onset) -> Lag:
    """Make a judged lag of two onsets."""
    assert hamstring.time_s is not None
    assert glute.time_s is not None
    lag_s = glute.time_s - hamstring.time_s
    return Lag(lag_s, None, None, None, Verdict.INCONCLUSIVE, None, hamstring, glute)


EVEN = [0.0] * len(SHAPES)
#: Each lift favours the quadratic kind a little.
QUADRATIC = [-1.0, -0.6, 0.6, -0.4, -1.0, -9.0]
#: The glute's onset by kind: an early start if the rise was quadratic; the hamstring's does not depend on it.
GLUTE_S = [1.10, 1.08, 1.00, 1.03, 1.10, 1.08]
HAMSTRING_S = [1.0] * len(SHAPES)


def test_six_lifts_tell_a_kind_that_one_cannot() -> None:
    lag = _lag(_onset(HAMSTRING_S, QUADRATIC), _onset(GLUTE_S, QUADRATIC))
    one, six = pool_lags([lag]), pool_lags([lag] * 6)
    assert one is not None
    assert six is not None
    assert np.median(six.lag_s) == pytest.approx(0.0, abs=0.01)
    assert np.median(one.lag_s) > 0.02
    assert six.shared_sd_s < one.shared_sd_s / 2


def test_without_evidence_more_lifts_do_not_shrink_what_is_shared() -> None:
    lag = _lag(_onset(HAMSTRING_S, EVEN), _onset(GLUTE_S, EVEN))
    one, six = pool_lags([lag]), pool_lags([lag] * 6)
    assert one is not None
    assert six is not None
    assert six.shared_sd_s == pytest.approx(one.shared_sd_s)


def test_onsets_that_move_alike_leave_the_lag_alone() -> None:
    lag = _lag(_onset(GLUTE_S, EVEN), _onset([time + 0.05 for time in GLUTE_S], EVEN, 0.02))
    pooled = pool_lags([lag] * 3)
    assert pooled is not None
    np.testing.assert_allclose(pooled.lag_s, 0.05, atol=1e-9)
    np.testing.assert_allclose(pooled.lift_sd_s, np.hypot(0.01, 0.02))
    assert pooled.shared_sd_s < 0.03


def test_swapping_the_muscles_mirrors_the_lags() -> None:
    hamstring, glute = _onset(HAMSTRING_S, EVEN), _onset(GLUTE_S, QUADRATIC)
    straight, mirrored = pool_lags([_lag(hamstring, glute)] * 4), pool_lags([_lag(glute, hamstring)] * 4)
    assert straight is not None
    assert mirrored is not None
    np.testing.assert_allclose(straight.lag_s, -mirrored.lag_s, atol=1e-12)


def test_onsets_without_kinds_are_not_pooled() -> None:
    assert pool_lags([_lag(Onset(1.0), Onset(1.1))]) is None
    assert pool_lags([]) is None
