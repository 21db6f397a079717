"""A second generator of surface EMG with exact truth, built on other choices: nothing is ever tuned on it.

Same scenes and same meaning of SNR as `onset_simulator`; everything else differs. `gauss`: noise through Butterworth
corners of 25-45 and 140-260 Hz with its own slopes in each channel (Shwedyk et al. 1977 fitted such a band-pass to
surface EMG). `mu`: 100 motor units, recruitment range 10-50, potentials of 4-12 ms as windowed oscillations, rates of
6-10 rising to 20-40 Hz with 10-25 % variation (ranges of Fuglevand et al. 1993 and of De Luca & Hostage 2010). Dirt:
mains with second and fifth harmonic that breathes, heartbeats of RS shape, cable pulls as filtered steps, crosstalk
that was sharpened instead of smoothed, tonic EMG of the channel's own colour. Sensor noise is white with a 1/f² part.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from benchmarks.onset_simulator import Channel, Scene, band_power, ramp

FloatArray = NDArray[np.float64]

N_UNITS = 100


def _coloured(rng: np.random.Generator, n: int, rate_hz: float) -> FloatArray:
    """Gaussian noise of unit power with this channel's own corners and slopes."""
    low_hz, high_hz = rng.uniform(25, 45), min(rng.uniform(140, 260), 0.45 * rate_hz)
    x = sosfilt(butter(int(rng.integers(1, 4)), low_hz, "highpass", fs=rate_hz, output="sos"), rng.standard_normal(n))
    x = sosfilt(butter(int(rng.integers(1, 4)), high_hz, "lowpass", fs=rate_hz, output="sos"), x)
    return np.asarray(x / np.std(x), dtype=np.float64)


def _gauss_emg(rng: np.random.Generator, scene: Scene, channel: Channel) -> tuple[FloatArray, float]:
    """Amplitude-modulated noise of unit plateau power; truth = start of the rise."""
    n = round(scene.duration_s * scene.rate_hz)
    time_s = np.arange(n) / scene.rate_hz - channel.onset_s
    return _coloured(rng, n, scene.rate_hz) * ramp(time_s, channel.rise_s, channel.shape), channel.onset_s


def _potential(rng: np.random.Generator, rate_hz: float) -> FloatArray:
    """Make one unit's potential: one to two cycles under a raised cosine, beginning at row 0."""
    n = max(round(rng.uniform(4e-3, 12e-3) * rate_hz), 4)
    u = np.arange(1, n + 1) / (n + 1)
    return np.asarray(np.sin(2 * np.pi * rng.uniform(1.0, 2.0) * u + rng.uniform(0, 0.6)) * np.sin(np.pi * u) ** 2)


def _mu_emg(rng: np.random.Generator, scene: Scene, channel: Channel) -> tuple[FloatArray, float]:
    """Motor units recruited in order under a rising drive; truth = start of the first potential."""
    n = round(scene.duration_s * scene.rate_hz)
    size = np.arange(1, N_UNITS + 1) / N_UNITS
    threshold = rng.uniform(10, 50) ** size
    amplitude = rng.uniform(10, 50) ** size * rng.lognormal(0, 0.4, N_UNITS)
    n_active = round(N_UNITS * rng.uniform(0.5, 0.9))
    level = threshold[:n_active] / threshold[n_active - 1]
    grid_s = np.linspace(0.0, channel.rise_s, 2001)
    reached_s: FloatArray = np.asarray(
        np.interp(level, ramp(grid_s, channel.rise_s, channel.shape), grid_s), np.float64
    )
    recruited_s = channel.onset_s + reached_s - reached_s[0]
    lowest_hz, highest_hz, spread = rng.uniform(6, 10), rng.uniform(20, 40), rng.uniform(0.1, 0.25)
    x = np.zeros(n + round(0.02 * scene.rate_hz))
    for unit in range(n_active):
        settle_s = max(channel.rise_s, 0.05)
        t, shape = float(recruited_s[unit]), _potential(rng, scene.rate_hz) * amplitude[unit]
        while t < scene.duration_s:
            row = int(np.ceil(t * scene.rate_hz))
            if row < n:
                x[row : row + len(shape)] += shape[: len(x) - row]
            share = min((t - recruited_s[unit]) / settle_s, 1.0) * (1 - unit / N_UNITS)
            t += max(rng.normal(1, spread), 0.4) / (lowest_hz + (highest_hz - lowest_hz) * share)
    x = x[:n]
    settled = x[round((recruited_s[-1] + 0.1) * scene.rate_hz) :]
    return x / np.sqrt(np.mean(settled**2)), float(recruited_s[0])


def _heart(rng: np.random.Generator, n: int, rate_hz: float) -> FloatArray:
    """Heartbeats of an RS shape 80-110 ms wide with a broad T wave, unit peak."""
    t = np.arange(n) / rate_hz
    x = np.zeros(n)
    beat_s, period_s, width_s = rng.uniform(0, 0.8), rng.uniform(0.6, 1.1), rng.uniform(0.013, 0.018)
    while beat_s < t[-1]:
        u = (t - beat_s) / width_s
        x += -1.65 * u * np.exp(-0.5 * u**2) + 0.3 * np.exp(-0.5 * ((t - beat_s - 0.28) / 0.06) ** 2)
        beat_s += period_s * rng.normal(1, 0.04)
    return x


def _cable_pull(rng: np.random.Generator, n: int, rate_hz: float, onset_s: float) -> FloatArray:
    """Make a step within 150 ms of the onset, smoothed at 4-10 Hz, back to zero within a second; unit peak."""
    step = (np.arange(n) / rate_hz >= onset_s + rng.uniform(-0.15, 0.15)).astype(np.float64)
    x = sosfilt(butter(2, rng.uniform(4, 10), "lowpass", fs=rate_hz, output="sos"), step)
    x = np.asarray(sosfilt(butter(1, rng.uniform(0.3, 1.0), "highpass", fs=rate_hz, output="sos"), x))
    return np.asarray(x / max(float(np.abs(x).max()), 1e-9), dtype=np.float64)


def _dirt(rng: np.random.Generator, scene: Scene, muscles: FloatArray) -> FloatArray:
    """Everything that is neither sensor noise nor the muscle under the electrode."""
    n = muscles.shape[1]
    t = np.asarray(np.arange(n) / scene.rate_hz, dtype=np.float64)
    mains_hz = float(rng.choice([50.0, 60.0])) + rng.uniform(-0.15, 0.15)
    heart = _heart(rng, n, scene.rate_hz)
    dirt = np.zeros_like(muscles)
    for c, channel in enumerate(scene.channels):
        breath = 1 + 0.2 * np.sin(2 * np.pi * rng.uniform(0.2, 0.4) * t + rng.uniform(0, 2 * np.pi))
        hum = sum(
            share * np.sin(2 * np.pi * k * mains_hz * t + rng.uniform(0, 2 * np.pi))
            for k, share in ((1, 1.0), (2, 0.2), (5, 0.15))
        )
        dirt[c] += rng.uniform(0.5, 2) * breath * hum
        dirt[c] += rng.uniform(1, 5) * heart
        dirt[c] += rng.uniform(4, 20) * rng.choice([-1, 1]) * _cable_pull(rng, n, scene.rate_hz, channel.onset_s)
        dirt[c] += rng.uniform(0.1, 0.9) * _coloured(rng, n, scene.rate_hz)
        dirt[c] *= scene.noise_uv
        other = np.roll(muscles[1 - c], round(rng.uniform(0, 3e-3) * scene.rate_hz)) if len(muscles) == 2 else 0.0
        dirt[c] += rng.uniform(0.05, 0.15) * (1.3 * other - 0.3 * np.roll(other, 1))
    return dirt


def simulate(scene: Scene, seed: int) -> tuple[FloatArray, FloatArray]:
    """Make one trial: raw µV (n_samples, n_channels) and the true onsets (n_channels,), seconds."""
    rng = np.random.default_rng(seed)
    n = round(scene.duration_s * scene.rate_hz)
    make = _gauss_emg if scene.model == "gauss" else _mu_emg
    muscles, noises, onsets_s = list[FloatArray](), list[FloatArray](), list[float]()
    for channel in scene.channels:
        wander = np.cumsum(rng.standard_normal(n))
        wander = np.asarray(sosfilt(butter(1, 1.0, "highpass", fs=scene.rate_hz, output="sos"), wander))
        noise = rng.standard_normal(n) + 0.3 * wander / np.std(wander)
        noises.append(noise * scene.noise_uv / np.sqrt(band_power(noise, scene.rate_hz)))
        emg, onset_s = make(rng, scene, channel)
        muscles.append(emg * scene.noise_uv * 10 ** (channel.snr_db / 20))
        onsets_s.append(onset_s)
    out = np.array(muscles) + np.array(noises)
    if scene.dirty:
        out += _dirt(rng, scene, np.array(muscles))
    return np.ascontiguousarray(out.T), np.array(onsets_s)
