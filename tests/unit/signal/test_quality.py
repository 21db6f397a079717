"""How far an electrode can be believed: each measure on a signal of which it is known, and the monitor's seconds."""

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfilt

from firingorder_signal.blocks import FloatArray, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.events import ChannelQuality
from firingorder_signal.quality import QualityMonitor, assess

RATE_HZ = 2000.0
SITES = (Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right"))


def emg_uv(n: int = 4000, rms_uv: float = 10.0, rate_hz: float = RATE_HZ, seed: int = 0) -> FloatArray:
    """Noise in the EMG band with this RMS."""
    top_hz = min(450.0, 0.45 * rate_hz)
    sos = butter(4, (20.0, top_hz), "bandpass", fs=rate_hz, output="sos")
    noise = np.asarray(sosfilt(sos, np.random.default_rng(seed).normal(size=n + 2000)), dtype=np.float64)[2000:]
    return noise * (rms_uv / float(noise.std()))


def sine_uv(frequency_hz: float, rms_uv: float, n: int = 4000, rate_hz: float = RATE_HZ) -> FloatArray:
    phase = 2 * np.pi * frequency_hz * np.arange(n) / rate_hz
    return np.asarray(rms_uv * np.sqrt(2.0) * np.sin(phase), dtype=np.float64)


def test_clean_emg_is_clean() -> None:
    quality = assess(emg_uv(), RATE_HZ)
    assert quality.rms_uv == pytest.approx(10.0, rel=0.05)
    assert (quality.clipped, quality.flat, quality.lost) == (0.0, False, 0.0)
    assert quality.mains == pytest.approx(0.0, abs=0.05)
    assert quality.artefact == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("mains_hz", [49.9, 50.0, 50.1, 59.9, 60.1])
@pytest.mark.parametrize("n", [1000, 2000, 5000])
def test_hum_as_strong_as_the_emg_is_half_of_the_power(mains_hz: float, n: int) -> None:
    quality = assess(emg_uv(n) + sine_uv(mains_hz, 10.0, n), RATE_HZ)
    assert quality.mains == pytest.approx(0.5, abs=0.08)


def test_harmonics_of_the_mains_count() -> None:
    hum = sine_uv(150.0, 10.0) + sine_uv(250.0, 10.0)
    assert assess(emg_uv() + hum, RATE_HZ).mains == pytest.approx(2 / 3, abs=0.08)


def test_a_tone_that_is_no_mains_is_not_taken_for_it() -> None:
    assert assess(emg_uv() + sine_uv(83.0, 10.0), RATE_HZ).mains == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("rate_hz", [250.0, 500.0, 1000.0, 1926.0])
def test_hum_is_found_at_every_rate(rate_hz: float) -> None:
    n = int(rate_hz)
    quality = assess(emg_uv(n, rate_hz=rate_hz) + sine_uv(50.0, 20.0, n, rate_hz), rate_hz)
    assert quality.mains is not None
    assert quality.mains > 0.5


def test_movement_below_20_hz_is_artefact() -> None:
    quality = assess(emg_uv() + sine_uv(6.0, 10.0), RATE_HZ)
    assert quality.artefact == pytest.approx(1.0, abs=0.15)
    assert quality.rms_uv == pytest.approx(10.0, rel=0.05)


def test_an_offset_is_no_artefact() -> None:
    assert assess(emg_uv() + 5000.0, RATE_HZ).artefact == pytest.approx(0.0, abs=0.05)


def test_clipping_is_the_share_at_full_scale() -> None:
    emg = emg_uv(rms_uv=100.0)
    share = float(np.mean(np.abs(emg) >= 150.0))
    assert assess(np.clip(emg, -150.0, 150.0), RATE_HZ, 150.0).clipped == pytest.approx(share, rel=0.1)


def test_flat_tops_are_clipping_where_full_scale_is_not_known() -> None:
    assert assess(np.clip(emg_uv(rms_uv=100.0), -80.0, 80.0), RATE_HZ).clipped > 0.01


@pytest.mark.parametrize("step_uv", [1.0, 5.0])
def test_coarse_steps_of_the_converter_are_no_clipping(step_uv: float) -> None:
    assert assess(np.round(emg_uv(rms_uv=5.0) / step_uv) * step_uv, RATE_HZ).clipped == 0.0


@pytest.mark.parametrize(
    ("name", "raw_uv"),
    [
        ("held", np.full(2000, 12.0)),
        ("railed", np.where(np.arange(2000) % 10 < 8, 3000.0, 0.0)),
        ("floating", sine_uv(50.0, 5000.0)),
    ],
)
def test_an_electrode_without_contact_is_flat(name: str, raw_uv: FloatArray) -> None:
    assert assess(raw_uv, RATE_HZ, 3000.0).flat, name


def test_quiet_muscle_on_a_good_amplifier_is_not_flat() -> None:
    assert not assess(emg_uv(rms_uv=0.5), RATE_HZ).flat


def test_lost_samples_are_counted_and_hardly_change_the_rest() -> None:
    emg = emg_uv()
    emg[1000:1400] = np.nan
    quality = assess(emg, RATE_HZ)
    assert quality.lost == pytest.approx(0.1)
    assert quality.rms_uv == pytest.approx(10.0, rel=0.1)


@pytest.mark.parametrize("n", [0, 5])
def test_too_short_a_stretch_says_nothing(n: int) -> None:
    quality = assess(emg_uv()[:n], RATE_HZ)
    assert (quality.rms_uv, quality.mains, quality.artefact) == (None, None, None)


def test_a_stretch_that_is_all_lost_says_nothing_and_warns_of_nothing() -> None:
    quality = assess(np.full(2000, np.nan), RATE_HZ)
    assert (quality.rms_uv, quality.lost, quality.flat) == (None, 1.0, False)


def test_a_rate_that_is_not_positive_is_refused() -> None:
    with pytest.raises(ValueError, match="rate_hz"):
        assess(emg_uv(), 0.0)


STREAM = StreamInfo("a/0", StreamKind.EMG, SITES, Fraction(500))
BASE = Timebase(0, 10.0, 1 / 500)


def stream_uv(seed: int = 1) -> FloatArray:
    """Four and a half seconds of two channels with a gap in one and a held second in the other."""
    values = np.stack([emg_uv(2250, rate_hz=500.0, seed=seed), emg_uv(2250, rate_hz=500.0, seed=seed + 1)], axis=1)
    values[700:800, 0], values[1000:1500, 1] = np.nan, 7.0
    return values


VALUES = stream_uv()


def monitor(cuts: list[int], first_index: int = 0) -> list[ChannelQuality]:
    """Run a monitor over the stream cut at some rows, saved and restored at each."""
    stage, events, index = QualityMonitor(STREAM), list[ChannelQuality](), first_index
    for part in np.split(VALUES, sorted(cuts)):
        events += stage.update(part, index, BASE)
        index += len(part)
        stage = pickle.loads(pickle.dumps(stage))
    return events


def test_every_second_of_every_channel_is_reported_at_its_end() -> None:
    events = monitor([])
    assert [event.site for event in events] == [*SITES] * 4
    assert [event.time_s for event in events] == pytest.approx([11.0, 11.0, 12.0, 12.0, 13.0, 13.0, 14.0, 14.0])
    assert [event.flat for event in events] == [False] * 5 + [True] + [False] * 2
    assert [event.lost for event in events] == pytest.approx([0.0, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(VALUES)), max_size=30), st.integers(0, 10**6))
def test_any_cut_gives_the_same_bits(cuts: list[int], first_index: int) -> None:
    assert monitor(cuts, first_index) == monitor([], first_index)


def test_a_second_is_judged_as_the_same_stretch_alone() -> None:
    alone = assess(VALUES[500:1000, 1].copy(), 500.0)
    event = monitor([])[3]
    assert (event.rms_uv, event.mains, event.artefact) == (alone.rms_uv, alone.mains, alone.artefact)


def test_a_jump_of_the_sample_number_is_a_loss() -> None:
    stage = QualityMonitor(STREAM)
    events = stage.update(VALUES[:300], 0, BASE) + stage.update(VALUES[400:500], 400, BASE)
    assert [event.lost for event in events] == [pytest.approx(0.2)] * 2


def test_reset_equals_new() -> None:
    stage = QualityMonitor(STREAM)
    stage.update(VALUES[:1234], 0, BASE)
    assert stage.reset().update(VALUES, 0, BASE) == monitor([])


def test_input_is_not_changed_nor_kept() -> None:
    values = VALUES.copy()
    stage = QualityMonitor(STREAM)
    stage.update(values[:400], 0, BASE)
    np.testing.assert_array_equal(values, VALUES)
    values[:] = 0.0
    assert stage.update(VALUES[400:], 400, BASE) == monitor([])


def test_a_converter_narrower_than_its_format_clips_too() -> None:
    clipped = np.clip(emg_uv(rms_uv=100.0), -80.0, 80.0)
    assert assess(clipped, RATE_HZ, 100_000.0).clipped == assess(clipped, RATE_HZ).clipped > 0.01
    assert assess(emg_uv(rms_uv=100.0), RATE_HZ, 100_000.0).clipped == 0.0
