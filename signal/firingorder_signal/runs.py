"""Stretches of rows that share a property: gaps, flat lines, pauses."""

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


def run_borders(flags: Flags) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find where each run of True begins, and the row after its end.

    Parameters
    ----------
    flags : shape (n_rows,)

    Returns
    -------
    starts, stops : shape (n_runs,), ascending

    Examples
    --------
    >>> run_borders(np.array([True, False, True, True]))
    (array([0, 2]), array([1, 4]))
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return edges[::2], edges[1::2]


def find_runs(flags: Flags) -> list[tuple[int, int]]:
    """List the runs of True as rows `(start, stop)`, ascending."""
    starts, stops = run_borders(flags)
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def longest_run(flags: Flags) -> int:
    """Count the rows of the longest run of True.

    Examples
    --------
    >>> longest_run(np.isnan([1.0, np.nan, np.nan, 2.0, np.nan]))
    2
    """
    starts, stops = run_borders(flags)
    return int(np.max(stops - starts, initial=0))
