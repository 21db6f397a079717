"""Stretches of rows that share a property: gaps, flat lines, pauses."""

import numpy as np
from numpy.typing import NDArray

from .blocks import FloatArray

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


def run_lengths(mask: Flags, before: float) -> FloatArray:
    """Count how many rows up to and including each have been true in a row; `before` counts those already past.

    Examples
    --------
    >>> run_lengths(np.array([True, False, True, True]), 3.0).tolist()
    [4.0, 0.0, 1.0, 2.0]
    """
    number = np.arange(1, len(mask) + 1)
    last_false = np.maximum.accumulate(np.where(mask, 0, number)) if len(mask) else number
    return np.where(last_false == 0, number + before, number - last_false).astype(np.float64)


def held_since(setting: Flags, clearing: Flags, before: bool) -> FloatArray:
    """Hold 1 from each row that sets to the next one that clears, which wins; `before` is what was held.

    Examples
    --------
    >>> held_since(np.array([False, True, False, False]), np.array([False, False, False, True]), True).tolist()
    [1.0, 1.0, 1.0, 0.0]
    """
    number = np.arange(1, len(setting) + 1)
    last = np.maximum.accumulate(np.where(setting | clearing, number, 0)) if len(setting) else number
    held = np.concatenate([[before], setting & ~clearing])
    return held[last].astype(np.float64)
