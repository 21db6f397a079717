"""Can this electrode be believed: clipping, mains hum, movement artefact, no contact, lost samples.

Measured on the raw signal, since a band-pass hides what is wrong with an electrode. It describes and refuses nothing;
`rules.JudgementRules` holds the limits. The shares are of power, from one Hann-windowed spectrum of the stretch:

- mains: what stands out of its surroundings at 50 or 60 Hz and their harmonics, over the EMG band;
- artefact: what lies below 20 Hz (De Luca 2010, doi 10.1016/j.jbiomech.2010.01.027: where cable and skin movement is),
  over the EMG band; the mean is taken out first, slow drift is not.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .blocks import FloatArray, StreamInfo, Timebase
from .events import ChannelQuality
from .rules import JudgementRules
from .runs import run_borders
from .stage import Stage

BAND_HZ = JudgementRules.band_hz
# Low-rate streams end at this share of the sampling rate (as their band-pass does).
BAND_TOP_SHARE = 0.45
# Drift below this is the electrode's half-cell potential settling, not movement.
DRIFT_HZ = 1.0
MAINS_HZ = (50.0, 60.0)
# The mains frequency strays by 0.2 Hz (ENTSO-E limit of normal operation), a Hann line is 2 bins wide to each side.
MAINS_STRAY_HZ = 0.2
LINE_BINS = 2.0
# A line is judged against the bins this far around it.
AROUND_BINS = 6.0
# Values within this share of full scale count as clipped: converters saturate some counts early.
RAIL_SHARE = 0.99
# Without a known full scale: at least three equal extreme values in a row, and an extreme of 100 steps of the
# converter, so that a quiet, coarsely quantised signal is not taken for a clipped one.
FLAT_TOP_SAMPLES = 3
FLAT_TOP_STEPS = 100.0
# Without a known full scale, an extreme is a rail when at least half of the samples within 2 % of it are at it: of
# clipped noise three in four are, of a sine whose top the converter resolves one in three.
RAIL_NEAR = 0.02
# No contact: surface EMG is below 5 mV peak to peak (De Luca 1997), so 2 mV RMS is a floating input; and below 0.05 µV
# RMS is less than the noise of any amplifier (ADS1299: 0.14 µV RMS at best), so the input is held.
FLOATING_UV = 2000.0
HELD_UV = 0.05
# Clipped half of the time is a rail, not an electrode.
RAILED_SHARE = 0.5
# Fewer samples, or fewer whole ones, say nothing about a spectrum.
MIN_SAMPLES = 32
WHOLE_SHARE = 0.5
# Channel seconds assessed in one go: so many stay in the processor's cache.
BATCH_ROWS = 8


@dataclass(frozen=True)
class StretchQuality:
    """One channel over one stretch: RMS in the EMG band and shares 0..1; None = not enough data to say."""

    rms_uv: float | None
    clipped: float
    mains: float | None
    artefact: float | None
    flat: bool
    lost: float


def assess(raw_uv: FloatArray, rate_hz: float, range_uv: float | None = None) -> StretchQuality:
    """Say how good one channel is over a stretch.

    Parameters
    ----------
    raw_uv : shape (n_samples,), microvolts
        Unfiltered; NaN = lost.
    rate_hz
        Sampling rate, Hz. Must be positive.
    range_uv
        Full scale, µV to either side; None where unknown: then flat tops are looked for.

    Raises
    ------
    ValueError
        `rate_hz` is not positive: a mistake of the caller.

    Examples
    --------
    >>> hum = 100.0 * np.sin(2 * np.pi * 50.0 * np.arange(1000) / 1000.0)
    >>> round(assess(hum, 1000.0).mains, 2)
    1.0
    """
    if not rate_hz > 0:
        raise ValueError(f"rate_hz must be positive, not {rate_hz}")
    return _assess_rows(np.ascontiguousarray(raw_uv, dtype=np.float64)[None, :], rate_hz, range_uv)[0]


class QualityMonitor(Stage[[FloatArray, int, Timebase], list[ChannelQuality]]):
    """Assess each channel of an EMG stream once a second of samples.

    Seconds begin at multiples of the rate in the absolute sample number, so that results do not depend on how the
    stream is cut.
    """

    def __init__(self, stream: StreamInfo) -> None:
        self._stream = stream
        self._window = max(MIN_SAMPLES, round(float(stream.rate_hz)))
        self.reset()

    @property
    def delay_s(self) -> float:
        """A second is judged when it is over."""
        return self._window / float(self._stream.rate_hz)

    def reset(self) -> Self:
        """Forget everything and return self."""
        self._open: list[FloatArray] = []
        self._n_open = 0
        self._next_index: int | None = None
        return self

    def update(self, raw_uv: FloatArray, first_index: int, timebase: Timebase) -> list[ChannelQuality]:
        """Take samples (n_samples, n_channels), µV, the first of them number `first_index`; a jump of it is a loss."""
        n_channels = len(self._stream.sites)
        if self._next_index is None:
            self._next_index = first_index
            self._hold(np.full((first_index % self._window, n_channels), np.nan))
        skip = min(max(self._next_index - first_index, 0), len(raw_uv))
        lost = max(first_index - self._next_index, 0)
        self._next_index = max(self._next_index, first_index + len(raw_uv))
        if lost:
            self._hold(np.full((lost, n_channels), np.nan))
        n_windows, n_left = divmod(self._n_open + len(raw_uv) - skip, self._window)
        if n_windows == 0:
            self._hold(np.array(raw_uv[skip:], dtype=np.float64))
            return []
        rows = np.concatenate([*self._open, raw_uv[skip:]])
        self._open, self._n_open = [], 0
        self._hold(rows[len(rows) - n_left :].copy())
        first_end = self._next_index - n_left - (n_windows - 1) * self._window
        return self._report(rows[: n_windows * self._window], first_end, timebase)

    def _hold(self, rows: FloatArray) -> None:
        self._open.append(rows)
        self._n_open += len(rows)

    def _report(self, rows: FloatArray, first_end: int, timebase: Timebase) -> list[ChannelQuality]:
        """Assess whole windows, the first of which ends before sample `first_end`."""
        n_channels = len(self._stream.sites)
        windows = rows.reshape(-1, self._window, n_channels).transpose(0, 2, 1)
        found: list[StretchQuality] = []
        step = max(1, BATCH_ROWS // n_channels)
        for start in range(0, len(windows), step):
            batch = windows[start : start + step].reshape(-1, self._window)
            found += _assess_rows(np.ascontiguousarray(batch), float(self._stream.rate_hz), self._stream.range_uv)
        events: list[ChannelQuality] = []
        for place, quality in enumerate(found):
            window, channel = divmod(place, n_channels)
            time_s = timebase.time_of(first_end + window * self._window)
            events.append(
                ChannelQuality(
                    self._stream.sites[channel],
                    time_s,
                    quality.rms_uv,
                    quality.clipped,
                    quality.mains,
                    quality.artefact,
                    quality.flat,
                    quality.lost,
                )
            )
        return events


@dataclass(frozen=True)
class _Bins:
    """Which bins of a spectrum mean what; weights sum a power spectrum to µV² in the EMG band."""

    window: FloatArray
    band: slice
    low: slice
    lines: tuple[tuple[NDArray[np.intp], NDArray[np.intp]], ...]


@lru_cache(maxsize=32)
def _find_bins(n: int, rate_hz: float) -> _Bins:
    """Lay out the spectrum of n samples."""
    step_hz = rate_hz / n
    window = np.hanning(n + 1)[:n]
    top_hz = min(BAND_HZ[1], BAND_TOP_SHARE * rate_hz)
    bottom, top = int(np.ceil(BAND_HZ[0] / step_hz)), int(np.floor(top_hz / step_hz)) + 1
    low = slice(max(int(np.ceil(DRIFT_HZ / step_hz)), 2), bottom)
    number = np.arange(min(n // 2 + 1, top))
    lines: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for mains_hz in MAINS_HZ:
        harmonics_hz = np.arange(mains_hz, top_hz, mains_hz)
        away = np.abs(number[:, None] - harmonics_hz / step_hz)
        reach = LINE_BINS + MAINS_STRAY_HZ * np.arange(1, len(harmonics_hz) + 1) / step_hz
        line, around = (away <= reach).any(axis=1), (away <= reach + AROUND_BINS).any(axis=1)
        inside = number >= bottom
        lines.append((np.flatnonzero(line & inside), np.flatnonzero(around & ~line & inside)))
    return _Bins(window / float(np.sqrt(np.sum(window * window))), slice(bottom, top), low, tuple(lines))


def _assess_rows(rows: FloatArray, rate_hz: float, range_uv: float | None) -> list[StretchQuality]:
    """Assess stretches of equal length, shape (n_stretches, n_samples), each on its own."""
    n = rows.shape[1]
    if n == 0:
        return [StretchQuality(None, 0.0, None, None, False, 0.0) for _ in rows]
    lost = np.isnan(rows)
    n_whole = n - lost.sum(axis=1)
    some_lost = bool(lost.any())
    whole = np.where(lost, 0.0, rows) if some_lost else rows
    mean = whole.sum(axis=1) / np.maximum(n_whole, 1)
    centred = rows - mean[:, None]
    if some_lost:
        centred[lost] = 0.0
    spread = np.sqrt((centred * centred).sum(axis=1) / np.maximum(n_whole, 1))
    clipped = _clipped_share(whole, n_whole, range_uv)
    powers = _powers(centred, rate_hz) * (n / np.maximum(n_whole, 1))[:, None]
    enough = (n >= MIN_SAMPLES) & (n_whole >= WHOLE_SHARE * n)
    flat = (n_whole > 0) & ((spread < HELD_UV) | (spread > FLOATING_UV) | (clipped > RAILED_SHARE))
    return [
        _to_quality(powers[row], bool(enough[row]), float(clipped[row]), bool(flat[row]), 1.0 - float(n_whole[row]) / n)
        for row in range(len(rows))
    ]


def _to_quality(powers: FloatArray, enough: bool, clipped: float, flat: bool, lost: float) -> StretchQuality:
    """Turn powers (band, low, mains), µV², into shares."""
    band, low, mains = (float(power) for power in powers)
    if not enough:
        return StretchQuality(None, clipped, None, None, flat, lost)
    rms_uv = float(np.sqrt(band))
    if band <= 0:
        return StretchQuality(rms_uv, clipped, None, None, flat, lost)
    return StretchQuality(rms_uv, clipped, min(mains / band, 1.0), low / band, flat, lost)


def _powers(centred: FloatArray, rate_hz: float) -> FloatArray:
    """Power in the EMG band, below it, and in mains lines: shape (n_stretches, 3), µV²."""
    bins = _find_bins(centred.shape[1], rate_hz)
    # numpy's transform works row by row, so a stretch gives the same bits alone and among others; scipy's does not.
    spectrum = np.ascontiguousarray(np.fft.rfft(centred * bins.window, axis=1)[:, : bins.band.stop])
    parts = spectrum.view(np.float64)
    parts *= parts
    power = (parts[:, ::2] + parts[:, 1::2]) * (2.0 / centred.shape[1])
    # `take` keeps rows contiguous, on which the order of the sum depends; indexing does not.
    mains = [
        np.take(power, line, axis=1).sum(axis=1) - np.take(power, around, axis=1).mean(axis=1) * len(line)
        for line, around in bins.lines
        if len(line) and len(around)
    ]
    out = np.zeros((len(centred), 3))
    out[:, 0] = power[:, bins.band].sum(axis=1)
    out[:, 1] = power[:, bins.low].sum(axis=1)
    out[:, 2] = np.max([np.zeros(len(centred)), *mains], axis=0)
    return out


def _clipped_share(rows: FloatArray, n_whole: NDArray[np.intp], range_uv: float | None) -> FloatArray:
    """Share of each stretch's samples at full scale or in flat tops: a converter may be narrower than its format."""
    highest, lowest = rows.max(axis=1)[:, None], rows.min(axis=1)[:, None]
    often = ((rows == highest) | (rows == lowest)).sum(axis=1) >= FLAT_TOP_SAMPLES
    n_clipped = np.array([_flat_tops(row) if some else 0 for row, some in zip(rows, often, strict=True)], dtype=np.intp)
    if range_uv is not None:
        n_clipped = np.maximum(n_clipped, (np.abs(rows) >= RAIL_SHARE * range_uv).sum(axis=1))
    return np.asarray(n_clipped / np.maximum(n_whole, 1), dtype=np.float64)


def find_rails(raw_uv: FloatArray) -> tuple[float | None, float | None]:
    """Find the values at which a signal of unknown full scale clips: extremes that come back, and crowd out the rest.

    Parameters
    ----------
    raw_uv : shape (n_samples,), any unit
        NaN = lost.

    Returns
    -------
    tuple
        Lowest and highest value, each None where the signal does not clip there.
    """
    known = raw_uv[~np.isnan(raw_uv)]
    if len(known) < FLAT_TOP_SAMPLES:
        return None, None
    lowest, highest = float(np.min(known)), float(np.max(known))
    if np.count_nonzero((known == lowest) | (known == highest)) < FLAT_TOP_SAMPLES or not _is_fine(known):
        return None, None
    reach = highest - lowest
    at = [known == extreme for extreme in (lowest, highest)]
    near = [known <= lowest + RAIL_NEAR * reach, known >= highest - RAIL_NEAR * reach]
    clips = [
        _is_rail(int(n), int(m)) for n, m in zip(map(np.count_nonzero, at), map(np.count_nonzero, near), strict=True)
    ]
    return lowest if clips[0] else None, highest if clips[1] else None


def _is_rail(n_at: int, n_near: int) -> bool:
    """Say whether an extreme holds more samples than what lies near it."""
    return n_at >= FLAT_TOP_SAMPLES and 2 * n_at >= n_near


def _is_fine(row: FloatArray) -> bool:
    """Say whether a signal is resolved finely enough for equal extremes to mean anything."""
    steps = np.abs(np.diff(row))
    step = float(np.min(steps[steps > 0], initial=np.inf))
    return float(np.max(row)) - float(np.min(row)) >= 2 * FLAT_TOP_STEPS * step


def _flat_tops(row: FloatArray) -> int:
    """Count samples at the rails of a stretch, or else in runs of equal values at its largest or smallest value."""
    at_rails = sum(int(np.count_nonzero(row == rail)) for rail in find_rails(row) if rail is not None)
    highest, lowest = float(np.max(row)), float(np.min(row))
    if not highest > lowest:
        return 0
    in_runs = sum(_in_runs(row == extreme) for extreme in (highest, lowest))
    return max(at_rails, in_runs if in_runs and _is_fine(row) else 0)


def _in_runs(mask: NDArray[np.bool_]) -> int:
    """Count the true values that stand in runs of at least `FLAT_TOP_SAMPLES`."""
    starts, stops = run_borders(mask)
    lengths = stops - starts
    return int(lengths[lengths >= FLAT_TOP_SAMPLES].sum())
