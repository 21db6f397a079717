"""One repetition: drawn at random within the session's limits, then played into the joints.

The hip goes up with a chosen shape, holds, and comes down with minimum jerk to a rest that is never quite the old one.
While a prone person's leg lies on the table a tilting pelvis bends the hip, it does not move the leg: so the leg's
first movement is exactly `start_s` even where the pelvis tilts first.
"""

from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray, Side
from firingorder_signal.rules import JudgementRules

from .motion import THIGH_ROLL, THIGH_YAW
from .motion_shape import min_jerk
from .session_moves import Joint, peak_factor, soft_step
from .session_params import SHAPES, LiftRanges, SessionParams, Step
from .session_truth import TrueLift

# What makes a prone lift faulty, each clear of the gates it must miss (5-20 deg, 5-60 deg/s, 10 deg of knee).
FAULTY_DEG = {"lift_too_small": (2.5, 4.2), "lift_too_large": (22.5, 28.0)}
FAULTY_DEG_S = {"lift_too_fast": (72.0, 110.0), "lift_too_slow": (2.8, 4.2)}
BENT_KNEE_DEG = (15.0, 45.0)
STRAIGHT_KNEE_DEG = (-2.0, 4.0)
# Good prone lifts keep this share of the speed gates free.
SPEED_MARGIN = 1.25
# The pelvis's axial rotation and hitching at the top: prone about 1 deg, in a one-legged bridge it sags.
TURN_DEG = {"prone_lift": (-3.0, 1.0), "static_hold": (-3.0, 1.0), "single_leg_bridge": (-6.0, 6.0)}
OBLIQUITY_DEG = (-1.5, 1.5)
# The leg comes to rest this far from where it was, standard deviation.
RESETTLE_DEG = 0.6
# Bridging, the shank follows the thigh in part, and the pelvis rises about its own thickness.
KNEE_PER_THIGH = -0.6
BRIDGE_M_PER_DEG = 0.005
# Seated, the hip is bent before it begins; it goes on by no less than this.
SMALLEST_FLEXION_DEG = 15.0
# How softly the pelvis begins to tilt backwards, degrees of hip flexion.
TILT_SOFT_DEG = 4.0


@dataclass(frozen=True)
class LiftMove:
    """A repetition as it will be made; angles in degrees, signed as in `Joint`, times in seconds.

    Attributes
    ----------
    lying
        Prone: the table holds the leg until it is lifted.
    settle_deg
        Where the hip comes to rest, with respect to where it was.
    flexion_tilt : (angle from which on, share)
        How the pelvis gives way in hip flexion; None in other lifts, where `tilt_deg` says it.
    bulge_deg, bulge_s
        The muscle's turn of the thigh sensor and how long before the start it begins.
    """

    kind: str
    side: Side
    start_s: float
    top_s: float
    lower_s: float
    end_s: float
    power: float
    hip_deg: float
    rest_deg: float
    settle_deg: float
    tilt_deg: float
    tilt_delay_s: float
    turn_deg: float
    obliquity_deg: float
    knee_deg: float
    lying: bool
    flexion_tilt: tuple[float, float] | None
    bulge_deg: float
    bulge_s: float
    passive: bool
    fault: str | None

    @property
    def bridge(self) -> bool:
        """Whether the pelvis is what rises."""
        return not self.lying and self.kind != "hip_flexion"

    def share(self, t_s: FloatArray) -> FloatArray:
        """Share of the way up at times (n,)."""
        up = soft_step((t_s - self.start_s) / (self.top_s - self.start_s), self.power)
        return np.asarray(up - self._down(t_s))

    def _down(self, t_s: FloatArray) -> FloatArray:
        return min_jerk((t_s - self.lower_s) / (self.end_s - self.lower_s))

    def pelvis_deg(self, t_s: FloatArray) -> FloatArray:
        """Pelvic tilt this lift brings at times (n,)."""
        if self.flexion_tilt is None:
            return self.tilt_deg * self.share(t_s - self.tilt_delay_s)
        begin_deg, slope = self.flexion_tilt
        beyond = np.maximum(-self.rest_deg - self.hip_deg * self.share(t_s) - begin_deg, 0.0)
        return np.asarray(-slope * beyond**2 / (beyond + TILT_SOFT_DEG))

    def add(self, joints: FloatArray, t_s: FloatArray) -> None:
        """Add this move to the joints at sorted times (n,)."""
        spare_s = abs(self.tilt_delay_s)
        first, stop = np.searchsorted(t_s, [self.start_s - spare_s, self.end_s + spare_s])
        t, out = t_s[first:stop], joints[:, first:stop]
        share, tilt = self.share(t), self.pelvis_deg(t)
        hip = self.hip_deg * share
        free = np.ones_like(share) if not self.lying else share
        out[Joint.RIGHT_PITCH] += hip + self.settle_deg * self._down(t) - tilt * (1.0 - free)
        joints[Joint.RIGHT_PITCH, stop:] += self.settle_deg
        out[Joint.PELVIS_PITCH] += tilt
        out[Joint.PELVIS_ROLL] += self.turn_deg * share
        out[Joint.PELVIS_YAW] += self.obliquity_deg * share
        out[Joint.KNEE] += self.knee_deg * share
        if self.bridge:
            out[Joint.HEIGHT] += BRIDGE_M_PER_DEG * hip
        # The other leg stays on the table, lifts too, or, in the air, goes where the pelvis goes.
        if not self.bridge:
            out[Joint.LEFT_PITCH] -= tilt
        elif self.side is Side.MIDDLE:
            out[Joint.LEFT_PITCH] += hip
        if self.lying:
            out[Joint.RIGHT_YAW] += THIGH_YAW * hip
            out[Joint.RIGHT_ROLL] += THIGH_ROLL * hip

    def truth(self) -> TrueLift:
        """Everything about it but the peak speed, which is measured on the joints."""
        t_s = np.linspace(self.start_s - abs(self.tilt_delay_s), self.lower_s, 4000)
        tilt = self.pelvis_deg(t_s)
        top_deg = float(tilt[-1]) if self.flexion_tilt else self.tilt_deg
        moved = np.flatnonzero(np.abs(tilt) > 0.0)
        return TrueLift(
            self.kind,
            self.side,
            self.start_s,
            self.top_s,
            self.lower_s,
            self.end_s,
            range_deg=abs(self.hip_deg),
            peak_speed_deg_s=0.0,
            tilt_deg=top_deg,
            turn_deg=self.turn_deg,
            tilt_start_s=float(t_s[max(int(moved[0]) - 1, 0)]) if len(moved) else None,
            knee_deg=self.knee_deg,
            passive=self.passive,
            bulge_s=self.bulge_s if self.bulge_deg else 0.0,
            fault=self.fault,
        )


def draw_lift(
    rng: np.random.Generator, params: SessionParams, step: Step, start_s: float, *, prone: bool, rest_deg: float
) -> LiftMove:
    """Draw one repetition that starts at `start_s`, with the right hip at `rest_deg`."""
    limits = _limits(params, step, prone=prone)
    shape = str(rng.choice(params.shapes))
    hip_deg, up_s = _range_and_rise(rng, params, step, limits, shape, prone=prone)
    flexion_tilt = None
    if step.kind == "hip_flexion":
        hip_deg = min(-rest_deg - float(rng.uniform(*params.flexion_deg)), -SMALLEST_FLEXION_DEG)
        flexion_tilt = (float(rng.uniform(*params.flexion_tilt_deg)), float(rng.uniform(*params.flexion_tilt_share)))
        # Seated, the hip is bent already: the pelvis gives way on the way up, not before.
        flexion_tilt = (max(flexion_tilt[0], 3.0 - rest_deg), flexion_tilt[1])
    hold_s = float(rng.uniform(*(params.static_hold_s if step.kind == "static_hold" else limits.hold_s)))
    top_s = start_s + up_s
    tilt_deg = hip_deg * float(rng.uniform(*limits.tilt_share))
    knee_deg = float(rng.uniform(*(BENT_KNEE_DEG if step.fault == "knee_bent" else STRAIGHT_KNEE_DEG)))
    if step.kind == "hip_flexion":
        knee_deg = -hip_deg * float(rng.uniform(0.6, 0.9)) if rest_deg > -30.0 else knee_deg
    elif not prone:
        knee_deg = KNEE_PER_THIGH * (hip_deg + tilt_deg)
    active = params.imu.soft_tissue > 0.0 and not step.passive
    return LiftMove(
        step.kind,
        Side.MIDDLE if step.kind == "bilateral_bridge" or step.kind == "static_hold" and not prone else Side.RIGHT,
        start_s,
        top_s,
        top_s + hold_s,
        top_s + hold_s + float(rng.uniform(*limits.down_s)),
        SHAPES[shape],
        hip_deg,
        rest_deg,
        float(np.clip(rng.normal(0.0, RESETTLE_DEG), -1.5, 1.5)) - (0.3 * rest_deg if prone else 0.0),
        tilt_deg,
        float(rng.uniform(*limits.tilt_delay_s)),
        float(rng.uniform(*TURN_DEG.get(step.kind, (-1.0, 1.0)))),
        float(rng.uniform(*OBLIQUITY_DEG)),
        knee_deg,
        prone,
        flexion_tilt,
        # Drawn always: with firm tissue the session is otherwise the same.
        float(rng.uniform(-params.bulge_deg, params.bulge_deg)) * active,
        float(rng.uniform(*params.bulge_lead_s)),
        step.passive,
        step.fault,
    )


def _limits(params: SessionParams, step: Step, *, prone: bool) -> LiftRanges:
    if step.kind == "static_hold":
        return params.prone_lift if prone else params.bilateral_bridge
    return {
        "prone_lift": params.prone_lift,
        "bilateral_bridge": params.bilateral_bridge,
        "single_leg_bridge": params.single_leg_bridge,
        "hip_flexion": params.hip_flexion,
    }[step.kind]


def _range_and_rise(
    rng: np.random.Generator, params: SessionParams, step: Step, limits: LiftRanges, shape: str, *, prone: bool
) -> tuple[float, float]:
    """Hip range and duration of the way up; prone, the peak speed keeps the gates or misses them as asked."""
    fault = step.fault or ""
    range_deg = float(rng.uniform(*(params.passive_deg if step.passive else FAULTY_DEG.get(fault, limits.range_deg))))
    up_s = float(rng.uniform(*limits.up_s))
    if not prone:
        return range_deg, up_s * (1.5 if shape == "slow" else 1.0)
    factor = peak_factor(SHAPES[shape])
    slowest, fastest = (
        JudgementRules.speed_min_deg_s * SPEED_MARGIN,
        JudgementRules.speed_max_deg_s / SPEED_MARGIN,
    )
    speed = range_deg * factor / up_s
    if fault in FAULTY_DEG_S:
        speed = float(rng.uniform(*FAULTY_DEG_S[fault]))
    elif step.passive:
        speed = float(rng.uniform(*params.passive_deg_s))
    else:
        speed = slowest if shape == "slow" else float(np.clip(speed, slowest, fastest))
    return range_deg, range_deg * factor / speed
