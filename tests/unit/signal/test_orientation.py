"""Up from one IMU: against optical truth, against each other, cut, lost, saved and restored."""

import importlib
import pickle
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


def test_after_a_long_gap_the_attitude_comes_from_gravity_again(scene: Scene) -> None:
    imu = scene.thigh_imu.copy()
    turned = imu[:, [0, 2, 1, 3, 5, 4]] * [1, 1, -1, 1, 1, -1]  # the sensor was moved while nobody listened
    imu = np.concatenate([imu[:1000], np.full((200, 6), np.nan), turned[1200:]])
    assert float(angle_between_deg(orient(imu)[1200:1400, :3], turned[1200:1400, :3]).max()) < 2.0


def test_a_rate_that_is_not_positive_is_refused() -> None:
    with pytest.raises(ValueError, match="rate_hz"):
        OrientationStage(0.0)
