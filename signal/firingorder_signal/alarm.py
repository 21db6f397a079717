"""Notice within some 20 ms that a muscle has switched on, cheaply, for every channel of a stream at once.

The alarm is eager and coarse: it says where to look. It does not confirm and does not time an onset (`onset.py` does).
Every sample (thinned to about 1 kHz) is compared under the colour of the rest and under that of rest plus EMG as
strong (`alarm_rest.py`); the clipped log-likelihood ratio runs into Page's cumulative sum (Page 1954). What the sum
calls a burst is looked at once more, whether an artefact explains it better. Sums are whole numbers, and the
prediction is worked out in pieces of one size aligned on the sample number, so that any chopping of the stream adds
up to the same bit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .alarm_leak import FIT_S, filtered, take_leak_out
from .alarm_rest import RestLearner
from .blocks import FloatArray
from .filters import BandDesign, check_rate
from .means import mean_of_columns, trailing_mean

IntArray = NDArray[np.int64]
#: Log-likelihood ratios are counted in 64ths: fine against the threshold, and exact in integers.
UNIT = 64


@dataclass(frozen=True)
class AlarmParams:
    """How eager the alarm is.

    Attributes
    ----------
    bin_s
        Length of a piece that is worked on at once, and of a power mean.
    work_rate_hz
        The signal is thinned to about this rate: 450 Hz are all the band-pass leaves.
    threshold, clip
        Sum at which the alarm is given, and bound of one sample's ratio either way, so that a spike or two cannot
        raise it. Tuned on simulated bursts and rests: 1 false alarm a minute and channel on clean noise, 0.5 with hum,
        heartbeats and tonic EMG; none of them lasts a quarter of a second.
    artefact_margin, artefact_tail_s
        EMG must be this much likelier than an artefact (in logarithm) over about the last 20 ms.
    rest_quantile, rest_memory_s
        Rest is told by this quantile of 100 ms means over that time: a 30 s hold leaves it in place.
    off_ratio, off_share
        A burst ends when what rest does not predict (of hum it predicts nearly all) falls below this multiple of its
        power at rest, or below that share of the burst's own peak, whichever is higher.
    off_hold_s
        How long it must stay there: the slowest motor units fire every 125 ms, so a shorter pause is no end.
    """

    bin_s: float = 0.005
    work_rate_hz: float = 1000.0
    threshold: float = 7.5
    clip: float = 4.0
    artefact_margin: float = 0.5
    artefact_tail_s: float = 0.020
    rest_quantile: float = 0.2
    rest_memory_s: float = 60.0
    off_ratio: float = 2.0
    off_share: float = 0.02
    off_hold_s: float = 0.100


#: Mean square of a prediction error at rest, in half variances.
REST = 0.5
#: Bins in a 100 ms stretch (a "hop"), bins in the mean that ends a burst.
BINS_PER_HOP = 20
OFF_BINS = 10
#: The last value is held over this much of a gap, seconds: what one or two lost samples leave open.
BRIDGE_S = 0.002
#: The look at artefacts reaches back this many times its tail.
TAILS = 2.0


@dataclass(frozen=True)
class AlarmEvent:
    """A burst began (`on`) or ended on a channel; `index` is the sample at which this became known."""

    channel: int
    index: int
    on: bool


class BurstAlarm:
    """Follow the rest of every channel and report bursts as they begin and end.

    Parameters
    ----------
    rate_hz
        Sampling rate, Hz.
    n_channels
        Columns of the band-passed signal.
    design
        The band-pass it went through; None = the usual one.

    Notes
    -----
    A sample number that does not continue the last one starts the current bin anew and keeps what is known of rest.
    """

    def __init__(
        self,
        rate_hz: float,
        n_channels: int,
        params: AlarmParams = AlarmParams(),
        design: BandDesign | None = None,
    ) -> None:
        check_rate(rate_hz)
        self._params = params
        self._n_channels = n_channels
        self._step = max(round(rate_hz / params.work_rate_hz), 1)
        work_rate_hz = rate_hz / self._step
        self._n_bin = max(round(params.bin_s * work_rate_hz), 1)
        self.bin_samples = self._n_bin * self._step
        self._threshold = round(params.threshold * UNIT)
        self._hold_bins = max(round(params.off_hold_s / params.bin_s), 1)
        n_hops = round(params.rest_memory_s / (params.bin_s * BINS_PER_HOP))
        self._rest = RestLearner(
            work_rate_hz,
            design or BandDesign(rate_hz),
            n_channels,
            self._n_bin * BINS_PER_HOP,
            n_hops,
            params.rest_quantile,
        )
        tail = params.artefact_tail_s * work_rate_hz
        self._weight = np.exp(-np.arange(max(round(TAILS * tail), 2))[::-1] / tail)
        self._n_bridged = max(round(BRIDGE_S * rate_hz), 1)
        self._held = np.full(n_channels, np.nan)  # newest known value, and samples lost since
        self._n_lost: IntArray = np.zeros(n_channels, dtype=np.int64)
        self._next_index: int | None = None
        self._open = np.empty((0, n_channels))  # samples of the bin under way
        self._bins = 0  # bins completed
        self._index_0 = 0  # sample number of the first row of bin 0
        self._work_rate_hz = work_rate_hz
        self._fit_rows = round(FIT_S * work_rate_hz)
        self._lead = self._rest.order + max(len(self._weight), self._fit_rows)
        self._past = np.full((n_channels, self._lead), np.nan)  # newest thinned rows
        self._lesson: list[FloatArray] = []  # thinned rows for the next lesson on rest
        self._lesson_rows = 0
        self._sum: IntArray = np.zeros(n_channels, dtype=np.int64)
        self._recent = np.full((n_channels, OFF_BINS - 1), np.nan)
        self._on = np.zeros(n_channels, dtype=bool)
        self._peak = np.zeros(n_channels)
        self._below = np.zeros(n_channels, dtype=np.int64)
        self._toeplitz = np.empty(0)
        self._constant = np.empty(0)
        self._prepare()

    @property
    def rest_power(self) -> FloatArray:
        """Level of rest, µV², shape (n_channels,); NaN until there is one."""
        return self._rest.power

    def update(self, filtered_uv: FloatArray, first_index: int) -> list[AlarmEvent]:
        """Take the next band-passed samples, shape (n_samples, n_channels); return what began or ended, in order."""
        if first_index != self._next_index:
            self._restart(first_index)
        self._next_index = first_index + len(filtered_uv)
        known = self._bridge(filtered_uv)
        rows = np.concatenate([self._open, known]) if len(self._open) else known
        n_bins = len(rows) // self.bin_samples
        self._open = rows[n_bins * self.bin_samples :].copy()
        events: list[AlarmEvent] = []
        if n_bins:
            thin = rows[: n_bins * self.bin_samples : self._step].T
            start = 0
            while start < thin.shape[1]:
                stop = min(thin.shape[1], start + self._rest.lesson_rows - self._lesson_rows)
                piece = np.ascontiguousarray(thin[:, start:stop])
                events += self._scan(piece)
                self._remember(piece)
                start = stop
        return events

    def _bridge(self, filtered_uv: FloatArray) -> FloatArray:
        """Hold the last value over the first samples of a gap: one lost sample would void its bin and the memory."""
        lost = np.isnan(filtered_uv)
        if not lost.any():
            if len(filtered_uv):
                self._held, self._n_lost = filtered_uv[-1].copy(), np.zeros(self._n_channels, dtype=np.int64)
            return filtered_uv
        rows = np.concatenate([self._held[np.newaxis], filtered_uv])
        good = np.concatenate([np.ones((1, self._n_channels), dtype=bool), ~lost])
        place = np.arange(len(rows))[:, np.newaxis]
        latest = np.maximum.accumulate(np.where(good, place, 0), axis=0)
        run = place - latest + np.where(latest == 0, self._n_lost, 0)
        held = np.take_along_axis(rows, latest, axis=0)
        self._held, self._n_lost = held[-1].copy(), run[-1].copy()
        return np.where(lost & (run[1:] <= self._n_bridged), held[1:], filtered_uv)

    def _restart(self, first_index: int) -> None:
        """Begin counting bins at a sample number that is a multiple of the bin length."""
        skip = -first_index % self.bin_samples
        self._open = np.full((self.bin_samples - skip if skip else 0, self._n_channels), np.nan)
        self._held[:], self._n_lost[:] = np.nan, 0
        self._index_0 = first_index - len(self._open)
        self._bins = 0
        self._lesson, self._lesson_rows = [], 0
        self._past[:] = np.nan
        self._sum[:] = 0

    def _remember(self, rows: FloatArray) -> None:
        """Add rows to the lesson under way; a full one teaches what rest is."""
        self._bins += rows.shape[1] // self._n_bin
        self._lesson.append(rows)
        self._lesson_rows += rows.shape[1]
        if self._lesson_rows == self._rest.lesson_rows:
            self._rest.learn(np.concatenate(self._lesson, axis=1))
            self._lesson, self._lesson_rows = [], 0
            self._prepare()

    def _prepare(self) -> None:
        """Lay out the filters so that one product predicts a bin: rows of past and bin, columns of both models."""
        order, n_bin = self._rest.order, self._n_bin
        self._toeplitz = np.zeros((self._n_channels, order + n_bin, 2 * n_bin))
        backwards = np.swapaxes(self._rest.filters[:, :, ::-1], 1, 2)
        for row in range(n_bin):
            self._toeplitz[:, row : row + order + 1, row::n_bin] = backwards
        self._constant = self._rest.offset[:, 0] - self._rest.offset[:, 1]

    def _scan(self, rows: FloatArray) -> list[AlarmEvent]:
        """Advance every channel over whole bins that share one rest."""
        full = np.concatenate([self._past, rows], axis=1)
        self._past = full[:, -self._lead :].copy()
        surprise = self._surprise(full)
        recent = np.concatenate([self._recent, mean_of_columns(surprise[:, :, 0])], axis=1)
        self._recent = recent[:, -(OFF_BINS - 1) :]
        ratio = self._log_ratio(surprise)
        if not self._on.any():
            page = _page(self._sum, ratio)
            if page.max() <= self._threshold:
                self._sum = page[:, -1].copy()
                return []
        smooth = trailing_mean(recent, OFF_BINS)
        events: list[AlarmEvent] = []
        for channel in range(self._n_channels):
            events += self._scan_channel(channel, ratio[channel], smooth[channel], full)
        return sorted(events, key=lambda event: (event.index, event.channel))

    def _surprise(self, full: FloatArray) -> FloatArray:
        """Square the prediction error of each new row under rest and under EMG, in half variances.

        Returns
        -------
        shape (n_channels, n_bins, 2, rows of a bin)
            NaN where a sample was lost within the bin or the prediction's memory, or rest is unknown.
        """
        past = full[:, self._lead - self._rest.order :]
        n_bins = (past.shape[1] - self._rest.order) // self._n_bin
        # One small product a bin: its shape, and with it the order of addition, is the same for every block.
        starts: IntArray = self._n_bin * np.arange(n_bins, dtype=np.int64)
        where = starts[:, np.newaxis] + np.arange(self._rest.order + self._n_bin, dtype=np.int64)
        error = np.matmul(past[:, where][:, :, np.newaxis], self._toeplitz[:, np.newaxis])
        return np.asarray(error * error).reshape(len(full), n_bins, 2, self._n_bin)

    def _log_ratio(self, surprise: FloatArray) -> IntArray:
        """Clipped log-likelihood ratio of each new row, EMG against rest, in `UNIT`ths; 0 = nothing known."""
        value = (surprise[:, :, 0] - surprise[:, :, 1]).reshape(len(surprise), -1) + self._constant[:, np.newaxis]
        clip = self._params.clip
        np.minimum(np.maximum(value, -clip, out=value), clip, out=value)
        value *= UNIT
        value[np.isnan(value)] = 0.0
        return np.asarray(np.rint(value).astype(np.int64))

    def _scan_channel(self, channel: int, ratio: IntArray, smooth: FloatArray, full: FloatArray) -> list[AlarmEvent]:
        """Walk one channel from event to event through the bins at hand."""
        events: list[AlarmEvent] = []
        at = 0
        while at < len(ratio):
            on = not self._on[channel]
            found = (
                self._find_on(channel, ratio, full, at)
                if on
                else self._find_off(channel, smooth, -(-at // self._n_bin))
            )
            if found is None:
                break
            at = found if on else found * self._n_bin
            self._on[channel] = on
            self._sum[channel], self._peak[channel], self._below[channel] = 0, 0.0, 0
            events.append(AlarmEvent(channel, self._index_0 + (self._bins * self._n_bin + at) * self._step - 1, on))
        return events

    def _find_on(self, channel: int, ratio: IntArray, full: FloatArray, at: int) -> int | None:
        """Return the row after the one at which a burst is noticed, from row `at` on; carry the sum on if none is."""
        while at < len(ratio):
            page = _page(self._sum[channel : channel + 1], ratio[np.newaxis, at:])[0]
            over = page > self._threshold
            if not over.any():
                self._sum[channel] = page[-1]
                return None
            at += int(np.argmax(over)) + 1
            rows = full[:, at : at + self._lead]
            if self._is_own_emg(channel, rows):
                return at
            self._sum[channel] = 0  # an artefact or a leak: what was summed up says nothing
        return None

    def _is_own_emg(self, channel: int, rows: FloatArray) -> bool:
        """Look once more at the newest rows of all channels: neither an artefact, nor heard from a louder channel."""
        newest = rows[channel, -self._rest.order - len(self._weight) :]
        if self._rest.speaks_for_emg(channel, newest, self._weight) <= self._params.artefact_margin:
            return False
        own = take_leak_out(rows, channel, self._rest.filters[channel, 0], self._work_rate_hz)
        if own is None:
            return True
        left = np.stack([filtered(own, taps) for taps in self._rest.filters[channel]])
        value = left[0] ** 2 - left[1] ** 2 + self._constant[channel]
        ratio = np.rint(np.clip(value, -self._params.clip, self._params.clip) * UNIT).astype(np.int64)
        return bool(_page(np.zeros(1, dtype=np.int64), ratio[np.newaxis])[0, -1] > self._threshold)

    def _find_off(self, channel: int, smooth: FloatArray, at: int) -> int | None:
        """Return the bin after the one in which a burst has stayed low for long; None, the count carried on, else."""
        if at >= len(smooth):
            return None
        smooth = smooth[at:]
        known = np.nan_to_num(smooth, nan=np.inf)  # lost samples do not end a burst
        peak = np.maximum.accumulate(np.concatenate([self._peak[channel : channel + 1], np.nan_to_num(smooth)]))[1:]
        low = known < np.maximum(self._params.off_ratio * REST, self._params.off_share * peak)
        count = _run_lengths(low, int(self._below[channel]))
        ended = count >= self._hold_bins
        if ended.any():
            return at + int(np.argmax(ended)) + 1
        self._peak[channel], self._below[channel] = peak[-1], count[-1]
        return None


def _page(before: IntArray, ratio: IntArray) -> IntArray:
    """Page's cumulative sum along the rows of each channel, shape (n_channels, n_rows), going on from `before`."""
    total = np.cumsum(np.concatenate([before[:, np.newaxis], ratio], axis=1), axis=1)
    return np.asarray(total - np.minimum(np.minimum.accumulate(total, axis=1), 0))[:, 1:]


def _run_lengths(flags: NDArray[np.bool_], before: int) -> IntArray:
    """Length of the run of True that ends at each entry, the first run continuing one of length `before`."""
    position = np.arange(1, len(flags) + 1)
    last_false = np.maximum.accumulate(np.where(flags, -before, position))
    return np.where(flags, position - last_false, 0)
