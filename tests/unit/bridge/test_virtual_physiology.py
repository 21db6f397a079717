"""The simulated EMG is what was asked for: onset, rise, SNR, spectrum and each interference at its level."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal

from firingorder_bridge.virtual.activation import rise
from firingorder_bridge.virtual.chance import generator
from firingorder_bridge.virtual.electrode import Electrode
from firingorder_bridge.virtual.interference import Heart
from firingorder_bridge.virtual.motor_units import N_RECRUITED, MotorUnitPool
from firingorder_bridge.virtual.patient import draw_patient
from firingorder_bridge.virtual.sets import SimulatedSet, simulate_set
from firingorder_bridge.virtual.settings import EmgModel, InterferenceParams, MuscleParams, RiseShape, SetParams
from firingorder_bridge.virtual.spectrum import HIGH_CORNER_HZ, LOW_CORNER_HZ, SensorNoise, emg_noise
from firingorder_bridge.virtual.world import World
from firingorder_signal.blocks import FloatArray

RATE_HZ = 2000.0
BAND = signal.butter(4, [20.0, 450.0], "bandpass", fs=RATE_HZ, output="sos")


def with_muscles(
    model: EmgModel = EmgModel.GAUSS,
    snr_db: float = 20.0,
    rise_s: float = 0.1,
    rise_shape: RiseShape = RiseShape.LINEAR,
    noise_uv: float = 2.5,
) -> SetParams:
    sites = [muscle.site for muscle in SetParams().muscles.values()]
    hamstring, glute = (MuscleParams(site, snr_db, rise_s, rise_shape, model, noise_uv) for site in sites)
    return SetParams(hamstring, glute, rest_s=3.0, quiet_s=3.0, n_lifts=4)


def dirty(**levels: float) -> SetParams:
    return replace(with_muscles(), interference=InterferenceParams(**levels))


def seconds(simulated: SimulatedSet) -> FloatArray:
    return np.arange(len(simulated.emg_uv)) / RATE_HZ


def resting(simulated: SimulatedSet) -> FloatArray:
    """Give the first quiet seconds, both channels, raw."""
    return simulated.emg_uv[: int(2.5 * RATE_HZ)]


@pytest.mark.parametrize("model", EmgModel)
@pytest.mark.parametrize("column", [0, 1])
def test_a_muscle_is_silent_up_to_its_onset_and_active_just_after(model: EmgModel, column: int) -> None:
    name = ("hamstring", "glute")[column]
    simulated = simulate_set(with_muscles(model=model, snr_db=80.0, rise_s=0.01, noise_uv=0.001), seed=3)
    for lift in simulated.lifts:
        at = lift.onsets_s[name] * RATE_HZ
        before = simulated.emg_uv[int(at) - 200 : int(at) + 1, column]
        after = simulated.emg_uv[int(at) + 1 : int(at) + 41, column]
        assert np.max(np.abs(before)) < 0.01
        assert np.max(np.abs(after)) > 0.1


@pytest.mark.parametrize("model", EmgModel)
@pytest.mark.parametrize("snr_db", [10.0, 20.0])
def test_the_plateau_has_the_snr_that_was_asked(model: EmgModel, snr_db: float) -> None:
    simulated = simulate_set(with_muscles(model=model, snr_db=snr_db), seed=5)
    filtered = signal.sosfiltfilt(BAND, simulated.emg_uv, axis=0)
    t_s = seconds(simulated)
    plateau = [(t_s > lift.move_s + 0.6) & (t_s < lift.lower_s) for lift in simulated.lifts]
    power = np.mean(filtered[np.any(plateau, axis=0)] ** 2, axis=0)
    noise = np.mean(filtered[t_s < 2.5] ** 2, axis=0)
    assert 10 * np.log10(power / noise - 1) == pytest.approx([snr_db, snr_db], abs=1.0)


def test_the_noise_has_the_level_that_was_asked() -> None:
    noise = SensorNoise(generator(1, "white"), generator(1, "pink"), RATE_HZ).take(400_000)
    freq_hz, density = signal.welch(noise, RATE_HZ, nperseg=4096)
    inside = (freq_hz >= 20) & (freq_hz <= 450)
    assert np.sqrt(density[inside].sum() * freq_hz[1]) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("shape", RiseShape)
def test_the_amplitude_rises_in_the_time_and_shape_that_was_asked(shape: RiseShape) -> None:
    rise_s = 0.2
    params = replace(with_muscles(rise_s=rise_s, rise_shape=shape, snr_db=40.0), n_lifts=60, rest_s=1.0)
    simulated = simulate_set(params, seed=7)
    bins = np.arange(0.0, 1.5 * rise_s, 0.02)
    found = np.zeros(len(bins))
    for lift in simulated.lifts:
        for column, name in enumerate(("hamstring", "glute")):
            first = int(lift.onsets_s[name] * RATE_HZ)
            pieces = simulated.emg_uv[first : first + 40 * len(bins), column].reshape(len(bins), 40)
            found += np.mean(pieces**2, axis=1)
    level = np.sqrt(found / (2 * len(simulated.lifts))) / params.glute.plateau_uv
    fine = np.mean(rise((bins[:, None] + np.arange(0, 0.02, 0.001)) / rise_s, shape) ** 2, axis=1)
    assert level == pytest.approx(np.sqrt(fine), abs=0.08)


def test_the_spectrum_is_that_of_stulen_and_de_luca() -> None:
    values = emg_noise(generator(2, "emg"), 2 * RATE_HZ).take(1_000_000)
    freq_hz, density = signal.welch(values, 2 * RATE_HZ, nperseg=2000)
    inside = (freq_hz >= 20) & (freq_hz <= 400)
    f = freq_hz[inside]
    wanted = f**2 / ((f**2 + LOW_CORNER_HZ**2) * (f**2 + HIGH_CORNER_HZ**2) ** 2)
    ratio = 10 * np.log10(density[inside] / wanted)
    assert np.max(np.abs(ratio - np.median(ratio))) < 1.0


def test_motor_units_fire_at_physiological_rates_and_small_ones_first() -> None:
    pool = MotorUnitPool(generator(1, "units"), RATE_HZ)
    times_s, units = pool.spikes(generator(2, "burst"), 3.0, 0.4, RiseShape.LINEAR)
    assert times_s.min() == 0.0
    assert len(np.unique(units)) == N_RECRUITED
    steady = (times_s > 1.0) & (times_s < 2.5)
    rates_hz = np.bincount(units[steady], minlength=80)[:N_RECRUITED] / 1.5
    assert 6.0 < rates_hz.min()
    assert rates_hz.max() < 36.0
    starts_s = np.array([times_s[units == unit].min() for unit in range(N_RECRUITED)])
    assert np.corrcoef(np.arange(N_RECRUITED), starts_s)[0, 1] > 0.5


def test_a_silent_muscle_never_switches_on() -> None:
    params = with_muscles(noise_uv=0.5)
    simulated = simulate_set(replace(params, glute=replace(params.glute, snr_db=None)), seed=1)
    assert np.max(np.abs(simulated.glute_uv)) < 10
    assert np.max(np.abs(simulated.hamstring_uv)) > 10
    assert simulated.truth[0].lag_s is None
    assert list(simulated.truth[0].onsets_s) == ["hamstring_lateral/right"]


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_mains_hum_has_its_level_and_frequency(mains_hz: float) -> None:
    rest = resting(simulate_set(dirty(mains=20.0, mains_hz=mains_hz), seed=1))
    freq_hz, density = signal.periodogram(rest[:, 0], RATE_HZ)
    assert freq_hz[np.argmax(density)] == pytest.approx(mains_hz, abs=0.5)
    assert np.std(rest[:, 0]) == pytest.approx(20.0 * 2.5, rel=0.05)


def test_the_heart_beats_at_its_level() -> None:
    rest = resting(simulate_set(dirty(ecg=50.0), seed=1))
    assert np.max(rest[:, 0]) == pytest.approx(50.0 * 2.5, rel=0.1)
    beats, _ = signal.find_peaks(rest[:, 0], height=60.0, distance=800)
    assert 2 <= len(beats) <= 4


def test_the_heart_is_the_same_however_it_is_looked_at() -> None:
    t_s = np.arange(20_000) / RATE_HZ
    whole = Heart(3).at(t_s)
    heart = Heart(3)
    assert np.array_equal(whole, np.concatenate([heart.at(part) for part in np.array_split(t_s, 7)]))


def test_movement_artefacts_lie_low_and_near_the_movement() -> None:
    plain, moved = simulate_set(dirty(), seed=2), simulate_set(dirty(artefact=20.0), seed=2)
    added = moved.emg_uv[:, 0] - plain.emg_uv[:, 0]
    freq_hz, density = signal.welch(added, RATE_HZ, nperseg=8192)
    assert density[freq_hz < 12].sum() > 0.95 * density.sum()
    t_s = seconds(plain)
    near = np.any([np.abs(t_s - lift.move_s) < 1.2 for lift in plain.lifts], axis=0)
    assert np.max(np.abs(added[~near])) < 1e-3
    assert 20 < np.max(np.abs(added)) < 20 * 2.5 * 2.5


def test_crosstalk_is_a_share_of_the_neighbour_and_comes_later() -> None:
    plain, mixed = simulate_set(dirty(), seed=2), simulate_set(dirty(crosstalk=0.1), seed=2)
    added = mixed.glute_uv - plain.glute_uv
    source = plain.hamstring_uv
    assert 0.05 < np.std(added) / np.std(source) < 0.1
    lags = signal.correlation_lags(len(added), len(source))
    assert 1 <= lags[np.argmax(signal.correlate(added, source))] <= 6


def test_tonic_activity_is_there_at_rest() -> None:
    plain, tense = resting(simulate_set(dirty(), seed=2)), resting(simulate_set(dirty(tonic=2.0), seed=2))
    filtered = signal.sosfiltfilt(BAND, tense - plain, axis=0)
    assert np.std(filtered, axis=0) == pytest.approx([5.0, 5.0], rel=0.1)


def test_an_electrode_gives_the_same_signal_however_it_is_chopped() -> None:
    params = dirty(mains=1.0, ecg=3.0, artefact=8.0, crosstalk=0.1, tonic=0.5)
    t_s: FloatArray = (np.arange(20_000, dtype=np.float64) + 0.37) / (RATE_HZ * (1 + 3e-5))
    edges = np.sort(generator(5, "edges").integers(1, len(t_s), 40))

    def sample(parts: list[FloatArray]) -> FloatArray:
        world = World(params, 4, 2 * RATE_HZ)
        world.timeline.begin(0.0)
        electrodes = [Electrode(world, name, RATE_HZ) for name in ("hamstring", "glute")]
        pieces = [[each.sample(part) for each in electrodes] for part in parts if len(part)]
        return np.concatenate([np.column_stack(piece) for piece in pieces])

    assert np.array_equal(sample([t_s]), sample(np.split(t_s, edges)))


def test_the_same_seed_gives_the_same_set_and_another_seed_another_patient() -> None:
    one, again, other = (simulate_set(draw_patient(seed), seed) for seed in (8, 8, 9))
    assert np.array_equal(one.emg_uv, again.emg_uv)
    assert np.array_equal(one.thigh_imu, again.thigh_imu)
    assert one.params.lag_s != other.params.lag_s
    assert one.params.glute.snr_db != other.params.glute.snr_db


def test_another_noise_seed_renders_the_same_lifts() -> None:
    one, other = simulate_set(seed=1), simulate_set(seed=1, noise_seed=2)
    assert one.lifts == other.lifts
    assert not np.array_equal(one.emg_uv, other.emg_uv)
