"""What hides an onset, or only seems to be one, is told with its figure: nothing is called rest that is none."""

import numpy as np
import pytest
from benchmarks.onset_simulator import Channel, Scene, shaped_noise, simulate

import firingorder as fo
from firingorder_signal.arrays import detect_bursts
from firingorder_signal.blocks import FloatArray
from firingorder_signal.reasons import describe
from firingorder_signal.results import Reason, ReasonCode, Verdict

RATE_HZ = 1000.0
REST_S = (0.3, 1.6)


def _one(seed: int) -> FloatArray:
    """One muscle that switches on at 2.0 s, 20 dB, 3.4 s long."""
    emg, _ = simulate(Scene((Channel(2.0, 0.08, 20.0), Channel(2.1, 0.08, 20.0)), duration_s=3.4), seed)
    return np.ascontiguousarray(emg[:, 0])


def _gait(n_strides: int) -> FloatArray:
    """Bursts of 450 ms every 1.1 s, the first at 0 s, 20 dB."""
    phase = np.arange(1100 * n_strides) / RATE_HZ % 1.1
    level = np.clip(phase / 0.08, 0, 1) * np.clip((0.45 - phase) / 0.1, 0, 1)
    rng = np.random.default_rng(20)
    return np.asarray(10.0 * level * shaped_noise(rng, len(phase), RATE_HZ) + rng.standard_normal(len(phase)))


def _assert_told(reason: Reason | None, code: ReasonCode, low: float, high: float) -> None:
    """Check a reason's code and that its figure lies within bounds."""
    assert reason is not None
    assert reason.code is code
    assert reason.figure is not None
    assert low <= reason.figure <= high


@pytest.mark.parametrize("quiet_s", [0.1, 0.2])
@pytest.mark.parametrize("seed", range(16, 22))
def test_a_quiet_too_short_for_a_rest_is_told(quiet_s: float, seed: int) -> None:
    """The quietest half second is then the burst, and what stands out of it, however faint, is no onset."""
    x = _one(seed)[2000 - round(1000 * quiet_s) :]
    for reason in (fo.detect_onset(x, RATE_HZ).reason, detect_bursts(x, RATE_HZ).reason):
        _assert_told(reason, ReasonCode.NO_BASELINE, quiet_s - 0.03, quiet_s + 0.03)


def test_a_burst_behind_a_long_gap_is_not_taken_for_rest() -> None:
    x = _one(17)
    x[200:1800] = np.nan
    _assert_told(fo.detect_onset(x, RATE_HZ).reason, ReasonCode.NO_BASELINE, 0.17, 0.23)


def test_a_muscle_active_in_the_rest_given_is_not_called_silent() -> None:
    onset = fo.detect_onset(_one(11), RATE_HZ, (2.3, 3.3))
    _assert_told(onset.reason, ReasonCode.RESTLESS_BASELINE, 50.0, 200.0)
    glute = np.random.default_rng(3).standard_normal(3400) * np.where(np.arange(3400) < 1650, 30.0, 3.0)
    glute[2060:] *= 10.0
    lag = fo.compare_onsets(_one(11), glute, RATE_HZ, REST_S)
    assert lag.verdict is Verdict.NOT_JUDGED
    _assert_told(lag.reason, ReasonCode.NO_BASELINE, 0.35, 0.45)


@pytest.mark.parametrize("off", [slice(1900, 2100), slice(0, 1900)])
def test_a_burst_beside_a_flat_line_is_told(off: slice) -> None:
    x = _one(18)
    x[off] = 0.0
    (burst,) = fo.detect_bursts(x, RATE_HZ)
    _assert_told(burst.onset.reason, ReasonCode.FLAT_LINE, 0.1, 0.5)


def test_an_onset_where_the_electrode_comes_on_is_told() -> None:
    x = _one(18)
    x[1900:2100] = 0.0
    assert fo.detect_onset(x, RATE_HZ).reason == Reason(ReasonCode.FLAT_LINE, 0.2, 0.1, "s")
    assert fo.compare_onsets(x, _one(19), RATE_HZ).verdict is Verdict.NOT_JUDGED


def test_hum_that_hides_every_burst_is_told() -> None:
    x = _one(19)
    bursts = detect_bursts(x + 200.0 * np.sin(2 * np.pi * 50.0 * np.arange(len(x)) / RATE_HZ), RATE_HZ)
    assert not bursts
    _assert_told(bursts.reason, ReasonCode.MAINS_HUM, 0.9, 1.0)
    assert not bursts.cautions


def test_clipping_that_hides_every_burst_is_told() -> None:
    x = _one(19)
    bursts = detect_bursts(np.clip(x, -0.05 * np.max(x), 0.05 * np.max(x)), RATE_HZ)
    assert not bursts
    _assert_told(bursts.reason, ReasonCode.CLIPPING, 0.2, 1.0)


def test_spikes_are_not_said_to_be_rest() -> None:
    x = _one(19)
    x[[300, 1200, 2500]] += 1e6
    reason = fo.detect_onset(x, RATE_HZ).reason
    _assert_told(reason, ReasonCode.NO_ACTIVITY, 60.0, 120.0)
    assert reason is not None
    assert "no burst that lasts" in describe(reason)[0]


def test_a_stride_under_way_at_the_first_sample_is_told() -> None:
    whole, later = detect_bursts(_gait(6), RATE_HZ), detect_bursts(_gait(6)[500:], RATE_HZ)
    assert len(whole) == len(later) == 5
    assert whole.cautions == (Reason(ReasonCode.NO_BASELINE, 0.0, 0.5, "s"),)
    assert later.cautions == ()


def test_a_burst_with_a_gap_in_it_says_so() -> None:
    """The muscle may have paused unseen."""
    x = _gait(6)
    x[2700:3200] = np.nan
    told = [burst.onset.cautions for burst in fo.detect_bursts(x, RATE_HZ) if burst.onset.cautions]
    assert told == [(Reason(ReasonCode.SAMPLES_MISSING, 0.5, 0.03, "s"),)]


@pytest.mark.parametrize("rate_hz", [250.0, 333.0, 400.0, 500.0])
def test_slow_noise_alone_is_no_onset(rate_hz: float) -> None:
    """A bin of 20 ms holds five samples at 250 Hz; a rest without its loudest bins would be 1 dB too quiet."""
    noise = [np.random.default_rng(seed).standard_normal(round(4 * rate_hz)) for seed in range(900, 930)]
    found = [fo.detect_onset(x, rate_hz) for x in noise]
    assert sum(onset.time_s is not None for onset in found) <= (3 if rate_hz < 300.0 else 0)
