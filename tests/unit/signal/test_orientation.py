"""Up from one IMU: against optical truth, against each other, cut, lost, saved and restored."""

import importlib
import pickle
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.motion_simulator import Scene, SceneParams, simulate_lifts

from firingorder_signal import orientation
from firingorder_signal.blocks import FloatArray
from firingorder_signal.complementary import GROUP, ComplementaryFilter
from firingorder_signal.orientation import (
    InclinationFilter,
    OrientationParams,
    OrientationStage,
    VqfFilter,
    make_filter,
    up_from_quaternion,
)

BROAD = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "broad"
RATE_HZ = 200.0
NEEDS_VQF = pytest.mark.skipif(find_spec("vqf") is None, reason="there is no vqf wheel for this machine")
FILTERS = [pytest.param(VqfFilter, id="vqf", marks=NEEDS_VQF), pytest.param(ComplementaryFilter, id="numpy")]


@pytest.fixture(scope="module")
def scene() -> Scene:
    return simulate_lifts(5, SceneParams(n_lifts=3))


def orient(imu: FloatArray, cuts: tuple[int, ...] = (), params: OrientationParams | None = None) -> FloatArray:
    """Run a stage over an array cut at some rows."""
    stage = OrientationStage(RATE_HZ, params or OrientationParams())
    parts = [stage.update(part) for part in np.split(imu, cuts)]
    return np.concatenate([*parts, stage.finish()])


def angle_between_deg(first: FloatArray, second: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    cosine = np.clip((first * second).sum(axis=1) / lengths, -1.0, 1.0)
    return np.asarray(np.rad2deg(np.arccos(cosine)), dtype=np.float64)


def broad_error_deg(path: Path, filter_class: type[InclinationFilter], monkeypatch: pytest.MonkeyPatch) -> float:
    """RMS inclination error of one BROAD trial (Laidig et al. 2021, doi 10.3390/data6070072) while it moves."""
    h5py: Any = importlib.import_module("h5py")
    monkeypatch.setattr(orientation, "make_filter", filter_class)
    with h5py.File(path) as trial:
        imu = np.hstack([trial["imu_acc"][:], trial["imu_gyr"][:]])
        truth, moving = np.asarray(trial["opt_quat"][:]), np.asarray(trial["movement"][:])
        stage = OrientationStage(float(trial.attrs["sampling_rate"]))
    up = np.concatenate([stage.update(imu), stage.finish()])[:, :3]
    judged = moving & ~np.isnan(truth).any(axis=1)
    error_deg = angle_between_deg(up_from_quaternion(truth[judged]), up[judged])
    return float(np.sqrt(np.mean(error_deg**2)))


@pytest.mark.skipif(not BROAD.is_dir(), reason=f"the BROAD trials are not at {BROAD}")
@pytest.mark.parametrize("filter_class", FILTERS)
def test_inclination_on_every_broad_trial_is_within_the_goal(
    filter_class: type[InclinationFilter], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("h5py", reason="reading BROAD needs h5py")
    errors = [broad_error_deg(path, filter_class, monkeypatch) for path in sorted(BROAD.glob("*.hdf5"))]
    assert np.mean(errors) <= 1.0
    assert max(errors) <= 2.5


@pytest.mark.parametrize("filter_class", FILTERS)
def test_any_cut_of_the_samples_gives_the_same_bits(
    scene: Scene, filter_class: type[InclinationFilter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orientation, "make_filter", filter_class)
    rng = np.random.default_rng(1)
    imu = scene.thigh_imu.copy()
    imu[1000:1010], imu[2000:2300] = np.nan, np.nan
    whole = orient(imu)
    for _ in range(5):
        cuts = tuple(np.sort(rng.integers(0, len(imu), rng.integers(1, 200))).tolist())
        np.testing.assert_array_equal(orient(imu, cuts), whole)


@pytest.mark.parametrize("filter_class", FILTERS)
def test_a_restored_stage_goes_on_where_it_was(
    scene: Scene, filter_class: type[InclinationFilter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orientation, "make_filter", filter_class)
    for n_before in (300, 1500):  # while the bias is being sought, and after
        stage = OrientationStage(RATE_HZ)
        first = stage.update(scene.thigh_imu[:n_before])
        restored: OrientationStage = pickle.loads(pickle.dumps(stage))
        np.testing.assert_array_equal(
            np.concatenate([first, restored.update(scene.thigh_imu[n_before:])]), orient(scene.thigh_imu)
        )


def test_reset_equals_new(scene: Scene) -> None:
    stage = OrientationStage(RATE_HZ)
    stage.update(scene.pelvis_imu)
    np.testing.assert_array_equal(stage.reset().update(scene.thigh_imu), orient(scene.thigh_imu))


def test_input_is_not_changed(scene: Scene) -> None:
    before = scene.thigh_imu.copy()
    orient(scene.thigh_imu)
    np.testing.assert_array_equal(scene.thigh_imu, before)


@NEEDS_VQF
def test_numpy_filter_agrees_with_vqf_within_a_third_of_a_degree(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    ups: list[FloatArray] = []
    for filter_class in (VqfFilter, ComplementaryFilter):
        monkeypatch.setattr(orientation, "make_filter", filter_class)
        ups.append(orient(scene.thigh_imu, params=OrientationParams(tau_acc_s=1.0))[:, :3])
    assert float(np.sqrt(np.mean(angle_between_deg(*ups) ** 2))) < 0.33


def test_numpy_filter_takes_over_where_vqf_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(importlib.import_module("sys").modules, "vqf", None)
    assert isinstance(make_filter(RATE_HZ, 1.0), ComplementaryFilter)


@NEEDS_VQF
def test_vqf_is_used_where_it_is_installed() -> None:
    assert isinstance(make_filter(RATE_HZ, 1.0), VqfFilter)


def test_numpy_filter_keeps_unit_length_through_an_hour_of_turning() -> None:
    gyr = np.tile([0.5, -0.3, 0.2], (GROUP * 100, 1))
    inclination = ComplementaryFilter(RATE_HZ, 1.0)
    acc = np.tile([0.0, 0.0, 9.81], (len(gyr), 1))
    for _ in range(20):
        inclination.update(gyr, acc)
    up, _bias = inclination.update(gyr, acc)
    np.testing.assert_allclose(np.linalg.norm(up, axis=1), 1.0, atol=1e-9)


@pytest.mark.parametrize("bias_deg_s", [3.0, -6.0])
def test_a_large_gyroscope_bias_is_taken_out_from_the_first_sample(bias_deg_s: float) -> None:
    params = SceneParams(n_lifts=2, bias_deg_s=(bias_deg_s, bias_deg_s, bias_deg_s))
    scene = simulate_lifts(3, params)
    clean = simulate_lifts(3, SceneParams(n_lifts=2, bias_deg_s=(0.0, 0.0, 1e-9)))
    error = angle_between_deg(orient(scene.pelvis_imu)[:, :3], orient(clean.pelvis_imu)[:, :3])
    assert float(np.sqrt(np.mean(error**2))) < 0.1


def resting(bias_deg_s: float, duration_s: float) -> FloatArray:
    imu = np.zeros((round(duration_s * RATE_HZ), 6))
    imu[:, 2], imu[:, 4] = 9.81, np.deg2rad(bias_deg_s)
    return imu


@pytest.mark.parametrize("filter_class", FILTERS)
def test_a_bias_that_drifts_later_is_taken_out_of_the_turn_rate_at_rest(
    filter_class: type[InclinationFilter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orientation, "make_filter", filter_class)
    rate = np.rad2deg(orient(np.vstack([resting(0.0, 5.0), resting(1.0, 30.0)]))[:, 4])
    assert rate[round(5.2 * RATE_HZ)] > 0.7
    assert abs(rate[-1]) < 0.1


@pytest.mark.parametrize("filter_class", FILTERS)
def test_a_filter_that_starts_afresh_keeps_the_bias_it_has_learnt(
    filter_class: Callable[[float, float], InclinationFilter],
) -> None:
    each = filter_class(RATE_HZ, 3.0)
    rest = resting(1.0, 30.0)
    each.update(rest[:, 3:], rest[:, :3])
    each.restart()
    _, bias = each.update(rest[:1, 3:], rest[:1, :3])
    assert np.rad2deg(bias[0, 1]) == pytest.approx(1.0, abs=0.1)


def turning(rate_deg_s: float, duration_s: float, axis: int) -> FloatArray:
    """Turn evenly about one of the sensor's axes, x horizontal or z vertical at the start."""
    angle = np.deg2rad(rate_deg_s) * np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    imu = np.zeros((len(angle), 6))
    imu[:, 2] = 9.81
    if axis == 0:
        imu[:, 1], imu[:, 2] = 9.81 * np.sin(angle), 9.81 * np.cos(angle)
    imu[:, 3 + axis] = np.deg2rad(rate_deg_s)
    return imu


@pytest.mark.parametrize(("rate_deg_s", "axis"), [(15.0, 2), (4.0, 0)], ids=["on a turntable", "tilting slowly"])
def test_even_turning_is_not_taken_for_a_bias(rate_deg_s: float, axis: int) -> None:
    """Each quarter second of it is as quiet as stillness; how fast, or where it has got to, tells it from that."""
    moving = turning(rate_deg_s, 5.0, axis)
    still = np.repeat(moving[-1:] * [1, 1, 1, 0, 0, 0], round(5 * RATE_HZ), axis=0)
    out = orient(np.vstack([moving, still]))
    assert np.rad2deg(out[: len(moving), 3 + axis].mean()) == pytest.approx(rate_deg_s, abs=0.3 * rate_deg_s)


def test_nothing_comes_out_before_the_bias_is_known(scene: Scene) -> None:
    stage = OrientationStage(RATE_HZ)
    assert len(stage.update(scene.thigh_imu[:500])) == 0
    assert not stage.seeded
    assert len(stage.update(scene.thigh_imu[500:700])) == 700
    assert stage.seeded


def test_restlessness_ends_the_wait_for_stillness() -> None:
    rng = np.random.default_rng(0)
    imu = np.hstack([rng.normal(0, 3, (4000, 3)) + [0, 0, 9.81], rng.normal(0, 1, (4000, 3))])
    stage = OrientationStage(RATE_HZ)
    assert len(stage.update(imu[:1900])) == 0
    assert len(stage.update(imu[1900:2100])) == 2100


def test_movement_ends_the_still_window_early(scene: Scene) -> None:
    stage = OrientationStage(RATE_HZ)
    start = round(scene.start_s[0] * RATE_HZ)
    assert len(stage.update(scene.thigh_imu[start - 300 : start + 100])) == 400


def test_lost_samples_come_out_as_nan_and_nothing_else_does(scene: Scene) -> None:
    imu = scene.thigh_imu.copy()
    imu[1000:1010] = np.nan
    lost = np.isnan(orient(imu)).any(axis=1)
    assert np.flatnonzero(lost).tolist() == list(range(1000, 1010))


def test_a_short_gap_hardly_moves_the_attitude(scene: Scene) -> None:
    imu, start = scene.thigh_imu.copy(), round((scene.start_s[0] + 0.4) * RATE_HZ)
    imu[start : start + 16] = np.nan
    error = angle_between_deg(orient(imu)[start + 16 :, :3], orient(scene.thigh_imu)[start + 16 :, :3])
    assert float(error.max()) < 0.5


@pytest.mark.parametrize("filter_class", FILTERS)
def test_after_a_long_gap_the_attitude_comes_from_gravity_again(
    scene: Scene, filter_class: type[InclinationFilter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orientation, "make_filter", filter_class)
    imu = scene.thigh_imu.copy()
    turned = imu[:, [0, 2, 1, 3, 5, 4]] * [1, 1, -1, 1, 1, -1]  # the sensor was moved while nobody listened
    imu = np.concatenate([imu[:1000], np.full((200, 6), np.nan), turned[1200:]])
    assert float(angle_between_deg(orient(imu)[1200:1400, :3], turned[1200:1400, :3]).max()) < 2.0


def test_a_rate_that_is_not_positive_is_refused() -> None:
    with pytest.raises(ValueError, match="rate_hz"):
        OrientationStage(0.0)
