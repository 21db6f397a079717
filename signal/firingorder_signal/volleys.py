"""A burst that begins with one volley and a pause: what all motor units together do when they are called at once.

A rise of some 10 ms recruits the whole pool within one interval; every unit discharges once, then waits for its next
turn, 40-110 ms later. To a rise that only climbs (`levels.py`) the pause looks like rest, and the burst seems to begin
after it. It is kept improbable beforehand, because a heartbeat followed by a burst looks like one too.
Source: simulated pools with the recruitment and rates of Fuglevand et al. 1993; ballistic contractions begin with
such a discharge (Desmedt & Godaux 1977).
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .blocks import FloatArray
from .levels import LOWEST_DB, STEP_DB

#: How far the volley stands above the plateau, dB, and how long it lasts, seconds: a potential or two.
ABOVE_DB = (0.0, 6.0)
VOLLEY_S = (0.010, 0.020)
#: The first potential swells for this long, seconds, before the volley stands: a third of its 4-12 ms, and the rise.
SWELL_S = (0.001, 0.004, 0.008, 0.013)
#: From its beginning until the plateau, seconds: an interval at recruitment (8-10 Hz) or of doublets' units.
PAUSE_ENDS_S = (0.045, 0.070, 0.095, 0.120)


@dataclass(frozen=True)
class Volleys:
    """A family of volleys on a ladder; row 0 of the cumulative likelihood is rest, row 1 the lowest rung.

    Attributes
    ----------
    high, plateau : shape (n_volleys,)
        Rows of the volley and of the plateau; in the pause the muscle rests.
    times_s : shape (3, n_volleys)
        Seconds after the onset at which the volley stands, is over, and the plateau begins.
    """

    high: NDArray[np.int64]
    plateau: NDArray[np.int64]
    times_s: FloatArray

    def chosen(self, keep: NDArray[np.bool_]) -> "Volleys":
        """Return some of them."""
        return Volleys(self.high[keep], self.plateau[keep], self.times_s[:, keep])


@lru_cache(maxsize=64)
def family_of_volleys(n_levels: int, plateau_db: float) -> Volleys:
    """Lay out every volley on the ladder of `n_levels` rungs, for a plateau of so many dB."""
    rows = np.array(list(product(ABOVE_DB, SWELL_S, VOLLEY_S, PAUSE_ENDS_S)))
    level_db = plateau_db + np.stack([rows[:, 0], np.zeros(len(rows))])
    high, plateau = np.clip(np.rint((level_db - LOWEST_DB) / STEP_DB) + 1, 1, n_levels).astype(np.int64)
    times_s = np.stack([rows[:, 1], rows[:, 1] + rows[:, 2], rows[:, 3]])
    return Volleys(high, plateau, times_s)


def volley_paths(sums: FloatArray, volleys: Volleys, rate_hz: float, starts: NDArray[np.int64]) -> FloatArray:
    """Log-likelihood of each volley begun at each start, shape (n_volleys, n_starts), with `onset._paths`' constant.

    Parameters
    ----------
    sums : shape (n_levels + 1, n_rows + 1)
        Cumulative log-likelihood under rest and every rung.
    starts
        An even grid of rows.
    """
    if not len(volleys.high):
        return np.empty((0, len(starts)))
    step = int(starts[1] - starts[0]) if len(starts) > 1 else 1
    stands, over, plateau_begins = np.rint(volleys.times_s * rate_hz).astype(np.int64) + starts[0]
    beyond = np.repeat(sums[:, -1:], int(plateau_begins.max()) + 1, axis=1)
    windows = sliding_window_view(np.concatenate([sums, beyond], axis=1), (len(starts) - 1) * step + 1, axis=1)
    at = windows[:, :, ::step]
    volley = at[volleys.high, over] - at[volleys.high, stands]
    rest = at[0, stands] - at[0, over] + at[0, plateau_begins]
    plateau = sums[volleys.plateau, -1, np.newaxis] - at[volleys.plateau, plateau_begins]
    return np.asarray(rest + volley + plateau - sums[-1, -1])
