"""The rows of one lift, and what everything about it is measured from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .angle_rows import Angle
from .blocks import FloatArray

# The column after the incoming ones: hip rate smoothed over 50 ms, deg/s (`lifts.py` adds it).
RATE = int(Angle.WIDTH)
# At rest: this long before the start, as in the EMG baseline.
REST_S = 0.5
# Held up is what lies above this share of the peak.
HELD_SHARE = 0.7


@dataclass(frozen=True)
class LiftStretch:
    """The rows of one lift with some rest before it.

    Attributes
    ----------
    first_s, start_s
        Time of the first row, and of the start of movement.
    rest_deg
        The hip at rest.
    direction
        1 for extension, -1 for flexion.
    """

    rows: FloatArray
    first_s: float
    start_s: float
    rest_deg: float
    grid_hz: float
    ended_early: bool = False
    direction: int = 1

    @cached_property
    def start_row(self) -> int:
        """Row of the start of movement."""
        return min(max(round((self.start_s - self.first_s) * self.grid_hz), 0), len(self.rows) - 1)

    @cached_property
    def height_deg(self) -> FloatArray:
        """How far the hip is from its rest, in the direction of the lift, from the start on."""
        return np.asarray(self.direction * (self.rows[self.start_row :, Angle.HIP] - self.rest_deg))

    @cached_property
    def peak(self) -> int:
        """Row of the largest height, counted from the start."""
        return int(np.argmax(np.nan_to_num(self.height_deg, nan=-np.inf)))

    @cached_property
    def range_deg(self) -> float:
        """The largest height."""
        return float(np.fmax.reduce(self.height_deg, initial=0.0))

    @cached_property
    def held(self) -> NDArray[np.bool_]:
        """Rows from the start on at which the leg is held up."""
        return np.asarray(self.height_deg > HELD_SHARE * self.range_deg)

    def lift(self, column: int) -> FloatArray:
        """Return a column from the start on."""
        return self.rows[self.start_row :, column]

    def change(self, column: int) -> FloatArray:
        """Return a column from the start on, less its mean at rest."""
        rest = self.rows[max(self.start_row - round(REST_S * self.grid_hz), 0) : self.start_row, column]
        rest = rest[~np.isnan(rest)]
        return self.lift(column) - (float(np.mean(rest)) if len(rest) else 0.0)

    def turned(self, column: int) -> float | None:
        """Add up a turn rate, deg/s, from the start to the hold; degrees, None where it was not held or not seen."""
        at = np.flatnonzero(self.held)
        if len(at) == 0:
            return None
        turn = np.cumsum(self.lift(column)[: int(at[-1]) + 1]) / self.grid_hz
        held = turn[at]
        return None if bool(np.isnan(held).any()) else float(np.mean(held))
