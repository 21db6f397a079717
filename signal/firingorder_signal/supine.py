"""What gravity tells of a thigh sensor on somebody lying on the back.

The table holds a leg from below, so that a thigh that is not level points up at the knee: whatever way the case is
turned in its plane, the head is where up does not point. A bent leg shows it at rest, a straight one as it is lifted.
Prone the knee rises as well, by less: with one case looking up and one down, a thigh further from level than a prone
one can be says that somebody lies on the back.
"""

import numpy as np

from .blocks import FloatArray
from .segments import lift_axis

#: Further from level than this a thigh is bent and not only mounted crookedly (8 degrees an axis, up to 23 in all);
#: somebody about to bridge bends it by 40-60.
BENT_DEG = 25.0
#: Where the pelvis looks down as it should, this is enough: a case so crooked does no harm (one wearer of twenty).
CROOK_DEG = 20.0
#: In hip flexion the thigh turns by more than this; the pelvis does not (up to 30 degrees past 90 of flexion), nor does
#: a prone thigh (up to 30 in a lift that is too large).
FLEXED_DEG = 40.0
# A pelvis that lies is within 45 degrees of level.
LYING_Z = 0.7
# Up along the case by this much: the knee, not the hip, is the higher end (17 degrees).
KNEE_UP_X = -0.3


def bent_deg(up: FloatArray) -> float:
    """How far a case is from level, 0..90 degrees, whichever side it looks to."""
    return float(np.rad2deg(np.arccos(min(abs(float(up[2])), 1.0))))


def bent_left(up: FloatArray) -> FloatArray:
    """Left, a unit vector (3,) in the case's axes, of a bent thigh at rest: the head is where up does not point.

    Examples
    --------
    >>> (bent_left(np.array([-0.7, 0.0, -0.7])) + 0.0).tolist()
    [0.0, 1.0, 0.0]
    """
    left = np.array([up[1], -up[0], 0.0])
    return left / float(np.sqrt(np.sum(left * left)))


def flexion_left(up_rest: FloatArray, up_bent: FloatArray) -> FloatArray:
    """Left, as above, from a level thigh and the same one bent: it can only have been flexed."""
    return -lift_axis(up_rest, up_bent)


def is_crook(pelvis: FloatArray, thigh: FloatArray) -> bool:
    """Whether somebody lies on the back with the leg bent, the sensors in their places or swapped, one on its face.

    A body on all fours bends the hip as well, but with the knee below.
    """
    if max(abs(float(pelvis[2])), abs(float(thigh[2]))) < LYING_Z:
        return False
    if bent_deg(thigh) > bent_deg(pelvis) and float(pelvis[2]) < 0.0:
        return bent_deg(thigh) > CROOK_DEG
    # A pelvis case on its face, or the sensors swapped: the arrows are as they should be, and the other looks down.
    bent = thigh if bent_deg(thigh) > bent_deg(pelvis) else pelvis
    return float(thigh[2]) < 0.0 and bent_deg(bent) > BENT_DEG and float(bent[0]) < KNEE_UP_X


def is_supine(pelvis: FloatArray, thigh: FloatArray, turned_deg: float) -> bool:
    """Tell the back from the front, from up at rest and how far a sensor turned: one case may be on its face."""
    if float(pelvis[2]) < 0.0 and float(thigh[2]) < 0.0:
        return True
    if float(pelvis[2]) > 0.0 and float(thigh[2]) > 0.0:
        return False
    return is_crook(pelvis, thigh) or turned_deg > FLEXED_DEG
