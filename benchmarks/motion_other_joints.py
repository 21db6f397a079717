"""The joints of the second motion generator's person."""

from enum import IntEnum


class Joint(IntEnum):
    """Rows of joint angles, degrees but for HEIGHT.

    The posture (HEADING about the vertical, then PITCH, then ROLL) comes first in the chain; within it the pelvis
    moves by OBLIQUITY (right side towards the head), TILT (anterior) and TURN (left side dorsal). Hips: yaw, pitch
    (extension), roll. KNEE: flexion. HEIGHT: of the pelvis, metres. FLESH: pitch of the skin against the bone, degrees.
    """

    HEADING = 0
    PITCH = 1
    ROLL = 2
    OBLIQUITY = 3
    TILT = 4
    TURN = 5
    RIGHT_YAW = 6
    RIGHT_PITCH = 7
    RIGHT_ROLL = 8
    LEFT_YAW = 9
    LEFT_PITCH = 10
    LEFT_ROLL = 11
    KNEE = 12
    HEIGHT = 13
    PELVIS_FLESH = 14
    THIGH_FLESH = 15
    WIDTH = 16
