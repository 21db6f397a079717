"""Swapping hamstring and glute mirrors the lag to the last bit, whatever the two channels are like."""

import numpy as np
import pytest
from benchmarks.onset_simulator import MIXED_LAGS_S, MIXED_RISES_S, SHAPES, Channel, Scene, simulate
from hypothesis import given, settings
from hypothesis import strategies as st

import firingorder as fo
from firingorder_signal.blocks import FloatArray
from firingorder_signal.results import Reason, Verdict

SWAPPED = {
    Verdict.HAMSTRING_FIRST: Verdict.GLUTE_FIRST,
    Verdict.GLUTE_FIRST: Verdict.HAMSTRING_FIRST,
    Verdict.HAMSTRING_NOT_DETECTED: Verdict.GLUTE_NOT_DETECTED,
    Verdict.GLUTE_NOT_DETECTED: Verdict.HAMSTRING_NOT_DETECTED,
}


def _spoil(x: FloatArray, fault: str, rng: np.random.Generator) -> None:
    """Do something to a channel, in place."""
    row = int(rng.integers(0, len(x) - 200))
    match fault:
        case "gap":
            x[row : row + int(rng.integers(1, 200))] = np.nan
        case "clipping":
            np.clip(x, -0.4 * np.nanmax(x), 0.4 * np.nanmax(x), out=x)
        case "flat":
            x[row:] = x[row] if np.isfinite(x[row]) else 0.0
        case "silent":
            x[:] = rng.standard_normal(len(x))
        case _:
            pass


def _told(reason: Reason | None) -> tuple[object, ...] | None:
    """Return what a reason says, but of which muscle."""
    return None if reason is None else (reason.code, reason.figure, reason.limit, reason.unit)


def _assert_mirrored(straight: fo.Lag, mirrored: fo.Lag) -> None:
    """Compare every field of two lags."""
    assert mirrored.verdict is SWAPPED.get(straight.verdict, straight.verdict)
    assert _told(mirrored.reason) == _told(straight.reason)
    assert (mirrored.hamstring, mirrored.glute) == (straight.glute, straight.hamstring)
    assert (mirrored.band_s, mirrored.sync_uncertainty_s) == (straight.band_s, straight.sync_uncertainty_s)
    assert sorted(map(str, map(_told, mirrored.cautions))) == sorted(map(str, map(_told, straight.cautions)))
    if straight.lag_s is None or straight.ci90_s is None or straight.p_hamstring_first is None:
        assert (mirrored.lag_s, mirrored.ci90_s) == (straight.lag_s, straight.ci90_s)
        return
    assert mirrored.lag_s == -straight.lag_s
    assert mirrored.ci90_s == (-straight.ci90_s[1], -straight.ci90_s[0])
    assert mirrored.p_hamstring_first == 1.0 - straight.p_hamstring_first
    assert straight.null_lag_s is not None
    assert mirrored.null_lag_s == -straight.null_lag_s


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rises_s=st.tuples(st.sampled_from(MIXED_RISES_S), st.sampled_from(MIXED_RISES_S)),
    snrs_db=st.tuples(st.floats(3.0, 35.0), st.floats(3.0, 35.0)),
    lag_s=st.sampled_from(MIXED_LAGS_S),
    shape=st.sampled_from(SHAPES),
    rate_hz=st.sampled_from([500.0, 1000.0, 2000.0]),
    faults=st.tuples(*2 * [st.sampled_from(["none", "none", "gap", "clipping", "flat", "silent"])]),
    sync_s=st.sampled_from([0.0, 0.004, 0.03]),
    knows_rest=st.booleans(),
)
def test_swapping_the_channels_mirrors_the_lag(
    seed: int,
    rises_s: tuple[float, float],
    snrs_db: tuple[float, float],
    lag_s: float,
    shape: str,
    rate_hz: float,
    faults: tuple[str, str],
    sync_s: float,
    knows_rest: bool,
) -> None:
    channels = [
        Channel(2.0 + onset_s, rise_s, snr_db, shape)
        for onset_s, rise_s, snr_db in zip((max(-lag_s, 0.0), max(lag_s, 0.0)), rises_s, snrs_db, strict=True)
    ]
    emg, _ = simulate(Scene(tuple(channels), dirty=bool(seed % 2), rate_hz=rate_hz, duration_s=3.0), seed)
    rng = np.random.default_rng(seed)
    for channel, fault in enumerate(faults):
        _spoil(emg[:, channel], fault, rng)
    rest_s = (0.3, 1.6) if knows_rest else None
    straight = fo.compare_onsets(emg[:, 0], emg[:, 1], rate_hz, rest_s, sync_s)
    mirrored = fo.compare_onsets(emg[:, 1], emg[:, 0], rate_hz, rest_s, sync_s)
    _assert_mirrored(straight, mirrored)


@pytest.mark.parametrize("seed", range(3))
def test_a_channel_compared_with_itself_has_no_lag(seed: int) -> None:
    emg, _ = simulate(Scene((Channel(2.0, 0.1, 15.0),), duration_s=3.0), seed)
    lag = fo.compare_onsets(emg[:, 0], emg[:, 0], 1000.0)
    assert lag.lag_s == pytest.approx(0.0, abs=1e-12)
    assert lag.p_hamstring_first == pytest.approx(0.5, abs=1e-12)
