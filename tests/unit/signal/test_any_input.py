"""Whatever is wrong with an array is told as what it is, with its figure; what is not wrong changes no answer."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.onset_simulator import Channel, Scene, shaped_noise, simulate

import firingorder as fo
from firingorder_signal.blocks import FloatArray
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lag, Onset, Reason, ReasonCode, Verdict

RATE_HZ = 1000.0
REST_S = (0.3, 1.6)


def _pair(seed: int = 0, lag_s: float = 0.1, rate_hz: float = RATE_HZ) -> tuple[FloatArray, FloatArray]:
    """Hamstring and glute, (n_samples, 2) raw, and their true onsets: 2.0 s and later."""
    scene = Scene((Channel(2.0, 0.08, 20.0), Channel(2.0 + lag_s, 0.08, 20.0)), rate_hz=rate_hz, duration_s=3.4)
    return simulate(scene, seed)


def _one(seed: int = 0) -> FloatArray:
    """One muscle that switches on at 2.0 s."""
    return np.ascontiguousarray(_pair(seed)[0][:, 0])


def _code(onset: Onset | fo.Lag) -> ReasonCode | None:
    """Code of the reason."""
    return None if onset.reason is None else onset.reason.code


def _caution(onset: Onset, code: ReasonCode) -> Reason:
    """Return the caution of that code."""
    (found,) = [caution for caution in onset.cautions if caution.code is code]
    return found


def _without_levels(onset: Onset) -> Onset:
    """Leave out what is in the unit of the signal."""
    return replace(onset, rest_uv=None, active_uv=None)


def _lag_without_levels(lag: Lag) -> Lag:
    """Leave out what is in the unit of the signal."""
    return replace(lag, hamstring=_without_levels(lag.hamstring), glute=_without_levels(lag.glute))


@pytest.mark.parametrize("exponent", [-80, -20, -1, 1, 10, 300])
@pytest.mark.parametrize("rest_s", [REST_S, None])
def test_a_power_of_two_changes_no_bit(exponent: int, rest_s: tuple[float, float] | None) -> None:
    emg, _ = _pair()
    scale = 2.0**exponent
    for x in (emg[:, 0], emg[:, 1]):
        straight, scaled = fo.detect_onset(x, RATE_HZ, rest_s), fo.detect_onset(x * scale, RATE_HZ, rest_s)
        assert _without_levels(scaled) == _without_levels(straight)
        assert scaled.rest_uv == straight.rest_uv * scale if straight.rest_uv is not None else False
    straight_lag = fo.compare_onsets(emg[:, 0], emg[:, 1], RATE_HZ, rest_s)
    scaled_lag = fo.compare_onsets(emg[:, 0] * scale, emg[:, 1] * scale, RATE_HZ, rest_s)
    assert _lag_without_levels(scaled_lag) == _lag_without_levels(straight_lag)


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1 / 0.0223, -1.0, 1e9])
def test_a_unit_changes_no_answer(scale: float) -> None:
    emg, _ = _pair(1)
    straight = fo.compare_onsets(emg[:, 0], emg[:, 1], RATE_HZ)
    scaled = fo.compare_onsets(emg[:, 0] * scale, emg[:, 1] * scale, RATE_HZ)
    assert straight.verdict is Verdict.HAMSTRING_FIRST
    assert _lag_without_levels(scaled) == _lag_without_levels(straight)
    whole, other = fo.detect_bursts(emg[:, 0], RATE_HZ), fo.detect_bursts(emg[:, 0] * scale, RATE_HZ)
    assert [_without_levels(burst.onset) for burst in other] == [_without_levels(burst.onset) for burst in whole]
    assert [burst.offset_s for burst in other] == [burst.offset_s for burst in whole]


@pytest.mark.parametrize("method", ["hodges-bui", "tkeo", "glr"])
def test_a_unit_changes_no_answer_of_a_named_method(method: str) -> None:
    x = _one(1)
    straight = fo.detect_onset(x, RATE_HZ, method=method)
    assert straight.time_s is not None
    assert straight.estimator == method
    for scale in (1e-6, np.pi, 1e9):
        assert _without_levels(fo.detect_onset(x * scale, RATE_HZ, method=method)) == _without_levels(straight)


@pytest.mark.parametrize("scale", [1e-6, 1.1, 1e6])
def test_a_unit_does_not_choose_between_two_stretches_that_are_equally_evident(scale: float) -> None:
    """Near the noise the odds of several stretches add up to the very same sum; rounding must not tell them apart."""
    scene = Scene((Channel(3.419, 0.01, 10.0), Channel(3.409, 0.01, 7.2)), rate_hz=1024.0, duration_s=4.609)
    for seed in range(1, 7):
        emg, _ = simulate(scene, seed)
        straight = fo.compare_onsets(emg[:, 0], emg[:, 1], 1024.0)
        scaled = fo.compare_onsets(emg[:, 0] * scale, emg[:, 1] * scale, 1024.0)
        assert scaled.verdict is straight.verdict
        assert scaled.lag_s == (None if straight.lag_s is None else pytest.approx(straight.lag_s, abs=1e-9))


@pytest.mark.parametrize("offset", [-300.0, 32768.0, 1e6, -1e9])
def test_an_offset_changes_no_answer(offset: float) -> None:
    x = _one(2)
    straight, moved = fo.detect_onset(x, RATE_HZ, REST_S), fo.detect_onset(x + offset, RATE_HZ, REST_S)
    assert straight.time_s is not None
    assert moved.time_s == pytest.approx(straight.time_s, abs=1e-6 if abs(offset) <= 1e6 else 1e-3)


KINDS: dict[str, Callable[[FloatArray], object]] = {
    "int16": lambda x: np.round(x).astype(np.int16),
    "big-endian int16": lambda x: np.round(x).astype(">i2"),
    "int32": lambda x: np.round(x).astype(np.int32),
    "list": lambda x: [float(value) for value in np.round(x)],
    "list of int": lambda x: np.round(x).astype(int).tolist(),
    "float32": lambda x: np.round(x).astype(np.float32),
    "big-endian float64": lambda x: np.round(x).astype(">f8"),
    "every second": lambda x: np.repeat(np.round(x), 2)[::2],
    "a column": lambda x: np.column_stack([np.round(x), x])[:, 0],
    "backwards twice": lambda x: np.round(x)[::-1].copy()[::-1],
    "masked": lambda x: np.ma.masked_array(np.round(x), mask=np.zeros(len(x), dtype=bool)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_type_of_an_array_changes_no_bit(kind: str) -> None:
    counts = _one(3) * 20.0
    straight = fo.detect_onset(np.round(counts), RATE_HZ, REST_S)
    assert fo.detect_onset(KINDS[kind](counts), RATE_HZ, REST_S) == straight  # type: ignore[arg-type]
    assert straight.time_s is not None


def test_an_array_that_must_not_be_written_is_taken_and_left_as_it_is() -> None:
    x = _one(4)
    x[40:45] = np.nan
    x[700] = np.inf
    before = x.copy()
    x.setflags(write=False)
    fo.detect_onset(x, RATE_HZ)
    fo.compare_onsets(x, x, RATE_HZ)
    fo.detect_bursts(x, RATE_HZ)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 199.0])
def test_a_rate_without_an_emg_band_is_told_with_its_figure(rate_hz: float) -> None:
    x = np.random.default_rng(0).standard_normal(round(4 * rate_hz))
    onset = fo.detect_onset(x, rate_hz)
    assert onset.time_s is None
    assert onset.reason == Reason(ReasonCode.RATE_TOO_LOW, rate_hz, 200.0, "Hz")
    assert fo.detect_bursts(x, rate_hz).reason == onset.reason
    lag = fo.compare_onsets(x, x, rate_hz)
    assert (lag.verdict, _code(lag)) == (Verdict.NOT_JUDGED, ReasonCode.RATE_TOO_LOW)


@pytest.mark.parametrize("rate_hz", [250.0, 500.0, 1926.0, 4000.0, 10_000.0, 50_000.0])
def test_an_onset_is_found_at_every_rate(rate_hz: float) -> None:
    emg, truth = _pair(5, rate_hz=rate_hz)
    onset = fo.detect_onset(emg[:, 0], rate_hz)
    assert onset.time_s is not None
    assert abs(onset.time_s - truth[0]) < 0.03
    assert onset.reason is None
    if rate_hz < 1000.0:
        assert _caution(onset, ReasonCode.RATE_LOW).figure == rate_hz
    lag = fo.compare_onsets(emg[:, 0], emg[:, 1], rate_hz)
    expected = ReasonCode.RATE_TOO_LOW if rate_hz < 500.0 else None
    assert _code(lag) is expected
    assert lag.hamstring.time_s is not None


def test_a_signal_too_short_is_told_with_its_length() -> None:
    for n in (0, 1, 100, 499):
        onset = fo.detect_onset(np.ones(n), RATE_HZ)
        assert onset.reason == Reason(ReasonCode.TOO_SHORT, n / RATE_HZ, 0.5, "s")


def test_a_signal_of_lost_samples_alone_is_told() -> None:
    for x in (np.full(3000, np.nan), np.full(3000, np.inf), np.full(3000, -np.inf)):
        onset = fo.detect_onset(x, RATE_HZ)
        assert _code(onset) is ReasonCode.SAMPLES_MISSING
        assert onset.reason is not None
        assert onset.reason.figure == 1.0
        assert fo.detect_bursts(x, RATE_HZ).reason == onset.reason


@pytest.mark.parametrize("level", [0.0, 1.0, -3e6])
def test_a_flat_line_is_told_with_its_length(level: float) -> None:
    onset = fo.detect_onset(np.full(3000, level), RATE_HZ)
    assert onset.reason == Reason(ReasonCode.FLAT_LINE, 3.0, 0.1, "s")
    lag = fo.compare_onsets(_one(), np.full(3400, level), RATE_HZ)
    assert lag.verdict is Verdict.NOT_JUDGED
    assert lag.reason is not None
    assert (lag.reason.code, lag.reason.figure) == (ReasonCode.FLAT_LINE, 3.4)
    assert "glute max" in describe(lag.reason)[0]


def test_an_electrode_that_comes_on_is_no_onset_to_rely_on() -> None:
    x = np.where(np.arange(3000) < 1500, 0.0, np.random.default_rng(0).standard_normal(3000))
    onset = fo.detect_onset(x, RATE_HZ, (0.0, 1.4))
    assert _code(onset) is ReasonCode.FLAT_LINE
    assert onset.reason is not None
    assert onset.reason.figure is not None
    assert onset.reason.figure > 1.0


def test_an_electrode_that_goes_off_after_the_onset_is_a_caution() -> None:
    x = _one(6)
    x[2800:] = x[2800]
    onset = fo.detect_onset(x, RATE_HZ, REST_S)
    assert onset.time_s is not None
    assert onset.reason is None
    assert _caution(onset, ReasonCode.FLAT_LINE).figure == pytest.approx(0.6)


def test_a_gap_at_the_onset_is_told_with_its_length() -> None:
    x = _one(7)
    x[1980:2040] = np.nan
    onset = fo.detect_onset(x, RATE_HZ, REST_S)
    assert _code(onset) is ReasonCode.SAMPLES_LOST
    assert onset.reason is not None
    assert onset.reason.figure == pytest.approx(0.060)


def test_a_gap_far_from_the_onset_is_a_caution_with_its_share() -> None:
    x = _one(7)
    x[400:468] = np.nan
    onset = fo.detect_onset(x, RATE_HZ, REST_S)
    assert onset.reason is None
    assert onset.time_s == pytest.approx(2.0, abs=0.03)
    assert _caution(onset, ReasonCode.SAMPLES_MISSING).figure == pytest.approx(0.02)


@pytest.mark.parametrize(("gap", "every"), [(1, 97), (1, 20), (2, 50), (4, 200), (5, 100), (8, 500)])
def test_many_short_gaps_are_a_caution_and_move_no_onset(gap: int, every: int) -> None:
    for seed in range(3):
        emg = _one(seed)
        emg[np.arange(len(emg)) % every < gap] = np.nan
        for onset in (fo.detect_onset(emg, RATE_HZ, REST_S), fo.detect_onset(emg, RATE_HZ)):
            assert onset.time_s == pytest.approx(2.0, abs=0.03)
            assert onset.reason is None
            assert _caution(onset, ReasonCode.SAMPLES_MISSING).figure == pytest.approx(gap / every, rel=0.2)


def test_one_lost_sample_in_twenty_hides_no_burst() -> None:
    emg = _one()
    emg[::20] = np.nan
    (burst,) = fo.detect_bursts(emg, RATE_HZ)
    assert burst.onset.time_s == pytest.approx(2.0, abs=0.03)


def test_a_fifth_of_all_samples_lost_is_told_with_its_share() -> None:
    emg = _one()
    emg[np.random.default_rng(0).random(len(emg)) < 0.2] = np.nan
    onset = fo.detect_onset(emg, RATE_HZ)
    assert onset.reason is not None
    assert onset.reason.code is ReasonCode.SAMPLES_LOST
    assert onset.reason.figure == pytest.approx(0.2, abs=0.05)


def test_a_recording_that_begins_within_its_only_burst_is_not_said_to_be_at_rest() -> None:
    t = np.arange(4000) / RATE_HZ
    rng = np.random.default_rng(0)
    bursts = fo.detect_bursts(rng.standard_normal(4000) * np.where((t > 0.02) & (t < 1.0), 20.0, 1.0), RATE_HZ)
    assert not bursts
    assert bursts.reason is not None
    assert bursts.reason.code is ReasonCode.NO_BASELINE
    assert bursts.reason.figure == pytest.approx(0.0, abs=0.05)


def test_infinite_values_count_as_lost_and_are_told() -> None:
    x = _one(8)
    x[500:534] = np.inf
    onset = fo.detect_onset(x, RATE_HZ, (0.6, 1.6))
    assert onset.time_s == pytest.approx(2.0, abs=0.03)
    assert _caution(onset, ReasonCode.INFINITE_VALUES).figure == pytest.approx(0.01)


@pytest.mark.parametrize("counts", [False, True])
def test_clipping_is_seen_without_a_stated_range_and_told_with_its_share(counts: bool) -> None:
    x = _one(9) * 100.0
    rail = 1.5 * float(np.std(x[2300:]))
    clipped = np.clip(np.round(x) if counts else x, -rail, rail)
    onset = fo.detect_onset(clipped, RATE_HZ, REST_S)
    assert onset.time_s is not None
    assert _code(onset) is ReasonCode.CLIPPING
    assert onset.reason is not None
    assert onset.reason.figure is not None
    assert 0.02 < onset.reason.figure < 0.3
    lag = fo.compare_onsets(clipped, x, RATE_HZ, REST_S)
    assert (lag.verdict, _code(lag)) == (Verdict.NOT_JUDGED, ReasonCode.CLIPPING)


def test_a_signal_that_does_not_clip_is_not_said_to() -> None:
    for seed in range(20):
        x = np.round(_one(seed) * 20.0)
        assert _code(fo.detect_onset(x, RATE_HZ, REST_S)) is None


def test_a_rest_with_a_burst_in_it_is_told_and_its_quiet_part_used() -> None:
    rng = np.random.default_rng(10)
    x = _one(10)
    x[500:800] += 30.0 * shaped_noise(rng, 300, RATE_HZ)
    onset = fo.detect_onset(x, RATE_HZ, REST_S)
    assert onset.time_s == pytest.approx(2.0, abs=0.03)
    caution = _caution(onset, ReasonCode.RESTLESS_BASELINE)
    assert caution.figure is not None
    assert caution.figure > 10.0


def test_a_rest_that_is_active_throughout_is_told() -> None:
    x = _one(11)
    inside = fo.detect_onset(x, RATE_HZ, (2.3, 3.3))
    assert inside.reason is not None or _caution(inside, ReasonCode.RESTLESS_BASELINE).figure is not None
    rising = np.random.default_rng(0).standard_normal(3000) * np.geomspace(1, 100, 3000)
    unrest = _caution(fo.detect_onset(rising, RATE_HZ, (0.5, 2.5)), ReasonCode.RESTLESS_BASELINE).figure
    assert unrest is not None
    assert unrest > 50.0


def test_a_muscle_that_stays_at_rest_is_told_with_how_far_it_came() -> None:
    rest = np.random.default_rng(12).standard_normal(3400)
    onset = fo.detect_onset(rest, RATE_HZ)
    assert onset.time_s is None
    assert _code(onset) is ReasonCode.NO_ACTIVITY
    assert onset.reason is not None
    assert onset.reason.figure is not None
    assert -1.0 < onset.reason.figure < 4.0
    assert _code(fo.detect_onset(rest, RATE_HZ, REST_S)) is ReasonCode.NO_ACTIVITY
    bursts = fo.detect_bursts(rest, RATE_HZ)
    assert bursts == []
    assert bursts.reason is not None
    assert bursts.reason.code is ReasonCode.NO_ACTIVITY
    lag = fo.compare_onsets(_one(), rest, RATE_HZ, REST_S)
    assert lag.verdict is Verdict.GLUTE_NOT_DETECTED
    assert _code(lag) is ReasonCode.NO_ACTIVITY


def test_the_burst_before_the_quietest_rest_is_found() -> None:
    x = _one(13)
    x = np.concatenate([x[:2600], 0.5 * x[:1500]])
    assert fo.detect_onset(x, RATE_HZ).time_s == pytest.approx(2.0, abs=0.03)


def test_a_burst_that_was_on_from_the_start_is_told() -> None:
    x = np.random.default_rng(14).standard_normal(4000) * np.where(np.arange(4000) < 1000, 20.0, 1.0)
    onset = fo.detect_onset(x, RATE_HZ)
    assert _code(onset) is ReasonCode.NO_BASELINE


def test_ten_minutes_cost_no_more_than_their_filter() -> None:
    x = np.random.default_rng(15).standard_normal(600_000)
    x[400_000:401_000] *= 10.0
    assert fo.detect_onset(x, RATE_HZ).time_s == pytest.approx(400.0, abs=0.02)
    assert fo.detect_onset(x, RATE_HZ, (1.0, 3.0)).time_s == pytest.approx(400.0, abs=0.02)
