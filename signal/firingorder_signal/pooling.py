"""What the lifts of a set know together: how these muscles rise, and with it their lag.

One lift cannot tell a quadratic rise that began early from a linear one that began late, and errs the same way each
time. But each lift favours one kind a little, and a muscle rises alike in every lift of a set; over six lifts and two
muscles the odds multiply until the kind is known and its bias gone. What stays undecided is returned as an error that
more lifts of the same sort would not average out.
It refuses to pool onsets that carry no `by_rise`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .blocks import FloatArray
from .order import SAME_SHAPE
from .results import Lag, Onset

#: Each lift's evidence counts with this power: lifts of one person resemble each other in more than the kind of rise,
#: and so do the errors of the signal model (tuned on simulated sets).
EVIDENCE_POWER = 0.7
#: Prior of each kind (`levels.SHAPES`). Flatter than a single lift's, with which slow quadratic rises kept half of
#: their bias: here six lifts speak for themselves (tuned on simulated sets).
KIND_PRIOR = (0.08, 0.38, 0.20, 0.12, 0.21, 0.01)


@dataclass(frozen=True)
class PooledLags:
    """The lags of a set, each under what all lifts together say of the rise.

    Attributes
    ----------
    lag_s : shape (n_lifts,)
        Expected lag of each lift.
    lift_sd_s : shape (n_lifts,)
        Standard deviation of each lift's lag, were the kinds of rise known.
    shared_sd_s
        Standard deviation of the set's median lag by what stays unknown of the kinds of rise; more lifts of the same
        muscles shrink it only by telling the kinds apart.
    """

    lag_s: FloatArray
    lift_sd_s: FloatArray
    shared_sd_s: float


def pool_lags(lags: Sequence[Lag]) -> PooledLags | None:
    """Pool the lags of a set.

    Parameters
    ----------
    lags
        The judged lags of one side and one set, each with both onsets.

    Returns
    -------
    PooledLags
        None when there are no lags, or an onset lacks `by_rise`.

    Notes
    -----
    Source: a hierarchical model with one kind of rise per muscle and set, both muscles alike with probability
    `order.SAME_SHAPE`; docs/onset.md.
    """
    if not lags or any(not onset.by_rise for lag in lags for onset in (lag.hamstring, lag.glute)):
        return None
    hamstring, glute = (_stack([getattr(lag, muscle) for lag in lags]) for muscle in ("hamstring", "glute"))
    weight = _pair_weights(hamstring[0].sum(axis=0), glute[0].sum(axis=0))
    lag_s = glute[1][:, np.newaxis, :] - hamstring[1][:, :, np.newaxis]  # (n_lifts, hamstring's kind, glute's kind)
    variance = glute[2][:, np.newaxis, :] ** 2 + hamstring[2][:, :, np.newaxis] ** 2
    medians = np.median(lag_s, axis=0)
    centre = float(np.sum(weight * medians))
    return PooledLags(
        lag_s=np.asarray(np.einsum("lhg,hg->l", lag_s, weight)),
        lift_sd_s=np.sqrt(np.einsum("lhg,hg->l", variance, weight)),
        shared_sd_s=float(np.sqrt(np.sum(weight * (medians - centre) ** 2))),
    )


def _stack(onsets: Sequence[Onset]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log evidence, time and standard deviation by lift and kind, each of shape (n_lifts, n_shapes)."""
    table = np.array([[(rise.log_evidence, rise.time_s, rise.sd_s) for rise in onset.by_rise] for onset in onsets])
    return table[:, :, 0], table[:, :, 1], table[:, :, 2]


def _pair_weights(hamstring: FloatArray, glute: FloatArray) -> FloatArray:
    """Probability of each pair of kinds, from each muscle's log evidence over all lifts, shape (n_shapes, n_shapes)."""
    prior = np.array(KIND_PRIOR)
    pair = (1.0 - SAME_SHAPE) * np.outer(prior, prior) + SAME_SHAPE * np.diag(prior)
    log_weight = np.log(pair) + EVIDENCE_POWER * (hamstring[:, np.newaxis] + glute[np.newaxis, :])
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())
