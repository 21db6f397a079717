"""Onset by Staude's approximated generalized likelihood ratio on the whitened signal, a named alternative.

The signal is whitened by the prediction error filter of the rest; what is left is taken for Gaussian, of known
variance at rest and of unknown, higher variance v in a burst. For a window of n whitened samples whose mean square is
r times that at rest, the log-likelihood ratio of "v throughout", v at its most likely, against "rest" is

    g = n / 2 (r - ln r - 1)    where r > 1, else 0.

Alarm: the first window of fixed length L whose g reaches the threshold h. Onset: of all moments within that window,
the one from which to the alarm on g is greatest: the maximum likelihood estimate of the change time.

It takes the rise for a step, which makes it late where the rise is slow, and gives no interval.
Sources: Staude G, Wolf W, Med Eng Phys 1999;21:449-467; Staude G et al., EURASIP J Appl Signal Process 2001;2:67-81
(AGLR-step with adaptive whitening).
"""

from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray, Rows
from .onset_stage import ChannelRule, FoundRow, OnsetStage
from .whitening import MAX_ORDER, autocovariance, levinson, usable


@dataclass(frozen=True)
class GlrParams:
    """Window and threshold.

    Attributes
    ----------
    window_s
        Length L of the test window; 75 to 150 ms do alike on the onset simulator.
    threshold
        Log-likelihood ratio h of an alarm: from 15 on, heartbeats and movement at rest raise few.
    work_rate_hz
        The signal is thinned to about this rate: the band-pass leaves 450 Hz, and what is whitened above them is not
        signal.
    """

    window_s: float = 0.100
    threshold: float = 20.0
    work_rate_hz: float = 1000.0


#: White noise added to the rest's colour, share of its power: 40 dB down keeps the recursion stable.
RIDGE = 1e-4
#: Known samples of rest for each coefficient of the prediction.
SAMPLES_PER_COEFFICIENT = 20


def log_ratio(mean_square: FloatArray, n_known: FloatArray) -> FloatArray:
    """Log-likelihood ratio of a raised variance against rest.

    Parameters
    ----------
    mean_square : shape (n_windows,)
        Of the whitened samples of each window, in units of their variance at rest.
    n_known : shape (n_windows,)
        How many they are.

    Examples
    --------
    >>> log_ratio(np.array([1.0, np.e]), np.array([10.0, 10.0])).round(6).tolist()
    [0.0, 3.591409]
    """
    r = np.maximum(mean_square, 1.0)
    return np.asarray(n_known / 2 * (r - np.log(r) - 1.0))


@dataclass(frozen=True)
class Whitener:
    """Prediction error filter of a rest, newest sample first, and the variance it leaves there."""

    prediction: FloatArray
    variance: float

    @property
    def order(self) -> int:
        """Samples before one that its prediction needs."""
        return len(self.prediction) - 1

    def squares(self, x: FloatArray) -> FloatArray:
        """Squared prediction errors over their variance at rest, shape (len(x) - order,); NaN where one is lost."""
        error = np.convolve(np.nan_to_num(x, nan=0.0), self.prediction, mode="valid")
        error[~usable(~np.isnan(x), self.order)[self.order :]] = np.nan
        return np.asarray(error * error / self.variance)


def fit_whitener(quiet: FloatArray) -> Whitener | None:
    """Learn the colour of a rest, shape (n_samples,), NaN = lost; None where too little is known or it is flat."""
    order = min(MAX_ORDER, int(np.count_nonzero(~np.isnan(quiet))) // SAMPLES_PER_COEFFICIENT)
    covariance = autocovariance(quiet, order)
    if order < 2 or not covariance[0] > 0.0:
        return None
    covariance[0] *= 1.0 + RIDGE
    filters, variance = levinson(covariance[np.newaxis])
    whitener = Whitener(filters[0], float(variance[0]))
    at_rest = whitener.squares(quiet)
    known = at_rest[~np.isnan(at_rest)]
    return Whitener(filters[0], float(variance[0] * known.mean())) if len(known) and known.mean() > 0.0 else None


class GlrRule:
    """The rule at work on one channel, on every `step`th row."""

    def __init__(
        self, rate_hz: float, rest: Rows, search: Rows, step: int = 1, params: GlrParams = GlrParams()
    ) -> None:
        self._step, self._threshold = step, params.threshold
        self._window = max(round(params.window_s * rate_hz / step), 2)
        self._rest, self._search = ((-(-start // step), -(-stop // step)) for start, stop in (rest, search))
        self._n_rows = 0  # rows taken, thinned or not
        self._thin: FloatArray = np.full(MAX_ORDER, np.nan)  # thinned rows from `_first` on; before row 0 none is known
        self._first = -MAX_ORDER
        self._learned = False
        self._whitener: Whitener | None = None
        # Sums of squares and counts of known rows of the search: up to each of the last `_window` rows.
        self._sums: FloatArray = np.zeros((2, 1))

    def update(self, x: FloatArray) -> FoundRow | None:
        """Take the next rows, shape (n_samples,); return the onset once it is known."""
        self._thin = np.concatenate([self._thin, x[-self._n_rows % self._step :: self._step]])
        self._n_rows += len(x)
        if not self._learned and self._first + len(self._thin) >= self._rest[1]:
            self._learned = True
            self._whitener = fit_whitener(self._thin[self._rest[0] - self._first : self._rest[1] - self._first])
            if self._whitener is not None:
                self._drop_before(self._search[0] - self._whitener.order)
        return self._whiten(self._whitener) if self._whitener is not None else None

    def finish(self) -> FoundRow | None:
        """End of the data: no row waits for more."""
        return None

    def _drop_before(self, row: int) -> None:
        """Forget thinned rows nobody will ask for again."""
        n = min(max(row - self._first, 0), len(self._thin))
        self._thin, self._first = self._thin[n:].copy(), self._first + n

    def _whiten(self, whitener: Whitener) -> FoundRow | None:
        """Whiten the rows of the search that are new, and test them."""
        rows = self._thin[: max(self._search[1] - self._first, 0)]
        if len(rows) <= whitener.order:
            return None
        squares = whitener.squares(rows)
        end = self._first + len(rows)
        self._drop_before(end - whitener.order)
        found = self._test(np.stack([np.nan_to_num(squares, nan=0.0), ~np.isnan(squares)]))
        if found is None:
            return None
        onset, alarm = (end - before for before in found)
        return FoundRow(onset * self._step, (max(alarm, self._rest[1]) - 1) * self._step)

    def _test(self, new: FloatArray) -> tuple[int, int] | None:
        """Move the window over new squares and counts; return onset and alarm in rows before the end of what is known.

        The alarm is the end of the window, the row after the last in it.
        """
        sums = np.concatenate([self._sums[:, :-1], np.cumsum(np.hstack([self._sums[:, -1:], new]), axis=1)], axis=1)
        self._sums = sums[:, -self._window :].copy()
        alarm = np.flatnonzero(_ratio_between(sums[:, : -self._window], sums[:, self._window :]) >= self._threshold)
        if len(alarm) == 0:
            return None
        first = int(alarm[0])
        onset = find_change(sums[:, first : first + self._window + 1])
        n_before = int(sums.shape[1]) - 1 - first
        return n_before - onset, n_before - self._window


def _ratio_between(before: FloatArray, after: FloatArray) -> FloatArray:
    """Log-likelihood ratio of the rows between two columns of sums, shape (2, n) each."""
    total, n_known = after - before
    return log_ratio(total / np.maximum(n_known, 1.0), n_known)


def find_change(sums: FloatArray) -> int:
    """Row of a window from which on, to its end, a raised variance is most likely against rest; a known row.

    Parameters
    ----------
    sums : shape (2, n_rows + 1)
        Of squares, in units of their variance at rest, and of how many are known, before each row and after the last.
    """
    is_known = np.diff(sums[1]) > 0
    return int(np.argmax(np.where(is_known, _ratio_between(sums[:, :-1], sums[:, -1:]), -1.0)))


class GlrStage(OnsetStage):
    """Report each channel's first onset by the approximated generalized likelihood ratio, as the signal comes in.

    Parameters
    ----------
    rate_hz, n_channels, rest, search
        As for `OnsetStage`.

    Notes
    -----
    Delay: at most the window; the sooner the louder the burst.
    """

    def __init__(
        self, rate_hz: float, n_channels: int, rest: Rows, search: Rows, params: GlrParams = GlrParams()
    ) -> None:
        self._params = params
        super().__init__(rate_hz, n_channels, rest, search)

    @property
    def delay_s(self) -> float:
        """From the onset to the row at which it is known, seconds, at most."""
        return self._params.window_s

    def make_rule(self) -> ChannelRule:
        """Build the rule for one channel."""
        step = max(1, round(self.rate_hz / self._params.work_rate_hz))
        return GlrRule(self.rate_hz, self.own_rows(self.rest), self.own_rows(self.search), step, self._params)
