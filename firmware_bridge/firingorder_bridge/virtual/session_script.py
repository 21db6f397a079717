"""The script of a session: the plan's steps played one after the other, each leaving its moves and its truth.

The writer keeps the time, the posture and where each joint rests, so that every way begins where the last one ended.
"""

from dataclasses import dataclass, replace

from firingorder_signal.blocks import FloatArray

from .chance import generator
from .quaternion import from_euler
from .session_lift import LiftMove, draw_lift
from .session_moves import Joint, Ramp, Restlessness, Swing
from .session_params import SessionParams, Step
from .session_poses import POSTURES, WAYS, Pose, Way
from .session_roaming import (
    FIDGET_S,
    FIDGET_STAY_S,
    SCRATCH_SHARE,
    WALK_FADE_S,
    WALK_KNEE_DEG,
    draw_bustle,
    draw_fidget,
    draw_scratch,
    draw_walk,
)
from .session_truth import LIFT_KINDS, TrueAct

Move = Ramp | Swing | Restlessness | LiftMove

# The last posture goes on for so long.
TAIL_S = 2.0
# One pose to the next takes so long; getting up takes about 5 s in all.
POSE_S = (0.9, 1.6)
# Poses differ from person to person, degrees (standard deviation) of every angle but the last pose's pelvis.
POSE_DEG = 4.0
# The legs of somebody about to bridge, on the back: hips, knee.
CROOK_DEG = (-50.0, 100.0)
LEGS_S = (1.2, 2.2)
# A lift that is not still before it: this movement, so long, ending so long before.
UNSTILL_DEG, UNSTILL_S, UNSTILL_GAP_S = 3.0, 0.5, 0.3


@dataclass(frozen=True)
class Turn:
    """The pelvis's posture goes from one attitude to another, quaternions (4, 1)."""

    start_s: float
    duration_s: float
    start: FloatArray
    stop: FloatArray


class ScriptWriter:
    """Play steps and collect what they are made of.

    Attributes
    ----------
    moves, turns
        Everything that moves, in order of its beginning.
    lifts, acts
        What it was. The act of a posture lasts from arriving in it to leaving it; lifts and fidgets lie within.
    strikes_s
        Heels meeting the ground.
    """

    def __init__(self, params: SessionParams, seed: int) -> None:
        self._params = params
        self._rng = generator(seed, "session", "script")
        self.now_s = 0.0
        self.moves: list[Move] = []
        self.lifts: list[LiftMove] = []
        self.acts: list[TrueAct] = []
        self.strikes_s: list[float] = []
        self._posture = params.plan[0].kind
        if self._posture not in POSTURES:
            raise ValueError(f"a plan begins with a posture, not {self._posture!r}")
        self._since_s = 0.0
        self._heading_deg = 0.0
        self._legs = "straight"
        pose = POSTURES[self._posture]
        self.first_levels = {joint: 0.0 for joint in Joint if joint is not Joint.WIDTH} | _levels(pose)
        self._level = dict(self.first_levels)
        self._attitude = from_euler(pose.heading_deg, pose.pitch_deg, pose.roll_deg)
        self.turns: list[Turn] = [Turn(-1.0, 1.0, self._attitude, self._attitude)]

    def write(self) -> None:
        """Play the whole plan.

        Raises
        ------
        ValueError
            A step cannot be done in the posture the plan has reached: a mistake of the caller.
        """
        for step in self._params.plan:
            self._play(step)
        self.now_s += TAIL_S
        self._leave_posture()

    def _play(self, step: Step) -> None:
        if step.kind in POSTURES:
            self._go_to(step.kind)
            self.now_s += step.amount
        elif step.kind == "walking":
            self._require(step, "standing")
            self._walk(step.amount)
        elif step.kind == "fidgeting":
            for _ in range(int(step.amount)):
                self._fidget()
        elif step.kind in LIFT_KINDS:
            for _ in range(int(step.amount)):
                self._lift(step)
        else:
            raise ValueError(f"a plan knows no step {step.kind!r}")

    def _require(self, step: Step, *postures: str) -> None:
        if self._posture not in postures:
            raise ValueError(f"{step.kind!r} cannot be done {self._posture}")

    def _uniform(self, limits: tuple[float, float]) -> float:
        return float(self._rng.uniform(*limits))

    def _go_to(self, posture: str) -> None:
        """Change posture, if need be."""
        if posture == self._posture:
            return
        ways = WAYS[self._posture, posture]
        way: Way = ways[int(self._rng.integers(len(ways)))]
        self._leave_posture()
        begin_s = self.now_s
        base_deg = self._heading_deg
        for number, pose in enumerate(way.poses, start=1):
            self._to_pose(self._vary(pose, last=number == len(way.poses)), base_deg, self._uniform(POSE_S))
        self.moves += draw_bustle(self._rng, begin_s, self.now_s)
        self._heading_deg += way.turn_deg
        rolling = {self._posture, posture} == {"prone", "supine"}
        self.acts.append(TrueAct("rolling" if rolling else "getting_up", begin_s, self.now_s))
        self._posture, self._since_s, self._legs = posture, self.now_s, "straight"

    def _leave_posture(self) -> None:
        self.acts.append(TrueAct(self._posture, self._since_s, self.now_s))

    def _vary(self, pose: Pose, *, last: bool) -> Pose:
        """Give a pose this person's angles; a posture reached is the posture, but for what nobody repeats exactly."""
        spread = POSE_DEG * (0.25 if last else 1.0)
        pitch, roll, right, left, knee = (float(x) for x in self._rng.normal(0.0, spread, 5))
        return replace(
            pose,
            pitch_deg=pose.pitch_deg + pitch,
            roll_deg=pose.roll_deg + roll,
            right_hip_deg=pose.right_hip_deg + right,
            left_hip_deg=pose.left_hip_deg + left,
            knee_deg=max(pose.knee_deg + knee, 0.0),
        )

    def _to_pose(self, pose: Pose, base_deg: float, duration_s: float) -> None:
        attitude = from_euler(base_deg + pose.heading_deg, pose.pitch_deg, pose.roll_deg)
        self.turns.append(Turn(self.now_s, duration_s, self._attitude, attitude))
        self._attitude = attitude
        self._ramp(duration_s, _levels(pose))

    def _ramp(self, duration_s: float, levels: dict[Joint, float]) -> None:
        """Bring joints to levels within the next `duration_s`."""
        self.moves.append(
            Ramp(self.now_s, duration_s, {joint: level - self._level[joint] for joint, level in levels.items()})
        )
        self._level.update(levels)
        self.now_s += duration_s

    def _walk(self, seconds: float) -> None:
        """Walk up and down, turning round half way."""
        start_s, end_s = self.now_s, self.now_s + seconds
        swings, strikes_s = draw_walk(self._rng, start_s, end_s)
        self.moves += swings
        self.strikes_s += strikes_s
        # The knee swings about a bent position, since it does not bend forwards.
        straight = {Joint.KNEE: self._level[Joint.KNEE]}
        self._ramp(WALK_FADE_S, {Joint.KNEE: WALK_KNEE_DEG})
        self.now_s = end_s - WALK_FADE_S
        self._ramp(WALK_FADE_S, straight)
        turned = self._heading_deg + 170.0 * float(self._rng.choice([-1.0, 1.0]))
        attitude = from_euler(turned, POSTURES["standing"].pitch_deg, 0.0)
        duration_s = min(2.0, seconds / 2)
        self.turns.append(Turn((start_s + end_s - duration_s) / 2, duration_s, self._attitude, attitude))
        self._attitude, self._heading_deg = attitude, turned
        self.acts.append(TrueAct("walking", start_s, end_s))

    def _fidget(self) -> None:
        """Make one small restless movement."""
        start_s = self.now_s
        if self._rng.random() < SCRATCH_SHARE:
            swing = draw_scratch(self._rng, start_s)
            self.moves.append(swing)
            self.now_s = swing.end_s
        else:
            changes = draw_fidget(self._rng, self._params.fidget_deg)
            home = {joint: self._level[joint] for joint in changes}
            self._ramp(self._uniform(FIDGET_S), {joint: home[joint] + change for joint, change in changes.items()})
            self.now_s += self._uniform(FIDGET_STAY_S)
            self._ramp(self._uniform(FIDGET_S), home)
        self.acts.append(TrueAct("fidgeting", start_s, self.now_s))

    def _lift(self, step: Step) -> None:
        self._require(step, *_POSTURES_OF[step.kind])
        self._set_legs(step)
        step = self._with_fault(step)
        if self._rng.random() < self._params.fidget_share:
            self.now_s += self._uniform((0.5, 1.5))
            self._fidget()
        self.now_s += self._uniform(self._params.rest_s)
        prone = self._posture == "prone"
        if step.fault == "not_still_before":
            back = {Joint.RIGHT_PITCH: self._level[Joint.RIGHT_PITCH]}
            begin_s = self.now_s
            self._ramp(UNSTILL_S / 2, {Joint.RIGHT_PITCH: back[Joint.RIGHT_PITCH] + UNSTILL_DEG})
            self._ramp(UNSTILL_S / 2, back)
            self.acts.append(TrueAct("fidgeting", begin_s, self.now_s))
            self.now_s += UNSTILL_GAP_S
        lift = draw_lift(
            self._rng, self._params, step, self.now_s, prone=prone, rest_deg=self._level[Joint.RIGHT_PITCH]
        )
        self.moves.append(lift)
        self.lifts.append(lift)
        self._level[Joint.RIGHT_PITCH] += lift.settle_deg
        # The pelvis, later than the hip, must have come back before anything else begins.
        self.now_s = lift.end_s + abs(lift.tilt_delay_s) + 1.0

    def _with_fault(self, step: Step) -> Step:
        if step.fault and (step.kind != "prone_lift" or step.fault not in self._params.faults):
            raise ValueError(f"{step.kind!r} cannot be made with the fault {step.fault!r}")
        good = step.kind == "prone_lift" and not step.fault and not step.passive
        if good and self._rng.random() < self._params.fault_share:
            return replace(step, fault=str(self._rng.choice(self._params.faults)))
        return step

    def _set_legs(self, step: Step) -> None:
        """Lying on the back, bend the legs for bridging and lay them down again for hip flexion."""
        legs = {"hip_flexion": "straight", "single_leg_bridge": "one bent"}.get(step.kind, "both bent")
        if self._posture != "supine" or legs == self._legs:
            return
        begin_s = self.now_s
        hip_deg, knee_deg = CROOK_DEG if legs != "straight" else (0.0, 0.0)
        left_deg = float(self._rng.choice(self._params.free_leg_deg)) if legs == "one bent" else hip_deg
        self._ramp(
            self._uniform(LEGS_S),
            {Joint.RIGHT_PITCH: hip_deg, Joint.LEFT_PITCH: left_deg, Joint.KNEE: knee_deg},
        )
        self._legs = legs
        self.acts.append(TrueAct("fidgeting", begin_s, self.now_s))
        self.now_s += 1.0


_POSTURES_OF = {
    "prone_lift": ("prone",),
    "static_hold": ("prone", "supine"),
    "bilateral_bridge": ("supine",),
    "single_leg_bridge": ("supine",),
    "hip_flexion": ("supine", "seated"),
}


def _levels(pose: Pose) -> dict[Joint, float]:
    return {
        Joint.RIGHT_PITCH: pose.right_hip_deg,
        Joint.LEFT_PITCH: pose.left_hip_deg,
        Joint.KNEE: pose.knee_deg,
        Joint.HEIGHT: pose.height_m,
    }
