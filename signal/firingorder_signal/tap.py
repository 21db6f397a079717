"""The constant between two sensors, measured by knocking or shaking them together. Pure: arrays in, a figure out.

How to think about it. Two motion sensors held in one hand feel the same shock at the same moment, whatever way each of
them is turned: the length of the acceleration does not depend on that. So what lies between the two lengths in time is
the constant that no arrival time shows. Each tap, or each second of a shake, is measured alone, by the peak of the
cross-correlation of the two pieces between samples; how far those figures scatter says how good their mean is.

Held in one hand, not through a plinth or a body: soft tissue delays a knock by milliseconds and changes its shape.
Simulated (`tests/unit/signal/test_tap.py`), standard deviation for five taps: 0.4 ms at 200 Hz, 0.1 ms at 400 Hz; for a
shake of four seconds 0.5 ms. A piece that correlates badly is left out.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .blocks import FloatArray
from .results import Reason, ReasonCode

#: Below this a tap falls between the samples (simulated: 3 ms and worse at 50 Hz, and a shake still 0.6 ms).
RATE_MIN_HZ = 49.0
#: Sensors further apart than this are not aligned by taps: a tap a third of a second later would be mistaken for it.
LAG_MAX_S = 0.15
#: A tap or a shake is this much, m/s², and this many times what the sensor shows between (a knock by a fingertip on a
#: hand-held sensor is 20-80 m/s², a brisk shake 10-20; J).
LOUD_MS2, LOUD_TIMES = 4.0, 6.0
#: The stiller part of a recording that tells what a sensor shows between: a shake may fill most of the rest.
REST_SHARE = 0.2
#: Silence between two taps, and the length above which one event is a shake, cut into pieces of that length.
QUIET_S, SHAKE_S, PIECE_S = 0.3, 1.5, 1.0
#: Signal beside a tap that is correlated too: the ringing is most of what a slow sensor sees.
BESIDE_S = 0.12
#: Fewer do not tell their own scatter.
N_EVENTS_MIN = 3
#: A piece of two sensors that were held together correlates better than this (simulated: 0.9 and more at 50 Hz).
ALIKE_MIN = 0.8
#: The same for all pieces, or they were not held together, or a clock jumped between.
SCATTER_MAX_S = 0.005
#: Stated at best: the two sit a few centimetres apart and do not feel quite the same (simulated: 3 % of it their own,
#: 0.2 ms). Of taps also a share of a sample: the
#: ringing folds back at the sampling rate, for all taps of a regular knocker alike (simulated: without it the interval
#: covers 88 % at 100 Hz).
FLOOR_S, FLOOR_SAMPLES = 0.0003, 0.15
#: Pieces are compared on this grid, 0.125 ms; the peak is then found between its points.
GRID_HZ = 8000.0
MARGIN_S = 0.2
#: Fewer samples of the other sensor around a piece are none.
N_SAMPLES_MIN = 4
#: Student's t, 97.5 %, by degrees of freedom; more pieces than ten are taken as ten.
T975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


@dataclass(frozen=True)
class Acceleration:
    """What one sensor felt.

    Attributes
    ----------
    time_s : shape (n,)
        When, on the host's clock; evenly but for a clock's drift.
    acc : shape (n, 3)
        m/s², NaN = lost.
    """

    time_s: FloatArray
    acc: FloatArray

    @property
    def rate_hz(self) -> float:
        """Samples a second."""
        return float((self.time_s.size - 1) / (self.time_s[-1] - self.time_s[0])) if self.time_s.size > 1 else 0.0

    def length(self) -> FloatArray:
        """Length of the acceleration without gravity's; where samples were lost, none."""
        length: FloatArray = np.sqrt(np.sum(self.acc**2, axis=1))
        if not np.any(np.isfinite(length)):
            return np.zeros(length.size)
        return np.asarray(np.nan_to_num(length - np.nanmedian(length)), dtype=np.float64)


@dataclass(frozen=True)
class Apart:
    """How much later the other sensor shows the same moments, seconds, at 95 %, and by how many of them."""

    offset_s: float
    uncertainty_s: float
    n_events: int
    shaken: bool


def find_offset(one: Acceleration, other: Acceleration) -> Apart | Reason:
    """Measure how much later `other` shows what both have felt, or say why that cannot be told.

    Notes
    -----
    The uncertainty is Student's interval of the mean of the pieces at 95 %, and more than `FLOOR_S`.
    """
    rate_hz = min(one.rate_hz, other.rate_hz)
    if rate_hz < RATE_MIN_HZ:
        return Reason(ReasonCode.TAP_RATE, rate_hz, RATE_MIN_HZ, "Hz")
    length, other_length = one.length(), other.length()
    spans = find_spans(one.time_s, length)
    if not spans:
        return Reason(ReasonCode.NO_TAPS, float(np.max(np.abs(length))), LOUD_MS2, "m/s²")
    shaken = any(stop - start > SHAKE_S for start, stop in spans)
    found: list[float] = []
    for start, stop in cut(spans):
        lag_s, alike = _measure((one.time_s, length), (other.time_s, other_length), start, stop)
        if alike >= ALIKE_MIN and abs(lag_s) < LAG_MAX_S:
            found.append(lag_s)
    if len(found) < N_EVENTS_MIN:
        return Reason(ReasonCode.TOO_FEW_TAPS, float(len(found)), float(N_EVENTS_MIN))
    scatter_s = float(np.std(found, ddof=1))
    if scatter_s > SCATTER_MAX_S:
        return Reason(ReasonCode.TAPS_DISAGREE, scatter_s, SCATTER_MAX_S, "s")
    uncertainty_s = t975(len(found) - 1) * scatter_s / len(found) ** 0.5
    floor_s = FLOOR_S if shaken else max(FLOOR_S, FLOOR_SAMPLES / min(one.rate_hz, other.rate_hz))
    return Apart(float(np.mean(found)), float(np.hypot(uncertainty_s, floor_s)), len(found), shaken)


def t975(degrees: int) -> float:
    """Student's t for a 95 % interval."""
    return T975[min(degrees, len(T975)) - 1]


def find_spans(time_s: FloatArray, length: FloatArray) -> list[tuple[float, float]]:
    """Find where a sensor was tapped or shaken: from the first to the last loud sample, none quiet for long between."""
    size = np.abs(length)
    rest = float(np.quantile(size, REST_SHARE))
    limit = max(LOUD_MS2, min(LOUD_TIMES * rest, 0.5 * float(size.max())))
    loud = np.flatnonzero(size > limit)
    if loud.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(time_s[loud]) > QUIET_S)
    firsts, lasts = loud[np.append(0, breaks + 1)], loud[np.append(breaks, loud.size - 1)]
    inside = [(float(time_s[a]), float(time_s[b])) for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)]
    return [(a, b) for a, b in inside if a - MARGIN_S > time_s[0] and b + MARGIN_S < time_s[-1]]


def cut(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Cut shakes into pieces; a tap gets some signal beside it."""
    pieces: list[tuple[float, float]] = []
    for start, stop in spans:
        if stop - start <= SHAKE_S:
            pieces.append((start - BESIDE_S, stop + BESIDE_S))
            continue
        borders = np.linspace(start, stop, max(round((stop - start) / PIECE_S), 1) + 1).tolist()
        pieces += list(pairwise(borders))
    return pieces


def _measure(
    one: tuple[FloatArray, FloatArray], other: tuple[FloatArray, FloatArray], start_s: float, stop_s: float
) -> tuple[float, float]:
    """Return how much later the other shows a piece, and how well the two correlate there."""
    grid: FloatArray = np.arange(start_s, stop_s, 1.0 / GRID_HZ)
    wide: FloatArray = np.arange(start_s - LAG_MAX_S, stop_s + LAG_MAX_S, 1.0 / GRID_HZ)
    first, second = _between_samples(*one, grid), _between_samples(*other, wide)
    first = first - first.mean()
    n = first.size
    size = 1 << (wide.size + n - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(second, size) * np.conj(np.fft.rfft(first, size)), size)[: wide.size - n + 1]
    total, squares = np.cumsum(np.append(0.0, second)), np.cumsum(np.append(0.0, second**2))
    means = (total[n:] - total[:-n]) / n
    energy = np.sqrt(np.maximum(squares[n:] - squares[:-n] - n * means**2, 1e-12) * np.sum(first**2))
    alike = product / energy[: product.size]
    peak = int(np.argmax(alike))
    if not 0 < peak < alike.size - 1:
        return LAG_MAX_S, 0.0
    before, at, after = alike[peak - 1 : peak + 2].tolist()
    bend = before - 2.0 * at + after
    beyond = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
    return (peak + beyond) / GRID_HZ - LAG_MAX_S, at


def _between_samples(time_s: FloatArray, values: FloatArray, wanted_s: FloatArray) -> FloatArray:
    """Return values between samples, band-limited: a tap is shorter than a sample."""
    from scipy.signal import resample

    first_s, last_s = float(wanted_s[0]) - MARGIN_S, float(wanted_s[-1]) + MARGIN_S
    low, high = int(np.searchsorted(time_s, first_s)), int(np.searchsorted(time_s, last_s))
    if high - low < N_SAMPLES_MIN:
        return np.zeros(wanted_s.size)
    n, step_s = high - low, (time_s[-1] - time_s[0]) / (time_s.size - 1)
    factor = max(round(GRID_HZ * step_s), 1)
    ramp: FloatArray = np.minimum(1.0, np.minimum(np.arange(n), np.arange(n)[::-1]) * step_s / (0.5 * MARGIN_S))
    fine = np.asarray(resample(values[low:high] * ramp, n * factor), dtype=np.float64)
    places: FloatArray = np.arange(n * factor, dtype=np.float64) / np.float64(factor)
    fine_s: FloatArray = np.interp(places, np.arange(n, dtype=np.float64), time_s[low:high])
    return np.asarray(np.interp(wanted_s, fine_s, fine), dtype=np.float64)
