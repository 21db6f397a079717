"""Onset by the Teager-Kaiser energy operator and a double threshold, a named alternative.

psi(n) = x(n)^2 - x(n-1) x(n+1): for a sinusoid A sin(W n) it is A^2 sin^2 W, so that it weighs amplitude and frequency
together and motor unit potentials stand out of slow artefacts. First threshold: mean + 6 SD of psi at rest. Second
threshold, in the manner of Bonato: psi is spiky, so of the 25 ms from a candidate on a share must be above.

It gives a moment and no interval, and is late where the rise is slow. As published it is not smoothed.
Sources: Li X, Zhou P, Aruin AS, Ann Biomed Eng 2007;35:1532-1538 (psi, threshold at mean + j SD of psi at rest); Bonato
P, D'Alessio T, Knaflitz M, IEEE Trans Biomed Eng 1998;45:287-299 (r0 of m samples above). Solnik et al. 2010 rectify
psi and low-pass it at 50 Hz instead: an envelope threshold on another quantity, which `hodges_bui.py` is already.
"""

from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray, Rows
from .onset_stage import ChannelRule, DoubleThreshold, FoundRow, OnsetStage


@dataclass(frozen=True)
class TkeoParams:
    """The two thresholds.

    Attributes
    ----------
    n_sd
        Standard deviations above the mean at rest: 6 to 8 (Li 2007); 6 is the more accurate on the onset simulator.
    hold_s, share
        Of the rows of `hold_s` from the onset on, this share must be above: 3 of 25 at 1 kHz. 12 % lose least of the
        onsets among those shares that find none on simulated rest.
    """

    n_sd: float = 6.0
    hold_s: float = 0.025
    share: float = 0.12


def teager_kaiser(x: FloatArray) -> FloatArray:
    """Energy of each row but the first and the last, shape (n_samples - 2,), in the unit of `x` squared.

    Examples
    --------
    >>> teager_kaiser(np.array([1.0, 2.0, 4.0, 4.0])).tolist()
    [0.0, 8.0]
    """
    return np.asarray(x[1:-1] * x[1:-1] - x[:-2] * x[2:])


class TkeoRule:
    """The rule at work on one channel."""

    def __init__(self, rate_hz: float, rest: Rows, search: Rows, params: TkeoParams = TkeoParams()) -> None:
        n_rows = max(round(params.hold_s * rate_hz), 1)
        self._held = DoubleThreshold(rest, search, params.n_sd, n_rows, max(round(params.share * n_rows), 1), 1)
        self._last: FloatArray = np.full(1, np.nan)  # the newest rows; what came before the first is not known

    def update(self, x: FloatArray) -> FoundRow | None:
        """Take the next rows, shape (n_samples,); return the onset once it is known."""
        rows = np.concatenate([self._last, x])
        self._last = rows[-2:].copy()
        return self._held.update(teager_kaiser(rows)) if len(rows) > 2 else None

    def finish(self) -> FoundRow | None:
        """End of the data: decide what was waiting for more."""
        return self.update(np.full(1, np.nan))


class TkeoStage(OnsetStage):
    """Report each channel's first onset by its Teager-Kaiser energy, as the signal comes in.

    Parameters
    ----------
    rate_hz, n_channels, rest, search
        As for `OnsetStage`.

    Notes
    -----
    Delay: one row, and the 25 ms of the second threshold.
    """

    def __init__(
        self, rate_hz: float, n_channels: int, rest: Rows, search: Rows, params: TkeoParams = TkeoParams()
    ) -> None:
        self._params = params
        super().__init__(rate_hz, n_channels, rest, search)

    @property
    def delay_s(self) -> float:
        """From the onset to the row at which it is known, seconds."""
        return self.n_ahead / self.rate_hz + self._params.hold_s

    @property
    def n_ahead(self) -> int:
        """Rows after the search that the energy looks at."""
        return 1

    def make_rule(self) -> ChannelRule:
        """Build the rule for one channel."""
        return TkeoRule(self.rate_hz, self.own_rows(self.rest), self.own_rows(self.search), self._params)
