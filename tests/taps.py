"""Two motion sensors held together, tapped or shaken, simulated: a shock of 4 ms, and a hand that rings at 35 Hz.

Each is turned another way, sits a little elsewhere on the hand, filters at 0.4 of its rate and has its own noise.
"""

import numpy as np
from scipy.signal import butter, sosfilt

from firingorder_signal.blocks import FloatArray
from firingorder_signal.tap import Acceleration

FINE_HZ = 10_000.0
BEGIN_S, EVERY_S = 1.5, 0.8
NOISE_MS2 = 0.05
GRAVITY: FloatArray = np.array([0.0, 0.0, 9.81])
#: What a sensor feels besides the other, as a share: it sits a few centimetres away.
OWN = 0.03


def turn(rng: np.random.Generator) -> FloatArray:
    """Return a random rotation."""
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    return np.asarray(q * np.sign(np.diag(r)), dtype=np.float64)


def tap(rng: np.random.Generator, n_taps: int = 5) -> FloatArray:
    """Return the acceleration of a tapped hand at `FINE_HZ`."""
    t = np.arange(0.0, 2.0 * BEGIN_S + n_taps * EVERY_S, 1.0 / FINE_HZ)
    total: FloatArray = np.zeros((t.size, 3))
    for number in range(n_taps):
        u = t - (BEGIN_S + number * EVERY_S + rng.uniform(-0.1, 0.1))
        shock = np.where((u >= 0.0) & (u < 0.004), np.sin(np.pi * u / 0.004), 0.0)
        ringing = np.where(u >= 0.0, np.sin(2.0 * np.pi * 35.0 * u) * np.exp(-np.maximum(u, 0.0) / 0.03), 0.0)
        direction = rng.normal(size=3)
        direction = direction / np.linalg.norm(direction)
        total += rng.uniform(30.0, 80.0) * (shock + 0.25 * ringing)[:, None] * direction
    return total


def shake(rng: np.random.Generator, n_seconds: float = 4.0) -> FloatArray:
    """Return the acceleration of a shaken hand at `FINE_HZ`."""
    t = np.arange(0.0, 2.0 * BEGIN_S + n_seconds, 1.0 / FINE_HZ)
    fade = np.clip(np.minimum(t - BEGIN_S, BEGIN_S + n_seconds - t) / 0.2, 0.0, 1.0)
    total: FloatArray = np.zeros((t.size, 3))
    for axis in range(3):
        for frequency in rng.uniform(1.5, 5.0, 4):
            total[:, axis] += rng.uniform(2.0, 8.0) * np.sin(2.0 * np.pi * frequency * t + rng.uniform(0.0, 6.3))
    return total * fade[:, None]


def feel(rng: np.random.Generator, felt: FloatArray, rate_hz: float, offset_s: float = 0.0) -> Acceleration:
    """Let a sensor measure it, whose times are late by `offset_s`."""
    turned = turn(rng)
    own = OWN * felt[:, rng.permutation(3)] * rng.choice([-1.0, 1.0], 3)
    low_pass = butter(2, min(rate_hz / 2.5, FINE_HZ / 2.1), fs=FINE_HZ, output="sos")
    smooth = sosfilt(low_pass, (felt + own) @ turned, axis=0) + GRAVITY @ turned
    begin_s = rng.uniform(0.0, 1.0 / rate_hz)
    time_s: FloatArray = begin_s + np.arange(int(((len(felt) - 1) / FINE_HZ - 0.1) * rate_hz)) / rate_hz
    fine_s = np.arange(len(felt)) / FINE_HZ
    sampled = np.stack([np.interp(time_s, fine_s, smooth[:, axis]) for axis in range(3)], axis=1)
    noisy = np.asarray(sampled + rng.normal(0.0, NOISE_MS2, sampled.shape), dtype=np.float64)
    return Acceleration(np.asarray(time_s + offset_s, dtype=np.float64), noisy)
