"""Any numbers at all give an answer, or an error in words: never another exception, never a warning."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_signal.arrays import compare_onsets, detect_bursts, detect_onset
from firingorder_signal.blocks import FloatArray
from firingorder_signal.errors import SignalError

KINDS = ("noise", "burst", "constant", "clipped", "counts", "hum", "spikes", "zeros first", "walk", "tiny", "huge")


def _signal(kind: str, n: int, rate_hz: float, rng: np.random.Generator) -> FloatArray:
    """Make a signal of a kind, with up to three gaps."""
    x: FloatArray = rng.standard_normal(n)
    made: dict[str, FloatArray] = {
        "noise": x,
        "burst": x * np.where(np.arange(n) > n * rng.uniform(0.1, 0.99), 10.0, 1.0),
        "constant": np.full(n, rng.choice([0.0, 5.0, -3e6])),
        "clipped": np.clip(x * 100, -50, 50),
        "counts": np.round(x * rng.choice([0.1, 1.0, 1000.0])),
        "hum": 100.0 * np.sin(2 * np.pi * 50.0 * np.arange(n) / rate_hz),
        "spikes": x + 1e6 * (rng.random(n) < 2e-3),
        "zeros first": np.where(np.arange(n) < n // 2, 0.0, x),
        "walk": np.cumsum(x),
        "tiny": x * 1e-12,
        "huge": x * 1e12,
    }
    chosen = made[kind].copy()
    for _ in range(int(rng.integers(0, 4))):
        start = int(rng.integers(0, n))
        chosen[start : start + int(rng.integers(1, max(n // 3, 2)))] = np.nan
    return chosen


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    rate_hz=st.sampled_from([200.0, 250.0, 500.0, 1000.0, 1926.0, 4000.0, 10_000.0]),
    seconds=st.floats(0.5, 3.0),
    seed=st.integers(0, 10_000),
    rest=st.one_of(st.none(), st.tuples(st.floats(0, 0.45), st.floats(0.55, 1.0))),
)
def test_any_signal_gives_an_answer_or_an_error_in_words(
    kind: str, rate_hz: float, seconds: float, seed: int, rest: tuple[float, float] | None
) -> None:
    rng = np.random.default_rng(seed)
    n = int(rate_hz * seconds)
    x = _signal(kind, n, rate_hz, rng)
    rest_s = None if rest is None else (rest[0] * n / rate_hz, rest[1] * n / rate_hz)
    try:
        onset = detect_onset(x, rate_hz, rest_s)
        lag = compare_onsets(x, np.roll(x, int(rng.integers(-200, 200))), rate_hz, rest_s)
        bursts = detect_bursts(x, rate_hz)
    except SignalError:
        return
    assert onset.time_s is None or -0.5 < onset.time_s < n / rate_hz
    assert lag.p_hamstring_first is None or 0.0 <= lag.p_hamstring_first <= 1.0
    assert all(burst.onset.time_s is not None for burst in bursts)
