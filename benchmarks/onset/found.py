"""What a detector found in one cell's trials, as columns; NaN = nothing found, or a thing it does not give."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from benchmarks.onset.trials import NO_SNR_DB, Cell

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """Onsets of hamstring and glute, and what only we give.

    Attributes
    ----------
    onset_s : shape (n_trials, 2)
    ci90_s : shape (n_trials, 2, 2)
        Interval of each onset.
    lag_s, p_first : shape (n_trials,)
        Lag and probability of "hamstring first".
    lag_ci90_s : shape (n_trials, 2)
    """

    onset_s: FloatArray
    ci90_s: FloatArray
    lag_s: FloatArray
    p_first: FloatArray
    lag_ci90_s: FloatArray

    @classmethod
    def of_onsets(cls, onset_s: FloatArray) -> "Found":
        """Make the columns of a detector that gives onsets and nothing else."""
        n = len(onset_s)
        lag_s = onset_s[:, 1] - onset_s[:, 0]
        return cls(onset_s, np.full((n, 2, 2), np.nan), lag_s, np.full(n, np.nan), np.full((n, 2), np.nan))

    @classmethod
    def join(cls, parts: Sequence["Found"]) -> "Found":
        """Put cells together."""
        names = ("onset_s", "ci90_s", "lag_s", "p_first", "lag_ci90_s")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True)
class Column:
    """One detector's column: what it found in each cell, and figures measured elsewhere (`live`, speed)."""

    name: str
    cells: dict[Cell, Found]
    measured: dict[str, float] = field(default_factory=dict[str, float])
    note: str = ""


@dataclass(frozen=True)
class Scores:
    """Several cells of one column with their truth, ready to be scored."""

    truth_s: FloatArray
    found: Found

    @property
    def error_s(self) -> FloatArray:
        """Error of every onset, shape (n_trials, 2); NaN = missed."""
        return self.found.onset_s - self.truth_s

    @property
    def true_lag_s(self) -> FloatArray:
        """True lag of every trial, to the nearest 0.1 ms."""
        return np.asarray(np.round(self.truth_s[:, 1] - self.truth_s[:, 0], 4))


class Where(TypedDict, total=False):
    """Which cells to pool; what is not named is not asked for, but for suite `mixed`, 10 dB and our own generator."""

    suite: str
    generator: str
    dirty: bool
    model: str
    shape: str
    snr_db: int
    snr_min_db: int


def select(column: Column, truth: dict[Cell, FloatArray], **where: Unpack[Where]) -> Scores | None:
    """Pool the cells that fit; None when the column has none of them."""
    chosen = [cell for cell in truth if cell in column.cells and _fits(cell, where)]
    if not chosen:
        return None
    return Scores(np.concatenate([truth[cell] for cell in chosen]), Found.join([column.cells[cell] for cell in chosen]))


def _fits(cell: Cell, where: Where) -> bool:
    """Say whether a cell is one of those asked for."""
    return (
        cell.suite == where.get("suite", "mixed")
        and cell.generator == where.get("generator", "own")
        and cell.dirty == where.get("dirty", cell.dirty)
        and cell.model == where.get("model", cell.model)
        and cell.shape == where.get("shape", cell.shape)
        and cell.snr_db == where.get("snr_db", cell.snr_db)
        and (cell.snr_db >= where.get("snr_min_db", 10) or "snr_db" in where or cell.snr_db == NO_SNR_DB)
    )
