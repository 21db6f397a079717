"""The plan of a set: when each lift starts, how far it goes and when each muscle switches on.

This is the truth; everything else in the simulator renders it. Times are patient seconds: 0 is where the set begins.
"""

from dataclasses import dataclass, replace

import numpy as np

from .chance import about, generator
from .settings import SetParams

# Spread of the durations from lift to lift, share of the nominal one (judgement).
DURATION_SPREAD = 0.08
# A lift never starts with the hamstring less than this before it: EMG leads force (Hof: 10-20 ms at least).
LEAD_MIN_S = 0.03
# The cue comes after a random fore-period; this much of it is added to every rest.
FORE_PERIOD_S = 1.0


@dataclass(frozen=True)
class LiftPlan:
    """One repetition as it truly happens.

    Attributes
    ----------
    move_s, top_s, lower_s, end_s
        Start of movement, arrival at the top, start of lowering, back at rest.
    onsets_s, offsets_s
        When each muscle's activity begins and begins to end.
    hip_deg, tilt_deg
        Peak hip extension and peak anterior pelvic tilt above rest.
    """

    number: int
    move_s: float
    top_s: float
    lower_s: float
    end_s: float
    hip_deg: float
    tilt_deg: float
    onsets_s: dict[str, float]
    offsets_s: dict[str, float]

    def later(self, by_s: float) -> "LiftPlan":
        """Return the same lift some seconds later."""
        times = {name: getattr(self, name) + by_s for name in ("move_s", "top_s", "lower_s", "end_s")}
        onsets_s, offsets_s = (
            {name: time_s + by_s for name, time_s in moments.items()} for moments in (self.onsets_s, self.offsets_s)
        )
        return replace(self, onsets_s=onsets_s, offsets_s=offsets_s, **times)

    @property
    def begin_s(self) -> float:
        """When the first thing of it happens: a muscle, or the leg."""
        return min(self.move_s, *self.onsets_s.values())

    @property
    def lag_s(self) -> float:
        """t(glute) - t(hamstring); positive = hamstring first."""
        return self.onsets_s["glute"] - self.onsets_s["hamstring"]


def plan_set(params: SetParams, seed: int) -> tuple[LiftPlan, ...]:
    """Draw the lifts of a set, in order."""
    rng = generator(seed, "plan")
    lifts: list[LiftPlan] = []
    end_s = params.quiet_s - params.rest_s
    for number in range(1, params.n_lifts + 1):
        move_s = end_s + params.rest_s + float(rng.uniform(0.0, FORE_PERIOD_S))
        lifts.append(plan_lift(params, rng, number, move_s))
        end_s = lifts[-1].end_s
    return tuple(lifts)


def plan_lift(params: SetParams, rng: np.random.Generator, number: int, move_s: float) -> LiftPlan:
    """Draw one lift whose movement starts at a patient time."""
    task = params.task
    top_s = move_s + task.up_s * about(rng, 1.0, DURATION_SPREAD, 0.7, 1.3)
    lower_s = top_s + task.hold_s * about(rng, 1.0, DURATION_SPREAD, 0.7, 1.3)
    end_s = lower_s + task.down_s + float(rng.uniform(-task.down_spread_s, task.down_spread_s))
    hip_deg = about(rng, task.hip_deg, task.hip_sd_deg, 0.5 * task.hip_deg, 1.5 * task.hip_deg)
    hamstring_s = move_s - max(LEAD_MIN_S, float(rng.normal(params.lead_s, params.lead_sd_s)))
    glute_s = hamstring_s + float(rng.normal(params.lag_s, params.lag_sd_s))
    offsets_s = {name: end_s - float(rng.uniform(0.1, 0.3)) for name in ("hamstring", "glute")}
    onsets_s = {"hamstring": hamstring_s, "glute": glute_s}
    return LiftPlan(number, move_s, top_s, lower_s, end_s, hip_deg, hip_deg * task.tilt_share, onsets_s, offsets_s)


def duration_s(params: SetParams, lifts: tuple[LiftPlan, ...]) -> float:
    """Length of the whole set with the rest before and after it."""
    return (lifts[-1].end_s if lifts else params.quiet_s) + params.tail_s
