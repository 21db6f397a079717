"""Sensors stuck on wrongly: each named from one cued lift and from lifts as they come, and no alarm otherwise."""

from functools import cache

import numpy as np
import pytest

from firingorder_bridge.virtual.motion_session import simulate_session
from firingorder_bridge.virtual.session_params import Placement, SessionParams, Step
from firingorder_bridge.virtual.session_truth import MotionSession
from firingorder_bridge.virtual.settings import ImuParams
from firingorder_signal.motion_arrays import Motion, track_motion
from firingorder_signal.placement import check_placement
from firingorder_signal.reasons import describe
from firingorder_signal.results import Reason, ReasonCode

#: Seeds that nothing was tuned on; `benchmarks/motion.py` has the figures over a hundred.
SEEDS = range(50_000, 50_006)
PLAN = (Step("prone", 6.0), Step("prone_lift", 5))
CASES = {
    "well": (Placement(), ()),
    "turned by 90°": (Placement(thigh_turn_deg=90.0), (ReasonCode.THIGH_TURNED,)),
    "turned by -90°": (Placement(thigh_turn_deg=-90.0), (ReasonCode.THIGH_TURNED,)),
    "turned by 180°": (Placement(thigh_turn_deg=180.0), (ReasonCode.THIGH_TURNED,)),
    "thigh face down": (Placement(thigh_face_down=True), (ReasonCode.THIGH_FACE_DOWN,)),
    "pelvis face down": (Placement(pelvis_face_down=True), (ReasonCode.PELVIS_FACE_DOWN,)),
    "swapped": (Placement(swapped=True), (ReasonCode.SENSORS_SWAPPED,)),
}


@cache
def simulate(seed: int, placement: Placement) -> MotionSession:
    """Simulate five lifts; the same for all who look at them."""
    params = SessionParams(placement=placement, plan=PLAN, imu=ImuParams(soft_tissue=0.1))
    return simulate_session(seed, params)


@cache
def track(seed: int, placement: Placement) -> Motion:
    """Follow them."""
    session = simulate(seed, placement)
    return track_motion(session.imu["pelvis"], session.imu["thigh/right"], session.rate_hz)


def codes(reasons: tuple[Reason, ...]) -> tuple[ReasonCode, ...]:
    return tuple(reason.code for reason in reasons)


def check_first_lift(session: MotionSession) -> tuple[Reason, ...]:
    """Judge the first lift, cued 0.3 s before it."""
    cue_s = session.lifts[0].start_s - 0.3
    n = round((cue_s + 4.0) * session.rate_hz)
    return check_placement(session.imu["pelvis"][:n], session.imu["thigh/right"][:n], session.rate_hz, cue_s)


@pytest.mark.parametrize("case", CASES)
def test_each_placement_is_named_from_one_cued_lift(case: str) -> None:
    placement, expected = CASES[case]
    assert [codes(check_first_lift(simulate(seed, placement))) for seed in SEEDS] == [expected] * len(SEEDS)


@pytest.mark.parametrize("case", CASES)
def test_each_placement_is_named_while_lifts_are_made(case: str) -> None:
    placement, expected = CASES[case]
    for seed in SEEDS:
        assert codes(track(seed, placement).placement) == expected


def test_the_wrong_leg_is_named_from_one_cued_lift() -> None:
    found = [check_first_lift(simulate(seed, Placement(wrong_leg=True))) for seed in SEEDS]
    assert [codes(reasons) for reasons in found] == [(ReasonCode.THIGH_STAYED,)] * len(SEEDS)
    assert "other leg" in describe(found[0][0])[0]


@pytest.mark.parametrize("turn_deg", [60.0, 90.0, 180.0, -120.0])
def test_a_turn_is_told_with_its_angle_and_allowed_for(turn_deg: float) -> None:
    for seed in SEEDS:
        turned = Placement(thigh_turn_deg=turn_deg)
        (reason,) = check_first_lift(simulate(seed, turned))
        assert reason.figure is not None
        assert abs((reason.figure - turn_deg + 180.0) % 360.0 - 180.0) < 40.0
        motions = track(seed, turned), track(seed, Placement())
        ranges = [[lift.hip_range_deg for lift in each.lifts if lift.valid] for each in motions]
        np.testing.assert_allclose(np.median(ranges[0]), np.median(ranges[1]), atol=1.5)


def test_a_cue_without_a_second_of_rest_before_it_is_refused() -> None:
    still = np.tile([0.0, 0.0, 9.81, 0.0, 0.0, 0.0], (1000, 1))
    with pytest.raises(ValueError, match=r"needs 1\.0 s before it"):
        check_placement(still, still, 200.0, 0.5)
    with pytest.raises(ValueError, match=r"\(n_samples, 6\)"):
        check_placement(still[:, :3], still, 200.0, 2.0)
