"""Sensors stuck on wrongly on somebody lying on the back: named from bridges and flexions, corrected, no alarm else."""

import numpy as np
import pytest

from firingorder_bridge.virtual.motion_session import simulate_session
from firingorder_bridge.virtual.session_params import Placement, SessionParams, Step
from firingorder_bridge.virtual.session_truth import MotionSession
from firingorder_bridge.virtual.settings import ImuParams
from firingorder_signal.motion_arrays import Motion, track_motion
from firingorder_signal.placement import check_placement
from firingorder_signal.results import Reason, ReasonCode

#: Seeds that nothing was tuned on; `benchmarks/motion_sessions.py` has the figures over a hundred.
SEEDS = range(50_000, 50_002)
KINDS = ("hip_flexion", "bilateral_bridge", "single_leg_bridge")
CASES = {
    "well": (Placement(), ()),
    "turned by 90°": (Placement(thigh_turn_deg=90.0), (ReasonCode.THIGH_TURNED,)),
    "turned by -90°": (Placement(thigh_turn_deg=-90.0), (ReasonCode.THIGH_TURNED,)),
    "turned by 180°": (Placement(thigh_turn_deg=180.0), (ReasonCode.THIGH_TURNED,)),
    "thigh face down": (Placement(thigh_face_down=True), (ReasonCode.THIGH_FACE_DOWN,)),
    "pelvis face down": (Placement(pelvis_face_down=True), (ReasonCode.PELVIS_FACE_DOWN,)),
    "swapped": (Placement(swapped=True), (ReasonCode.SENSORS_SWAPPED,)),
}


def simulate(seed: int, kind: str, placement: Placement, n_lifts: int = 4, *more: Step) -> MotionSession:
    plan = (Step("supine", 6.0), Step(kind, n_lifts), *more)
    return simulate_session(seed, SessionParams(placement=placement, plan=plan, imu=ImuParams(soft_tissue=0.1)))


def check_first_lift(session: MotionSession) -> tuple[Reason, ...]:
    """Judge the first lift, cued 0.3 s before it."""
    cue_s = session.lifts[0].start_s - 0.3
    n = round((cue_s + 4.0) * session.rate_hz)
    return check_placement(session.imu["pelvis"][:n], session.imu["thigh/right"][:n], session.rate_hz, cue_s)


def track(session: MotionSession, from_s: float = 0.0) -> Motion:
    first = round(from_s * session.rate_hz)
    return track_motion(session.imu["pelvis"][first:], session.imu["thigh/right"][first:], session.rate_hz)


def codes(reasons: tuple[Reason, ...]) -> tuple[ReasonCode, ...]:
    return tuple(reason.code for reason in reasons)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_each_placement_is_named_from_one_cued_lift_and_while_they_are_made(case: str, kind: str) -> None:
    placement, expected = CASES[case]
    for seed in SEEDS:
        session = simulate(seed, kind, placement)
        assert codes(check_first_lift(session)) == expected
        assert codes(track(session).placement) == expected


@pytest.mark.parametrize("kind", ["hip_flexion", "single_leg_bridge"])
def test_the_wrong_leg_is_named_from_one_cued_lift(kind: str) -> None:
    found = [check_first_lift(simulate(seed, kind, Placement(wrong_leg=True))) for seed in SEEDS]
    assert [codes(reasons) for reasons in found] == [(ReasonCode.THIGH_STAYED,)] * len(SEEDS)
    assert all((reason.figure or 0.0) < (reason.limit or 0.0) for (reason,) in found)


@pytest.mark.parametrize("free_deg", [0.0, -14.0, -28.0, -45.0])
def test_the_wrong_leg_is_named_as_bridges_are_made_however_the_free_one_is_held(free_deg: float) -> None:
    plan = (Step("supine", 6.0), Step("single_leg_bridge", 5))
    for seed in SEEDS:
        params = SessionParams(placement=Placement(wrong_leg=True), plan=plan, free_leg_deg=(free_deg,))
        assert codes(track(simulate_session(seed, params)).placement) == (ReasonCode.THIGH_STAYED,)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("turn_deg", [90.0, 180.0, -90.0])
def test_a_turn_is_allowed_for_once_a_lift_has_shown_it(turn_deg: float, kind: str) -> None:
    for seed in SEEDS:
        ranges = [
            [lift.hip_range_deg for lift in track(simulate(seed, kind, placement)).lifts]
            for placement in (Placement(), Placement(thigh_turn_deg=turn_deg))
        ]
        # A flexion that looked like an extension until it showed the turn may be lost itself.
        assert len(ranges[0]) == 4
        assert len(ranges[1]) >= 3
        np.testing.assert_allclose(ranges[1][-3:], ranges[0][-3:], atol=4.0)


@pytest.mark.parametrize("turn_deg", [90.0, 180.0])
def test_a_turn_is_allowed_for_where_the_leg_was_drawn_up_before_the_sensors_were_heard(turn_deg: float) -> None:
    for seed in SEEDS:
        session = simulate(seed, "bilateral_bridge", Placement(thigh_turn_deg=turn_deg))
        motion = track(session, session.lifts[0].start_s - 1.7)
        assert codes(motion.placement) == (ReasonCode.THIGH_TURNED,)
        for found, true in zip(motion.lifts, session.lifts, strict=True):
            assert abs(found.hip_range_deg - true.range_deg) < 8.0


def test_lowering_what_was_held_up_raises_no_alarm() -> None:
    session = simulate(50_000, "static_hold", Placement(), 5)
    assert track(session).placement == ()


def test_turning_over_leaves_nothing_to_be_taken_for_a_lift() -> None:
    more = (Step("prone", 2.0), Step("prone_lift", 4))
    for seed in (107, 109, *SEEDS):
        assert track(simulate(seed, "hip_flexion", Placement(), 3, *more)).placement == ()
