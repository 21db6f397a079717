"""The generators of motion sessions that the benchmark asks, each behind the same few questions."""

from dataclasses import replace
from typing import Any, Protocol

from benchmarks.motion_other_params import OtherParams
from benchmarks.motion_other_shapes import SHAPES as SHAPES_OTHER
from benchmarks.motion_session_other import simulate_session as simulate_other
from firingorder_bridge.virtual.motion_session import simulate_session
from firingorder_bridge.virtual.session_params import SHAPES, Placement, SessionParams, Step
from firingorder_bridge.virtual.session_truth import MotionSession
from firingorder_bridge.virtual.settings import ImuParams
from firingorder_signal.results import ReasonCode

#: What is put on wrongly -> what must be said, and nothing else.
PLACEMENTS: dict[str, set[ReasonCode]] = {
    "well": set(),
    "turned by 90°": {ReasonCode.THIGH_TURNED},
    "turned by -90°": {ReasonCode.THIGH_TURNED},
    "turned by 180°": {ReasonCode.THIGH_TURNED},
    "thigh face down": {ReasonCode.THIGH_FACE_DOWN},
    "pelvis face down": {ReasonCode.PELVIS_FACE_DOWN},
    "swapped": {ReasonCode.SENSORS_SWAPPED},
    "wrong leg": {ReasonCode.THIGH_STAYED},
}
#: A body whose skin follows its bones.
FIRM: dict[str, Any] = {"soft_tissue": (0.0, 0.0), "bulge_deg": 0.0}
#: Share of prone lifts that are made wrongly, where some are.
FAULT_SHARE = 0.33


class Generator(Protocol):
    """Makes sessions; the same seed and case give the same one."""

    name: str
    shapes: tuple[str, ...]

    def session(self, seed: int, *, tissue: bool, faults: bool, biased: bool = False) -> MotionSession:
        """Make a whole session, with getting up, walking, rolling over and fidgets."""
        ...

    def shaped(self, seed: int, shape: str) -> MotionSession:
        """Make quiet prone lifts whose speed begins like this."""
        ...

    def placed(self, seed: int, case: str, kind: str = "prone_lift") -> MotionSession:
        """Make lifts of one kind with soft tissue and sensors put on like this."""
        ...


PLACED: dict[str, Placement] = {
    "well": Placement(),
    "turned by 90°": Placement(thigh_turn_deg=90.0),
    "turned by -90°": Placement(thigh_turn_deg=-90.0),
    "turned by 180°": Placement(thigh_turn_deg=180.0),
    "thigh face down": Placement(thigh_face_down=True),
    "pelvis face down": Placement(pelvis_face_down=True),
    "swapped": Placement(swapped=True),
    "wrong leg": Placement(wrong_leg=True),
}
QUIET_PLAN = (Step("prone", 6.0), Step("prone_lift", 6))
#: Sensors put on wrongly are looked at in these.
PLACED_PLANS = {"prone_lift": QUIET_PLAN} | {
    kind: (Step("supine", 6.0), Step(kind, 6)) for kind in ("hip_flexion", "bilateral_bridge", "single_leg_bridge")
}


class First:
    """The virtual wearable's, which tuning saw on other seeds."""

    name = "first"
    shapes: tuple[str, ...] = tuple(SHAPES)

    def session(self, seed: int, *, tissue: bool, faults: bool, biased: bool = False) -> MotionSession:
        """Make a whole session."""
        params = SessionParams(
            imu=ImuParams(soft_tissue=0.1 if tissue else 0.0),
            fault_share=FAULT_SHARE if faults else 0.0,
            gyr_bias_dps=3.0 if biased else None,
        )
        return simulate_session(seed, params)

    def shaped(self, seed: int, shape: str) -> MotionSession:
        """Make quiet prone lifts."""
        return simulate_session(seed, SessionParams(shapes=(shape,), fidget_share=0.0, plan=QUIET_PLAN))

    def placed(self, seed: int, case: str, kind: str = "prone_lift") -> MotionSession:
        """Make lifts with fidgets and soft tissue."""
        params = SessionParams(placement=PLACED[case], plan=PLACED_PLANS[kind], imu=ImuParams(soft_tissue=0.1))
        return simulate_session(seed, params)


class Second:
    """The one of another hand, which tuning never sees: its sessions, shapes, tissue, chips and people are its own."""

    name = "second"
    shapes: tuple[str, ...] = tuple(SHAPES_OTHER)

    def session(self, seed: int, *, tissue: bool, faults: bool, biased: bool = False) -> MotionSession:
        """Make a whole session."""
        params = OtherParams(fault_share=FAULT_SHARE if faults else 0.0, gyr_bias_dps=3.0 if biased else None)
        return simulate_other(seed, params if tissue else replace(params, **FIRM))

    def shaped(self, seed: int, shape: str) -> MotionSession:
        """Make quiet prone lifts."""
        params = OtherParams(shapes=(shape,), fidget_share=0.0, plan=QUIET_PLAN, restless_deg=(0.03, 0.06))
        return simulate_other(seed, replace(params, **FIRM))

    def placed(self, seed: int, case: str, kind: str = "prone_lift") -> MotionSession:
        """Make lifts with fidgets and soft tissue."""
        return simulate_other(seed, OtherParams(placement=PLACED[case], plan=PLACED_PLANS[kind]))


FIRST: Generator = First()
GENERATORS: tuple[Generator, ...] = (FIRST, Second())
