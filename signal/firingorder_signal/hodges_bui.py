"""The reference onset: the computer-based rule of Hodges & Bui 1996, as published.

Rectified EMG, low-passed at 50 Hz; the threshold is mean + 3 SD of *that same* quantity at rest; the onset is the
first sample from which on it stays above for 25 ms. It has no interval and its bias grows with the rise time and with
falling SNR, which is why it stands beside the product's own estimate and never in its place.

The low-pass must not shift the onset, so it has no phase: the symmetric impulse response of a second-order Butterworth
run forwards and backwards, cut where nothing is left of it. Cut, it can be streamed, `REACH_S` behind the signal.
Source: Hodges PW, Bui BH, Electroencephalogr Clin Neurophysiol 1996;101:511-519. Its abstract has "the number of
samples for which the mean must exceed the defined threshold"; a mean over 25 ms that exceeds it begins up to 25 ms
before the burst, so here, as in most of the literature since, it is the signal itself that must.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .blocks import FloatArray, Rows
from .onset_stage import ChannelRule, DoubleThreshold, FoundRow, OnsetStage


@dataclass(frozen=True)
class HodgesBuiParams:
    """The published rule's three numbers (50 Hz, 3 SD, 25 ms: one of the combinations the paper recommends)."""

    low_pass_hz: float = 50.0
    n_sd: float = 3.0
    hold_s: float = 0.025


#: Half length of the impulse response for a corner of 50 Hz, seconds: 1e-5 of its peak is left there.
REACH_S = 0.040
#: Two passes of a second-order Butterworth are 3 dB down at this share of each pass's corner (analog frequencies).
TWO_PASSES = (2.0**0.5 - 1.0) ** 0.25
#: An envelope value is known if at least this share of what it is made of is: 4 ms in a row may be lost.
KNOWN_SHARE = 0.49


@lru_cache(maxsize=32)
def _taps(rate_hz: float, low_pass_hz: float) -> tuple[float, ...]:
    """Impulse response without phase, 3 dB down at `low_pass_hz`, of unit gain at 0 Hz; odd length."""
    from scipy.signal import butter, sosfilt

    warped = np.tan(np.pi * min(low_pass_hz / rate_hz, 0.45))  # the bilinear transform's frequency axis
    once_hz = rate_hz / np.pi * float(np.arctan(warped / TWO_PASSES))
    sos = butter(2, once_hz, "lowpass", fs=rate_hz, output="sos")
    impulse = np.zeros(round(REACH_S * 50.0 / low_pass_hz * rate_hz) + 1)
    impulse[0] = 1.0
    once = np.asarray(sosfilt(sos, impulse), dtype=np.float64)
    twice = np.correlate(once, once, mode="full")
    return tuple(float(value) for value in twice / twice.sum())


class Envelope:
    """The rectified and low-passed signal of one channel, row by row, half an impulse response behind.

    Notes
    -----
    Lost rows, and those before the first and after the last, are left out of the weighted mean the low-pass is; where
    less than `KNOWN_SHARE` of it remains, the envelope is not known either (NaN).
    """

    def __init__(self, rate_hz: float, low_pass_hz: float = 50.0) -> None:
        self._taps = np.array(_taps(rate_hz, low_pass_hz))
        self.n_behind = len(self._taps) // 2
        self._held: FloatArray = np.full(self.n_behind, np.nan)  # what came before, and waits for what comes after

    def update(self, x: FloatArray) -> FloatArray:
        """Take the next rows, shape (n_samples,), NaN = lost; return those now complete, the first of all included."""
        rectified = np.concatenate([self._held, np.abs(x)])
        n_out = max(len(rectified) - len(self._taps) + 1, 0)
        self._held = rectified[n_out:].copy()
        if n_out == 0:
            return np.empty(0)
        lost = np.isnan(rectified)
        if not lost.any():
            return np.correlate(rectified, self._taps, mode="valid")
        smooth = np.correlate(np.where(lost, 0.0, rectified), self._taps, mode="valid")
        weight = np.correlate((~lost).astype(np.float64), self._taps, mode="valid")
        n_lost = np.concatenate([[0], np.cumsum(lost)])
        partial = n_lost[len(self._taps) :] > n_lost[: -len(self._taps)]  # the others keep their bits, however cut
        smooth[partial] = np.where(weight > KNOWN_SHARE, smooth / np.maximum(weight, KNOWN_SHARE), np.nan)[partial]
        return smooth

    def finish(self) -> FloatArray:
        """End of the data: return the rows that waited for more."""
        return self.update(np.full(self.n_behind, np.nan))


class HodgesBuiRule:
    """The rule at work on one channel; `threshold` shows what it compares with."""

    def __init__(self, rate_hz: float, rest: Rows, search: Rows, params: HodgesBuiParams = HodgesBuiParams()) -> None:
        self._envelope = Envelope(rate_hz, params.low_pass_hz)
        hold = max(round(params.hold_s * rate_hz), 1)
        self._held = DoubleThreshold(rest, search, params.n_sd, hold, hold, self._envelope.n_behind)

    def update(self, x: FloatArray) -> FoundRow | None:
        """Take the next rows, shape (n_samples,); return the onset once it is known."""
        return self._held.update(self._envelope.update(x))

    def finish(self) -> FoundRow | None:
        """End of the data: decide what was waiting for more."""
        return self._held.update(self._envelope.finish())


class HodgesBuiStage(OnsetStage):
    """Report each channel's first onset by the rule of Hodges & Bui 1996, as the signal comes in.

    Parameters
    ----------
    rate_hz, n_channels, rest, search
        As for `OnsetStage`.

    Notes
    -----
    Delay: half the low-pass (40 ms) and the 25 ms above the threshold.
    """

    def __init__(
        self, rate_hz: float, n_channels: int, rest: Rows, search: Rows, params: HodgesBuiParams = HodgesBuiParams()
    ) -> None:
        self._params = params
        super().__init__(rate_hz, n_channels, rest, search)

    @property
    def delay_s(self) -> float:
        """From the onset to the row at which it is known, seconds."""
        return self.n_ahead / self.rate_hz + self._params.hold_s

    @property
    def n_ahead(self) -> int:
        """Rows after the search that the low-pass looks at."""
        return len(_taps(self.rate_hz, self._params.low_pass_hz)) // 2

    def make_rule(self) -> ChannelRule:
        """Build the rule for one channel."""
        return HodgesBuiRule(self.rate_hz, self.own_rows(self.rest), self.own_rows(self.search), self._params)


def find_hodges_bui(
    emg_uv: FloatArray,
    rate_hz: float,
    rest: Rows,
    search: Rows,
    params: HodgesBuiParams = HodgesBuiParams(),
) -> int | None:
    """Return the row of the reference onset, or None.

    Parameters
    ----------
    emg_uv : shape (n_samples,), band-passed microvolts
        NaN = a lost sample.
    rest, search
        Row ranges `(start, stop)` of the quiet stretch and of where the onset is sought.

    Notes
    -----
    Source: Hodges & Bui 1996; see the module.
    """
    found = HodgesBuiStage(rate_hz, 1, rest, search, params).process(emg_uv[:, np.newaxis], 0)
    return found[0].index if found else None
