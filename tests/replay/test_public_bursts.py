"""Every burst of recordings made by others, through `detect_bursts`; skipped, saying so, where they are not at hand."""

import json
from functools import cache

import numpy as np
import pytest
from scipy.io import loadmat
from scipy.signal import butter, find_peaks, sosfiltfilt
from tests.public_data import DATA, needs_data

import firingorder as fo
from firingorder_signal.blocks import FloatArray

WALK_RATE_HZ = 1000.0
#: Author's count of the ballistic contractions, and their rate.
N_CONTRACTIONS, ECG_RATE_HZ = 56, 250.0
#: Contractions reach 400 µV (RMS of 200 ms), heartbeats 52: in between lies what tells them apart.
CONTRACTION_UV = 150.0


def _begins_s(bursts: list[fo.Burst]) -> FloatArray:
    """Onset of each burst."""
    return np.array([burst.onset.time_s for burst in bursts], dtype=np.float64)


@cache
def _walk() -> tuple[list[str], FloatArray]:
    """Column names and rows of the walk."""
    path = DATA / "walk-13-muscles" / "emg.csv"
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().split(",")
        return names, np.loadtxt(file, delimiter=",")


def _walk_bursts(muscle: str) -> list[fo.Burst]:
    """Every burst of a muscle of the walk."""
    names, rows = _walk()
    return fo.detect_bursts(rows[:, names.index(muscle)], WALK_RATE_HZ)


def _walk_labels(muscle: str) -> list[float]:
    """Onsets by change point; the first stride began before the recording."""
    events = json.loads((DATA / "walk-13-muscles" / "events.json").read_text(encoding="utf-8"))
    return [label for label in events["onsets_by_change_point_s"][muscle] if label is not None]


@needs_data
@pytest.mark.parametrize(("muscle", "within_s"), [("BF", 0.025), ("MA", 0.025), ("ST", 0.060)])
def test_each_stride_of_a_walk_has_its_burst_where_the_change_point_is(muscle: str, within_s: float) -> None:
    found_s = _begins_s(_walk_bursts(muscle))
    for label_s in _walk_labels(muscle):
        assert np.min(np.abs(found_s - label_s)) < within_s


@needs_data
@pytest.mark.parametrize("muscle", ["BF", "MA", "ST"])
def test_a_walk_has_one_burst_a_stride_and_no_other(muscle: str) -> None:
    found_s, labels_s = _begins_s(_walk_bursts(muscle)), np.array(_walk_labels(muscle))
    inside = found_s[(found_s > labels_s[0] - 0.2) & (found_s < labels_s[-1] + 0.8)]
    assert len(inside) == len(labels_s)


@needs_data
def test_the_interval_of_a_low_level_rise_says_how_unsure_it_is() -> None:
    """Semitendinosus begins with a low-level rise: its intervals are wider than those of biceps femoris."""

    def median_width_s(muscle: str) -> float:
        intervals = [burst.onset.ci90_s for burst in _walk_bursts(muscle)]
        return float(np.median([high - low for low, high in (ci for ci in intervals if ci is not None)]))

    assert median_width_s("ST") > 1.5 * median_width_s("BF")
    assert median_width_s("ST") > 0.045


@needs_data
def test_the_interval_of_a_low_level_rise_reaches_to_the_main_burst() -> None:
    """The change point stands at the second beginning of semitendinosus; give or take 10 ms it is within."""
    bursts, begins_s = _walk_bursts("ST"), _begins_s(_walk_bursts("ST"))
    for label_s in _walk_labels("ST"):
        ci90_s = bursts[int(np.argmin(np.abs(begins_s - label_s)))].onset.ci90_s
        assert ci90_s is not None
        assert ci90_s[0] < label_s < ci90_s[1] + 0.01


@cache
def _contaminated() -> FloatArray:
    """Tibialis anterior under a strong heart, µV."""
    (sample,) = loadmat(DATA / "ecg-contaminated" / "sample_data.mat")["EMG"].ravel()
    return np.asarray(sample["channelData"], dtype=np.float64).ravel()


def _contractions_s() -> FloatArray:
    """When each contraction is first unmistakable: by its power alone, pauses below one second left out."""
    sos = butter(4, 20.0, "highpass", fs=ECG_RATE_HZ, output="sos")
    power = np.convolve(sosfiltfilt(sos, _contaminated()) ** 2, np.full(50, 1 / 50), mode="same")
    loud_s = np.flatnonzero(power > CONTRACTION_UV**2) / ECG_RATE_HZ
    return np.asarray(loud_s[np.diff(loud_s, prepend=-10.0) > 1.0], dtype=np.float64)


def _heartbeats_s(contractions_s: FloatArray) -> FloatArray:
    """R waves between the contractions: peaks of what lies below 20 Hz, which no muscle makes."""
    sos = butter(2, (3.0, 15.0), "bandpass", fs=ECG_RATE_HZ, output="sos")
    slow = sosfiltfilt(sos, _contaminated())
    peaks, _ = find_peaks(slow, height=0.5 * float(np.percentile(slow, 99)), distance=round(0.4 * ECG_RATE_HZ))
    beats_s = peaks / ECG_RATE_HZ
    return beats_s[[bool(np.min(np.abs(contractions_s + 0.7 - beat)) > 1.5) for beat in beats_s]]


@needs_data
def test_under_a_strong_heart_each_contraction_is_one_burst_and_no_heartbeat_is() -> None:
    contractions_s = _contractions_s()
    assert len(contractions_s) == N_CONTRACTIONS
    bursts = fo.detect_bursts(_contaminated(), ECG_RATE_HZ)
    assert abs(len(bursts) - N_CONTRACTIONS) <= 1
    found_s = _begins_s(bursts)
    for contraction in contractions_s:
        assert np.count_nonzero((found_s > contraction - 0.9) & (found_s < contraction + 0.2)) == 1
    beats_s = _heartbeats_s(contractions_s)
    assert len(beats_s) > 400
    # On a heartbeat: begun within a QRS complex of one, and over before the next.
    for burst in bursts:
        if burst.offset_s is not None and burst.duration_s is not None and burst.duration_s < 0.6:
            assert np.min(np.abs(beats_s - _begins_s([burst])[0])) > 0.2


def _lower_limb(name: str) -> FloatArray:
    """Rows of a knee file: four muscles in µV, and the goniometer in degrees, at 1000 Hz."""
    lines = (DATA / "uci-lower-limb" / name).read_text(encoding="latin-1").splitlines()
    rows = np.array([[float(cell) for cell in line.split()] for line in lines if line[:1] in "-0123456789" and line])
    return np.asarray(rows[:, :5] * np.array([1000.0, 1000.0, 1000.0, 1000.0, 1.0]), dtype=np.float64)


def _movements_s(angle_deg: FloatArray, *, bends: bool) -> list[tuple[float, float]]:
    """When the knee is bent (standing), or straight (sitting): between crossings of the middle of its range."""
    middle = float(np.percentile(angle_deg, 5) + np.percentile(angle_deg, 95)) / 2
    away = angle_deg > middle if bends else angle_deg < middle
    edges = np.flatnonzero(np.diff(np.concatenate(([False], away, [False])).astype(np.int8)))
    pairs = zip((edges[::2] / 1000.0).tolist(), (edges[1::2] / 1000.0).tolist(), strict=True)
    return [(start_s, stop_s) for start_s, stop_s in pairs if stop_s - start_s > 0.5]  # the goniometer's last bit


BF, ST, RF, VM = 1, 3, 0, 2


@needs_data
@pytest.mark.parametrize(
    ("name", "muscles", "n_movements"),
    [
        ("5Npie.txt", (BF, ST), 5),
        ("3Apie.txt", (BF, ST), 3),
        ("5Nsen.txt", (RF, VM), 4),
        ("3Asen.txt", (RF, VM, BF, ST), 4),
    ],
)
def test_each_slow_movement_of_the_knee_has_the_bursts_that_make_it(
    name: str, muscles: tuple[int, ...], n_movements: int
) -> None:
    """Flexors bend the knee standing, extensors straighten it sitting; they begin before it has moved half way."""
    rows = _lower_limb(name)
    movements = _movements_s(rows[:, 4], bends="pie" in name)
    assert len(movements) == n_movements
    for muscle in muscles:
        bursts = fo.detect_bursts(rows[:, muscle], 1000.0)
        for start_s, stop_s in movements:
            assert any(
                burst.onset.time_s is not None
                and start_s - 2.5 <= burst.onset.time_s <= (start_s + stop_s) / 2
                and (burst.offset_s is None or burst.offset_s > start_s)
                for burst in bursts
            ), (name, muscle, start_s)
