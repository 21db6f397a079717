"""Key poses of a person and the ways from one posture to another.

A pose is the pelvis's attitude (heading, pitch, roll in the order of `quaternion.from_euler`), both hips, the right
knee and the pelvis's height. Headings are with respect to the one a way begins with. Between two poses the pelvis turns
the short way, which is less than 120 degrees everywhere, so no path is left to chance.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pose:
    """Angles in degrees (extension, flexion of the knee), height in metres."""

    heading_deg: float
    pitch_deg: float
    roll_deg: float
    right_hip_deg: float = 0.0
    left_hip_deg: float = 0.0
    knee_deg: float = 0.0
    height_m: float = 0.1


PRONE = Pose(0, 0, 0)
SUPINE = Pose(0, 0, -180)
STANDING = Pose(0, -90, 0, height_m=0.95)
SEATED = Pose(0, -97, 0, -83, -83, 85, 0.5)
#: The posture each step of a plan asks for.
POSTURES = {"prone": PRONE, "supine": SUPINE, "standing": STANDING, "seated": SEATED}

_ON_FOURS = Pose(0, -8, 3, -82, -80, 88, 0.45)
_KNEELING = Pose(0, -80, -3, -8, -5, 92, 0.5)
_HALF_KNEELING = Pose(0, -88, 4, -85, -10, 90, 0.55)
_ON_SIDE = Pose(0, 2, -90, -30, -20, 40, 0.2)
# From lying on the left side up to sitting, the pelvis tips up sideways: the person faces where the belly was.
_SAT_UP = Pose(-90, -95, 0, -80, -80, 80, 0.45)
_STOOPED = Pose(-90, -60, 0, -55, -50, 50, 0.7)
_LEANING_BACK = Pose(0, -140, 0, -60, -60, 50, 0.25)
# Lying back from sitting turns the head the other way: pitch -180 is supine with its heading turned by half.
_LAIN_BACK = Pose(180, 0, 180)


@dataclass(frozen=True)
class Way:
    """Poses gone through, the last one being the posture reached, and how far it turned the heading."""

    poses: tuple[Pose, ...]
    turn_deg: float = 0.0


_STOOD = Pose(-90, -90, 0, height_m=0.95)
#: All ways from one posture to another; which one is taken is drawn.
WAYS: dict[tuple[str, str], tuple[Way, ...]] = {
    ("prone", "standing"): (
        Way((_ON_FOURS, _KNEELING, _HALF_KNEELING, STANDING)),
        Way((_ON_SIDE, _SAT_UP, _STOOPED, _STOOD), -90),
    ),
    ("standing", "prone"): (Way((_HALF_KNEELING, _KNEELING, _ON_FOURS, PRONE)),),
    ("standing", "supine"): (Way((SEATED, _LEANING_BACK, _LAIN_BACK), 180),),
    ("standing", "seated"): (Way((SEATED,)),),
    ("seated", "standing"): (Way((STANDING,)),),
    ("seated", "supine"): (Way((_LEANING_BACK, _LAIN_BACK), 180),),
    ("seated", "prone"): (Way((_LEANING_BACK, _LAIN_BACK, Pose(180, 2, 90, -30, -20, 40, 0.2), Pose(180, 0, 0)), 180),),
    ("supine", "seated"): (
        Way((_ON_SIDE, _SAT_UP, Pose(-90, -97, 0, -83, -83, 85, 0.5)), -90),
        Way((Pose(180, -140, 0, -60, -60, 50, 0.25), Pose(180, -97, 0, -83, -83, 85, 0.5)), 180),
    ),
    ("supine", "standing"): (Way((_ON_SIDE, _SAT_UP, _STOOPED, _STOOD), -90),),
    ("supine", "prone"): (Way((_ON_SIDE, PRONE)), Way((Pose(0, -2, 90, -20, -35, 40, 0.2), PRONE))),
    ("prone", "supine"): (Way((_ON_SIDE, SUPINE)), Way((Pose(0, -2, 90, -20, -35, 40, 0.2), SUPINE))),
    ("prone", "seated"): (Way((_ON_SIDE, _SAT_UP, Pose(-90, -97, 0, -83, -83, 85, 0.5)), -90),),
}
