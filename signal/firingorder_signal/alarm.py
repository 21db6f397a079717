"""Notice within some 20 ms that a muscle has switched on, cheaply, for every channel of a stream at once.

The alarm is eager and coarse: it says where to look. It does not confirm and does not time an onset (`onset.py` does).
It works on 5 ms means of power, on a rest level that follows slowly, by Page's cumulative sum (Page 1954) of the
clipped log-likelihood ratio between "rest" and "rest + EMG 3 dB above it". Sums are whole numbers, so that any
chopping of the stream adds up to the same bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .blocks import FloatArray
from .filters import check_rate

IntArray = NDArray[np.int64]
#: Log-likelihood ratios are counted in 64ths: fine against a threshold of 14, and exact in integers.
UNIT = 64


@dataclass(frozen=True)
class AlarmParams:
    """How eager the alarm is.

    Attributes
    ----------
    bin_s
        Length of a power mean: a quarter of the delay aimed at (20 ms).
    freedom
        Degrees of freedom of one such mean: twice bandwidth times time for EMG 200 Hz wide, doubled by the noise
        floor around it.
    threshold
        Sum at which the alarm is given; 14 gave 0.1 false alarms a minute on clean noise (onset study).
    clip
        Bounds of one bin's ratio, so that a single spike cannot raise the alarm (three bins must agree).
    rest_quantile, rest_memory_s
        The rest level is this quantile of 100 ms means over that time: a 30 s hold leaves it in place.
    off_ratio, off_share
        A burst ends below this multiple of rest or below that share of its own peak power, whichever is higher.
    off_hold_s
        How long it must stay there: the slowest motor units fire every 125 ms, so a shorter pause is no end.
    """

    bin_s: float = 0.005
    freedom: float = 4.0
    threshold: float = 14.0
    clip: tuple[float, float] = (-3.0, 5.0)
    rest_quantile: float = 0.2
    rest_memory_s: float = 60.0
    off_ratio: float = 2.0
    off_share: float = 0.02
    off_hold_s: float = 0.100


#: Power of rest plus EMG 3 dB above it, over rest.
GAIN = 1.0 + 10.0**0.3
#: Bins in a 100 ms mean (a "hop"), hops between updates of the rest level, bins in the mean that ends a burst.
BINS_PER_HOP = 20
HOPS_PER_LEVEL = 5
OFF_BINS = 10
#: The 20 % quantile of 100 ms means of band-limited noise lies this far below their mean (simulated, 20-450 Hz).
QUANTILE_TO_MEAN = 0.90


@dataclass(frozen=True)
class AlarmEvent:
    """A burst began (`on`) or ended on a channel; `index` is the sample at which this became known."""

    channel: int
    index: int
    on: bool


class BurstAlarm:
    """Follow the rest level of every channel and report bursts as they begin and end.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz.
    n_channels
        Columns of the band-passed signal.

    Notes
    -----
    A sample number that does not continue the last one starts the current bin anew and keeps the rest level.
    """

    def __init__(self, rate_hz: float, n_channels: int, params: AlarmParams = AlarmParams()) -> None:
        check_rate(rate_hz)
        self._params = params
        self._n_channels = n_channels
        self.bin_samples = max(round(params.bin_s * rate_hz), 1)
        self._threshold = params.threshold * UNIT
        self._hold_bins = max(round(params.off_hold_s / params.bin_s), 1)
        self._memory = round(params.rest_memory_s / (params.bin_s * BINS_PER_HOP))
        self._next_index: int | None = None
        self._open = np.empty((0, n_channels))  # rows of the bin under way
        self._bins = 0  # bins completed
        self._index_0 = 0  # sample number of the first row of bin 0
        self._hop = np.empty((0, n_channels))  # bins of the level period under way
        self._hops = np.empty((0, n_channels))  # 100 ms means remembered
        self.rest_power: FloatArray = np.full(n_channels, np.nan)
        self._slope: FloatArray = np.full(n_channels, np.nan)
        self._sum: IntArray = np.zeros(n_channels, dtype=np.int64)
        self._recent = np.full((OFF_BINS - 1, n_channels), np.nan)
        self._on = np.zeros(n_channels, dtype=bool)
        self._peak = np.zeros(n_channels)
        self._below = np.zeros(n_channels, dtype=np.int64)
        self._floor = np.zeros(n_channels)

    def update(self, filtered_uv: FloatArray, first_index: int) -> list[AlarmEvent]:
        """Take the next band-passed samples, shape (n_samples, n_channels); return what began or ended, in order."""
        if first_index != self._next_index:
            self._restart(first_index)
        self._next_index = first_index + len(filtered_uv)
        rows = np.concatenate([self._open, filtered_uv]) if len(self._open) else filtered_uv
        n_bins = len(rows) // self.bin_samples
        self._open = rows[n_bins * self.bin_samples :].copy()
        events: list[AlarmEvent] = []
        if n_bins:
            power = mean_power(rows[: n_bins * self.bin_samples], self.bin_samples)
            period = BINS_PER_HOP * HOPS_PER_LEVEL
            start = 0
            while start < n_bins:
                stop = min(n_bins, start + period - len(self._hop))
                events += self._scan(power[start:stop])
                self._remember(power[start:stop])
                start = stop
        return events

    def _restart(self, first_index: int) -> None:
        """Begin counting bins at a sample number that is a multiple of the bin length."""
        skip = -first_index % self.bin_samples
        self._open = np.full((self.bin_samples - skip if skip else 0, self._n_channels), np.nan)
        self._index_0 = first_index - len(self._open)
        self._bins = 0
        self._hop = self._hop[:0]
        self._sum[:] = 0

    def _remember(self, power: FloatArray) -> None:
        """Add bins to the memory of the rest level; a full period updates the level."""
        self._bins += len(power)
        self._hop = np.concatenate([self._hop, power])
        if len(self._hop) < BINS_PER_HOP * HOPS_PER_LEVEL:
            return
        means = mean_over_rows(self._hop, BINS_PER_HOP)
        self._hops = np.concatenate([self._hops, means])[-self._memory :]
        self._hop = self._hop[:0]
        self.rest_power = low_quantile(self._hops, self._params.rest_quantile) / QUANTILE_TO_MEAN
        # A rest without any noise, as in a synthetic signal: whatever comes then is loud.
        self._slope = self._params.freedom / 2 * (1 - 1 / GAIN) / np.maximum(self.rest_power, 1e-300)

    def _scan(self, power: FloatArray) -> list[AlarmEvent]:
        """Advance every channel over bins that share one rest level."""
        recent = np.concatenate([self._recent, power])
        self._recent = recent[-(OFF_BINS - 1) :]
        ratio = self._log_ratio(power)
        if not self._on.any():
            total = np.cumsum(np.concatenate([self._sum[np.newaxis], ratio]), axis=0)
            page = total - np.minimum(np.minimum.accumulate(total, axis=0), 0)
            if page.max() <= self._threshold:
                self._sum = page[-1]
                return []
        smooth = _trailing_mean(recent, OFF_BINS)
        events: list[AlarmEvent] = []
        for channel in range(self._n_channels):
            events += self._scan_channel(channel, ratio[:, channel], smooth[:, channel])
        return sorted(events, key=lambda event: (event.index, event.channel))

    def _log_ratio(self, power: FloatArray) -> IntArray:
        """Clipped log-likelihood ratio of each bin, EMG at +3 dB against rest, in `UNIT`ths; 0 = nothing known."""
        low, high = self._params.clip
        value = power * self._slope  # NaN where the power is lost or there is no rest level yet
        value -= self._params.freedom / 2 * np.log(GAIN)
        np.minimum(np.maximum(value, low, out=value), high, out=value)
        value[np.isnan(value)] = 0.0
        value *= UNIT
        return np.rint(value).astype(np.int64)

    def _scan_channel(self, channel: int, ratio: IntArray, smooth: FloatArray) -> list[AlarmEvent]:
        """Walk one channel from event to event through the bins at hand."""
        events: list[AlarmEvent] = []
        at = 0
        while at < len(ratio):
            found = self._find_off(channel, smooth[at:]) if self._on[channel] else self._find_on(channel, ratio[at:])
            if found is None:
                break
            at += found + 1
            on = not self._on[channel]
            self._on[channel] = on
            self._sum[channel], self._peak[channel], self._below[channel] = 0, 0.0, 0
            self._floor[channel] = self.rest_power[channel]
            events.append(AlarmEvent(channel, self._index_0 + (self._bins + at) * self.bin_samples - 1, on))
        return events

    def _find_on(self, channel: int, ratio: IntArray) -> int | None:
        """Return the bin at which the cumulative sum passes the threshold; carry the sum on if none does."""
        total = np.cumsum(np.concatenate([self._sum[channel : channel + 1], ratio]))
        page = total - np.minimum(np.minimum.accumulate(total), 0)
        over = page[1:] > self._threshold
        if over.any():
            return int(np.argmax(over))
        self._sum[channel] = page[-1]
        return None

    def _find_off(self, channel: int, smooth: FloatArray) -> int | None:
        """Return the bin at which the burst has stayed low for long enough; carry the count on if none does."""
        params = self._params
        known = np.nan_to_num(smooth, nan=np.inf)  # lost samples do not end a burst
        peak = np.maximum.accumulate(np.concatenate([self._peak[channel : channel + 1], np.nan_to_num(smooth)]))[1:]
        rest = max(self._floor[channel], self.rest_power[channel])
        low = known < np.maximum(params.off_ratio * rest, params.off_share * peak)
        count = _run_lengths(low, int(self._below[channel]))
        ended = count >= self._hold_bins
        if ended.any():
            return int(np.argmax(ended))
        self._peak[channel], self._below[channel] = peak[-1], count[-1]
        return None


def mean_power(rows: FloatArray, group: int) -> FloatArray:
    """Mean square over groups of rows, NaN left out; shape (n_rows / group, n_channels).

    Adding row by row, not by `sum`, whose order of addition numpy chooses by shape.
    """
    return mean_over_rows(rows * rows, group)


def mean_over_rows(rows: FloatArray, group: int) -> FloatArray:
    """Mean over groups of rows, NaN left out, NaN where a group has nothing; added in a fixed order."""
    cube = rows.reshape(-1, group, rows.shape[1])
    lost = np.isnan(cube)
    if not lost.any():
        total = cube[:, 0].copy()
        for row in range(1, group):
            total += cube[:, row]
        return total / group
    total = np.zeros((len(cube), rows.shape[1]))
    for row in range(group):
        total += np.where(lost[:, row], 0.0, cube[:, row])
    count = group - np.count_nonzero(lost, axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def low_quantile(rows: FloatArray, quantile: float) -> FloatArray:
    """Quantile of each column without interpolation, NaN left out; NaN for a column that has nothing."""
    ordered = np.sort(rows, axis=0)  # NaN sort last
    count = np.count_nonzero(~np.isnan(rows), axis=0)
    rank = np.maximum((count * quantile).astype(np.int64) - (count * quantile == count), 0)
    return np.asarray(np.take_along_axis(ordered, rank[np.newaxis], axis=0)[0])


def _trailing_mean(rows: FloatArray, n: int) -> FloatArray:
    """Mean of each row with the n - 1 before it; NaN if any of them is; added in a fixed order."""
    m = len(rows) - n + 1
    total = rows[:m].copy()
    for row in range(1, n):
        total += rows[row : row + m]
    return total / n


def _run_lengths(flags: NDArray[np.bool_], before: int) -> IntArray:
    """Length of the run of True that ends at each entry, the first run continuing one of length `before`."""
    position = np.arange(1, len(flags) + 1)
    last_false = np.maximum.accumulate(np.where(flags, -before, position))
    return np.where(flags, position - last_false, 0)
