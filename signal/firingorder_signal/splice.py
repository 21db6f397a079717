"""Look for an onset with a rest from elsewhere: what lies between the two is left out, and stands for a gap.

A rest may be the last quiet half second of a minute ago, or a recording an hour long; the cost of one onset must depend
on neither.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from .blocks import FloatArray, Rows

Located = TypeVar("Located")
#: `locate(filtered_uv, rate_hz, rest, search)`: any onset method of `methods.METHODS`.
Locate = Callable[[FloatArray, float, Rows, Rows], Located]

#: Signal before a search that its first samples are predicted from, seconds; as long as a gap before it.
LEAD_S = 0.1
#: What lies between a rest and a search is left out when it is longer than this, seconds.
APART_S = 2.0


def locate_from_rest(
    locate: Locate[Located], filtered_uv: FloatArray, rate_hz: float, rest: Rows, search: Rows
) -> tuple[Located, float]:
    """Locate an onset in a search, measured against a rest before or after it.

    Parameters
    ----------
    filtered_uv : shape (n_samples,), band-passed microvolts
    rest, search
        Row ranges `(start, stop)`.

    Returns
    -------
    tuple
        What the method found, on a clock of its own, and the time on the signal's clock at which that clock is 0.
    """
    lead = max(search[0] - round(LEAD_S * rate_hz), 0)
    apart = round(APART_S * rate_hz)
    if lead - apart <= rest[1] and rest[0] <= search[1] + apart:
        start, stop = min(rest[0], lead), max(rest[1], search[1])
        place = rest[0] - start, rest[1] - start
        rows = filtered_uv[start:stop]
    else:
        gap = np.full(round(LEAD_S * rate_hz), np.nan)
        rows = np.concatenate([filtered_uv[slice(*rest)], gap, filtered_uv[lead : search[1]]])
        place = 0, rest[1] - rest[0]
        start = search[1] - len(rows)
    return locate(rows, rate_hz, place, (search[0] - start, search[1] - start)), start / rate_hz
