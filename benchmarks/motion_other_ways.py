"""How the second generator's person gets from one posture to another, by way of bodies half way there."""

from typing import NamedTuple

import numpy as np

from benchmarks.motion_other_joints import Joint


class Station(NamedTuple):
    """A body gone through: posture, hips, right knee (degrees) and height of the pelvis (metres)."""

    pitch_deg: float
    roll_deg: float = 0.0
    right_deg: float = 0.0
    left_deg: float = 0.0
    knee_deg: float = 0.0
    height_m: float = 0.1

    def levels(self) -> dict[Joint, float]:
        """Return the same by joint."""
        return dict(zip(_STATION_JOINTS, self, strict=True))


_STATION_JOINTS = (Joint.PITCH, Joint.ROLL, Joint.RIGHT_PITCH, Joint.LEFT_PITCH, Joint.KNEE, Joint.HEIGHT)
#: The postures of a plan. Supine is got to backwards, by way of sitting: pitch -180.
POSTURES = {
    "prone": Station(0.0),
    "supine": Station(-180.0),
    "seated": Station(-98.0, 0.0, -80.0, -80.0, 80.0, 0.5),
    "standing": Station(-90.0, height_m=0.95),
}
_FOURS = Station(-14.0, 0.0, -78.0, -84.0, 86.0, 0.45)
_REAR_UP = Station(-52.0, 4.0, -60.0, -45.0, 100.0, 0.42)
_ONE_KNEE = Station(-84.0, -4.0, -14.0, -88.0, 88.0, 0.55)
_BOWED = Station(-48.0, 0.0, -96.0, -96.0, 76.0, 0.55)
_CROUCH = Station(-62.0, 0.0, -70.0, -72.0, 70.0, 0.65)
_RECLINED = Station(-142.0, 0.0, -50.0, -56.0, 50.0, 0.25)


def find_way(start: str, goal: str, rng: np.random.Generator) -> list[Station]:
    """Stations between two different postures, the goal as the last one; rolling goes to either side."""
    side = float(rng.choice([-1.0, 1.0]))
    other = rng.random() < 0.5
    end = POSTURES[goal]
    if {start, goal} == {"prone", "supine"}:
        pitch_deg = POSTURES[start].pitch_deg
        bent_deg = float(rng.uniform(-60.0, -5.0))
        on_side = Station(pitch_deg, side * 88.0, bent_deg, 0.5 * bent_deg, -bent_deg, 0.2)
        return [on_side, Station(pitch_deg, side * 180.0)]
    lying = _on_side(goal, side) if goal in ("prone", "supine") else _on_side(start, side)
    seated = POSTURES["seated"]
    if start in ("prone", "supine"):
        if start == "prone" and goal == "standing" and other:
            return [_FOURS, _REAR_UP, _ONE_KNEE, end]
        up = [_RECLINED, seated] if start == "supine" and other else [lying, seated]
        return up if goal == "seated" else [*up, _BOWED, end]
    if start == "standing":
        if goal == "prone" and other:
            return [_ONE_KNEE, _FOURS, end]
        down = [_CROUCH, seated]
        if goal == "seated":
            return down
        return [*down, _RECLINED, end] if goal == "supine" and other else [*down, lying, end]
    if goal == "standing":
        return [_BOWED, end]
    return [_RECLINED, end] if goal == "supine" and other else [lying, end]


def _on_side(posture: str, side: float) -> Station:
    """Between sitting on the edge and lying: half down, on one elbow and hip."""
    pitch_deg = -22.0 if posture == "prone" else -160.0
    return Station(pitch_deg, side * 74.0, -55.0, -40.0, 60.0, 0.3)
