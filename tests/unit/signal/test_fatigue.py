"""Slopes of a hold: right within their interval, and nothing told where the hold does not allow it."""

from collections.abc import Sequence

import numpy as np
import pytest

from firingorder_signal.blocks import FloatArray
from firingorder_signal.effort import EffortStage, SpectrumRow
from firingorder_signal.fatigue import Fatigue, Spectrum, judge_fatigue, spectrum_of
from firingorder_signal.filters import BandDesign, emg_power_spectrum
from firingorder_signal.lines import fit_line
from firingorder_signal.results import ReasonCode

RATE_HZ = 2000.0
HOLD_S = 25.0
SETTLE_S = 2.0


def steady_emg(rng: np.random.Generator, n: int, rate_hz: float = RATE_HZ) -> FloatArray:
    """Make Gaussian noise with the spectrum of surface EMG, RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    shaped = np.fft.irfft(spectrum * np.sqrt(emg_power_spectrum(np.arange(0.0, n // 2 + 1) * (rate_hz / n))), n)
    return np.asarray(shaped / np.std(shaped))


def drifting_emg(
    rng: np.random.Generator, frequency_s: float, amplitude_s: float, hold_s: float = HOLD_S
) -> FloatArray:
    """Make a hold whose spectrum is stretched by `1 + frequency_s t` and whose amplitude goes by `1 + amplitude_s t`.

    The spectrum is stretched by reading a steady signal at a rate that drifts, which moves every frequency alike.
    """
    t = np.arange(round(hold_s * RATE_HZ)) / RATE_HZ
    read_at = t + frequency_s * t**2 / 2
    dense = steady_emg(rng, round(2 * (hold_s + 1) * 4 * RATE_HZ), 4 * RATE_HZ)
    emg = np.interp(read_at, np.arange(len(dense)) / (4 * RATE_HZ), dense)
    return np.asarray(60.0 * emg * (1 + amplitude_s * t))


def judge(emg: FloatArray, rate_hz: float = RATE_HZ, rest_uv: float | None = 2.0) -> Fatigue:
    """Judge a hold as it is judged of a recording, without the first seconds, in which the muscle tightens."""
    told = EffortStage(rate_hz, 1).update(emg[:, np.newaxis], 0)
    rows = [row for row in told if isinstance(row, SpectrumRow)]
    found = [(row.stop / rate_hz - 0.5, row.channels[0]) for row in rows if row.stop / rate_hz >= SETTLE_S + 1.0]
    whole = [(time_s, spectrum) for time_s, spectrum in found if spectrum is not None]
    hold_s = len(emg) / rate_hz
    return judge_fatigue(
        [time_s for time_s, _ in whole], [each for _, each in whole], hold_s, rate_hz, rest_uv, n_windows=len(found)
    )


def covered(
    truth_s: float, frequency_s: float, amplitude_s: float, n: int = 100
) -> tuple[float, float, Sequence[Fatigue]]:
    """Return in what share of holds each interval holds the truth."""
    rng = np.random.default_rng(5)
    told = [judge(drifting_emg(rng, frequency_s, amplitude_s)) for _ in range(n)]
    inside = np.zeros(2)
    for each in told:
        assert each.frequency is not None
        assert each.amplitude is not None
        for place, (slope, truth) in enumerate(((each.frequency, truth_s), (each.amplitude, amplitude_s))):
            low, high = slope.interval_percent_s
            inside[place] += low <= 100.0 * truth <= high
    return inside[0] / n, inside[1] / n, told


def band_slope_s(frequency_s: float) -> float:
    """Return the true slope of the median of the 20-450 Hz band, whose edges do not drift with what is in it."""
    f = np.arange(20.0, 450.0, 0.1)

    def median_hz(stretched: float) -> float:
        sums = np.cumsum(emg_power_spectrum(f / stretched) * BandDesign(RATE_HZ).gain(f) ** 2)
        return float(f[np.searchsorted(sums, sums[-1] / 2)])

    return (median_hz(1.0 + frequency_s * HOLD_S) / median_hz(1.0) - 1.0) / HOLD_S


# 100 holds tell 95 % from 88 % (binomial, standard error 2.2 points).
@pytest.mark.parametrize(("frequency_s", "amplitude_s"), [(-0.006, 0.005), (-0.004, -0.004), (0.0, 0.008)])
def test_the_interval_holds_the_true_slope_in_95_percent(frequency_s: float, amplitude_s: float) -> None:
    truth_s = band_slope_s(frequency_s)
    frequency, amplitude, told = covered(truth_s, frequency_s, amplitude_s)
    assert frequency >= 0.9
    assert amplitude >= 0.9
    means = [each.frequency.percent_s for each in told if each.frequency is not None]
    assert float(np.mean(means)) == pytest.approx(100 * truth_s, abs=0.05)


def test_a_change_of_amplitude_alone_is_no_change_of_frequency() -> None:
    _, _, told = covered(0.0, 0.0, 0.008, n=60)
    slopes = [(each.frequency, each.amplitude) for each in told]
    directions = [(one.direction, other.direction) for one, other in slopes if one and other]
    assert sum(frequency != 0 for frequency, _ in directions) <= 6  # 5 % of 60, and chance
    assert all(amplitude == 1 for _, amplitude in directions)


def test_the_interval_holds_where_the_person_wanders_around_a_line() -> None:
    rng = np.random.default_rng(8)
    t = np.arange(0.0, 23.0, 0.5)
    inside = 0
    for _ in range(400):
        wander = np.zeros(len(t))
        for i in range(1, len(t)):
            wander[i] = 0.5 * wander[i - 1] + rng.standard_normal()
        line = fit_line(t, 50.0 + 0.2 * t + wander)
        assert line is not None
        inside += line.slope_interval[0] <= 0.2 <= line.slope_interval[1]
    assert 0.91 <= inside / 400 <= 0.99


def test_a_tone_has_its_own_frequency_and_rms() -> None:
    tone = 10.0 * np.sqrt(2.0) * np.sin(2 * np.pi * 90.3 * np.arange(2000) / RATE_HZ)
    found = spectrum_of(tone, RATE_HZ, (20.0, 450.0))
    assert found is not None
    assert found.median_hz == pytest.approx(90.3, abs=0.5)
    assert found.rms_uv == pytest.approx(10.0, rel=0.01)


def reason_of(fatigue: Fatigue) -> tuple[ReasonCode, float | None]:
    """Return what was said instead of slopes."""
    assert fatigue.frequency is None
    assert fatigue.reason is not None
    return fatigue.reason.code, fatigue.reason.figure


def test_a_short_hold_is_refused_with_its_length() -> None:
    emg = drifting_emg(np.random.default_rng(1), 0.0, 0.0, hold_s=12.0)
    assert reason_of(judge(emg)) == (ReasonCode.HOLD_SHORT, 12.0)


def test_an_unsteady_hold_is_refused_with_its_figure() -> None:
    emg = drifting_emg(np.random.default_rng(2), 0.0, 0.0)
    swing = 1.0 + 0.5 * np.sin(2 * np.pi * np.arange(len(emg)) / RATE_HZ / 8.0)
    code, figure = reason_of(judge(emg * swing))
    assert code is ReasonCode.HOLD_UNSTEADY
    assert figure == pytest.approx(0.35, abs=0.05)


def test_a_muscle_near_rest_shows_the_sensor_and_is_refused() -> None:
    code, figure = reason_of(judge(0.05 * drifting_emg(np.random.default_rng(3), 0.0, 0.0), rest_uv=2.0))
    assert code is ReasonCode.HOLD_NEAR_REST
    assert figure == pytest.approx(3.5, abs=1.0)


def test_a_slow_sensor_and_lost_samples_are_refused() -> None:
    emg = drifting_emg(np.random.default_rng(4), 0.0, 0.0)
    assert reason_of(judge(emg[::4], rate_hz=500.0))[0] is ReasonCode.RATE_NO_SPECTRUM
    emg[: len(emg) // 2] = np.nan
    assert reason_of(judge(emg))[0] is ReasonCode.SAMPLES_MISSING


def test_a_line_without_spread_and_few_points_are_no_slope() -> None:
    assert fit_line(np.zeros(5), np.ones(5)) is None
    assert judge_fatigue([0.5, 1.0], [Spectrum(90.0, 10.0)] * 2, 20.0, 2000.0, None).reason is not None
