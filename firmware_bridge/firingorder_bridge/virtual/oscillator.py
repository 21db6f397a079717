"""A sensor's own clock: offset, rate error and wander against the world's, and restarts.

The rate error walks at random (0.05 ppm per root second, as the evidence on clock alignment assumed); between knots one
second apart the clock runs straight, so that both directions of the map are exact inverses.
"""

from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray

# Crystals of wearables: 20-50 ppm (datasheets of 32 kHz and 16 MHz crystals).
PPM_MAX = 50.0
WANDER_PPM = 0.05
# The walk is drawn for this long; afterwards the clock runs on at its last rate.
KNOTS = 4 * 3600
FAR_S = 1e7


@dataclass(frozen=True)
class ClockParams:
    """How a clock starts and strays.

    Attributes
    ----------
    offset_s
        What it shows at world time 0.
    ppm
        How much too fast it runs at first.
    wander_ppm
        Random walk of the rate, ppm per root second.
    """

    offset_s: float = 0.0
    ppm: float = 0.0
    wander_ppm: float = WANDER_PPM


class Oscillator:
    """Map between world time and device time, both seconds."""

    def __init__(self, params: ClockParams, rng: np.random.Generator) -> None:
        ppm = params.ppm + params.wander_ppm * np.concatenate([[0.0], np.cumsum(rng.standard_normal(KNOTS - 1))])
        self._rate = 1.0 + 1e-6 * ppm
        self._world_s = np.append(np.arange(KNOTS, dtype=np.float64), FAR_S)
        steps_s = self._rate * np.diff(self._world_s)
        self._device_s = params.offset_s + np.concatenate([[0.0], np.cumsum(steps_s)])

    def restart(self, world_s: float) -> None:
        """Show 0 at this world time; the rate stays what it is."""
        self._device_s = self._device_s - np.interp(world_s, self._world_s, self._device_s)

    def device_s(self, world_s: float) -> float:
        """Device time of a world time."""
        return float(np.interp(world_s, self._world_s, self._device_s))

    def world_s(self, device_s: FloatArray) -> FloatArray:
        """World times of device times, shape (n,)."""
        before = device_s - self._device_s[0]
        # Before world time 0, where the first samples' filter delay reaches, the clock runs as in its first second.
        inside = np.interp(device_s, self._device_s, self._world_s)
        return np.asarray(np.where(before < 0.0, before / self._rate[0], inside), dtype=np.float64)

    def rate_ppm(self, world_s: float) -> float:
        """How much too fast the clock runs at a world time."""
        return float(1e6 * (self._rate[min(KNOTS - 1, max(0, int(world_s)))] - 1.0))
