"""Every way a burst may begin, weighed at every time: the posterior of onset and kind of rise.

Climbs (`levels.py`) and volleys (`volleys.py`) are paths over one ladder of cumulative likelihoods (`likelihood.py`);
what is summed over here is what nobody knows beforehand: shape, rise time and plateau.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .blocks import FloatArray
from .levels import SHAPE_PRIOR, SHAPES, Shape, family_of_rises
from .main_rise import LONGEST_MAIN_S, gain_of_low_level, share_of, widen
from .volleys import family_of_volleys, volley_paths

#: The rise time that stands for a volley, seconds, and how long before every other onset a volley must lie to count.
VOLLEY_RISE_S = 0.01
APART_S = 0.02
#: Steps of the onset grid: first coarse, then fine where anything is left, seconds.
COARSE_S, FINE_S = 0.004, 0.001
#: Kinds of rise that may follow low-level activity: those of both signal models.
MAIN_SHAPES = (SHAPES.index(Shape.LINEAR), SHAPES.index(Shape.STEP))
#: A rise whose best coarse log posterior is this far below the best of all is dropped (e^-12).
NEGLIGIBLE = 12.0


class Beginnings:
    """Every way a burst may begin, rises and volleys, on one ladder."""

    def __init__(self, sums: FloatArray, rate_hz: float, plateau_db: float) -> None:
        n_levels, n_rows = len(sums) - 1, sums.shape[1] - 1
        self._sums = sums
        self._rungs = sums[:-1] - sums[1:]
        self._rate_hz, self._plateau_db = rate_hz, plateau_db
        self._rises = family_of_rises(n_levels, plateau_db)
        self._crossing = np.minimum(np.rint(np.minimum(self._rises.crossing_s, 1e3) * rate_hz), n_rows).astype(np.int64)
        self._volleys = family_of_volleys(n_levels, plateau_db)
        n = len(self._volleys.high)
        self.shape_index = np.append(self._rises.shape_index, np.full(n, SHAPES.index(Shape.VOLLEY)))
        self.rise_s = np.append(self._rises.rise_s, np.full(n, VOLLEY_RISE_S))
        self.rise_prior = np.append(self._rises.rise_prior, np.ones(n))
        log_prior = float(np.log(SHAPE_PRIOR[SHAPES.index(Shape.VOLLEY)] / n))
        self.is_volley = np.arange(len(self.rise_s)) >= len(self._rises.rise_s)
        brief = self.rise_s <= LONGEST_MAIN_S
        self._is_main = np.isin(self.shape_index, MAIN_SHAPES) & brief & ~self.is_volley
        self.log_prior = np.append(self._rises.log_prior, np.full(n, log_prior))

    def weigh(self, starts: NDArray[np.int64], keep: NDArray[np.bool_] | None = None) -> FloatArray:
        """Log-likelihood, up to a constant, of those kept begun at each start, shape (n_kept, n_starts)."""
        n_rises = len(self._crossing)
        crossing, volleys = self._crossing, self._volleys
        if keep is not None:
            crossing, volleys = crossing[keep[:n_rises]], volleys.chosen(keep[n_rises:])
        climbs = _paths(self._rungs, crossing, starts)
        return np.concatenate([climbs, volley_paths(self._sums, volleys, self._rate_hz, starts)])

    def weigh_main(self, starts: NDArray[np.int64], log_p: FloatArray) -> tuple[float, FloatArray] | None:
        """Weigh the main rise after low-level activity that counts as rest (`main_rise.py`).

        Parameters
        ----------
        log_p : shape (n_beginnings, n_starts)
            Log posterior, up to a constant, of everything begun at each start.

        Returns
        -------
        tuple
            Log evidence on the same footing, and the probability of each start; None where the burst is too weak.
        """
        gain = gain_of_low_level(self._sums, self._plateau_db, self._rate_hz)
        if gain is None:
            return None
        kept = np.flatnonzero(self._is_main)
        left_rest = np.minimum(self._crossing[kept, :1] + starts, len(gain) - 1)
        weighed = log_p[kept] + gain[left_rest]
        best = float(weighed.max())
        p = np.exp(weighed - best).sum(axis=0)
        prior = float(np.exp(self.log_prior[kept]).sum())
        return best + float(np.log(p.sum() / prior)), np.asarray(p / p.sum())


class Weighed(NamedTuple):
    """What is known of an onset on an even grid of times; `posterior.OnsetPosterior` says what each is.

    Attributes
    ----------
    time_s : shape (n_times,)
    by_shape, even_by_shape : shape (n_shapes, n_times)
    main : shape (n_times,) or None
    rise_s
    """

    time_s: FloatArray
    by_shape: FloatArray
    even_by_shape: FloatArray
    main: FloatArray | None
    rise_s: float


def weigh_beginnings(beginnings: Beginnings, reach: int, rate_hz: float, first: int) -> Weighed:
    """Weigh every beginning at every time: all on a coarse grid first, then what is left on the fine one.

    Parameters
    ----------
    reach
        Rows of the stretch in which the onset may lie.
    first
        Row of the stretch's row 0 on the clock of the answer.
    """
    coarse, fine = max(round(COARSE_S * rate_hz), 1), max(round(FINE_S * rate_hz), 1)
    starts = np.arange(0, max(reach, 1), coarse)
    log_p = beginnings.weigh(starts) + beginnings.log_prior[:, np.newaxis]
    log_p[beginnings.is_volley] += _tells_more(log_p, beginnings.is_volley, round(APART_S * rate_hz / coarse))
    coarse_starts, weighed_main = starts, beginnings.weigh_main(starts, log_p)
    best = float(log_p.max())
    keep = log_p.max(axis=1) > best - NEGLIGIBLE
    alive = np.flatnonzero(log_p[keep].max(axis=0) > best - NEGLIGIBLE)
    low, high = int(starts[alive[0]]) - coarse, int(starts[alive[-1]]) + coarse
    starts = np.arange(max(low, 0), min(high, max(reach - 1, 0)) + 1, fine)
    log_p = beginnings.weigh(starts, keep) + beginnings.log_prior[keep, np.newaxis]
    best = float(log_p.max())
    p = np.exp(log_p - best)
    log_evidence = best + float(np.log(p.sum() * fine / coarse))
    p /= p.sum()
    members = np.array([beginnings.shape_index[keep] == index for index in range(len(SHAPES))], dtype=np.float64)
    rise_s = float(np.exp(p.sum(axis=1) @ np.log(beginnings.rise_s[keep])))
    even = members / beginnings.rise_prior[keep] @ p
    tables, main = [members @ p, even / even.sum()], None
    if weighed_main is not None and (share := share_of(log_evidence, weighed_main[0])):
        starts, tables, main = widen(starts, tables, share, coarse_starts, weighed_main[1])
    return Weighed((first + starts) / rate_hz, tables[0], tables[1], main, rise_s)


def _tells_more(log_p: FloatArray, is_volley: NDArray[np.bool_], n_apart: int) -> float:
    """Return 0 where the likeliest volley lies well before what the rises say, and minus infinity where it does not.

    Where the rises see the first volley themselves they place it better than a volley of fixed shape.
    """
    rises = np.exp(log_p[~is_volley] - log_p[~is_volley].max()).sum(axis=0)
    earliest = int(np.argmax(np.cumsum(rises) >= 0.05 * rises.sum()))
    volley = int(np.argmax(log_p[is_volley].max(axis=0)))
    return 0.0 if volley < earliest - n_apart else -np.inf


def _paths(rungs: FloatArray, crossing: NDArray[np.int64], starts: NDArray[np.int64]) -> FloatArray:
    """Log-likelihood, up to a constant, of each rise begun at each start, shape (n_rises, n_starts).

    A rung's row holds "how much better than the next rung up to here"; a rise collects each row where it leaves it.
    `starts` is an even grid.
    """
    step = int(starts[1] - starts[0]) if len(starts) > 1 else 1
    n_starts = len(starts)
    n_columns = -(-(rungs.shape[1] + int(starts[-1] - starts[0])) // step)
    reach = np.empty((len(rungs), n_columns * step))
    own = rungs[:, starts[0] :]
    reach[:, : own.shape[1]], reach[:, own.shape[1] :] = own, rungs[:, -1:]
    # Every step-th sample side by side: what one rise collects at all starts is then one piece of memory.
    by_phase = np.ascontiguousarray(reach.reshape(len(rungs), n_columns, step).transpose(0, 2, 1))
    windows = sliding_window_view(by_phase.reshape(len(rungs), -1), n_starts, axis=1)
    where = crossing % step * n_columns + crossing // step
    total = np.zeros((len(crossing), n_starts))
    for level, row in enumerate(windows):
        total += row[where[:, level]]
    return total
