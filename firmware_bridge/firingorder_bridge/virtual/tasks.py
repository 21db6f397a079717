"""Tests as data: how thigh and pelvis move in one repetition.

Angles are pitches of a segment about its left axis: 0 = prone on the table, 180 = supine; extension of the hip and
anterior tilt of the pelvis are positive. Numbers: prone hip extension after Lewis & Sahrmann 2009 and Tateuchi 2012
(about 10 degrees, 1 s up, 2 s hold, 1-2 s down); bridges are judgement.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One repetition: posture at rest, range of the hip, share of the pelvis, durations and their scatter.

    Attributes
    ----------
    hip_deg, hip_sd_deg
        Range of hip extension of a repetition and its scatter, degrees.
    tilt_share
        Anterior pelvic tilt per degree of hip extension; it follows the hip `tilt_delay_s` later.
    """

    name: str
    pelvis_rest_deg: float
    thigh_rest_deg: float
    hip_deg: float
    hip_sd_deg: float
    tilt_share: float
    tilt_delay_s: float
    up_s: float
    hold_s: float
    down_s: float
    down_spread_s: float


PRONE_HIP_EXTENSION = Task("prone_hip_extension", 0.0, 0.0, 12.0, 1.0, 0.25, 0.12, 1.0, 2.0, 1.5, 0.5)
SINGLE_LEG_BRIDGE = Task("single_leg_bridge", 180.0, 130.0, 40.0, 3.0, -0.4, 0.0, 1.2, 5.0, 1.5, 0.5)
BILATERAL_BRIDGE = Task("bilateral_bridge", 180.0, 130.0, 45.0, 3.0, -0.45, 0.0, 1.2, 3.0, 1.5, 0.5)

TASKS = {task.name: task for task in (PRONE_HIP_EXTENSION, SINGLE_LEG_BRIDGE, BILATERAL_BRIDGE)}
