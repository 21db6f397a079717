"""Log-likelihood of a stretch under rest and under each rung of the ladder, as cumulative sums over time.

Two things keep it honest on real signals. Rest is composite: it may wander among the low rungs as far as the measured
rest did. And where a bin may hold an artefact, every level is weighed with and without it, so that it speaks for none.
"""

import numpy as np

from .blocks import FloatArray
from .levels import ladder_db
from .rough import ARTEFACT_DB, ARTEFACT_PRIOR, Evidence
from .thinning import ThinStretch
from .whitening import levinson, log_likelihood

#: A bin is weighed with an artefact when its probability exceeds this.
POSSIBLE_ARTEFACT = 0.1
#: Rungs that rest may climb when it wanders: up to 4 dB above the noise itself.
N_REST_LEVELS = 7
#: Rest keeps one level for this long, seconds (composite rest; one pulse wave or QRS flank).
REST_BIN_S = 0.01
#: Prior weight of plain rest and of each low rung, in bins.
REST_PRIOR = (9.0, 0.6)


def cumulative_likelihood(stretch: ThinStretch, evidence: Evidence, n_levels: int, first: int, last: int) -> FloatArray:
    """Sum up the log-likelihood of rows `first` up to each row under rest and every rung.

    Returns
    -------
    shape (n_levels + 1, n_rows + 1)
        Row 0 is the composite rest, the others the rungs of `levels.ladder_db`, ascending.
    """
    models = _Models(stretch, evidence, n_levels)
    likelihood = models.weigh(first, last)
    low = N_REST_LEVELS + 1
    quiet = models.weigh(*stretch.rest, n_models=low)
    sums = np.zeros((len(likelihood), likelihood.shape[1] + 1))
    np.cumsum(likelihood, axis=1, out=sums[:, 1:])
    n_bin = max(round(REST_BIN_S * stretch.rate_hz), 1)
    sums[0] = _composite_rest(likelihood[:low], _rest_weights(quiet, n_bin), n_bin)
    return sums


class _Models:
    """Prediction filters of rest and every rung, plain and with each artefact level the stretch may hold."""

    def __init__(self, stretch: ThinStretch, evidence: Evidence, n_levels: int) -> None:
        self._stretch = stretch
        self._evidence = evidence
        colours = stretch.colours
        power = np.concatenate([[0.0], 10.0 ** (ladder_db(n_levels) / 10.0)])
        self._possible = evidence.artefact > POSSIBLE_ARTEFACT
        self._artefacts = [int(level) for level in np.flatnonzero(self._possible.any(axis=1)) if level > 0]
        added = [0.0] + [10.0 ** (ARTEFACT_DB[level] / 10.0) for level in self._artefacts]
        clean = power[:, np.newaxis] * colours.emg + colours.rest
        models = clean + np.array(added)[:, np.newaxis, np.newaxis] * colours.artefact
        self._lead = len(colours.rest) - 1
        filters, variance = levinson(models.reshape(-1, self._lead + 1))
        self._filters = filters.reshape(len(added), len(power), self._lead + 1)
        self._variance = variance.reshape(len(added), len(power))
        prior = ARTEFACT_PRIOR[[0, *self._artefacts]]
        self._prior = prior / prior.sum()

    def weigh(self, first: int, last: int, n_models: int | None = None) -> FloatArray:
        """Log-likelihood of rows `first` to `last` under rest and every rung, shape (n_levels + 1, n_rows).

        With `n_models` only under the first so many.
        """
        lead = min(first, self._lead)
        x = self._stretch.x[first - lead : last]
        out = log_likelihood(x, self._filters[0, :n_models], self._variance[0, :n_models])[:, lead:]
        n_bin = self._evidence.n_bin
        for position in self._artefact_bins(first, last):
            start, stop = max(position * n_bin, first), min((position + 1) * n_bin, last)
            out[:, start - first : stop - first] = self._mixture(start, stop, n_models)
        return out

    def _artefact_bins(self, first: int, last: int) -> list[int]:
        """Bins that touch the rows and may hold an artefact."""
        n_bin = self._evidence.n_bin
        bins = range(first // n_bin, min((last - 1) // n_bin + 1, self._possible.shape[1]))
        return [position for position in bins if self._possible[1:, position].any()]

    def _mixture(self, start: int, stop: int, n_models: int | None) -> FloatArray:
        """Log-likelihood of each row, given those before it in the bin, when one of the artefact levels rules the bin.

        Returns
        -------
        shape (n_levels + 1 or n_models, stop - start)
        """
        lead = min(start, self._lead)
        x = self._stretch.x[start - lead : stop]
        models = zip(self._filters[:, :n_models], self._variance[:, :n_models], strict=True)
        stack = [log_likelihood(x, filters, variance)[:, lead:] for filters, variance in models]
        sums = np.cumsum(np.array(stack), axis=2) + np.log(self._prior)[:, np.newaxis, np.newaxis]
        best = sums.max(axis=0)
        mixed = best + np.log(np.exp(sums - best).sum(axis=0))
        return np.diff(mixed, axis=1, prepend=0.0)


def _rest_weights(quiet: FloatArray, n_bin: int) -> FloatArray:
    """Share of time rest spends at each low level, by expectation maximisation on the rest stretch."""
    n = quiet.shape[1] // n_bin
    bins = quiet[:, : n * n_bin].reshape(len(quiet), n, n_bin).sum(axis=2)
    prior = np.array([REST_PRIOR[0]] + [REST_PRIOR[1]] * (len(quiet) - 1))
    weights = prior / prior.sum()
    for _ in range(5):  # settles to two digits
        share = weights[:, np.newaxis] * np.exp(bins - bins.max(axis=0))
        weights = (share / share.sum(axis=0)).sum(axis=1) + prior
        weights /= weights.sum()
    return np.asarray(weights)


def _composite_rest(likelihood: FloatArray, weights: FloatArray, n_bin: int) -> FloatArray:
    """Cumulative log-likelihood of a rest that draws its level anew in each bin, shape (n_rows + 1,)."""
    n_rows = likelihood.shape[1]
    n = -(-n_rows // n_bin)
    padded = np.zeros((len(weights), n * n_bin))
    padded[:, :n_rows] = likelihood
    within = np.cumsum(padded.reshape(len(weights), n, n_bin), axis=2)
    best = within.max(axis=0)
    mixed = best + np.log(np.einsum("l,lbt->bt", weights, np.exp(within - best)))
    before = np.concatenate([[0.0], np.cumsum(mixed[:, -1])[:-1]])
    return np.concatenate([[0.0], (before[:, np.newaxis] + mixed).ravel()])[: n_rows + 1]
