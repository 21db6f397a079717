"""The simulated motion session: what the sensors gave follows from what was true, and the truth from the plan."""

from dataclasses import replace

import numpy as np
import pytest
from tests.motion_placement import check_case_on_its_face, check_exchanged_sensors

from firingorder_bridge.virtual.inertial import STANDARD_GRAVITY
from firingorder_bridge.virtual.motion_session import simulate_session
from firingorder_bridge.virtual.quaternion import from_euler, multiply, up_in
from firingorder_bridge.virtual.session_body import SITES, SessionBody
from firingorder_bridge.virtual.session_params import FAULTS, SHAPES, Placement, SessionParams, Step
from firingorder_bridge.virtual.session_script import ScriptWriter
from firingorder_bridge.virtual.session_truth import ACT_KINDS, LIFT_KINDS, MotionSession, TrueLift
from firingorder_bridge.virtual.settings import ImuParams
from firingorder_signal.blocks import FloatArray, Side

IDEAL = ImuParams(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, mounting_deg=0.0, sway_deg=0.0, breathing_deg=0.0)
QUIET = SessionParams(imu=IDEAL)
PRONE = (Step("prone", 3.0), Step("prone_lift", 3))
CALM = replace(QUIET, plan=PRONE, fidget_share=0.0)


def rows(session: MotionSession, start_s: float, end_s: float) -> slice:
    return slice(int(np.ceil(start_s * session.rate_hz)), int(end_s * session.rate_hz))


def at_top(session: MotionSession, lift: TrueLift) -> slice:
    """Rows in which hip and pelvis, which may be late, are held."""
    return rows(session, lift.peak_s + 0.3, lift.lower_s - 0.2)


def before(session: MotionSession, lift: TrueLift) -> slice:
    return rows(session, lift.start_s - 0.3, lift.start_s - 0.15)


def pitch_deg(imu: FloatArray) -> FloatArray:
    return np.asarray(np.degrees(np.arctan2(-imu[:, 0], imu[:, 2])))


def change(values: FloatArray, session: MotionSession, lift: TrueLift) -> float:
    return float(np.mean(values[at_top(session, lift)]) - np.mean(values[before(session, lift)]))


@pytest.fixture(scope="module")
def session() -> MotionSession:
    """Simulate the default plan with nobody restless and ideal sensors."""
    return simulate_session(4, replace(QUIET, prone_lift=replace(QUIET.prone_lift, hold_s=(1.0, 2.0))))


def test_the_default_plan_has_every_kind_of_lift_and_moving_about(session: MotionSession) -> None:
    counts = [sum(lift.kind == kind for lift in session.lifts) for kind in LIFT_KINDS]
    assert counts == [13, 3, 4, 1, 2]
    assert sum(lift.passive for lift in session.lifts) == 1
    assert {act.kind for act in session.acts} == set(ACT_KINDS) - {"seated"}
    assert set(session.imu) == set(SITES)
    assert all(values.shape == (len(session.hip_deg), 6) for values in session.imu.values())


def test_integrating_the_gyroscope_gives_the_attitude_through_every_posture() -> None:
    ways = (Step("standing", 1.0), Step("walking", 5.0), Step("supine", 1.0), Step("single_leg_bridge", 1))
    params = replace(QUIET, plan=(Step("prone", 1.0), *ways, Step("prone", 1.0), Step("prone_lift", 1)))
    script = ScriptWriter(params, 4)
    script.write()
    t_s = np.arange(int(script.now_s * 200)) / 200
    _, segments, sensed = SessionBody(params, script, 4).sense(t_s)
    for site in SITES:
        rate = sensed[site][1]
        turned = 0.5 * (rate[:, :-1] + rate[:, 1:]) / 200
        angle = np.sqrt(np.sum(turned**2, axis=0))
        steps = np.concatenate([np.cos(angle / 2)[None], np.sinc(angle / 2 / np.pi) * turned / 2])
        q = segments.cases[site][:, :1]
        found = [q]
        for column in range(steps.shape[1]):
            q = multiply(q, steps[:, column : column + 1])
            found.append(q)
        cosine = np.abs(np.sum(np.hstack(found) * segments.cases[site], axis=0))
        assert np.degrees(2 * np.arccos(np.min(np.clip(cosine, 0.0, 1.0)))) < 0.5


def test_rates_and_forces_have_no_steps(session: MotionSession) -> None:
    for values in session.imu.values():
        assert np.max(np.abs(np.diff(np.degrees(values[:, 3:]), axis=0))) < 40.0
        assert np.max(np.linalg.norm(values[:, :3], axis=1)) < 4 * STANDARD_GRAVITY


def test_gravity_has_its_length_at_rest(session: MotionSession) -> None:
    for values in session.imu.values():
        assert np.linalg.norm(values[:1000, :3], axis=1) == pytest.approx(STANDARD_GRAVITY, abs=1e-6)


def test_gravity_shows_the_true_angles_at_the_top_of_every_lift(session: MotionSession) -> None:
    for lift in session.lifts:
        top = at_top(session, lift)
        pelvis, thigh = (pitch_deg(session.imu[site][top]) for site in ("pelvis", "thigh/right"))
        assert (pelvis - session.tilt_deg[top] + 180) % 360 == pytest.approx(180.0, abs=0.05)
        assert (thigh - pelvis - session.hip_deg[top] + 180) % 360 == pytest.approx(180.0, abs=0.05)


def test_truth_at_lifts_is_what_was_planned(session: MotionSession) -> None:
    for lift in session.lifts:
        # A turned pelvis takes the cosine of the turn off the sagittal angle.
        assert abs(change(session.hip_deg, session, lift)) == pytest.approx(lift.range_deg, abs=0.4)
        assert change(session.tilt_deg, session, lift) == pytest.approx(lift.tilt_deg, abs=0.3)
        assert change(session.turn_deg, session, lift) == pytest.approx(lift.turn_deg, abs=0.01)
        assert change(session.knee_deg, session, lift) == pytest.approx(lift.knee_deg, abs=0.01)
        assert (session.hip_deg[at_top(session, lift)].mean() < -85) == (lift.kind == "hip_flexion")


def test_nothing_moves_before_a_lift_and_the_leg_moves_at_its_start(session: MotionSession) -> None:
    for lift in session.lifts:
        if lift.kind == "prone_lift":
            imu = np.degrees(session.imu["thigh/right"][:, 3:])
            assert np.max(np.abs(imu[rows(session, lift.start_s - 0.6, lift.start_s - 0.002)][:, 1])) < 0.01
            assert np.max(np.abs(imu[rows(session, lift.start_s, lift.start_s + 0.3)][:, 1])) > 0.3


def test_the_pelvis_tilts_when_the_truth_says(session: MotionSession) -> None:
    for lift in session.lifts:
        assert lift.tilt_start_s is not None
        start = rows(session, 0.0, lift.tilt_start_s - 0.01).stop
        rest_deg = session.tilt_deg[start]
        moved = np.abs(session.tilt_deg[start : rows(session, 0.0, lift.peak_s + 0.3).stop] - rest_deg)
        assert np.flatnonzero(moved > 0.02 * abs(lift.tilt_deg))[0] / session.rate_hz < 1.0
        if lift.kind == "hip_flexion":
            assert lift.start_s + 0.1 < lift.tilt_start_s < lift.peak_s
            assert -96 < session.hip_deg[start] < -55


def test_no_lift_lies_in_moving_about(session: MotionSession) -> None:
    for act in session.acts:
        if act.kind in ("walking", "getting_up", "rolling", "fidgeting"):
            assert not any(lift.start_s < act.end_s and act.start_s < lift.end_s for lift in session.lifts)


def test_walking_swings_the_thigh_and_shakes_the_body(session: MotionSession) -> None:
    walk = next(act for act in session.acts if act.kind == "walking")
    walking = rows(session, walk.start_s + 2, walk.end_s - 2)
    assert 38 < np.ptp(session.hip_deg[walking]) < 70
    assert session.tilt_deg[walking].mean() == pytest.approx(-90, abs=5)
    assert np.max(np.linalg.norm(session.imu["shank/right"][walking, :3], axis=1)) > 14
    spectrum = np.abs(np.fft.rfft(session.hip_deg[walking] - session.hip_deg[walking].mean()))
    assert np.argmax(spectrum) * session.rate_hz / (walking.stop - walking.start) == pytest.approx(0.9, abs=0.15)


def test_one_leg_stays_with_the_pelvis_in_a_single_leg_bridge(session: MotionSession) -> None:
    left, pelvis = (pitch_deg(session.imu[site]) for site in ("thigh/left", "pelvis"))
    hip_deg = (left - pelvis + 180) % 360 - 180
    for lift in session.lifts:
        if lift.kind == "single_leg_bridge":
            assert lift.side is Side.RIGHT
            assert abs(change(hip_deg, session, lift)) < 3
        elif lift.kind == "bilateral_bridge":
            assert lift.side is Side.MIDDLE
            assert change(hip_deg, session, lift) == pytest.approx(lift.range_deg, abs=1)


def test_the_same_seed_gives_the_same_bits() -> None:
    params = SessionParams(plan=PRONE)
    one, same, other = (simulate_session(seed, params) for seed in (7, 7, 8))
    assert all(np.array_equal(one.imu[site], same.imu[site]) for site in SITES)
    assert one.lifts == same.lifts
    assert not np.array_equal(one.imu["pelvis"][:500], other.imu["pelvis"][:500])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_lift_is_faulty(fault: str) -> None:
    session = simulate_session(2, replace(CALM, plan=(Step("prone", 3.0), Step("prone_lift", 5, fault=fault))))
    for lift in session.lifts:
        assert lift.fault == fault
        still = rows(session, lift.start_s - 1.0, lift.start_s - 0.1)
        unrest = float(np.max(np.abs(np.degrees(session.imu["thigh/right"][still, 4]))))
        found = {
            "lift_too_small": change(session.hip_deg, session, lift) < 5,
            "lift_too_large": change(session.hip_deg, session, lift) > 20,
            "lift_too_fast": lift.peak_speed_deg_s > 60,
            "lift_too_slow": lift.peak_speed_deg_s < 5,
            "knee_bent": change(session.knee_deg, session, lift) > 10,
            "not_still_before": unrest > 10,
        }
        assert [name for name, true in found.items() if true] == [fault]


def test_good_prone_lifts_keep_the_gates_whatever_their_shape() -> None:
    for shape in SHAPES:
        for lift in simulate_session(5, replace(CALM, shapes=(shape,))).lifts:
            assert lift.fault is None
            assert 5 < lift.range_deg < 20
            assert 5.5 < lift.peak_speed_deg_s < 55


def test_shapes_differ_in_how_they_begin() -> None:
    early: list[float] = []
    for shape in ("cubic", "square", "linear", "abrupt"):
        session = simulate_session(5, replace(CALM, shapes=(shape,)))
        lift = session.lifts[0]
        row = rows(session, lift.start_s + 0.1 * (lift.peak_s - lift.start_s), lift.peak_s).start
        early.append(float(session.hip_deg[row]) / lift.range_deg)
    assert early == sorted(early)
    assert early[-1] > 5 * early[0]


def test_a_share_of_lifts_can_be_faulty() -> None:
    lifts = simulate_session(3, replace(CALM, plan=(Step("prone", 3.0), Step("prone_lift", 20)), fault_share=0.5)).lifts
    assert 4 < sum(lift.fault is not None for lift in lifts) < 16


def first_lift(placement: Placement) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Change of the right thigh's up in its case at the top of a lift, and all the data."""
    session = simulate_session(6, replace(CALM, placement=placement))
    thigh, lift = session.imu["thigh/right"], session.lifts[0]
    return np.array([change(thigh[:, axis], session, lift) for axis in range(3)]), session.imu


def test_a_case_turned_in_its_plane_tips_another_way() -> None:
    up = {turn: first_lift(Placement(thigh_turn_deg=turn))[0] for turn in (0.0, 90.0, 180.0, -90.0)}
    assert np.argmax(np.abs(up[0.0])) == 0
    assert up[180.0][:2] == pytest.approx(-up[0.0][:2], abs=1e-6)
    assert up[90.0][1] == pytest.approx(-up[0.0][0], abs=1e-6)
    assert up[-90.0][1] == pytest.approx(up[0.0][0], abs=1e-6)


def test_a_case_on_its_face_sees_gravity_from_the_other_side() -> None:
    check_case_on_its_face(first_lift)


def test_sensors_in_each_others_place_give_each_others_data() -> None:
    check_exchanged_sensors(first_lift)


def test_soft_tissue_hides_a_tenth_and_moves_first_but_the_bones_are_the_same() -> None:
    firm = simulate_session(9, CALM)
    soft = simulate_session(9, replace(CALM, imu=replace(IDEAL, soft_tissue=0.1), bulge_deg=0.5))
    assert np.array_equal(firm.hip_deg, soft.hip_deg)
    hidden_deg = pitch_deg(firm.imu["thigh/right"]) - pitch_deg(soft.imu["thigh/right"])
    for lift in soft.lifts:
        assert 0.05 <= lift.bulge_s <= 0.2
        assert change(hidden_deg, soft, lift) == pytest.approx(0.1 * lift.range_deg, abs=0.6)
        early = np.degrees(soft.imu["thigh/right"][rows(soft, lift.start_s - lift.bulge_s, lift.start_s), 3:])
        assert np.max(np.abs(early)) > 0.1


def test_a_cheap_chip_has_its_noise_at_any_rate_and_a_bias_on_request() -> None:
    params = SessionParams(plan=PRONE, imu=ImuParams(sway_deg=0.0, breathing_deg=0.0), gyr_bias_dps=3.0)
    for rate_hz in (100.0, 200.0):
        rest = simulate_session(1, replace(params, rate_hz=rate_hz)).imu["pelvis"][: int(3 * rate_hz)]
        gyr_dps = np.degrees(rest[:, 3:])
        assert np.abs(gyr_dps.mean(axis=0)) == pytest.approx(3.0, abs=0.05)
        assert gyr_dps.std(axis=0) == pytest.approx(0.007 * np.sqrt(rate_hz / 2), rel=0.15)


def test_a_person_breathes_and_is_restless() -> None:
    still = simulate_session(1, replace(CALM, imu=replace(IDEAL, sway_deg=0.15, breathing_deg=0.3)))
    assert 0.1 < np.std(still.tilt_deg[:600]) < 0.6
    assert 0.02 < np.std(still.hip_deg[:600]) < 0.6


def test_flexion_is_done_seated_too() -> None:
    plan = (Step("prone", 2.0), Step("seated", 3.0), Step("hip_flexion", 3))
    session = simulate_session(3, replace(CALM, plan=plan))
    for lift in session.lifts:
        assert -105 < np.mean(session.tilt_deg[before(session, lift)]) < -90
        assert np.mean(session.hip_deg[at_top(session, lift)]) < -88
        assert lift.tilt_deg < 0


@pytest.mark.parametrize(
    "plan",
    [
        (Step("walking", 5.0),),
        (Step("prone", 5.0), Step("bilateral_bridge", 1)),
        (Step("prone", 5.0), Step("somersault", 1)),
        (Step("supine", 5.0), Step("bilateral_bridge", 1, fault="knee_bent")),
    ],
)
def test_an_impossible_plan_is_refused(plan: tuple[Step, ...]) -> None:
    with pytest.raises(ValueError, match="plan|cannot"):
        simulate_session(0, replace(QUIET, plan=plan))


@pytest.mark.parametrize("start", ["prone", "supine", "standing", "seated"])
def test_every_way_ends_in_its_posture(start: str) -> None:
    tilts = {"prone": 0.0, "supine": 180.0, "standing": -90.0, "seated": -97.0}
    for seed in range(3):
        for goal in tilts:
            session = simulate_session(seed, replace(CALM, plan=(Step(start, 2.0), Step(goal, 2.0))))
            assert session.tilt_deg[0] == pytest.approx(tilts[start], abs=0.1)
            assert session.tilt_deg[-1] == pytest.approx(tilts[goal], abs=6)


def test_up_follows_a_turn() -> None:
    up = up_in(from_euler(np.array([20.0]), np.array([30.0]), np.array([0.0])))[:, 0]
    assert up == pytest.approx([-0.5, 0.0, np.sqrt(0.75)])
