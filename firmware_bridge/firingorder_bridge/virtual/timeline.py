"""Where the patient's time lies on the world's clock: until the set begins, the patient rests."""

import math

import numpy as np

from firingorder_signal.blocks import FloatArray

from .asked import REACTION_S, Effort
from .chance import generator
from .plan import LiftPlan, duration_s, plan_lift, plan_set
from .settings import SetParams

# A new set draws from its own seeds: the first one uses the patient's seed itself.
SET_STRIDE = 1_000_003


class Timeline:
    """The lifts of the set in progress and the world time at which it began.

    Attributes
    ----------
    origin_s
        World time of patient time 0; infinite before the first set begins.
    seed
        Where its lifts come from.
    efforts
        What was done on request, outside of sets; world times.
    """

    def __init__(self, params: SetParams, seed: int) -> None:
        self.params = params
        self.origin_s = math.inf
        self.set_number = 0
        self.seed = seed
        self._planned = plan_set(params, seed)
        self._rng: np.random.Generator | None = None  # draws the lifts that are asked for one by one
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
        """Length of the set with the rest around it; infinite while there are lifts to come that nobody asked for."""
        if self._rng is not None and len(self._planned) < self.params.n_lifts:
            return math.inf
        return duration_s(self.params, self._planned)

    def begin(self, world_s: float) -> None:
        """Begin the first or the next set at this world time."""
        if self.has_begun:
            self.set_number += 1
            self._planned = plan_set(self.params, self.seed + self.set_number * SET_STRIDE)
        self.origin_s, self._rng = world_s, None

    def begin_on_cue(self, world_s: float) -> None:
        """Begin a set at this world time in which each lift waits to be asked for."""
        self.begin(world_s)
        self._planned = ()
        self._rng = generator(self.seed + self.set_number * SET_STRIDE, "plan")

    @property
    def waits_for_cues(self) -> bool:
        """Whether each lift waits to be asked for."""
        return self._rng is not None

    def lift(self, world_s: float) -> LiftPlan:
        """Plan the next lift of a set on cue, asked for at this world time; raise ValueError for one too many."""
        if self._rng is None:
            raise ValueError("this set goes at the patient's own pace; it does not wait for cues")
        if len(self._planned) >= self.params.n_lifts:
            raise ValueError(f"all {self.params.n_lifts} lifts are done")
        asked_s = world_s - self.origin_s
        if self._planned and self._planned[-1].end_s > asked_s:
            raise ValueError("the leg is still up")
        lift = plan_lift(self.params, self._rng, len(self._planned) + 1, asked_s)
        lift = lift.later(asked_s + REACTION_S - lift.begin_s)
        self._planned = (*self._planned, lift)
        return lift

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
