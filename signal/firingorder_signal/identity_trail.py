"""The recent past of one channel of the identity check, its rest, and what is loud against it."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from .blocks import FloatArray
from .power_bins import BIN_S

#: The quietest stretch of this length among the last `KEPT_S` is a channel's rest.
REST_S, KEPT_S = 0.5, 30.0
#: The band-pass needs this long to settle (four periods of its lower corner, and some).
SETTLE_S = 0.5
#: No amplifier is quieter (ADS1299: 0.14 µV RMS at best): an input that is held must not make every level enormous.
FLOOR_UV = 0.3


@dataclass
class Trail:
    """The recent past of one channel: times and figures, shape (n_figures,) each."""

    began_s: float | None = None
    items: deque[tuple[float, FloatArray]] = field(default_factory=deque[tuple[float, FloatArray]])

    def add(self, time_s: float, figures: FloatArray) -> None:
        """Keep a figure, and forget what is old."""
        self.began_s = time_s if self.began_s is None else self.began_s
        self.items.append((time_s, figures))
        while self.items[0][0] < time_s - KEPT_S:
            self.items.popleft()

    def since(self, start_s: float, stop_s: float = float("inf")) -> tuple[FloatArray, FloatArray]:
        """Return times (n,) and figures (n, n_figures) between two moments."""
        found = [item for item in self.items if start_s <= item[0] < stop_s]
        if not found:
            return np.zeros(0), np.zeros((0, 1))
        return np.array([time_s for time_s, _ in found]), np.array([figures for _, figures in found])


def quietest(trail: Trail) -> float | None:
    """Return the mean power of the quietest half second, µV²; None before there is one."""
    if trail.began_s is None:
        return None
    _, power = trail.since(trail.began_s + SETTLE_S)
    n_mean = round(REST_S / BIN_S)
    if len(power) < n_mean:
        return None
    sums = np.concatenate([[0.0], np.cumsum(power[:, 0])])
    return max(float(np.min(sums[n_mean:] - sums[:-n_mean])) / n_mean, FLOOR_UV**2)


def db(power: float, rest: float) -> float:
    """Return how far a power is above a rest, dB."""
    return float(10.0 * np.log10(max(power, 1e-12) / rest))


def dbs(power: FloatArray, rest: float) -> FloatArray:
    """Return how far each power is above a rest, dB, shape (n,)."""
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-12) / rest))


def unit(vector: FloatArray) -> FloatArray:
    """Return a vector of length one in the same direction, shape (3,)."""
    return vector / float(np.sqrt(np.sum(vector * vector)))
