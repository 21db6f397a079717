"""What the patient does when asked to, outside of any set: squeeze, bend the knee, lift a leg, hold a contraction.

The answer comes a moment after the question, as a person's does, and later than the samples that were already made.
Which muscles help how far is judgement: what is asked for works fully, its neighbours a little.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from firingorder_signal.blocks import FloatArray, Side

from .activation import burst
from .motion_shape import min_jerk
from .settings import RiseShape

#: Hearing, understanding, moving (J); longer than the page and a half of samples that sensors make ahead.
REACTION_S = 1.3
#: From rest to the full contraction, and a lift's way up and down.
RISE_S, WAY_S = 0.25, 0.9


@dataclass(frozen=True)
class Doing:
    """One thing that can be asked: share of each muscle's plateau on the asked side, and on the other; hip; length.

    `growth_s` is by how much a muscle's amplitude changes a second, of what it was at the start, and `drift_s` the same
    of all its frequencies: how a muscle tires.
    """

    shares: dict[str, float]
    other_shares: dict[str, float]
    hip_deg: float
    length_s: float
    growth_s: dict[str, float] = field(default_factory=dict[str, float])
    drift_s: dict[str, float] = field(default_factory=dict[str, float])


DOINGS: dict[str, Doing] = {
    "squeeze": Doing({"glute": 1.0, "hamstring": 0.08}, {"glute": 0.2}, 0.0, 1.8),
    "bend_knee": Doing({"hamstring": 1.0, "glute": 0.15}, {"hamstring": 0.05}, 0.0, 1.8),
    "lift_leg": Doing({"hamstring": 1.0, "glute": 0.9}, {"glute": 0.1}, 12.0, 2.6),
    "max_squeeze": Doing({"glute": 1.6, "hamstring": 0.2}, {}, 0.0, 5.6),
    "max_bent_knee_lift": Doing({"glute": 1.9, "hamstring": 0.5}, {}, 0.0, 5.6),
    "max_bend_knee": Doing({"hamstring": 1.8, "glute": 0.3}, {}, 0.0, 5.6),
    "hold_lift": Doing({"hamstring": 1.0, "glute": 0.9}, {}, 12.0, 6.5),
    # Until he may let go. The glute tires, and the hamstring does more and more: of the size seen in the erector spinae
    # in minute-long holds, median frequency -0.2 to -0.6 %/s; the rest is judgement.
    "static_set": Doing(
        {"glute": 0.7, "hamstring": 0.2},
        {},
        0.0,
        120.0,
        growth_s={"glute": 0.004, "hamstring": 0.06},
        drift_s={"glute": -0.006, "hamstring": -0.003},
    ),
}
#: Ends what is being done.
LET_GO = "let_go"


@dataclass(frozen=True)
class Effort:
    """One thing that is done, in world seconds."""

    what: str
    start_s: float
    stop_s: float
    shares: dict[str, float]
    hip_deg: float
    growth_s: dict[str, float] = field(default_factory=dict[str, float])
    drift_s: dict[str, float] = field(default_factory=dict[str, float])

    def let_go(self, now_s: float) -> "Effort":
        """Return it with an end a moment from now, where it does not end sooner."""
        return replace(self, stop_s=min(self.stop_s, max(now_s + REACTION_S, self.start_s + RISE_S)))

    def speed(self, muscle: str, t_s: FloatArray) -> FloatArray:
        """Where a muscle's frequencies are at world times, relative to fresh, shape (n,)."""
        held_s = np.clip(t_s - self.start_s, 0.0, None) * (t_s <= self.stop_s)
        return np.asarray(np.maximum(1.0 + self.drift_s.get(muscle, 0.0) * held_s, 0.3))

    def amplitude(self, muscle: str, t_s: FloatArray) -> FloatArray:
        """Share of a muscle's plateau at world times, shape (n,)."""
        share = self.shares.get(muscle, 0.0)
        if share == 0.0 or not len(t_s) or t_s[-1] < self.start_s or t_s[0] > self.stop_s + 1.0:
            return np.zeros(len(t_s))
        grown = 1.0 + self.growth_s.get(muscle, 0.0) * np.clip(t_s - self.start_s, 0.0, None)
        return grown * share * burst(t_s, self.start_s, self.stop_s - RISE_S, RISE_S, RiseShape.COSINE)

    def angle_deg(self, t_s: FloatArray) -> FloatArray:
        """How far the hip is extended at world times, shape (n,), degrees."""
        up = min_jerk((t_s - self.start_s) / WAY_S)
        down = min_jerk((t_s - (self.stop_s - WAY_S)) / WAY_S)
        return np.asarray(self.hip_deg * (up - down))


def answer(what: str, asked: Side, worn: Side, now_s: float) -> Effort:
    """Return what the patient will do; raise ValueError for what nobody taught him.

    Parameters
    ----------
    asked, worn
        The side that was asked, and the side the electrodes are truly on.
    """
    if what not in DOINGS:
        raise ValueError(f"cannot {what!r}; known are {', '.join(DOINGS)}")
    doing = DOINGS[what]
    own = asked is worn
    start_s = now_s + REACTION_S
    shares = doing.shares if own else doing.other_shares
    hip_deg = doing.hip_deg if own else 0.0
    return Effort(what, start_s, start_s + doing.length_s, shares, hip_deg, doing.growth_s, doing.drift_s)
