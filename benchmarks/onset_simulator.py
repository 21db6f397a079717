"""Surface EMG with an exactly known onset: for tuning and for reporting, with different seeds.

Two signal models. `gauss`: Gaussian noise with the spectrum of Stulen & De Luca 1981 (as parametrised by Farina &
Merletti 2000), multiplied by a rising amplitude; truth = start of the rise. `mu`: 60 of 80 motor units with the
recruitment and rate coding of Fuglevand et al. 1993; truth = start of the first action potential.

Dirt, all at once: mains with its third harmonic, ECG, movement transients near the onset, crosstalk from the other
muscle, tonic EMG. SNR = plateau EMG power over noise power (sensor noise only) in 20-450 Hz.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SHAPES = ("linear", "quadratic", "cosine", "sqrt")
#: Suite `mixed`: each channel draws its own rise, the SNR differs by up to 4 dB each way, and these true lags.
MIXED_RISES_S = (0.01, 0.05, 0.1, 0.2)
MIXED_LAGS_S = (-0.15, -0.08, -0.04, -0.02, -0.01, 0.0, 0.01, 0.02, 0.04, 0.08, 0.15)


@dataclass(frozen=True)
class Channel:
    """How one muscle switches on."""

    onset_s: float
    rise_s: float = 0.1
    snr_db: float = 15.0
    shape: str = "linear"


@dataclass(frozen=True)
class Scene:
    """One trial: the two channels, the signal model and whether everything dirty is added."""

    channels: tuple[Channel, ...]
    model: str = "gauss"
    dirty: bool = False
    rate_hz: float = 1000.0
    duration_s: float = 5.0
    noise_uv: float = 3.0


def ramp(time_s: FloatArray, rise_s: float, shape: str) -> FloatArray:
    """Amplitude of a muscle, 0..1, `time_s` after its onset."""
    u = np.clip(time_s / rise_s, 0.0, 1.0)
    return {"linear": u, "quadratic": u**2, "cosine": (1 - np.cos(np.pi * u)) / 2, "sqrt": np.sqrt(u)}[shape]


def shaped_noise(
    rng: np.random.Generator, n: int, rate_hz: float, low_hz: float = 60.0, high_hz: float = 120.0
) -> FloatArray:
    """Gaussian noise of unit power with the Stulen-De Luca spectrum f_h^4 f^2 / ((f^2 + f_l^2) (f^2 + f_h^2)^2)."""
    f = np.fft.rfftfreq(n, 1 / rate_hz)
    gain = high_hz**2 * f / (np.sqrt(f**2 + low_hz**2) * (f**2 + high_hz**2))
    x = np.fft.irfft(np.fft.rfft(rng.standard_normal(n)) * gain, n)
    return np.asarray(x / x.std())


def pink_noise(rng: np.random.Generator, n: int, rate_hz: float) -> FloatArray:
    """Gaussian 1/f noise of unit power above 1 Hz."""
    f = np.fft.rfftfreq(n, 1 / rate_hz)
    gain = np.where(f > 1, 1 / np.sqrt(np.maximum(f, 1)), 0.0)
    x = np.fft.irfft(np.fft.rfft(rng.standard_normal(n)) * gain, n)
    return np.asarray(x / x.std())


def band_power(x: FloatArray, rate_hz: float) -> float:
    """Power in 20-450 Hz."""
    f = np.fft.rfftfreq(len(x), 1 / rate_hz)
    spectrum = np.abs(np.fft.rfft(x)) ** 2
    return float(2 * spectrum[(f >= 20) & (f <= 450)].sum() / len(x) ** 2)


def gauss_emg(rng: np.random.Generator, scene: Scene, channel: Channel) -> tuple[FloatArray, float]:
    """Amplitude-modulated noise of unit plateau power, and the true onset."""
    n = round(scene.duration_s * scene.rate_hz)
    t = np.arange(n) / scene.rate_hz
    low, high = rng.uniform(50, 70), rng.uniform(100, 150)
    x = shaped_noise(rng, n, scene.rate_hz, low, high)
    return x * ramp(t - channel.onset_s, channel.rise_s, channel.shape), channel.onset_s


def motor_unit_potential(rng: np.random.Generator, rate_hz: float) -> FloatArray:
    """Make a bi- or triphasic potential, a derivative of a Gaussian, starting at row 0 at 1 % of its peak."""
    sigma = rng.uniform(1.2e-3, 2.4e-3)
    u = (np.arange(round(7 * sigma * rate_hz) + 1) / rate_hz - 3.2 * sigma) / sigma
    mix = rng.uniform(0, 1)
    return np.asarray((mix * u + (1 - mix) * (u**2 - 1)) * np.exp(-(u**2) / 2))


def mu_emg(rng: np.random.Generator, scene: Scene, channel: Channel) -> tuple[FloatArray, float]:
    """60 of 80 motor units under a rising excitation, of unit plateau power, and the start of the first potential."""
    n = round(scene.duration_s * scene.rate_hz)
    size = np.arange(1, 81) / 80
    threshold = 30.0**size  # recruitment range 30
    amplitude = 30.0**size * rng.lognormal(0, 0.3, 80)  # range of potentials 30, attenuated by depth
    top = threshold[59]
    start = channel.onset_s - _invert(threshold[0] / top, channel)  # first recruitment falls on the onset
    grid = np.arange(n) / scene.rate_hz
    drive = top * ramp(grid - start, channel.rise_s, channel.shape)
    x = np.zeros(n)
    first = np.inf
    for unit in range(60):
        spikes = _spike_times(rng, grid, drive, threshold[unit], start + _invert(threshold[unit] / top, channel))
        if len(spikes) == 0:
            continue
        first = min(first, spikes[0])
        train = np.zeros(n)
        where = spikes * scene.rate_hz
        whole = np.floor(where).astype(int)
        keep = whole < n - 1
        np.add.at(train, whole[keep], 1 - (where - whole)[keep])
        np.add.at(train, whole[keep] + 1, (where - whole)[keep])
        x += amplitude[unit] * np.convolve(train, motor_unit_potential(rng, scene.rate_hz))[:n]
    settled = slice(round((start + channel.rise_s + 0.1) * scene.rate_hz), n)
    return x / np.sqrt(np.mean(x[settled] ** 2)), float(first)


def _invert(fraction: float, channel: Channel) -> float:
    """Time after the start of the rise at which the ramp reaches a fraction."""
    u = {
        "linear": fraction,
        "quadratic": fraction**0.5,
        "cosine": np.arccos(1 - 2 * fraction) / np.pi,
        "sqrt": fraction**2,
    }[channel.shape]
    return float(u) * channel.rise_s


def _spike_times(
    rng: np.random.Generator, grid: FloatArray, drive: FloatArray, threshold: float, start_s: float
) -> FloatArray:
    """Discharges from recruitment on: 8 Hz and rising with the drive to 30 Hz, interval variation 15 %."""
    times: list[float] = []
    t = start_s
    while t < grid[-1]:
        times.append(t)
        level = float(np.interp(t, grid, drive))
        rate = min(8.0 + 1.2 * max(level - threshold, 0.0), 30.0)
        t += max(rng.normal(1, 0.15), 0.4) / rate
    return np.array(times)


def _ecg(rng: np.random.Generator, n: int, rate_hz: float) -> FloatArray:
    """R waves of unit height every 0.7-1.1 s, with Q and S and a T wave."""
    t = np.arange(n) / rate_hz
    x = np.zeros(n)
    beat = rng.uniform(0, 0.9)
    period = rng.uniform(0.7, 1.1)
    while beat < t[-1]:
        for height, shift, width in (
            (1.0, 0.0, 0.010),
            (-0.2, -0.025, 0.009),
            (-0.3, 0.025, 0.010),
            (0.25, 0.25, 0.05),
        ):
            x += height * np.exp(-0.5 * ((t - beat - shift) / width) ** 2)
        beat += period * rng.normal(1, 0.03)
    return x


def _transient(rng: np.random.Generator, n: int, rate_hz: float, onset_s: float) -> FloatArray:
    """Make a decaying 1-9 Hz swing of unit height that begins within 150 ms of the onset."""
    t = np.arange(n) / rate_hz - onset_s - rng.uniform(-0.15, 0.15)
    f = rng.uniform(1, 9)
    on = np.clip(t / 0.03, 0, 1)
    return np.asarray(on * np.sin(2 * np.pi * f * np.maximum(t, 0)) * np.exp(-np.maximum(t, 0) / 0.4))


def simulate(scene: Scene, seed: int) -> tuple[FloatArray, FloatArray]:
    """Make one trial.

    Returns
    -------
    emg_uv : shape (n_samples, n_channels), raw µV
    onsets_s : shape (n_channels,), the truth
    """
    rng = np.random.default_rng(seed)
    n = round(scene.duration_s * scene.rate_hz)
    make = gauss_emg if scene.model == "gauss" else mu_emg
    muscles: list[FloatArray] = []
    onsets: list[float] = []
    noises: list[FloatArray] = []
    for channel in scene.channels:
        noise = np.sqrt(0.85) * rng.standard_normal(n) + np.sqrt(0.15) * pink_noise(rng, n, scene.rate_hz)
        noises.append(noise * scene.noise_uv / np.sqrt(band_power(noise, scene.rate_hz)))
        emg, onset = make(rng, scene, channel)
        muscles.append(emg * scene.noise_uv * 10 ** (channel.snr_db / 20))
        onsets.append(onset)
    out = np.array(muscles) + np.array(noises)
    if scene.dirty:
        out += _dirt(rng, scene, np.array(muscles))
    return np.ascontiguousarray(out.T), np.array(onsets)


def _dirt(rng: np.random.Generator, scene: Scene, muscles: FloatArray) -> FloatArray:
    """Everything that is neither sensor noise nor the muscle under the electrode."""
    n_channels, n = muscles.shape
    t = np.arange(n) / scene.rate_hz
    mains_hz = rng.choice([50.0, 60.0]) + rng.uniform(-0.1, 0.1)
    heart = _ecg(rng, n, scene.rate_hz)
    dirt = np.zeros((n_channels, n))
    for c, channel in enumerate(scene.channels):
        u = scene.noise_uv
        phase = rng.uniform(0, 2 * np.pi, 2)
        hum = np.sin(2 * np.pi * mains_hz * t + phase[0]) + 0.3 * np.sin(6 * np.pi * mains_hz * t + phase[1])
        dirt[c] += u * rng.uniform(0.5, 2) * hum
        dirt[c] += u * rng.uniform(1, 5) * heart
        dirt[c] += u * rng.uniform(4, 20) * _transient(rng, n, scene.rate_hz, channel.onset_s)
        dirt[c] += u * rng.uniform(0.1, 0.9) * shaped_noise(rng, n, scene.rate_hz)
        if n_channels > 1:
            other = muscles[(c + 1) % n_channels]
            smooth = np.convolve(other, np.ones(3) / 3)[:n]
            delay = round(rng.uniform(0, 2e-3) * scene.rate_hz)
            dirt[c] += rng.uniform(0.05, 0.15) * np.roll(smooth, delay)
    return dirt


def mixed_scene(rng: np.random.Generator, model: str, snr_db: float, *, dirty: bool, rate_hz: float = 1000.0) -> Scene:
    """Draw a scene of the suite `mixed`: own rise, own SNR and one of the true lags."""
    lag = float(rng.choice(MIXED_LAGS_S))
    first = float(rng.uniform(3.4, 3.6))
    channels = tuple(
        Channel(first + shift, float(rng.choice(MIXED_RISES_S)), snr_db + float(rng.uniform(-4, 4)))
        for shift in (max(-lag, 0.0), max(lag, 0.0))
    )
    return Scene(channels, model, dirty, rate_hz, duration_s=first + 1.2)


def alike_scene(rng: np.random.Generator, model: str, snr_db: float, *, dirty: bool, rate_hz: float = 1000.0) -> Scene:
    """Draw a scene of the suite `alike`: both channels share rise and SNR."""
    scene = mixed_scene(rng, model, snr_db, dirty=dirty, rate_hz=rate_hz)
    rise = scene.channels[0].rise_s
    return replace(scene, channels=tuple(replace(c, rise_s=rise, snr_db=snr_db) for c in scene.channels))
