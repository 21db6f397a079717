"""What a laboratory calls its channels is asked once: remembered, used where it fits, and beaten by what is stated."""

from pathlib import Path

import numpy as np
import pytest

from firingorder.cli import main
from firingorder_session.recordings.read import read
from firingorder_session.setting_up.laboratories import (
    FOLDER_VARIABLE,
    Laboratory,
    LaboratoryRefused,
    laboratory_path,
    recall_laboratory,
    remember_laboratory,
)
from firingorder_signal.blocks import Site

BF, GLUTE = Site.parse("hamstring_lateral/right"), Site.parse("gluteus_maximus/right")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "laboratories"))
    return tmp_path


def table(path: Path, names: tuple[str, ...] = ("E3", "E7", "E9")) -> Path:
    rng = np.random.default_rng(5)
    rows = np.column_stack([np.arange(3000) / 1000.0, rng.standard_normal((3000, len(names)))])
    lines = [",".join(f"{cell:.6f}" for cell in row) for row in rows.tolist()]
    path.write_text("\n".join([f"time [s],{','.join(names)}", *lines, ""]), "utf-8")
    return path


def sites(path: Path, hamstring: str | None = None) -> dict[str, str]:
    (stream,) = read(path, laboratory="gait", hamstring=hamstring).streams
    return dict(zip(stream.labels, map(str, stream.sites), strict=True))


def test_what_was_stated_once_is_known_for_the_next_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = table(folder / "one.csv"), table(folder / "two.csv")
    words = ["--hamstring", "E3", "--glute", "E7", "--side", "right", "--unit", "mV"]
    assert main(["analyze", str(first), "--laboratory", "gait", *words]) == 0
    assert "remembered for gait" in capsys.readouterr().err
    assert sites(second) == {"E3": str(BF), "E7": str(GLUTE)}
    assert recall_laboratory("gait").unit == "mV"
    assert any("E3 = hamstring_lateral/right" in note for note in read(second, laboratory="gait").info.notes)
    assert main(["analyze", str(second), "--laboratory", "gait"]) == 0
    assert "remembered" not in capsys.readouterr().err


def test_where_motion_sensors_sit_is_remembered_too(folder: Path) -> None:
    axes = [f"{what} {axis}" for what in ("acc", "gyr") for axis in "xyz"]
    names = (
        "D1",
        "D2",
        *(f"{device} {axis} [{'g' if 'acc' in axis else 'deg/s'}]" for device in ("D1", "S2") for axis in axes),
    )
    first, second = table(folder / "one.csv", names), table(folder / "two.csv", names)
    words = ["--hamstring", "D1", "--glute", "D2", "--site", "D1=thigh/right", "--site", "S2=pelvis", "--side", "right"]
    assert main(["analyze", str(first), "--laboratory", "gait", *words]) == 0
    found = {
        (str(site), stream.kind.name) for stream in read(second, laboratory="gait").streams for site in stream.sites
    }
    assert found == {(str(BF), "EMG"), (str(GLUTE), "EMG"), ("thigh/right", "IMU"), ("pelvis", "IMU")}


def test_what_is_stated_wins_and_channels_that_are_not_there_do_no_harm(folder: Path) -> None:
    remember_laboratory("gait", Laboratory({"E3": BF, "E7": GLUTE, "E1": Site.parse("erector_spinae/right")}))
    path = table(folder / "one.csv")
    assert sites(path, hamstring="E9") == {"E7": str(GLUTE), "E9": "hamstring_lateral"}
    assert recall_laboratory("gait").updated({"E9": BF}, None, None).sites == {
        "E7": GLUTE, "E1": Site.parse("erector_spinae/right"), "E9": BF,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["[sites", '[sites]\nE3 = "knee"', 'rate_hz = "many"'])
def test_a_damaged_file_is_one_line(text: str) -> None:
    path = laboratory_path("gait")
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(LaboratoryRefused, match="delete it"):
        recall_laboratory("gait")


def test_a_name_is_no_path() -> None:
    with pytest.raises(LaboratoryRefused, match="no name"):
        laboratory_path("../gait")
    assert recall_laboratory("a new one") == Laboratory()


def test_a_name_that_is_not_known_is_a_slip_where_nothing_is_stated(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remember_laboratory("gait", Laboratory({"EMG3": Site.parse("hamstring_lateral")}))
    words = ["--laboratory", "giat"]
    for command in (["analyze", str(folder / "day1.csv")], ["cohort", str(folder), "--out", str(folder / "r.csv")]):
        assert main([*command, *words]) == 1
        told = capsys.readouterr().err
        assert "nothing is remembered of a laboratory 'giat' (known: gait); correct the name" in told
    assert not (folder / "r.csv").exists()
