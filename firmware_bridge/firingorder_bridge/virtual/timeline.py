"""Where the patient's time lies on the world's clock: until the set begins, the patient rests."""

import math

import numpy as np

from firingorder_signal.blocks import FloatArray

from .asked import Effort
from .plan import LiftPlan, duration_s, plan_set
from .settings import SetParams

# A new set draws from its own seeds: the first one uses the patient's seed itself.
SET_STRIDE = 1_000_003


class Timeline:
    """The lifts of the set in progress and the world time at which it began.

    Attributes
    ----------
    origin_s
        World time of patient time 0; infinite before the first set begins.
    efforts
        What was done on request, outside of sets; world times.
    """

    def __init__(self, params: SetParams, seed: int) -> None:
        self.params = params
        self.origin_s = math.inf
        self.set_number = 0
        self._seed = seed
        self._planned = plan_set(params, seed)
        self.efforts: list[Effort] = []

    @property
    def lifts(self) -> tuple[LiftPlan, ...]:
        """The lifts of the set, none before it has begun."""
        return self._planned if self.has_begun else ()

    @property
    def has_begun(self) -> bool:
        """Whether the patient's time runs."""
        return math.isfinite(self.origin_s)

    @property
    def duration_s(self) -> float:
        """Length of the set with the rest around it."""
        return duration_s(self.params, self._planned)

    def begin(self, world_s: float) -> None:
        """Begin the first or the next set at this world time."""
        if self.has_begun:
            self.set_number += 1
            self._planned = plan_set(self.params, self._seed + self.set_number * SET_STRIDE)
        self.origin_s = world_s

    def patient_s(self, world_s: FloatArray) -> FloatArray:
        """Patient time of world times, shape (n,); minus infinity before the set begins."""
        return np.asarray(world_s - self.origin_s)

    def asked_deg(self, world_s: FloatArray) -> FloatArray:
        """Hip extension of what was done on request, at world times, shape (n,), degrees."""
        total = np.zeros(len(world_s))
        for effort in self.efforts:
            if effort.hip_deg:
                total += effort.angle_deg(world_s)
        return total
