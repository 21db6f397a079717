"""Any numbers at all give an answer or the reason why there is none: never an exception, never a warning."""

from collections.abc import Iterable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firingorder_signal.arrays import compare_onsets, detect_bursts, detect_onset
from firingorder_signal.blocks import FloatArray
from firingorder_signal.reasons import describe
from firingorder_signal.results import Onset, Reason, Verdict

KINDS = (
    "noise",
    "burst",
    "constant",
    "clipped",
    "counts",
    "hum",
    "spikes",
    "zeros first",
    "walk",
    "tiny",
    "huge",
    "infinite",
)
#: Verdicts that need no reason.
DECIDED = (Verdict.HAMSTRING_FIRST, Verdict.GLUTE_FIRST, Verdict.SIMULTANEOUS, Verdict.INCONCLUSIVE)


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
        "huge": x * 1e250,
        "infinite": np.where(rng.random(n) < 1e-2, np.inf, x),
    }
    chosen = made[kind].copy()
    for _ in range(int(rng.integers(0, 4))):
        start = int(rng.integers(0, n))
        chosen[start : start + int(rng.integers(1, max(n // 3, 2)))] = np.nan
    return chosen


RATES_HZ = [50.0, 200.0, 250.0, 500.0, 1000.0, 1926.0, 4000.0, 10_000.0, 25_000.0]


def _is_consistent(onset: Onset, duration_s: float) -> bool:
    """Say whether an onset is finite, inside of its interval and the signal, and explained where there is none."""
    if onset.time_s is None:
        return onset.reason is not None and onset.ci90_s is None
    numbers = (onset.time_s, onset.snr_db, onset.rise_s, onset.rest_uv, onset.active_uv, *(onset.ci90_s or ()))
    if onset.ci90_s is None or not all(number is not None and np.isfinite(number) for number in numbers):
        return False
    return onset.ci90_s[0] <= onset.time_s <= onset.ci90_s[1] and -0.01 <= onset.time_s <= duration_s


def _has_words(reasons: Iterable[Reason | None]) -> bool:
    """Say whether each reason can be told to a person."""
    return all(reason is None or all(describe(reason)) for reason in reasons)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    rate_hz=st.sampled_from(RATES_HZ),
    seconds=st.floats(0.0, 3.0),
    seed=st.integers(0, 10_000),
    rest=st.one_of(st.none(), st.tuples(st.floats(0, 0.45), st.floats(0.55, 1.0))),
)
def test_any_signal_gives_an_answer_or_its_reason(
    kind: str, rate_hz: float, seconds: float, seed: int, rest: tuple[float, float] | None
) -> None:
    rng = np.random.default_rng(seed)
    n = int(rate_hz * seconds)
    x = _signal(kind, n, rate_hz, rng) if n else np.empty(0)
    rest_s = None if rest is None or n < 20 else (rest[0] * n / rate_hz, rest[1] * n / rate_hz)
    onset = detect_onset(x, rate_hz, rest_s)
    lag = compare_onsets(x, np.roll(x, int(rng.integers(-200, 200))), rate_hz, rest_s)
    bursts = detect_bursts(x, rate_hz)
    assert _is_consistent(onset, n / rate_hz)
    assert all(_is_consistent(one, n / rate_hz) for one in (lag.hamstring, lag.glute))
    assert lag.verdict in DECIDED or lag.reason is not None
    assert lag.p_hamstring_first is None or 0.0 <= lag.p_hamstring_first <= 1.0
    assert lag.ci90_s is None or (lag.lag_s is not None and lag.ci90_s[0] <= lag.lag_s <= lag.ci90_s[1])
    assert bursts or bursts.reason is not None
    assert all(_is_consistent(burst.onset, n / rate_hz) for burst in bursts)
    assert _has_words([onset.reason, *onset.cautions, lag.reason, *lag.cautions, bursts.reason, *bursts.cautions])


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(
        st.one_of(st.floats(width=32), st.sampled_from([0.0, np.nan, np.inf, -np.inf, 1e300, -1e300, 5e-324])),
        min_size=0,
        max_size=40,
    ),
    times=st.integers(1, 40),
    rate_hz=st.floats(1.0, 20_000.0),
)
def test_any_numbers_give_an_answer_or_its_reason(values: list[float], times: int, rate_hz: float) -> None:
    """A pattern of whatever floats there are, repeated until it is long enough for some rates."""
    x = np.array(values * times, dtype=np.float64)
    onset = detect_onset(x, rate_hz)
    assert _is_consistent(onset, len(x) / rate_hz)
    assert compare_onsets(x, x[::-1], rate_hz).verdict is not None
    assert detect_bursts(x, rate_hz) is not None
    assert _has_words([onset.reason, *onset.cautions])
