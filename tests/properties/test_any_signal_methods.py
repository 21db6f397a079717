"""Any numbers at all give an answer by every named method, or an error in words: no other exception, no warning."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_signal.arrays import compare_onsets, detect_onset
from firingorder_signal.blocks import FloatArray
from firingorder_signal.methods import DEFAULT_METHOD, METHODS
from firingorder_signal.results import Verdict

KINDS = ("noise", "burst", "constant", "zeros first", "walk", "spikes", "tiny", "huge")


def signal(kind: str, n: int, rng: np.random.Generator) -> FloatArray:
    """Make a signal of a kind, with up to three gaps."""
    x = rng.standard_normal(n)
    made: dict[str, FloatArray] = {
        "noise": x,
        "burst": x * np.where(np.arange(n) > n * rng.uniform(0.1, 0.99), 10.0, 1.0),
        "constant": np.full(n, -3e6),
        "zeros first": np.where(np.arange(n) < n // 2, 0.0, x),
        "walk": np.cumsum(x),
        "spikes": x + 1e6 * (rng.random(n) < 2e-3),
        "tiny": x * 1e-12,
        "huge": x * 1e12,
    }
    for _ in range(int(rng.integers(0, 4))):
        start = int(rng.integers(0, n))
        made[kind][start : start + int(rng.integers(1, max(n // 3, 2)))] = np.nan
    return made[kind]


@settings(max_examples=100, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    method=st.sampled_from([name for name in METHODS if name != DEFAULT_METHOD]),
    rate_hz=st.sampled_from([200.0, 250.0, 500.0, 1000.0, 1926.0, 10_000.0]),
    seconds=st.floats(0.5, 2.0),
    seed=st.integers(0, 10_000),
    rest=st.one_of(st.none(), st.tuples(st.floats(0, 0.45), st.floats(0.55, 1.0))),
)
def test_any_signal_gives_an_answer_by_every_method(
    kind: str, method: str, rate_hz: float, seconds: float, seed: int, rest: tuple[float, float] | None
) -> None:
    rng = np.random.default_rng(seed)
    n = int(rate_hz * seconds)
    x = signal(kind, n, rng)
    rest_s = None if rest is None else (rest[0] * n / rate_hz, rest[1] * n / rate_hz)
    onset = detect_onset(x, rate_hz, rest_s, method=method)
    lag = compare_onsets(x, np.roll(x, 50), rate_hz, rest_s, method=method)
    assert onset.estimator == method
    assert onset.time_s is None or 0.0 <= onset.time_s < n / rate_hz
    assert onset.time_s is not None or onset.reason is not None
    unusable = [one.reason is not None for one in (lag.hamstring, lag.glute)]
    assert (lag.lag_s is None) == (None in (lag.hamstring.time_s, lag.glute.time_s) or any(unusable) or rate_hz < 500.0)
    assert lag.verdict in (Verdict.NOT_JUDGED, Verdict.GLUTE_NOT_DETECTED, Verdict.HAMSTRING_NOT_DETECTED)
    assert lag.verdict is not Verdict.NOT_JUDGED or lag.reason is not None
