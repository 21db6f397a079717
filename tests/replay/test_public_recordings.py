"""Recordings made by others, through the command line and the calls; skipped, saying so, where they are not at hand."""

import json
from typing import Any

import numpy as np
import pytest
from scipy.io import loadmat
from tests.public_data import DATA, needs_data

import firingorder as fo
from firingorder.cli import main

#: Complete strides of the walk: the first touchdown's bursts began before the recording.
N_STRIDES = 6
WALK_LABELS = "onsets_by_change_point_s"


def analyze(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Run `firingorder analyze --json` and read its one set."""
    assert main(["analyze", *words, "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["sets"]
    return dict(result)


@needs_data
@pytest.mark.parametrize(("hamstring", "tolerance_s"), [("BF", 0.030), ("ST", 0.060)])
def test_hamstring_first_in_every_complete_stride_of_a_walk(
    hamstring: str, tolerance_s: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Semitendinosus begins with a low-level rise, whose start is a matter of opinion: hence its tolerance."""
    folder = DATA / "walk-13-muscles"
    result = analyze(capsys, str(folder / "emg.csv"), "--hamstring", hamstring, "--glute", "MA")
    labels = json.loads((folder / "events.json").read_text(encoding="utf-8"))[WALK_LABELS]
    strides = [lift for lift in result["lifts"] if lift["verdict"] != "not_judged"]
    assert [lift["verdict"] for lift in strides] == ["hamstring_first"] * N_STRIDES
    for stride, lift in enumerate(strides, start=1):
        expected_s = labels["MA"][stride] - labels[hamstring][stride]
        assert lift["lag_s"] == pytest.approx(expected_s, abs=tolerance_s)


@needs_data
def test_each_knee_flexion_has_its_hamstring_bursts() -> None:
    path = DATA / "uci-lower-limb" / "5Npie.txt"
    lines = path.read_text(encoding="latin-1").splitlines()
    rows = np.array([[float(cell) for cell in line.split()] for line in lines if line[:1] in "-0123456789" and line])
    angle_deg = rows[:, 4]
    rising = np.flatnonzero((angle_deg[1:] >= 60) & (angle_deg[:-1] < 60)) / 1000
    falling = np.flatnonzero((angle_deg[1:] < 60) & (angle_deg[:-1] >= 60)) / 1000
    assert len(rising) == 5
    for column in (1, 3):
        bursts = fo.detect_bursts(1000 * rows[:, column], 1000.0)
        for start_s, stop_s in zip(rising, falling, strict=True):
            ons = [burst.onset.time_s for burst in bursts if burst.onset.time_s is not None]
            assert any(start_s - 1.0 <= on <= stop_s for on in ons)


@needs_data
def test_a_recording_at_250_hz_is_refused_for_an_order() -> None:
    (sample,) = loadmat(DATA / "ecg-contaminated" / "sample_data.mat")["EMG"].ravel()
    emg = np.asarray(sample["channelData"], dtype=np.float64).ravel()[:5000]
    lag = fo.compare_onsets(emg, emg, 250.0)
    assert lag.verdict is fo.Verdict.NOT_JUDGED
    assert lag.reason is not None
    assert (lag.reason.code, lag.reason.figure) == (fo.ReasonCode.RATE_TOO_LOW, 250.0)
