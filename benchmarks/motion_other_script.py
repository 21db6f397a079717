"""The second generator's session as a script: the plan played step by step into parts that move joints."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.motion_other_joints import Joint
from benchmarks.motion_other_lifts import FAULTS, draw_lift
from benchmarks.motion_other_params import OtherParams, Person
from benchmarks.motion_other_repetition import GivingWay
from benchmarks.motion_other_shapes import Beta, FloatArray, Freeform, Stroke, draw_shape
from benchmarks.motion_other_unrest import draw_fidget, draw_walk
from benchmarks.motion_other_ways import POSTURES, find_way
from firingorder_bridge.virtual.session_params import Step
from firingorder_bridge.virtual.session_truth import TrueAct, TrueLift

Part = Stroke | Freeform | GivingWay

# From one station of a way to the next, seconds; each joint takes its own share of that time.
STATION_S = (1.0, 2.0)
# Heavy as it is, the trunk sets off and arrives gently.
WAY_SHAPES = ("beta", "trapezoid")
# Nobody kneels or lies down quite as before: spread of stations and of the last one, degrees (half width).
STATION_SPREAD_DEG, LAST_SPREAD_DEG = 6.0, 2.0
# Sitting or lying down ends with a thud, m/s².
THUD_M_S2 = (0.5, 4.0)
# Legs of somebody about to bridge.
CROOK_HIP_DEG, CROOK_KNEE_DEG = (-62.0, -42.0), (85.0, 120.0)
TAIL_S = 2.5
_WHERE = {
    "prone_lift": ("prone",),
    "static_hold": ("prone", "supine"),
    "bilateral_bridge": ("supine",),
    "single_leg_bridge": ("supine",),
    "hip_flexion": ("supine", "seated"),
}


@dataclass
class Script:
    """All that moves in a session of `end_s` seconds and what it was; `shocks` are times and sizes in m/s²."""

    first: dict[Joint, float]
    parts: list[Part]
    lifts: list[TrueLift]
    acts: list[TrueAct]
    shocks: list[tuple[float, float]]
    end_s: float = 0.0

    def at(self, t_s: FloatArray, only: tuple[Joint, ...] = ()) -> FloatArray:
        """Angle, rate and acceleration of every joint, or of `only` some, at sorted times (n,); (3, joints, n)."""
        joints = np.zeros((3, int(Joint.WIDTH), len(t_s)))
        for joint, level in self.first.items():
            joints[0, joint] = level
        for part in self.parts:
            if not only or not isinstance(part, Stroke) or part.joint in only:
                part.add(joints, t_s)
        return joints


class Writer:
    """Plays a plan; knows the time, the posture, and where every joint rests."""

    def __init__(self, rng: np.random.Generator, params: OtherParams, person: Person, plan: tuple[Step, ...]) -> None:
        if not plan or plan[0].kind not in POSTURES:
            raise ValueError("a plan begins with a posture")
        self._rng, self._params, self._person, self._plan = rng, params, person, plan
        self._posture = plan[0].kind
        first = {joint: 0.0 for joint in Joint if joint is not Joint.WIDTH} | POSTURES[self._posture].levels()
        self._level = dict(first)
        self._now_s, self._since_s, self._legs = 0.0, 0.0, ""
        self._script = Script(first, [], [], [], [])

    def write(self) -> Script:
        """Play the whole plan.

        Raises
        ------
        ValueError
            A step is unknown or cannot be done in the posture reached: a mistake of the caller.
        """
        for step in self._plan:
            if step.kind in POSTURES:
                self._go(step.kind)
                self._now_s += step.amount
            elif step.kind == "walking" and self._posture == "standing":
                self._walk(step.amount)
            elif step.kind == "fidgeting":
                for _ in range(int(step.amount)):
                    self._fidget()
            elif self._posture in _WHERE.get(step.kind, ()):
                for _ in range(int(step.amount)):
                    self._lift(step)
            else:
                raise ValueError(f"the plan's {step.kind!r} cannot be done {self._posture}")
        self._now_s += TAIL_S
        self._script.acts.append(TrueAct(self._posture, self._since_s, self._now_s))
        self._script.acts.sort(key=lambda act: act.start_s)
        return replace(self._script, end_s=self._now_s)

    def _between(self, limits: tuple[float, float]) -> float:
        return float(self._rng.uniform(*limits))

    def _to(self, levels: dict[Joint, float], duration_s: float) -> None:
        """Bring joints to levels, each in its own time within the duration."""
        for joint, level in levels.items():
            change = level - self._level[joint]
            start_s = self._now_s + duration_s * self._between((0.0, 0.2))
            stop_s = self._now_s + duration_s * self._between((0.8, 1.0))
            if change:
                self._script.parts.append(Stroke(joint, start_s, stop_s, change, draw_shape(self._rng, WAY_SHAPES)))
            self._level[joint] = level
        self._now_s += duration_s

    def _go(self, posture: str) -> None:
        """Change posture, if need be."""
        if posture == self._posture:
            return
        self._script.acts.append(TrueAct(self._posture, self._since_s, self._now_s))
        begin_s = self._now_s
        stations = find_way(self._posture, posture, self._rng)
        for number, station in enumerate(stations, start=1):
            spread_deg = LAST_SPREAD_DEG if number == len(stations) else STATION_SPREAD_DEG
            pitch, right, left, knee = (float(x) for x in self._rng.uniform(-spread_deg, spread_deg, 4))
            levels = station._replace(
                pitch_deg=station.pitch_deg + 0.5 * pitch,
                right_deg=station.right_deg + right,
                left_deg=station.left_deg + left,
                knee_deg=max(station.knee_deg + knee, 0.0),
            ).levels()
            self._to(levels, self._between(STATION_S))
        if posture != "standing":
            self._script.shocks.append((self._now_s - 0.1, self._between(THUD_M_S2)))
        self._name_attitude_anew(posture)
        rolled = {posture, self._posture} == {"prone", "supine"}
        self._script.acts.append(TrueAct("rolling" if rolled else "getting_up", begin_s, self._now_s))
        self._posture, self._since_s, self._legs = posture, self._now_s, ""

    def _name_attitude_anew(self, posture: str) -> None:
        """After rolling over, give the same attitude the angles ways begin with: half a turn about all three axes."""
        if abs(self._level[Joint.ROLL]) < 90.0:
            return
        pitch_deg = -180.0 - self._level[Joint.PITCH] if posture == "supine" else -(self._level[Joint.PITCH] + 180.0)
        anew = {Joint.HEADING: self._level[Joint.HEADING] + 180.0, Joint.PITCH: pitch_deg, Joint.ROLL: 0.0}
        for joint, level in anew.items():
            change = level - self._level[joint]
            self._script.parts.append(Stroke(joint, self._now_s, self._now_s, change, Beta(2.0, 2.0)))
            self._level[joint] = level

    def _walk(self, seconds: float) -> None:
        """Walk to and fro, turning round once or twice."""
        end_s = self._now_s + seconds
        gait, shocks = draw_walk(self._rng, self._now_s, end_s)
        self._script.parts.append(gait)
        self._script.shocks += shocks
        turns = int(self._rng.integers(1, 3))
        for number in range(turns):
            middle_s = self._now_s + seconds * (number + 1) / (turns + 1)
            half_s = 0.5 * min(self._between((1.8, 3.2)), seconds / (turns + 1))
            turn_deg = self._between((140.0, 200.0)) * float(self._rng.choice([-1.0, 1.0]))
            shape = draw_shape(self._rng, WAY_SHAPES)
            self._script.parts.append(Stroke(Joint.HEADING, middle_s - half_s, middle_s + half_s, turn_deg, shape))
            self._level[Joint.HEADING] += turn_deg
        self._script.acts.append(TrueAct("walking", self._now_s, end_s))
        self._now_s = end_s

    def _fidget(self, kind: str | None = None) -> None:
        fidget = draw_fidget(self._rng, self._now_s, kind)
        self._script.parts.append(fidget)
        self._script.acts.append(TrueAct("fidgeting", self._now_s, float(fidget.knots_s[-1])))
        self._now_s = float(fidget.knots_s[-1])

    def _lift(self, step: Step) -> None:
        step = self._with_fault(step)
        self._set_legs(step)
        if self._rng.random() < self._params.fidget_share:
            self._now_s += self._between((0.6, 1.6))
            self._fidget()
        self._now_s += self._between(self._params.rest_s)
        if step.fault == "not_still_before":
            self._shuffle()
        start = (self._now_s, self._level[Joint.RIGHT_PITCH])
        lift = draw_lift(self._rng, self._params, self._person, step, self._posture, start)
        self._script.parts += lift.parts
        self._script.lifts.append(lift.truth)
        self._level[Joint.RIGHT_PITCH] += lift.settle_deg
        self._now_s = lift.truth.end_s + 0.6

    def _shuffle(self) -> None:
        """Kick about until a moment before the lift: the hip goes to and fro by some degrees."""
        begin_s = self._now_s
        for change_deg, seconds in ((3.5, 0.3), (-6.0, 0.35), (2.5, 0.25)):
            stop_s = self._now_s + seconds
            self._script.parts.append(Stroke(Joint.RIGHT_PITCH, self._now_s, stop_s, change_deg, draw_shape(self._rng)))
            self._now_s = stop_s
        self._script.acts.append(TrueAct("fidgeting", begin_s, self._now_s))
        self._now_s += self._between((0.05, 0.2))

    def _with_fault(self, step: Step) -> Step:
        if step.fault and (step.kind != "prone_lift" or step.fault not in FAULTS):
            raise ValueError(f"the plan's {step.kind!r} cannot have the fault {step.fault!r}")
        good = step.kind == "prone_lift" and not step.fault and not step.passive
        if good and self._rng.random() < self._params.fault_share:
            return replace(step, fault=str(self._rng.choice(list(FAULTS))))
        return step

    def _set_legs(self, step: Step) -> None:
        """On the back, bend the legs for bridging, hold one up for doing it with the other, stretch them otherwise."""
        legs = step.kind if step.kind in ("hip_flexion", "single_leg_bridge") else "crook"
        if self._posture != "supine" or legs == self._legs:
            return
        begin_s, bent = self._now_s, legs != "hip_flexion"
        hip_deg = self._between(CROOK_HIP_DEG) if bent else 0.0
        knee_deg = self._between(CROOK_KNEE_DEG) if bent else 0.0
        left_deg = self._between((-40.0, 0.0)) if legs == "single_leg_bridge" else hip_deg
        levels = {Joint.RIGHT_PITCH: hip_deg, Joint.LEFT_PITCH: left_deg, Joint.KNEE: knee_deg}
        self._to(levels, self._between((1.0, 2.4)))
        self._legs = legs
        self._script.acts.append(TrueAct("fidgeting", begin_s, self._now_s))
