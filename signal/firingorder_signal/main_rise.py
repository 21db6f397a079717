"""A burst that begins with low-level activity: which of its two beginnings is meant is a matter of definition.

Some muscles rise to a low level, hold it for 30-100 ms and only then rise to what they reach (semitendinosus before
heel strike). The rises of `levels.py` put the onset where the low level begins; an expert or a change point marks the
main rise. Here the low level is counted to the rest for once: what is then likeliest is the main rise, and for the
interval a share of the probability goes there, so that it reaches from the one to the other. The onset itself stays the
first beginning.
Sources: change points stand at the main burst in the walk of `tests/replay/test_public_bursts.py`; one reading in five
as the most of it is a judgement (J), what a 90 % interval needs to reach into the main rise.
"""

import numpy as np
from numpy.typing import NDArray

from .blocks import FloatArray
from .levels import LOWEST_DB, STEP_DB

#: How long the low level is held, seconds: longer than a slow potential, shorter than a contraction of its own.
HELD_S = (0.03, 0.045, 0.065, 0.1)
#: The low level in dB over the whitened noise: from where it can be seen at all to twice the amplitude of an order's
#: least SNR; and at least so far below the plateau, a third of its amplitude.
HELD_DB = (2.0, 14.0)
BELOW_PLATEAU_DB = 10.0
#: The main rise takes no longer than this, seconds; a slower one is a rise that begins slowly.
LONGEST_MAIN_S = 0.06
#: Odds beforehand that low-level activity went before, and the largest share of the probability the main rise gets.
#: Tuned on simulated rises, which have none: 1:10 to 1:3 do alike.
ODDS = 0.2
LARGEST_SHARE = 0.2
#: A share below this is as good as none.
LEAST_SHARE = 0.003


def gain_of_low_level(sums: FloatArray, plateau_db: float, rate_hz: float) -> FloatArray | None:
    """Log-likelihood of a rest with low-level activity at its end against plain rest, up to each row.

    Parameters
    ----------
    sums : shape (n_levels + 1, n_rows + 1)
        Cumulative log-likelihood under rest and every rung.

    Returns
    -------
    shape (n_rows + 1,)
        None where the plateau is too low for anything to be seen far below it.
    """
    top_db = min(plateau_db - BELOW_PLATEAU_DB, HELD_DB[1])
    low, high = (int(np.ceil((HELD_DB[0] - LOWEST_DB) / STEP_DB)), int(np.floor((top_db - LOWEST_DB) / STEP_DB)))
    if high < low:
        return None
    gain = sums[low + 1 : high + 2] - sums[0]
    held = [max(round(seconds * rate_hz), 1) for seconds in HELD_S]
    grown = np.full((len(held), *gain.shape), -np.inf)
    for row, n in zip(grown, held, strict=True):
        row[:, n:] = gain[:, n:] - gain[:, :-n]
    ways = grown.reshape(-1, gain.shape[1])
    best = np.maximum(ways.max(axis=0), -1e9)  # no way yet in the first rows
    return np.asarray(best + np.log(np.maximum(np.exp(ways - best).sum(axis=0), 1e-300) / len(ways)))


def share_of(log_evidence: float, log_evidence_main: float) -> float:
    """Share of the probability that goes to the main rise, from both evidences."""
    odds = ODDS * float(np.exp(min(log_evidence_main - log_evidence, 50.0)))
    share = min(odds / (1.0 + odds), LARGEST_SHARE)
    return share if share >= LEAST_SHARE else 0.0


def widen(
    starts: NDArray[np.int64], tables: list[FloatArray], share: float, main_starts: NDArray[np.int64], main: FloatArray
) -> tuple[NDArray[np.int64], list[FloatArray], FloatArray]:
    """Bring tables to a grid that holds the main rise, too.

    Parameters
    ----------
    starts, tables
        An even grid of rows, and tables of shape (n_shapes, n_starts) on it.
    main_starts, main
        An even, coarser grid and the probability of the main rise on it.

    Returns
    -------
    tuple
        The wider grid, the tables on it, and the main rise's share of the probability in each of its rows.
    """
    step = int(starts[1] - starts[0]) if len(starts) > 1 else 1
    seen = main_starts[main > 1e-3 * main.max()]
    before = max(-(-(int(starts[0]) - int(seen[0])) // step), 0)
    after = max(-(-(int(seen[-1]) - int(starts[-1])) // step), 0)
    wide = starts[0] + step * np.arange(-before, len(starts) + after)
    wider = [np.pad(table, ((0, 0), (before, after))) for table in tables]
    p: FloatArray = np.asarray(np.interp(wide, main_starts, main, left=0.0, right=0.0), dtype=np.float64)
    return wide, wider, np.asarray(share * (p / p.sum()))
