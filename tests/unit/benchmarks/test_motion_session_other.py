"""The second motion generator: what sensors gave follows from what was true, and the truth from the plan."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.motion_other_chain import moved, turned, world
from benchmarks.motion_other_lifts import FAULTS
from benchmarks.motion_other_params import CALM, STYLES, OtherParams
from benchmarks.motion_other_sensor import SITES
from benchmarks.motion_other_shapes import SHAPES, FloatArray, draw_shape
from benchmarks.motion_other_unrest import FIDGETS, draw_fidget
from benchmarks.motion_session_other import simulate_session
from scipy.spatial.transform import Rotation
from tests.motion_placement import check_case_on_its_face, check_exchanged_sensors

from firingorder_bridge.virtual.session_params import Placement, Step
from firingorder_bridge.virtual.session_truth import ACT_KINDS, LIFT_KINDS, MotionSession, TrueLift

GRAVITY = 9.80665
PRONE = (Step("prone", 3.0), Step("prone_lift", 3))
LIFTING = replace(CALM, plan=PRONE, rate_hz=200.0)


def rows(session: MotionSession, start_s: float, end_s: float) -> slice:
    return slice(int(np.ceil(start_s * session.rate_hz)), int(end_s * session.rate_hz) + 1)


def at_top(session: MotionSession, lift: TrueLift) -> slice:
    return rows(session, lift.peak_s, lift.peak_s + 0.1 * (lift.lower_s - lift.peak_s))


def before(session: MotionSession, lift: TrueLift) -> slice:
    return rows(session, lift.start_s - 0.6, lift.start_s - 0.4)


def change(values: FloatArray, session: MotionSession, lift: TrueLift) -> float:
    return float(np.mean(values[at_top(session, lift)]) - np.mean(values[before(session, lift)]))


def pitch_deg(up: FloatArray) -> FloatArray:
    return np.asarray(np.degrees(np.arctan2(-up[:, 0], up[:, 2])))


@pytest.fixture(scope="module")
def session() -> MotionSession:
    """Simulate a drawn plan with nobody restless and ideal sensors."""
    return simulate_session(3, replace(CALM, rate_hz=208.0))


def test_a_drawn_plan_has_every_kind_of_lift_and_moving_about(session: MotionSession) -> None:
    assert {lift.kind for lift in session.lifts} == set(LIFT_KINDS)
    assert sum(lift.passive for lift in session.lifts) == 1
    assert {act.kind for act in session.acts} == set(ACT_KINDS)
    assert set(session.imu) == set(SITES)
    assert all(values.shape == (len(session.hip_deg), 6) for values in session.imu.values())
    assert len({simulate_session(seed, CALM).rate_hz for seed in range(6)}) > 1


def test_integrating_the_gyroscope_gives_the_attitude_through_every_posture(session: MotionSession) -> None:
    truth = {"pelvis": session.tilt_deg, "thigh/right": session.tilt_deg + session.hip_deg}
    truth["shank/right"] = truth["thigh/right"] + session.knee_deg
    for site, true_deg in truth.items():
        rate = session.imu[site][:, 3:]
        turns = Rotation.from_rotvec(0.5 * (rate[:-1] + rate[1:]) / session.rate_hz)
        up = np.empty((len(rate), 3))
        up[0] = session.imu[site][0, :3] / GRAVITY
        for row, matrix in enumerate(turns.inv().as_matrix()):
            up[row + 1] = matrix @ up[row]
        # The knee turns about the thigh's axis and not the pelvis's: its angle adds up only with the thigh level.
        lying = np.abs(up[:, 1]) < 0.02
        off_deg = (pitch_deg(up) - true_deg + 180.0) % 360.0 - 180.0
        assert np.mean(lying) > 0.3
        assert np.max(np.abs(off_deg[lying])) < (1.0 if site == "shank/right" else 0.2)


def test_a_chain_feels_gravity_and_the_acceleration_of_its_place() -> None:
    """Two joints and two levers, against places and attitudes differentiated numerically."""
    t_s = np.arange(0.0, 2.0, 1e-3)
    hz, lever_m, arm_m = (0.7, 1.1, 0.9), (-0.1, 0.08, 0.05), (-0.4, 0.02, 0.06)
    courses = [
        40.0 * np.array([np.sin(w * t_s), w * np.cos(w * t_s), -(w**2) * np.sin(w * t_s)])
        for w in (2 * np.pi * f for f in hz)
    ]
    frame = turned(world(np.zeros_like(t_s)), 2, courses[0])
    frame = moved(turned(moved(turned(frame, 1, courses[1]), lever_m), 0, courses[2]), arm_m)
    parent = Rotation.from_euler("ZY", np.stack([courses[0][0], courses[1][0]], axis=1), degrees=True)
    child = parent * Rotation.from_euler("X", courses[2][0][:, None], degrees=True)
    place = parent.apply(lever_m) + child.apply(arm_m)
    acceleration = np.gradient(np.gradient(place, 1e-3, axis=0), 1e-3, axis=0)
    force = child.inv().apply(acceleration + [0.0, 0.0, GRAVITY])
    rate = (child[:-2].inv() * child[2:]).as_rotvec() / 2e-3
    assert frame.force.T[5:-5] == pytest.approx(force[5:-5], abs=2e-3)
    assert frame.rate.T[1:-1] == pytest.approx(rate, abs=1e-3)
    assert frame.up.T == pytest.approx(child.inv().apply([0.0, 0.0, 1.0]), abs=1e-12)


def test_forces_and_rates_are_those_of_a_person(session: MotionSession) -> None:
    for values in session.imu.values():
        assert np.max(np.abs(np.degrees(values[:, 3:]))) < 500.0
        assert np.max(np.linalg.norm(values[:, :3], axis=1)) < 6 * GRAVITY


def test_gravity_has_its_length_at_rest(session: MotionSession) -> None:
    for values in session.imu.values():
        still = np.linalg.norm(values[:, 3:], axis=1) == 0.0
        assert np.sum(still) > 1000
        assert np.median(np.linalg.norm(values[still, :3], axis=1)) == pytest.approx(GRAVITY, abs=1e-9)


def test_truth_at_lifts_is_what_was_planned(session: MotionSession) -> None:
    for lift in session.lifts:
        # A leg that turns outwards and a pelvis that turns take the cosine off the sagittal angle.
        assert abs(change(session.hip_deg, session, lift)) == pytest.approx(lift.range_deg, abs=0.5)
        assert change(session.tilt_deg, session, lift) == pytest.approx(lift.tilt_deg, abs=0.3)
        assert change(session.turn_deg, session, lift) == pytest.approx(lift.turn_deg, abs=0.01)
        assert change(session.knee_deg, session, lift) == pytest.approx(lift.knee_deg, abs=0.01)
        assert (session.hip_deg[at_top(session, lift)].mean() < -88) == (lift.kind == "hip_flexion")


def test_a_session_is_quiet_between_what_is_in_the_truth(session: MotionSession) -> None:
    moving = np.max([np.max(np.abs(values[:, 3:]), axis=1) for values in session.imu.values()], axis=0) > 1e-3
    for lift in session.lifts:
        moving[rows(session, min(lift.start_s, lift.tilt_start_s or lift.start_s) - 0.01, lift.end_s + 0.01)] = False
    for act in session.acts:
        if act.kind in ("walking", "getting_up", "rolling", "fidgeting"):
            assert not any(lift.start_s < act.end_s and act.start_s < lift.end_s for lift in session.lifts)
            moving[rows(session, act.start_s - 0.01, act.end_s + 0.01)] = False
    assert not np.any(moving)


@pytest.mark.parametrize("style", STYLES)
def test_the_leg_moves_at_its_start_and_the_pelvis_when_the_truth_says(style: str) -> None:
    for seed in range(3):
        calm = simulate_session(seed, replace(LIFTING, style=style))
        for lift in calm.lifts:
            rate = np.degrees(calm.imu["thigh/right"][:, 4])
            assert np.max(np.abs(rate[rows(calm, lift.start_s - 1.0, lift.start_s - 0.01)])) < 0.03
            assert np.max(np.abs(rate[rows(calm, lift.start_s, lift.start_s + 0.35)])) > 0.3
            assert np.max(calm.hip_deg[rows(calm, lift.start_s, lift.lower_s)]) < lift.range_deg + 0.5
            if style == "still":
                assert lift.tilt_start_s is None
                continue
            assert lift.tilt_start_s is not None
            assert np.sign(lift.tilt_deg) == (-1.0 if style == "posterior" else 1.0)
            assert (lift.tilt_start_s < lift.start_s) == (style == "early")
            tilt = np.abs(np.gradient(calm.tilt_deg, 1 / calm.rate_hz))
            assert np.max(tilt[rows(calm, lift.tilt_start_s - 1.0, lift.tilt_start_s - 0.01)]) < 0.05
            assert np.max(tilt[rows(calm, lift.tilt_start_s, lift.tilt_start_s + 0.5)]) > 0.1


def test_the_pelvis_gives_way_from_a_true_angle_on(session: MotionSession) -> None:
    flexions = [lift for lift in session.lifts if lift.kind == "hip_flexion"]
    for lift in flexions:
        assert lift.tilt_start_s is not None
        row = round(lift.tilt_start_s * session.rate_hz)
        assert 55 < -session.hip_deg[row] < 105
        assert session.tilt_deg[row] == pytest.approx(np.mean(session.tilt_deg[before(session, lift)]), abs=0.05)
        assert lift.tilt_deg < 0


def test_one_leg_stays_with_the_pelvis_in_a_single_leg_bridge_and_some_pelves_lead(session: MotionSession) -> None:
    # In a still sensor gravity shows the pitch.
    left, pelvis = (pitch_deg(session.imu[site]) for site in ("thigh/left", "pelvis"))
    hip_deg = (left - pelvis + 180) % 360 - 180
    bridges = [lift for lift in session.lifts if "bridge" in lift.kind]
    for lift in bridges:
        moved_deg = change(hip_deg, session, lift)
        assert moved_deg == pytest.approx(0.0 if lift.kind.startswith("single") else lift.range_deg, abs=1.5)
    leads = [lift.start_s - lift.tilt_start_s for lift in bridges if lift.tilt_start_s is not None]
    assert min(leads) == 0.0
    assert 0.05 < max(leads) < 0.3


def test_walking_swings_the_thigh_and_shakes_the_body(session: MotionSession) -> None:
    walk = next(act for act in session.acts if act.kind == "walking")
    walking = rows(session, walk.start_s + 2, walk.end_s - 2)
    hip_deg = session.hip_deg[walking] - session.hip_deg[walking].mean()
    spectrum = np.abs(np.fft.rfft(hip_deg))
    frequencies = np.fft.rfftfreq(len(hip_deg), 1 / session.rate_hz)
    assert 30 < np.ptp(hip_deg) < 80
    assert 0.6 < frequencies[np.argmax(spectrum)] < 1.2
    assert np.max(spectrum[frequencies > 1.3]) > 0.08 * np.max(spectrum)
    assert np.max(np.linalg.norm(session.imu["shank/right"][walking, :3], axis=1)) > 14


@pytest.mark.parametrize("kind", FIDGETS)
def test_fidgets_are_no_lifts_and_leave_nothing_behind(kind: str) -> None:
    for seed in range(20):
        fidget = draw_fidget(np.random.default_rng(seed), 1.0, kind)
        joints = np.zeros((3, 16, 1200))
        fidget.add(joints, np.arange(1200) / 100.0)
        assert 0.05 < np.max(np.abs(joints[0, 7])) < 5.0 or kind in ("foot_wiggle", "leg_crossing")
        assert np.max(np.abs(joints[0, [7, 10]])) < 5.0
        assert not np.any(joints[0, :, -1])


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_goes_from_nought_to_one_with_exact_derivatives(name: str) -> None:
    u = np.linspace(0.0, 1.0, 20001)
    for seed in range(10):
        value, speed, slope = draw_shape(np.random.default_rng(seed), (name,)).at(u)
        assert value[[0, -1]] == pytest.approx([0.0, 1.0], abs=1e-9)
        assert np.all(speed >= 0.0)
        assert max(speed[0], speed[-1]) < 0.02 * np.max(speed)
        assert np.gradient(value, u)[2:-2] == pytest.approx(speed[2:-2], abs=2e-3)
        # A second sub-movement may set off with a corner in its speed.
        off = np.abs(np.gradient(speed, u)[50:-50] - slope[50:-50])
        assert np.quantile(off, 0.995) < 0.01 * np.max(np.abs(slope))


def test_the_same_seed_gives_the_same_bits() -> None:
    one, same, other = (simulate_session(seed, OtherParams(plan=PRONE)) for seed in (7, 7, 8))
    assert all(np.array_equal(one.imu[site], same.imu[site]) for site in SITES)
    assert one.lifts == same.lifts
    assert not np.array_equal(one.imu["pelvis"][:300], other.imu["pelvis"][:300])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_lift_is_faulty(fault: str) -> None:
    faulty = simulate_session(2, replace(LIFTING, plan=(Step("prone", 3.0), Step("prone_lift", 6, fault=fault))))
    for lift in faulty.lifts:
        assert lift.fault == fault
        still = rows(faulty, lift.start_s - 0.5, lift.start_s - 0.01)
        knee_deg = faulty.knee_deg[at_top(faulty, lift)].mean() - faulty.knee_deg[before(faulty, lift)].mean()
        found = {
            "lift_too_small": lift.range_deg < 5,
            "lift_too_large": lift.range_deg > 20,
            "lift_too_fast": lift.peak_speed_deg_s > 60,
            "lift_too_slow": lift.peak_speed_deg_s < 5,
            "knee_bent": knee_deg > 10,
            "not_still_before": float(np.max(np.abs(np.degrees(faulty.imu["thigh/right"][still, 4])))) > 10,
        }
        assert [name for name, true in found.items() if true] == [fault]


def test_good_prone_lifts_keep_the_gates_whatever_shape_and_style() -> None:
    for number, shape in enumerate(SHAPES):
        for style in STYLES:
            for lift in simulate_session(number, replace(LIFTING, shapes=(shape,), style=style)).lifts:
                assert lift.fault is None
                assert 6 < lift.range_deg < 18
                assert 6 < lift.peak_speed_deg_s < 57


def test_a_share_of_lifts_can_be_faulty_and_the_examiner_can_lift() -> None:
    plan = (Step("prone", 3.0), Step("prone_lift", 20), Step("prone_lift", 4, passive=True))
    lifts = simulate_session(3, replace(LIFTING, plan=plan, fault_share=0.5)).lifts
    assert 4 < sum(lift.fault is not None for lift in lifts) < 16
    passive = [lift for lift in lifts if lift.passive]
    assert len(passive) == 4
    assert all(lift.fault is None and lift.bulge_s == 0.0 for lift in passive)


def test_a_hold_lasts_and_sinks_a_little() -> None:
    plan = (Step("prone", 3.0), Step("static_hold", 2), Step("supine", 3.0), Step("static_hold", 1))
    for lift in simulate_session(4, replace(LIFTING, plan=plan)).lifts:
        assert 5 <= lift.lower_s - lift.peak_s <= 25


def first_lift(placement: Placement) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Change of gravity in the right thigh's case at the top of a lift, and all the data."""
    worn = simulate_session(6, replace(LIFTING, placement=placement))
    thigh, lift = worn.imu["thigh/right"], worn.lifts[0]
    return np.array([change(thigh[:, axis], worn, lift) for axis in range(3)]), worn.imu


@pytest.mark.parametrize("turn_deg", [-120.0, 33.0, 90.0, 180.0])
def test_a_case_turned_in_its_plane_tips_another_way(turn_deg: float) -> None:
    good, turned = (first_lift(Placement(thigh_turn_deg=turn))[0] for turn in (0.0, turn_deg))
    angle_deg = np.degrees(np.arctan2(good[1], good[0]) - np.arctan2(turned[1], turned[0]))
    assert (angle_deg - turn_deg + 180) % 360 == pytest.approx(180.0, abs=1e-6)
    assert turned[2] == pytest.approx(good[2])


def test_a_case_on_its_face_sees_gravity_from_the_other_side() -> None:
    check_case_on_its_face(first_lift)


def test_sensors_in_each_others_place_give_each_others_data() -> None:
    check_exchanged_sensors(first_lift)


def test_soft_tissue_hides_a_share_late_and_moves_first_but_the_bones_are_the_same() -> None:
    firm = simulate_session(9, LIFTING)
    follows = simulate_session(9, replace(LIFTING, soft_tissue=(0.1, 0.1)))
    swells = simulate_session(9, replace(LIFTING, bulge_deg=1.0, bulge_share=1.0))
    assert np.array_equal(firm.hip_deg, follows.hip_deg)
    assert np.array_equal(firm.hip_deg, swells.hip_deg)
    hidden_deg = pitch_deg(firm.imu["thigh/right"]) - pitch_deg(follows.imu["thigh/right"])
    for lift, bulge in zip(follows.lifts, swells.lifts, strict=True):
        late = rows(firm, lift.peak_s + 0.2, lift.peak_s + 0.25)
        share = np.mean(hidden_deg[late] / firm.hip_deg[late])
        assert 0.07 < share < 0.13
        assert lift.bulge_s == 0.0
        assert 0.02 <= bulge.bulge_s <= 0.22
        early = np.degrees(swells.imu["thigh/right"][rows(swells, bulge.start_s - bulge.bulge_s, bulge.start_s), 4])
        assert np.max(np.abs(early)) > 0.02


def test_a_cheap_chip_has_its_noise_at_any_rate_steps_and_a_bias_on_request() -> None:
    params = OtherParams(plan=PRONE, breathing_deg=(0, 0), restless_deg=(0, 0), fidget_share=0.0, gyr_bias_dps=3.0)
    for rate_hz in (100.0, 208.0):
        rest = simulate_session(1, replace(params, rate_hz=rate_hz)).imu["pelvis"][: int(3 * rate_hz)]
        gyr_dps = np.degrees(rest[:, 3:])
        assert np.abs(gyr_dps.mean(axis=0)) == pytest.approx(3.0, abs=0.05)
        assert gyr_dps.std(axis=0) == pytest.approx(0.010 * np.sqrt(rate_hz / 2), rel=0.15)
        counts = gyr_dps / (2000 / 2**15)
        assert counts == pytest.approx(np.round(counts), abs=1e-6)


def test_cases_are_stuck_on_crookedly() -> None:
    leans = [
        simulate_session(seed, replace(LIFTING, mounting_deg=15.0)).imu["thigh/right"][0, :2] for seed in range(12)
    ]
    leans_deg = np.degrees(np.arcsin(np.array(leans) / GRAVITY))
    assert 5 < np.max(np.abs(leans_deg)) < 23


def test_a_person_breathes_and_is_restless() -> None:
    for params in (replace(LIFTING, breathing_deg=(0.3, 0.3)), replace(LIFTING, restless_deg=(0.15, 0.15))):
        alive = [simulate_session(seed, params) for seed in range(5)]
        assert 0.04 < np.mean([np.std(session.tilt_deg[:900]) for session in alive]) < 0.3
        assert 0.02 < np.mean([np.std(session.hip_deg[:900]) for session in alive]) < 0.4


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
    with pytest.raises(ValueError, match="plan"):
        simulate_session(0, replace(CALM, plan=plan))


@pytest.mark.parametrize("start", ["prone", "supine", "standing", "seated"])
def test_every_way_ends_in_its_posture(start: str) -> None:
    tilts = {"prone": 0.0, "supine": 180.0, "standing": -90.0, "seated": -98.0}
    for seed in range(4):
        for goal in tilts:
            there = simulate_session(seed, replace(LIFTING, plan=(Step(start, 2.0), Step(goal, 2.0), Step(start, 2.0))))
            assert there.tilt_deg[0] == pytest.approx(tilts[start], abs=0.1)
            assert there.tilt_deg[-1] == pytest.approx(tilts[start], abs=3)
            if goal != start:
                arrived = next(act for act in there.acts if act.kind == goal)
                assert there.tilt_deg[rows(there, arrived.start_s + 0.1, arrived.end_s).start] == pytest.approx(
                    tilts[goal], abs=3
                )
